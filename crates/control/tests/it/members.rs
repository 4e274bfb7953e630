use super::arrange::{At, grant, workspace};
use control::authz::{InvitationRead, MemberRead, MemberRemove, MemberUpdate, OrgLeave, WorkspaceRead};
use model::grant::Principal;
use model::member::MemberQuery;
use model::{ErrorCode, OrgRole, WorkspaceRole};
use store::shares::With;
use testkit::both_engines;

fn searching(text: &str) -> MemberQuery {
    MemberQuery { search: Some(text.to_owned()), ..MemberQuery::default() }
}

both_engines! {
    async fn whoever_gives_up_a_role_of_their_own_says_so(world: World) {
        let org = world.org("acme").await;
        let anna = world.member(org, "anna", OrgRole::Admin).await;
        world.member(org, "ben", OrgRole::Admin).await;
        let auth = world.control.authorize::<control::authz::MemberUpdate>(&world.cx(&anna), org).await.unwrap();
        let asked = world.control.set_member_role(&auth, anna.id, OrgRole::Member, false).await.unwrap_err();
        assert_eq!(asked.code(), ErrorCode::Conflict);
        assert!(asked.fields()["confirmed"].starts_with("You would lose"), "{:?}", asked.fields());
        world.control.set_member_role(&auth, anna.id, OrgRole::Member, true).await.unwrap();
    }

    async fn members_stand_by_name_and_are_found_by_any_part(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        for name in ["Zoe", "bob", "Carol", "100percent"] {
            world.member(org, name, OrgRole::Member).await;
        }
        let elsewhere = world.org("elsewhere").await;
        world.member(elsewhere, "bobby", OrgRole::Member).await;
        let auth = At(&world, &olivia, org).may::<MemberRead>().await.unwrap();
        let names = async |query: MemberQuery| {
            let page = world.control.members(&auth, &query).await.unwrap();
            page.items.into_iter().map(|m| m.name).collect::<Vec<_>>()
        };
        assert_eq!(names(MemberQuery::default()).await, ["100percent", "bob", "Carol", "olivia", "Zoe"]);
        assert_eq!(names(searching("  BO ")).await, ["bob"]);
        assert_eq!(names(searching("carol@acme")).await, ["Carol"]);
        assert_eq!(names(searching("%")).await, Vec::<String>::new(), "a sign is a sign, not a pattern");
        assert_eq!(names(searching("_")).await, Vec::<String>::new());
        assert_eq!(names(searching("'; DROP TABLE users; --")).await, Vec::<String>::new());
        let admins = MemberQuery { role: Some(OrgRole::Admin), ..MemberQuery::default() };
        assert_eq!(names(admins).await, ["olivia"]);
    }

    async fn pages_hold_every_member_once(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        for n in 0..119 {
            world.member(org, &format!("p{n:03}"), OrgRole::Member).await;
        }
        let auth = At(&world, &olivia, org).may::<MemberRead>().await.unwrap();
        let (mut names, mut cursor, mut sizes) = (Vec::new(), None, Vec::new());
        loop {
            let query = MemberQuery { cursor, ..MemberQuery::default() };
            let page = world.control.members(&auth, &query).await.unwrap();
            sizes.push(page.items.len());
            names.extend(page.items.into_iter().map(|m| m.name));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(sizes, [50, 50, 20]);
        let mut once = names.clone();
        once.sort();
        once.dedup();
        assert_eq!((once.len(), once), (120, names));
    }

    async fn a_page_that_does_not_exist_is_refused(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let auth = At(&world, &olivia, org).may::<MemberRead>().await.unwrap();
        for cursor in ["", "x", "!!!", "AAAA", "../../etc"] {
            let query = MemberQuery { cursor: Some(cursor.to_owned()), ..MemberQuery::default() };
            let error = world.control.members(&auth, &query).await.unwrap_err();
            assert_eq!(error.code(), ErrorCode::Invalid, "{cursor:?}");
        }
        let long = searching(&"x".repeat(201));
        assert_eq!(world.control.members(&auth, &long).await.unwrap_err().code(), ErrorCode::Invalid);
        assert_eq!(world.control.members(&auth, &searching("a\0b")).await.unwrap_err().code(), ErrorCode::Invalid);
    }

    async fn a_member_is_shown_with_their_workspaces(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let place = workspace(&world, org, "lab").await;
        grant(&world, org, place, Principal::User(bob.id), WorkspaceRole::Developer).await;
        let auth = At(&world, &olivia, org).may::<MemberRead>().await.unwrap();
        let found = world.control.member(&auth, bob.id).await.unwrap();
        assert_eq!((found.member.workspaces, found.last_admin), (1, false));
        assert_eq!((found.grants[0].place, found.grants[0].role), (place.into(), WorkspaceRole::Developer.into()));
        assert!(world.control.member(&auth, olivia.id).await.unwrap().last_admin);
    }

    async fn a_plain_member_and_a_stranger_see_and_change_nothing(world: World) {
        let org = world.org("acme").await;
        world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let other = world.org("other").await;
        let eve = world.member(other, "eve", OrgRole::Admin).await;
        macro_rules! refused {
            ($($right:ty),+) => {$(
                let by_member = At(&world, &bob, org).may::<$right>().await.unwrap_err();
                assert_eq!(by_member.code(), ErrorCode::Forbidden);
                let by_stranger = At(&world, &eve, org).may::<$right>().await.unwrap_err();
                assert_eq!(by_stranger.code(), ErrorCode::NotFound);
            )+};
        }
        refused!(MemberRead, MemberUpdate, MemberRemove, InvitationRead);
        // In her own organization, the others' ids lead nowhere.
        let here = At(&world, &eve, other);
        assert_eq!(here.set_role(&bob, OrgRole::Admin).await.unwrap_err().code(), ErrorCode::NotFound);
        assert_eq!(here.remove(&bob).await.unwrap_err().code(), ErrorCode::NotFound);
        assert_eq!(here.role_of(&bob).await, None);
    }

    async fn a_role_change_holds_at_once_and_is_written_down(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let at = At(&world, &olivia, org);
        assert!(At(&world, &bob, org).may::<MemberRead>().await.is_err());
        at.set_role(&bob, OrgRole::Admin).await.unwrap();
        assert!(At(&world, &bob, org).may::<MemberRead>().await.is_ok());
        assert_eq!(world.audit(org).await[0], "member.updated/success");
        let before = world.audit(org).await.len();
        at.set_role(&bob, OrgRole::Admin).await.unwrap();
        assert_eq!(world.audit(org).await.len(), before, "nothing changed, nothing to tell");
    }

    async fn the_only_admin_stays_admin_and_stays(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let at = At(&world, &olivia, org);
        assert_eq!(at.set_role(&olivia, OrgRole::Member).await.unwrap_err().code(), ErrorCode::Conflict);
        assert_eq!(at.remove(&olivia).await.unwrap_err().code(), ErrorCode::Conflict);
        let here = at.may::<OrgLeave>().await.unwrap();
        assert_eq!(world.control.leave_org(&here).await.unwrap_err().code(), ErrorCode::Conflict);
        at.set_role(&bob, OrgRole::Admin).await.unwrap();
        world.control.leave_org(&here).await.unwrap();
        assert_eq!(at.may::<OrgLeave>().await.unwrap_err().code(), ErrorCode::NotFound);
        assert_eq!(world.audit(org).await[1], "member.removed/success");
    }

    async fn two_admins_who_demote_each_other_at_once_leave_one(world: World) {
        let other = world.replica().await;
        for round in 0..5 {
            let org = world.org(&format!("acme-{round}")).await;
            let anna = world.member(org, &format!("anna{round}"), OrgRole::Admin).await;
            let ben = world.member(org, &format!("ben{round}"), OrgRole::Admin).await;
            let (at_anna, at_ben) = (At(&world, &anna, org), At(&other, &ben, org));
            let (a, b) = (at_anna.may::<MemberUpdate>().await.unwrap(), at_ben.may::<MemberUpdate>().await.unwrap());
            let (x, y) = tokio::join!(
                world.control.set_member_role(&a, ben.id, OrgRole::Member, false),
                other.control.set_member_role(&b, anna.id, OrgRole::Member, false),
            );
            assert!(x.is_ok() != y.is_ok(), "round {round}: {x:?} {y:?}");
            let left = [&anna, &ben];
            let mut admins = 0;
            for person in left {
                admins += usize::from(At(&world, person, org).may::<MemberRead>().await.is_ok());
            }
            assert_eq!(admins, 1);
        }
    }

    async fn two_admins_who_leave_at_once_leave_one(world: World) {
        let other = world.replica().await;
        let org = world.org("acme").await;
        let anna = world.member(org, "anna", OrgRole::Admin).await;
        let ben = world.member(org, "ben", OrgRole::Admin).await;
        let a = At(&world, &anna, org).may::<OrgLeave>().await.unwrap();
        let b = At(&other, &ben, org).may::<OrgLeave>().await.unwrap();
        let (x, y) = tokio::join!(world.control.leave_org(&a), other.control.leave_org(&b));
        assert!(x.is_ok() != y.is_ok(), "{x:?} {y:?}");
    }

    async fn removal_takes_roles_and_shares_of_this_organization_and_nothing_else(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let other = world.org("other").await;
        world.join(other, &bob, OrgRole::Member).await;
        let here = workspace(&world, org, "lab").await;
        let there = workspace(&world, other, "field").await;
        grant(&world, org, here, Principal::User(bob.id), WorkspaceRole::Developer).await;
        grant(&world, other, there, Principal::User(bob.id), WorkspaceRole::Viewer).await;
        let share = store::shares::Share {
            resource_type: "pipeline".to_owned(),
            resource_id: uuid::Uuid::from_u128(1),
            project_id: None,
            actions: "read".to_owned(),
        };
        let mut tx = world.store.write().await.unwrap();
        store::shares::put(&mut tx, here, With::User(bob.id), &share, olivia.id, world.control.now()).await.unwrap();
        store::orgs::bump_policy_version(&mut tx, org).await.unwrap();
        tx.commit_unaudited("arranged by a test").await.unwrap();
        let cx = world.cx(&bob);
        assert!(world.control.authorize::<WorkspaceRead>(&cx, here).await.is_ok());
        let at = At(&world, &olivia, org);
        at.remove(&bob).await.unwrap();
        assert_eq!(world.audit(org).await[0], "member.removed/success");
        assert_eq!(at.remove(&bob).await.unwrap_err().code(), ErrorCode::NotFound, "gone already");
        let gone = world.control.authorize::<WorkspaceRead>(&cx, here).await.unwrap_err();
        assert_eq!(gone.code(), ErrorCode::NotFound);
        assert!(world.control.authorize::<WorkspaceRead>(&cx, there).await.is_ok(), "the other place is untouched");
        // Coming back does not bring the old roles and shares back.
        world.join(org, &bob, OrgRole::Member).await;
        assert!(world.control.authorize::<WorkspaceRead>(&cx, here).await.is_err());
        let me = world.control.me(&world.control.myself(&cx).await.unwrap()).await.unwrap();
        assert_eq!(me.orgs.len(), 2);
    }
}
