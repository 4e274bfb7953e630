//! Connections to OpenID providers: kept, tested, and offered at sign-in.

use crate::Control;
use crate::audit::Event;
use crate::authz::{Authorized, ConnectionManage, ConnectionRead, Open};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::seal::Place;
use crate::settings::FileConnection;
use crate::sso::{self, Discovery, DiscoveryError, Reach};
use crate::throttle::Limit;
use model::audit::AuditAction;
use model::connection::{Connection, ConnectionTest, Connections, TestStep};
use model::session::{SignInConnection, SignInOptions, SignedIn};
use model::text::DisplayName;
use model::{ConnectionId, OrgId};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::WriteTx;
use store::audit::Scope;
use store::connections::Connection as Row;
use store::sealed::{Column, Sealed};
use url::Url;

// A test makes this process call an address of somebody's choice; nobody needs many.
const TEST: Limit = Limit { name: "connection test by organization", hits: 30, window_s: 10 * 60 };
pub(crate) const MAX_ISSUER: usize = 500;
const MAX_CLIENT_ID: usize = 255;
const MAX_SECRET: usize = 1000;

/// A connection as it was typed, parsed.
#[derive(Clone, Debug)]
pub struct ConnectionInput {
    label: DisplayName,
    issuer: String,
    client_id: String,
    client_secret: Option<SecretString>,
}

impl ConnectionInput {
    /// Parses what a person typed. An empty secret means none, or the one that is kept.
    pub fn parse(label: &str, issuer: &str, client_id: &str, client_secret: &str) -> Result<Self> {
        let mut wrong = BTreeMap::new();
        let label = DisplayName::parse(label).map_err(|e| wrong.insert("label", e.0.to_owned()));
        let issuer = parse_issuer(issuer).map_err(|why| wrong.insert("issuer", why));
        let client_id = client_id.trim();
        if client_id.is_empty()
            || client_id.len() > MAX_CLIENT_ID
            || !client_id.bytes().all(|b| b.is_ascii_graphic())
        {
            wrong.insert(
                "client_id",
                format!("Use 1 to {MAX_CLIENT_ID} visible ASCII characters, no spaces."),
            );
        }
        let secret = client_secret.trim();
        if secret.len() > MAX_SECRET || secret.chars().any(char::is_control) {
            wrong.insert("client_secret", format!("Use at most {MAX_SECRET} characters on one line."));
        }
        Error::invalid_fields(wrong)?;
        let (Ok(label), Ok(issuer)) = (label, issuer) else {
            return Err(Error::internal("a field was wrong and was not named"));
        };
        let client_secret = (!secret.is_empty()).then(|| SecretString::from(secret));
        Ok(Self { label, issuer, client_id: client_id.to_owned(), client_secret })
    }
}

/// Kept exactly as typed: the provider's own spelling is what is compared later, to the letter.
pub(crate) fn parse_issuer(text: &str) -> std::result::Result<String, String> {
    let text = text.trim();
    if text.len() > MAX_ISSUER {
        return Err(format!("Use at most {MAX_ISSUER} characters."));
    }
    let url = Url::parse(text).map_err(|_| "Enter a URL such as https://login.example.com.".to_owned())?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err("An issuer has no ? and no # in it.".to_owned());
    }
    if text.ends_with("/.well-known/openid-configuration") {
        return Err(
            "Leave out /.well-known/openid-configuration: the issuer is what stands before it.".to_owned()
        );
    }
    sso::allowed(text, Reach::of(&url)).map_err(|why| format!("The issuer {why}."))?;
    Ok(text.to_owned())
}

pub(crate) fn place(id: ConnectionId) -> Place {
    Place { column: Column::ConnectionSecret, row: id.uuid() }
}

impl Control {
    /// The connections of an organization.
    pub async fn connections(&self, auth: &Authorized<ConnectionRead>) -> Result<Connections> {
        let mut tx = self.store().read().await?;
        let rows = store::connections::of_org(&mut tx, auth.scope()).await?;
        Ok(Connections {
            connections: rows.into_iter().map(listed).collect(),
            redirect_uri: self.redirect_uri(),
            email: self.can_mail(),
        })
    }

    /// One connection.
    pub async fn connection(
        &self,
        auth: &Authorized<ConnectionRead>,
        id: ConnectionId,
    ) -> Result<Connection> {
        let mut tx = self.store().read().await?;
        let rows = store::connections::of_org(&mut tx, auth.scope()).await?;
        rows.into_iter().find(|row| row.id == id).map(listed).ok_or_else(Error::not_found)
    }

    /// Adds a connection, offered from now on.
    pub async fn create_connection(
        &self,
        auth: &Authorized<ConnectionManage>,
        new: &ConnectionInput,
    ) -> Result<ConnectionId> {
        let id = auth.cx().new_id::<ConnectionId>();
        let mut tx = self.writing(auth).await?;
        let row = Row {
            id,
            org_id: Some(auth.scope()),
            label: new.label.to_string(),
            issuer: new.issuer.clone(),
            client_id: new.client_id.clone(),
            client_secret_sealed: self.seal_secret(&mut tx, id, new.client_secret.as_ref()).await?,
            from_file: false,
            enabled: true,
            created_at: auth.now(),
        };
        label_is_free(&mut tx, auth.scope(), &row).await?;
        if !store::connections::insert(&mut tx, &row).await? {
            return Err(taken());
        }
        let event = Event::of(AuditAction::ConnectionCreated)
            .on("connection", id.uuid(), row.label.as_str())
            .after(described(&row));
        tx.commit(auth.audit(event)).await?;
        Ok(id)
    }

    /// Changes a connection. Without a new secret the old one is kept, but only for the issuer it was entered for.
    pub async fn update_connection(
        &self,
        auth: &Authorized<ConnectionManage>,
        id: ConnectionId,
        new: &ConnectionInput,
    ) -> Result<()> {
        let mut tx = self.writing(auth).await?;
        let old = own(&mut tx, auth.scope(), id).await?;
        changeable(&old)?;
        let moves = old.issuer != new.issuer || old.client_id != new.client_id;
        if moves && old.client_secret_sealed.is_some() && new.client_secret.is_none() {
            return Err(Error::invalid(
                "client_secret",
                "Enter the secret again: the one that is kept belongs to the old issuer and client.",
            ));
        }
        let row = Row {
            label: new.label.to_string(),
            issuer: new.issuer.clone(),
            client_id: new.client_id.clone(),
            ..old.clone()
        };
        label_is_free(&mut tx, auth.scope(), &row).await?;
        if !store::connections::update(&mut tx, &row, auth.now()).await? {
            return Err(taken());
        }
        let mut after = described(&row);
        if let Some(sealed) = self.seal_secret(&mut tx, id, new.client_secret.as_ref()).await? {
            store::connections::set_secret(&mut tx, id, Some(&sealed)).await?;
            after["has_secret"] = true.into();
        }
        after["new_secret"] = new.client_secret.is_some().into();
        let event = Event::of(AuditAction::ConnectionUpdated)
            .on("connection", id.uuid(), row.label.as_str())
            .before(described(&old))
            .after(after);
        tx.commit(auth.audit(event)).await?;
        self.providers().forget(&row.issuer);
        Ok(())
    }

    /// Offers a connection at sign-in, or stops to. Sessions that came through it go on.
    pub async fn set_connection_enabled(
        &self,
        auth: &Authorized<ConnectionManage>,
        id: ConnectionId,
        enabled: bool,
    ) -> Result<()> {
        let mut tx = self.writing(auth).await?;
        let old = own(&mut tx, auth.scope(), id).await?;
        changeable(&old)?;
        store::connections::set_enabled(&mut tx, id, enabled, auth.now()).await?;
        let event = Event::of(AuditAction::ConnectionUpdated)
            .on("connection", id.uuid(), old.label)
            .before(json!({ "enabled": old.enabled }))
            .after(json!({ "enabled": enabled }));
        Ok(tx.commit(auth.audit(event)).await?)
    }

    /// Removes a connection. Accounts stay, and work again if the same issuer is connected anew.
    pub async fn delete_connection(
        &self,
        auth: &Authorized<ConnectionManage>,
        id: ConnectionId,
    ) -> Result<()> {
        let mut tx = self.writing(auth).await?;
        let old = own(&mut tx, auth.scope(), id).await?;
        changeable(&old)?;
        store::connections::delete(&mut tx, id).await?;
        let event = Event::of(AuditAction::ConnectionDeleted)
            .on("connection", id.uuid(), old.label.as_str())
            .before(described(&old));
        Ok(tx.commit(auth.audit(event)).await?)
    }

    /// Asks the provider of a connection what it is and whether people could sign in through it.
    pub async fn test_connection(
        &self,
        auth: &Authorized<ConnectionManage>,
        id: ConnectionId,
    ) -> Result<ConnectionTest> {
        self.throttle(TEST, &auth.scope().to_string(), auth.now()).await?;
        let row = {
            let mut tx = self.store().read().await?;
            own(&mut tx, auth.scope(), id).await?
        };
        self.providers().forget(&row.issuer);
        let mut steps = Vec::new();
        let ok = self.look_at(&row.issuer, &mut steps).await.is_some();
        let event = Event::of(AuditAction::ConnectionTested)
            .on("connection", id.uuid(), row.label)
            .after(json!({ "ok": ok, "failed": steps.iter().find(|s| !s.ok).map(|s| s.name.as_str()) }));
        self.store().write().await?.commit(auth.audit(event)).await?;
        Ok(ConnectionTest { ok, steps })
    }

    /// Step by step; `None` at the first that fails.
    async fn look_at(&self, issuer: &str, steps: &mut Vec<TestStep>) -> Option<()> {
        let http = &self.providers().http;
        let mut step = |name: &str, found: std::result::Result<String, DiscoveryError>| {
            let (ok, detail) = match found {
                Ok(detail) => (true, detail),
                Err(error) => (false, error.to_string()),
            };
            steps.push(TestStep { name: name.to_owned(), ok, detail });
            ok.then_some(())
        };
        let document = match Discovery::fetch(http, issuer).await {
            Ok(document) => document,
            Err(error) => return step("Discovery document", Err(error)),
        };
        step("Discovery document", Ok("It can be read.".to_owned()))?;
        step("Issuer", document.check_issuer(issuer).map(|()| document.issuer.clone()))?;
        step("Endpoints", document.check_endpoints().map(|()| "All are secure addresses.".to_owned()))?;
        let pkce = if document.code_challenge_methods_supported.is_some() {
            "S256 is offered."
        } else {
            "The provider does not say whether it checks PKCE; S256 is sent all the same."
        };
        step("PKCE", document.check_pkce().map(|()| pkce.to_owned()))?;
        step("Signatures", document.check_algorithms().map(|all| format!("Accepted: {}.", all.join(", "))))?;
        let keys = document.fetch_keys(http).await;
        step("Keys", keys.map(|keys| format!("{} in the key set.", counted(keys.keys().len(), "key"))))
    }

    /// What the sign-in page offers.
    pub async fn sign_in_options(&self, open: &Open) -> Result<SignInOptions> {
        let mut tx = self.store().read().await?;
        let needs_setup = !store::orgs::setup_completed(&mut tx).await?;
        let home = store::orgs::home(&mut tx).await?;
        let connections = store::connections::enabled(&mut tx).await?;
        let signed_in = match open.cx().actor() {
            Some(Actor::User { user, .. }) => store::users::by_id(&mut tx, *user).await?,
            _ => None,
        };
        Ok(SignInOptions {
            org_name: home.map(|org| org.display_name),
            connections: connections.into_iter().map(|(id, label)| SignInConnection { id, label }).collect(),
            email: self.can_mail(),
            needs_setup,
            signed_in: signed_in.map(|user| SignedIn { name: user.name, email: user.email }),
        })
    }

    /// Makes the connections what the settings file says. Called once at start, before requests are answered.
    pub async fn sync_file_connections(&self, cx: &Cx) -> Result<()> {
        let mut wanted = Vec::new();
        for said in &self.settings().connections {
            wanted.push(parse_file(said)?);
        }
        let mut tx = self.store().write().await?;
        let mut entries = Vec::new();
        for old in store::connections::from_file(&mut tx).await? {
            if !wanted.iter().any(|new| new.issuer == old.issuer && new.client_id == old.client_id) {
                store::connections::delete(&mut tx, old.id).await?;
                let event = Event::of(AuditAction::ConnectionDeleted)
                    .on("connection", old.id.uuid(), old.label.as_str())
                    .before(described(&old));
                entries.push(event.stamped(cx, Scope::Installation));
            }
        }
        for new in &wanted {
            let found = store::connections::by_client(&mut tx, &new.issuer, &new.client_id).await?;
            let id = found.as_ref().map_or_else(|| cx.new_id(), |old| old.id);
            let row = Row {
                id,
                org_id: found.as_ref().and_then(|old| old.org_id),
                label: new.label.to_string(),
                issuer: new.issuer.clone(),
                client_id: new.client_id.clone(),
                client_secret_sealed: self.seal_secret(&mut tx, id, new.client_secret.as_ref()).await?,
                from_file: true,
                enabled: true,
                created_at: cx.now(),
            };
            let event = if let Some(old) = found {
                store::connections::update(&mut tx, &row, cx.now()).await?;
                store::connections::set_secret(&mut tx, id, row.client_secret_sealed.as_ref()).await?;
                store::connections::set_enabled(&mut tx, id, true, cx.now()).await?;
                if described(&old) == described(&row) && old.from_file && old.enabled {
                    continue;
                }
                Event::of(AuditAction::ConnectionUpdated).before(described(&old))
            } else {
                store::connections::insert(&mut tx, &row).await?;
                Event::of(AuditAction::ConnectionCreated)
            };
            let event = event.on("connection", id.uuid(), row.label.as_str()).after(described(&row));
            entries.push(event.stamped(cx, row.org_id.map_or(Scope::Installation, Scope::Org)));
        }
        Ok(tx.commit_all(&entries).await?)
    }

    async fn seal_secret(
        &self,
        tx: &mut WriteTx,
        id: ConnectionId,
        secret: Option<&SecretString>,
    ) -> Result<Option<Sealed>> {
        let Some(secret) = secret else { return Ok(None) };
        Ok(Some(self.seal(tx, place(id), secret.expose_secret().as_bytes()).await?))
    }
}

fn parse_file(said: &FileConnection) -> Result<ConnectionInput> {
    let secret = said.client_secret.as_ref().map_or("", |secret| secret.expose_secret());
    ConnectionInput::parse(&said.label, &said.issuer, &said.client_id, secret)
}

/// Checks a connection of the settings file, for naming what is wrong with it before anything is opened.
pub fn check_file_connection(said: &FileConnection) -> Result<()> {
    parse_file(said).map(|_| ())
}

async fn own(tx: &mut store::ReadTx, org: OrgId, id: ConnectionId) -> Result<Row> {
    let row = store::connections::by_id(tx, id).await?;
    row.filter(|row| row.org_id == Some(org)).ok_or_else(Error::not_found)
}

fn changeable(row: &Row) -> Result<()> {
    if row.from_file {
        return Err(Error::conflict("This connection comes from the settings file and is changed there."));
    }
    Ok(())
}

/// Two buttons of the sign-in page that say the same help nobody.
async fn label_is_free(tx: &mut store::ReadTx, org: OrgId, row: &Row) -> Result<()> {
    let folded = row.label.to_lowercase();
    let others = store::connections::of_org(tx, org).await?;
    if others.iter().any(|other| other.id != row.id && other.label.to_lowercase() == folded) {
        return Err(Error::conflict("Another connection has this name.")
            .and_field("label", "Another connection has this name. Choose another one."));
    }
    Ok(())
}

fn taken() -> Error {
    Error::invalid("client_id", "This client of this issuer is connected already.")
}

fn listed(row: store::connections::Listed) -> Connection {
    Connection {
        id: row.id,
        label: row.label,
        issuer: row.issuer,
        client_id: row.client_id,
        has_secret: row.has_secret,
        from_file: row.from_file,
        enabled: row.enabled,
        created_at: row.created_at,
        last_used_at: row.last_used_at,
        people: u32::try_from(row.people).unwrap_or(u32::MAX),
    }
}

/// For the audit log: never the secret, only whether there is one.
fn described(row: &Row) -> Value {
    json!({
        "label": row.label,
        "issuer": row.issuer,
        "client_id": row.client_id,
        "has_secret": row.client_secret_sealed.is_some(),
    })
}

fn counted(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}
