use control::Open;
use control::setup::NewInstallation;
use model::ErrorCode;
use testkit::both_engines;

fn acme() -> NewInstallation {
    NewInstallation::parse("Acme Inc", "Olivia Owner", "olivia@acme.test").unwrap()
}

fn token(url: &str) -> &str {
    url.rsplit('/').next().unwrap()
}

both_engines! {
    async fn setup_opens_once_and_never_again(world: World) {
        let cx = world.anonymous();
        let url = world.control.create_setup_link(&cx).await.unwrap().unwrap();
        let open = Open::because(&cx, "test");
        let begun = world.control.set_up(&open, token(&url), &acme()).await.unwrap();
        assert!(begun.next.starts_with("/organizations/"));
        assert!(world.control.resolve_session(begun.secret.expose(), cx.now()).await.unwrap().is_some());
        let again = world.control.set_up(&open, token(&url), &acme()).await.unwrap_err();
        assert_eq!(again.code(), ErrorCode::Gone);
        assert_eq!(world.control.create_setup_link(&cx).await.unwrap(), None);
        assert!(world.control.init(&cx, &acme(), false).await.unwrap().is_none());
    }

    async fn a_setup_link_runs_out_after_an_hour_and_a_new_one_replaces_it(world: World) {
        let old = world.control.create_setup_link(&world.anonymous()).await.unwrap().unwrap();
        let new = world.control.create_setup_link(&world.anonymous()).await.unwrap().unwrap();
        let try_with = async |url: &str| {
            let cx = world.anonymous();
            world.control.set_up(&Open::because(&cx, "test"), token(url), &acme()).await
        };
        assert_eq!(try_with(&old).await.unwrap_err().code(), ErrorCode::Gone);
        world.clock.advance_s(3600);
        assert_eq!(try_with(&new).await.unwrap_err().code(), ErrorCode::Gone);
        assert!(world.control.needs_setup().await.unwrap());
    }

    async fn of_two_set_ups_at_once_one_wins_and_the_other_changes_nothing(world: World) {
        let cx = world.anonymous();
        let (acme, other) = (acme(), NewInstallation::parse("Other", "Eve", "eve@other.test").unwrap());
        let (a, b) = tokio::join!(world.control.init(&cx, &acme, true), world.control.init(&cx, &other, true));
        let made: Vec<_> = [a.unwrap(), b.unwrap()].into_iter().flatten().collect();
        assert_eq!(made.len(), 1);
        assert!(made[0].api_key.as_ref().unwrap().expose().starts_with("ZENPROKEY_"));
    }

    async fn a_session_ends_by_idleness_by_age_and_by_its_owner(world: World) {
        let cx = world.anonymous();
        let url = world.control.create_setup_link(&cx).await.unwrap().unwrap();
        let begun = world.control.set_up(&Open::because(&cx, "test"), token(&url), &acme()).await.unwrap();
        let actor = world.control.resolve_session(begun.secret.expose(), cx.now()).await.unwrap().unwrap();
        let mine = world.control.cx(control::Origin::default(), Some(actor));
        let me = world.control.myself(&mine).await.unwrap();
        assert_eq!(world.control.sessions(&me).await.unwrap().len(), 1);
        let idle = cx.now().plus_s(24 * 3600);
        assert!(world.control.resolve_session(begun.secret.expose(), idle).await.unwrap().is_none());
        let old = cx.now().plus_s(7 * 24 * 3600);
        assert!(world.control.resolve_session(begun.secret.expose(), old).await.unwrap().is_none());
        world.control.end_session(&me, mine.session().unwrap()).await.unwrap();
        assert!(world.control.resolve_session(begun.secret.expose(), cx.now()).await.unwrap().is_none());
    }
}
