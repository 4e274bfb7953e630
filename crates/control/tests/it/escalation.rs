//! Nobody comes to more than they were given: by what others left lying about, by being quicker than a revocation, by
//! giving for longer than they hold.

use super::arrange::{At, code, grant, open, project, secret, workspace};
use control::Result;
use control::authz::{
    ConnectionManage, GrantManage, InvitationManage, OrgGrantManage, OrgUpdate, ProjectGrantManage,
    ProjectGrantRead, TeamCreate, TeamManage, WorkspaceEnroll, WorkspaceEnter, WorkspaceKeys,
};
use control::teams::TeamChange;
use control::workspaces::NewWorkspace;
use model::grant::Principal;
use model::invitation::{InvitationQuery, InvitationState};
use model::{ErrorCode, InvitationId, Level, OrgId, OrgRole, ProjectRole, WorkspaceId, WorkspaceRole};
use testkit::{Person, World, both_engines};

async fn acme(world: &World) -> (OrgId, Person, Person) {
    let org = world.org("acme").await;
    let olivia = world.member(org, "olivia", OrgRole::Admin).await;
    let mara = world.member(org, "mara", OrgRole::Manager).await;
    (org, olivia, mara)
}

async fn resend(world: &World, by: &Person, org: OrgId, id: InvitationId) -> Result<String> {
    let auth = world.control.authorize::<InvitationManage>(&world.cx(by), org).await?;
    Ok(world.control.resend_invitation(&auth, id).await?.url)
}

async fn revoke(world: &World, by: &Person, org: OrgId, id: InvitationId) -> Result<()> {
    let auth = world.control.authorize::<InvitationManage>(&world.cx(by), org).await?;
    world.control.revoke_invitation(&auth, id).await
}

async fn states(world: &World, by: &Person, org: OrgId) -> Vec<(String, InvitationState)> {
    let mut all = At(world, by, org).invitations(&InvitationQuery::default()).await;
    all.sort_by(|a, b| a.email.cmp(&b.email));
    all.into_iter().map(|one| (one.email, one.state)).collect()
}

async fn enters(world: &World, person: &Person, workspace: WorkspaceId) -> bool {
    world.control.authorize::<WorkspaceEnter>(&world.cx(person), workspace).await.is_ok()
}

async fn give_until(
    world: &World,
    by: &Person,
    place: WorkspaceId,
    who: &str,
    role: WorkspaceRole,
    until: Option<&str>,
) -> Result<()> {
    let auth = world.control.authorize::<GrantManage>(&world.cx(by), place).await?;
    world.control.grant_in_workspace(&auth, who, role.into(), until).await.map(|_| ())
}

fn day(world: &World, days: i64) -> String {
    world.control.now().plus_s(days * 86_400).to_rfc3339()[..10].to_owned()
}

both_engines! {
    async fn an_invitation_that_offers_more_is_neither_handed_out_nor_taken_back(world: World) {
        let (org, olivia, mara) = acme(&world).await;
        let dev = workspace(&world, org, "dev").await;
        let at = At(&world, &olivia, org);
        let admin = at.invite_as("boss@acme.test", OrgRole::Admin, &[]).await.unwrap().invitations[0].id;
        let with_role = at.invite_as("dan@acme.test", OrgRole::Member, &[(dev, WorkspaceRole::Admin)]).await.unwrap();
        let with_team = at.invite("erin@acme.test").await;
        let plain = at.invite("frank@acme.test").await;
        let team = world.team(org, "Operations", &[]).await;
        grant(&world, org, dev, Principal::Team(team), WorkspaceRole::Admin).await;
        let auth = world.control.authorize::<control::authz::TeamMembers>(&world.cx(&olivia), team).await.unwrap();
        world.control.add_team_member(&auth, "erin@acme.test").await.unwrap();
        for id in [admin, with_role.invitations[0].id, with_team.id] {
            assert_eq!(code(resend(&world, &mara, org, id).await), Some(ErrorCode::Forbidden));
            assert_eq!(code(revoke(&world, &mara, org, id).await), Some(ErrorCode::Forbidden));
            assert!(resend(&world, &olivia, org, id).await.is_ok());
        }
        assert!(resend(&world, &mara, org, plain.id).await.is_ok());
        assert!(revoke(&world, &mara, org, plain.id).await.is_ok());
    }

    async fn a_right_that_was_taken_meanwhile_changes_nothing(world: World) {
        let (org, olivia, _) = acme(&world).await;
        let anna = world.member(org, "anna", OrgRole::Admin).await;
        let dev = workspace(&world, org, "dev").await;
        let team = world.team(org, "Ops", &[]).await;
        let at = At(&world, &olivia, org);
        let invited = at.invite("carol@acme.test").await;
        let cx = world.cx(&anna);
        // Each proof is made while it is true, and used when it is not.
        let creates = world.control.authorize::<TeamCreate>(&cx, org).await.unwrap();
        let manages = world.control.authorize::<TeamManage>(&cx, team).await.unwrap();
        let enrols = world.control.authorize::<WorkspaceEnroll>(&cx, org).await.unwrap();
        let rotates = world.control.authorize::<WorkspaceKeys>(&cx, dev).await.unwrap();
        let gives = world.control.authorize::<GrantManage>(&cx, dev).await.unwrap();
        let invites = world.control.authorize::<InvitationManage>(&cx, org).await.unwrap();
        at.remove(&anna).await.unwrap();
        let before = world.audit(org).await;
        let new = NewWorkspace::parse("prod", "", "").unwrap();
        let control = &world.control;
        let answers = [
            code(control.create_team(&creates, "Mine", "").await),
            code(control.update_team(&manages, &TeamChange::default()).await),
            code(control.enroll_workspace(&enrols, &new).await),
            code(control.rotate_enrollment_key(&rotates, 0).await),
            code(control.grant_to(&gives, Principal::User(olivia.id), WorkspaceRole::Viewer.into()).await),
            code(control.resend_invitation(&invites, invited.id).await),
            code(control.revoke_invitation(&invites, invited.id).await),
        ];
        assert_eq!(answers, [Some(ErrorCode::NotFound); 7]);
        assert_eq!(world.audit(org).await, before, "nothing was done");
    }

    async fn a_right_that_is_lost_while_the_membership_stays_is_named(world: World) {
        let (org, olivia, _) = acme(&world).await;
        let anna = world.member(org, "anna", OrgRole::Admin).await;
        let cx = world.cx(&anna);
        let renames = world.control.authorize::<OrgUpdate>(&cx, org).await.unwrap();
        let connects = world.control.authorize::<ConnectionManage>(&cx, org).await.unwrap();
        At(&world, &olivia, org).set_role(&anna, OrgRole::Member).await.unwrap();
        assert_eq!(code(world.control.update_org(&renames, "Mine", "").await), Some(ErrorCode::Forbidden));
        let id = world.id();
        assert_eq!(code(world.control.delete_connection(&connects, id).await), Some(ErrorCode::Forbidden));
    }

    async fn whoever_leaves_leaves_no_open_link_behind(world: World) {
        let (org, olivia, _) = acme(&world).await;
        let anna = world.member(org, "anna", OrgRole::Admin).await;
        let at = At(&world, &anna, org);
        let back = at.invite_as("alt@acme.test", OrgRole::Admin, &[]).await.unwrap().invitations.remove(0);
        let resent = at.invite("dan@acme.test").await;
        resend(&world, &olivia, org, resent.id).await.unwrap();
        At(&world, &olivia, org).remove(&anna).await.unwrap();
        let expected = [("alt@acme.test", InvitationState::Revoked), ("dan@acme.test", InvitationState::Open)];
        let expected = expected.map(|(email, state)| (email.to_owned(), state));
        assert_eq!(states(&world, &olivia, org).await, expected, "what olivia sent again is hers");
        let cx = world.anonymous();
        let refused = world.control.accept_invitation(&open(&cx), secret(&back.url), "Anna again").await;
        assert_eq!(code(refused), Some(ErrorCode::Gone));
        assert_eq!(world.audit(org).await[..2], ["member.removed/success", "invitation.revoked/success"]);
    }

    async fn a_lesser_role_keeps_the_invitations_it_could_send(world: World) {
        let (org, olivia, _) = acme(&world).await;
        let anna = world.member(org, "anna", OrgRole::Admin).await;
        let at = At(&world, &anna, org);
        at.invite_as("alt@acme.test", OrgRole::Admin, &[]).await.unwrap();
        at.invite_as("dan@acme.test", OrgRole::Member, &[]).await.unwrap();
        At(&world, &olivia, org).set_role(&anna, OrgRole::Manager).await.unwrap();
        let now = states(&world, &olivia, org).await.into_iter().map(|(_, state)| state);
        assert_eq!(now.collect::<Vec<_>>(), [InvitationState::Revoked, InvitationState::Open]);
    }

    async fn what_is_held_until_a_day_is_not_given_for_longer(world: World) {
        let (org, olivia, _) = acme(&world).await;
        let temp = world.member(org, "temp", OrgRole::Member).await;
        world.member(org, "bob", OrgRole::Member).await;
        let dev = workspace(&world, org, "dev").await;
        let (end, before, after) = (day(&world, 3), day(&world, 2), day(&world, 4));
        give_until(&world, &olivia, dev, "temp", WorkspaceRole::Admin, Some(&end)).await.unwrap();
        for until in [None, Some(after.as_str())] {
            for who in ["temp", "bob"] {
                let refused = give_until(&world, &temp, dev, who, WorkspaceRole::Developer, until).await.unwrap_err();
                assert_eq!(refused.code(), ErrorCode::Forbidden);
                assert!(refused.fields().contains_key("until"), "{:?}", refused.fields());
            }
        }
        give_until(&world, &temp, dev, "bob", WorkspaceRole::Developer, Some(&end)).await.unwrap();
        give_until(&world, &temp, dev, "bob", WorkspaceRole::Viewer, Some(&before)).await.unwrap();
        let invites = At(&world, &olivia, org).invite("carol@acme.test").await;
        let waits = give_until(&world, &temp, dev, "carol@acme.test", WorkspaceRole::Viewer, None).await;
        assert_eq!(code(waits), Some(ErrorCode::Forbidden), "{}", invites.email);
    }

    async fn a_team_does_not_stand_in_the_way_of_an_address(world: World) {
        let (org, olivia, mara) = acme(&world).await;
        let dev = workspace(&world, org, "dev").await;
        At(&world, &olivia, org).invite("carol@acme.test").await;
        let creates = world.control.authorize::<TeamCreate>(&world.cx(&mara), org).await.unwrap();
        for name in ["carol@acme.test", "team:ops", "Team: ops", "user:00000000-0000-0000-0000-000000000001"] {
            let refused = world.control.create_team(&creates, name, "").await.unwrap_err();
            assert!(refused.fields().contains_key("name"), "{name}");
        }
        // One that was named so before.
        world.team(org, "carol@acme.test", &[&mara]).await;
        let given = give_until(&world, &olivia, dev, "carol@acme.test", WorkspaceRole::Admin, None).await.unwrap_err();
        assert!(given.fields().contains_key("who"));
        assert!(!enters(&world, &mara, dev).await);
    }

    async fn a_way_in_is_not_given_by_whoever_has_none(world: World) {
        let (org, _, _) = acme(&world).await;
        let pat = world.member(org, "pat", OrgRole::Member).await;
        let dev = workspace(&world, org, "dev").await;
        let place = project(&world, dev).await;
        let manages = world.role(org, Level::Organization, "Gives", "project_grant.read project_grant.manage").await;
        let nothing = world.role(org, Level::Project, "Nothing", "").await;
        grant(&world, org, org, Principal::User(pat.id), manages).await;
        let auth = world.control.authorize::<ProjectGrantManage>(&world.cx(&pat), place).await.unwrap();
        let given = world.control.grant_to(&auth, Principal::User(pat.id), nothing.into()).await;
        assert_eq!(code(given), Some(ErrorCode::Forbidden));
        assert!(!enters(&world, &pat, dev).await);
        let read = world.control.authorize::<ProjectGrantRead>(&world.cx(&pat), place).await.unwrap();
        let choices = world.control.project(&read).await.unwrap().choices.unwrap();
        assert!(choices.roles.is_empty(), "{:?}", choices.roles);
    }

    async fn whoever_gives_roles_in_one_project_learns_of_no_other_team(world: World) {
        let (org, olivia, _) = acme(&world).await;
        let pat = world.member(org, "pat", OrgRole::Member).await;
        let dev = workspace(&world, org, "dev").await;
        let place = project(&world, dev).await;
        world.team(org, "Secret", &[&olivia]).await;
        world.team(org, "Ours", &[&pat]).await;
        grant(&world, org, place, Principal::User(pat.id), ProjectRole::Admin).await;
        let offered = async |person: &Person| -> Vec<String> {
            let auth = world.control.authorize::<ProjectGrantRead>(&world.cx(person), place).await.unwrap();
            let choices = world.control.project(&auth).await.unwrap().choices.unwrap();
            choices.teams.into_iter().map(|(_, name)| name).collect()
        };
        assert_eq!(offered(&pat).await, ["Ours"]);
        assert_eq!(offered(&olivia).await, ["Ours", "Secret"]);
    }

    async fn what_somebody_makes_is_told_of_as_given(world: World) {
        let (org, _, mara) = acme(&world).await;
        let enrols = world.control.authorize::<WorkspaceEnroll>(&world.cx(&mara), org).await.unwrap();
        let new = NewWorkspace::parse("prod", "", "").unwrap();
        world.control.enroll_workspace(&enrols, &new).await.unwrap();
        let mut told = world.audit(org).await;
        told.truncate(2);
        told.sort();
        assert_eq!(told, ["grant.created/success", "workspace.enrolled/success"]);
    }

    async fn whoever_may_enrol_until_a_day_administers_what_they_enrolled_until_that_day(world: World) {
        let (org, olivia, _) = acme(&world).await;
        let pat = world.member(org, "pat", OrgRole::Member).await;
        let role = world.role(org, Level::Organization, "Enrols", "workspace.enroll").await;
        let gives = world.control.authorize::<OrgGrantManage>(&world.cx(&olivia), org).await.unwrap();
        let until = day(&world, 2);
        world.control.grant_in_org(&gives, "pat@acme.test", role.into(), Some(&until)).await.unwrap();
        let enrols = world.control.authorize::<WorkspaceEnroll>(&world.cx(&pat), org).await.unwrap();
        let new = NewWorkspace::parse("prod", "", "").unwrap();
        let made = world.control.enroll_workspace(&enrols, &new).await.unwrap();
        assert!(enters(&world, &pat, made.workspace).await);
        world.clock.advance_s(3 * 86_400);
        assert!(!enters(&world, &pat, made.workspace).await);
    }
}
