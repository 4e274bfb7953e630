//! Service accounts, and their keys.

use super::{Described, Error};
use leptos::prelude::*;
use model::api_key::ApiKeySecret;
use model::service_account::{ServiceAccountDetail, ServiceAccountList};
use model::{ApiKeyId, OrgId, OrgRole, ServiceAccountId};
use serde::{Deserialize, Serialize};

/// The service accounts of an organization, by name. Right: `organization_service_account.read`.
#[server(prefix = "/api/fn", endpoint = "service_accounts/list", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn list_service_accounts(
    org: OrgId,
    search: Option<String>,
    #[server(default)] orphans: bool,
    cursor: Option<String>,
) -> Result<ServiceAccountList, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::ServiceAccountRead>(org).await?;
    let query = model::service_account::ServiceAccountQuery { search, orphans, cursor };
    Ok(caller.control.service_accounts(&auth, &query).await?)
}

/// One service account with its keys and what it holds. Right: `organization_service_account.read`, or to answer for it.
#[server(prefix = "/api/fn", endpoint = "service_accounts/one", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn get_service_account(account: ServiceAccountId) -> Result<ServiceAccountDetail, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::ServiceAccountSee>(account).await?;
    Ok(caller.control.service_account(&auth).await?)
}

/// Makes a service account and goes to its page. `owner` names who answers for it; blank for the caller. Right:
/// `organization_service_account.manage`.
#[server(prefix = "/api/fn", endpoint = "service_accounts/create", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn create_service_account(
    org: OrgId,
    #[server(default)] name: String,
    #[server(default)] description: String,
    role: OrgRole,
    #[server(default)] owner: String,
) -> Result<ServiceAccountId, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::ServiceAccountCreate>(org).await?;
    let new = control::service_accounts::NewServiceAccount::parse(&name, &description, role, &owner)?;
    let made = caller.control.create_service_account(&auth, &new).await?;
    leptos_axum::redirect(&format!("/organizations/{org}/service-accounts/{}", made.id));
    Ok(made.id)
}

/// Changes what a service account is for. Right: `organization_service_account.manage`.
#[server(prefix = "/api/fn", endpoint = "service_accounts/update", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn update_service_account(
    account: ServiceAccountId,
    #[server(default)] description: String,
) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::ServiceAccountManage>(account).await?;
    let change = control::service_accounts::ServiceAccountChange {
        description: Some(description),
        ..Default::default()
    };
    caller.control.update_service_account(&auth, &change).await?;
    Ok(())
}

/// Changes the role of a service account in the organization. Right: `organization_service_account.manage`; nobody gives
/// or takes more than they hold.
#[server(prefix = "/api/fn", endpoint = "service_accounts/set_role", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn set_service_account_role(account: ServiceAccountId, role: OrgRole) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::ServiceAccountManage>(account).await?;
    let change = control::service_accounts::ServiceAccountChange { role: Some(role), ..Default::default() };
    caller.control.update_service_account(&auth, &change).await?;
    Ok(())
}

/// Says who answers for a service account from now on; `owner` names them, blank for nobody. Right:
/// `organization_service_account.manage`.
#[server(prefix = "/api/fn", endpoint = "service_accounts/hand_over", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn hand_over_service_account(
    account: ServiceAccountId,
    #[server(default)] owner: String,
) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::ServiceAccountManage>(account).await?;
    let change = control::service_accounts::ServiceAccountChange { owner: Some(owner), ..Default::default() };
    caller.control.update_service_account(&auth, &change).await?;
    Ok(())
}

/// Switches a service account off or on. Right: `organization_service_account.manage`.
#[server(prefix = "/api/fn", endpoint = "service_accounts/set_active", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn set_service_account_active(account: ServiceAccountId, active: bool) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::ServiceAccountManage>(account).await?;
    caller.control.set_service_account_active(&auth, active).await?;
    Ok(())
}

/// Deletes a service account whose name was typed, with its keys and roles, and goes back to the list. Right:
/// `organization_service_account.manage`.
#[server(prefix = "/api/fn", endpoint = "service_accounts/delete", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn delete_service_account(
    org: OrgId,
    account: ServiceAccountId,
    #[server(default)] confirm: String,
) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::ServiceAccountManage>(account).await?;
    caller.control.delete_service_account_named(&auth, &confirm).await?;
    leptos_axum::redirect(&format!("/organizations/{org}/service-accounts"));
    Ok(())
}

/// Makes a key of a service account and returns it, this once. Life and limits as for one's own keys. Right:
/// `organization_service_account.keys`, or to answer for the account; and to hold all that it holds.
#[server(prefix = "/api/fn", endpoint = "service_accounts/create_key_secret", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn create_service_account_key_secret(
    account: ServiceAccountId,
    #[server(default)] name: String,
    #[server(default)] expiry: String,
    #[server(default)] date: String,
    #[server(default)] limit: String,
    #[server(default)] scopes: Vec<String>,
    #[server(default)] workspace: String,
) -> Result<ApiKeySecret, Error> {
    let caller = super::caller()?;
    super::can_show_a_secret()?;
    let auth = caller.authorize::<control::authz::ServiceAccountKeys>(account).await?;
    let scopes = control::api_keys::chosen_scopes(&limit, &scopes)?;
    let new = control::api_keys::NewApiKey::parse(&name, &expiry, &date)?
        .limited(scopes, control::api_keys::one_workspace(&workspace)?)?;
    Ok(caller.control.create_service_account_key(&auth, &new).await?)
}

/// Gives a key of a service account another secret and returns it, this once; the one before works for so many minutes
/// more. Right: as for making one.
#[server(prefix = "/api/fn", endpoint = "service_accounts/rotate_key_secret", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn rotate_service_account_key_secret(
    account: ServiceAccountId,
    id: ApiKeyId,
    #[server(default)] overlap_min: u32,
) -> Result<ApiKeySecret, Error> {
    let caller = super::caller()?;
    super::can_show_a_secret()?;
    let auth = caller.authorize::<control::authz::ServiceAccountKeys>(account).await?;
    Ok(caller.control.rotate_service_account_key(&auth, id, overlap_min).await?)
}

/// Switches a key of a service account off or on. Right: `organization_service_account.keys`, or to answer for the
/// account.
#[server(prefix = "/api/fn", endpoint = "service_accounts/set_key_active", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn set_service_account_key_active(
    account: ServiceAccountId,
    id: ApiKeyId,
    active: bool,
) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::ServiceAccountKeys>(account).await?;
    let change = control::api_keys::KeyChange { active: Some(active), ..Default::default() };
    caller.control.update_service_account_key(&auth, id, &change).await?;
    Ok(())
}

/// Revokes a key of a service account. Right: `organization_service_account.keys`, or to answer for the account.
#[server(prefix = "/api/fn", endpoint = "service_accounts/revoke_key", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn revoke_service_account_key(account: ServiceAccountId, id: ApiKeyId) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::ServiceAccountKeys>(account).await?;
    Ok(caller.control.revoke_service_account_key(&auth, id).await?)
}
