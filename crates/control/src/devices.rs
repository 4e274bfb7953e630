//! Command lines that sign in by a code (RFC 8628).
//!
//! The command line gets two codes: a long one it polls the token endpoint with, and a short one a person compares
//! and approves in the browser. Approving needs a session; only the person who decided sees the device afterwards.

use crate::Control;
use crate::api_keys::in_browser;
use crate::audit::Event;
use crate::authz::{Authorized, CommandLineApprove, Open, Right, SelfManage, WorkspaceEnter};
use crate::cx::Actor;
use crate::error::{Error, Result};
use crate::rng::Ids;
use crate::secret::{Kind, Secret};
use crate::throttle::Limit;
use crate::tokens::Refusal;
use crate::whereabouts;
use model::audit::AuditAction;
use model::device::{DevicePurpose, DeviceRequest, DeviceState, DeviceWorkspace};
use model::text::DisplayName;
use model::{DeviceId, ErrorCode, Timestamp, UserId, WorkspaceId};
use serde_json::json;
use sha2::{Digest, Sha256};
use store::ReadTx;
use store::audit::Scope;
use store::devices::Device;
use store::workspaces::{Filter, Part};
use uuid::Uuid;

/// How long the codes hold, in seconds.
pub const CODES_S: i64 = 600;
/// How long to wait between two polls, in seconds.
pub const INTERVAL_S: i64 = 5;
/// What a poll that comes too early adds to that (RFC 8628 §3.5), and where it stops growing.
pub(crate) const SLOWER_S: i64 = 5;
pub(crate) const SLOWEST_S: i64 = 60;
/// A poll may come this much early: networks stretch and squeeze.
const GRACE_MS: i64 = 1000;

/// Workspaces offered at most.
const CHOICES: u32 = 500;

/// Letters of short codes: no vowels, so that no words appear, and none that look alike.
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

const REQUESTS_BY_IP: Limit = Limit { name: "device_requests_by_ip", hits: 120, window_s: 600 };
const LOOKUPS_BY_PERSON: Limit = Limit { name: "device_lookups_by_person", hits: 40, window_s: 600 };
const LOOKUPS_BY_IP: Limit = Limit { name: "device_lookups_by_ip", hits: 200, window_s: 600 };

/// A short code as it is compared: its letters in upper case.
#[derive(Clone, PartialEq, Eq)]
struct UserCode(String);

impl UserCode {
    fn generate(ids: &Ids) -> Self {
        let mut text = String::with_capacity(8);
        while text.len() < 8 {
            // Bytes above the last multiple of 20 would make the first letters likelier.
            let fair = ids.bytes::<16>().into_iter().filter(|byte| *byte < 240);
            text.extend(fair.take(8 - text.len()).map(|byte| char::from(LETTERS[usize::from(byte % 20)])));
        }
        Self(text)
    }

    /// Reads what a person typed, in any case, with or without the hyphen.
    fn parse(typed: &str) -> Option<Self> {
        if typed.len() > 40 {
            return None;
        }
        let text: String = typed
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| c.to_ascii_uppercase())
            .collect();
        (text.len() == 8 && text.bytes().all(|b| LETTERS.contains(&b))).then_some(Self(text))
    }

    fn shown(&self) -> String {
        let (left, right) = self.0.split_at(4);
        format!("{left}-{right}")
    }

    fn digest(&self) -> Vec<u8> {
        Sha256::new_with_prefix("device user code\0").chain_update(&self.0).finalize().to_vec()
    }
}

/// What a command line gets when it asks.
#[derive(Debug)]
pub struct DeviceStart {
    /// Its id.
    pub id: DeviceId,
    /// What it polls with.
    pub device_code: Secret,
    /// What the person compares.
    pub user_code: String,
    /// Where to approve it.
    pub verification_uri: String,
    /// The same, with the code filled in.
    pub verification_uri_complete: String,
}

/// What a person decided.
#[derive(Clone, Copy, Debug)]
pub struct Approval<'a> {
    /// The short code, as typed or followed.
    pub user_code: &'a str,
    /// The workspace they chose.
    pub workspace: Option<WorkspaceId>,
    /// The workspace the command line named, if it named one.
    pub hint: Option<&'a str>,
    /// Whether they trust the device.
    pub trusted: bool,
}

impl Control {
    /// Begins a sign-in of the command line `client_id`, for what it asks. What it says of itself comes from its `User-Agent` and is
    /// shown as a claim.
    pub async fn request_device(
        &self,
        open: &Open,
        client_id: Uuid,
        purpose: DevicePurpose,
    ) -> Result<DeviceStart> {
        let cx = open.cx();
        let ip = cx.origin().ip.map(|ip| ip.to_string());
        self.throttle(REQUESTS_BY_IP, &cx.origin().network(), cx.now()).await?;
        let claims = Claims::parse(cx.origin().user_agent.as_deref().unwrap_or_default());
        let device_code = Secret::generate(Kind::DeviceCode, self.ids());
        let device = Device {
            id: cx.new_id(),
            client_id,
            purpose,
            hostname: claims.host,
            os: claims.os,
            client_version: match purpose {
                DevicePurpose::Workspaces => claims.zenml,
                DevicePurpose::Administering => claims.reeve,
            },
            python_version: claims.python,
            ip: ip.unwrap_or_default(),
            poll_interval_s: INTERVAL_S,
            last_polled_at: None,
            created_at: cx.now(),
            expires_at: cx.now().plus_s(CODES_S),
            user_id: None,
            workspace_id: None,
            trusted: false,
            approved_at: None,
            denied_at: None,
            redeemed_at: None,
            token_expires_at: None,
            last_seen_at: None,
            revoked_at: None,
        };
        let mut tx = self.store().write().await?;
        let user_code = loop {
            let code = UserCode::generate(self.ids());
            if store::devices::insert(&mut tx, &device, device_code.digest().as_bytes(), &code.digest())
                .await?
            {
                break code.shown();
            }
        };
        let event = Event::of(AuditAction::DeviceRequested)
            .on("device", device.id.uuid(), device.hostname.as_str())
            .after(json!({ "purpose": purpose }));
        tx.commit(open.audit(Scope::Installation, event)).await?;
        let public = &self.settings().public_url;
        Ok(DeviceStart {
            id: device.id,
            device_code,
            verification_uri: public.join("/devices/verify"),
            verification_uri_complete: public
                .join(&format!("/devices/verify?device_id={}&user_code={user_code}", device.id)),
            user_code,
        })
    }

    /// The device of a short code, for the person who is to decide. `hint` is the workspace the command line named.
    ///
    /// # Errors
    ///
    /// `not_found` for a code that is wrong or that somebody else decided about; `rate_limited` after many codes.
    pub async fn device_request(
        &self,
        auth: &Authorized<SelfManage>,
        user_code: &str,
        hint: Option<&str>,
    ) -> Result<DeviceRequest> {
        self.throttle_lookup(auth).await?;
        let code = UserCode::parse(user_code).ok_or_else(unknown_code)?;
        let enterable = self.visible(auth, None, true).await?;
        let mut tx = self.store().snapshot().await?;
        let device = store::devices::by_user_code(&mut tx, &code.digest())
            .await?
            .filter(|device| device.user_id.is_none_or(|user| user == auth.scope()))
            .ok_or_else(unknown_code)?;
        let person = store::users::by_id(&mut tx, auth.scope()).await?.ok_or_else(Error::unauthenticated)?;
        let workspaces = match device.purpose {
            DevicePurpose::Workspaces => choices(&mut tx, &enterable).await?,
            DevicePurpose::Administering => Vec::new(),
        };
        let hint = hint.map(str::trim).filter(|hint| !hint.is_empty());
        let preselected = hint
            .and_then(|hint| workspaces.iter().find(|w| w.name == hint || hint.parse() == Ok(w.id)))
            .or(if hint.is_none() && workspaces.len() == 1 { workspaces.first() } else { None })
            .map(|w| w.id);
        Ok(DeviceRequest {
            id: device.id,
            user_code: code.shown(),
            purpose: device.purpose,
            state: state(&device, auth.now()),
            hostname: device.hostname,
            os: device.os,
            client_version: device.client_version,
            python_version: device.python_version,
            ip: device.ip,
            created_at: device.created_at,
            expires_at: device.expires_at,
            person_name: person.name,
            person_email: person.email,
            must_choose: device.purpose == DevicePurpose::Workspaces
                && (hint.is_some() || !workspaces.is_empty()),
            workspaces,
            preselected,
        })
    }

    /// Approves a device: its command line will work as the person, in every workspace they may enter. It administers
    /// nothing, as those workspaces see its token.
    ///
    /// # Errors
    ///
    /// `not_found` for a wrong code; `gone` once it ran out or was decided about; `conflict` for one that asks to
    /// administer; `invalid` in `workspace` without a workspace where one is needed, or with one the person may not enter.
    pub async fn approve_device(&self, auth: &Authorized<SelfManage>, approval: &Approval<'_>) -> Result<()> {
        in_browser(auth.cx())?;
        self.throttle_lookup(auth).await?;
        let code = UserCode::parse(approval.user_code).ok_or_else(unknown_code)?;
        if let Some(workspace) = approval.workspace {
            match self.authorize::<WorkspaceEnter>(auth.cx(), workspace).await {
                Ok(_) => {}
                Err(error) if matches!(error.code(), ErrorCode::NotFound | ErrorCode::Forbidden) => {
                    return Err(Error::invalid("workspace", "Choose a workspace that you may enter."));
                }
                Err(error) => return Err(error),
            }
        }
        let enterable = self.visible(auth, None, true).await?;
        let mut tx = self.store().write().await?;
        let device =
            store::devices::hold_by_user_code(&mut tx, &code.digest()).await?.ok_or_else(unknown_code)?;
        undecided(&device, auth)?;
        if device.purpose != DevicePurpose::Workspaces {
            return Err(Error::conflict(
                "This program asks to administer in your name. Open its link again and decide about that.",
            ));
        }
        if approval.workspace.is_none() {
            // A command line that named a workspace and is sent back without one breaks.
            let named = approval.hint.is_some_and(|hint| !hint.trim().is_empty());
            let choices = choices(&mut tx, &enterable).await?;
            if !choices.is_empty() {
                return Err(Error::invalid("workspace", "Choose the workspace to connect to."));
            }
            if named {
                return Err(Error::invalid(
                    "workspace",
                    "There is no workspace that you may enter yet. Ask an administrator for a role in one.",
                ));
            }
        }
        store::devices::approve(
            &mut tx,
            device.id,
            auth.scope(),
            approval.workspace,
            approval.trusted,
            auth.now(),
        )
        .await?;
        let event =
            Event::of(AuditAction::DeviceApproved).on("device", device.id.uuid(), device.hostname).after(
                json!({ "purpose": device.purpose, "workspace_id": approval.workspace, "trusted": approval.trusted, "ip": device.ip }),
            );
        Ok(tx.commit(auth.audit(event)).await?)
    }

    /// Lets Reeve's own command line administer in the name of the person who approves, until its token runs out. It
    /// enters no workspace, makes no tokens for people, and approves no devices.
    ///
    /// # Errors
    ///
    /// As [`approve_device`](Self::approve_device); `conflict` for a device that asks for anything else.
    pub async fn approve_command_line(
        &self,
        auth: &Authorized<CommandLineApprove>,
        user_code: &str,
    ) -> Result<()> {
        in_browser(auth.cx())?;
        let Some(Actor::User { authenticated_at, .. }) = auth.cx().actor() else {
            return Err(Error::unauthenticated());
        };
        self.throttle_lookup(auth).await?;
        let code = UserCode::parse(user_code).ok_or_else(unknown_code)?;
        let mut tx = self.store().write().await?;
        let device =
            store::devices::hold_by_user_code(&mut tx, &code.digest()).await?.ok_or_else(unknown_code)?;
        undecided(&device, auth)?;
        if device.purpose != DevicePurpose::Administering {
            return Err(Error::conflict(
                "This program asks to work with workspaces. Open its link again and decide about that.",
            ));
        }
        store::devices::approve_administering(
            &mut tx,
            device.id,
            auth.scope(),
            *authenticated_at,
            auth.now(),
        )
        .await?;
        let event = Event::of(AuditAction::DeviceApproved)
            .on("device", device.id.uuid(), device.hostname)
            .after(json!({ "purpose": device.purpose, "ip": device.ip }));
        Ok(tx.commit(auth.audit(event)).await?)
    }

    /// Refuses a device.
    pub async fn deny_device(&self, auth: &Authorized<SelfManage>, user_code: &str) -> Result<()> {
        in_browser(auth.cx())?;
        self.throttle_lookup(auth).await?;
        let code = UserCode::parse(user_code).ok_or_else(unknown_code)?;
        let mut tx = self.store().write().await?;
        let device =
            store::devices::hold_by_user_code(&mut tx, &code.digest()).await?.ok_or_else(unknown_code)?;
        undecided(&device, auth)?;
        store::devices::deny(&mut tx, device.id, auth.scope(), auth.now()).await?;
        let event = Event::of(AuditAction::DeviceDenied)
            .on("device", device.id.uuid(), device.hostname)
            .after(json!({ "ip": device.ip }));
        Ok(tx.commit(auth.audit(event)).await?)
    }

    /// One's own approved devices, newest first, the revoked ones too.
    pub async fn devices(&self, auth: &Authorized<SelfManage>) -> Result<Vec<model::device::Device>> {
        let mut tx = self.store().read().await?;
        let rows = store::devices::of_user(&mut tx, auth.scope()).await?;
        Ok(rows.into_iter().map(|row| shown(row, auth.now())).collect())
    }

    /// Revokes one of one's own devices: its token stops working at its next use.
    pub async fn revoke_device(&self, auth: &Authorized<SelfManage>, id: DeviceId) -> Result<()> {
        let mut tx = self.store().write().await?;
        let host = store::devices::revoke(&mut tx, auth.scope(), id, auth.now())
            .await?
            .ok_or_else(Error::not_found)?;
        let event = Event::of(AuditAction::DeviceRevoked).on("device", id.uuid(), host);
        Ok(tx.commit(auth.audit(event)).await?)
    }

    /// Revokes all of one's own devices; returns how many.
    pub async fn revoke_devices(&self, auth: &Authorized<SelfManage>) -> Result<u64> {
        let mut tx = self.store().write().await?;
        let n = store::devices::revoke_all_of_user(&mut tx, auth.scope(), auth.now()).await?;
        let event = Event::of(AuditAction::DeviceRevoked)
            .on("user", auth.scope().uuid(), "all devices")
            .after(json!({ "revoked": n }));
        tx.commit(auth.audit(event)).await?;
        Ok(n)
    }

    /// Every look at a short code counts, right or wrong: of guesses made at once exactly the allowed number is
    /// looked up.
    async fn throttle_lookup(&self, auth: &Authorized<impl Right<Scope = UserId>>) -> Result<()> {
        self.throttle(LOOKUPS_BY_PERSON, &auth.scope().to_string(), auth.now()).await?;
        let origin = auth.cx().origin();
        if origin.ip.is_some() {
            self.throttle(LOOKUPS_BY_IP, &origin.network(), auth.now()).await?;
        }
        Ok(())
    }
}

/// A device as people see it.
pub(crate) fn shown(row: store::devices::Listed, now: Timestamp) -> model::device::Device {
    model::device::Device {
        id: row.id,
        purpose: row.purpose,
        hostname: row.hostname,
        agent: whereabouts::command_line(row.purpose, &row.os, &row.client_version),
        place: whereabouts::place(Some(&row.ip)),
        trusted: row.trusted,
        workspace: row.workspace,
        approved_at: row.approved_at,
        expires_at: row.expires_at,
        last_seen_at: row.last_seen_at,
        revoked_at: row.revoked_at,
        works: row.revoked_at.is_none() && row.expires_at > now,
    }
}

/// The workspaces to offer, of those that somebody may enter: the ones that are switched on. A list to show, not a
/// decision.
pub(crate) async fn choices(tx: &mut ReadTx, enterable: &[Part]) -> Result<Vec<DeviceWorkspace>> {
    let seen = store::workspaces::list(tx, &Filter::of(enterable, CHOICES)).await?;
    let offered = seen.into_iter().filter(|s| s.workspace.deactivated_at.is_none());
    Ok(offered
        .map(|s| DeviceWorkspace {
            id: s.workspace.id,
            name: s.workspace.name,
            display_name: s.workspace.display_name,
            org_name: s.org.display_name,
        })
        .collect())
}

/// For the program: who it may have a token of now, or why it gets none.
///
/// That a code was used comes first: it works once, and whoever shows it again hears nothing of what became of it. A
/// refusal comes before the end of the code, as it is the reason. An approval counts only while the code holds.
pub(crate) fn standing(device: &Device, now: Timestamp) -> std::result::Result<UserId, Refusal> {
    if device.redeemed_at.is_some() {
        return Err(Refusal::UnknownCode);
    }
    if device.denied_at.is_some() || device.revoked_at.is_some() {
        return Err(Refusal::Denied);
    }
    if device.expires_at <= now {
        return Err(Refusal::Expired);
    }
    if let (Some(user), Some(_)) = (device.user_id, device.approved_at) {
        return Ok(user);
    }
    let early = |at: Timestamp| now.since_ms(at) < device.poll_interval_s * 1000 - GRACE_MS;
    Err(if device.last_polled_at.is_some_and(early) { Refusal::SlowDown } else { Refusal::Pending })
}

/// For the person: what became of the device, by what they did last.
///
/// Unlike in [`standing`], whether the code was used is not the first thing: that ends the matter for the program, but
/// the person still sees the device, and may have taken it back. The end of the code counts only until it is used: from
/// then on the token has a time of its own.
fn state(device: &Device, now: Timestamp) -> DeviceState {
    if device.revoked_at.is_some() {
        DeviceState::Revoked
    } else if device.denied_at.is_some() {
        DeviceState::Denied
    } else if device.expires_at <= now && device.redeemed_at.is_none() {
        DeviceState::Expired
    } else if device.approved_at.is_some() {
        DeviceState::Approved
    } else {
        DeviceState::Pending
    }
}

/// Decided once, by one person, in time.
fn undecided(device: &Device, auth: &Authorized<impl Right<Scope = UserId>>) -> Result<()> {
    if device.user_id.is_some_and(|user| user != auth.scope()) {
        return Err(unknown_code());
    }
    match state(device, auth.now()) {
        DeviceState::Pending => Ok(()),
        DeviceState::Expired => {
            Err(Error::gone("This code has run out. Start the login again in the terminal."))
        }
        DeviceState::Approved | DeviceState::Denied | DeviceState::Revoked => {
            Err(Error::gone("You decided about this device already. Start the login again to decide anew."))
        }
    }
}

fn unknown_code() -> Error {
    Error::not_found()
}

/// What a command line says of itself.
struct Claims {
    host: String,
    os: String,
    zenml: String,
    reeve: String,
    python: String,
}

impl Claims {
    /// Reads `Host/… ZenML/… Python/… OS/…`, or `Host/… Reeve/… OS/…`. A value may hold spaces: it ends where the next known name begins.
    fn parse(agent: &str) -> Self {
        const NAMES: [&str; 5] = ["Host/", "ZenML/", "Python/", "OS/", "Reeve/"];
        let mut values: [String; 5] = Default::default();
        let mut current = None;
        for word in agent.split(' ').take(200) {
            let known = NAMES.iter().position(|name| word.starts_with(name));
            let (at, text) = match (known, current) {
                (Some(at), _) => (at, word.split_once('/').map_or("", |(_, value)| value)),
                (None, Some(at)) => (at, word),
                (None, None) => continue,
            };
            current = Some(at);
            if !values[at].is_empty() {
                values[at].push(' ');
            }
            values[at].push_str(text);
        }
        let [host, zenml, python, os, reeve] = values.map(|value| clean(&value));
        Self { host, os, zenml, reeve, python }
    }
}

/// Shortened, and empty if it holds what a name must not hold.
fn clean(text: &str) -> String {
    let short: String = text.chars().take(100).collect();
    DisplayName::parse(&short).map_or_else(|_| String::new(), DisplayName::into_string)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Entropy, OsEntropy};
    use std::sync::Arc;

    #[test]
    fn a_short_code_is_eight_letters_and_read_as_people_type_it() {
        let ids = Ids::new(Arc::new(OsEntropy));
        let code = UserCode::generate(&ids);
        let shown = code.shown();
        assert_eq!(shown.len(), 9);
        for typed in
            [shown.to_lowercase(), shown.replace('-', ""), format!("  {} ", shown.replace('-', " - "))]
        {
            assert!(UserCode::parse(&typed).is_some_and(|read| read == code), "{typed}");
        }
        for bad in ["", "BCDF-GHJ", "BCDF-GHJA", "BCDF-GHJKL", "ВCDF-GHJK", &"B".repeat(5000)] {
            assert!(UserCode::parse(bad).is_none(), "{bad:.20}");
        }
    }

    #[test]
    fn every_letter_is_equally_likely() {
        /// Every byte once, over and over.
        struct Sweep(std::sync::atomic::AtomicU8);
        impl Entropy for Sweep {
            fn fill(&self, bytes: &mut [u8]) {
                for byte in bytes {
                    *byte = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                }
            }
        }
        let ids = Ids::new(Arc::new(Sweep(0.into())));
        let mut seen = std::collections::BTreeMap::new();
        for _ in 0..2000 {
            for letter in UserCode::generate(&ids).0.chars() {
                *seen.entry(letter).or_insert(0_u32) += 1;
            }
        }
        let (least, most) = (seen.values().min().unwrap(), seen.values().max().unwrap());
        assert_eq!(seen.len(), 20);
        assert!(most - least <= most / 4, "{seen:?}");
    }

    #[test]
    fn what_a_command_line_says_of_itself_is_read_and_cleaned() {
        let claims = Claims::parse("Host/my laptop ZenML/0.98.0 Python/3.13.1 OS/linux");
        let read = [&claims.host, &claims.zenml, &claims.python, &claims.os];
        assert_eq!(read, ["my laptop", "0.98.0", "3.13.1", "linux"]);
        for hostile in ["", "curl/8", "Host/", "Host/a\u{202e}b", "Host/\u{0}", "OS/ ZenML/"] {
            assert_eq!(Claims::parse(hostile).host, "", "{hostile:?}");
        }
        assert_eq!(Claims::parse(&format!("Host/{}", "ä".repeat(5000))).host.chars().count(), 100);
    }
}
