//! Keys at rest: rotation loses nothing, whenever it stops and whoever seals beside it; a wrong secret key is found at once.

use super::arrange::{At, with_mail};
use super::smtp::MailServer;
use control::Control;
use control::authz::ConnectionManage;
use control::connections::ConnectionInput;
use control::keys::{KeysStatus, Rotated};
use control::open::{Migrate, OpenError};
use control::seal::OpenedBy;
use control::settings::{FileConnection, Settings};
use model::OrgRole;
use model::invitation::{InvitationQuery, MailState};
use secrecy::SecretString;
use std::time::Duration;
use store::sealed::{Column, Sealed};
use testkit::{World, both_engines};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

/// More than two batches.
const MANY: u64 = 230;

/// An installation that has sealed many client secrets.
async fn sealed(world: &World) -> World {
    let mut settings = world.control.settings().clone();
    settings.connections = (0..MANY)
        .map(|n| FileConnection {
            label: format!("Connection {n}"),
            issuer: format!("https://{n}.acme.test"),
            client_id: "reeve".to_owned(),
            client_secret: Some(format!("client secret {n}").into()),
        })
        .collect();
    let world = world.configured(settings);
    world.control.sync_file_connections(&world.control.system_cx("test")).await.unwrap();
    world
}

async fn rotate(world: &World) -> control::Result<Rotated> {
    let mut rotation = world.control.begin_rotation(&world.control.system_cx("test")).await?;
    while rotation.step().await?.is_some() {}
    rotation.finish().await
}

/// Values under each key, the oldest key first.
async fn spread(world: &World) -> Vec<i64> {
    let KeysStatus { keys, without_key } = world.control.keys_status().await.unwrap();
    assert!(without_key.is_empty(), "{without_key:?}");
    keys.iter().map(|key| key.values.values().sum()).collect()
}

/// Every value opens, in its place, on a replica that has just started: a rotation opens each.
async fn every_value_opens(world: &World, values: u64) {
    let fresh = world.replica().await;
    let unfinished = match fresh.control.resume_rotation().await.unwrap() {
        Some(_) => rotate(&fresh).await.unwrap().unreadable,
        None => 0,
    };
    let done = rotate(&fresh).await.unwrap();
    assert_eq!(
        (unfinished, done.resumed, done.moved, done.unreadable, done.deleted),
        (0, false, values, 0, 1)
    );
    assert_eq!(spread(world).await, [values.cast_signed()]);
}

fn with_keys(world: &World, current: &str, previous: Option<&str>) -> Settings {
    let mut settings = world.control.settings().clone();
    settings.secret_key = current.into();
    settings.previous_secret_key = previous.map(SecretString::from);
    settings
}

async fn open(world: &World, settings: Settings) -> Result<Control, OpenError> {
    Control::open(&world.url.as_str().into(), settings, Migrate::No).await
}

/// Gives others the thread so many times.
async fn turns(n: usize) {
    for _ in 0..n {
        tokio::task::yield_now().await;
    }
}

both_engines! {
    async fn a_rotation_moves_everything_and_deletes_the_old_key(world: World) {
        let world = sealed(&world).await;
        let org = world.org("acme").await;
        let old = world.control.keys_status().await.unwrap().keys.remove(0);
        world.clock.advance_s(60);
        let done = rotate(&world).await.unwrap();
        assert_eq!(done, Rotated { data_key: done.data_key, resumed: false, rewrapped: 0, moved: MANY, unreadable: 0, deleted: 1 });
        let KeysStatus { keys, without_key } = world.control.keys_status().await.unwrap();
        let [key] = keys.as_slice() else { panic!("{keys:?}") };
        assert_ne!(key.id, old.id);
        assert_eq!((key.id, key.retired_at, key.opened_by), (done.data_key, None, OpenedBy::Current));
        assert_eq!(key.values.clone().into_iter().collect::<Vec<_>>(), [("connections.client_secret_sealed", 230)]);
        assert!(without_key.is_empty());
        assert_eq!(world.audit(org).await[..2], ["key_rotation.finished/success", "key_rotation.started/success"]);
        every_value_opens(&world, MANY).await;
    }

    async fn a_rotation_that_is_dropped_between_batches_is_gone_on_with(world: World) {
        let world = sealed(&world).await;
        for batches in 0..=3 {
            let mut rotation = world.control.begin_rotation(&world.control.system_cx("test")).await.unwrap();
            assert!(!rotation.resumed());
            for _ in 0..batches {
                rotation.step().await.unwrap();
            }
            let key = rotation.data_key();
            drop(rotation);
            let moved = MANY.min(batches * 100);
            assert_eq!(spread(&world).await, [(MANY - moved).cast_signed(), moved.cast_signed()], "after {batches}");
            let replica = world.replica().await;
            let done = rotate(&replica).await.unwrap();
            assert_eq!(done, Rotated { data_key: key, resumed: true, rewrapped: 0, moved: MANY - moved, unreadable: 0, deleted: 1 });
            every_value_opens(&world, MANY).await;
        }
    }

    async fn a_rotation_that_is_dropped_anywhere_loses_nothing(world: World) {
        let world = sealed(&world).await;
        for n in 0..40 {
            tokio::select! {
                biased;
                done = rotate(&world) => { done.unwrap(); }
                () = turns(n * 5) => {}
            }
            let values: i64 = spread(&world).await.iter().sum();
            assert_eq!(values.cast_unsigned(), MANY);
        }
        every_value_opens(&world, MANY).await;
    }

    async fn a_running_server_goes_on_with_an_unfinished_rotation(world: World) {
        let world = sealed(&world).await;
        let mut rotation = world.control.begin_rotation(&world.control.system_cx("test")).await.unwrap();
        rotation.step().await.unwrap();
        let key = rotation.data_key();
        drop(rotation);
        let replica = world.replica().await;
        let (tracker, stop) = (TaskTracker::new(), CancellationToken::new());
        replica.control.spawn_background(&tracker, stop.clone());
        tracker.close();
        // Sealed by the server meanwhile: the key that it signs tokens with.
        let by_the_server = 1;
        while spread(&world).await != [MANY.cast_signed() + by_the_server] {
            turns(1).await;
        }
        stop.cancel();
        tracker.wait().await;
        assert_eq!(world.control.keys_status().await.unwrap().keys[0].id, key);
        assert!(world.control.resume_rotation().await.unwrap().is_none());
    }

    async fn two_rotations_at_once_share_the_work(world: World) {
        let world = sealed(&world).await;
        let other = world.replica().await;
        for _ in 0..3 {
            let (a, b) = tokio::join!(rotate(&world), rotate(&other));
            let (a, b) = (a.unwrap(), b.unwrap());
            assert_eq!((a.unreadable, b.unreadable), (0, 0), "{a:?} {b:?}");
            assert!(a.moved + b.moved >= MANY, "{a:?} {b:?}");
        }
        every_value_opens(&world, MANY).await;
    }

    async fn one_replica_rotates_while_another_seals_and_opens(world: World) {
        let mails = MailServer::start().await;
        let world = sealed(&with_mail(&world, &mails)).await;
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let other = world.replica().await;
        let at = At(&other, &olivia, org);
        let auth = at.may::<ConnectionManage>().await.unwrap();
        let rotating = async {
            for _ in 0..4 {
                assert_eq!(rotate(&world).await.unwrap().unreadable, 0);
            }
        };
        let sealing = async {
            let typed = |label: &str, secret: &str| {
                ConnectionInput::parse(label, "https://new.acme.test", "reeve", secret).unwrap()
            };
            let id = other.control.create_connection(&auth, &typed("New", "first")).await.unwrap();
            for n in 0..20 {
                at.invite(&format!("p{n}@acme.test")).await;
                other.control.send_due_mails().await.unwrap();
                // With a new secret, and with the one that is kept.
                let secret = if n % 2 == 0 { "another" } else { "" };
                other.control.update_connection(&auth, id, &typed(&format!("New {n}"), secret)).await.unwrap();
            }
        };
        tokio::join!(rotating, sealing);
        let states = at.invitations(&InvitationQuery::default()).await;
        assert!(states.iter().all(|one| matches!(one.mail, MailState::Sent { .. })), "{states:?}");
        assert_eq!(mails.mails().len(), 20);
        every_value_opens(&world, MANY + 1).await;
    }

    async fn a_key_is_not_retired_while_something_is_sealed_under_it(world: World) {
        let world = sealed(&world).await;
        let replica = world.replica().await;
        let mut tx = world.store.write().await.unwrap();
        let key = store::data_keys::hold_current(&mut tx).await.unwrap().unwrap();
        let cx = replica.control.system_cx("test");
        let mut begun = Box::pin(replica.control.begin_rotation(&cx));
        // Long enough for one that does not wait: it takes a few milliseconds.
        let waits = tokio::time::timeout(Duration::from_millis(500), &mut begun).await;
        assert!(waits.is_err(), "{waits:?}");
        assert_eq!(store::data_keys::hold_current(&mut tx).await.unwrap(), Some(key));
        tx.commit_unaudited("a test").await.unwrap();
        assert_ne!(begun.await.unwrap().data_key(), key);
    }

    async fn what_cannot_be_opened_stays_and_holds_up_no_later_rotation(world: World) {
        let world = sealed(&world).await;
        let column = Column::ConnectionSecret;
        let mut tx = world.store.write().await.unwrap();
        let kept = store::sealed::others(&mut tx, column, &[0; 17], Uuid::nil(), 3).await.unwrap();
        let mut changed = kept[0].sealed.as_bytes().to_vec();
        changed[60] ^= 1;
        let elsewhere = kept[2].sealed.clone();
        let older = Sealed::from_bytes([&[1], &kept[2].sealed.as_bytes()[1..]].concat());
        for (kept, bad) in [(&kept[0], Sealed::from_bytes(changed)), (&kept[1], elsewhere), (&kept[2], older)] {
            assert!(store::sealed::replace(&mut tx, column, kept, &bad).await.unwrap());
        }
        tx.commit_unaudited("somebody who writes into the database").await.unwrap();
        for n in 1..=2 {
            let done = rotate(&world).await.unwrap();
            let moved = MANY - 3;
            // The first old key stays, two values name it; the one between goes.
            assert_eq!((done.resumed, done.moved, done.unreadable, done.deleted), (false, moved, 3, n - 1));
            assert!(world.control.resume_rotation().await.unwrap().is_none(), "it is done all the same");
        }
        let status = world.control.keys_status().await.unwrap();
        assert_eq!(status.keys.iter().map(|key| key.values.values().sum()).collect::<Vec<i64>>(), [2, 227]);
        assert_eq!(status.without_key.values().sum::<i64>(), 1);
    }

    async fn the_secret_key_is_changed_with_the_one_before_it(world: World) {
        let (old, new) = ("a key for tests only", "the next key for tests only");
        let world = sealed(&world).await;
        let changing = world.configured(with_keys(&world, new, Some(old)));
        // Until the rotation, processes with either of them open and seal.
        open(&world, with_keys(&world, new, Some(old))).await.unwrap().close().await;
        open(&world, with_keys(&world, old, None)).await.unwrap().close().await;
        let refused = open(&world, with_keys(&world, new, None)).await.unwrap_err();
        assert!(matches!(&refused, OpenError::OtherSecretKey { .. }), "{refused}");
        assert!(!refused.to_string().contains(old) && !refused.to_string().contains(new));
        // Killed right after it was begun: the keys are encrypted anew by then.
        let begun = changing.control.begin_rotation(&changing.control.system_cx("test")).await.unwrap();
        drop(begun);
        let settled = world.configured(with_keys(&world, new, None));
        let done = rotate(&settled).await.unwrap();
        assert_eq!((done.resumed, done.rewrapped, done.moved, done.unreadable, done.deleted), (true, 0, MANY, 0, 1));
        every_value_opens(&settled, MANY).await;
        open(&world, with_keys(&world, new, None)).await.unwrap().close().await;
        let refused = open(&world, with_keys(&world, old, None)).await.unwrap_err();
        assert!(matches!(refused, OpenError::OtherSecretKey { .. }), "{refused}");
    }

    async fn a_rotation_encrypts_the_data_keys_with_the_secret_key_in_force(world: World) {
        let world = sealed(&world).await;
        let changing = world.configured(with_keys(&world, "the next key", Some("a key for tests only")));
        assert_eq!(changing.control.keys_status().await.unwrap().keys[0].opened_by, OpenedBy::Previous);
        let done = rotate(&changing).await.unwrap();
        assert_eq!((done.resumed, done.rewrapped, done.moved, done.deleted), (false, 1, MANY, 1));
        assert_eq!(changing.control.keys_status().await.unwrap().keys[0].opened_by, OpenedBy::Current);
        let lost = world.replica().await.control.keys_status().await.unwrap();
        assert_eq!(lost.keys[0].opened_by, OpenedBy::Nothing);
    }

    async fn a_lost_secret_key_is_given_up_knowingly(world: World) {
        let world = sealed(&world).await;
        let org = world.org("acme").await;
        let settings = with_keys(&world, "another key", None);
        let stranger = world.configured(settings.clone());
        let lost = stranger.control.lost_keys().await.unwrap();
        assert_eq!((lost.keys.len(), lost.values["connections.client_secret_sealed"]), (1, 230));
        assert!(open(&world, settings.clone()).await.is_err(), "looking changes nothing");
        let cx = stranger.control.system_cx("test");
        assert_eq!(stranger.control.forget_lost_keys(&cx).await.unwrap().keys, lost.keys);
        assert_eq!(world.audit(org).await[0], "data_keys.forgotten/success");
        assert!(stranger.control.forget_lost_keys(&cx).await.unwrap().keys.is_empty());
        let opened = open(&world, settings).await.unwrap();
        // Entered again, they are sealed under a key that opens.
        opened.sync_file_connections(&cx).await.unwrap();
        opened.close().await;
        every_value_opens(&stranger, MANY).await;
    }

    async fn a_data_key_that_was_changed_stops_the_start(world: World) {
        let world = sealed(&world).await;
        let mut tx = world.store.write().await.unwrap();
        let mut row = store::data_keys::all(&mut tx).await.unwrap().remove(0);
        row.key_wrapped[30] ^= 1;
        store::data_keys::rewrap(&mut tx, row.id, &row.key_wrapped, &row.kek_fingerprint).await.unwrap();
        tx.commit_unaudited("somebody who writes into the database").await.unwrap();
        let refused = open(&world, world.control.settings().clone()).await.unwrap_err();
        assert!(matches!(refused, OpenError::DamagedKey(_)), "{refused}");
    }

    async fn replicas_that_start_together_make_one_key(world: World) {
        let settings = || world.control.settings().clone();
        let (a, b) = tokio::join!(open(&world, settings()), open(&world, settings()));
        let (a, b) = (a.unwrap(), b.unwrap());
        let (ours, theirs) = (a.keys_status().await.unwrap().keys, b.keys_status().await.unwrap().keys);
        assert_eq!((ours.len(), ours[0].id), (1, theirs[0].id));
        a.close().await;
        b.close().await;
    }
}
