//! Members of an organization.

use super::shape;
use crate::http::AppState;
use crate::http::zenml::asked::Asked;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use control::authz::{MemberRead, MemberRemove};
use model::member::MemberQuery;

/// The routes of this module.
pub fn routes() -> Router<AppState> {
    Router::new().route("/api/v1/organizations/{id_or_name}/members", get(list).delete(remove))
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
