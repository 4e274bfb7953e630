//! Service accounts: accounts of an organization for machines.
//!
//! A service account is an account like a person's, so that everything about roles, teams and shares is one and the same
//! for both. It has no identity, so it cannot sign in; it acts by its keys alone.

use crate::Control;
use crate::api_keys::holds_more;
use crate::audit::Event;
use crate::authz::{
    Authorized, Right, ServiceAccountCreate, ServiceAccountManage, ServiceAccountRead, ServiceAccountSee,
    Snapshot,
};
use crate::cx::Cx;
use crate::error::{Error, Result};
use crate::grants::{self, Giver};
use crate::members::search_text;
use crate::workspaces::part;
use crate::{devices, invitations};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::api_key::KeyChoices;
use model::audit::AuditAction;
use model::grant::{Place, Principal};
use model::page::{PAGE_SIZE, Page};
use model::service_account::{
    ServiceAccount, ServiceAccountCan, ServiceAccountDetail, ServiceAccountList, ServiceAccountQuery,
};
use model::text::{Note, Slug};
use model::{OrgId, OrgRole, Permission, Rights, ServiceAccountId, Timestamp, UserId};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::WriteTx;
use store::service_accounts::{Filter, NewServiceAccount as Row, OwnerId};
use store::users::{NameOf, User};

/// Service accounts an organization may have.
const AT_MOST: i64 = 1_000;

/// A service account to be made, parsed.
#[derive(Clone, Debug)]
pub struct NewServiceAccount {
    name: Slug,
    description: Note,
    role: OrgRole,
    owner: String,
}

impl NewServiceAccount {
    /// Parses what a person typed. `owner` names who answers for it, in the way in which grants name people and teams;
    /// a blank text means whoever makes it.
    pub fn parse(name: &str, description: &str, role: OrgRole, owner: &str) -> Result<Self> {
        let mut wrong = BTreeMap::new();
        let name = Slug::parse(name).map_err(|e| wrong.insert("name", e.0.to_owned()));
        if name.as_ref().is_ok_and(|name| uuid::Uuid::try_parse(name.as_str()).is_ok()) {
            wrong.insert("name", "Choose a name that does not look like an id.".to_owned());
        }
        let description = Note::parse(description).map_err(|e| wrong.insert("description", e.0.to_owned()));
        Error::invalid_fields(wrong)?;
        let (Ok(name), Ok(description)) = (name, description) else {
            return Err(Error::internal("a field was wrong and was not named"));
        };
        Ok(Self { name, description, role, owner: owner.to_owned() })
    }
}

/// What to change of a service account. What is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct ServiceAccountChange {
    /// What it is for.
    pub description: Option<String>,
    /// Its role in the organization.
    pub role: Option<OrgRole>,
    /// Who answers for it, named as for grants; a blank text for nobody.
    pub owner: Option<String>,
}

impl Control {
    /// A page of the service accounts, by name.
    pub async fn service_accounts(
        &self,
        auth: &Authorized<ServiceAccountRead>,
        query: &ServiceAccountQuery,
    ) -> Result<ServiceAccountList> {
        let page = self.service_accounts_page(auth, query, PAGE_SIZE).await?;
        let policy = self.policy(auth.scope()).await?.ok_or_else(Error::not_found)?;
        let rights = auth.user().and_then(|user| policy.org_rights(user, auth.now())).unwrap_or_default();
        Ok(ServiceAccountList { page, can_manage: rights.grants(Permission::ServiceAccountManage) })
    }

    /// The accounts alone, and a page of another size.
    pub async fn service_accounts_page(
        &self,
        auth: &Authorized<ServiceAccountRead>,
        query: &ServiceAccountQuery,
        limit: u32,
    ) -> Result<Page<ServiceAccount>> {
        let filter = Filter {
            search: search_text(query.search.as_deref())?,
            orphans: query.orphans,
            after: query.cursor.as_deref().map(read_cursor).transpose()?,
        };
        let mut tx = self.store().read().await?;
        let rows =
            store::service_accounts::list(&mut tx, auth.scope(), &filter, auth.now(), limit + 1).await?;
        Ok(Page::cut(rows, limit, |last| URL_SAFE_NO_PAD.encode(&last.name)))
    }

    /// One service account with its keys and what it holds.
    pub async fn service_account(
        &self,
        auth: &Authorized<ServiceAccountSee>,
    ) -> Result<ServiceAccountDetail> {
        let (org, id, now) = (auth.org(), auth.scope(), auth.now());
        let actor = auth.user().ok_or_else(Error::not_found)?;
        let policy = self.policy(org).await?.ok_or_else(Error::not_found)?;
        let mut tx = self.store().snapshot().await?;
        let account =
            store::service_accounts::by_id(&mut tx, org, id, now).await?.ok_or_else(Error::not_found)?;
        let principal = Principal::User(id.account());
        let held = store::grants::of_principal(&mut tx, org, principal, now).await?;
        let rights = policy.org_rights(actor, now).unwrap_or_default();
        let end_keys = rights.grants(Permission::ServiceAccountKeys) || policy.owns(actor, id) == Some(true);
        let can = ServiceAccountCan {
            manage: rights.grants(Permission::ServiceAccountManage),
            make_keys: end_keys
                && account.active
                && policy.beyond(id.account(), account.role, actor, now).is_none(),
            end_keys,
        };
        let choices = if can.make_keys {
            let enterable = [part(&policy, id.account(), now, true)];
            Some(KeyChoices {
                policy: store::api_keys::policy(&mut tx, org).await?,
                workspaces: devices::choices(&mut tx, &enterable).await?,
            })
        } else {
            None
        };
        Ok(ServiceAccountDetail {
            choices,
            keys: store::api_keys::of_user(&mut tx, id.account(), now).await?,
            teams: store::teams::of_user(&mut tx, org, id.account()).await?,
            grants: held.into_iter().map(grants::shown).collect(),
            can,
            api_url: self.settings().public_url.join("/api/v1"),
            account,
        })
    }

    /// The proof of a right in a service account, which programs name, with its organization, by id or by name.
    ///
    /// # Errors
    ///
    /// As [`Control::authorize`]; `not_found` for an account of another organization than the one that is named.
    pub async fn service_account_proof<R: Right<Scope = ServiceAccountId>>(
        &self,
        cx: &Cx,
        org: &str,
        account: &str,
    ) -> Result<Authorized<R>> {
        if cx.actor().is_none() {
            return Err(Error::unauthenticated());
        }
        let mut tx = self.store().read().await?;
        let org = match org.parse::<OrgId>() {
            Ok(id) => id,
            Err(_) => store::orgs::by_name(&mut tx, org).await?.ok_or_else(Error::not_found)?.id,
        };
        let account = match account.parse() {
            Ok(id) => id,
            Err(_) => {
                store::service_accounts::by_name(&mut tx, org, account).await?.ok_or_else(Error::not_found)?
            }
        };
        // Given back before the check asks for a connection of its own.
        drop(tx);
        let auth = self.authorize::<R>(cx, account).await?;
        if auth.org() == org { Ok(auth) } else { Err(Error::not_found()) }
    }

    /// Makes a service account. Its name is taken for good.
    ///
    /// # Errors
    ///
    /// `conflict` with the field `name` if a service account of the installation has or had it; `forbidden` for a role
    /// that allows more than the caller holds; `invalid` on `owner` for somebody outside the organization.
    pub async fn create_service_account(
        &self,
        auth: &Authorized<ServiceAccountCreate>,
        new: &NewServiceAccount,
    ) -> Result<ServiceAccount> {
        let (org, cx, now) = (auth.scope(), auth.cx(), auth.now());
        let actor = auth.user().ok_or_else(Error::unauthenticated)?;
        let (mut tx, policy) = self.changing(auth).await?;
        no_more_than_given(&policy, Giver::of(auth.cx())?, new.role, now)?;
        if store::service_accounts::count(&mut tx, org).await? >= AT_MOST {
            return Err(Error::conflict(format!(
                "An organization has at most {AT_MOST} service accounts. Delete one that is not needed."
            )));
        }
        let owner = match new.owner.trim() {
            // A machine answers for nothing.
            "" => (!policy.is_service_account(actor)).then_some(OwnerId::User(actor)),
            named => Some(owner(&mut tx, &policy, named).await?),
        };
        let id: UserId = cx.new_id();
        if !store::users::take_username(&mut tx, NameOf::ServiceAccount, new.name.as_str(), id, now).await? {
            return Err(Error::conflict("This name is taken.").and_field(
                "name",
                "A service account has or had this name. Workspaces would take the new one for it.",
            ));
        }
        let account = User {
            id,
            username: new.name.to_string(),
            name: new.name.to_string(),
            email: String::new(),
            is_service_account: true,
            created_at: now,
            deactivated_at: None,
        };
        store::users::insert(&mut tx, &account).await?;
        store::members::insert(&mut tx, org, &account, new.role, now).await?;
        let id = ServiceAccountId::from_uuid(id.uuid());
        let description = new.description.as_str();
        let row = Row { id, org, description, owner, created_by: actor, at: now };
        store::service_accounts::insert(&mut tx, &row).await?;
        let made = store::service_accounts::by_id(&mut tx, org, id, now)
            .await?
            .ok_or_else(|| Error::internal("a service account that was just made is not there"))?;
        let event = Event::of(AuditAction::ServiceAccountCreated)
            .on("service_account", id.uuid(), made.name.as_str())
            .after(told(&made));
        tx.commit(auth.audit(event)).await?;
        Ok(made)
    }

    /// Changes what a service account is for, its role in the organization, and who answers for it. Returns it as it is
    /// then.
    ///
    /// # Errors
    ///
    /// `forbidden` if the role it has, or the one it would have, allows more than the caller holds; `invalid` on `owner`
    /// for somebody outside the organization.
    pub async fn update_service_account(
        &self,
        auth: &Authorized<ServiceAccountManage>,
        change: &ServiceAccountChange,
    ) -> Result<ServiceAccount> {
        let (org, id, now) = (auth.org(), auth.scope(), auth.now());
        let actor = auth.user().ok_or_else(Error::unauthenticated)?;
        let (mut tx, policy) = self.changing(auth).await?;
        let old = known(&mut tx, auth).await?;
        let description = match &change.description {
            Some(text) => Note::parse(text).map_err(|e| Error::invalid("description", e.0))?.into_string(),
            None => old.description.clone(),
        };
        let owner = match change.owner.as_deref().map(str::trim) {
            Some("") => None,
            Some(named) => Some(owner(&mut tx, &policy, named).await?),
            None => old.owner.as_ref().map(|owner| match owner.principal() {
                Principal::Team(team) => OwnerId::Team(team),
                other => OwnerId::User(UserId::from_uuid(other.uuid())),
            }),
        };
        let mut sent = Vec::new();
        if let Some(role) = change.role.filter(|role| *role != old.role) {
            no_more_than_given(&policy, Giver::person(actor), old.role, now)?;
            no_more_than_given(&policy, Giver::of(auth.cx())?, role, now)?;
            store::members::set_role(&mut tx, org, id.account(), role).await?;
            let keeps = policy.role(role.into()).map(|role| role.rights).unwrap_or_default();
            sent = invitations::end_those_of(&mut tx, auth, &policy, id.account(), &keeps).await?;
        }
        store::service_accounts::update(&mut tx, id, &description, owner, now).await?;
        let new = known(&mut tx, auth).await?;
        if new.owner != old.owner {
            // Whoever answered before was told of keys that end; whoever does now was not.
            store::api_keys::forget_warnings(&mut tx, id.account()).await?;
        }
        if new == old {
            // Nothing to do, and nothing to write down: dropping the transaction undoes the counting.
            return Ok(old);
        }
        let event = Event::of(AuditAction::ServiceAccountUpdated)
            .on("service_account", id.uuid(), new.name.as_str())
            .before(told(&old))
            .after(told(&new));
        tx.commit_all(&[vec![auth.audit(event)], sent].concat()).await?;
        Ok(new)
    }

    /// Switches a service account off or on. While it is off its keys and the tokens made from them are refused, here
    /// and in workspaces, from the next request on; what it holds stays. Returns it as it is then.
    ///
    /// # Errors
    ///
    /// `forbidden` if it holds more than the caller.
    pub async fn set_service_account_active(
        &self,
        auth: &Authorized<ServiceAccountManage>,
        active: bool,
    ) -> Result<ServiceAccount> {
        let (id, now) = (auth.scope(), auth.now());
        let actor = auth.user().ok_or_else(Error::unauthenticated)?;
        let (mut tx, policy) = self.changing(auth).await?;
        let account = known(&mut tx, auth).await?;
        let changed = if active {
            store::users::reactivate(&mut tx, id.account(), now).await?
        } else {
            reaches(&policy, auth, &account, actor)?;
            store::users::deactivate(&mut tx, id.account(), now).await?
        };
        if !changed {
            return Ok(account);
        }
        if active {
            // What it holds is known of active accounts alone.
            reaches(&self.as_left_by(&mut tx, auth.org()).await?, auth, &account, actor)?;
        }
        let action = if active {
            AuditAction::ServiceAccountActivated
        } else {
            AuditAction::ServiceAccountDeactivated
        };
        let event = Event::of(action).on("service_account", id.uuid(), account.name);
        let after = known(&mut tx, auth).await?;
        tx.commit(auth.audit(event)).await?;
        Ok(after)
    }

    /// Deletes a service account with its keys, roles and shares. Its name stays taken.
    ///
    /// # Errors
    ///
    /// `forbidden` if it holds more than the caller.
    pub async fn delete_service_account(&self, auth: &Authorized<ServiceAccountManage>) -> Result<()> {
        self.end_account(auth, None).await
    }

    /// The same where its name has to be typed.
    ///
    /// # Errors
    ///
    /// `invalid` on `confirm` for another name.
    pub async fn delete_service_account_named(
        &self,
        auth: &Authorized<ServiceAccountManage>,
        typed_name: &str,
    ) -> Result<()> {
        self.end_account(auth, Some(typed_name)).await
    }

    async fn end_account(
        &self,
        auth: &Authorized<ServiceAccountManage>,
        typed_name: Option<&str>,
    ) -> Result<()> {
        let (org, id, now) = (auth.org(), auth.scope(), auth.now());
        let actor = auth.user().ok_or_else(Error::unauthenticated)?;
        let (mut tx, policy) = self.changing(auth).await?;
        let account = known(&mut tx, auth).await?;
        if typed_name.is_some_and(|typed| typed.trim() != account.name) {
            return Err(Error::invalid("confirm", format!("Type {} to confirm.", account.name)));
        }
        reaches(&policy, auth, &account, actor)?;
        // The account before its keys, as whoever notes their use takes them.
        store::api_keys::hold(&mut tx, id.account()).await?;
        let keys = store::api_keys::revoke_all_of_user(&mut tx, id.account(), now).await?;
        let rules = store::trust::delete_all_of_account(&mut tx, id, now).await?;
        let sent = invitations::end_those_of(&mut tx, auth, &policy, id.account(), &Rights::NONE).await?;
        store::members::remove(&mut tx, org, id.account()).await?;
        store::users::deactivate(&mut tx, id.account(), now).await?;
        store::service_accounts::delete(&mut tx, id, now).await?;
        let event = Event::of(AuditAction::ServiceAccountDeleted)
            .on("service_account", id.uuid(), account.name.as_str())
            .before(told(&account))
            .after(json!({ "keys_revoked": keys, "trust_rules_deleted": rules }));
        Ok(tx.commit_all(&[vec![auth.audit(event)], sent].concat()).await?)
    }
}

async fn known(tx: &mut WriteTx, auth: &Authorized<ServiceAccountManage>) -> Result<ServiceAccount> {
    store::service_accounts::by_id(tx, auth.org(), auth.scope(), auth.now())
        .await?
        .ok_or_else(Error::not_found)
}

/// Whoever answers for an account: a person of the organization, or a team.
async fn owner(tx: &mut WriteTx, policy: &Snapshot, named: &str) -> Result<OwnerId> {
    let on_owner = |error: Error| match error.fields().get("who") {
        Some(why) => Error::invalid("owner", why.clone()),
        None => error,
    };
    match grants::find(tx, policy.org, named).await.map_err(on_owner)? {
        Principal::User(user) if policy.is_service_account(user) => {
            Err(Error::invalid("owner", "A person or a team answers for a service account, not another one."))
        }
        Principal::User(user) if policy.member(user).is_some() => Ok(OwnerId::User(user)),
        Principal::Team(team) if policy.has_team(team) => Ok(OwnerId::Team(team)),
        Principal::User(_) | Principal::Team(_) => {
            Err(Error::invalid("owner", "There is nobody like that in this organization."))
        }
        Principal::Invitation(_) => {
            Err(Error::invalid("owner", "They have not accepted their invitation yet."))
        }
    }
}

/// Nobody gives or takes a role that allows more than they hold, or for longer.
fn no_more_than_given(policy: &Snapshot, giver: Giver, role: OrgRole, now: Timestamp) -> Result<()> {
    let place = Place::Org(policy.org);
    let role = policy.role(role.into()).ok_or_else(Error::not_found)?;
    grants::no_more_than_held(policy, giver, place, role, now)?;
    grants::no_longer_than_held(policy, giver, place, role, None)
}

/// Nobody ends, or brings back, an account that holds more than they do.
fn reaches(
    policy: &Snapshot,
    auth: &Authorized<ServiceAccountManage>,
    account: &ServiceAccount,
    actor: UserId,
) -> Result<()> {
    match policy.beyond(account.id.account(), account.role, actor, auth.now()) {
        Some(beyond) => Err(holds_more(policy, beyond)),
        None => Ok(()),
    }
}

/// A service account as the audit log tells of it.
fn told(account: &ServiceAccount) -> Value {
    json!({
        "description": account.description,
        "role": account.role,
        "owner": account.owner.as_ref().map(|owner| owner.principal().to_string()),
        "owner_name": account.owner.as_ref().map(|owner| owner.name().to_owned()),
    })
}

fn read_cursor(text: &str) -> Result<String> {
    let wrong = || Error::invalid("cursor", "This page does not exist. Begin at the first one.");
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| wrong())?;
    let name = String::from_utf8(bytes).map_err(|_| wrong())?;
    if name.is_empty() || name.contains('\0') { Err(wrong()) } else { Ok(name) }
}
