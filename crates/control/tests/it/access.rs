use super::arrange::{At, grant, project, workspace};
use super::zenml::{enroll, server_of};
use control::authz::{AccessRead, GrantPreview, TeamMembers};
use control::zenml::ShareRequest;
use model::access::{Change, Effect};
use model::grant::{By, Place, Principal};
use model::permission::Permission;
use model::policy::{Action, ResourceType};
use model::role::PermissionName;
use model::workspace::EnrollmentSecret;
use model::{ErrorCode, GrantId, Level, OrgId, OrgRole, ProjectRole, WorkspaceRole};
use testkit::{Person, World, both_engines};
use uuid::Uuid;

const UPDATE_STACKS: PermissionName = PermissionName::Resource(ResourceType::Stack, Action::Update);
const READ_STACKS: PermissionName = PermissionName::Resource(ResourceType::Stack, Action::Read);
const ENTER: PermissionName = PermissionName::Reeve(Permission::WorkspaceEnter);

async fn preview(world: &World, by: &Person, org: OrgId, change: &Change) -> control::Result<Effect> {
    let auth = At(world, by, org).may::<AccessRead>().await?;
    world.control.preview(&auth, change).await
}

/// Shares a resource of a workspace, as its server asks for it.
async fn share(
    world: &World,
    org: OrgId,
    by: &Person,
    at: &EnrollmentSecret,
    with: Principal,
    what: (&str, &str),
) {
    let (user_id, team_id) = match with {
        Principal::User(user) => (Some(user.to_string()), None),
        Principal::Team(team) => (None, Some(team.to_string())),
        Principal::Invitation(_) => panic!("nothing is shared with an invitation"),
    };
    let (resource, actions) = what;
    let actions = actions.split(' ').map(str::to_owned).collect();
    let asked = ShareRequest {
        user_id,
        team_id,
        sharing_user_id: by.id.to_string(),
        resource: resource.to_owned(),
        actions,
    };
    world.control.set_resource_members(&server_of(world, org, at).await, &asked).await.unwrap();
}

/// Takes a grant, past the rules.
async fn ungrant(world: &World, org: OrgId, grant: GrantId) {
    let mut tx = world.store.write().await.unwrap();
    assert!(store::grants::remove(&mut tx, org, grant).await.unwrap());
    store::orgs::bump_policy_version(&mut tx, org).await.unwrap();
    tx.commit_unaudited("arranged by a test").await.unwrap();
}

/// A line of [`losses`], in one workspace.
fn lost<'a>(permission: &str, people: &[&'a str], place: &'a str) -> (String, Vec<&'a str>, Vec<&'a str>) {
    (permission.to_owned(), people.to_vec(), vec![place])
}

/// What is lost, by how many, where.
fn losses(effect: &Effect) -> Vec<(String, Vec<&str>, Vec<&str>)> {
    let lost = effect.lines.iter().filter(|line| line.lost);
    lost.map(|line| {
        let mut places: Vec<_> = line.workspace_names.iter().map(String::as_str).collect();
        places.sort_unstable();
        (line.permission.to_string(), line.names.iter().map(String::as_str).collect(), places)
    })
    .collect()
}

both_engines! {
    async fn before_a_role_is_changed_it_is_said_who_loses_what_and_where(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let (dev, prod) = (workspace(&world, org, "dev").await, workspace(&world, org, "prod").await);
        let mut people = Vec::new();
        for name in ["bob", "carol", "dan", "erin"] {
            people.push(world.member(org, name, OrgRole::Member).await);
        }
        let [bob, carol, dan, erin] = people.as_slice() else { panic!("four people") };
        let role = world.role(org, Level::Workspace, "Stacks", "stack.read stack.update").await;
        let crew = world.team(org, "crew", &[carol, dan, erin]).await;
        grant(&world, org, dev, Principal::Team(crew), role).await;
        grant(&world, org, prod, Principal::User(bob.id), role).await;
        grant(&world, org, dev, Principal::User(erin.id), WorkspaceRole::Admin).await;
        let edit = Change::EditRole { role, permissions: vec![READ_STACKS, ENTER] };
        let effect = preview(&world, &olivia, org, &edit).await.unwrap();
        assert_eq!((effect.people, effect.own_loss), (3, false), "Erin has it by another role as well");
        assert_eq!(losses(&effect), [("stack.update".to_owned(), vec!["bob", "carol", "dan"], vec!["dev", "prod"])]);
        let more = Change::EditRole { role, permissions: vec![READ_STACKS, UPDATE_STACKS, "model.read".parse().unwrap()] };
        let effect = preview(&world, &olivia, org, &more).await.unwrap();
        assert!(losses(&effect).is_empty());
        assert_eq!(effect.lines.iter().map(|line| (line.permission.to_string(), line.people)).collect::<Vec<_>>(), [("model.read".to_owned(), 3)]);
        // Nothing was changed by asking.
        let again = preview(&world, &olivia, org, &edit).await.unwrap();
        assert_eq!(again.people, 3);
        let entry = |names: Vec<&'static str>, places: Vec<&'static str>| ("workspace.enter".to_owned(), names, places);
        for (change, lost) in [
            (Change::DeleteRole { role }, entry(vec!["bob", "carol", "dan"], vec!["dev", "prod"])),
            (Change::DeleteTeam { team: crew }, entry(vec!["carol", "dan"], vec!["dev"])),
            (Change::RemoveFromTeam { team: crew, user: dan.id }, entry(vec!["dan"], vec!["dev"])),
            (Change::RemoveMember { user: bob.id }, entry(vec!["bob"], vec!["prod"])),
        ] {
            let effect = preview(&world, &olivia, org, &change).await.unwrap();
            assert!(losses(&effect).contains(&lost), "{change:?}: {:?}", losses(&effect));
        }
    }

    async fn what_concerns_whoever_asks_is_said_apart(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let own = Change::SetMemberRole { user: olivia.id, role: OrgRole::Manager };
        let effect = preview(&world, &olivia, org, &own).await.unwrap();
        assert!(effect.own_loss && effect.people == 1);
        let text = serde_json::to_string(&effect).unwrap();
        assert_eq!(serde_json::from_str::<Effect>(&text).unwrap(), effect, "a page can read it");
    }

    async fn whoever_manages_a_workspace_foresees_what_taking_a_role_does_there(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let wanda = world.member(org, "wanda", OrgRole::Member).await;
        let (dev, prod) = (workspace(&world, org, "dev").await, workspace(&world, org, "prod").await);
        let place = project(&world, dev).await;
        let own = grant(&world, org, dev, Principal::User(wanda.id), WorkspaceRole::Admin).await;
        let inner = grant(&world, org, place, Principal::User(olivia.id), ProjectRole::Viewer).await;
        let elsewhere = grant(&world, org, prod, Principal::User(olivia.id), WorkspaceRole::Viewer).await;
        let auth = world.control.authorize::<GrantPreview>(&world.cx(&wanda), dev).await.unwrap();
        assert!(world.control.preview_revoke(&auth, own).await.unwrap().own_loss);
        assert_eq!(world.control.preview_revoke(&auth, inner).await.unwrap(), Effect::default());
        assert_eq!(world.control.preview_revoke(&auth, elsewhere).await.unwrap_err().code(), ErrorCode::NotFound);
    }

    async fn what_was_shared_is_lost_with_the_team_or_with_the_membership(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let (bob, dan) = (world.member(org, "bob", OrgRole::Member).await, world.member(org, "dan", OrgRole::Member).await);
        let dev = enroll(&world, org, &olivia, "dev").await;
        let crew = world.team(org, "crew", &[&bob, &dan]).await;
        grant(&world, org, dev.workspace, Principal::User(bob.id), WorkspaceRole::Viewer).await;
        let stack = format!("stack/{}", Uuid::from_u128(1));
        share(&world, org, &olivia, &dev, Principal::Team(crew), (&stack, "read update delete")).await;
        let effect = preview(&world, &olivia, org, &Change::RemoveFromTeam { team: crew, user: bob.id }).await.unwrap();
        assert_eq!(effect.people, 1);
        assert_eq!(losses(&effect), [lost("stack.update", &["bob"], "dev"), lost("stack.delete", &["bob"], "dev")], "his role reads");
        let effect = preview(&world, &olivia, org, &Change::DeleteTeam { team: crew }).await.unwrap();
        let all = ["bob", "dan"];
        assert_eq!(losses(&effect), [
            lost("workspace.read", &["dan"], "dev"), lost("workspace.enter", &["dan"], "dev"), lost("stack.read", &["dan"], "dev"),
            lost("stack.update", &all, "dev"), lost("stack.delete", &all, "dev"),
        ]);
        let effect = preview(&world, &olivia, org, &Change::RemoveMember { user: bob.id }).await.unwrap();
        for action in ["read", "update", "delete"] {
            let line = lost(&format!("stack.{action}"), &["bob"], "dev");
            assert!(losses(&effect).contains(&line), "{line:?}: {:?}", losses(&effect));
        }
        assert!(effect.lines.iter().all(|line| line.lost));
    }

    async fn a_share_is_no_loss_while_something_else_gives_the_same(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let dev = enroll(&world, org, &olivia, "dev").await;
        let crew = world.team(org, "crew", &[&bob]).await;
        let me = Principal::User(bob.id);
        let leaving = Change::RemoveFromTeam { team: crew, user: bob.id };
        let place = project(&world, dev.workspace).await;
        let (stack, other) = (format!("stack/{}", Uuid::from_u128(1)), format!("stack/{}", Uuid::from_u128(2)));
        let model = format!("{}:model/{}", place.project, Uuid::from_u128(3));
        for what in [(stack.as_str(), "read update"), (model.as_str(), "read")] {
            share(&world, org, &olivia, &dev, Principal::Team(crew), what).await;
        }
        let admin = grant(&world, org, dev.workspace, me, WorkspaceRole::StackAdmin).await;
        grant(&world, org, place, me, ProjectRole::Viewer).await;
        assert_eq!(preview(&world, &olivia, org, &leaving).await.unwrap(), Effect::default(), "roles cover both");
        // Without the role it is the role's loss, told once; what was shared is still shared, and lets in.
        let effect = preview(&world, &olivia, org, &Change::RemoveGrant { grant: admin }).await.unwrap();
        assert_eq!(losses(&effect).iter().filter(|(name, _, _)| name == "stack.update").count(), 1);
        assert!(effect.lines.iter().all(|line| line.permission != ENTER), "{effect:?}");
        // The same stack shared with himself is enough; another one is not the same.
        ungrant(&world, org, admin).await;
        share(&world, org, &olivia, &dev, me, (&stack, "read update")).await;
        assert_eq!(preview(&world, &olivia, org, &leaving).await.unwrap(), Effect::default(), "he has it himself");
        share(&world, org, &olivia, &dev, Principal::Team(crew), (&other, "read")).await;
        let effect = preview(&world, &olivia, org, &leaving).await.unwrap();
        assert_eq!(losses(&effect), [lost("stack.read", &["bob"], "dev")]);
        // Of a type nobody knows only entry can be told, and that he keeps.
        share(&world, org, &olivia, &dev, Principal::Team(crew), ("resource_pool/00000000-0000-0000-0000-000000000009", "update")).await;
        assert_eq!(preview(&world, &olivia, org, &leaving).await.unwrap(), effect);
    }

    async fn to_see_the_project_of_what_was_shared_is_lost_with_it(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let dev = enroll(&world, org, &olivia, "dev").await;
        let crew = world.team(org, "crew", &[&bob]).await;
        let place = project(&world, dev.workspace).await;
        let model = format!("{}:model/{}", place.project, Uuid::from_u128(3));
        share(&world, org, &olivia, &dev, Principal::Team(crew), (&model, "update")).await;
        grant(&world, org, dev.workspace, Principal::User(bob.id), WorkspaceRole::StackAdmin).await;
        let effect = preview(&world, &olivia, org, &Change::DeleteTeam { team: crew }).await.unwrap();
        assert_eq!(losses(&effect), [lost("project.read", &["bob"], "dev"), lost("model.update", &["bob"], "dev")]);
    }

    async fn nobody_gives_up_what_was_shared_with_them_unasked(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let max = world.member(org, "max", OrgRole::Manager).await;
        let dev = enroll(&world, org, &olivia, "dev").await;
        let crew = world.team(org, "crew", &[&max]).await;
        grant(&world, org, dev.workspace, Principal::User(max.id), WorkspaceRole::Viewer).await;
        let stack = format!("stack/{}", Uuid::from_u128(1));
        share(&world, org, &olivia, &dev, Principal::Team(crew), (&stack, "read update")).await;
        let leave = async |confirmed| {
            let auth = world.control.authorize::<TeamMembers>(&world.cx(&max), crew).await?;
            world.control.remove_team_member(&auth, Principal::User(max.id), confirmed).await
        };
        assert!(preview(&world, &olivia, org, &Change::DeleteTeam { team: crew }).await.unwrap().people == 1);
        let refused = leave(false).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::Conflict);
        assert_eq!(refused.fields()["confirmed"], "You would lose “stack.update” yourself. Confirm to go on.");
        leave(true).await.unwrap();
    }

    async fn what_the_organization_gave_or_will_give_is_told_there_alone(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Admin).await;
        let (dev, prod) = (workspace(&world, org, "dev").await, workspace(&world, org, "prod").await);
        let kept = grant(&world, org, dev, Principal::User(bob.id), WorkspaceRole::Admin).await;
        grant(&world, org, prod, Principal::User(bob.id), WorkspaceRole::Viewer).await;
        let effect = preview(&world, &olivia, org, &Change::RemoveGrant { grant: kept }).await.unwrap();
        assert_eq!(effect, Effect::default(), "an administrator of the organization needs no role in it");
        let role = |user: &Person, role| Change::SetMemberRole { user: user.id, role };
        let effect = preview(&world, &olivia, org, &role(&bob, OrgRole::Member)).await.unwrap();
        assert!(losses(&effect).contains(&("stack.update".to_owned(), vec!["bob"], Vec::new())));
        assert!(effect.lines.iter().all(|line| line.workspaces == 0), "in dev he keeps it all");
    }

    async fn a_decision_is_explained_by_everything_that_allows_it(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let dev = workspace(&world, org, "dev").await;
        let crew = world.team(org, "crew", &[&bob]).await;
        grant(&world, org, dev, Principal::Team(crew), WorkspaceRole::Developer).await;
        grant(&world, org, dev, Principal::User(bob.id), WorkspaceRole::StackAdmin).await;
        grant(&world, org, dev, Principal::User(bob.id), WorkspaceRole::Viewer).await;
        let auth = At(&world, &olivia, org).may::<AccessRead>().await.unwrap();
        let why = world.control.explain_access(&auth, bob.id, dev.into(), UPDATE_STACKS, None).await.unwrap();
        let mut ways: Vec<_> = why.ways.iter().map(|way| match &way.by {
            By::Grant { role_name, .. } => (role_name.as_str(), way.team.as_ref().map(|(_, name)| name.as_str())),
            other => panic!("{other:?}"),
        }).collect();
        ways.sort_unstable();
        assert_eq!((why.allowed, ways, why.smallest), (true, vec![("Stack Admin", None), ("Workspace Developer", Some("crew"))], None));
        let why = world.control.explain_access(&auth, olivia.id, dev.into(), UPDATE_STACKS, None).await.unwrap();
        assert!(why.allowed && matches!(why.ways[0].by, By::Membership { .. }) && why.ways.len() == 1);
    }

    async fn a_denial_names_the_smallest_role_that_would_do_and_who_could_give_it(world: World) {
        let org = world.org("acme").await;
        world.member(org, "olivia", OrgRole::Admin).await;
        let max = world.member(org, "max", OrgRole::Manager).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let dev = workspace(&world, org, "dev").await;
        let place = project(&world, dev).await;
        let tiny = world.role(org, Level::Workspace, "Tiny", "stack.update").await;
        let wanda = world.member(org, "wanda", OrgRole::Member).await;
        grant(&world, org, dev, Principal::User(wanda.id), WorkspaceRole::Admin).await;
        let auth = At(&world, &max, org).may::<AccessRead>().await.unwrap();
        let read_runs = PermissionName::Resource(ResourceType::PipelineRun, Action::Read);
        for (at, permission, role, givers) in [
            (Place::Workspace(dev), UPDATE_STACKS, tiny.into(), vec!["olivia", "wanda"]),
            (place.into(), read_runs, ProjectRole::Viewer.into(), vec!["olivia", "wanda"]),
            (org.into(), PermissionName::Reeve(Permission::LimitManage), OrgRole::Billing.into(), vec!["olivia"]),
        ] {
            let why = world.control.explain_access(&auth, bob.id, at, permission, None).await.unwrap();
            let least = why.smallest.unwrap();
            assert!(!why.allowed && why.ways.is_empty());
            let named: Vec<_> = least.givers.iter().map(|(_, name)| name.as_str()).collect();
            assert_eq!((least.role, least.place, named), (role, at, givers), "{at} {permission}");
        }
    }

    async fn everybody_who_may_is_listed_with_shares_as_well(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let carol = world.member(org, "carol", OrgRole::Member).await;
        world.member(org, "dan", OrgRole::Member).await;
        let dev = enroll(&world, org, &olivia, "dev").await;
        let server = server_of(&world, org, &dev).await;
        grant(&world, org, dev.workspace, Principal::User(bob.id), WorkspaceRole::Viewer).await;
        let stack = Uuid::from_u128(1);
        let share = ShareRequest {
            user_id: Some(carol.id.to_string()),
            team_id: None,
            sharing_user_id: olivia.id.to_string(),
            resource: format!("stack/{stack}"),
            actions: vec!["read".into(), "update".into()],
        };
        world.control.set_resource_members(&server, &share).await.unwrap();
        let auth = At(&world, &olivia, org).may::<AccessRead>().await.unwrap();
        let who = async |permission, resource| {
            let able = world.control.who_can(&auth, dev.workspace.into(), permission, resource).await.unwrap();
            assert_eq!(able.total as usize, able.people.len());
            able.people.into_iter().map(|one| one.name).collect::<Vec<_>>()
        };
        assert_eq!(who(ENTER, None).await, ["bob", "carol", "olivia"]);
        assert_eq!(who(READ_STACKS, None).await, ["bob", "olivia"]);
        assert_eq!(who(READ_STACKS, Some(stack)).await, ["bob", "carol", "olivia"]);
        assert_eq!(who(UPDATE_STACKS, Some(stack)).await, ["carol", "olivia"]);
        let why = world.control.explain_access(&auth, carol.id, dev.workspace.into(), UPDATE_STACKS, Some(stack)).await.unwrap();
        assert!(why.allowed && matches!(why.ways[0].by, By::Share { .. }) && why.ways.len() == 1);
        let access = world.control.access(&auth, carol.id, dev.workspace.into()).await.unwrap();
        assert!(access.enters && access.shares == 1 && access.rows.iter().all(|row| row.actions.is_empty()));
        let person = world.control.person_access(&auth, carol.id).await.unwrap();
        assert_eq!((person.workspaces_total, person.workspaces[0].name.as_str(), person.workspaces[0].enters), (1, "dev", true));
        assert_eq!(person.org.len(), 1);
    }

    async fn what_is_not_there_or_of_others_is_not_explained(world: World) {
        let (org, other) = (world.org("acme").await, world.org("other").await);
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let vera = world.member(org, "vera", OrgRole::Viewer).await;
        let eve = world.member(other, "eve", OrgRole::Admin).await;
        let theirs = workspace(&world, other, "theirs").await;
        let ours = workspace(&world, org, "ours").await;
        let (team, role) = (world.team(other, "crew", &[&eve]).await, world.role(other, Level::Workspace, "Theirs", "").await);
        let granted = grant(&world, other, theirs, Principal::User(eve.id), WorkspaceRole::Viewer).await;
        let auth = At(&world, &olivia, org).may::<AccessRead>().await.unwrap();
        let code = |error: control::Error| error.code();
        for (user, place) in [(eve.id, Place::Workspace(ours)), (olivia.id, theirs.into()), (olivia.id, other.into()), (world.id(), ours.into())] {
            let permission = PermissionName::Reeve(Permission::WorkspaceRead);
            let refused = world.control.explain_access(&auth, user, place, permission, None).await;
            assert_eq!(refused.map(|_| ()).map_err(code), Err(ErrorCode::NotFound), "{place}");
        }
        let no_place = world.control.who_can(&auth, org.into(), READ_STACKS, None).await.unwrap_err();
        assert!(no_place.fields().contains_key("place"));
        for change in [
            Change::EditRole { role, permissions: Vec::new() }, Change::DeleteRole { role }, Change::RemoveGrant { grant: granted },
            Change::RemoveFromTeam { team, user: eve.id }, Change::DeleteTeam { team }, Change::RemoveMember { user: eve.id },
            Change::SetMemberRole { user: eve.id, role: OrgRole::Admin },
        ] {
            let refused = preview(&world, &olivia, org, &change).await;
            assert_eq!(refused.map(|_| ()).map_err(code), Err(ErrorCode::NotFound), "{change:?}");
        }
        assert_eq!(At(&world, &vera, org).may::<AccessRead>().await.unwrap_err().code(), ErrorCode::Forbidden);
    }
}
