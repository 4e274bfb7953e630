//! Roles of people in a workspace.

use crate::Control;
use crate::audit::Event;
use crate::authz::{Authorized, GrantManage};
use crate::error::{Error, Result};
use model::audit::AuditAction;
use model::{UserId, WorkspaceRole};
use serde_json::json;
use store::grants::NewGrant;

impl Control {
    /// Gives a member a role in a workspace, or changes the one they have. Whoever may grant may grant every role of
    /// the workspace; none of them reaches beyond it.
    ///
    /// # Errors
    ///
    /// `invalid` on `user` if they are not a member of the organization: a workspace lets nobody in from outside.
    pub async fn set_grant(
        &self,
        auth: &Authorized<GrantManage>,
        user: UserId,
        role: WorkspaceRole,
    ) -> Result<()> {
        let mut tx = self.store().write().await?;
        // First, because it locks the organization: a removal of the member at the same time waits or has been.
        store::orgs::bump_policy_version(&mut tx, auth.org()).await?;
        let workspace =
            store::workspaces::by_id(&mut tx, auth.scope()).await?.ok_or_else(Error::not_found)?;
        let person = store::users::by_id(&mut tx, user).await?;
        let member = store::members::role(&mut tx, auth.org(), user).await?;
        let (Some(person), Some(_)) = (person, member) else {
            return Err(Error::invalid(
                "user",
                "They are not a member of this organization. Invite them first.",
            ));
        };
        let standing = store::grants::standing(&mut tx, workspace.id, user, auth.now()).await?;
        let before = standing.and_then(|standing| standing.role);
        if before == Some(role) {
            return Ok(());
        }
        let grant = NewGrant {
            id: auth.cx().new_id(),
            org: workspace.org_id,
            workspace: workspace.id,
            user,
            role,
            by: auth.user(),
            at: auth.now(),
        };
        store::grants::set(&mut tx, &grant).await?;
        let action = if before.is_some() { AuditAction::GrantUpdated } else { AuditAction::GrantCreated };
        let event = Event::of(action)
            .on("user", user.uuid(), person.name)
            .before(json!({ "workspace": workspace.name, "role": before }))
            .after(json!({ "workspace": workspace.name, "role": role }));
        Ok(tx.commit(auth.audit(event)).await?)
    }

    /// Gives a role to the member with this address or username. An address two members share is refused: it says
    /// nothing about which one is meant.
    pub async fn set_grant_by_name(
        &self,
        auth: &Authorized<GrantManage>,
        who: &str,
        role: WorkspaceRole,
    ) -> Result<()> {
        let who = who.trim();
        if who.is_empty() {
            return Err(Error::invalid("who", "Enter a member’s e-mail address or username."));
        }
        let mut tx = self.store().read().await?;
        let found = store::grants::members_named(&mut tx, auth.org(), &who.to_lowercase()).await?;
        drop(tx);
        match found.as_slice() {
            [] => Err(Error::invalid(
                "who",
                "No member has this address or username. Invite them to the organization first.",
            )),
            [user] => self.set_grant(auth, *user, role).await,
            _ => Err(Error::invalid("who", "Several members have this address. Enter the username.")),
        }
    }

    /// Takes a person's role in a workspace. Their next request there is refused, unless an organization role or a
    /// share still lets them in.
    pub async fn remove_grant(&self, auth: &Authorized<GrantManage>, user: UserId) -> Result<()> {
        let mut tx = self.store().write().await?;
        store::orgs::bump_policy_version(&mut tx, auth.org()).await?;
        let workspace =
            store::workspaces::by_id(&mut tx, auth.scope()).await?.ok_or_else(Error::not_found)?;
        let role = store::grants::remove(&mut tx, workspace.id, user).await?.ok_or_else(Error::not_found)?;
        let name = store::users::by_id(&mut tx, user).await?.map(|person| person.name).unwrap_or_default();
        let event = Event::of(AuditAction::GrantDeleted)
            .on("user", user.uuid(), name)
            .before(json!({ "workspace": workspace.name, "role": role }));
        Ok(tx.commit(auth.audit(event)).await?)
    }
}
