//! Work nobody waits for: writing down who was here, sending mails, telling workspaces of ended sessions, going on with a
//! rotation of keys, forgetting what is long over.
//!
//! *Invariant: nothing is decided here. With all of this stopped, everything that ran out is refused all the same.*

use crate::Control;
use crate::error::Result;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long what is over is kept, for looking into what happened.
const KEPT_S: i64 = 30 * 24 * 3600;
const HOUR_S: i64 = 3600;
const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

impl Control {
    /// Begins the background work. It ends after `stop`, having written down what it holds; wait for `tracker`.
    pub fn spawn_background(&self, tracker: &TaskTracker, stop: CancellationToken) {
        tracker.spawn(self.clone().keep_activity(stop.clone()));
        tracker.spawn(self.clone().keep_sending(stop.clone()));
        tracker.spawn(self.clone().keep_telling(stop.clone()));
        tracker.spawn(self.clone().keep_warning(stop.clone()));
        tracker.spawn(self.clone().keep_rotating(stop.clone()));
        tracker.spawn(self.clone().keep_signing(stop.clone()));
        tracker.spawn(self.clone().keep_forgetting(stop));
    }

    async fn keep_activity(self, stop: CancellationToken) {
        let mut outage = Outage::of("Writing down who was here");
        while !stop_within(&stop, SECOND).await {
            outage.note(self.flush_activity().await);
        }
        outage.note(self.flush_activity().await);
    }

    async fn keep_sending(self, stop: CancellationToken) {
        let mut outage = Outage::of("Sending mails");
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.outbox().queued.notified() => {}
                () = tokio::time::sleep(SECOND) => {}
            }
            // Not torn down in the middle of a mail: it would be sent again by whoever comes next.
            outage.note(self.send_due_mails().await.map(|_| ()));
        }
    }

    async fn keep_telling(self, stop: CancellationToken) {
        let mut outage = Outage::of("Telling workspaces of ended sessions");
        while !stop_within(&stop, SECOND).await {
            loop {
                let told = self.tell_of_ended_sessions().await;
                let goes_on = told.as_ref().is_ok_and(|tried| *tried > 0) && !stop.is_cancelled();
                outage.note(told.map(|_| ()));
                if !goes_on {
                    break;
                }
            }
        }
    }

    async fn keep_warning(self, stop: CancellationToken) {
        let mut outage = Outage::of("Telling of keys that end");
        while !stop_within(&stop, MINUTE).await {
            outage.note(self.warn_of_ending_keys().await.map(|_| ()));
        }
    }

    async fn keep_rotating(self, stop: CancellationToken) {
        let mut outage = Outage::of("Going on with a rotation of keys");
        loop {
            outage.note(self.go_on_rotating(&stop).await);
            if stop_within(&stop, MINUTE).await {
                return;
            }
        }
    }

    async fn keep_signing(self, stop: CancellationToken) {
        let mut outage = Outage::of("Making the next signing key");
        loop {
            outage.note(self.rotate_due_signing_keys().await);
            if stop_within(&stop, HOUR).await {
                return;
            }
        }
    }

    /// Goes on with a rotation that was begun and not finished, until it is done or `stop`.
    async fn go_on_rotating(&self, stop: &CancellationToken) -> Result<()> {
        let Some(mut rotation) = self.resume_rotation().await? else { return Ok(()) };
        tracing::info!(data_key = %rotation.data_key(), "Going on with a rotation of keys");
        while !stop.is_cancelled() {
            if rotation.step().await?.is_none() {
                let done = rotation.finish().await?;
                tracing::info!(done.moved, done.unreadable, done.deleted, "The rotation of keys is finished");
                break;
            }
        }
        Ok(())
    }

    async fn keep_forgetting(self, stop: CancellationToken) {
        let mut outage = Outage::of("Forgetting what is over");
        while !stop_within(&stop, HOUR).await {
            outage.note(self.forget_ended().await);
        }
    }

    /// Deletes links, codes, sign-in attempts, counters and mails that ended long ago, and has workspaces told of sessions
    /// that ran out.
    pub async fn forget_ended(&self) -> Result<()> {
        let before = self.now().plus_s(-KEPT_S);
        let mut tx = self.store().write().await?;
        store::links::delete_expired(&mut tx, before).await?;
        store::tokens::delete_expired(&mut tx, before).await?;
        // Of no use to anybody who looks into what happened: the log says who revoked what, and no token is left that
        // such a key signed.
        store::tokens::delete_over(&mut tx, self.now().plus_s(-crate::workspace_tokens::LEEWAY_S)).await?;
        store::signing_keys::delete_over(&mut tx, self.now()).await?;
        // The token that a code was exchanged for is over by then: nothing is left to end if it is shown again.
        store::openid::delete_codes(&mut tx, self.now().plus_s(-HOUR_S)).await?;
        store::openid::tell_of_expired(&mut tx, self.now(), self.idle_since(self.now())).await?;
        store::trust::delete_over(&mut tx, before).await?;
        store::devices::delete_undecided(&mut tx, before).await?;
        store::attempts::delete_expired(&mut tx, before).await?;
        store::throttles::delete_ended(&mut tx, before).await?;
        store::outbox::delete_ended(&mut tx, before).await?;
        Ok(tx.commit_unaudited("only what could no longer be used is forgotten").await?)
    }
}

/// Waits; `true` as soon as work is to stop.
async fn stop_within(stop: &CancellationToken, time: Duration) -> bool {
    tokio::time::timeout(time, stop.cancelled()).await.is_ok()
}

/// Says once that something began to fail, and once that it works again.
struct Outage {
    what: &'static str,
    lasts: bool,
}

impl Outage {
    fn of(what: &'static str) -> Self {
        Self { what, lasts: false }
    }

    fn note(&mut self, outcome: Result<()>) {
        let what = self.what;
        match outcome {
            Ok(()) if self.lasts => {
                self.lasts = false;
                tracing::info!("{what} works again");
            }
            Ok(()) => {}
            Err(error) if !self.lasts => {
                self.lasts = true;
                tracing::error!(error = ?error, "{what} fails; it is tried again until it works");
            }
            Err(_) => {}
        }
    }
}
