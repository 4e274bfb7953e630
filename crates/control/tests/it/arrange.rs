//! What several nouns' tests need to have around.

use super::smtp::MailServer;
use control::authz::{InvitationManage, InvitationRead, MemberRead, MemberRemove, MemberUpdate, Right};
use control::invitations::NewInvitations;
use control::settings::MailSettings;
use control::{Authorized, Open};
use model::grant::{Place, Principal, ProjectPlace};
use model::invitation::{Invitation, InvitationQuery, InvitationSecret, Invited};
use model::{ErrorCode, GrantId, OrgId, OrgRole, RoleRef, ServiceAccountId, WorkspaceId, WorkspaceRole};
use store::workspaces::Workspace;
use testkit::{Person, World};

/// The same installation with a mail server.
pub(crate) fn with_mail(world: &World, server: &MailServer) -> World {
    let mut settings = world.control.settings().clone();
    let from = "Reeve <reeve@acme.test>".to_owned();
    settings.mail = Some(MailSettings { smtp_url: server.url().into(), from });
    world.configured(settings)
}

/// A workspace of an organization.
pub(crate) async fn workspace(world: &World, org: OrgId, name: &str) -> WorkspaceId {
    let now = world.control.now();
    let workspace = Workspace {
        id: world.id(),
        org_id: org,
        name: name.to_owned(),
        display_name: name.to_owned(),
        description: String::new(),
        server_url: None,
        version: None,
        created_at: now,
        updated_at: now,
        reported_at: None,
        last_seen_at: None,
        deactivated_at: None,
    };
    let mut tx = world.store.write().await.unwrap();
    assert!(store::workspaces::insert(&mut tx, &workspace, None).await.unwrap());
    store::orgs::bump_policy_version(&mut tx, org).await.unwrap();
    tx.commit_unaudited("arranged by a test").await.unwrap();
    workspace.id
}

/// Gives anybody a role anywhere, past the rules.
pub(crate) async fn grant(
    world: &World,
    org: OrgId,
    place: impl Into<Place>,
    principal: Principal,
    role: impl Into<RoleRef>,
) -> GrantId {
    let new = store::grants::NewGrant {
        id: world.id(),
        org,
        place: place.into(),
        principal,
        role: role.into(),
        by: None,
        at: world.control.now(),
        expires_at: None,
    };
    let mut tx = world.store.write().await.unwrap();
    assert!(store::grants::insert(&mut tx, &new).await.unwrap());
    store::orgs::bump_policy_version(&mut tx, org).await.unwrap();
    tx.commit_unaudited("arranged by a test").await.unwrap();
    new.id
}

/// A project that a workspace told of.
pub(crate) async fn project(world: &World, workspace: WorkspaceId) -> ProjectPlace {
    let place = ProjectPlace { workspace, project: world.id() };
    let mut tx = world.store.write().await.unwrap();
    assert!(store::projects::learn(&mut tx, place, None, world.control.now()).await.unwrap());
    tx.commit_unaudited("arranged by a test").await.unwrap();
    place
}

/// Somebody at work in an organization: a proof of each right, asked for when it is used.
pub(crate) struct At<'a>(pub &'a World, pub &'a Person, pub OrgId);

impl At<'_> {
    pub(crate) async fn may<R: control::authz::Right<Scope = OrgId>>(
        &self,
    ) -> control::Result<Authorized<R>> {
        self.0.control.authorize::<R>(&self.0.cx(self.1), self.2).await
    }
    pub(crate) async fn role_of(&self, person: &Person) -> Option<OrgRole> {
        let auth = self.may::<MemberRead>().await.unwrap();
        self.0.control.member(&auth, person.id).await.ok().map(|found| found.member.role)
    }
    pub(crate) async fn set_role(&self, person: &Person, role: OrgRole) -> control::Result<()> {
        let auth = self.may::<MemberUpdate>().await?;
        self.0.control.set_member_role(&auth, person.id, role, false).await
    }
    pub(crate) async fn remove(&self, person: &Person) -> control::Result<()> {
        let auth = self.may::<MemberRemove>().await?;
        self.0.control.remove_member(&auth, person.id).await
    }
    pub(crate) async fn invite_as(
        &self,
        emails: &str,
        role: OrgRole,
        grants: &[(WorkspaceId, WorkspaceRole)],
    ) -> control::Result<Invited> {
        let auth = self.may::<InvitationManage>().await?;
        let grants: Vec<_> = grants.iter().map(|(place, role)| (*place, RoleRef::from(*role))).collect();
        self.0.control.invite(&auth, &NewInvitations::parse(emails, role, &grants)?).await
    }
    pub(crate) async fn invite(&self, email: &str) -> InvitationSecret {
        self.invite_as(email, OrgRole::Member, &[]).await.unwrap().invitations.remove(0)
    }
    pub(crate) async fn resend(&self, made: &InvitationSecret) -> control::Result<InvitationSecret> {
        let auth = self.may::<InvitationManage>().await?;
        self.0.control.resend_invitation(&auth, made.id).await
    }
    pub(crate) async fn revoke(&self, made: &InvitationSecret) -> control::Result<()> {
        let auth = self.may::<InvitationManage>().await?;
        self.0.control.revoke_invitation(&auth, made.id).await
    }
    pub(crate) async fn invitations(&self, query: &InvitationQuery) -> Vec<Invitation> {
        let auth = self.may::<InvitationRead>().await.unwrap();
        self.0.control.invitations(&auth, query).await.unwrap().items
    }
}

/// The secret at the end of a link.
pub(crate) fn secret(url: &str) -> &str {
    url.rsplit('/').next().unwrap()
}

/// A request by anybody.
pub(crate) fn open(cx: &control::Cx) -> Open {
    Open::because(cx, "test")
}

/// The proof of somebody's right over a service account.
pub(crate) async fn may<R: Right<Scope = ServiceAccountId>>(
    world: &World,
    by: &Person,
    account: ServiceAccountId,
) -> control::Result<Authorized<R>> {
    world.control.authorize::<R>(&world.cx(by), account).await
}

/// Why something was refused; `None` if it was not.
pub(crate) fn code<T>(result: control::Result<T>) -> Option<ErrorCode> {
    result.err().map(|error| error.code())
}
