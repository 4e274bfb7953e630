use super::arrange::{At, open, secret, with_mail};
use super::smtp::{MailServer, Mood};
use model::OrgRole;
use model::invitation::{InvitationQuery, MailState};
use store::sealed::{Column, Sealed};
use testkit::{Person, World, both_engines};
use uuid::Uuid;

async fn acme(world: &World) -> (World, MailServer, model::OrgId, Person) {
    let server = MailServer::start().await;
    let world = with_mail(world, &server);
    let org = world.org("acme").await;
    let olivia = world.member(org, "olivia", OrgRole::Admin).await;
    (world, server, org, olivia)
}

async fn mail_state(at: &At<'_>) -> MailState {
    at.invitations(&InvitationQuery::default()).await.remove(0).mail
}

/// The one link a mail holds in its text.
fn link_in(mail: &str) -> String {
    let line = mail.lines().find(|line| line.starts_with("http://")).expect("a line that is a link");
    line.trim().to_owned()
}

both_engines! {
    async fn a_mail_reaches_the_mail_server_with_a_link_that_works(world: World) {
        let (world, server, org, olivia) = acme(&world).await;
        let at = At(&world, &olivia, org);
        let made = at.invite("Bob@acme.test").await;
        assert!(made.mailed);
        assert_eq!(mail_state(&at).await, MailState::Queued);
        assert_eq!(world.control.send_due_mails().await.unwrap(), 1);
        let mails = server.mails();
        let [mail] = mails.as_slice() else { panic!("one mail, not {}", mails.len()) };
        for header in ["To: Bob@acme.test", "Subject: olivia invited you to acme", "Auto-Submitted: auto-generated"] {
            assert!(mail.contains(header), "{header} in\n{mail}");
        }
        let url = link_in(mail);
        assert!(url.starts_with("http://localhost:8580/invite/"), "made from the public address: {url}");
        assert_ne!(url, made.url, "the mailed link and the copied one are two");
        let cx = world.anonymous();
        let view = world.control.invitation_view(&open(&cx), secret(&url)).await.unwrap();
        assert_eq!(view.email, "Bob@acme.test");
        assert_eq!(mail_state(&at).await, MailState::Sent { at: world.control.now() });
        assert_eq!(world.control.send_due_mails().await.unwrap(), 0, "sent once");
    }

    async fn a_busy_mail_server_is_asked_again_after_longer_and_longer_pauses(world: World) {
        let (world, server, org, olivia) = acme(&world).await;
        let at = At(&world, &olivia, org);
        at.invite("bob@acme.test").await;
        server.set(Mood::Busy);
        for (n, pause_s) in [10, 60, 300, 1800, 7200, 7200, 7200, 7200, 7200].into_iter().enumerate() {
            assert_eq!(world.control.send_due_mails().await.unwrap(), 1);
            let MailState::Retrying { attempts, reason, next_at } = mail_state(&at).await else {
                panic!("after try {}: {:?}", n + 1, mail_state(&at).await)
            };
            assert_eq!((attempts as usize, next_at), (n + 1, world.control.now().plus_s(pause_s)));
            assert!(reason.contains("come back later"), "{reason}");
            world.clock.advance_s(pause_s - 1);
            assert_eq!(world.control.send_due_mails().await.unwrap(), 0, "not before its time");
            world.clock.advance_s(1);
        }
        assert_eq!(world.control.send_due_mails().await.unwrap(), 1);
        assert!(matches!(mail_state(&at).await, MailState::Failed { .. }), "given up after ten");
        server.set(Mood::Takes);
        world.clock.advance_s(24 * 3600);
        assert_eq!(world.control.send_due_mails().await.unwrap(), 0);
        assert_eq!((server.asked(), server.mails().len()), (10, 0));
    }

    async fn a_mail_server_that_comes_back_gets_the_mail(world: World) {
        let (world, server, org, olivia) = acme(&world).await;
        let at = At(&world, &olivia, org);
        at.invite("bob@acme.test").await;
        server.set(Mood::Busy);
        world.control.send_due_mails().await.unwrap();
        server.set(Mood::Takes);
        world.clock.advance_s(10);
        world.control.send_due_mails().await.unwrap();
        assert!(matches!(mail_state(&at).await, MailState::Sent { .. }));
        assert_eq!(server.mails().len(), 1);
    }

    async fn a_mailbox_that_does_not_exist_is_not_tried_again(world: World) {
        let (world, server, org, olivia) = acme(&world).await;
        let at = At(&world, &olivia, org);
        at.invite("bob@acme.test").await;
        server.set(Mood::Refuses);
        world.control.send_due_mails().await.unwrap();
        let MailState::Failed { reason } = mail_state(&at).await else { panic!("{:?}", mail_state(&at).await) };
        assert!(reason.contains("no such mailbox"), "{reason}");
        world.clock.advance_s(24 * 3600);
        world.control.send_due_mails().await.unwrap();
        assert_eq!(server.asked(), 1);
    }

    async fn a_mail_server_that_is_down_is_tried_again(world: World) {
        let (world, _, org, olivia) = acme(&world).await;
        let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut settings = world.control.settings().clone();
        settings.mail.as_mut().unwrap().smtp_url = format!("smtp://{closed}").into();
        let world = world.configured(settings);
        let at = At(&world, &olivia, org);
        at.invite("bob@acme.test").await;
        assert_eq!(world.control.send_due_mails().await.unwrap(), 1);
        assert!(matches!(mail_state(&at).await, MailState::Retrying { attempts: 1, .. }));
    }

    async fn two_workers_send_each_mail_once(world: World) {
        let (world, server, org, olivia) = acme(&world).await;
        let many = (0..12).map(|n| format!("p{n}@acme.test")).collect::<Vec<_>>().join(",");
        At(&world, &olivia, org).invite_as(&many, OrgRole::Member, &[]).await.unwrap();
        let other = world.replica().await;
        let (a, b) = tokio::join!(world.control.send_due_mails(), other.control.send_due_mails());
        assert_eq!(a.unwrap() + b.unwrap(), 12);
        let mut to: Vec<_> = server.mails().iter().map(|mail| mail.lines().find(|l| l.starts_with("To:")).unwrap().to_owned()).collect();
        to.sort();
        to.dedup();
        assert_eq!((to.len(), server.mails().len()), (12, 12));
    }

    async fn what_a_dead_worker_had_taken_comes_back_when_its_lease_ends(world: World) {
        let (world, server, org, olivia) = acme(&world).await;
        At(&world, &olivia, org).invite("bob@acme.test").await;
        let now = world.control.now();
        let mut tx = world.store.write().await.unwrap();
        assert_eq!(store::outbox::claim(&mut tx, now, now.plus_s(120), 5).await.unwrap().len(), 1);
        tx.commit_unaudited("a worker that dies now").await.unwrap();
        assert_eq!(world.control.send_due_mails().await.unwrap(), 0);
        world.clock.advance_s(120);
        assert_eq!(world.control.send_due_mails().await.unwrap(), 1);
        assert_eq!(server.mails().len(), 1);
    }

    async fn a_mail_whose_link_ran_out_is_not_sent(world: World) {
        let (world, server, org, olivia) = acme(&world).await;
        let at = At(&world, &olivia, org);
        at.invite("bob@acme.test").await;
        world.clock.advance_s(7 * 24 * 3600);
        world.control.send_due_mails().await.unwrap();
        assert!(matches!(mail_state(&at).await, MailState::Failed { .. }));
        assert_eq!(server.asked(), 0);
    }

    async fn what_is_undone_or_taken_back_sends_no_mail(world: World) {
        let (world, server, org, olivia) = acme(&world).await;
        let at = At(&world, &olivia, org);
        let refused = at.invite_as("bob@acme.test, olivia@acme.test", OrgRole::Member, &[]).await;
        assert!(refused.is_err(), "one of them is a member: nobody is invited");
        let made = at.invite("carol@acme.test").await;
        at.revoke(&made).await.unwrap();
        assert_eq!(world.control.send_due_mails().await.unwrap(), 0);
        assert_eq!(server.asked(), 0);
    }

    async fn a_mail_that_was_changed_is_given_up_and_blocks_nothing(world: World) {
        let (world, server, org, olivia) = acme(&world).await;
        let at = At(&world, &olivia, org);
        at.invite("bob@acme.test").await;
        let mut tx = world.store.write().await.unwrap();
        let kept = store::sealed::others(&mut tx, Column::Mail, &[0; 17], Uuid::nil(), 1).await.unwrap().remove(0);
        let mut changed = kept.sealed.as_bytes().to_vec();
        *changed.last_mut().unwrap() ^= 1;
        assert!(store::sealed::replace(&mut tx, Column::Mail, &kept, &Sealed::from_bytes(changed)).await.unwrap());
        tx.commit_unaudited("somebody who writes into the database").await.unwrap();
        at.invite("carol@acme.test").await;
        assert_eq!(world.control.send_due_mails().await.unwrap(), 2);
        let states = at.invitations(&InvitationQuery::default()).await;
        assert!(matches!(states[0].mail, MailState::Sent { .. }), "{:?}", states[0].mail);
        assert!(matches!(states[1].mail, MailState::Failed { .. }), "{:?}", states[1].mail);
        assert_eq!(server.mails().len(), 1);
    }

    async fn a_mail_that_this_replica_cannot_open_is_left_to_one_that_can(world: World) {
        let (world, server, org, olivia) = acme(&world).await;
        let at = At(&world, &olivia, org);
        at.invite("bob@acme.test").await;
        let mut settings = world.control.settings().clone();
        settings.secret_key = "another key".into();
        let other = world.configured(settings);
        assert_eq!(other.control.send_due_mails().await.unwrap(), 1);
        assert!(matches!(mail_state(&at).await, MailState::Retrying { attempts: 1, .. }));
        world.clock.advance_s(10);
        assert_eq!(world.control.send_due_mails().await.unwrap(), 1);
        assert_eq!(server.mails().len(), 1);
    }

    async fn hostile_names_stay_in_their_place(world: World) {
        let server = MailServer::start().await;
        let world = with_mail(&world, &server);
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let at = At(&world, &olivia, org);
        let auth = at.may::<control::authz::OrgUpdate>().await.unwrap();
        world.control.update_org(&auth, "</title><img src=x onerror=alert(1)> =?utf-8?q?Bcc:?=", "").await.unwrap();
        at.invite("bob@acme.test").await;
        world.control.send_due_mails().await.unwrap();
        let mail = server.mails().remove(0);
        let html = mail.split("Content-Type: text/html").nth(1).unwrap();
        assert!(!html.contains("<img") && html.contains("&#60;img"), "{mail}");
        let headers = mail.split("\r\n\r\n").next().unwrap();
        assert!(headers.lines().all(|line| !line.to_ascii_lowercase().starts_with("bcc:")), "{headers}");
    }
}
