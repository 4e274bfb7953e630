//! API keys: one's own, which are called personal access tokens, and what an organization allows of all of them.

use super::{Described, Error};
use leptos::prelude::*;
use model::api_key::{ApiKeyList, ApiKeySecret, KeyPolicy};
use model::{ApiKeyId, OrgId};
use serde::{Deserialize, Serialize};

/// One's own keys, without their secrets. Right: `self.manage`.
#[server(prefix = "/api/fn", endpoint = "api_keys/list", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn list_api_keys() -> Result<ApiKeyList, Error> {
    let caller = super::caller()?;
    let auth = caller.myself().await?;
    Ok(caller.control.api_key_list(&auth).await?)
}

/// Makes a key and returns it, this once. Right: `self.manage`, freshly signed in, in a browser. `expiry` is `30`, `90`
/// or `365` days, `never`, or `date` with the last day it shall work as `date`. `scopes` are names of permissions, none
/// for no limit; a form says with `limit` whether they count: `all`, `enter` or `chosen`.
#[server(prefix = "/api/fn", endpoint = "api_keys/create_secret", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn create_api_key_secret(
    name: String,
    expiry: String,
    #[server(default)] date: String,
    #[server(default)] limit: String,
    #[server(default)] scopes: Vec<String>,
    #[server(default)] workspace: String,
) -> Result<ApiKeySecret, Error> {
    let caller = super::caller()?;
    super::can_show_a_secret()?;
    let auth = caller.my_keys().await?;
    let scopes = control::api_keys::chosen_scopes(&limit, &scopes)?;
    let new = control::api_keys::NewApiKey::parse(&name, &expiry, &date)?
        .limited(scopes, control::api_keys::one_workspace(&workspace)?)?;
    Ok(caller.control.create_api_key(&auth, &new).await?)
}

/// Gives one of one's own keys another secret and returns it, this once; the one before works for so many minutes more.
/// Right: `self.manage`, freshly signed in, in a browser, or by that very key.
#[server(prefix = "/api/fn", endpoint = "api_keys/rotate_secret", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn rotate_api_key_secret(
    id: ApiKeyId,
    #[server(default)] overlap_min: u32,
) -> Result<ApiKeySecret, Error> {
    let caller = super::caller()?;
    super::can_show_a_secret()?;
    let auth = caller.my_keys().await?;
    Ok(caller.control.rotate_api_key(&auth, id, overlap_min).await?)
}

/// Switches one of one's own keys off or on. Right: `self.manage`, freshly signed in.
#[server(prefix = "/api/fn", endpoint = "api_keys/set_active", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn set_api_key_active(id: ApiKeyId, active: bool) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.my_keys().await?;
    let change = control::api_keys::KeyChange { active: Some(active), ..Default::default() };
    caller.control.update_api_key(&auth, id, &change).await?;
    Ok(())
}

/// Revokes one of one's own keys. Right: `self.manage`, freshly signed in.
#[server(prefix = "/api/fn", endpoint = "api_keys/revoke", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn revoke_api_key(id: ApiKeyId) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.my_keys().await?;
    Ok(caller.control.revoke_api_key(&auth, id).await?)
}

/// What an organization allows of the keys of its members. Right: `organization.read`.
#[server(prefix = "/api/fn", endpoint = "api_keys/policy", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn get_key_policy(org: OrgId) -> Result<KeyPolicy, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::OrgRead>(org).await?;
    Ok(caller.control.key_policy(&auth).await?)
}

/// Sets it. `longest_days` is a number of days, or blank for no limit. Right: `organization.update`, freshly
/// signed in.
#[server(prefix = "/api/fn", endpoint = "api_keys/set_policy", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn set_key_policy(
    org: OrgId,
    #[server(default)] longest_days: String,
    #[server(default)] endless: bool,
    #[server(default)] raw_keys: bool,
) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::KeyPolicyManage>(org).await?;
    let longest_days = match longest_days.trim() {
        "" => None,
        text => Some(text.parse().map_err(|_| {
            control::Error::invalid("longest_days", "Enter a whole number of days, or nothing.")
        })?),
    };
    let policy = KeyPolicy { longest_days, endless, raw_keys };
    Ok(caller.control.set_key_policy(&auth, &policy).await?)
}
