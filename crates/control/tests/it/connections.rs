use crate::it::hostile_provider::{Answer, CLIENT, Lies, Provider, SECRET};
use control::authz::{ConnectionManage, ConnectionRead};
use control::connections::ConnectionInput;
use control::settings::FileConnection;
use control::{Authorized, Open};
use model::{ConnectionId, ErrorCode, OrgRole};
use serde_json::json;
use testkit::{World, both_engines};

fn input(label: &str, issuer: &str, client: &str, secret: &str) -> ConnectionInput {
    ConnectionInput::parse(label, issuer, client, secret).unwrap()
}

async fn admin(world: &World) -> (Authorized<ConnectionRead>, Authorized<ConnectionManage>) {
    let org = world.org("acme").await;
    let owner = world.member(org, "olivia", OrgRole::Admin).await;
    let cx = world.cx(&owner);
    (world.control.authorize(&cx, org).await.unwrap(), world.control.authorize(&cx, org).await.unwrap())
}

#[test]
fn what_cannot_be_a_connection_is_refused_by_field() {
    for (issuer, client) in [
        ("http://sso.acme.test", "c"),
        ("ftp://sso.acme.test", "c"),
        ("sso.acme.test", "c"),
        ("https://sso.acme.test/?x=1", "c"),
        ("https://sso.acme.test/#x", "c"),
        ("https://a:b@sso.acme.test", "c"),
        ("https://169.254.169.254", "c"),
        ("https://sso.acme.test/.well-known/openid-configuration", "c"),
        ("javascript:alert(1)", "c"),
        ("https://sso.acme.test", ""),
        ("https://sso.acme.test", "with space"),
        ("https://sso.acme.test", "new\nline"),
    ] {
        let error = ConnectionInput::parse("SSO", issuer, client, "").unwrap_err();
        assert_eq!(error.code(), ErrorCode::Invalid, "{issuer} {client}");
        assert_eq!(error.fields().len(), 1, "{issuer} {client}: {:?}", error.fields());
    }
    let all = ConnectionInput::parse("", "x", "", &"s".repeat(1001)).unwrap_err();
    assert_eq!(
        all.fields().keys().copied().collect::<Vec<_>>(),
        ["client_id", "client_secret", "issuer", "label"]
    );
}

both_engines! {
    async fn two_buttons_of_one_organization_never_say_the_same(world: World) {
        let (_, manage) = admin(&world).await;
        let control = &world.control;
        control.create_connection(&manage, &input("Acme SSO", "https://one.acme.test", CLIENT, SECRET)).await.unwrap();
        let other = input("acme sso", "https://two.acme.test", CLIENT, SECRET);
        let refused = control.create_connection(&manage, &other).await.unwrap_err();
        assert!(refused.fields().contains_key("label"));
        let other = input("Other", "https://two.acme.test", CLIENT, SECRET);
        let id = control.create_connection(&manage, &other).await.unwrap();
        let renamed = input("ACME SSO", "https://two.acme.test", CLIENT, SECRET);
        assert!(control.update_connection(&manage, id, &renamed).await.unwrap_err().fields().contains_key("label"));
        control.update_connection(&manage, id, &input("OTHER", "https://two.acme.test", CLIENT, SECRET)).await.unwrap();
    }

    async fn a_connection_is_kept_without_its_secret_in_clear(world: World) {
        let (read, manage) = admin(&world).await;
        let issuer = "https://sso.acme.test/realms/main";
        let id = world.control.create_connection(&manage, &input("Acme SSO", issuer, CLIENT, SECRET)).await.unwrap();
        let page = world.control.connections(&read).await.unwrap();
        assert_eq!(page.redirect_uri, "http://localhost:8580/api/auth/callback");
        assert_eq!(page.connections.len(), 1);
        let shown = world.control.connection(&read, id).await.unwrap();
        assert!(shown.has_secret && shown.enabled && !shown.from_file && shown.people == 0);
        assert!(!format!("{shown:?}").contains(SECRET));
        let mut tx = world.store.read().await.unwrap();
        let row = store::connections::by_id(&mut tx, id).await.unwrap().unwrap();
        let sealed = row.client_secret_sealed.unwrap();
        assert!(!sealed.as_bytes().windows(SECRET.len()).any(|part| part == SECRET.as_bytes()));
        let log = store::audit::list(&mut tx, manage.scope(), &store::audit::Filter::default(), 10).await.unwrap();
        assert!(!format!("{log:?}").contains(SECRET));
        let again = world.control.create_connection(&manage, &input("Twice", issuer, CLIENT, "")).await.unwrap_err();
        assert_eq!(again.code(), ErrorCode::Invalid);
    }

    async fn an_empty_secret_keeps_the_old_one_but_never_for_another_issuer(world: World) {
        let (read, manage) = admin(&world).await;
        let issuer = "https://sso.acme.test";
        let id = world.control.create_connection(&manage, &input("SSO", issuer, CLIENT, SECRET)).await.unwrap();
        world.control.update_connection(&manage, id, &input("New name", issuer, CLIENT, "")).await.unwrap();
        let shown = world.control.connection(&read, id).await.unwrap();
        assert!(shown.has_secret && shown.label == "New name");
        let moved = input("SSO", "https://evil.test", CLIENT, "");
        let refused = world.control.update_connection(&manage, id, &moved).await.unwrap_err();
        assert!(refused.fields().contains_key("client_secret"));
        assert_eq!(world.control.connection(&read, id).await.unwrap().issuer, issuer);
        let moved = input("SSO", "https://new.acme.test", CLIENT, "another secret");
        world.control.update_connection(&manage, id, &moved).await.unwrap();
        assert_eq!(world.control.connection(&read, id).await.unwrap().issuer, "https://new.acme.test");
    }

    async fn connections_of_another_organization_are_not_there(world: World) {
        let (_, manage) = admin(&world).await;
        let id = world.control.create_connection(&manage, &input("SSO", "https://sso.acme.test", CLIENT, "")).await.unwrap();
        let other = world.org("other").await;
        let eve = world.member(other, "eve", OrgRole::Admin).await;
        let theirs: Authorized<ConnectionManage> = world.control.authorize(&world.cx(&eve), other).await.unwrap();
        let read: Authorized<ConnectionRead> = world.control.authorize(&world.cx(&eve), other).await.unwrap();
        let control = &world.control;
        for error in [
            control.connection(&read, id).await.map(|_| ()).unwrap_err(),
            control.update_connection(&theirs, id, &input("X", "https://x.test", "c", "")).await.unwrap_err(),
            control.set_connection_enabled(&theirs, id, false).await.unwrap_err(),
            control.delete_connection(&theirs, id).await.unwrap_err(),
            control.test_connection(&theirs, id).await.map(|_| ()).unwrap_err(),
            control.delete_connection(&manage, world.id::<ConnectionId>()).await.unwrap_err(),
        ] {
            assert_eq!(error.code(), ErrorCode::NotFound);
        }
        assert!(control.connections(&read).await.unwrap().connections.is_empty());
        let plain = world.member(manage.scope(), "mia", OrgRole::Member).await;
        let refused = control.authorize::<ConnectionManage>(&world.cx(&plain), manage.scope()).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::Forbidden);
    }

    async fn a_test_says_step_by_step_what_the_provider_said(world: World) {
        let (_, manage) = admin(&world).await;
        let provider = Provider::start().await;
        let id = world.control.create_connection(&manage, &input("SSO", &provider.issuer, CLIENT, "")).await.unwrap();
        let good = world.control.test_connection(&manage, id).await.unwrap();
        assert!(good.ok, "{good:?}");
        assert_eq!(good.steps.len(), 6);
        for (lies, failing) in [
            (Lies::answer("/.well-known/openid-configuration", Answer::Html), "Discovery document"),
            (Lies::answer("/.well-known/openid-configuration", Answer::Redirect), "Discovery document"),
            (Lies::discovery(|d| d["issuer"] = json!("https://evil.test")), "Issuer"),
            (Lies::discovery(|d| d["token_endpoint"] = json!("http://evil.test")), "Endpoints"),
            (Lies::discovery(|d| d["code_challenge_methods_supported"] = json!(["plain"])), "PKCE"),
            (Lies::discovery(|d| d["id_token_signing_alg_values_supported"] = json!(["none"])), "Signatures"),
            (Lies::answer("/jwks", Answer::Status(500)), "Keys"),
        ] {
            provider.lie(lies);
            let test = world.control.test_connection(&manage, id).await.unwrap();
            let last = test.steps.last().unwrap();
            assert!(!test.ok && !last.ok && last.name == failing, "{failing}: {test:?}");
            assert!(test.steps[..test.steps.len() - 1].iter().all(|step| step.ok));
        }
        assert_eq!(world.audit(manage.scope()).await[0], "connection.tested/success");
    }

    async fn the_settings_file_owns_its_connections(world: World) {
        let mut settings = world.control.settings().clone();
        settings.connections = vec![FileConnection {
            label: "From file".to_owned(),
            issuer: "https://file.acme.test".to_owned(),
            client_id: CLIENT.to_owned(),
            client_secret: Some(SECRET.into()),
        }];
        let world = world.configured(settings);
        let sync = async |world: &World| {
            world.control.sync_file_connections(&world.control.system_cx("start")).await.unwrap();
        };
        // Before the first organization, and again after it: one connection, in the home organization's list.
        sync(&world).await;
        let (read, manage) = admin(&world).await;
        sync(&world).await;
        let page = world.control.connections(&read).await.unwrap();
        assert_eq!(page.connections.len(), 1);
        let shown = &page.connections[0];
        assert!(shown.from_file && shown.has_secret && shown.enabled);
        let open = Open::because(&world.anonymous(), "test");
        assert_eq!(world.control.sign_in_options(&open).await.unwrap().connections[0].label, "From file");
        for refused in [
            world.control.update_connection(&manage, shown.id, &input("X", "https://x.test", "c", "")).await,
            world.control.set_connection_enabled(&manage, shown.id, false).await,
            world.control.delete_connection(&manage, shown.id).await,
        ] {
            assert_eq!(refused.unwrap_err().code(), ErrorCode::Conflict);
        }
        let mut settings = world.control.settings().clone();
        settings.connections.clear();
        let emptied = world.configured(settings);
        sync(&emptied).await;
        assert!(world.control.connections(&read).await.unwrap().connections.is_empty());
    }
}
