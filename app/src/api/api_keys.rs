//! API keys.

use super::Error;
use leptos::prelude::*;
use model::ApiKeyId;
use model::api_key::{ApiKeyList, ApiKeySecret};

/// One's own tokens, without their secrets. Right: `self.manage`.
#[server(prefix = "/api/fn", endpoint = "api_keys/list")]
pub async fn list_api_keys() -> Result<ApiKeyList, Error> {
    let caller = super::caller()?;
    let auth = caller.myself().await?;
    let api_url = caller.control.settings().public_url.join("/api/v1");
    Ok(ApiKeyList { keys: caller.control.api_keys(&auth).await?, api_url })
}

/// Makes a token and returns it, this once. Right: `self.manage`, in a browser. `expiry` is `30`, `90` or `365`
/// days, `never`, or `date` with the last day it shall work as `date`.
#[server(prefix = "/api/fn", endpoint = "api_keys/create_secret")]
pub async fn create_api_key_secret(
    name: String,
    expiry: String,
    #[server(default)] date: String,
) -> Result<ApiKeySecret, Error> {
    let caller = super::caller()?;
    super::can_show_a_secret()?;
    let auth = caller.myself().await?;
    let new = control::api_keys::NewApiKey::parse(&name, &expiry, &date)?;
    Ok(caller.control.create_api_key(&auth, &new).await?)
}

/// Revokes one of one's own tokens. Right: `self.manage`.
#[server(prefix = "/api/fn", endpoint = "api_keys/revoke")]
pub async fn revoke_api_key(id: ApiKeyId) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.myself().await?;
    Ok(caller.control.revoke_api_key(&auth, id).await?)
}
