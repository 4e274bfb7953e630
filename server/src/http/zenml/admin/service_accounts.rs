//! Service accounts of an organization, and their keys.

use super::api_keys::{Changed, NewKey, Rotated, named};
use super::shape;
use crate::http::AppState;
use crate::http::zenml::answer::uncached;
use crate::http::zenml::asked::Asked;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use control::authz::{
    ServiceAccountCreate, ServiceAccountKeys, ServiceAccountManage, ServiceAccountRead, ServiceAccountSee,
};
use control::service_accounts::{NewServiceAccount, ServiceAccountChange};
use control::{Authorized, Error, Result};
use model::service_account::ServiceAccountQuery;
use model::{ApiKeyId, OrgRole};
use schemars::JsonSchema;
use serde::Deserialize;

/// The routes of this module.
pub fn routes() -> Router<AppState> {
    const ALL: &str = "/api/v1/organizations/{id_or_name}/service_accounts";
    let one_key = get(key).put(update_key).patch(update_key).delete(revoke_key);
    Router::new()
        .route(ALL, get(list).post(create))
        .route(&format!("{ALL}/{{account}}"), get(one).put(update).patch(update).delete(remove))
        .route(&format!("{ALL}/{{account}}/api_keys"), get(keys).post(create_key))
        .route(&format!("{ALL}/{{account}}/api_keys/{{key}}"), one_key)
        .route(&format!("{ALL}/{{account}}/api_keys/{{key}}/rotate"), post(rotate_key).put(rotate_key))
}

/// The service accounts, by name. Right: `organization_service_account.read`.
async fn list(Path(org): Path<String>, asked: Asked) -> Response {
    let result = async {
        let auth = asked.control.client_org_proof::<ServiceAccountRead>(&asked.cx, &org).await?;
        let (cursor, limit) = asked.page()?;
        let orphans = asked.value("orphans")?.unwrap_or(false);
        let query = ServiceAccountQuery { search: asked.value("search")?, orphans, cursor };
        let page = asked.control.service_accounts_page(&auth, &query, limit).await?;
        Ok(page.map(|account| shape::service_account(auth.scope(), &account)))
    };
    asked.answer_page(result.await)
}

/// A service account to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    username: String,
    #[serde(default)]
    description: String,
    role: Option<OrgRole>,
    /// A principal, an address, a username or a team's name; whoever asks unless it is said.
    #[serde(default)]
    owner: String,
}

/// Makes a service account. Right: `organization_service_account.manage`.
async fn create(Path(org): Path<String>, asked: Asked) -> Response {
    let result = async {
        let auth = asked.control.client_org_proof::<ServiceAccountCreate>(&asked.cx, &org).await?;
        let new: NewAccount = asked.body()?;
        let role = new.role.unwrap_or(OrgRole::Member);
        let new = NewServiceAccount::parse(&new.username, &new.description, role, &new.owner)?;
        let made = asked.control.create_service_account(&auth, &new).await?;
        Ok(shape::service_account(auth.scope(), &made))
    };
    asked.answer(result.await)
}

/// One service account. Right: `organization_service_account.read`, or to answer for it.
async fn one(Path((org, account)): Path<(String, String)>, asked: Asked) -> Response {
    let result = async {
        let auth = asked.control.service_account_proof(&asked.cx, &org, &account).await?;
        let detail = asked.control.service_account(&auth).await?;
        Ok(shape::service_account(auth.org(), &detail.account))
    };
    asked.answer(result.await)
}

/// What is to be changed; what is not there stays.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountChange {
    description: Option<String>,
    role: Option<OrgRole>,
    owner: Option<String>,
    active: Option<bool>,
}

/// Changes a service account. Right: `organization_service_account.manage`.
async fn update(Path((org, account)): Path<(String, String)>, asked: Asked) -> Response {
    let result = async {
        let auth =
            asked.control.service_account_proof::<ServiceAccountManage>(&asked.cx, &org, &account).await?;
        let change: AccountChange = asked.body()?;
        let both = change.active.is_some()
            && (change.description.is_some() || change.role.is_some() || change.owner.is_some());
        if both {
            // Two operations, of which the second could be refused after the first was done.
            return Err(Error::invalid("active", "Switch the account off or on in a request of its own."));
        }
        let changed = if let Some(active) = change.active {
            asked.control.set_service_account_active(&auth, active).await?
        } else {
            let change = ServiceAccountChange {
                description: change.description,
                role: change.role,
                owner: change.owner,
            };
            asked.control.update_service_account(&auth, &change).await?
        };
        Ok(shape::service_account(auth.org(), &changed))
    };
    asked.answer(result.await)
}

/// Deletes a service account with its keys and roles. Right: `organization_service_account.manage`.
async fn remove(Path((org, account)): Path<(String, String)>, asked: Asked) -> Response {
    let result = async {
        let auth = asked.control.service_account_proof(&asked.cx, &org, &account).await?;
        asked.control.delete_service_account(&auth).await
    };
    asked.answer(result.await)
}

/// Its keys, newest first. Right: `organization_service_account.read`, or to answer for it.
async fn keys(Path((org, account)): Path<(String, String)>, asked: Asked) -> Response {
    let result = async {
        let auth =
            asked.control.service_account_proof::<ServiceAccountSee>(&asked.cx, &org, &account).await?;
        let all = asked.control.service_account_keys(&auth).await?;
        Ok(all.iter().map(shape::api_key).collect::<Vec<_>>())
    };
    asked.answer(result.await)
}

/// Makes a key; the answer holds it, once. Right: `organization_service_account.keys`, or to answer for the account.
async fn create_key(Path((org, account)): Path<(String, String)>, asked: Asked) -> Response {
    let result = async {
        let auth = asked.control.service_account_proof(&asked.cx, &org, &account).await?;
        let new: NewKey = asked.body()?;
        let made = asked.control.create_service_account_key(&auth, &new.parsed()?).await?;
        Ok(shape::api_key_secret(&made))
    };
    uncached(asked.answer(result.await))
}

/// One key. Right: `organization_service_account.read`, or to answer for the account.
async fn key(Path((org, account, key)): Path<(String, String, String)>, asked: Asked) -> Response {
    let result = async {
        let auth =
            asked.control.service_account_proof::<ServiceAccountSee>(&asked.cx, &org, &account).await?;
        Ok(shape::api_key(named(&asked.control.service_account_keys(&auth).await?, &key)?))
    };
    asked.answer(result.await)
}

/// Renames a key, or switches it off or on. Right: `organization_service_account.keys`, or to answer for the account.
async fn update_key(Path((org, account, key)): Path<(String, String, String)>, asked: Asked) -> Response {
    let result = async {
        let (auth, id) = one_key(&asked, &org, &account, &key).await?;
        let change: Changed = asked.body()?;
        Ok(shape::api_key(&asked.control.update_service_account_key(&auth, id, &change.into()).await?))
    };
    asked.answer(result.await)
}

/// Gives a key another secret. Right: `organization_service_account.keys`, or to answer for the account.
async fn rotate_key(Path((org, account, key)): Path<(String, String, String)>, asked: Asked) -> Response {
    let result = async {
        let (auth, id) = one_key(&asked, &org, &account, &key).await?;
        let rotated: Rotated = asked.body()?;
        let overlap = rotated.retain_period_minutes;
        let made = asked.control.rotate_service_account_key(&auth, id, overlap).await?;
        Ok(shape::api_key_secret(&made))
    };
    uncached(asked.answer(result.await))
}

/// Revokes a key. Right: `organization_service_account.keys`, or to answer for the account.
async fn revoke_key(Path((org, account, key)): Path<(String, String, String)>, asked: Asked) -> Response {
    let result = async {
        let (auth, id) = one_key(&asked, &org, &account, &key).await?;
        asked.control.revoke_service_account_key(&auth, id).await
    };
    asked.answer(result.await)
}

async fn one_key(
    asked: &Asked,
    org: &str,
    account: &str,
    key: &str,
) -> Result<(Authorized<ServiceAccountKeys>, ApiKeyId)> {
    let auth = asked.control.service_account_proof::<ServiceAccountKeys>(&asked.cx, org, account).await?;
    let id = named(&asked.control.service_account_keys(&auth).await?, key)?.id;
    Ok((auth, id))
}
