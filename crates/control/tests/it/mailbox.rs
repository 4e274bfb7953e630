//! Sign-in links by mail: one answer for everybody.

use control::settings::MailSettings;
use control::{Open, Origin};
use model::ErrorCode;
use std::net::{IpAddr, Ipv4Addr};
use testkit::{World, both_engines};

/// With a mail server that is never reached: nothing here sends.
fn with_mail(world: &World) -> World {
    let mut settings = world.control.settings().clone();
    settings.mail = Some(MailSettings {
        smtp_url: "smtp://127.0.0.1:9".into(),
        from: "Reeve <reeve@acme.test>".to_owned(),
    });
    world.configured(settings)
}

fn from(world: &World, last: u8) -> Open {
    let ip = Some(IpAddr::V4(Ipv4Addr::new(192, 0, 2, last)));
    let origin = Origin { request_id: "test".to_owned(), ip, user_agent: None };
    Open::because(&world.control.cx(origin, None), "test")
}

async fn mail_waits(world: &World) -> bool {
    let mut tx = world.store.read().await.unwrap();
    store::outbox::is_any_due(&mut tx, world.anonymous().now()).await.unwrap()
}

both_engines! {
    async fn a_known_and_an_unknown_address_get_the_same_answer(world: World) {
        let world = with_mail(&world);
        let bob = world.person("bob").await;
        let unknown = world.control.request_sign_in_link(&from(&world, 1), "nobody@acme.test", None).await;
        assert!(!mail_waits(&world).await, "a stranger's address is never written to");
        let known = world.control.request_sign_in_link(&from(&world, 1), &bob.email.to_uppercase(), None).await;
        assert!(mail_waits(&world).await);
        assert_eq!(format!("{unknown:?}"), format!("{known:?}"));
        // And the limit tells them apart no better.
        let mut ends = Vec::new();
        for email in ["nobody@acme.test", "bob@acme.test"] {
            let mut answers = Vec::new();
            for n in 0..6 {
                let answer = world.control.request_sign_in_link(&from(&world, 10 + n), email, None).await;
                answers.push(answer.map_err(|e| (e.code(), e.message().to_owned())));
            }
            assert_eq!(answers[3], Ok(()));
            assert_eq!(answers[5].as_ref().unwrap_err().0, ErrorCode::RateLimited);
            ends.push(answers);
        }
        assert_eq!(ends[0], ends[1]);
    }

    async fn one_sender_cannot_go_through_a_list_of_addresses(world: World) {
        let world = with_mail(&world);
        for n in 0..30 {
            let email = format!("person{n}@acme.test");
            world.control.request_sign_in_link(&from(&world, 1), &email, None).await.unwrap();
        }
        let refused = world.control.request_sign_in_link(&from(&world, 1), "one@acme.test", None).await;
        assert_eq!(refused.unwrap_err().code(), ErrorCode::RateLimited);
        assert!(world.control.request_sign_in_link(&from(&world, 2), "one@acme.test", None).await.is_ok());
    }

    async fn what_is_no_address_is_said_so_and_without_a_mail_server_there_is_no_such_way(world: World) {
        let mailing = with_mail(&world);
        for bad in ["", "bob", "bob@acme.test\r\nBcc: eve@evil.test", "bob@acme.test,eve@evil.test"] {
            let refused = mailing.control.request_sign_in_link(&from(&mailing, 1), bad, None).await.unwrap_err();
            assert!(refused.fields().contains_key("email"), "{bad:?}");
        }
        let refused = world.control.request_sign_in_link(&from(&world, 1), "bob@acme.test", None).await;
        assert_eq!(refused.unwrap_err().code(), ErrorCode::Conflict);
    }
}
