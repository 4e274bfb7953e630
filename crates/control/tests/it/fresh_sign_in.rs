//! What is sensitive takes a sign-in of the last ten minutes.

use super::zenml::enroll;
use control::authz::{
    FRESH_S, GrantPreview, InvitationManage, InvitationPrepare, MemberRead, MemberRemove,
    MemberSessionManage, MemberSessionRead, OrgLeave, OrgRead, Right, RoleManage, WorkspaceKeyShow,
    WorkspaceKeys,
};
use control::{Actor, Control, Cx, Open, Origin};
use model::{ErrorCode, OrgId, OrgRole};
use testkit::{Person, World, both_engines};

/// A request of now, by a session as its cookie shows it.
async fn by(world: &World, cookie: &str) -> Cx {
    by_replica(&world.control, cookie).await
}

async fn by_replica(control: &Control, cookie: &str) -> Cx {
    let actor = control.resolve_session(cookie, control.now()).await.unwrap();
    control.cx(Origin::default(), actor)
}

async fn may<R: Right<Scope = OrgId>>(world: &World, cx: &Cx, org: OrgId) -> Option<ErrorCode> {
    world.control.authorize::<R>(cx, org).await.err().map(|error| error.code())
}

/// Signs in by a mailed link in the browser of `cx`; the new cookie.
async fn sign_in(world: &World, person: &Person, cx: &Cx) -> String {
    let link = world.control.create_owner_link(&world.anonymous(), &person.email).await.unwrap().unwrap();
    let secret = link.rsplit('/').next().unwrap();
    let begun = world.control.use_sign_in_link(&Open::because(cx, "test"), secret).await.unwrap();
    begun.secret.expose().to_owned()
}

both_engines! {
    async fn a_right_that_is_sensitive_is_asked_for_again_after_ten_minutes(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let cookie = world.session(&olivia).await;

        world.clock.advance_s(FRESH_S);
        let cx = by(&world, cookie.expose()).await;
        assert_eq!(may::<MemberRemove>(&world, &cx, org).await, None);

        world.clock.advance_s(1);
        let cx = by(&world, cookie.expose()).await;
        let asked = Some(ErrorCode::FreshSignInRequired);
        assert_eq!(may::<MemberRemove>(&world, &cx, org).await, asked);
        assert_eq!(may::<RoleManage>(&world, &cx, org).await, asked);
        assert_eq!(may::<InvitationManage>(&world, &cx, org).await, asked);
        assert_eq!(may::<MemberSessionManage>(&world, &cx, org).await, asked);
        assert_eq!(may::<OrgLeave>(&world, &cx, org).await, asked);
        assert_eq!(world.control.my_keys(&cx).await.unwrap_err().code(), ErrorCode::FreshSignInRequired);
        // Being asked again is not being denied.
        assert_eq!(world.audit(org).await, Vec::<String>::new());
    }

    async fn looking_is_never_asked(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let dev = enroll(&world, org, &olivia, "dev").await.workspace;
        let cookie = world.session(&olivia).await;
        world.clock.advance_s(FRESH_S + 1);
        let cx = by(&world, cookie.expose()).await;
        assert_eq!(may::<OrgRead>(&world, &cx, org).await, None);
        assert_eq!(may::<MemberRead>(&world, &cx, org).await, None);
        assert_eq!(may::<InvitationPrepare>(&world, &cx, org).await, None);
        assert_eq!(may::<MemberSessionRead>(&world, &cx, org).await, None);
        let _ = world.control.authorize::<GrantPreview>(&cx, dev).await.unwrap();
        let _ = world.control.authorize::<WorkspaceKeyShow>(&cx, dev).await.unwrap();
        let _ = world.control.myself(&cx).await.unwrap();
        let keys = world.control.authorize::<WorkspaceKeys>(&cx, dev).await.unwrap_err();
        assert_eq!(keys.code(), ErrorCode::FreshSignInRequired);
    }

    async fn signing_in_again_in_the_same_browser_makes_it_fresh_on_every_replica(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let replica = world.replica().await;
        let old = world.session(&olivia).await;
        world.clock.advance_s(3600);
        let cx = by(&world, old.expose()).await;
        let new = sign_in(&world, &olivia, &cx).await;

        let cx = by_replica(&replica.control, &new).await;
        assert_eq!(may::<MemberRemove>(&replica, &cx, org).await, None);
        let gone = replica.control.resolve_session(old.expose(), world.control.now()).await.unwrap();
        assert_eq!(gone, None, "the session that was confirmed has a new secret");
    }

    async fn signing_in_as_somebody_else_makes_nobody_else_fresh(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let old = world.session(&olivia).await;
        let elsewhere = world.session(&olivia).await;
        world.clock.advance_s(3600);
        let cx = by(&world, old.expose()).await;
        let new = sign_in(&world, &bob, &cx).await;
        let cx = by(&world, &new).await;
        assert!(matches!(cx.actor(), Some(Actor::User { user, .. }) if *user == bob.id));
        assert_eq!(may::<MemberRemove>(&world, &cx, org).await, Some(ErrorCode::Forbidden));
        let cx = by(&world, elsewhere.expose()).await;
        assert_eq!(may::<MemberRemove>(&world, &cx, org).await, Some(ErrorCode::FreshSignInRequired));
    }

    async fn who_has_no_such_right_hears_of_that_and_not_of_signing_in(world: World) {
        let org = world.org("acme").await;
        world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let eve = world.person("eve").await;
        let (bobs, eves) = (world.session(&bob).await, world.session(&eve).await);
        world.clock.advance_s(3600);
        let cx = by(&world, bobs.expose()).await;
        assert_eq!(may::<MemberRemove>(&world, &cx, org).await, Some(ErrorCode::Forbidden));
        let cx = by(&world, eves.expose()).await;
        assert_eq!(may::<MemberRemove>(&world, &cx, org).await, Some(ErrorCode::NotFound));
    }

    async fn a_token_is_no_session_and_is_not_asked(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let me = world.control.my_keys(&world.cx(&olivia)).await.unwrap();
        let new = control::api_keys::NewApiKey::parse("ci", "30", "").unwrap();
        let made = world.control.create_api_key(&me, &new).await.unwrap();
        world.clock.advance_s(24 * 3600);
        let actor = world.control.resolve_bearer(&made.secret, &Origin::default(), world.control.now()).await.unwrap();
        let cx = world.control.cx(Origin::default(), actor);
        assert_eq!(may::<MemberRemove>(&world, &cx, org).await, None);
    }
}
