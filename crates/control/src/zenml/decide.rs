//! May this person do that to these resources?
//!
//! The server asks while its own caller waits, several times per request and with up to ten thousand resources, so a
//! decision costs two indexed reads whatever the number of resources. Nothing is cached: a role or a share that was
//! taken is gone with the very next question, on every replica.

use crate::Control;
use crate::authz::{Authorized, WorkspaceAct};
use crate::error::Result;
use model::policy::{Action, Resource, ResourceType, org_role_allows, workspace_role_allows};
use model::{OrgRole, ProjectId, Timestamp, UserId, WorkspaceId, WorkspaceRole};
use std::collections::{HashMap, HashSet};
use store::shares::Share;
use uuid::Uuid;

/// Which resources of a type a person may act on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// All of them.
    pub full_access: bool,
    /// These; empty with full access.
    pub ids: Vec<Uuid>,
}

/// What one person holds in one workspace.
struct Rights {
    org_role: OrgRole,
    role: Option<WorkspaceRole>,
    shares: HashMap<Uuid, Vec<Share>>,
    /// Projects something in which was shared: to get to it, one has to see the project.
    projects: HashSet<Uuid>,
}

impl Rights {
    /// `None` if they have no part in the workspace: unknown, removed, closed, or a member with no role there.
    async fn of(
        control: &Control,
        workspace: WorkspaceId,
        user: UserId,
        now: Timestamp,
    ) -> Result<Option<Self>> {
        let mut tx = control.store().read().await?;
        let Some(standing) = store::grants::standing(&mut tx, workspace, user, now).await? else {
            return Ok(None);
        };
        let Some(org_role) = standing.org_role else {
            return Ok(None);
        };
        let shares = if standing.has_share {
            store::shares::of_user(&mut tx, workspace, user).await?
        } else {
            Vec::new()
        };
        let projects = shares.iter().filter_map(|share| share.project_id.map(ProjectId::uuid)).collect();
        let mut by_id: HashMap<Uuid, Vec<Share>> = HashMap::with_capacity(shares.len());
        for share in shares {
            by_id.entry(share.resource_id).or_default().push(share);
        }
        Ok(Some(Self { org_role, role: standing.role, shares: by_id, projects }))
    }

    fn by_role(&self, kind: Option<ResourceType>, action: Action) -> bool {
        org_role_allows(self.org_role, kind, action)
            || self.role.is_some_and(|role| workspace_role_allows(role, kind, action))
    }

    fn allows(&self, resource: &Resource<'_>, action: Action) -> bool {
        self.by_role(resource.kind.parse().ok(), action) || self.by_share(resource, action)
    }

    fn by_share(&self, resource: &Resource<'_>, action: Action) -> bool {
        let Some(id) = resource.id else {
            return false;
        };
        if sees_project(resource.kind, action) && self.projects.contains(&id) {
            return true;
        }
        self.shares.get(&id).is_some_and(|shares| {
            shares.iter().any(|share| {
                share.resource_type == resource.kind
                    && share.project_id.map(ProjectId::uuid) == resource.project
                    && share.allows(action.as_str())
            })
        })
    }

    fn shared_ids(&self, resource: &Resource<'_>, action: Action) -> Vec<Uuid> {
        let mut ids: HashSet<Uuid> = HashSet::new();
        if sees_project(resource.kind, action) {
            ids.extend(&self.projects);
        }
        ids.extend(self.shares.values().flatten().filter_map(|share| {
            let same = share.resource_type == resource.kind
                && share.project_id.map(ProjectId::uuid) == resource.project
                && share.allows(action.as_str());
            same.then_some(share.resource_id)
        }));
        let mut ids: Vec<Uuid> = ids.into_iter().collect();
        ids.sort_unstable();
        ids
    }
}

fn sees_project(kind: &str, action: Action) -> bool {
    kind == ResourceType::Project.as_str() && action == Action::Read
}

impl Control {
    /// One answer for each resource text, under that very text. Whatever is not known, be it the person, the action,
    /// or what the text means, is not allowed.
    pub async fn check_permissions(
        &self,
        auth: &Authorized<WorkspaceAct>,
        user: &str,
        action: &str,
        resources: Vec<String>,
    ) -> Result<HashMap<String, bool>> {
        self.heard_of(auth);
        let rights = self.rights(auth, user).await?;
        let decider = rights.as_ref().zip(action.parse::<Action>().ok());
        Ok(resources
            .into_iter()
            .map(|text| {
                let allowed = decider.is_some_and(|(rights, action)| {
                    Resource::parse(&text).is_some_and(|resource| rights.allows(&resource, action))
                });
                (text, allowed)
            })
            .collect())
    }

    /// Which resources of the type `resource` names (`[<project>:]<type>`) a person may act on.
    pub async fn allowed_resource_ids(
        &self,
        auth: &Authorized<WorkspaceAct>,
        user: &str,
        resource: &str,
        action: &str,
    ) -> Result<Allowed> {
        self.heard_of(auth);
        let (Ok(action), Some(resource)) = (action.parse::<Action>(), Resource::parse(resource)) else {
            return Ok(Allowed::default());
        };
        let Some(rights) = self.rights(auth, user).await? else {
            return Ok(Allowed::default());
        };
        if rights.by_role(resource.kind.parse().ok(), action) {
            return Ok(Allowed { full_access: true, ids: Vec::new() });
        }
        Ok(Allowed { full_access: false, ids: rights.shared_ids(&resource, action) })
    }

    async fn rights(&self, auth: &Authorized<WorkspaceAct>, user: &str) -> Result<Option<Rights>> {
        let Ok(user) = user.parse::<UserId>() else {
            return Ok(None);
        };
        Rights::of(self, auth.scope(), user, auth.now()).await
    }
}
