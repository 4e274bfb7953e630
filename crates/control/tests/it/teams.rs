use super::arrange::{At, grant, open, project, secret, workspace};
use super::zenml::{enroll, server_of};
use control::Result;
use control::authz::{
    OrgGrantManage, OrgRead, OrgUpdate, TeamCreate, TeamManage, TeamMembers, TeamRead, WorkspaceEnter,
};
use control::teams::TeamChange;
use control::zenml::ShareRequest;
use model::grant::Principal;
use model::team::{Team, TeamDetail, TeamQuery};
use model::{ErrorCode, OrgId, OrgRole, TeamId, WorkspaceRole};
use store::shares::{Share, With};
use testkit::{Person, World, both_engines};
use uuid::Uuid;

/// Somebody and a team: a proof of each right, asked for when it is used.
struct By<'a>(&'a World, &'a Person, TeamId);

impl By<'_> {
    async fn may<R: control::authz::Right<Scope = TeamId>>(&self) -> Result<control::Authorized<R>> {
        self.0.control.authorize::<R>(&self.0.cx(self.1), self.2).await
    }
    async fn see(&self) -> Result<TeamDetail> {
        self.0.control.team(&self.may::<TeamRead>().await?, None).await
    }
    async fn add(&self, who: &str) -> Result<()> {
        self.0.control.add_team_member(&self.may::<TeamMembers>().await?, who).await
    }
    async fn take_out(&self, principal: Principal, confirmed: bool) -> Result<()> {
        self.0.control.remove_team_member(&self.may::<TeamMembers>().await?, principal, confirmed).await
    }
    async fn set_maintainer(&self, principal: Principal, maintainer: bool) -> Result<()> {
        self.0.control.set_team_maintainer(&self.may::<TeamManage>().await?, principal, maintainer).await
    }
    async fn rename(&self, name: &str) -> Result<()> {
        let change = TeamChange { name: Some(name.to_owned()), description: Some(String::new()) };
        self.0.control.update_team(&self.may::<TeamManage>().await?, &change).await.map(drop)
    }
    async fn delete(&self, typed: &str) -> Result<()> {
        self.0.control.delete_team(&self.may::<TeamManage>().await?, typed).await
    }
}

async fn create(world: &World, by: &Person, org: OrgId, name: &str) -> Result<TeamId> {
    let auth = world.control.authorize::<TeamCreate>(&world.cx(by), org).await?;
    Ok(world.control.create_team(&auth, name, "For tests").await?.id)
}

async fn list(world: &World, by: &Person, org: OrgId, query: &TeamQuery) -> Vec<Team> {
    let auth = world.control.authorize::<OrgRead>(&world.cx(by), org).await.unwrap();
    world.control.teams(&auth, query).await.unwrap().page.items
}

fn user(person: &Person) -> Principal {
    Principal::User(person.id)
}

async fn enters(world: &World, person: &Person, place: model::WorkspaceId) -> bool {
    world.control.authorize::<WorkspaceEnter>(&world.cx(person), place).await.is_ok()
}

/// The newest entry of a team's log, before and after.
async fn newest(world: &World, org: OrgId, team: TeamId) -> (String, String, String) {
    let mut tx = world.store.read().await.unwrap();
    let filter = store::audit::Filter { target: Some(team.uuid()), ..store::audit::Filter::default() };
    let entry = store::audit::list(&mut tx, org, &filter, 1).await.unwrap().remove(0);
    (entry.action, entry.before.unwrap_or_default(), entry.after.unwrap_or_default())
}

both_engines! {
    async fn a_team_is_made_renamed_and_deleted_and_the_log_tells(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let id = create(&world, &olivia, org, " Data <Science> ").await.unwrap();
        let by = By(&world, &olivia, id);
        let detail = by.see().await.unwrap();
        assert_eq!((detail.team.name.as_str(), detail.team.description.as_str()), ("Data <Science>", "For tests"));
        assert!(detail.people.items.is_empty() && detail.grants.is_empty());
        assert!(detail.can.manage && detail.can.members && detail.can.grant);
        by.rename("Data").await.unwrap();
        let (action, before, after) = newest(&world, org, id).await;
        assert_eq!(action, "team.updated");
        assert!(before.contains("Data <Science>") && after.contains(r#""name":"Data""#), "{before} {after}");
        assert!(by.delete("data").await.unwrap_err().fields().contains_key("confirm"));
        by.delete(" Data ").await.unwrap();
        assert_eq!(by.see().await.unwrap_err().code(), ErrorCode::NotFound);
        assert_eq!(world.audit(org).await[..3], ["access.denied/refused", "team.deleted/success", "team.updated/success"]);
    }

    async fn of_two_changes_at_once_none_is_lost_that_names_something_else(world: World) {
        let (org, replica) = (world.org("acme").await, world.replica().await);
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let id = create(&world, &olivia, org, "Data").await.unwrap();
        let by = By(&world, &olivia, id);
        let (here, there) = (by.may::<TeamManage>().await.unwrap(), By(&replica, &olivia, id).may().await.unwrap());
        for n in 0..20 {
            let (name, note) = (format!("Data {n}"), format!("For tests {n}"));
            let renamed = TeamChange { name: Some(name.clone()), description: None };
            let described = TeamChange { name: None, description: Some(note.clone()) };
            let both = tokio::join!(world.control.update_team(&here, &renamed), replica.control.update_team(&there, &described));
            both.0.unwrap();
            both.1.unwrap();
            let team = by.see().await.unwrap().team;
            assert_eq!((team.name, team.description), (name, note));
        }
    }

    async fn a_name_is_given_once_in_an_organization_in_any_case(world: World) {
        let org = world.org("acme").await;
        let other = world.org("other").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let eve = world.member(other, "eve", OrgRole::Admin).await;
        let one = create(&world, &olivia, org, "Straße").await.unwrap();
        let two = create(&world, &olivia, org, "two").await.unwrap();
        let again = create(&world, &olivia, org, "sTRAßE").await.unwrap_err();
        assert_eq!((again.code(), again.fields().contains_key("name")), (ErrorCode::Conflict, true));
        let again = By(&world, &olivia, two).rename("STRAßE").await.unwrap_err();
        assert_eq!((again.code(), again.fields().contains_key("name")), (ErrorCode::Conflict, true));
        for twin in ["STRASSE", "\u{FF33}traße", " Straße\u{3000}"] {
            assert_eq!(create(&world, &olivia, org, twin).await.unwrap_err().code(), ErrorCode::Conflict, "{twin}");
        }
        create(&world, &olivia, org, "Zoe\u{308}’s\u{A0}team").await.unwrap();
        assert_eq!(create(&world, &olivia, org, "ZOË’S TEAM").await.unwrap_err().code(), ErrorCode::Conflict);
        By(&world, &olivia, one).rename("STRAßE").await.unwrap();
        create(&world, &eve, other, "Straße").await.unwrap();
        for name in ["", "  ", "a\0b", "\u{202E}a", "\u{2800}", "a\u{FE0F}", &"x".repeat(101)] {
            assert!(create(&world, &olivia, org, name).await.unwrap_err().fields().contains_key("name"), "{name:?}");
        }
        let auth = At(&world, &olivia, org).may::<TeamCreate>().await.unwrap();
        let long = world.control.create_team(&auth, "long", &"x".repeat(1001)).await.unwrap_err();
        assert!(long.fields().contains_key("description"));
    }

    async fn of_two_teams_given_one_name_at_once_one_has_it(world: World) {
        let other = world.replica().await;
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let (a, b) = (world.team(org, "a", &[]).await, world.team(org, "b", &[]).await);
        let (a, b) = (By(&world, &olivia, a), By(&other, &olivia, b));
        let (x, y) = tokio::join!(a.rename("same"), b.rename("Same"));
        assert!(x.is_ok() != y.is_ok(), "{x:?} {y:?}");
        assert_eq!(x.err().or(y.err()).unwrap().code(), ErrorCode::Conflict);
        let (x, y) = tokio::join!(create(&world, &olivia, org, "new"), create(&other, &olivia, org, "New"));
        assert!(x.is_ok() != y.is_ok(), "{x:?} {y:?}");
    }

    async fn the_list_is_searched_and_paged_and_counts(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let dev = workspace(&world, org, "dev").await;
        for n in 0..54 {
            world.team(org, &format!("Team {n:02}"), &[]).await;
        }
        let full = world.team(org, "100% full", &[&olivia, &bob]).await;
        grant(&world, org, dev, Principal::Team(full), WorkspaceRole::Viewer).await;
        let auth = At(&world, &olivia, org).may::<OrgRead>().await.unwrap();
        let first = world.control.teams(&auth, &TeamQuery::default()).await.unwrap();
        assert!(first.can_manage);
        assert_eq!((first.page.items[0].members, first.page.items[0].grants), (2, 1));
        let rest = TeamQuery { cursor: first.page.next.clone(), ..TeamQuery::default() };
        let second = world.control.teams(&auth, &rest).await.unwrap().page;
        let names: Vec<_> = first.page.items.into_iter().chain(second.items).map(|team| team.name).collect();
        let mut expected = vec!["100% full".to_owned()];
        expected.extend((0..54).map(|n| format!("Team {n:02}")));
        assert_eq!((names, second.next), (expected, None));
        let found = async |text: &str| {
            let query = TeamQuery { search: Some(text.to_owned()), ..TeamQuery::default() };
            list(&world, &olivia, org, &query).await.len()
        };
        assert_eq!((found(" TEAM 1").await, found("%").await, found("_").await, found("'; --").await), (10, 1, 0, 0));
        assert_eq!((found("\u{FF34}eam\u{A0}1").await, found("\u{FF46}ull").await), (10, 1), "found as they are told apart");
        for cursor in ["", "x", "!!!", "AAAA", "../../etc"] {
            let query = TeamQuery { cursor: Some(cursor.to_owned()), ..TeamQuery::default() };
            assert!(world.control.teams(&auth, &query).await.unwrap_err().fields().contains_key("cursor"), "{cursor:?}");
        }
    }

    async fn whoever_may_not_see_teams_sees_those_they_are_in(world: World) {
        let org = world.org("acme").await;
        world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let vera = world.member(org, "vera", OrgRole::Viewer).await;
        let other = world.org("other").await;
        let eve = world.member(other, "eve", OrgRole::Admin).await;
        let (his, hers) = (world.team(org, "his", &[&bob]).await, world.team(org, "hers", &[&vera]).await);
        let names = async |person: &Person| {
            let teams = list(&world, person, org, &TeamQuery::default()).await;
            teams.into_iter().map(|team| team.name).collect::<Vec<_>>()
        };
        assert_eq!((names(&bob).await, names(&vera).await), (vec!["his".to_owned()], vec!["hers".to_owned(), "his".to_owned()]));
        let detail = By(&world, &bob, his).see().await.unwrap();
        assert!(!detail.can.manage && !detail.can.members && !detail.can.grant);
        assert_eq!(By(&world, &bob, hers).see().await.unwrap_err().code(), ErrorCode::NotFound);
        assert_eq!(By(&world, &bob, his).add("vera").await.unwrap_err().code(), ErrorCode::Forbidden);
        assert_eq!(By(&world, &vera, his).rename("x").await.unwrap_err().code(), ErrorCode::Forbidden);
        assert_eq!(create(&world, &bob, org, "x").await.unwrap_err().code(), ErrorCode::Forbidden);
        let by_eve = By(&world, &eve, his);
        assert_eq!(by_eve.see().await.unwrap_err().code(), ErrorCode::NotFound);
        assert_eq!(by_eve.add("eve").await.unwrap_err().code(), ErrorCode::NotFound);
        assert_eq!(by_eve.delete("his").await.unwrap_err().code(), ErrorCode::NotFound);
    }

    async fn being_in_a_team_is_holding_what_it_holds_from_the_next_request_on(world: World) {
        let replica = world.replica().await;
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let dev = workspace(&world, org, "dev").await;
        let team = world.team(org, "crew", &[]).await;
        grant(&world, org, dev, Principal::Team(team), WorkspaceRole::Viewer).await;
        assert!(!enters(&replica, &bob, dev).await);
        let by = By(&world, &olivia, team);
        by.add("BOB@acme.test").await.unwrap();
        assert!(enters(&world, &bob, dev).await && enters(&replica, &bob, dev).await);
        let (action, _, after) = newest(&world, org, team).await;
        assert!(action == "team_member.added" && after.contains(&bob.id.to_string()) && after.contains("bob"), "{after}");
        let twice = by.add("bob").await.unwrap_err();
        assert_eq!((twice.code(), twice.message()), (ErrorCode::Conflict, "bob is in this team already."));
        by.take_out(user(&bob), false).await.unwrap();
        assert!(!enters(&world, &bob, dev).await && !enters(&replica, &bob, dev).await);
        assert_eq!(by.take_out(user(&bob), false).await.unwrap_err().code(), ErrorCode::NotFound);
        let log = world.audit(org).await;
        let told: Vec<_> = log.iter().filter(|entry| entry.starts_with("team_member.")).collect();
        assert_eq!(told, ["team_member.removed/success", "team_member.added/success"]);
    }

    async fn only_people_of_the_organization_are_put_into_a_team(world: World) {
        let org = world.org("acme").await;
        let other = world.org("other").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let eve = world.member(other, "eve", OrgRole::Admin).await;
        let invited = At(&world, &eve, other).invite("dan@acme.test").await;
        let (team, second) = (world.team(org, "crew", &[]).await, world.team(org, "second", &[]).await);
        let by = By(&world, &olivia, team);
        for who in [
            String::new(), "eve".into(), "eve@acme.test".into(), "dan@acme.test".into(), "second".into(), "team:second".into(),
            "crew".into(), user(&eve).to_string(), Principal::Team(second).to_string(), Principal::Team(team).to_string(),
            Principal::Invitation(invited.id).to_string(),
            Principal::User(world.id()).to_string(),
        ] {
            let error = by.add(&who).await.unwrap_err();
            assert!(error.code() == ErrorCode::Invalid && error.fields().contains_key("who"), "{who}: {error:?}");
        }
        assert!(by.see().await.unwrap().people.items.is_empty());
    }

    async fn people_stand_in_the_order_in_which_they_came_page_after_page(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let team = world.team(org, "crew", &[]).await;
        world.crowd(org, 60).await;
        let by = By(&world, &olivia, team);
        let mut tx = world.store.write().await.unwrap();
        let mut expected = Vec::new();
        for n in 0..60 {
            let who = store::grants::members_named(&mut tx, org, &format!("person-{n}@crowd.test")).await.unwrap()[0];
            // Several came at the same instant.
            let at = world.control.now().plus_s(n / 7);
            store::teams::add(&mut tx, team, Principal::User(who), false, at).await.unwrap();
            expected.push((at, who));
        }
        tx.commit_unaudited("arranged by a test").await.unwrap();
        expected.sort();
        let auth = by.may::<TeamRead>().await.unwrap();
        let first = world.control.team(&auth, None).await.unwrap();
        let second = world.control.team(&auth, first.people.next.as_deref()).await.unwrap();
        assert_eq!((first.team.members, first.people.items.len(), second.people.next), (60, 50, None));
        let seen: Vec<_> = first.people.items.iter().chain(&second.people.items).map(|one| one.principal).collect();
        assert_eq!(seen, expected.into_iter().map(|(_, who)| Principal::User(who)).collect::<Vec<_>>());
        for cursor in ["", "x", "!!!", "AAAA"] {
            let error = world.control.team(&auth, Some(cursor)).await.unwrap_err();
            assert!(error.fields().contains_key("cursor"), "{cursor:?}");
        }
    }

    async fn a_maintainer_manages_who_is_in_the_team_and_nothing_else(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let mara = world.member(org, "mara", OrgRole::Member).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let dev = workspace(&world, org, "dev").await;
        let (team, second) = (world.team(org, "crew", &[&mara]).await, world.team(org, "second", &[&mara, &bob]).await);
        grant(&world, org, dev, Principal::Team(team), WorkspaceRole::Admin).await;
        let (by_olivia, by_mara) = (By(&world, &olivia, team), By(&world, &mara, team));
        assert_eq!(by_mara.add("bob").await.unwrap_err().code(), ErrorCode::Forbidden);
        by_olivia.set_maintainer(user(&mara), true).await.unwrap();
        assert_eq!(newest(&world, org, team).await.0, "team_member.updated");
        let log = world.audit(org).await.len();
        by_olivia.set_maintainer(user(&mara), true).await.unwrap();
        assert_eq!(world.audit(org).await.len(), log, "nothing changed, nothing to tell");
        assert_eq!(by_olivia.set_maintainer(user(&bob), true).await.unwrap_err().code(), ErrorCode::NotFound);
        // She holds what the team holds, by being in it, and so can pass it on by putting somebody in.
        by_mara.add("bob").await.unwrap();
        assert!(enters(&world, &bob, dev).await);
        by_mara.take_out(user(&bob), false).await.unwrap();
        let can = by_mara.see().await.unwrap().can;
        assert_eq!((can.manage, can.members, can.grant), (false, true, false));
        for refused in [
            by_mara.rename("x").await, by_mara.delete("crew").await, by_mara.set_maintainer(user(&mara), false).await,
            By(&world, &mara, second).add("olivia").await, By(&world, &mara, second).take_out(user(&bob), false).await,
            create(&world, &mara, org, "x").await.map(|_| ()),
            At(&world, &mara, org).may::<OrgGrantManage>().await.map(|_| ()),
        ] {
            assert_eq!(refused.unwrap_err().code(), ErrorCode::Forbidden);
        }
        // Nor does she go by accident.
        let error = by_mara.take_out(user(&mara), false).await.unwrap_err();
        assert!(error.code() == ErrorCode::Conflict && error.message().contains("workspace.update"), "{error:?}");
        by_olivia.set_maintainer(user(&mara), false).await.unwrap();
        assert_eq!(by_mara.add("bob").await.unwrap_err().code(), ErrorCode::Forbidden);
    }

    async fn a_maintainer_of_a_team_that_holds_nothing_is_asked_before_they_leave(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let mara = world.member(org, "mara", OrgRole::Member).await;
        let team = world.team(org, "crew", &[&mara, &olivia]).await;
        By(&world, &olivia, team).set_maintainer(user(&mara), true).await.unwrap();
        let by_mara = By(&world, &mara, team);
        let error = by_mara.take_out(user(&mara), false).await.unwrap_err();
        assert!(error.code() == ErrorCode::Conflict && error.message().contains("Confirm"), "{error:?}");
        by_mara.take_out(user(&mara), true).await.unwrap();
        assert_eq!(by_mara.see().await.unwrap_err().code(), ErrorCode::NotFound);
        // Whoever manages every team loses nothing by leaving one.
        By(&world, &olivia, team).take_out(user(&olivia), false).await.unwrap();
    }

    async fn nobody_puts_into_a_team_what_they_do_not_hold_themselves(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let max = world.member(org, "max", OrgRole::Manager).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let dev = workspace(&world, org, "dev").await;
        let place = project(&world, dev).await;
        let plain = world.team(org, "plain", &[]).await;
        By(&world, &max, plain).add("bob").await.unwrap();
        By(&world, &max, plain).take_out(user(&bob), false).await.unwrap();
        for (n, (role, where_)) in [
            (model::RoleRef::from(OrgRole::Admin), model::grant::Place::from(org)),
            (WorkspaceRole::Viewer.into(), dev.into()),
            (model::ProjectRole::Viewer.into(), place.into()),
        ].into_iter().enumerate() {
            let team = world.team(org, &format!("team {n}"), &[]).await;
            grant(&world, org, where_, Principal::Team(team), role).await;
            for who in ["max", "bob"] {
                let error = By(&world, &max, team).add(who).await.unwrap_err();
                assert_eq!(error.code(), ErrorCode::Forbidden);
                assert!(error.message().starts_with("This team is "), "{}", error.message());
            }
            By(&world, &olivia, team).add("bob").await.unwrap();
            // What is held in the organization itself is not taken by whoever holds less there.
            let out = By(&world, &max, team).take_out(user(&bob), false).await;
            assert_eq!(out.err().map(|error| error.code()), (n == 0).then_some(ErrorCode::Forbidden));
        }
        assert!(At(&world, &max, org).may::<OrgUpdate>().await.is_ok() && !enters(&world, &max, dev).await);
    }

    async fn what_is_shared_with_a_team_is_given_by_putting_somebody_in(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let max = world.member(org, "max", OrgRole::Manager).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let dev = enroll(&world, org, &olivia, "dev").await;
        let server = server_of(&world, org, &dev).await;
        let team = world.team(org, "crew", &[&bob]).await;
        let stack = format!("stack/{}", Uuid::from_u128(1));
        let share = ShareRequest {
            user_id: None,
            team_id: Some(team.to_string()),
            sharing_user_id: olivia.id.to_string(),
            resource: stack.clone(),
            actions: vec!["read".into()],
        };
        world.control.set_resource_members(&server, &share).await.unwrap();
        assert!(enters(&world, &bob, dev.workspace).await);
        let error = By(&world, &max, team).add("max").await.unwrap_err();
        assert!(error.code() == ErrorCode::Forbidden && error.message().contains("dev"), "{error:?}");
        By(&world, &olivia, team).set_maintainer(user(&bob), true).await.unwrap();
        By(&world, &bob, team).add("max").await.unwrap();
        let answers = world.control.check_permissions(&server, &max.id.to_string(), "read", vec![stack.clone()]).await.unwrap();
        assert!(answers[&stack]);
    }

    async fn deleting_a_team_takes_its_grants_and_shares(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let (dev, prod) = (workspace(&world, org, "dev").await, workspace(&world, org, "prod").await);
        let team = world.team(org, "crew", &[&bob]).await;
        grant(&world, org, dev, Principal::Team(team), WorkspaceRole::Viewer).await;
        grant(&world, org, org, Principal::Team(team), OrgRole::Billing).await;
        let share = Share {
            resource_type: "stack".into(), resource_id: Uuid::from_u128(1), project_id: None, actions: "read".into(),
        };
        let mut tx = world.store.write().await.unwrap();
        store::shares::put(&mut tx, prod, With::Team(team), &share, olivia.id, world.control.now()).await.unwrap();
        store::orgs::bump_policy_version(&mut tx, org).await.unwrap();
        tx.commit_unaudited("arranged by a test").await.unwrap();
        assert!(enters(&world, &bob, dev).await && enters(&world, &bob, prod).await);
        By(&world, &olivia, team).delete("crew").await.unwrap();
        assert!(!enters(&world, &bob, dev).await && !enters(&world, &bob, prod).await);
        let mut tx = world.store.read().await.unwrap();
        let left = store::grants::of_principal(&mut tx, org, Principal::Team(team), world.control.now()).await.unwrap();
        assert!(left.is_empty());
        assert!(store::shares::of_resource(&mut tx, prod, "stack", Uuid::from_u128(1)).await.unwrap().is_empty());
        drop(tx);
        let (action, before, _) = newest(&world, org, team).await;
        assert!(action == "team.deleted" && before.contains(r#""roles":2"#) && before.contains(r#""shares":1"#), "{before}");
    }

    async fn whoever_deletes_a_team_is_told_what_they_lose_and_cannot_unmake_an_admin(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let max = world.member(org, "max", OrgRole::Manager).await;
        let dev = workspace(&world, org, "dev").await;
        let team = world.team(org, "crew", &[&max]).await;
        grant(&world, org, dev, Principal::Team(team), WorkspaceRole::Developer).await;
        let by_max = By(&world, &max, team);
        let error = by_max.delete("").await.unwrap_err();
        assert!(error.code() == ErrorCode::Conflict && error.fields().contains_key("confirm"), "{error:?}");
        assert!(error.message().contains("You would lose “workspace.enter”"), "{}", error.message());
        let admins = world.team(org, "admins", &[&olivia]).await;
        grant(&world, org, org, Principal::Team(admins), OrgRole::Admin).await;
        assert_eq!(By(&world, &max, admins).delete("admins").await.unwrap_err().code(), ErrorCode::Forbidden);
        by_max.delete("crew").await.unwrap();
    }

    async fn an_open_invitation_waits_in_a_team_and_becomes_the_person(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.person("bob").await;
        let at = At(&world, &olivia, org);
        let dev = workspace(&world, org, "dev").await;
        let team = world.team(org, "crew", &[]).await;
        grant(&world, org, dev, Principal::Team(team), WorkspaceRole::Viewer).await;
        let by = By(&world, &olivia, team);
        let made = at.invite("bob@acme.test").await;
        by.add("Bob@acme.test").await.unwrap();
        assert_eq!(by.add("bob@acme.test").await.unwrap_err().code(), ErrorCode::Conflict);
        by.set_maintainer(Principal::Invitation(made.id), true).await.unwrap();
        let waiting = by.see().await.unwrap().people.items.remove(0);
        assert_eq!((waiting.principal, waiting.name.as_str()), (Principal::Invitation(made.id), "bob@acme.test"));
        assert!(!enters(&world, &bob, dev).await);
        let cx = world.cx(&bob);
        world.control.accept_invitation(&open(&cx), secret(&made.url), "").await.unwrap();
        assert!(enters(&world, &bob, dev).await);
        let inside = by.see().await.unwrap().people.items.remove(0);
        assert_eq!((inside.principal, inside.maintainer), (user(&bob), true));
    }

    async fn an_invitation_that_comes_to_nothing_leaves_its_teams(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let at = At(&world, &olivia, org);
        let team = world.team(org, "crew", &[]).await;
        let by = By(&world, &olivia, team);
        let people = async || by.see().await.unwrap().people.items.len();
        let revoked = at.invite("a@acme.test").await;
        let declined = at.invite("b@acme.test").await;
        at.invite("c@acme.test").await;
        for who in ["a@acme.test", "b@acme.test", "c@acme.test"] {
            by.add(who).await.unwrap();
        }
        at.revoke(&revoked).await.unwrap();
        assert_eq!(people().await, 2);
        world.control.decline_invitation(&open(&world.anonymous()), secret(&declined.url)).await.unwrap();
        assert_eq!(people().await, 1);
        // One that ran out can still be sent again, until another takes its place.
        world.clock.advance_s(control::invitations::INVITATION_S);
        assert_eq!(people().await, 1);
        assert!(by.add("c@acme.test").await.unwrap_err().fields().contains_key("who"));
        at.invite("c@acme.test").await;
        assert_eq!(people().await, 0);
        by.add("c@acme.test").await.unwrap();
    }

    async fn what_a_team_holds_ends_where_its_grant_does(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let team = world.team(org, "crew", &[&bob]).await;
        let auth = At(&world, &olivia, org).may::<OrgGrantManage>().await.unwrap();
        world.control.grant_in_org(&auth, "team:crew", OrgRole::Admin.into(), Some("2026-11-23")).await.unwrap();
        assert!(At(&world, &bob, org).may::<OrgUpdate>().await.is_ok());
        world.clock.advance_s(12 * 3600);
        assert!(At(&world, &bob, org).may::<OrgUpdate>().await.is_err());
        assert_eq!(By(&world, &olivia, team).see().await.unwrap().team.grants, 0);
        assert_eq!(list(&world, &olivia, org, &TeamQuery::default()).await[0].grants, 0);
    }
}
