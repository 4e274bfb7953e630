use super::arrange::{At, open, secret, with_mail, workspace};
use super::smtp::MailServer;
use control::authz::{InvitationManage, InvitationRead, MemberRead, WorkspaceRead};
use control::cx::ClientVia;
use control::invitations::{Accepted, INVITATION_S};
use control::{Actor, Cx, Result};
use model::invitation::{AcceptWay, InvitationQuery, InvitationState, InvitationView, MailState};
use model::{ErrorCode, OrgId, OrgRole, WorkspaceRole};
use store::identities::{Identity, MAILBOX};
use testkit::{Person, World, both_engines};

async fn acme(world: &World) -> (OrgId, Person) {
    let org = world.org("acme").await;
    (org, world.member(org, "olivia", OrgRole::Admin).await)
}

async fn view(world: &World, cx: &Cx, url: &str) -> Result<InvitationView> {
    world.control.invitation_view(&open(cx), secret(url)).await
}

async fn accept(world: &World, cx: &Cx, url: &str, name: &str) -> Result<Accepted> {
    world.control.accept_invitation(&open(cx), secret(url), name).await
}

async fn state(world: &World, url: &str) -> InvitationState {
    view(world, &world.anonymous(), url).await.unwrap().state
}

/// Who is signed in by a session that began.
async fn actor(world: &World, done: &Accepted) -> Option<Actor> {
    let cookie = done.session.as_ref().expect("a session began").expose();
    world.control.resolve_session(cookie, world.control.now()).await.unwrap()
}

async fn mailbox(world: &World, address: &str) -> Option<Identity> {
    let mut tx = world.store.read().await.unwrap();
    store::identities::by_pair(&mut tx, MAILBOX, address).await.unwrap()
}

/// The link in the newest mail.
async fn mailed_link(world: &World, server: &MailServer) -> String {
    world.control.send_due_mails().await.unwrap();
    let mail = server.mails().pop().expect("a mail");
    mail.lines().find(|line| line.starts_with("http://")).expect("a link").trim().to_owned()
}

/// Somebody who signs in through a provider that calls them by this address.
async fn provider_person(world: &World, name: &str, email: &str) -> Person {
    let now = world.control.now();
    let user = store::users::User {
        id: world.id(),
        username: name.to_owned(),
        name: name.to_owned(),
        email: email.to_owned(),
        is_service_account: false,
        created_at: now,
        deactivated_at: None,
    };
    let identity = Identity {
        id: world.id(),
        user_id: user.id,
        connection_id: None,
        issuer: "https://idp.test".to_owned(),
        subject: name.to_owned(),
        created_at: now,
        verified_at: Some(now),
    };
    let mut tx = world.store.write().await.unwrap();
    assert!(
        store::users::take_username(&mut tx, store::users::NameOf::User, name, user.id, now).await.unwrap()
    );
    store::users::insert(&mut tx, &user).await.unwrap();
    store::identities::insert(&mut tx, &identity).await.unwrap();
    tx.commit_unaudited("arranged by a test").await.unwrap();
    Person { id: user.id, email: user.email, username: user.username }
}

both_engines! {
    async fn somebody_new_joins_by_the_copied_link_with_an_unproven_mailbox(world: World) {
        let (org, olivia) = acme(&world).await;
        let made = At(&world, &olivia, org).invite("Bob@acme.test").await;
        assert!(!made.mailed && made.url.starts_with("http://localhost:8580/invite/rvinvite_"));
        let cx = world.anonymous();
        let seen = view(&world, &cx, &made.url).await.unwrap();
        assert_eq!((seen.state, seen.way), (InvitationState::Open, AcceptWay::NewAccount));
        assert_eq!((seen.org_name.as_str(), seen.invited_by.as_str()), ("acme", "olivia"));
        let done = accept(&world, &cx, &made.url, " Bob Builder ").await.unwrap();
        assert_eq!(done.next, format!("/organizations/{org}"));
        let Some(Actor::User { user, name, .. }) = actor(&world, &done).await else { panic!("a person") };
        assert_eq!(name, "Bob Builder");
        let auth = At(&world, &olivia, org).may::<MemberRead>().await.unwrap();
        let member = world.control.member(&auth, user).await.unwrap().member;
        assert_eq!((member.role, member.email.as_str()), (OrgRole::Member, "Bob@acme.test"));
        let identity = mailbox(&world, "bob@acme.test").await.unwrap();
        assert_eq!((identity.user_id, identity.verified_at), (user, None), "a copied link proves no mailbox");
        assert_eq!(world.audit(org).await[..4], [
            "member.joined/success", "invitation.accepted/success", "session.created/success", "user.created/success",
        ]);
    }

    async fn the_mailed_link_proves_the_mailbox(world: World) {
        let server = MailServer::start().await;
        let world = with_mail(&world, &server);
        let (org, olivia) = acme(&world).await;
        At(&world, &olivia, org).invite("bob@acme.test").await;
        let url = mailed_link(&world, &server).await;
        accept(&world, &world.anonymous(), &url, "Bob").await.unwrap();
        assert!(mailbox(&world, "bob@acme.test").await.unwrap().verified_at.is_some());
    }

    async fn of_two_acceptances_at_once_one_joins(world: World) {
        let (org, olivia) = acme(&world).await;
        let other = world.replica().await;
        let made = At(&world, &olivia, org).invite("bob@acme.test").await;
        let (a, b) = (world.anonymous(), world.anonymous());
        let (x, y) = tokio::join!(accept(&world, &a, &made.url, "Bob"), accept(&other, &b, &made.url, "Bobby"));
        assert!(x.is_ok() != y.is_ok(), "{x:?} {y:?}");
        assert_eq!(x.err().or(y.err()).unwrap().code(), ErrorCode::Gone);
        let auth = At(&world, &olivia, org).may::<MemberRead>().await.unwrap();
        assert_eq!(world.control.members(&auth, &model::member::MemberQuery::default()).await.unwrap().items.len(), 2);
    }

    async fn the_same_person_accepting_twice_at_once_joins_once(world: World) {
        let (org, olivia) = acme(&world).await;
        let other = world.replica().await;
        let bob = world.person("bob").await;
        let made = At(&world, &olivia, org).invite("bob@acme.test").await;
        let cx = world.cx(&bob);
        let (x, y) = tokio::join!(accept(&world, &cx, &made.url, ""), accept(&other, &cx, &made.url, ""));
        assert!(x.is_ok() != y.is_ok(), "{x:?} {y:?}");
        assert_eq!(world.audit(org).await.iter().filter(|a| *a == "member.joined/success").count(), 1);
    }

    async fn of_accepting_and_revoking_at_once_one_happens(world: World) {
        let (org, olivia) = acme(&world).await;
        let other = world.replica().await;
        let bob = world.person("bob").await;
        let made = At(&world, &olivia, org).invite("bob@acme.test").await;
        let (cx, at) = (world.cx(&bob), At(&other, &olivia, org));
        let (joined, revoked) = tokio::join!(accept(&world, &cx, &made.url, ""), at.revoke(&made));
        assert!(joined.is_ok() != revoked.is_ok(), "{joined:?} {revoked:?}");
        assert_eq!(At(&world, &olivia, org).role_of(&bob).await.is_some(), joined.is_ok());
    }

    async fn a_used_link_is_over_and_says_so(world: World) {
        let (org, olivia) = acme(&world).await;
        let made = At(&world, &olivia, org).invite("bob@acme.test").await;
        accept(&world, &world.anonymous(), &made.url, "Bob").await.unwrap();
        assert_eq!(state(&world, &made.url).await, InvitationState::Accepted);
        let again = accept(&world, &world.anonymous(), &made.url, "Eve").await.unwrap_err();
        assert_eq!(again.code(), ErrorCode::Gone);
        let declined = world.control.decline_invitation(&open(&world.anonymous()), secret(&made.url)).await;
        assert_eq!(declined.unwrap_err().code(), ErrorCode::Gone);
    }

    async fn a_link_ends_after_seven_days_without_any_clean_up(world: World) {
        let (org, olivia) = acme(&world).await;
        let made = At(&world, &olivia, org).invite("bob@acme.test").await;
        world.clock.advance_s(INVITATION_S - 1);
        assert_eq!(state(&world, &made.url).await, InvitationState::Open);
        world.clock.advance_s(1);
        assert_eq!(state(&world, &made.url).await, InvitationState::Expired);
        let late = accept(&world, &world.anonymous(), &made.url, "Bob").await.unwrap_err();
        assert_eq!(late.code(), ErrorCode::Gone);
        assert!(mailbox(&world, "bob@acme.test").await.is_none(), "no account was made");
        let revoked = At(&world, &olivia, org).revoke(&made).await;
        assert_eq!(revoked.unwrap_err().code(), ErrorCode::Conflict);
        let listed = At(&world, &olivia, org).invitations(&InvitationQuery::default()).await;
        assert_eq!(listed[0].state, InvitationState::Expired);
    }

    async fn a_revoked_link_stops_at_once(world: World) {
        let (org, olivia) = acme(&world).await;
        let at = At(&world, &olivia, org);
        let made = at.invite("bob@acme.test").await;
        at.revoke(&made).await.unwrap();
        assert_eq!(state(&world, &made.url).await, InvitationState::Revoked);
        assert_eq!(accept(&world, &world.anonymous(), &made.url, "Bob").await.unwrap_err().code(), ErrorCode::Gone);
        assert_eq!(at.revoke(&made).await.unwrap_err().code(), ErrorCode::Conflict);
        assert_eq!(at.resend(&made).await.unwrap_err().code(), ErrorCode::Conflict);
        assert_eq!(world.audit(org).await[0], "invitation.revoked/success");
        at.invite("bob@acme.test").await;
    }

    async fn declining_closes_it_and_is_written_down(world: World) {
        let (org, olivia) = acme(&world).await;
        let made = At(&world, &olivia, org).invite("bob@acme.test").await;
        world.control.decline_invitation(&open(&world.anonymous()), secret(&made.url)).await.unwrap();
        assert_eq!(state(&world, &made.url).await, InvitationState::Declined);
        assert_eq!(world.audit(org).await[0], "invitation.declined/success");
        assert_eq!(accept(&world, &world.anonymous(), &made.url, "Bob").await.unwrap_err().code(), ErrorCode::Gone);
    }

    async fn resending_makes_new_links_and_ends_the_old_ones(world: World) {
        let server = MailServer::start().await;
        let world = with_mail(&world, &server);
        let (org, olivia) = acme(&world).await;
        let at = At(&world, &olivia, org);
        let first = at.invite("bob@acme.test").await;
        let first_mailed = mailed_link(&world, &server).await;
        world.clock.advance_s(INVITATION_S + 5);
        let second = at.resend(&first).await.unwrap();
        let second_mailed = mailed_link(&world, &server).await;
        for dead in [&first.url, &first_mailed] {
            assert_eq!(view(&world, &world.anonymous(), dead).await.unwrap_err().code(), ErrorCode::Gone);
        }
        for alive in [&second.url, &second_mailed] {
            assert_eq!(state(&world, alive).await, InvitationState::Open, "it ran out and was sent again");
        }
        assert_eq!(second.id, first.id);
        assert_eq!(world.audit(org).await[0], "invitation.resent/success");
    }

    async fn nobody_is_mailed_without_end(world: World) {
        let (org, olivia) = acme(&world).await;
        let at = At(&world, &olivia, org);
        let made = at.invite("bob@acme.test").await;
        for _ in 0..10 {
            at.resend(&made).await.unwrap();
        }
        assert_eq!(at.resend(&made).await.unwrap_err().code(), ErrorCode::RateLimited);
    }

    async fn another_account_is_refused_and_nothing_changes(world: World) {
        let (org, olivia) = acme(&world).await;
        let eve = world.person("eve").await;
        let made = At(&world, &olivia, org).invite("bob@acme.test").await;
        let cx = world.cx(&eve);
        let seen = view(&world, &cx, &made.url).await.unwrap();
        assert_eq!(seen.way, AcceptWay::OtherAccount { signed_in_as: "eve@acme.test".to_owned() });
        let refused = accept(&world, &cx, &made.url, "Bob").await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::Forbidden);
        assert_eq!(state(&world, &made.url).await, InvitationState::Open);
        assert_eq!(At(&world, &olivia, org).role_of(&eve).await, None);
        // An administrator who opens the link they copied sees that it is not for them.
        let seen = view(&world, &world.cx(&olivia), &made.url).await.unwrap();
        assert!(matches!(seen.way, AcceptWay::OtherAccount { .. }));
    }

    async fn the_link_signs_nobody_in_to_an_account_that_exists(world: World) {
        let (org, olivia) = acme(&world).await;
        let bob = world.person("bob").await;
        let made = At(&world, &olivia, org).invite("BOB@acme.test").await;
        let cx = world.anonymous();
        assert_eq!(view(&world, &cx, &made.url).await.unwrap().way, AcceptWay::SignIn);
        let refused = accept(&world, &cx, &made.url, "Bob").await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::Unauthenticated);
        let cx = world.cx(&bob);
        let way = view(&world, &cx, &made.url).await.unwrap().way;
        assert_eq!(way, AcceptWay::SignedIn { name: "bob".to_owned() });
        let done = accept(&world, &cx, &made.url, "Another Name").await.unwrap();
        assert!(done.session.is_none(), "they are signed in already");
        assert_eq!(At(&world, &olivia, org).role_of(&bob).await, Some(OrgRole::Member));
        let me = world.control.me(&world.control.myself(&cx).await.unwrap()).await.unwrap();
        assert_eq!(me.name, "bob", "the link changes nothing about an account");
    }

    async fn a_token_that_workspaces_see_joins_nothing(world: World) {
        let (org, olivia) = acme(&world).await;
        let bob = world.person("bob").await;
        let made = At(&world, &olivia, org).invite("bob@acme.test").await;
        let via = ClientVia::Device(world.id(), world.id());
        let client = Actor::Client { user: bob.id, name: bob.username.clone(), via };
        let cx = world.anonymous().with_actor(client);
        assert_eq!(view(&world, &cx, &made.url).await.unwrap().way, AcceptWay::SignIn);
        assert_eq!(accept(&world, &cx, &made.url, "").await.unwrap_err().code(), ErrorCode::Unauthenticated);
        assert_eq!(state(&world, &made.url).await, InvitationState::Open);
        assert_eq!(At(&world, &olivia, org).role_of(&bob).await, None);
    }

    async fn a_provider_that_lends_a_colleagues_address_lends_nothing_else(world: World) {
        let (org, olivia) = acme(&world).await;
        world.person("bob").await;
        let imposter = provider_person(&world, "imposter", "bob@acme.test").await;
        let made = At(&world, &olivia, org).invite("bob@acme.test").await;
        let cx = world.cx(&imposter);
        assert!(matches!(view(&world, &cx, &made.url).await.unwrap().way, AcceptWay::OtherAccount { .. }));
        assert_eq!(accept(&world, &cx, &made.url, "").await.unwrap_err().code(), ErrorCode::Forbidden);
    }

    async fn a_provider_account_of_the_address_takes_the_link_where_nobody_proved_the_mailbox(world: World) {
        let (org, olivia) = acme(&world).await;
        let carol = provider_person(&world, "carol", "Carol@ACME.test").await;
        let made = At(&world, &olivia, org).invite("carol@acme.test").await;
        accept(&world, &world.cx(&carol), &made.url, "").await.unwrap();
        assert_eq!(At(&world, &olivia, org).role_of(&carol).await, Some(OrgRole::Member));
        assert!(mailbox(&world, "carol@acme.test").await.is_none(), "no mailbox was joined to the account");
    }

    async fn the_mailed_link_proves_the_mailbox_of_who_is_signed_in_and_ends_older_sessions(world: World) {
        let server = MailServer::start().await;
        let (org, olivia) = acme(&world).await;
        let first = At(&world, &olivia, org).invite("bob@acme.test").await;
        let done = accept(&world, &world.anonymous(), &first.url, "Bob").await.unwrap();
        let bob = actor(&world, &done).await.unwrap();
        let elsewhere = world.org("elsewhere").await;
        let emma = world.member(elsewhere, "emma", OrgRole::Admin).await;
        let world = with_mail(&world, &server);
        At(&world, &emma, elsewhere).invite("bob@acme.test").await;
        let url = mailed_link(&world, &server).await;
        let cx = world.control.cx(control::Origin::default(), Some(bob));
        let again = accept(&world, &cx, &url, "").await.unwrap();
        assert!(mailbox(&world, "bob@acme.test").await.unwrap().verified_at.is_some());
        assert!(actor(&world, &done).await.is_none(), "sessions from before the proof are over");
        assert!(actor(&world, &again).await.is_some(), "and this browser has a new one");
    }

    async fn a_member_is_told_so(world: World) {
        let (org, olivia) = acme(&world).await;
        let bob = world.person("bob").await;
        let made = At(&world, &olivia, org).invite("bob@acme.test").await;
        world.join(org, &bob, OrgRole::Member).await;
        let cx = world.cx(&bob);
        assert_eq!(view(&world, &cx, &made.url).await.unwrap().way, AcceptWay::AlreadyMember);
        assert_eq!(accept(&world, &cx, &made.url, "").await.unwrap_err().code(), ErrorCode::Conflict);
        assert_eq!(At(&world, &olivia, org).resend(&made).await.unwrap_err().code(), ErrorCode::Conflict);
    }

    async fn all_are_invited_or_nobody_and_the_reason_is_named(world: World) {
        let (org, olivia) = acme(&world).await;
        let at = At(&world, &olivia, org);
        at.invite("carol@acme.test").await;
        let all = "dan@acme.test, OLIVIA@acme.test\ncarol@ACME.test";
        let refused = at.invite_as(all, OrgRole::Member, &[]).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::Invalid);
        let why = &refused.fields()["emails"];
        assert!(why.contains("“OLIVIA@acme.test” is a member") && why.contains("“carol@ACME.test” is invited"), "{why}");
        assert!(!why.contains("dan@"));
        assert_eq!(at.invitations(&InvitationQuery::default()).await.len(), 1, "dan was not invited either");
        let made = at.invite_as("dan@acme.test, erin@acme.test", OrgRole::Admin, &[]).await.unwrap();
        assert_eq!(made.invitations.len(), 2);
        assert_eq!(world.audit(org).await[..2], ["invitation.created/success", "invitation.created/success"]);
    }

    async fn an_invitation_that_ran_out_makes_room_and_stays_in_the_list(world: World) {
        let (org, olivia) = acme(&world).await;
        let at = At(&world, &olivia, org);
        let old = at.invite("bob@acme.test").await;
        world.clock.advance_s(INVITATION_S);
        let new = at.invite("bob@acme.test").await;
        let states: Vec<_> = at.invitations(&InvitationQuery::default()).await.iter().map(|i| i.state).collect();
        assert_eq!(states, [InvitationState::Open, InvitationState::Expired]);
        assert_eq!(at.resend(&old).await.unwrap_err().code(), ErrorCode::Conflict, "the new one took its place");
        assert_eq!(state(&world, &new.url).await, InvitationState::Open);
        assert_eq!(state(&world, &old.url).await, InvitationState::Expired);
    }

    async fn of_two_admins_inviting_one_person_at_once_one_does(world: World) {
        let (org, olivia) = acme(&world).await;
        let oscar = world.member(org, "oscar", OrgRole::Admin).await;
        let other = world.replica().await;
        let (a, b) = (At(&world, &olivia, org), At(&other, &oscar, org));
        let (x, y) = tokio::join!(
            a.invite_as("bob@acme.test", OrgRole::Member, &[]),
            b.invite_as("bob@acme.test", OrgRole::Member, &[]),
        );
        assert!(x.is_ok() != y.is_ok(), "{x:?} {y:?}");
        assert_eq!(a.invitations(&InvitationQuery::default()).await.len(), 1);
    }

    async fn workspace_roles_wait_and_move_to_the_person(world: World) {
        let (org, olivia) = acme(&world).await;
        let lab = workspace(&world, org, "lab").await;
        let at = At(&world, &olivia, org);
        let made = at
            .invite_as("bob@acme.test", OrgRole::Member, &[(lab, WorkspaceRole::Developer)])
            .await
            .unwrap()
            .invitations
            .remove(0);
        let waiting = &at.invitations(&InvitationQuery::default()).await[0].grants;
        assert_eq!((waiting[0].workspace, waiting[0].role), (lab, WorkspaceRole::Developer.into()));
        let done = accept(&world, &world.anonymous(), &made.url, "Bob").await.unwrap();
        let bob = world.control.cx(control::Origin::default(), actor(&world, &done).await);
        assert!(world.control.authorize::<WorkspaceRead>(&bob, lab).await.is_ok());
        let auth = at.may::<MemberRead>().await.unwrap();
        let detail = world.control.member(&auth, bob.user().unwrap()).await.unwrap();
        assert_eq!(detail.grants.iter().map(|g| (g.place, g.role)).collect::<Vec<_>>(), [(lab.into(), WorkspaceRole::Developer.into())]);
    }

    async fn a_workspace_of_another_organization_cannot_be_offered(world: World) {
        let (org, olivia) = acme(&world).await;
        let other = world.org("other").await;
        let theirs = workspace(&world, other, "theirs").await;
        let at = At(&world, &olivia, org);
        let refused = at.invite_as("bob@acme.test", OrgRole::Member, &[(theirs, WorkspaceRole::Admin)]).await;
        assert!(refused.unwrap_err().fields().contains_key("grants"));
        assert!(at.invitations(&InvitationQuery::default()).await.is_empty());
    }

    async fn invitations_of_another_organization_do_not_exist_here(world: World) {
        let (org, olivia) = acme(&world).await;
        let made = At(&world, &olivia, org).invite("bob@acme.test").await;
        let other = world.org("other").await;
        let eve = world.member(other, "eve", OrgRole::Admin).await;
        let here = At(&world, &eve, other);
        assert_eq!(here.revoke(&made).await.unwrap_err().code(), ErrorCode::NotFound);
        assert_eq!(here.resend(&made).await.unwrap_err().code(), ErrorCode::NotFound);
        let auth = here.may::<InvitationRead>().await.unwrap();
        assert_eq!(world.control.invitation(&auth, made.id).await.unwrap_err().code(), ErrorCode::NotFound);
        assert!(here.invitations(&InvitationQuery::default()).await.is_empty());
        let there = At(&world, &eve, org).may::<InvitationManage>().await.unwrap_err();
        assert_eq!(there.code(), ErrorCode::NotFound);
        assert_eq!(state(&world, &made.url).await, InvitationState::Open);
        here.invite("bob@acme.test").await;
    }

    async fn no_other_secret_opens_an_invitation_and_an_invitation_opens_nothing_else(world: World) {
        let (org, olivia) = acme(&world).await;
        let made = At(&world, &olivia, org).invite("bob@acme.test").await;
        let real = secret(&made.url).to_owned();
        let body = real.strip_prefix("rvinvite_").unwrap();
        let cx = world.anonymous();
        let mut texts: Vec<String> =
            control::secret::Kind::ALL.iter().map(|kind| format!("{}{body}", kind.prefix())).collect();
        texts.retain(|text| *text != real);
        texts.extend([String::new(), "x".repeat(10_000), real[..real.len() - 1].to_owned(), format!("{real}A")]);
        texts.extend([real.to_uppercase(), format!(" {real}"), "rvinvite_".to_owned(), format!("rvinvite_{}", "é".repeat(24))]);
        for text in texts {
            let seen = world.control.invitation_view(&open(&cx), &text).await.unwrap_err();
            assert_eq!(seen.code(), ErrorCode::Gone, "{text}");
            let taken = world.control.accept_invitation(&open(&cx), &text, "Bob").await.unwrap_err();
            assert_eq!(taken.code(), ErrorCode::Gone, "{text}");
        }
        assert!(world.control.resolve_session(&real, world.control.now()).await.unwrap().is_none());
        assert!(world.control.use_sign_in_link(&open(&cx), &real).await.is_err());
        assert!(world.control.peek_setup_link(&open(&cx), &real).await.is_err());
    }

    async fn a_bad_name_is_refused_and_the_link_still_works(world: World) {
        let (org, olivia) = acme(&world).await;
        let made = At(&world, &olivia, org).invite("bob@acme.test").await;
        let cx = world.anonymous();
        for name in ["", "  ", "a\0b", "\u{202E}nimda", &"x".repeat(101)] {
            let refused = accept(&world, &cx, &made.url, name).await.unwrap_err();
            assert!(refused.fields().contains_key("name"), "{name:?}");
        }
        accept(&world, &cx, &made.url, "<b>Bob</b>").await.unwrap();
    }

    async fn a_plain_member_invites_nobody(world: World) {
        let (org, _) = acme(&world).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let refused = At(&world, &bob, org).invite_as("carol@acme.test", OrgRole::Admin, &[]).await;
        assert_eq!(refused.unwrap_err().code(), ErrorCode::Forbidden);
        assert_eq!(world.audit(org).await[0], "access.denied/refused");
    }

    async fn the_list_is_filtered_and_paged(world: World) {
        let (org, olivia) = acme(&world).await;
        let at = At(&world, &olivia, org);
        let first = at.invite("a@acme.test").await;
        at.revoke(&first).await.unwrap();
        let declined = at.invite("b@acme.test").await;
        world.control.decline_invitation(&open(&world.anonymous()), secret(&declined.url)).await.unwrap();
        let taken = at.invite("c@acme.test").await;
        accept(&world, &world.anonymous(), &taken.url, "C").await.unwrap();
        at.invite("d@acme.test").await;
        world.clock.advance_s(INVITATION_S);
        let many = (0..60).map(|n| format!("p{n:02}@acme.test")).collect::<Vec<_>>().join(" ");
        at.invite_as(&many, OrgRole::Member, &[]).await.unwrap();
        for (state, email) in [
            (InvitationState::Revoked, "a@acme.test"),
            (InvitationState::Declined, "b@acme.test"),
            (InvitationState::Accepted, "c@acme.test"),
            (InvitationState::Expired, "d@acme.test"),
        ] {
            let found = at.invitations(&InvitationQuery { state: Some(state), ..InvitationQuery::default() }).await;
            assert_eq!(found.iter().map(|i| i.email.as_str()).collect::<Vec<_>>(), [email]);
            assert_eq!((found[0].state, &found[0].mail), (state, &MailState::NotSent));
        }
        let auth = at.may::<InvitationRead>().await.unwrap();
        let query = InvitationQuery { state: Some(InvitationState::Open), ..InvitationQuery::default() };
        let page = world.control.invitations(&auth, &query).await.unwrap();
        let rest = InvitationQuery { cursor: page.next.clone(), ..query };
        assert_eq!((page.items.len(), at.invitations(&rest).await.len()), (50, 10));
        let found = at.invitations(&InvitationQuery { search: Some("P07@".to_owned()), ..InvitationQuery::default() }).await;
        assert_eq!(found.iter().map(|i| i.email.as_str()).collect::<Vec<_>>(), ["p07@acme.test"]);
        let wrong = InvitationQuery { cursor: Some("x".to_owned()), ..InvitationQuery::default() };
        assert_eq!(world.control.invitations(&auth, &wrong).await.unwrap_err().code(), ErrorCode::Invalid);
    }

    async fn an_invitation_made_on_one_replica_holds_on_the_other(world: World) {
        let (org, olivia) = acme(&world).await;
        let other = world.replica().await;
        let made = At(&world, &olivia, org).invite("bob@acme.test").await;
        assert_eq!(state(&other, &made.url).await, InvitationState::Open);
        At(&other, &olivia, org).revoke(&made).await.unwrap();
        assert_eq!(state(&world, &made.url).await, InvitationState::Revoked);
    }
}
