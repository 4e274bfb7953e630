//! Teams, and who is in them.

use super::shape;
use crate::http::AppState;
use crate::http::zenml::asked::Asked;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use control::authz::{OrgRead, TeamCreate, TeamManage, TeamMembers, TeamRead};
use model::OrgId;
use model::team::TeamQuery;
use schemars::JsonSchema;
use serde::Deserialize;

/// The routes of this module.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/organizations/{id_or_name}/teams", get(list))
        .route("/api/v1/teams", post(create))
        .route("/api/v1/teams/{id}", get(one).patch(update).delete(remove))
        .route("/api/v1/teams/{id}/members", get(members).post(add_member).delete(remove_member))
}

/// The teams the caller may see, by name. Right: `organization.read`.
async fn list(Path(org): Path<String>, asked: Asked) -> Response {
    let result = async {
        let auth = asked.control.client_org_proof::<OrgRead>(&asked.cx, &org).await?;
        let (cursor, limit) = asked.page()?;
        let query = TeamQuery { search: asked.value("search")?, cursor };
        let page = asked.control.teams_page(&auth, &query, limit).await?;
        Ok(page.map(|team| shape::team(auth.scope(), &team)))
    };
    asked.answer_page(result.await)
}

/// A team to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTeam {
    organization_id: Option<OrgId>,
    name: String,
    #[serde(default)]
    description: String,
}

/// Makes a team. Right: `team.manage`.
async fn create(asked: Asked) -> Response {
    let result = async {
        let new: NewTeam = asked.signed_in()?.body()?;
        let org = match new.organization_id {
            Some(org) => org,
            None => asked.control.only_org(&asked.cx).await?,
        };
        let auth = asked.control.authorize::<TeamCreate>(&asked.cx, org).await?;
        let made = asked.control.create_team(&auth, &new.name, &new.description).await?;
        Ok(shape::team(auth.scope(), &made))
    };
    asked.answer(result.await)
}

/// One team. Right: `team.read`.
async fn one(Path(team): Path<String>, asked: Asked) -> Response {
    let result = async {
        let auth = asked.control.authorize::<TeamRead>(&asked.cx, asked.id(&team)?).await?;
        let detail = asked.control.team(&auth, None).await?;
        Ok(shape::team(auth.org(), &detail.team))
    };
    asked.answer(result.await)
}

/// What is to be changed; what is not there stays.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamChange {
    name: Option<String>,
    description: Option<String>,
}

/// Changes a team's name and description. Right: `team.manage`.
async fn update(Path(team): Path<String>, asked: Asked) -> Response {
    let result = async {
        let auth = asked.control.authorize::<TeamManage>(&asked.cx, asked.id(&team)?).await?;
        let TeamChange { name, description } = asked.body()?;
        let change = control::teams::TeamChange { name, description };
        let changed = asked.control.update_team(&auth, &change).await?;
        Ok(shape::team(auth.org(), &changed))
    };
    asked.answer(result.await)
}

/// Deletes a team, with what it holds. Right: `team.manage`.
async fn remove(Path(team): Path<String>, asked: Asked) -> Response {
    let result = async {
        let auth = asked.control.authorize::<TeamManage>(&asked.cx, asked.id(&team)?).await?;
        asked.control.delete_team_by_id(&auth, asked.confirmed()?).await
    };
    asked.answer(result.await)
}

/// Who is in a team. Right: `team.read`.
async fn members(Path(team): Path<String>, asked: Asked) -> Response {
    let result = async {
        let auth = asked.control.authorize::<TeamRead>(&asked.cx, asked.id(&team)?).await?;
        let (cursor, limit) = asked.page()?;
        let page = asked.control.team_members(&auth, cursor.as_deref(), limit).await?;
        Ok(page.map(|member| shape::team_member(&member)))
    };
    asked.answer_page(result.await)
}

/// Puts a member or an open invitation into a team. Right: `team.members`.
async fn add_member(Path(team): Path<String>, asked: Asked) -> Response {
    let result = async {
        let auth = asked.control.authorize::<TeamMembers>(&asked.cx, asked.id(&team)?).await?;
        asked.control.add_team_member(&auth, &asked.someone()?.to_string()).await
    };
    asked.answer(result.await)
}

/// Takes somebody out of a team. Right: `team.members`.
async fn remove_member(Path(team): Path<String>, asked: Asked) -> Response {
    let result = async {
        let auth = asked.control.authorize::<TeamMembers>(&asked.cx, asked.id(&team)?).await?;
        asked.control.remove_team_member(&auth, asked.someone()?, asked.confirmed()?).await
    };
    asked.answer(result.await)
}
