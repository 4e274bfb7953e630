//! The register of workspaces: what people see of it and change in it.

mod blocks;
mod keys;

pub use keys::{MAX_OVERLAP_MIN, NewWorkspace};

use crate::Control;
use crate::audit::Event;
use crate::authz::{Authorized, OrgRead, WorkspaceDelete, WorkspaceRead, WorkspaceUpdate};
use crate::cx::Cx;
use crate::error::{Error, Result};
use model::audit::AuditAction;
use model::page::{PAGE_SIZE, Page};
use model::text::{DisplayName, Note};
use model::workspace::{
    EnrollmentKey, Health, WorkspaceCan, WorkspaceDetail, WorkspaceList, WorkspacePerson, WorkspaceQuery,
    WorkspaceRow,
};
use model::{OrgRole, Permission, Timestamp, WorkspaceRole};
use serde_json::json;
use store::workspaces::{Filter, Workspace};

/// A workspace not heard of for longer is quiet. A ZenML server speaks only when somebody uses it, so this is no
/// failure.
pub const REPORTING_MS: i64 = 10 * 60 * 1000;

/// People shown on a workspace's page; an organization may have a hundred thousand.
const PEOPLE: u32 = 500;

/// What the caller holds in a workspace.
#[derive(Clone, Copy, Debug)]
struct Held {
    org_role: Option<OrgRole>,
    role: Option<WorkspaceRole>,
    has_share: bool,
}

impl Held {
    fn grants(self, permission: Permission) -> bool {
        let Some(org_role) = self.org_role else {
            return false;
        };
        org_role.grants(permission) || self.role.is_some_and(|role| role.grants(permission))
    }

    /// The highest way in, for people.
    fn label(self) -> Option<String> {
        let label = match (self.org_role?, self.role) {
            (OrgRole::Admin, _) => OrgRole::Admin.label(),
            (OrgRole::Member, Some(role)) => role.label(),
            (OrgRole::Member, None) if self.has_share => "Shared resources only",
            (OrgRole::Member, None) => return None,
        };
        Some(label.to_owned())
    }
}

fn health(workspace: &Workspace, now: Timestamp) -> Health {
    if workspace.deactivated_at.is_some() {
        return Health::Off;
    }
    match (workspace.reported_at, workspace.last_seen_at) {
        (None, None) => Health::NeverReported,
        (_, Some(at)) if now.since_ms(at) < REPORTING_MS => Health::Reporting,
        _ => Health::Quiet,
    }
}

fn row(workspace: Workspace, held: Held, now: Timestamp) -> WorkspaceRow {
    WorkspaceRow {
        id: workspace.id,
        status: workspace.status(),
        health: health(&workspace, now),
        name: workspace.name,
        display_name: workspace.display_name,
        server_url: workspace.server_url,
        version: workspace.version,
        last_seen_at: workspace.last_seen_at,
        created_at: workspace.created_at,
        your_role: held.label(),
    }
}

impl Control {
    /// The workspaces of an organization the caller has a part in, by identifier.
    pub async fn workspaces(
        &self,
        auth: &Authorized<OrgRead>,
        query: &WorkspaceQuery,
    ) -> Result<WorkspaceList> {
        let viewer = auth.user().ok_or_else(Error::not_found)?;
        let filter = Filter {
            org: Some(auth.scope()),
            search: query.search.as_deref().map(str::trim).filter(|text| !text.is_empty()),
            status: query.status,
            after: query.cursor.as_deref(),
            ..Filter::of(viewer, auth.now(), PAGE_SIZE + 1)
        };
        let mut tx = self.store().read().await?;
        let seen = store::workspaces::list(&mut tx, &filter).await?;
        let role = store::members::role(&mut tx, auth.scope(), viewer).await?;
        let page = Page::cut(seen, PAGE_SIZE, |last| last.workspace.name.clone());
        let page = page.map(|seen| {
            let held = Held { org_role: seen.org_role, role: seen.role, has_share: seen.has_share };
            row(seen.workspace, held, auth.now())
        });
        Ok(WorkspaceList {
            page,
            can_enroll: role.is_some_and(|role| role.grants(Permission::WorkspaceEnroll)),
        })
    }

    /// The proof that the caller may see the workspace of this identifier, as links from a ZenML server name it.
    pub async fn workspace_named(&self, cx: &Cx, name: &str) -> Result<Authorized<WorkspaceRead>> {
        if cx.actor().is_none() {
            return Err(Error::unauthenticated());
        }
        let mut tx = self.store().read().await?;
        let found = store::workspaces::by_name(&mut tx, name).await?;
        // Given back before the check asks for a connection of its own.
        drop(tx);
        let workspace = found.ok_or_else(Error::not_found)?;
        self.authorize::<WorkspaceRead>(cx, workspace.id).await
    }

    /// One workspace, with what the caller may know and do.
    pub async fn workspace(&self, auth: &Authorized<WorkspaceRead>) -> Result<WorkspaceDetail> {
        let user = auth.user().ok_or_else(Error::not_found)?;
        let now = auth.now();
        let mut tx = self.store().snapshot().await?;
        let workspace =
            store::workspaces::by_id(&mut tx, auth.scope()).await?.ok_or_else(Error::not_found)?;
        let org = store::orgs::by_id(&mut tx, workspace.org_id).await?.ok_or_else(Error::not_found)?;
        let standing =
            store::grants::standing(&mut tx, workspace.id, user, now).await?.ok_or_else(Error::not_found)?;
        let held = Held { org_role: standing.org_role, role: standing.role, has_share: standing.has_share };
        let can = WorkspaceCan {
            enter: held.label().is_some() && workspace.deactivated_at.is_none(),
            update: held.grants(Permission::WorkspaceUpdate),
            keys: held.grants(Permission::WorkspaceKeys),
            delete: held.grants(Permission::WorkspaceDelete),
            grant: held.grants(Permission::GrantManage),
        };
        let keys = if can.keys {
            store::workspaces::credentials(&mut tx, workspace.id, now).await?
        } else {
            Vec::new()
        };
        let people = if held.grants(Permission::GrantRead) {
            store::grants::entrants(&mut tx, org.id, workspace.id, now, PEOPLE).await?
        } else {
            Vec::new()
        };
        Ok(WorkspaceDetail {
            description: workspace.description.clone(),
            org: org.id,
            org_name: org.display_name,
            reported_at: workspace.reported_at,
            keys: keys
                .into_iter()
                .map(|key| EnrollmentKey {
                    id: key.id,
                    hint: key.hint,
                    created_at: key.created_at,
                    expires_at: key.expires_at,
                    last_used_at: key.last_used_at,
                })
                .collect(),
            people: people
                .into_iter()
                .map(|person| WorkspacePerson {
                    user: person.user,
                    name: person.name,
                    email: person.email,
                    role: person.role,
                    grant: person.grant,
                    org_admin: person.org_role == Some(OrgRole::Admin),
                })
                .collect(),
            can,
            api_url: self.settings().public_url.join("/api/v1"),
            just_made: None,
            row: row(workspace, held, now),
        })
    }

    /// Changes a workspace's name for people and its description; its identifier never changes.
    pub async fn update_workspace(
        &self,
        auth: &Authorized<WorkspaceUpdate>,
        display_name: &str,
        description: &str,
    ) -> Result<()> {
        let name = DisplayName::parse(display_name).map_err(|e| Error::invalid("display_name", e.0))?;
        let note = Note::parse(description).map_err(|e| Error::invalid("description", e.0))?;
        let mut tx = self.store().write().await?;
        let before = store::workspaces::by_id(&mut tx, auth.scope()).await?.ok_or_else(Error::not_found)?;
        store::workspaces::update(&mut tx, before.id, name.as_str(), note.as_str(), auth.now()).await?;
        let event = Event::of(AuditAction::WorkspaceUpdated)
            .on("workspace", before.id.uuid(), before.name)
            .before(json!({ "display_name": before.display_name, "description": before.description }))
            .after(json!({ "display_name": name.as_str(), "description": note.as_str() }));
        Ok(tx.commit(auth.audit(event)).await?)
    }

    /// Switches a workspace off: nobody can sign in to it and its server's keys are refused, until it is switched on.
    pub async fn deactivate_workspace(&self, auth: &Authorized<WorkspaceDelete>) -> Result<()> {
        self.set_workspace_active(auth, false).await
    }

    /// Switches a workspace on again.
    pub async fn activate_workspace(&self, auth: &Authorized<WorkspaceDelete>) -> Result<()> {
        self.set_workspace_active(auth, true).await
    }

    async fn set_workspace_active(&self, auth: &Authorized<WorkspaceDelete>, active: bool) -> Result<()> {
        let mut tx = self.store().write().await?;
        let workspace =
            store::workspaces::by_id(&mut tx, auth.scope()).await?.ok_or_else(Error::not_found)?;
        if !store::workspaces::set_active(&mut tx, workspace.id, active, auth.now()).await? {
            return Err(Error::conflict(if active {
                "This workspace is active already."
            } else {
                "This workspace is deactivated already."
            }));
        }
        let action = if active { AuditAction::WorkspaceActivated } else { AuditAction::WorkspaceDeactivated };
        let event = Event::of(action)
            .on("workspace", workspace.id.uuid(), workspace.name)
            .before(json!({ "active": !active }))
            .after(json!({ "active": active }));
        Ok(tx.commit(auth.audit(event)).await?)
    }

    /// Removes a workspace from the register with its keys, roles and shares; what its server stores stays there.
    /// The identifier has to be typed, and stays taken: a server that still runs under it must not become another's.
    pub async fn delete_workspace(&self, auth: &Authorized<WorkspaceDelete>, typed_name: &str) -> Result<()> {
        let mut tx = self.store().write().await?;
        let workspace =
            store::workspaces::by_id(&mut tx, auth.scope()).await?.ok_or_else(Error::not_found)?;
        if typed_name.trim() != workspace.name {
            return Err(Error::invalid("confirm", format!("Type “{}” to delete it.", workspace.name)));
        }
        store::orgs::bump_policy_version(&mut tx, workspace.org_id).await?;
        if !store::workspaces::delete(&mut tx, workspace.id, auth.now()).await? {
            return Err(Error::not_found());
        }
        store::workspaces::revoke_credentials(&mut tx, workspace.id, auth.now()).await?;
        let roles = store::grants::remove_all_of_workspace(&mut tx, workspace.id).await?;
        let shares = store::shares::remove_all_of_workspace(&mut tx, workspace.id).await?;
        let event = Event::of(AuditAction::WorkspaceDeleted)
            .on("workspace", workspace.id.uuid(), workspace.name)
            .before(json!({ "display_name": workspace.display_name, "roles": roles, "shares": shares }));
        Ok(tx.commit(auth.audit(event)).await?)
    }
}
