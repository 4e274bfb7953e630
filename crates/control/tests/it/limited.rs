//! What a limited key gives is within its limits, and an invitation is no way back to what its sender has lost.

use super::arrange::{At, code, grant, open, secret, workspace};
use super::tokens::bearer;
use control::api_keys::NewApiKey;
use control::authz::{
    GrantManage, InvitationManage, MemberRemove, MemberUpdate, OrgGrantManage, RoleManage,
    ServiceAccountCreate, TeamMembers,
};
use control::invitations::NewInvitations;
use control::roles::RoleChange;
use control::service_accounts::NewServiceAccount;
use control::{Cx, Result};
use model::grant::Principal;
use model::invitation::InvitationState;
use model::role::RoleInput;
use model::{ErrorCode, GrantId, Level, OrgId, OrgRole, TeamId, WorkspaceRole};
use testkit::{Person, World, both_engines};

/// Requests by a key of `person` that is for nothing but `scopes`.
async fn by_key(world: &World, person: &Person, scopes: &str) -> Cx {
    let me = world.control.my_keys(&world.cx(person)).await.unwrap();
    let new = NewApiKey::parse("ci", "30", "").unwrap().limited([scopes], None).unwrap();
    let made = world.control.create_api_key(&me, &new).await.unwrap();
    world.anonymous().with_actor(bearer(world, &made.secret).await.unwrap())
}

async fn acme(world: &World) -> (OrgId, Person, Person) {
    let org = world.org("acme").await;
    let olivia = world.member(org, "olivia", OrgRole::Admin).await;
    let bob = world.member(org, "bob", OrgRole::Member).await;
    (org, olivia, bob)
}

async fn invite(world: &World, cx: &Cx, org: OrgId, email: &str, role: OrgRole) -> Result<String> {
    let auth = world.control.authorize::<InvitationManage>(cx, org).await?;
    let new = NewInvitations::parse(email, role, &[])?;
    Ok(world.control.invite(&auth, &new).await?.invitations.remove(0).url)
}

async fn join(world: &World, cx: &Cx, team: TeamId, who: &str) -> Result<()> {
    let auth = world.control.authorize::<TeamMembers>(cx, team).await?;
    world.control.add_team_member(&auth, who).await
}

/// Whether somebody new can still come in by a link; what the page of it says first.
async fn comes_in(world: &World, url: &str) -> (InvitationState, bool) {
    let cx = world.anonymous();
    let seen = world.control.invitation_view(&open(&cx), secret(url)).await.unwrap().state;
    let taken = world.control.accept_invitation(&open(&cx), secret(url), "Alt").await;
    let why = taken.as_ref().err().map(control::Error::code);
    assert!(why.is_none_or(|why| why == ErrorCode::Gone), "{taken:?}");
    (seen, taken.is_ok())
}

const LOST: (InvitationState, bool) = (InvitationState::Revoked, false);
const HELD: (InvitationState, bool) = (InvitationState::Open, true);

both_engines! {
    async fn a_limited_key_invites_nobody_to_more_than_it_may(world: World) {
        let (org, olivia, bob) = acme(&world).await;
        let cx = by_key(&world, &olivia, "invitation.manage member.update").await;
        for role in [OrgRole::Admin, OrgRole::Manager] {
            let refused = invite(&world, &cx, org, "alt@acme.test", role).await.unwrap_err();
            assert_eq!(refused.code(), ErrorCode::Forbidden);
            assert!(refused.message().contains("more than this key may do"), "{refused}");
        }
        let url = invite(&world, &cx, org, "alt@acme.test", OrgRole::Member).await.unwrap();
        assert_eq!(comes_in(&world, &url).await, HELD);
        // What somebody else has offered is not handed out again either.
        let offered = At(&world, &olivia, org).invite_as("boss@acme.test", OrgRole::Admin, &[]).await.unwrap();
        let auth = world.control.authorize::<InvitationManage>(&cx, org).await.unwrap();
        let again = world.control.resend_invitation(&auth, offered.invitations[0].id).await;
        assert_eq!(code(again), Some(ErrorCode::Forbidden));
        let auth = world.control.authorize::<MemberUpdate>(&cx, org).await.unwrap();
        let raised = world.control.set_member_role(&auth, bob.id, OrgRole::Admin, false).await;
        assert_eq!(code(raised), Some(ErrorCode::Forbidden));
    }

    async fn a_limited_key_gives_no_role_and_no_team_that_allows_more(world: World) {
        let (org, olivia, bob) = acme(&world).await;
        let dev = workspace(&world, org, "dev").await;
        let cx = by_key(&world, &olivia, "organization_grant.manage grant.manage team.members role.manage").await;
        let control = &world.control;
        let gives = control.authorize::<OrgGrantManage>(&cx, org).await.unwrap();
        let given = control.grant_in_org(&gives, "bob", OrgRole::Admin.into(), None).await;
        assert_eq!(code(given), Some(ErrorCode::Forbidden));
        let gives = control.authorize::<GrantManage>(&cx, dev).await.unwrap();
        let given = control.grant_in_workspace(&gives, "bob", WorkspaceRole::Admin.into(), None).await;
        assert_eq!(code(given), Some(ErrorCode::Forbidden));
        // Limits are about Reeve; what is done inside a workspace follows the account.
        let enters = by_key(&world, &olivia, "grant.manage workspace.enter workspace.read").await;
        let auth = control.authorize::<GrantManage>(&enters, dev).await.unwrap();
        control.grant_in_workspace(&auth, "bob", WorkspaceRole::Developer.into(), None).await.unwrap();
        // Taking gives nobody anything.
        let held = grant(&world, org, dev, Principal::User(bob.id), WorkspaceRole::Viewer).await;
        control.revoke_in_workspace(&gives, held, false).await.unwrap();

        let (plain, strong) = (world.team(org, "Plain", &[]).await, world.team(org, "Strong", &[]).await);
        grant(&world, org, org, Principal::Team(strong), OrgRole::Admin).await;
        join(&world, &cx, plain, "bob").await.unwrap();
        assert_eq!(code(join(&world, &cx, strong, "bob").await), Some(ErrorCode::Forbidden));
        join(&world, &world.cx(&olivia), strong, "bob").await.unwrap();
        let auth = control.authorize::<TeamMembers>(&cx, strong).await.unwrap();
        control.remove_team_member(&auth, Principal::User(bob.id), false).await.unwrap();

        // A role that nobody holds gives nobody anything; one that is held does.
        let auth = control.authorize::<RoleManage>(&cx, org).await.unwrap();
        let input = |permissions: &str| RoleInput {
            name: "Helps".to_owned(),
            description: String::new(),
            permissions: permissions.split_whitespace().map(|name| name.parse().unwrap()).collect(),
        };
        let made = control.create_role(&auth, Level::Organization, &input("member.read")).await.unwrap();
        let model::RoleRef::Custom(id) = made.row.role else { panic!("{:?}", made.row.role) };
        grant(&world, org, org, Principal::User(bob.id), id).await;
        let more = RoleChange { permissions: Some(input("member.read member.update").permissions), ..RoleChange::default() };
        let edited = control.update_role(&auth, id, &more, true).await;
        assert_eq!(code(edited), Some(ErrorCode::Forbidden));
    }

    async fn a_limited_key_makes_no_service_account_that_may_do_more(world: World) {
        let (org, olivia, _) = acme(&world).await;
        let cx = by_key(&world, &olivia, "organization_service_account.manage").await;
        let auth = world.control.authorize::<ServiceAccountCreate>(&cx, org).await.unwrap();
        let new = |role| NewServiceAccount::parse("bot", "", role, "").unwrap();
        let made = world.control.create_service_account(&auth, &new(OrgRole::Admin)).await;
        assert_eq!(code(made), Some(ErrorCode::Forbidden));
        world.control.create_service_account(&auth, &new(OrgRole::Member)).await.unwrap();
    }

    async fn an_invitation_ends_with_what_its_sender_was_given(world: World) {
        let (org, olivia, bob) = acme(&world).await;
        let control = &world.control;
        let gives = control.authorize::<OrgGrantManage>(&world.cx(&olivia), org).await.unwrap();
        let made_admin = async || -> GrantId {
            control.grant_in_org(&gives, "bob", OrgRole::Admin.into(), None).await.unwrap()
        };
        // By a role that is taken.
        let held = made_admin().await;
        let url = invite(&world, &world.cx(&bob), org, "one@acme.test", OrgRole::Admin).await.unwrap();
        let plain = invite(&world, &world.cx(&bob), org, "two@acme.test", OrgRole::Member).await.unwrap();
        control.revoke_in_org(&gives, held, false).await.unwrap();
        assert_eq!((comes_in(&world, &url).await, comes_in(&world, &plain).await), (LOST, LOST));
        // It works again once somebody sends it who may.
        let list = At(&world, &olivia, org).invitations(&model::invitation::InvitationQuery::default()).await;
        let plain = list.iter().find(|it| it.email == "two@acme.test").unwrap().id;
        let auth = control.authorize::<InvitationManage>(&world.cx(&olivia), org).await.unwrap();
        let url = control.resend_invitation(&auth, plain).await.unwrap().url;
        assert_eq!(comes_in(&world, &url).await, HELD);
        // By a team that one is taken out of.
        let team = world.team(org, "Admins", &[&bob]).await;
        grant(&world, org, org, Principal::Team(team), OrgRole::Admin).await;
        let url = invite(&world, &world.cx(&bob), org, "three@acme.test", OrgRole::Admin).await.unwrap();
        let members = control.authorize::<TeamMembers>(&world.cx(&olivia), team).await.unwrap();
        control.remove_team_member(&members, Principal::User(bob.id), false).await.unwrap();
        assert_eq!(comes_in(&world, &url).await, LOST);
        // By a role that is deleted.
        let role = world.role(org, Level::Organization, "Invites", "invitation.manage").await;
        grant(&world, org, org, Principal::User(bob.id), role).await;
        let url = invite(&world, &world.cx(&bob), org, "four@acme.test", OrgRole::Member).await.unwrap();
        let manages = control.authorize::<RoleManage>(&world.cx(&olivia), org).await.unwrap();
        control.delete_role(&manages, role, false).await.unwrap();
        assert_eq!(comes_in(&world, &url).await, LOST);
        // By a day that is over.
        let until = control.now().plus_s(86_400).to_rfc3339()[..10].to_owned();
        control.grant_in_org(&gives, "bob", OrgRole::Admin.into(), Some(&until)).await.unwrap();
        world.clock.advance_s(86_400);
        let url = invite(&world, &world.cx(&bob), org, "five@acme.test", OrgRole::Admin).await;
        assert_eq!(code(url), Some(ErrorCode::Forbidden), "nobody offers for good what they hold until a day");
    }

    async fn a_role_that_waits_ends_with_its_givers_own_but_not_what_others_added(world: World) {
        let (org, olivia, bob) = acme(&world).await;
        let control = &world.control;
        let dev = workspace(&world, org, "dev").await;
        At(&world, &olivia, org).set_role(&bob, OrgRole::Manager).await.unwrap();
        let held = grant(&world, org, dev, Principal::User(bob.id), WorkspaceRole::Admin).await;
        let at = At(&world, &bob, org);
        let mine = at.invite_as("one@acme.test", OrgRole::Member, &[(dev, WorkspaceRole::Admin)]).await.unwrap();
        let other = at.invite_as("two@acme.test", OrgRole::Member, &[]).await.unwrap();
        let gives = control.authorize::<GrantManage>(&world.cx(&olivia), dev).await.unwrap();
        control.grant_in_workspace(&gives, "two@acme.test", WorkspaceRole::Admin.into(), None).await.unwrap();
        control.revoke_in_workspace(&gives, held, false).await.unwrap();
        assert_eq!(comes_in(&world, &mine.invitations[0].url).await, LOST);
        assert_eq!(comes_in(&world, &other.invitations[0].url).await, HELD, "that is olivia's");
    }

    async fn whoever_holds_more_by_a_team_is_not_taken_out_of_it(world: World) {
        let (org, olivia, bob) = acme(&world).await;
        let mara = world.member(org, "mara", OrgRole::Manager).await;
        let team = world.team(org, "Admins", &[&bob]).await;
        grant(&world, org, org, Principal::Team(team), OrgRole::Admin).await;
        let control = &world.control;
        let out = async |by: &Person| {
            let auth = control.authorize::<TeamMembers>(&world.cx(by), team).await.unwrap();
            control.remove_team_member(&auth, Principal::User(bob.id), false).await
        };
        assert_eq!(code(out(&mara).await), Some(ErrorCode::Forbidden));
        let removes = control.authorize::<MemberRemove>(&world.cx(&mara), org).await.unwrap();
        assert_eq!(code(control.lock_member(&removes, bob.id).await), Some(ErrorCode::Forbidden));
        out(&olivia).await.unwrap();
    }
}
