//! The register of workspaces: what people see of it and change in it.

mod blocks;
mod keys;

pub use keys::{MAX_OVERLAP_MIN, NewWorkspace};

use crate::Control;
use crate::access;
use crate::audit::Event;
use crate::authz::{
    Authorized, OrgRead, Right, Sees, Snapshot, Through, WorkspaceDelete, WorkspaceRead, WorkspaceUpdate,
};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::grants;
use model::audit::AuditAction;
use model::grant::Place;
use model::page::{PAGE_SIZE, Page};
use model::text::{DisplayName, Note};
use model::workspace::{
    EnrollmentKey, Health, TokenAlgorithm, WorkspaceCan, WorkspaceDetail, WorkspaceList, WorkspaceQuery,
    WorkspaceRow,
};
use model::{Level, OrgId, Permission, Timestamp, UserId, WorkspaceId};
use serde_json::{Value, json};
use store::workspaces::{Filter, Part, Workspace};

/// A workspace not heard of for longer is quiet. A ZenML server speaks only when somebody uses it, so this is no
/// failure.
pub const REPORTING_MS: i64 = 10 * 60 * 1000;

/// Grants and projects shown on a workspace's page.
const SHOWN: u32 = 500;

/// The strongest way in, for people: a role's name, or that it is only shares.
fn way_in(policy: &Snapshot, user: UserId, workspace: WorkspaceId, now: Timestamp) -> Option<String> {
    let standing = policy.standing(user, workspace, now)?;
    if !standing.enters() {
        return None;
    }
    let roles = policy.ways(user, Some(workspace), now).into_iter().filter_map(|way| {
        let role = match way {
            Through::Membership(role) => policy.role(role.into())?,
            Through::Grant { index, .. } => policy.role_of(policy.grant_at(index)),
            Through::Shares { .. } => return None,
        };
        let lets_in = role.rights.grants(Permission::WorkspaceEnter) || role.level == Level::Project;
        lets_in.then_some(role)
    });
    // Of predefined roles the wider reach comes first; a role that covers another is the stronger one.
    let strongest = roles.reduce(|best, role| {
        let wider = role.level < best.level || role.level == best.level && role.rights.covers(&best.rights);
        if wider { role } else { best }
    });
    Some(strongest.map_or_else(|| "Shared resources only".to_owned(), |role| role.name.clone()))
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

fn row(workspace: Workspace, your_role: Option<String>, now: Timestamp) -> WorkspaceRow {
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
        your_role,
    }
}

/// What is to change of a workspace; `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct WorkspaceChange {
    /// Its name for people.
    pub display_name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// With which algorithm tokens for it are signed.
    pub token_algorithm: Option<TokenAlgorithm>,
}

impl Control {
    /// The workspaces of an organization the caller has a part in, by identifier.
    pub async fn workspaces(
        &self,
        auth: &Authorized<OrgRead>,
        query: &WorkspaceQuery,
    ) -> Result<WorkspaceList> {
        let viewer = auth.user().ok_or_else(Error::not_found)?;
        let policy = self.policy(auth.scope()).await?.ok_or_else(Error::not_found)?;
        let seen = [part(&policy, viewer, auth.now(), false)];
        let filter = Filter {
            search: query.search.as_deref().map(str::trim).filter(|text| !text.is_empty()),
            status: query.status,
            after: query.cursor.as_deref(),
            ..Filter::of(&seen, PAGE_SIZE + 1)
        };
        let mut tx = self.store().read().await?;
        let seen = store::workspaces::list(&mut tx, &filter).await?;
        let page = Page::cut(seen, PAGE_SIZE, |last| last.workspace.name.clone());
        let page = page.map(|seen| {
            let way = way_in(&policy, viewer, seen.workspace.id, auth.now());
            row(seen.workspace, way, auth.now())
        });
        let rights = policy.org_rights(viewer, auth.now()).unwrap_or_default();
        Ok(WorkspaceList { page, can_enroll: rights.grants(Permission::WorkspaceEnroll) })
    }

    /// The workspaces somebody has a part in or, with `entering`, may sign in to; of one organization or of all theirs.
    pub(crate) async fn visible(
        &self,
        auth: &Authorized<impl Right<Scope = UserId>>,
        org: Option<OrgId>,
        entering: bool,
    ) -> Result<Vec<Part>> {
        let policies = match org {
            Some(org) => self.policy(org).await?.into_iter().collect(),
            None => self.policies_of(auth.scope()).await?,
        };
        let only = auth.cx().actor().and_then(Actor::key).and_then(|key| key.workspace);
        let parts = policies.iter().map(|policy| {
            let all = part(policy, auth.scope(), auth.now(), entering);
            match only {
                Some(only) => narrowed(all, policy, only),
                None => all,
            }
        });
        Ok(parts.collect())
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
        let policy = self.policy_at(auth.scope()).await?.ok_or_else(Error::not_found)?;
        let mut tx = self.store().snapshot().await?;
        let workspace =
            store::workspaces::by_id(&mut tx, auth.scope()).await?.ok_or_else(Error::not_found)?;
        let org = store::orgs::by_id(&mut tx, workspace.org_id).await?.ok_or_else(Error::not_found)?;
        let standing = policy.standing(user, workspace.id, now).ok_or_else(Error::not_found)?;
        let can = WorkspaceCan {
            enter: standing.enters() && workspace.deactivated_at.is_none(),
            update: standing.grants(Permission::WorkspaceUpdate),
            keys: standing.grants(Permission::WorkspaceKeys),
            delete: standing.grants(Permission::WorkspaceDelete),
            grant: standing.grants(Permission::GrantManage),
        };
        let keys = if can.keys {
            store::workspaces::credentials(&mut tx, workspace.id, now).await?
        } else {
            Vec::new()
        };
        let party =
            store::openid::relying_party(&mut tx, workspace.id).await?.ok_or_else(Error::not_found)?;
        let mut detail = WorkspaceDetail {
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
            people: Vec::new(),
            people_total: 0,
            grants: Vec::new(),
            projects: Vec::new(),
            choices: None,
            can,
            token_algorithm: party.token_algorithm,
            sign_in: can.keys.then(|| self.sign_in_settings(&party)),
            api_url: self.settings().public_url.join("/api/v1"),
            just_made: None,
            row: row(workspace, way_in(&policy, user, auth.scope(), now), now),
        };
        if standing.grants(Permission::GrantRead) {
            let place = Place::Workspace(auth.scope());
            (detail.people, detail.people_total) =
                access::entrants(&mut tx, &policy, auth.scope(), None, now).await?;
            let grants = store::grants::of_workspace(&mut tx, org.id, auth.scope(), now, SHOWN).await?;
            detail.grants = grants.into_iter().map(grants::shown).collect();
            detail.projects = store::projects::list(&mut tx, auth.scope(), SHOWN).await?;
            if can.grant {
                detail.choices = Some(grants::choices(&mut tx, &policy, user, place, now).await?);
            }
        }
        Ok(detail)
    }

    /// Changes what is named of a workspace; its identifier never changes.
    pub async fn update_workspace(
        &self,
        auth: &Authorized<WorkspaceUpdate>,
        change: &WorkspaceChange,
    ) -> Result<()> {
        let name = change.display_name.as_deref().map(DisplayName::parse).transpose();
        let name = name.map_err(|e| Error::invalid("display_name", e.0))?;
        let note = change.description.as_deref().map(Note::parse).transpose();
        let note = note.map_err(|e| Error::invalid("description", e.0))?;
        if let Some(algorithm) = change.token_algorithm {
            // Before any token needs it, so that its key is in the key set by then.
            self.ensure_signing_key(algorithm).await?;
        }
        let mut tx = self.writing(auth).await?;
        let before = store::workspaces::by_id(&mut tx, auth.scope()).await?.ok_or_else(Error::not_found)?;
        let party = store::openid::relying_party(&mut tx, before.id).await?.ok_or_else(Error::not_found)?;
        let signed_before = party.token_algorithm;
        let name = name.map_or_else(|| before.display_name.clone(), |name| name.to_string());
        let note = note.map_or_else(|| before.description.clone(), |note| note.to_string());
        let signed = change.token_algorithm.unwrap_or(signed_before);
        store::workspaces::update(&mut tx, before.id, &name, &note, auth.now()).await?;
        store::workspaces::set_token_algorithm(&mut tx, before.id, signed.as_str()).await?;
        let event = Event::of(AuditAction::WorkspaceUpdated)
            .on("workspace", before.id.uuid(), before.name)
            .before(told(&before.display_name, &before.description, signed_before))
            .after(told(&name, &note, signed));
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
        let mut tx = self.writing(auth).await?;
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
        let (mut tx, _) = self.changing(auth).await?;
        let workspace =
            store::workspaces::by_id(&mut tx, auth.scope()).await?.ok_or_else(Error::not_found)?;
        if typed_name.trim() != workspace.name {
            return Err(Error::invalid("confirm", format!("Type “{}” to delete it.", workspace.name)));
        }
        if !store::workspaces::delete(&mut tx, workspace.id, auth.now()).await? {
            return Err(Error::not_found());
        }
        store::workspaces::revoke_credentials(&mut tx, workspace.id, auth.now()).await?;
        let roles = store::grants::remove_all_of_workspace(&mut tx, workspace.id).await?;
        let shares = store::shares::remove_all_of_workspace(&mut tx, workspace.id).await?;
        store::projects::forget_all(&mut tx, workspace.id).await?;
        let event = Event::of(AuditAction::WorkspaceDeleted)
            .on("workspace", workspace.id.uuid(), workspace.name)
            .before(json!({ "display_name": workspace.display_name, "roles": roles, "shares": shares }));
        Ok(tx.commit(auth.audit(event)).await?)
    }
}

/// For the audit log.
fn told(name: &str, note: &str, signed: TokenAlgorithm) -> Value {
    json!({ "display_name": name, "description": note, "token_algorithm": signed })
}

/// What is left of it for a key that is limited to one workspace.
fn narrowed(part: Part, policy: &Snapshot, only: WorkspaceId) -> Part {
    let there = match part {
        Part::All(_) => policy.has_workspace(only),
        Part::Some(some) => some.contains(&only),
    };
    Part::Some(if there { vec![only] } else { Vec::new() })
}

/// The part of an organization's workspaces that somebody sees or, with `entering`, may sign in to.
pub(crate) fn part(policy: &Snapshot, user: UserId, now: Timestamp, entering: bool) -> Part {
    let enters = |workspace: &WorkspaceId| {
        !entering || policy.standing(user, *workspace, now).is_some_and(|standing| standing.enters())
    };
    match policy.sees(user, now) {
        Sees::All => {
            let rights = policy.org_rights(user, now).unwrap_or_default();
            if !entering || rights.grants(Permission::WorkspaceEnter) {
                return Part::All(policy.org);
            }
            let mut some: Vec<WorkspaceId> = policy.workspaces().filter(enters).collect();
            some.sort_unstable();
            Part::Some(some)
        }
        Sees::Some(some) => Part::Some(some.into_iter().filter(enters).collect()),
    }
}
