//! Members of an organization: who they are, locking them, and how they leave.

use super::shape;
use crate::http::AppState;
use crate::http::zenml::asked::Asked;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use control::authz::{MemberRead, MemberRemove, OffboardingPrepare};
use control::offboarding::Offboarding;
use model::member::MemberQuery;
use schemars::JsonSchema;
use serde::Deserialize;

/// The routes of this module.
pub fn routes() -> Router<AppState> {
    const ALL: &str = "/api/v1/organizations/{id_or_name}/members";
    Router::new()
        .route(ALL, get(list).delete(remove))
        .route(&format!("{ALL}/{{user}}/lock"), post(lock).delete(unlock))
        .route(&format!("{ALL}/{{user}}/offboarding"), get(preflight).post(offboard))
}

/// The members, by name. Right: `member.read`.
async fn list(Path(org): Path<String>, asked: Asked) -> Response {
    let result = async {
        let auth = asked.control.client_org_proof::<MemberRead>(&asked.cx, &org).await?;
        let (cursor, limit) = asked.page()?;
        let query = MemberQuery { search: asked.value("search")?, role: asked.value("role")?, cursor };
        let page = asked.control.members_page(&auth, &query, limit).await?;
        Ok(page.map(|member| shape::member(auth.scope(), &member)))
    };
    asked.answer_page(result.await)
}

/// Removes a member, with what they hold. Right: `member.remove`.
async fn remove(Path(org): Path<String>, asked: Asked) -> Response {
    let result = async {
        let auth = asked.control.client_org_proof::<MemberRemove>(&asked.cx, &org).await?;
        asked.control.remove_member(&auth, asked.needed("user_id")?).await
    };
    asked.answer(result.await)
}

/// Locks a member: nothing of theirs opens the organization, and all they hold stays. Right: `member.remove`.
async fn lock(Path((org, user)): Path<(String, String)>, asked: Asked) -> Response {
    let result = async {
        let auth = asked.control.client_org_proof::<MemberRemove>(&asked.cx, &org).await?;
        asked.control.lock_member(&auth, asked.id(&user)?).await
    };
    asked.answer(result.await)
}

/// Unlocks a member. Right: `member.remove`.
async fn unlock(Path((org, user)): Path<(String, String)>, asked: Asked) -> Response {
    let result = async {
        let auth = asked.control.client_org_proof::<MemberRemove>(&asked.cx, &org).await?;
        asked.control.unlock_member(&auth, asked.id(&user)?).await
    };
    asked.answer(result.await)
}

/// Everything a member holds, and its fingerprint. Right: `member.remove`.
async fn preflight(Path((org, user)): Path<(String, String)>, asked: Asked) -> Response {
    let result = async {
        let auth = asked.control.client_org_proof::<OffboardingPrepare>(&asked.cx, &org).await?;
        asked.control.offboarding(&auth, asked.id(&user)?).await
    };
    asked.answer(result.await)
}

/// What was decided after looking.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Decided {
    fingerprint: String,
    /// A principal, an address or a username.
    #[serde(default)]
    successor: String,
}

/// Ends all that was looked at, and hands over what nobody else looks after. Right: `member.remove`.
async fn offboard(Path((org, user)): Path<(String, String)>, asked: Asked) -> Response {
    let result = async {
        let auth = asked.control.client_org_proof::<MemberRemove>(&asked.cx, &org).await?;
        let user = asked.id(&user)?;
        let Decided { fingerprint, successor } = asked.body()?;
        let confirmed = asked.confirmed()?;
        let decided = Offboarding { fingerprint, successor, typed: None, confirmed };
        asked.control.offboard(&auth, user, &decided).await
    };
    asked.answer(result.await)
}
