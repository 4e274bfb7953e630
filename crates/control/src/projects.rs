//! Projects: what Reeve knows of them, who their members are, and making one in its workspace.
//!
//! Projects are the workspace's. Reeve hears their ids when the workspace counts them, and makes one only by asking the
//! workspace as the person who wants it: what they may not do there, they cannot do from here.

mod remote;

use crate::Control;
use crate::access;
use crate::audit::Event;
use crate::authz::{Authorized, ProjectCreate, ProjectGrantRead, ProjectName};
use crate::error::{Error, Result};
use crate::grants;
use model::audit::AuditAction;
use model::grant::{Place, ProjectPlace};
use model::policy::{Action, ResourceType};
use model::project::{Project, ProjectDetail};
use model::text::DisplayName;
use model::{Permission, ProjectRole};
use serde_json::json;

/// Grants shown on a project's page.
const SHOWN: u32 = 500;

impl Control {
    /// One project and its members.
    pub async fn project(&self, auth: &Authorized<ProjectGrantRead>) -> Result<ProjectDetail> {
        let (place, now) = (auth.scope(), auth.now());
        let user = auth.user().ok_or_else(Error::not_found)?;
        let policy = self.policy(auth.org()).await?.ok_or_else(Error::not_found)?;
        let mut tx = self.store().snapshot().await?;
        let project = store::projects::by_id(&mut tx, place).await?.ok_or_else(Error::not_found)?;
        let workspace =
            store::workspaces::by_id(&mut tx, place.workspace).await?.ok_or_else(Error::not_found)?;
        let (people, people_total) =
            access::entrants(&mut tx, &policy, place.workspace, Some(place.project), now).await?;
        let given = store::grants::of_project(&mut tx, auth.org(), place, now, SHOWN).await?;
        let standing = policy.standing(user, place.workspace, now).ok_or_else(Error::not_found)?;
        let choices = if standing.grants_in(place.project, Permission::ProjectGrantManage) {
            Some(grants::choices(&mut tx, &policy, user, Place::Project(place), now).await?)
        } else {
            None
        };
        Ok(ProjectDetail {
            project,
            workspace: workspace.id,
            workspace_name: workspace.name,
            workspace_label: workspace.display_name,
            org: auth.org(),
            people,
            people_total,
            grants: given.into_iter().map(grants::shown).collect(),
            choices,
        })
    }

    /// Says what a project is called: a workspace reports ids alone. Changes nothing in the workspace.
    pub async fn name_project(&self, auth: &Authorized<ProjectName>, name: &str) -> Result<()> {
        let name = DisplayName::parse(name).map_err(|e| Error::invalid("name", e.0))?;
        let place = auth.scope();
        let mut tx = self.writing(auth).await?;
        let before = store::projects::by_id(&mut tx, place).await?.ok_or_else(Error::not_found)?;
        store::projects::learn(&mut tx, place, Some(name.as_str()), auth.now()).await?;
        let event = Event::of(AuditAction::ProjectUpdated)
            .on("project", place.project.uuid(), name.as_str())
            .before(json!({ "name": before.name }))
            .after(json!({ "name": name.as_str() }));
        Ok(tx.commit(auth.audit(event)).await?)
    }

    /// Makes a project in the workspace, as the person who asks. Whoever would not see it afterwards, since no role of
    /// theirs shows them every project, becomes its Project Admin.
    ///
    /// # Errors
    ///
    /// `invalid` in `name`; `conflict` if the workspace has no address yet or has such a project; `forbidden` if the
    /// workspace does not let them; `unavailable` if it does not answer.
    pub async fn create_project(
        &self,
        auth: &Authorized<ProjectCreate>,
        name: &str,
        display_name: &str,
    ) -> Result<Project> {
        let name = remote::project_name(name)?;
        let label = match display_name.trim() {
            "" => name.clone(),
            text => DisplayName::parse(text).map_err(|e| Error::invalid("display_name", e.0))?.to_string(),
        };
        let user = auth.user().ok_or_else(Error::unauthenticated)?;
        let mut tx = self.store().read().await?;
        let workspace =
            store::workspaces::by_id(&mut tx, auth.scope()).await?.ok_or_else(Error::not_found)?;
        drop(tx);
        let url = workspace.server_url.as_deref().filter(|_| workspace.deactivated_at.is_none());
        let url =
            url.ok_or_else(|| Error::conflict("This workspace is not available, so nothing was made."))?;
        let entry = self.entry_token(auth, &workspace.name).await?;
        let project = remote::Remote::new(self, url).create_project(&entry, &name, &label).await?;

        let place = ProjectPlace { workspace: workspace.id, project };
        // Asking took its time, and whoever asked may have lost their part in the workspace since.
        let (mut tx, policy) = self.changing(auth).await?;
        // A workspace counts a project when it makes it, so it may be known by now; but not since before it was asked.
        let known = store::projects::by_id(&mut tx, place).await?;
        if known.is_some_and(|known| known.created_at < auth.now()) {
            return Err(Error::unavailable("The workspace answered with a project that was there before."));
        }
        store::projects::learn(&mut tx, place, Some(&label), auth.now()).await?;
        let sees_all = policy
            .standing(user, workspace.id, auth.now())
            .is_some_and(|standing| standing.wide().allows(Some(ResourceType::Project), Action::Read));
        let given = if sees_all {
            None
        } else {
            let role = ProjectRole::Admin.into();
            // The workspace decided that they may; it does not say until when.
            grants::give_to_maker(&mut tx, auth, user, Place::Project(place), role, None).await?
        };
        let made = store::projects::by_id(&mut tx, place).await?.ok_or_else(Error::not_found)?;
        let event = Event::of(AuditAction::ProjectCreated)
            .on("project", project.uuid(), label.as_str())
            .after(json!({ "workspace": workspace.name, "name": label, "role": (!sees_all).then_some(ProjectRole::Admin) }));
        tx.commit_all(&[vec![auth.audit(event)], given.into_iter().collect()].concat()).await?;
        Ok(made)
    }
}
