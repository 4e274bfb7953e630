use super::arrange::{At, grant, open, project, secret, workspace};
use super::zenml::enroll;
use control::authz::{
    GrantManage, MemberRead, OrgGrantManage, OrgRead, OrgUpdate, ProjectGrantManage, RoleManage, RoleRead,
    TeamManage, WorkspaceDelete, WorkspaceEnter, WorkspaceRead, WorkspaceUpdate,
};
use control::{Error, Result};
use model::grant::{By, Grant, Place, Principal, ProjectPlace};
use model::role::Predefined;
use model::{ErrorCode, GrantId, Level, OrgId, OrgRole, ProjectRole, RoleRef, WorkspaceId, WorkspaceRole};
use testkit::{Person, World, both_engines};

/// Gives a role as `by` would.
pub(super) async fn give(
    world: &World,
    by: &Person,
    workspace: WorkspaceId,
    to: &Person,
    role: WorkspaceRole,
) -> GrantId {
    let auth = world.control.authorize::<GrantManage>(&world.cx(by), workspace).await.unwrap();
    world.control.grant_to(&auth, Principal::User(to.id), role.into()).await.unwrap()
}

/// Gives, and takes, a role in each kind of place.
struct Giver<'a>(&'a World, &'a Person);

impl Giver<'_> {
    async fn in_org(&self, org: OrgId, who: &str, role: impl Into<RoleRef>) -> Result<GrantId> {
        let auth = self.0.control.authorize::<OrgGrantManage>(&self.0.cx(self.1), org).await?;
        self.0.control.grant_in_org(&auth, who, role.into(), None).await
    }
    async fn in_workspace(&self, place: WorkspaceId, who: &str, role: impl Into<RoleRef>) -> Result<GrantId> {
        self.until(place, who, role, None).await
    }
    async fn until(
        &self,
        place: WorkspaceId,
        who: &str,
        role: impl Into<RoleRef>,
        until: Option<&str>,
    ) -> Result<GrantId> {
        let auth = self.0.control.authorize::<GrantManage>(&self.0.cx(self.1), place).await?;
        self.0.control.grant_in_workspace(&auth, who, role.into(), until).await
    }
    async fn in_project(&self, place: ProjectPlace, who: &str, role: impl Into<RoleRef>) -> Result<GrantId> {
        let auth = self.0.control.authorize::<ProjectGrantManage>(&self.0.cx(self.1), place).await?;
        self.0.control.grant_in_project(&auth, who, role.into(), None).await
    }
    async fn take_in_org(&self, org: OrgId, grant: GrantId, confirmed: bool) -> Result<()> {
        let auth = self.0.control.authorize::<OrgGrantManage>(&self.0.cx(self.1), org).await?;
        self.0.control.revoke_in_org(&auth, grant, confirmed).await
    }
    async fn take(&self, place: WorkspaceId, grant: GrantId, confirmed: bool) -> Result<()> {
        let auth = self.0.control.authorize::<GrantManage>(&self.0.cx(self.1), place).await?;
        self.0.control.revoke_in_workspace(&auth, grant, confirmed).await
    }
    async fn take_in_project(&self, place: ProjectPlace, grant: GrantId) -> Result<()> {
        let auth = self.0.control.authorize::<ProjectGrantManage>(&self.0.cx(self.1), place).await?;
        self.0.control.revoke_in_project(&auth, grant, false).await
    }
}

async fn enters(world: &World, person: &Person, workspace: WorkspaceId) -> bool {
    world.control.authorize::<WorkspaceEnter>(&world.cx(person), workspace).await.is_ok()
}

/// What a workspace's page shows that was given there.
async fn given(world: &World, by: &Person, workspace: WorkspaceId) -> Vec<Grant> {
    let auth = world.control.authorize::<WorkspaceRead>(&world.cx(by), workspace).await.unwrap();
    world.control.workspace(&auth).await.unwrap().grants
}

fn has_field(error: &Error, field: &str) -> bool {
    error.code() == ErrorCode::Invalid && error.fields().contains_key(field)
}

const VIEWER: WorkspaceRole = WorkspaceRole::Viewer;

both_engines! {
    async fn a_role_is_given_and_taken_with_effect_on_the_next_request_on_any_replica(world: World) {
        let org = world.org("acme").await;
        let owner = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let dev = enroll(&world, org, &owner, "dev").await.workspace;
        let replica = world.replica().await;
        assert!(!enters(&world, &bob, dev).await && !enters(&replica, &bob, dev).await);
        let olivia = Giver(&world, &owner);
        let viewer = olivia.in_workspace(dev, "bob", VIEWER).await.unwrap();
        assert!(enters(&world, &bob, dev).await && enters(&replica, &bob, dev).await);
        let admin = olivia.in_workspace(dev, "bob", WorkspaceRole::Admin).await.unwrap();
        let twice = olivia.in_workspace(dev, "bob", VIEWER).await.unwrap_err();
        assert_eq!((twice.code(), twice.message()), (ErrorCode::Conflict, "They are a Workspace Viewer here already."));

        let read = world.control.authorize::<WorkspaceRead>(&world.cx(&bob), dev).await.unwrap();
        let detail = world.control.workspace(&read).await.unwrap();
        let ways: Vec<_> = detail.people.iter().map(|person| {
            let roles = person.ways.iter().map(|way| match &way.by {
                By::Membership { role_name, .. } | By::Grant { role_name, .. } => role_name.clone(),
                By::Share { .. } => "shares".to_owned(),
            });
            (person.name.as_str(), roles.collect::<Vec<_>>())
        }).collect();
        assert_eq!(ways[0].0, "bob");
        assert!(["Workspace Viewer", "Workspace Admin"].iter().all(|role| ways[0].1.contains(&(*role).to_owned())), "{ways:?}");
        assert_eq!((ways[1].0, ways[1].1.as_slice()), ("olivia", ["Organization Admin".to_owned()].as_slice()));
        assert_eq!((detail.people_total, detail.grants.len()), (2, 2));

        olivia.take(dev, admin, false).await.unwrap();
        assert!(enters(&world, &bob, dev).await, "the other role is still there");
        olivia.take(dev, viewer, false).await.unwrap();
        assert!(!enters(&world, &bob, dev).await && !enters(&replica, &bob, dev).await);
        assert_eq!(olivia.take(dev, viewer, false).await.unwrap_err().code(), ErrorCode::NotFound);
        let log = world.audit(org).await;
        let grants: Vec<_> = log.iter().filter(|entry| entry.starts_with("grant.")).collect();
        assert_eq!(grants, [
            "grant.deleted/success", "grant.deleted/success", "grant.created/success", "grant.created/success",
        ]);
    }

    async fn each_level_is_given_in_its_place_and_reaches_what_is_below(world: World) {
        let org = world.org("acme").await;
        let owner = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let dev = workspace(&world, org, "dev").await;
        let (one, other) = (project(&world, dev).await, project(&world, dev).await);
        let olivia = Giver(&world, &owner);
        // A project: entry to its workspace, and its own members, but not those of the one beside it.
        let granted = olivia.in_project(one, "bob", ProjectRole::Admin).await.unwrap();
        assert!(enters(&world, &bob, dev).await);
        let by_bob = Giver(&world, &bob);
        world.member(org, "carol", OrgRole::Member).await;
        let carols = by_bob.in_project(one, "carol", ProjectRole::Viewer).await.unwrap();
        assert_eq!(by_bob.in_project(other, "carol", ProjectRole::Viewer).await.unwrap_err().code(), ErrorCode::NotFound);
        assert_eq!(by_bob.in_workspace(dev, "carol", VIEWER).await.unwrap_err().code(), ErrorCode::Forbidden);
        assert_eq!(by_bob.take_in_project(other, carols).await.unwrap_err().code(), ErrorCode::NotFound);
        by_bob.take_in_project(one, carols).await.unwrap();
        // Whoever manages a workspace takes what was given in its projects too.
        olivia.take(dev, granted, false).await.unwrap();
        assert!(!enters(&world, &bob, dev).await);
        // The organization: every workspace, and what comes later.
        olivia.in_org(org, "bob", OrgRole::Viewer).await.unwrap();
        let later = workspace(&world, org, "later").await;
        assert!(enters(&world, &bob, dev).await && enters(&world, &bob, later).await);
        let auth = At(&world, &owner, org).may::<RoleRead>().await.unwrap();
        let (grants, choices) = world.control.org_grants(&auth).await.unwrap();
        assert_eq!(grants.iter().map(|g| (g.principal, g.place, g.role)).collect::<Vec<_>>(), [
            (Principal::User(bob.id), Place::Org(org), OrgRole::Viewer.into()),
        ]);
        assert_eq!(choices.unwrap().roles.len(), OrgRole::ALL.len());
    }

    async fn only_who_belongs_to_the_organization_holds_roles_in_it(world: World) {
        let acme = world.org("acme").await;
        let other = world.org("other").await;
        let owner = world.member(acme, "olivia", OrgRole::Admin).await;
        let eve = world.member(other, "eve", OrgRole::Admin).await;
        let nobody = world.person("nobody").await;
        let dev = enroll(&world, acme, &owner, "dev").await.workspace;
        let theirs = world.team(other, "theirs", &[&eve]).await;
        let invited = At(&world, &eve, other).invite("dan@acme.test").await;
        let auth = world.control.authorize::<GrantManage>(&world.cx(&owner), dev).await.unwrap();
        for stranger in [
            Principal::User(eve.id), Principal::User(nobody.id), Principal::User(world.id()),
            Principal::Team(theirs), Principal::Team(world.id()),
            Principal::Invitation(invited.id), Principal::Invitation(world.id()),
        ] {
            let error = world.control.grant_to(&auth, stranger, VIEWER.into()).await.unwrap_err();
            assert!(has_field(&error, "who"), "{stranger}");
            let error = Giver(&world, &owner).in_workspace(dev, &stranger.to_string(), VIEWER).await.unwrap_err();
            assert!(has_field(&error, "who"), "{stranger}");
        }
        for who in [
            "eve", "eve@acme.test", "nobody", "", "  ", "%", "theirs", "team:theirs", "team:", "dan@acme.test", "a\0b",
            &"x".repeat(321), "user:", "user:eve",
        ] {
            let error = Giver(&world, &owner).in_workspace(dev, who, VIEWER).await.unwrap_err();
            assert!(has_field(&error, "who"), "{who}");
        }
        let error = Giver(&world, &eve).in_workspace(dev, "eve", VIEWER).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::NotFound);
        assert!(given(&world, &owner, dev).await.is_empty());
    }

    async fn whoever_is_meant_is_found_by_any_of_their_names_but_never_guessed(world: World) {
        let org = world.org("acme").await;
        let owner = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let dev = enroll(&world, org, &owner, "dev").await.workspace;
        let olivia = Giver(&world, &owner);
        olivia.in_workspace(dev, " Bob@Acme.test ", VIEWER).await.unwrap();
        olivia.in_workspace(dev, "BOB", WorkspaceRole::Developer).await.unwrap();
        let grants = given(&world, &owner, dev).await;
        assert!(grants.iter().all(|grant| grant.principal == Principal::User(bob.id)) && grants.len() == 2);

        let carols = world.team(org, "Carols", &[]).await;
        let invited = At(&world, &owner, org).invite("Dan@acme.test").await;
        for (who, principal) in [
            ("carols", Principal::Team(carols)),
            ("dan@ACME.test", Principal::Invitation(invited.id)),
        ] {
            let id = olivia.in_workspace(dev, who, VIEWER).await.unwrap();
            let found = given(&world, &owner, dev).await.into_iter().find(|grant| grant.id == id).unwrap();
            assert_eq!(found.principal, principal);
            olivia.take(dev, id, false).await.unwrap();
        }
        // A team called like a member: which one is meant has to be said.
        let bobs = world.team(org, "BOB", &[]).await;
        let error = olivia.in_workspace(dev, "bob", WorkspaceRole::Admin).await.unwrap_err();
        assert!(error.fields()["who"].contains("team:"), "{error:?}");
        let id = olivia.in_workspace(dev, "Team: bob", WorkspaceRole::Admin).await.unwrap();
        let found = given(&world, &owner, dev).await.into_iter().find(|grant| grant.id == id).unwrap();
        assert_eq!((found.principal, found.principal_name.as_str()), (Principal::Team(bobs), "BOB"));

        let twin = world.member(org, "twin", OrgRole::Member).await;
        let mut tx = world.store.write().await.unwrap();
        let user = store::users::User {
            id: world.id(), username: "other-twin".into(), name: "Other Twin".into(), email: twin.email.clone(), is_service_account: false,
            created_at: world.control.now(), deactivated_at: None,
        };
        store::users::insert(&mut tx, &user).await.unwrap();
        store::members::insert(&mut tx, org, &user, OrgRole::Member, world.control.now()).await.unwrap();
        tx.commit_unaudited("arranged by a test").await.unwrap();
        let error = olivia.in_workspace(dev, &twin.email, VIEWER).await.unwrap_err();
        assert!(error.fields()["who"].contains("username"), "{error:?}");
    }

    async fn a_workspace_admin_grants_in_that_workspace_and_nowhere_else(world: World) {
        let org = world.org("acme").await;
        let owner = world.member(org, "olivia", OrgRole::Admin).await;
        let wanda = world.member(org, "wanda", OrgRole::Member).await;
        let dora = world.member(org, "dora", OrgRole::Member).await;
        world.member(org, "bob", OrgRole::Member).await;
        let dev = enroll(&world, org, &owner, "dev").await.workspace;
        let prod = enroll(&world, org, &owner, "prod").await.workspace;
        give(&world, &owner, dev, &wanda, WorkspaceRole::Admin).await;
        give(&world, &owner, dev, &dora, WorkspaceRole::Developer).await;
        let by_wanda = Giver(&world, &wanda);
        by_wanda.in_workspace(dev, "bob", WorkspaceRole::Admin).await.unwrap();
        assert_eq!(by_wanda.in_org(org, "bob", OrgRole::Member).await.unwrap_err().code(), ErrorCode::Forbidden);
        assert_eq!(by_wanda.in_workspace(prod, "bob", VIEWER).await.unwrap_err().code(), ErrorCode::NotFound);
        let by_dora = Giver(&world, &dora);
        assert_eq!(by_dora.in_workspace(dev, "bob", VIEWER).await.unwrap_err().code(), ErrorCode::Forbidden);
        // What was given in one workspace is not there for the other's administrators to take.
        let there = grant(&world, org, prod, Principal::User(dora.id), VIEWER).await;
        assert_eq!(by_wanda.take(dev, there, false).await.unwrap_err().code(), ErrorCode::NotFound);
        assert!(enters(&world, &dora, prod).await);
    }

    async fn nobody_gives_or_takes_more_than_they_hold_in_the_place(world: World) {
        let org = world.org("acme").await;
        let owner = world.member(org, "olivia", OrgRole::Admin).await;
        let lena = world.member(org, "lena", OrgRole::Member).await;
        world.member(org, "bob", OrgRole::Member).await;
        let dev = workspace(&world, org, "dev").await;
        let lead = world.role(org, Level::Workspace, "Lead", "grant.read grant.manage stack.read stack.update").await;
        let reader = world.role(org, Level::Workspace, "Reader", "stack.read").await;
        grant(&world, org, dev, Principal::User(lena.id), lead).await;
        let by_lena = Giver(&world, &lena);
        by_lena.in_workspace(dev, "bob", reader).await.unwrap();
        for role in [WorkspaceRole::Admin, WorkspaceRole::Developer, VIEWER] {
            let error = by_lena.in_workspace(dev, "bob", role).await.unwrap_err();
            assert_eq!(error.code(), ErrorCode::Forbidden);
            assert!(error.message().contains("allows more than you hold here. It allows “"), "{error:?}");
        }
        let admins = grant(&world, org, dev, Principal::User(owner.id), WorkspaceRole::Admin).await;
        assert_eq!(by_lena.take(dev, admins, false).await.unwrap_err().code(), ErrorCode::Forbidden);
        // The page offers what would be taken.
        let auth = world.control.authorize::<WorkspaceRead>(&world.cx(&lena), dev).await.unwrap();
        let choices = world.control.workspace(&auth).await.unwrap().choices.unwrap();
        assert_eq!(choices.roles.iter().map(|role| role.name.as_str()).collect::<Vec<_>>(), ["Lead", "Reader"]);
        assert!(world.audit(org).await.iter().all(|entry| entry != "grant.deleted/success"));
    }

    async fn a_manager_neither_makes_nor_unmakes_an_admin(world: World) {
        let org = world.org("acme").await;
        let owner = world.member(org, "olivia", OrgRole::Admin).await;
        let second = world.member(org, "adam", OrgRole::Admin).await;
        let max = world.member(org, "max", OrgRole::Manager).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let by_max = Giver(&world, &max);
        for role in [OrgRole::Admin, OrgRole::Viewer, OrgRole::Billing] {
            assert_eq!(by_max.in_org(org, "bob", role).await.unwrap_err().code(), ErrorCode::Forbidden, "{role}");
        }
        let at_max = At(&world, &max, org);
        for (person, role) in [(&bob, OrgRole::Admin), (&owner, OrgRole::Member), (&max, OrgRole::Admin)] {
            assert_eq!(at_max.set_role(person, role).await.unwrap_err().code(), ErrorCode::Forbidden);
        }
        assert_eq!(at_max.remove(&second).await.unwrap_err().code(), ErrorCode::Forbidden);
        let invited = at_max.invite_as("new@acme.test", OrgRole::Admin, &[]).await.unwrap_err();
        assert_eq!(invited.code(), ErrorCode::Forbidden);
        // An admin by a grant is one too.
        let granted = Giver(&world, &owner).in_org(org, "bob", OrgRole::Admin).await.unwrap();
        assert_eq!(at_max.remove(&bob).await.unwrap_err().code(), ErrorCode::Forbidden);
        assert_eq!(by_max.take_in_org(org, granted, false).await.unwrap_err().code(), ErrorCode::Forbidden);
        // What they hold, they give and take.
        let colleague = by_max.in_org(org, "bob", OrgRole::Manager).await.unwrap();
        by_max.take_in_org(org, colleague, false).await.unwrap();
    }

    async fn roles_of_another_level_or_organization_are_no_roles_here(world: World) {
        let org = world.org("acme").await;
        let other = world.org("other").await;
        let owner = world.member(org, "olivia", OrgRole::Admin).await;
        world.member(org, "bob", OrgRole::Member).await;
        let dev = workspace(&world, org, "dev").await;
        let place = project(&world, dev).await;
        let olivia = Giver(&world, &owner);
        let mut roles: Vec<RoleRef> = Predefined::all().map(RoleRef::Predefined).collect();
        for level in Level::GRANTED {
            roles.push(world.role(org, level, "Ours", "project_grant.read").await.into());
        }
        let level = |role: RoleRef, n: usize| role.predefined().map_or(Level::GRANTED[n % 3], Predefined::level);
        let customs = Predefined::all().count();
        for (n, role) in roles.iter().copied().enumerate() {
            let of = level(role, n.wrapping_sub(customs));
            for (fits, result) in [
                (Level::Organization, olivia.in_org(org, "bob", role).await),
                (Level::Workspace, olivia.in_workspace(dev, "bob", role).await),
                (Level::Project, olivia.in_project(place, "bob", role).await),
            ] {
                match result {
                    Ok(_) => assert_eq!(of, fits, "{role}"),
                    Err(error) => assert!(of != fits && has_field(&error, "role"), "{role} in {fits}: {error:?}"),
                }
            }
        }
        let theirs = world.role(other, Level::Workspace, "Theirs", "stack.read").await;
        for role in [theirs, world.id()] {
            assert!(has_field(&olivia.in_workspace(dev, "bob", role).await.unwrap_err(), "role"));
        }
    }

    async fn what_was_deleted_is_given_to_nobody_and_nowhere(world: World) {
        let org = world.org("acme").await;
        let owner = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let dev = workspace(&world, org, "dev").await;
        let olivia = Giver(&world, &owner);
        let at = At(&world, &owner, org);
        let (role, team) = (world.role(org, Level::Workspace, "Reader", "stack.read").await, world.team(org, "crew", &[]).await);
        let auth = at.may::<RoleManage>().await.unwrap();
        world.control.delete_role(&auth, role, false).await.unwrap();
        assert!(has_field(&olivia.in_workspace(dev, "bob", role).await.unwrap_err(), "role"));
        let auth = world.control.authorize::<TeamManage>(&world.cx(&owner), team).await.unwrap();
        world.control.delete_team(&auth, "crew").await.unwrap();
        let team = Principal::Team(team).to_string();
        assert!(has_field(&olivia.in_workspace(dev, &team, VIEWER).await.unwrap_err(), "who"));
        let made = at.invite("dan@acme.test").await;
        at.revoke(&made).await.unwrap();
        let invitation = Principal::Invitation(made.id).to_string();
        assert!(has_field(&olivia.in_workspace(dev, &invitation, VIEWER).await.unwrap_err(), "who"));
        at.remove(&bob).await.unwrap();
        assert!(has_field(&olivia.in_workspace(dev, &Principal::User(bob.id).to_string(), VIEWER).await.unwrap_err(), "who"));
        let nowhere = ProjectPlace { workspace: dev, project: world.id() };
        assert_eq!(olivia.in_project(nowhere, "olivia", ProjectRole::Viewer).await.unwrap_err().code(), ErrorCode::NotFound);
        let manages = world.control.authorize::<GrantManage>(&world.cx(&owner), dev).await.unwrap();
        let auth = world.control.authorize::<WorkspaceDelete>(&world.cx(&owner), dev).await.unwrap();
        world.control.delete_workspace(&auth, "dev").await.unwrap();
        let gone = world.control.grant_in_workspace(&manages, "olivia", VIEWER.into(), None).await.unwrap_err();
        assert!(matches!(gone.code(), ErrorCode::NotFound | ErrorCode::Forbidden), "{gone:?}");
    }

    async fn a_grant_runs_out_by_itself(world: World) {
        let org = world.org("acme").await;
        let owner = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let dev = workspace(&world, org, "dev").await;
        let olivia = Giver(&world, &owner);
        for day in ["2026-11-22", "tomorrow", "2026-02-30"] {
            assert!(has_field(&olivia.until(dev, "bob", VIEWER, Some(day)).await.unwrap_err(), "until"), "{day}");
        }
        // It is noon of the 23rd, and the day is included.
        olivia.until(dev, "bob", VIEWER, Some("2026-11-24")).await.unwrap();
        world.clock.advance_s(36 * 3600 - 1);
        assert!(enters(&world, &bob, dev).await);
        world.clock.advance_s(1);
        assert!(!enters(&world, &bob, dev).await);
        assert!(given(&world, &owner, dev).await.is_empty(), "and is shown nowhere");
        let auth = At(&world, &owner, org).may::<RoleRead>().await.unwrap();
        assert!(world.control.role_assignments(&auth, VIEWER.into()).await.unwrap().is_empty());
        // It does not stand in the way of a new one.
        olivia.until(dev, "bob", VIEWER, Some("")).await.unwrap();
        world.clock.advance_s(10 * 365 * 24 * 3600);
        assert!(enters(&world, &bob, dev).await);
    }

    async fn a_right_that_runs_out_manages_nothing_any_more(world: World) {
        let org = world.org("acme").await;
        let owner = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let auth = At(&world, &owner, org).may::<OrgGrantManage>().await.unwrap();
        world.control.grant_in_org(&auth, "bob", OrgRole::Admin.into(), Some("2026-11-23")).await.unwrap();
        assert!(At(&world, &bob, org).may::<OrgUpdate>().await.is_ok());
        world.clock.advance_s(12 * 3600);
        assert_eq!(At(&world, &bob, org).may::<OrgUpdate>().await.unwrap_err().code(), ErrorCode::Forbidden);
    }

    async fn a_grant_in_one_organization_never_reaches_another(world: World) {
        let (acme, other) = (world.org("acme").await, world.org("other").await);
        let owner = world.member(acme, "olivia", OrgRole::Admin).await;
        let eve = world.member(other, "eve", OrgRole::Admin).await;
        let bob = world.member(acme, "bob", OrgRole::Member).await;
        world.join(other, &bob, OrgRole::Member).await;
        let (ours, theirs) = (workspace(&world, acme, "ours").await, workspace(&world, other, "theirs").await);
        let granted = Giver(&world, &owner).in_org(acme, "bob", OrgRole::Admin).await.unwrap();
        assert!(enters(&world, &bob, ours).await && !enters(&world, &bob, theirs).await);
        assert!(At(&world, &bob, other).may::<MemberRead>().await.is_err());
        // Nor can it be taken from over there, by its id.
        let by_eve = Giver(&world, &eve);
        assert_eq!(by_eve.take_in_org(other, granted, false).await.unwrap_err().code(), ErrorCode::NotFound);
        assert_eq!(by_eve.take(theirs, granted, false).await.unwrap_err().code(), ErrorCode::NotFound);
        assert_eq!(by_eve.take_in_org(acme, granted, false).await.unwrap_err().code(), ErrorCode::NotFound);
        // A row that says otherwise, however it came there, decides nothing.
        grant(&world, acme, theirs, Principal::User(owner.id), WorkspaceRole::Admin).await;
        assert!(!enters(&world, &owner, theirs).await);
        grant(&world, acme, acme, Principal::User(eve.id), OrgRole::Admin).await;
        assert!(!enters(&world, &eve, ours).await && At(&world, &eve, acme).may::<OrgRead>().await.is_err());
    }

    async fn whoever_is_removed_leaves_their_grants_and_teams_behind(world: World) {
        let org = world.org("acme").await;
        let owner = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let dev = workspace(&world, org, "dev").await;
        let place = project(&world, dev).await;
        let team = world.team(org, "crew", &[&bob]).await;
        let olivia = Giver(&world, &owner);
        olivia.in_org(org, "bob", OrgRole::Viewer).await.unwrap();
        olivia.in_workspace(dev, "bob", VIEWER).await.unwrap();
        olivia.in_project(place, "bob", ProjectRole::Viewer).await.unwrap();
        olivia.in_workspace(dev, "team:crew", VIEWER).await.unwrap();
        At(&world, &owner, org).remove(&bob).await.unwrap();
        assert!(!enters(&world, &bob, dev).await);
        let left = given(&world, &owner, dev).await;
        assert_eq!(left.iter().map(|grant| grant.principal).collect::<Vec<_>>(), [Principal::Team(team)]);
        world.join(org, &bob, OrgRole::Member).await;
        assert!(!enters(&world, &bob, dev).await, "coming back brings nothing back");
    }

    async fn nobody_locks_themselves_out_without_being_told_what_they_lose(world: World) {
        let org = world.org("acme").await;
        let owner = world.member(org, "olivia", OrgRole::Admin).await;
        let wanda = world.member(org, "wanda", OrgRole::Member).await;
        let dev = workspace(&world, org, "dev").await;
        let own = give(&world, &owner, dev, &wanda, WorkspaceRole::Admin).await;
        let spare = give(&world, &owner, dev, &wanda, WorkspaceRole::Developer).await;
        let by_wanda = Giver(&world, &wanda);
        let error = by_wanda.take(dev, own, false).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::Conflict);
        assert!(error.message().starts_with("You would lose “workspace.update”"), "{}", error.message());
        // Nothing is lost with what one holds by another role as well.
        by_wanda.take(dev, spare, false).await.unwrap();
        by_wanda.take(dev, own, true).await.unwrap();
        assert!(world.control.authorize::<WorkspaceUpdate>(&world.cx(&wanda), dev).await.is_err());
        // An Organization Admin who drops a lesser role loses nothing, and is not asked.
        let lesser = Giver(&world, &owner).in_org(org, "olivia", OrgRole::Billing).await.unwrap();
        Giver(&world, &owner).take_in_org(org, lesser, false).await.unwrap();
    }

    async fn the_last_admin_is_one_by_membership_whatever_was_granted(world: World) {
        let org = world.org("acme").await;
        let owner = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        Giver(&world, &owner).in_org(org, "bob", OrgRole::Admin).await.unwrap();
        let by_bob = At(&world, &bob, org);
        assert_eq!(by_bob.set_role(&owner, OrgRole::Member).await.unwrap_err().code(), ErrorCode::Conflict);
        assert_eq!(by_bob.remove(&owner).await.unwrap_err().code(), ErrorCode::Conflict);
        by_bob.set_role(&bob, OrgRole::Admin).await.unwrap();
        by_bob.set_role(&owner, OrgRole::Member).await.unwrap();
    }

    async fn what_waits_on_an_invitation_comes_to_whoever_accepts_it_at_every_level(world: World) {
        let org = world.org("acme").await;
        let owner = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.person("bob").await;
        let at = At(&world, &owner, org);
        let (dev, prod) = (workspace(&world, org, "dev").await, workspace(&world, org, "prod").await);
        let place = project(&world, prod).await;
        let custom = world.role(org, Level::Workspace, "Reader", "stack.read").await;
        let made = at.invite("bob@acme.test").await;
        let olivia = Giver(&world, &owner);
        olivia.in_org(org, "bob@acme.test", OrgRole::Billing).await.unwrap();
        olivia.in_workspace(dev, "bob@acme.test", custom).await.unwrap();
        olivia.in_project(place, "bob@acme.test", ProjectRole::Developer).await.unwrap();
        assert!(!enters(&world, &bob, dev).await);
        world.control.accept_invitation(&open(&world.cx(&bob)), secret(&made.url), "").await.unwrap();
        assert!(enters(&world, &bob, dev).await && enters(&world, &bob, prod).await);
        let auth = at.may::<MemberRead>().await.unwrap();
        let mut held: Vec<_> = world.control.member(&auth, bob.id).await.unwrap().grants;
        held.sort_by_key(|grant| grant.place);
        assert_eq!(held.iter().map(|grant| (grant.place, grant.role_name.as_str())).collect::<Vec<_>>(), [
            (org.into(), "Billing Admin"), (dev.into(), "Reader"), (place.into(), "Project Developer"),
        ]);
    }

    async fn what_waits_on_an_invitation_that_is_over_is_shown_nowhere(world: World) {
        let org = world.org("acme").await;
        let owner = world.member(org, "olivia", OrgRole::Admin).await;
        let at = At(&world, &owner, org);
        let dev = workspace(&world, org, "dev").await;
        let made = at.invite("bob@acme.test").await;
        Giver(&world, &owner).in_workspace(dev, "bob@acme.test", VIEWER).await.unwrap();
        assert_eq!(given(&world, &owner, dev).await.len(), 1);
        at.revoke(&made).await.unwrap();
        assert!(given(&world, &owner, dev).await.is_empty());
        let auth = at.may::<RoleRead>().await.unwrap();
        assert_eq!(world.control.role(&auth, VIEWER.into()).await.unwrap().row.assignments, 0);
    }
}
