//! Rights on single resources, given by people inside a workspace and kept here.

use crate::Control;
use crate::audit::Event;
use crate::authz::{Authorized, WorkspaceAct};
use crate::error::{Error, Result};
use model::audit::AuditAction;
use model::policy::{Action, Resource, ResourceType};
use model::{ProjectId, UserId};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeSet;
use store::shares::Share;

/// Who may now do what to a resource. Replaces what they could before; no actions at all take it back.
#[derive(Clone, Debug, Deserialize)]
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

impl Control {
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
        if sharer == target {
            return Err(Error::invalid("user_id", "Nobody shares a resource with themselves."));
        }
        let resource = Resource::parse(&request.resource)
            .ok_or_else(|| Error::invalid("resource", "Not a resource of a workspace."))?;
        let id = resource.id.ok_or_else(|| Error::invalid("resource", "Name one resource, by its id."))?;
        let actions = actions(&request.actions)?;

        let mut tx = self.store().write().await?;
        // First, because it locks the organization: a removal of the member at the same time waits or has been.
        store::orgs::bump_policy_version(&mut tx, auth.org()).await?;
        let standing = store::grants::standing(&mut tx, auth.scope(), sharer, auth.now()).await?;
        let has_part = standing.is_some_and(|held| {
            held.org_role.is_some_and(|role| role.grants(model::Permission::WorkspaceEnter))
                || held.org_role.is_some() && (held.role.is_some() || held.has_share)
        });
        if !has_part {
            return Err(Error::forbidden("Only somebody who may enter the workspace can share in it."));
        }
        let before = store::shares::actions(&mut tx, auth.scope(), target, resource.kind, id).await?;
        if actions.is_empty() {
            if !store::shares::remove(&mut tx, auth.scope(), target, resource.kind, id).await? {
                return Ok(());
            }
        } else {
            // Whoever does not belong to the organization is as good as unknown.
            if store::members::role(&mut tx, auth.org(), target).await?.is_none() {
                return Err(Error::not_found());
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
        let event = Event::of(AuditAction::ShareUpdated)
            .on("resource", id, request.resource.as_str())
            .before(json!({ "user": target, "actions": before }))
            .after(json!({ "user": target, "actions": actions, "shared_by": sharer }));
        Ok(tx.commit(auth.audit(event)).await?)
    }

    /// Forgets the shares of resources that were deleted in the workspace; with a project, those of everything in it.
    /// Texts that name no single resource are passed over: the server tells what is gone and asks nothing.
    pub async fn forget_resources(
        &self,
        auth: &Authorized<WorkspaceAct>,
        resources: &[String],
    ) -> Result<()> {
        self.heard_of(auth);
        let mut tx = self.store().write().await?;
        let mut forgotten = 0;
        for resource in resources.iter().filter_map(|text| Resource::parse(text)) {
            let Some(id) = resource.id else { continue };
            forgotten += store::shares::remove_resource(&mut tx, auth.scope(), resource.kind, id).await?;
            if resource.kind == ResourceType::Project.as_str() {
                let project = ProjectId::from_uuid(id);
                forgotten += store::shares::remove_project(&mut tx, auth.scope(), project).await?;
            }
        }
        if forgotten == 0 {
            return Ok(());
        }
        store::orgs::bump_policy_version(&mut tx, auth.org()).await?;
        let workspace =
            store::workspaces::by_id(&mut tx, auth.scope()).await?.ok_or_else(Error::not_found)?;
        let event = Event::of(AuditAction::SharesDeleted)
            .on("workspace", workspace.id.uuid(), workspace.name)
            .before(json!({ "shares": forgotten }));
        Ok(tx.commit(auth.audit(event)).await?)
    }
}

fn target(request: &ShareRequest) -> Result<UserId> {
    match (&request.user_id, &request.team_id) {
        (Some(user), None) => user.parse().map_err(|_| Error::invalid("user_id", "Not a valid id.")),
        // There are no teams yet, so no id names one.
        (None, Some(_)) => Err(Error::not_found()),
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
