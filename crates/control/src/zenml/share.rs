//! Rights on single resources, given by people inside a workspace and kept here.

use crate::Control;
use crate::audit::Event;
use crate::authz::{Authorized, Standing, WorkspaceAct};
use crate::error::{Error, Result};
use model::audit::AuditAction;
use model::grant::ProjectPlace;
use model::policy::{Action, Resource, ResourceType};
use model::{ProjectId, TeamId, UserId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeSet;
use store::shares::{Share, With};
use uuid::Uuid;

/// Who may now do what to a resource. Replaces what they could before; no actions at all take it back.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct ShareRequest {
    /// The person; exactly one of person and team is named.
    #[serde(default)]
    pub user_id: Option<String>,
    /// The team.
    #[serde(default)]
    pub team_id: Option<String>,
    /// Who shares.
    pub sharing_user_id: String,
    /// What: `[<project>:]<type>/<id>`.
    pub resource: String,
    /// For doing what.
    pub actions: Vec<String>,
}

/// With whom a resource is shared, and for doing what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ResourceMember {
    /// The person; one of person and team is there.
    pub user_id: Option<UserId>,
    /// The team.
    pub team_id: Option<TeamId>,
    /// For doing what.
    pub actions: Vec<String>,
}

impl Control {
    /// With whom a resource of a workspace is shared.
    ///
    /// # Errors
    ///
    /// `invalid` on `resource` for what names no single resource.
    pub async fn resource_members(
        &self,
        auth: &Authorized<WorkspaceAct>,
        resource: &str,
    ) -> Result<Vec<ResourceMember>> {
        self.heard_of(auth);
        let (resource, id) = one_resource(resource)?;
        let mut tx = self.store().read().await?;
        let shares = store::shares::of_resource(&mut tx, auth.scope(), resource.kind, id).await?;
        let member = |(with, actions): (With, String)| {
            let (user_id, team_id) = match with {
                With::User(user) => (Some(user), None),
                With::Team(team) => (None, Some(team)),
            };
            let actions = actions.split_whitespace().map(str::to_owned).collect();
            ResourceMember { user_id, team_id, actions }
        };
        Ok(shares.into_iter().map(member).collect())
    }

    /// Shares a resource of a workspace, or takes a share back.
    ///
    /// The server has checked that whoever shares may, since it alone knows who owns what. Checked here again is what
    /// it cannot know: that both belong to the organization, and that the sharer has a part in the workspace.
    pub async fn set_resource_members(
        &self,
        auth: &Authorized<WorkspaceAct>,
        request: &ShareRequest,
    ) -> Result<()> {
        self.heard_of(auth);
        let target = target(request)?;
        let sharer: UserId = request
            .sharing_user_id
            .parse()
            .map_err(|_| Error::invalid("sharing_user_id", "Not a valid id."))?;
        if target == With::User(sharer) {
            return Err(Error::invalid("user_id", "Nobody shares a resource with themselves."));
        }
        let (resource, id) = one_resource(&request.resource)?;
        let actions = actions(&request.actions)?;

        // First, because it locks the organization: a removal of the member at the same time waits or has been.
        let (mut tx, policy) = self.changing(auth).await?;
        let standing = policy.standing(sharer, auth.scope(), auth.now()).filter(Standing::enters);
        if standing.is_none() {
            return Err(Error::forbidden("Only somebody who may enter the workspace can share in it."));
        }
        let before = store::shares::actions(&mut tx, auth.scope(), target, resource.kind, id).await?;
        if actions.is_empty() {
            if !store::shares::remove(&mut tx, auth.scope(), target, resource.kind, id).await? {
                return Ok(());
            }
        } else {
            // Whoever does not belong to the organization is as good as unknown.
            let known = match target {
                With::User(user) => policy.member(user).is_some(),
                With::Team(team) => policy.has_team(team),
            };
            if !known {
                return Err(Error::forbidden(
                    "Resources are shared with members and teams of the organization.",
                ));
            }
            let share = Share {
                resource_type: resource.kind.to_owned(),
                resource_id: id,
                project_id: resource.project.map(ProjectId::from_uuid),
                actions: actions.clone(),
            };
            if before.as_deref() == Some(share.actions.as_str()) {
                return Ok(());
            }
            store::shares::put(&mut tx, auth.scope(), target, &share, sharer, auth.now()).await?;
        }
        let (kind, whom) = match target {
            With::User(user) => ("user", user.uuid()),
            With::Team(team) => ("team", team.uuid()),
        };
        let event = Event::of(AuditAction::ShareUpdated)
            .on("resource", id, request.resource.as_str())
            .before(json!({ kind: whom, "actions": before }))
            .after(json!({ kind: whom, "actions": actions, "shared_by": sharer }));
        Ok(tx.commit(auth.audit(event)).await?)
    }

    /// Forgets the shares of resources that were deleted in the workspace; with a project, those of everything in it and
    /// the roles that were given in it.
    /// Texts that name no single resource are passed over: the server tells what is gone and asks nothing.
    pub async fn forget_resources(
        &self,
        auth: &Authorized<WorkspaceAct>,
        resources: &[String],
    ) -> Result<()> {
        self.heard_of(auth);
        let (mut tx, _) = self.changing(auth).await?;
        let (mut shares, mut grants, mut projects) = (0, 0, 0);
        for resource in resources.iter().filter_map(|text| Resource::parse(text)) {
            let Some(id) = resource.id else { continue };
            shares += store::shares::remove_resource(&mut tx, auth.scope(), resource.kind, id).await?;
            if resource.known() == Some(ResourceType::Project) {
                let place = ProjectPlace { workspace: auth.scope(), project: ProjectId::from_uuid(id) };
                shares += store::shares::remove_project(&mut tx, place.workspace, place.project).await?;
                grants += store::grants::remove_all_of_project(&mut tx, place).await?;
                projects += u32::from(store::projects::forget(&mut tx, place).await?);
            }
        }
        if shares + grants == 0 {
            // Dropping the transaction undoes the counting too: nobody's rights changed.
            return match projects {
                0 => Ok(()),
                _ => Ok(tx.commit_unaudited("nobody held anything in the project that is gone").await?),
            };
        }
        let workspace =
            store::workspaces::by_id(&mut tx, auth.scope()).await?.ok_or_else(Error::not_found)?;
        let event = Event::of(AuditAction::SharesDeleted)
            .on("workspace", workspace.id.uuid(), workspace.name)
            .before(json!({ "shares": shares, "grants": grants }));
        Ok(tx.commit(auth.audit(event)).await?)
    }
}

fn one_resource(text: &str) -> Result<(Resource<'_>, Uuid)> {
    let resource =
        Resource::parse(text).ok_or_else(|| Error::invalid("resource", "Not a resource of a workspace."))?;
    let id = resource.id.ok_or_else(|| Error::invalid("resource", "Name one resource, by its id."))?;
    Ok((resource, id))
}

fn target(request: &ShareRequest) -> Result<With> {
    match (&request.user_id, &request.team_id) {
        (Some(user), None) => {
            user.parse().map(With::User).map_err(|_| Error::invalid("user_id", "Not a valid id."))
        }
        (None, Some(team)) => {
            team.parse().map(With::Team).map_err(|_| Error::invalid("team_id", "Not a valid id."))
        }
        _ => Err(Error::invalid("user_id", "Name exactly one of user_id and team_id.")),
    }
}

/// The actions in one order and once each, separated by spaces.
fn actions(texts: &[String]) -> Result<String> {
    let known: BTreeSet<Action> = texts
        .iter()
        .map(|text| text.parse())
        .collect::<std::result::Result<_, _>>()
        .map_err(|_| Error::invalid("actions", "Not an action that can be shared."))?;
    Ok(known.into_iter().map(Action::as_str).collect::<Vec<_>>().join(" "))
}
