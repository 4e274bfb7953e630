//! API keys: one's own, which are personal access tokens. Also the bodies that keys of service accounts have in common
//! with them.

use super::shape;
use crate::http::AppState;
use crate::http::zenml::answer::uncached;
use crate::http::zenml::asked::Asked;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use control::Error;
use control::api_keys::{KeyChange, NewApiKey};
use model::WorkspaceId;
use model::api_key::ApiKey;
use schemars::JsonSchema;
use serde::Deserialize;

/// The routes of this module.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/users/me/api_keys", get(list))
        .route("/api/v1/users/me/api_keys/{id}", get(one).patch(update).put(update).delete(revoke))
        .route("/api/v1/users/me/api_keys/{id}/rotate", post(rotate).put(rotate))
}

/// A key to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    name: String,
    #[serde(default)]
    description: String,
    expires_in_minutes: Option<u32>,
    #[serde(default)]
    scopes: Vec<String>,
    workspace_id: Option<WorkspaceId>,
}

impl NewKey {
    /// The same, parsed.
    pub fn parsed(&self) -> control::Result<NewApiKey> {
        NewApiKey::for_minutes(&self.name, self.expires_in_minutes)?
            .described(&self.description)?
            .limited(self.scopes.iter().map(String::as_str), self.workspace_id)
    }
}

/// What is to be changed; what is not there stays.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Changed {
    name: Option<String>,
    description: Option<String>,
    active: Option<bool>,
}

impl From<Changed> for KeyChange {
    fn from(changed: Changed) -> Self {
        Self { name: changed.name, description: changed.description, active: changed.active }
    }
}

/// How long the secret before works beside the new one.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rotated {
    /// In minutes; none unless it is said.
    #[serde(default)]
    pub retain_period_minutes: u32,
}

/// A key by its id or its name. Of several of one name the newest that works is meant.
pub fn named<'k>(keys: &'k [ApiKey], id_or_name: &str) -> control::Result<&'k ApiKey> {
    let by_id = id_or_name.parse().ok().and_then(|id| keys.iter().find(|key| key.id == id));
    let by_name = || keys.iter().find(|key| key.name == id_or_name && key.revoked_at.is_none());
    by_id.or_else(by_name).ok_or_else(Error::not_found)
}

/// One's own keys, newest first. Right: `self.manage`.
async fn list(asked: Asked) -> Response {
    let result = async {
        let me = asked.control.myself(&asked.cx).await?;
        Ok(asked.control.api_keys(&me).await?.iter().map(shape::api_key).collect::<Vec<_>>())
    };
    asked.answer(result.await)
}

/// One of one's own keys. Right: `self.manage`.
async fn one(Path(id): Path<String>, asked: Asked) -> Response {
    let result = async {
        let me = asked.control.myself(&asked.cx).await?;
        Ok(shape::api_key(named(&asked.control.api_keys(&me).await?, &id)?))
    };
    asked.answer(result.await)
}

/// Renames a key of one's own, or switches it off or on. Right: `self.manage`.
async fn update(Path(id): Path<String>, asked: Asked) -> Response {
    let result = async {
        let me = asked.control.myself(&asked.cx).await?;
        let id = named(&asked.control.api_keys(&me).await?, &id)?.id;
        let auth = asked.control.my_keys(&asked.cx).await?;
        let change: Changed = asked.body()?;
        Ok(shape::api_key(&asked.control.update_api_key(&auth, id, &change.into()).await?))
    };
    asked.answer(result.await)
}

/// Gives a key of one's own another secret; by that very key. Right: `self.manage`.
async fn rotate(Path(id): Path<String>, asked: Asked) -> Response {
    let result = async {
        let me = asked.control.myself(&asked.cx).await?;
        let id = named(&asked.control.api_keys(&me).await?, &id)?.id;
        let auth = asked.control.my_keys(&asked.cx).await?;
        let rotated: Rotated = asked.body()?;
        let made = asked.control.rotate_api_key(&auth, id, rotated.retain_period_minutes).await?;
        Ok(shape::api_key_secret(&made))
    };
    uncached(asked.answer(result.await))
}

/// Revokes a key of one's own. Right: `self.manage`.
async fn revoke(Path(id): Path<String>, asked: Asked) -> Response {
    let result = async {
        let me = asked.control.myself(&asked.cx).await?;
        let id = named(&asked.control.api_keys(&me).await?, &id)?.id;
        let auth = asked.control.my_keys(&asked.cx).await?;
        asked.control.revoke_api_key(&auth, id).await
    };
    asked.answer(result.await)
}
