//! Teams.

use super::{Described, Error};
use leptos::prelude::*;
use model::grant::Principal;
use model::team::{TeamDetail, TeamList, TeamMade};
use model::{OrgId, TeamId};
use serde::{Deserialize, Serialize};

/// The teams of an organization the caller may see, by name. Right: `organization.read`.
#[server(prefix = "/api/fn", endpoint = "teams/list", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn list_teams(
    org: OrgId,
    search: Option<String>,
    cursor: Option<String>,
) -> Result<TeamList, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::OrgRead>(org).await?;
    let query = model::team::TeamQuery { search, cursor };
    Ok(caller.control.teams(&auth, &query).await?)
}

/// One team, with a page of its people. Right: `team.read`, which everybody in the team has.
#[server(prefix = "/api/fn", endpoint = "teams/one", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn get_team(team: TeamId, cursor: Option<String>) -> Result<TeamDetail, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::TeamRead>(team).await?;
    Ok(caller.control.team(&auth, cursor.as_deref()).await?)
}

/// Makes a team and goes to its page. Right: `team.manage`.
#[server(prefix = "/api/fn", endpoint = "teams/create", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn create_team(
    org: OrgId,
    #[server(default)] name: String,
    #[server(default)] description: String,
) -> Result<TeamMade, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::TeamCreate>(org).await?;
    let made = caller.control.create_team(&auth, &name, &description).await?;
    leptos_axum::redirect(&format!("/organizations/{org}/teams/{}", made.id));
    Ok(TeamMade { id: made.id })
}

/// Changes a team's name and description. Right: `team.manage`.
#[server(prefix = "/api/fn", endpoint = "teams/update", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn update_team(
    team: TeamId,
    #[server(default)] name: String,
    #[server(default)] description: String,
) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::TeamManage>(team).await?;
    let change = control::teams::TeamChange { name: Some(name), description: Some(description) };
    caller.control.update_team(&auth, &change).await?;
    Ok(())
}

/// Deletes a team whose name was typed, with what it holds, and goes back to the list. Right: `team.manage`.
#[server(prefix = "/api/fn", endpoint = "teams/delete", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn delete_team(org: OrgId, team: TeamId, #[server(default)] confirm: String) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::TeamManage>(team).await?;
    caller.control.delete_team(&auth, &confirm).await?;
    leptos_axum::redirect(&format!("/organizations/{org}/teams"));
    Ok(())
}

/// Puts somebody into a team: by address or username, or by the address of an open invitation. Right: `team.members`.
#[server(prefix = "/api/fn", endpoint = "teams/add_member", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn add_team_member(team: TeamId, #[server(default)] who: String) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::TeamMembers>(team).await?;
    Ok(caller.control.add_team_member(&auth, &who).await?)
}

/// Takes somebody out of a team. Right: `team.members`.
#[server(prefix = "/api/fn", endpoint = "teams/remove_member", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn remove_team_member(
    team: TeamId,
    principal: Principal,
    #[server(default)] confirmed: bool,
) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::TeamMembers>(team).await?;
    Ok(caller.control.remove_team_member(&auth, principal, confirmed).await?)
}

/// Makes somebody a maintainer of their team, or no longer. Right: `team.manage`.
#[server(prefix = "/api/fn", endpoint = "teams/set_maintainer", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn set_team_maintainer(
    team: TeamId,
    principal: Principal,
    #[server(default)] maintainer: bool,
) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::TeamManage>(team).await?;
    Ok(caller.control.set_team_maintainer(&auth, principal, maintainer).await?)
}
