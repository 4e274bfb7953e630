//! What scripts ask beyond the dashboard: roles by an id alone, whole lists by the page, and everything that somebody
//! holds in a place taken at once.

use crate::Control;
use crate::access;
use crate::audit::Event;
use crate::authz::{Authorized, GrantRead, InOrg, ProjectGrantRead, Right, RoleRead, SelfManage};
use crate::cx::Cx;
use crate::effects;
use crate::error::{Error, Result};
use crate::grants::{self, Giver, ManagesGrants};
use crate::members::{read_cursor, write_cursor};
use model::audit::AuditAction;
use model::grant::{Entrant, Grant, Place, Principal};
use model::page::Page;
use model::project::Project;
use model::role::{PermissionName, offered};
use model::{GrantId, Level, OrgId, ProjectId, RoleRef, WorkspaceId};
use std::collections::BTreeMap;

impl Control {
    /// The only organization of the caller.
    ///
    /// # Errors
    ///
    /// `invalid` on `organization_id` if there is none, or more than one.
    pub async fn only_org(&self, cx: &Cx) -> Result<OrgId> {
        let me = self.myself(cx).await?;
        match self.me(&me).await?.orgs.as_slice() {
            [only] => Ok(only.id),
            _ => Err(Error::invalid("organization_id", "Say in which organization.")),
        }
    }

    /// What custom roles are made of, and at which levels; with `level` only what is offered there.
    pub fn permissions(
        &self,
        _me: &Authorized<SelfManage>,
        level: Option<Level>,
    ) -> Vec<(PermissionName, Vec<Level>)> {
        let mut all: BTreeMap<PermissionName, Vec<Level>> = BTreeMap::new();
        for level in Level::GRANTED {
            for name in offered(level) {
                all.entry(name).or_default().push(level);
            }
        }
        let wanted = |levels: &[Level]| level.is_none_or(|level| levels.contains(&level));
        all.into_iter().filter(|(_, levels)| wanted(levels)).collect()
    }

    /// The organization of a role: a custom role's own; of a predefined one, which is in all of them, the one that is
    /// named, or else the caller's only one. A proof has to follow.
    pub async fn role_org(&self, cx: &Cx, role: RoleRef, named: Option<OrgId>) -> Result<OrgId> {
        match (role, named) {
            (RoleRef::Custom(id), named) => {
                let mut tx = self.store().read().await?;
                let own = store::roles::org_of(&mut tx, id).await?;
                own.filter(|own| named.is_none_or(|named| named == *own)).ok_or_else(Error::not_found)
            }
            (RoleRef::Predefined(_), Some(named)) => Ok(named),
            (RoleRef::Predefined(_), None) => self.only_org(cx).await,
        }
    }

    /// A page of the people who may enter a workspace, by name, and through what.
    pub async fn workspace_members(
        &self,
        auth: &Authorized<GrantRead>,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<Entrant>> {
        self.entrants_page(auth, auth.scope(), None, cursor, limit).await
    }

    /// A page of the people who may see a project, by name, and through what.
    ///
    /// # Errors
    ///
    /// `not_found` for a project Reeve does not know of.
    pub async fn project_members(
        &self,
        auth: &Authorized<ProjectGrantRead>,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<Entrant>> {
        let mut tx = self.store().read().await?;
        store::projects::by_id(&mut tx, auth.scope()).await?.ok_or_else(Error::not_found)?;
        drop(tx);
        let place = auth.scope();
        self.entrants_page(auth, place.workspace, Some(place.project), cursor, limit).await
    }

    async fn entrants_page<R: Right<Scope: InOrg>>(
        &self,
        auth: &Authorized<R>,
        workspace: WorkspaceId,
        project: Option<ProjectId>,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<Entrant>> {
        let after = cursor.map(read_cursor).transpose()?;
        let policy = self.policy(auth.org()).await?.ok_or_else(Error::not_found)?;
        let mut tx = self.store().snapshot().await?;
        let part = access::Part { after, most: limit as usize + 1 };
        let (people, _) =
            access::entrants_of(&mut tx, &policy, workspace, project, &part, auth.now()).await?;
        Ok(Page::cut(people, limit, |last| write_cursor(last.user, &last.name)))
    }

    /// Every role that was given in a workspace and its projects.
    pub async fn workspace_grants(&self, auth: &Authorized<GrantRead>) -> Result<Vec<Grant>> {
        let mut tx = self.store().read().await?;
        let all =
            store::grants::of_workspace(&mut tx, auth.org(), auth.scope(), auth.now(), u32::MAX).await?;
        Ok(all.into_iter().map(grants::shown).collect())
    }

    /// Every role that was given in a project.
    pub async fn project_grants(&self, auth: &Authorized<ProjectGrantRead>) -> Result<Vec<Grant>> {
        let mut tx = self.store().read().await?;
        store::projects::by_id(&mut tx, auth.scope()).await?.ok_or_else(Error::not_found)?;
        let all = store::grants::of_project(&mut tx, auth.org(), auth.scope(), auth.now(), u32::MAX).await?;
        Ok(all.into_iter().map(grants::shown).collect())
    }

    /// Every grant of a role in the organization, whatever its place.
    ///
    /// # Errors
    ///
    /// `not_found` if the organization has no such role.
    pub async fn role_grants(&self, auth: &Authorized<RoleRead>, role: RoleRef) -> Result<Vec<Grant>> {
        let mut tx = self.store().snapshot().await?;
        if let RoleRef::Custom(id) = role {
            store::roles::by_id(&mut tx, auth.scope(), id).await?.ok_or_else(Error::not_found)?;
        }
        let all = store::grants::of_role(&mut tx, auth.scope(), role, auth.now(), u32::MAX).await?;
        Ok(all.into_iter().map(grants::shown).collect())
    }

    /// Every project of a workspace Reeve knows of, the oldest first.
    pub async fn workspace_projects(&self, auth: &Authorized<GrantRead>) -> Result<Vec<Project>> {
        let mut tx = self.store().read().await?;
        Ok(store::projects::list(&mut tx, auth.scope(), u32::MAX).await?)
    }

    /// A grant in the place where the caller may give and take them.
    ///
    /// # Errors
    ///
    /// `not_found` for a grant of another place.
    pub async fn grant_here<R>(&self, auth: &Authorized<R>, grant: GrantId) -> Result<Grant>
    where
        R: Right<Scope: InOrg + Into<Place>> + ManagesGrants,
    {
        let here: Place = auth.scope().into();
        let mut tx = self.store().read().await?;
        store::grants::by_id(&mut tx, auth.org(), grant, auth.now())
            .await?
            .filter(|grant| grant.place == here)
            .map(grants::shown)
            .ok_or_else(Error::not_found)
    }

    /// Takes what a principal was given in exactly this place: one role, or with `None` all of them. All or nothing.
    ///
    /// # Errors
    ///
    /// `not_found` if they hold nothing of it here; `forbidden` if it allows more than the caller holds; `conflict` if
    /// the caller would lose something themselves and did not confirm.
    pub async fn revoke_from<R>(
        &self,
        auth: &Authorized<R>,
        principal: Principal,
        role: Option<RoleRef>,
        confirmed: bool,
    ) -> Result<()>
    where
        R: Right<Scope: InOrg + Into<Place>> + ManagesGrants,
    {
        let actor = auth.user().ok_or_else(Error::unauthenticated)?;
        let here: Place = auth.scope().into();
        let (mut tx, policy) = self.changing(auth).await?;
        let held: Vec<(GrantId, &crate::authz::Role)> = policy
            .granted_to(principal, auth.now())
            .filter(|held| held.place(policy.org) == here)
            .map(|held| (held.grant, policy.role_of(held)))
            .filter(|(_, held)| role.is_none_or(|role| role == held.role))
            .collect();
        if held.is_empty() {
            return Err(Error::not_found());
        }
        let ids: Vec<GrantId> = held.iter().map(|(grant, _)| *grant).collect();
        let mut taken = Vec::with_capacity(held.len());
        for (grant, role) in held {
            grants::no_more_than_held(&policy, Giver::person(actor), here, role, auth.now())?;
            let known = store::grants::by_id(&mut tx, auth.org(), grant, auth.now()).await?;
            store::grants::remove(&mut tx, auth.org(), grant).await?;
            taken.extend(known.map(grants::shown));
        }
        effects::refuse_own_loss(&policy, || policy.without_grants(&ids), actor, auth.now(), confirmed)?;
        let name = taken.first().map(|grant| grant.principal_name.clone()).unwrap_or_default();
        let event = Event::of(AuditAction::GrantDeleted)
            .on(principal.kind(), principal.uuid(), name)
            .before(grants::listed(&taken));
        Ok(tx.commit(auth.audit(event)).await?)
    }
}
