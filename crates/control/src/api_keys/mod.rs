//! API keys: made, listed, rotated, switched off, ended; one's own, and those of service accounts.
//!
//! A key acts for its account and can never do more. Whoever comes by one can do all that the account can, so nobody
//! makes or rotates a key of an account that holds more than they do.

mod policy;
mod wanted;

pub use wanted::{NewApiKey, can_be_scope, chosen_scopes, one_workspace};

use crate::Control;
use crate::audit::Event;
use crate::authz::{
    ApiKeyManage, Authorized, Beyond, Right, SelfManage, ServiceAccountKeys, ServiceAccountSee, Snapshot,
};
use crate::cx::{Actor, Cx};
use crate::devices;
use crate::error::{Error, Result};
use crate::secret::{Kind, Secret};
use model::api_key::{ApiKey, ApiKeyList, ApiKeySecret, KeyChoices, KeyPolicy, KeyState};
use model::audit::AuditAction;
use model::text::{DisplayName, Note};
use model::{ApiKeyId, ServiceAccountId, Timestamp, UserId};
use serde_json::{Value, json};
use store::{ReadTx, WriteTx};

/// Living API keys an account may have.
pub const KEYS_PER_ACCOUNT: i64 = 50;
/// Longest time for which the secret before works beside a new one, in minutes: 30 days.
pub const LONGEST_OVERLAP_MIN: u32 = 30 * 24 * 60;

/// What to change of a key. What is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct KeyChange {
    /// Its name.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether it is switched on.
    pub active: Option<bool>,
}

/// The rights by which somebody knows the keys of a service account: to look at it, and to manage them, which takes
/// finding the one that is meant.
pub trait ShowsKeys {}
impl ShowsKeys for ServiceAccountSee {}
impl ShowsKeys for ServiceAccountKeys {}

impl Control {
    /// Makes an API key of one's own. Only in a browser: a token that makes tokens would outlive its own revocation.
    ///
    /// # Errors
    ///
    /// `invalid` for an end that the policy of one of the person's organizations does not allow, or for a workspace that
    /// they may not enter; `conflict` if they have too many.
    pub async fn create_api_key(
        &self,
        auth: &Authorized<ApiKeyManage>,
        new: &NewApiKey,
    ) -> Result<ApiKeySecret> {
        in_browser(auth.cx())?;
        if let Some(workspace) = new.workspace {
            let policy = self.policy_about(auth.scope(), workspace).await?;
            let standing = policy.as_ref().and_then(|p| p.standing(auth.scope(), workspace, auth.now()));
            if !standing.is_some_and(|standing| standing.enters()) {
                return Err(Error::invalid("workspace", "Choose a workspace that you may enter."));
            }
        }
        let mut tx = self.store().write().await?;
        let policy = own_policy(&mut tx, auth.scope()).await?;
        let (made, event) = self.make(&mut tx, auth.cx(), auth.scope(), &policy, new).await?;
        tx.commit(auth.audit(event)).await?;
        Ok(made)
    }

    /// Makes an API key of a service account.
    ///
    /// # Errors
    ///
    /// As [`Control::create_api_key`]; `forbidden` if the account holds more than the caller, or the caller acts by a key
    /// that is limited, or ends before the new one; `conflict` if the account is inactive.
    pub async fn create_service_account_key(
        &self,
        auth: &Authorized<ServiceAccountKeys>,
        new: &NewApiKey,
    ) -> Result<ApiKeySecret> {
        let (mut tx, policy) = self.writing_under(auth).await?;
        no_more_than_own(&policy, auth)?;
        let until = own_end(&mut tx, auth.cx()).await?;
        if new.workspace.is_some_and(|workspace| !policy.has_workspace(workspace)) {
            return Err(Error::invalid("workspace", "There is no such workspace in this organization."));
        }
        let limits = store::api_keys::policy(&mut tx, auth.org()).await?;
        let (made, event) = self.make(&mut tx, auth.cx(), auth.scope().account(), &limits, new).await?;
        no_longer(until, made.expires_at)?;
        tx.commit(auth.audit(event)).await?;
        Ok(made)
    }

    async fn make(
        &self,
        tx: &mut WriteTx,
        cx: &Cx,
        account: UserId,
        policy: &KeyPolicy,
        new: &NewApiKey,
    ) -> Result<(ApiKeySecret, Event)> {
        let now = cx.now();
        let expires_at = new.end(policy, now)?;
        if store::api_keys::count_living(tx, account, now).await? >= KEYS_PER_ACCOUNT {
            return Err(Error::conflict(format!(
                "There are {KEYS_PER_ACCOUNT} keys, the most one account may have. Revoke one that is not used."
            )));
        }
        let secret = Secret::generate(Kind::ApiKey, self.ids());
        let row = store::api_keys::NewApiKey {
            id: cx.new_id(),
            user: account,
            name: new.name.as_str(),
            description: new.description.as_str(),
            hint: &secret.hint(),
            scopes: new.scopes.as_deref(),
            workspace: new.workspace,
            created_at: now,
            expires_at,
        };
        store::api_keys::insert(tx, &row, secret.digest().as_bytes()).await?;
        let event =
            Event::of(AuditAction::ApiKeyCreated).on("api_key", row.id.uuid(), row.name).after(json!({
                "account": account,
                "expires_at": expires_at.map(Timestamp::to_rfc3339),
                "scopes": new.scopes,
                "workspace_id": new.workspace,
            }));
        Ok((handed_over(row.id, row.name, &secret, expires_at), event))
    }

    /// One's own API keys, newest first, the dead ones too.
    pub async fn api_keys(&self, auth: &Authorized<SelfManage>) -> Result<Vec<ApiKey>> {
        let mut tx = self.store().read().await?;
        Ok(store::api_keys::of_user(&mut tx, auth.scope(), auth.now()).await?)
    }

    /// The same with what the page about them shows.
    pub async fn api_key_list(&self, auth: &Authorized<SelfManage>) -> Result<ApiKeyList> {
        let enterable = self.visible(auth, None, true).await?;
        let mut tx = self.store().snapshot().await?;
        let policy = own_policy(&mut tx, auth.scope()).await?;
        Ok(ApiKeyList {
            keys: store::api_keys::of_user(&mut tx, auth.scope(), auth.now()).await?,
            choices: KeyChoices { policy, workspaces: devices::choices(&mut tx, &enterable).await? },
            api_url: self.settings().public_url.join("/api/v1"),
        })
    }

    /// The API keys of a service account, newest first, the dead ones too.
    pub async fn service_account_keys<R>(&self, auth: &Authorized<R>) -> Result<Vec<ApiKey>>
    where
        R: Right<Scope = ServiceAccountId> + ShowsKeys,
    {
        let mut tx = self.store().read().await?;
        Ok(store::api_keys::of_user(&mut tx, auth.scope().account(), auth.now()).await?)
    }

    /// Puts another secret in the place of a key of one's own; the one before works for `overlap_min` minutes more.
    /// In a browser, or by that very key: what it is limited to and when it ends stay as they are.
    ///
    /// # Errors
    ///
    /// `not_found` for a key that does not live; `invalid` on `retain_period_minutes` beyond [`LONGEST_OVERLAP_MIN`].
    pub async fn rotate_api_key(
        &self,
        auth: &Authorized<ApiKeyManage>,
        id: ApiKeyId,
        overlap_min: u32,
    ) -> Result<ApiKeySecret> {
        if auth.cx().actor().and_then(|actor| actor.key()).is_none_or(|key| key.id != id) {
            in_browser(auth.cx())?;
        }
        let mut tx = self.store().write().await?;
        let (made, event) = self.rotate(&mut tx, auth.cx(), auth.scope(), id, overlap_min).await?;
        tx.commit(auth.audit(event)).await?;
        Ok(made)
    }

    /// The same with a key of a service account.
    ///
    /// # Errors
    ///
    /// As [`Control::rotate_api_key`]; `forbidden` as for a new key, except for the very key that the caller acts by.
    pub async fn rotate_service_account_key(
        &self,
        auth: &Authorized<ServiceAccountKeys>,
        id: ApiKeyId,
        overlap_min: u32,
    ) -> Result<ApiKeySecret> {
        let (mut tx, policy) = self.writing_under(auth).await?;
        no_more_than_own(&policy, auth)?;
        let itself = auth.cx().actor().and_then(Actor::key).is_some_and(|key| key.id == id);
        let until = if itself { None } else { own_end(&mut tx, auth.cx()).await? };
        let (made, event) = self.rotate(&mut tx, auth.cx(), auth.scope().account(), id, overlap_min).await?;
        no_longer(until, made.expires_at)?;
        tx.commit(auth.audit(event)).await?;
        Ok(made)
    }

    async fn rotate(
        &self,
        tx: &mut WriteTx,
        cx: &Cx,
        account: UserId,
        id: ApiKeyId,
        overlap_min: u32,
    ) -> Result<(ApiKeySecret, Event)> {
        if overlap_min > LONGEST_OVERLAP_MIN {
            return Err(Error::invalid(
                "retain_period_minutes",
                format!(
                    "Let the old secret work for {LONGEST_OVERLAP_MIN} minutes at most, which is 30 days."
                ),
            ));
        }
        let now = cx.now();
        store::api_keys::hold(tx, account).await?;
        let key = living(tx, account, id, now).await?;
        let secret = Secret::generate(Kind::ApiKey, self.ids());
        let until = now.plus_s(i64::from(overlap_min) * 60);
        let (digest, hint) = (secret.digest(), secret.hint());
        if !store::api_keys::rotate(tx, account, id, digest.as_bytes(), &hint, until, now).await? {
            return Err(Error::not_found());
        }
        let event = Event::of(AuditAction::ApiKeyRotated)
            .on("api_key", id.uuid(), key.name.as_str())
            .after(json!({ "account": account, "previous_until": until.to_rfc3339() }));
        Ok((handed_over(id, &key.name, &secret, key.expires_at), event))
    }

    /// Renames a key of one's own, or switches it off or on.
    pub async fn update_api_key(
        &self,
        auth: &Authorized<ApiKeyManage>,
        id: ApiKeyId,
        change: &KeyChange,
    ) -> Result<ApiKey> {
        let mut tx = self.store().write().await?;
        let Some(event) = change_key(&mut tx, auth.cx(), auth.scope(), id, change).await? else {
            return living(&mut tx, auth.scope(), id, auth.now()).await;
        };
        let changed = living(&mut tx, auth.scope(), id, auth.now()).await?;
        tx.commit(auth.audit(event)).await?;
        Ok(changed)
    }

    /// The same with a key of a service account.
    pub async fn update_service_account_key(
        &self,
        auth: &Authorized<ServiceAccountKeys>,
        id: ApiKeyId,
        change: &KeyChange,
    ) -> Result<ApiKey> {
        let account = auth.scope().account();
        let mut tx = self.writing(auth).await?;
        let Some(event) = change_key(&mut tx, auth.cx(), account, id, change).await? else {
            return living(&mut tx, account, id, auth.now()).await;
        };
        let changed = living(&mut tx, account, id, auth.now()).await?;
        tx.commit(auth.audit(event)).await?;
        Ok(changed)
    }

    /// Revokes one of one's own API keys, and with it the short tokens made from it.
    pub async fn revoke_api_key(&self, auth: &Authorized<ApiKeyManage>, id: ApiKeyId) -> Result<()> {
        let mut tx = self.store().write().await?;
        let event = end_key(&mut tx, auth.scope(), id, auth.now()).await?;
        Ok(tx.commit(auth.audit(event)).await?)
    }

    /// Revokes an API key of a service account, and with it the short tokens made from it.
    pub async fn revoke_service_account_key(
        &self,
        auth: &Authorized<ServiceAccountKeys>,
        id: ApiKeyId,
    ) -> Result<()> {
        let mut tx = self.writing(auth).await?;
        let event = end_key(&mut tx, auth.scope().account(), id, auth.now()).await?;
        Ok(tx.commit(auth.audit(event)).await?)
    }
}

/// What all organizations of a person allow.
async fn own_policy(tx: &mut ReadTx, account: UserId) -> Result<KeyPolicy> {
    let all = store::api_keys::policies_for(tx, account).await?;
    Ok(all.iter().fold(KeyPolicy::default(), KeyPolicy::and))
}

fn handed_over(id: ApiKeyId, name: &str, secret: &Secret, expires_at: Option<Timestamp>) -> ApiKeySecret {
    ApiKeySecret { id, name: name.to_owned(), secret: secret.expose().to_owned(), expires_at }
}

/// A key that was not revoked and did not run out.
async fn living(tx: &mut WriteTx, account: UserId, id: ApiKeyId, now: Timestamp) -> Result<ApiKey> {
    let key = store::api_keys::by_id(tx, account, id, now).await?;
    key.filter(|key| matches!(key.state, KeyState::Works | KeyState::Disabled)).ok_or_else(Error::not_found)
}

/// `None` if nothing changes.
async fn change_key(
    tx: &mut WriteTx,
    cx: &Cx,
    account: UserId,
    id: ApiKeyId,
    change: &KeyChange,
) -> Result<Option<Event>> {
    store::api_keys::hold(tx, account).await?;
    let key = living(tx, account, id, cx.now()).await?;
    let name = match &change.name {
        Some(name) => DisplayName::parse(name).map_err(|e| Error::invalid("name", e.0))?.into_string(),
        None => key.name.clone(),
    };
    let description = match &change.description {
        Some(text) => Note::parse(text).map_err(|e| Error::invalid("description", e.0))?.into_string(),
        None => key.description.clone(),
    };
    let was_active = key.state == KeyState::Works;
    let active = change.active.unwrap_or(was_active);
    if (name.as_str(), description.as_str(), active) == (&key.name, &key.description, was_active) {
        return Ok(None);
    }
    let disabled_at = (!active).then(|| cx.now());
    let changed = store::api_keys::Changed { name: &name, description: &description, disabled_at };
    if !store::api_keys::update(tx, account, id, changed).await? {
        return Err(Error::not_found());
    }
    let told = |name: &str, description: &str, active: bool| -> Value {
        json!({ "name": name, "description": description, "active": active })
    };
    let event = Event::of(AuditAction::ApiKeyUpdated)
        .on("api_key", id.uuid(), name.as_str())
        .before(told(&key.name, &key.description, was_active))
        .after(told(&name, &description, active));
    Ok(Some(event))
}

async fn end_key(tx: &mut WriteTx, account: UserId, id: ApiKeyId, now: Timestamp) -> Result<Event> {
    let name = store::api_keys::revoke(tx, account, id, now).await?.ok_or_else(Error::not_found)?;
    Ok(Event::of(AuditAction::ApiKeyRevoked)
        .on("api_key", id.uuid(), name)
        .before(json!({ "account": account })))
}

/// Nobody gets hold of a key of an account that holds more than they do.
pub(crate) fn no_more_than_own(policy: &Snapshot, auth: &Authorized<ServiceAccountKeys>) -> Result<()> {
    let (account, actor) = (auth.scope().account(), auth.user().ok_or_else(Error::unauthenticated)?);
    if account == actor {
        return Ok(());
    }
    let Some(role) = policy.member(account) else {
        return Err(Error::conflict("This service account is inactive. Activate it first."));
    };
    match policy.beyond(account, role, actor, auth.now()) {
        None => Ok(()),
        Some(beyond) => Err(holds_more(policy, beyond)),
    }
}

/// Why somebody may not have a credential of an account.
pub(crate) fn holds_more(policy: &Snapshot, beyond: Beyond) -> Error {
    let what = match beyond {
        Beyond::Role(role, _) => policy.role(role).map(|role| format!(": it is {}", role.name)),
        Beyond::Shares(_) => Some(": resources are shared with it".to_owned()),
    };
    Error::forbidden(format!("This account holds more than you do{}.", what.unwrap_or_default()))
}

/// When the key ends by which somebody acts, if it does and they do. A limited one hands out no other: whoever stole it
/// would be rid of its limits.
async fn own_end(tx: &mut ReadTx, cx: &Cx) -> Result<Option<Timestamp>> {
    let (Some(user), Some(by)) = (cx.user(), cx.actor().and_then(Actor::key)) else { return Ok(None) };
    if by.scopes.is_some() || by.workspace.is_some() {
        return Err(Error::forbidden("An API key that is limited hands out no other keys."));
    }
    let key = store::api_keys::by_id(tx, user, by.id, cx.now()).await?.ok_or_else(Error::unauthenticated)?;
    Ok(key.expires_at)
}

/// Nor does a key that ends hand out one that lives longer.
fn no_longer(until: Option<Timestamp>, end: Option<Timestamp>) -> Result<()> {
    match until {
        Some(until) if end.is_none_or(|end| end > until) => Err(Error::forbidden(
            "An API key hands out no key that lives longer than itself. Choose an earlier end, or sign in.",
        )),
        _ => Ok(()),
    }
}

/// For what must not be done by a program: a stolen token must not be able to make itself a longer life.
pub(crate) fn in_browser(cx: &Cx) -> Result<()> {
    if cx.session().is_some() {
        return Ok(());
    }
    Err(Error::forbidden("This is done in the dashboard, signed in with a browser."))
}
