//! Personal access tokens.

use super::Error;
use leptos::prelude::*;
use model::TokenId;
use model::token::{TokenList, TokenSecret};

/// One's own tokens, without their secrets. Right: `self.manage`.
#[server(prefix = "/api/fn", endpoint = "tokens/list")]
pub async fn list_tokens() -> Result<TokenList, Error> {
    let caller = super::caller()?;
    let auth = caller.myself().await?;
    let api_url = caller.control.settings().public_url.join("/api/v1");
    Ok(TokenList { tokens: caller.control.tokens(&auth).await?, api_url })
}

/// Makes a token and returns it, this once. Right: `self.manage`, in a browser. `expiry` is `30`, `90` or `365`
/// days, `never`, or `date` with the last day it shall work as `date`.
#[server(prefix = "/api/fn", endpoint = "tokens/create_secret")]
pub async fn create_token_secret(
    name: String,
    expiry: String,
    #[server(default)] date: String,
) -> Result<TokenSecret, Error> {
    let caller = super::caller()?;
    super::can_show_a_secret()?;
    let auth = caller.myself().await?;
    let new = control::tokens::NewToken::parse(&name, &expiry, &date)?;
    Ok(caller.control.create_token(&auth, &new).await?)
}

/// Revokes one of one's own tokens. Right: `self.manage`.
#[server(prefix = "/api/fn", endpoint = "tokens/revoke")]
pub async fn revoke_token(id: TokenId) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.myself().await?;
    Ok(caller.control.revoke_token(&auth, id).await?)
}
