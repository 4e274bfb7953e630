//! Sending what is due.

use super::smtp::{Mailer, Refusal};
use super::{Payload, place};
use crate::Control;
use crate::error::{Error, Result};
use crate::retry::{LEASE_S, wait_s};
use crate::seal::CannotOpen;
use futures::future::join_all;
use model::Timestamp;
use std::time::{Duration, SystemTime};
use store::outbox::Claimed;

/// Mails taken at once; they are sent side by side.
const AT_ONCE: i64 = 5;
/// Tries before a mail is given up.
const TRIES: i64 = 10;
/// Seconds until the next try, after the first, the second, …
const WAITS_S: [i64; 5] = [10, 60, 5 * 60, 30 * 60, LONGEST_WAIT_S];
/// And after all that follow.
const LONGEST_WAIT_S: i64 = 2 * 3600;

impl Control {
    /// Sends the mails that are due; returns how many were tried. A mail may be sent twice if this process dies
    /// between the mail server's yes and ours; it is never lost.
    pub async fn send_due_mails(&self) -> Result<usize> {
        let Some(mailer) = self.mailer()? else {
            return Ok(0);
        };
        let mut tried = 0;
        loop {
            let taken = self.claim_mails().await?;
            if taken.is_empty() {
                return Ok(tried);
            }
            tried += taken.len();
            for done in join_all(taken.iter().map(|mail| self.deliver(mailer, mail))).await {
                done?;
            }
        }
    }

    fn mailer(&self) -> Result<Option<&Mailer>> {
        let Some(settings) = &self.settings().mail else {
            return Ok(None);
        };
        if let Some(mailer) = self.outbox().mailer.get() {
            return Ok(Some(mailer));
        }
        let mailer = Mailer::new(settings).map_err(Error::internal)?;
        Ok(Some(self.outbox().mailer.get_or_init(|| mailer)))
    }

    async fn claim_mails(&self) -> Result<Vec<Claimed>> {
        let now = self.now();
        if !store::outbox::is_any_due(&mut self.store().read().await?, now).await? {
            return Ok(Vec::new());
        }
        let mut tx = self.store().write().await?;
        let taken = store::outbox::claim(&mut tx, now, now.plus_s(LEASE_S), AT_ONCE).await?;
        tx.commit_unaudited("a worker's note; what caused the mail is audited").await?;
        Ok(taken)
    }

    async fn deliver(&self, mailer: &Mailer, mail: &Claimed) -> Result<()> {
        let now = self.now();
        let outcome = match self.unsealed(mail).await? {
            Ok(payload) if payload.useful_until <= now => {
                Err(Refusal::ForGood("The link ran out before the mail server took the mail.".to_owned()))
            }
            Ok(payload) => mailer.send(mail.id, &payload, system_time(now)).await,
            // A replica that has that secret key can send it.
            Err(CannotOpen::Locked(_)) => Err(Refusal::ForNow(
                "The stored mail is sealed under a key that this replica does not have.".to_owned(),
            )),
            Err(cannot) => {
                tracing::error!(outbox.id = %mail.id, %cannot, "Mail {} cannot be read and is given up", mail.id);
                Err(Refusal::ForGood("The stored mail cannot be read.".to_owned()))
            }
        };
        let mut tx = self.store().write().await?;
        match outcome {
            Ok(()) => {
                store::outbox::done(&mut tx, mail.id, self.now()).await?;
                tracing::info!(outbox.id = %mail.id, "Mail {} sent", mail.id);
            }
            Err(Refusal::ForNow(reason)) if mail.attempts < TRIES => {
                let due = self.now().plus_s(wait_s(&WAITS_S, mail.attempts).unwrap_or(LONGEST_WAIT_S));
                store::outbox::retry(&mut tx, mail, due, &reason).await?;
                tracing::warn!(outbox.id = %mail.id, mail.attempts, "Mail {} was not taken; another try follows", mail.id);
            }
            Err(Refusal::ForNow(reason) | Refusal::ForGood(reason)) => {
                store::outbox::park(&mut tx, mail, self.now(), &reason).await?;
                tracing::warn!(outbox.id = %mail.id, mail.attempts, "Mail {} is given up", mail.id);
            }
        }
        Ok(tx.commit_unaudited("what became of a mail is shown with what it is about").await?)
    }

    async fn unsealed(&self, mail: &Claimed) -> Result<std::result::Result<Payload, CannotOpen>> {
        let Some(sealed) = &mail.payload_sealed else { return Ok(Err(CannotOpen::Changed)) };
        let opened = self.try_unseal(&mut self.store().read().await?, place(mail.id), sealed).await?;
        Ok(opened.and_then(|clear| serde_json::from_slice(&clear).map_err(|_| CannotOpen::Changed)))
    }
}

fn system_time(at: Timestamp) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(at.millis()).unwrap_or(0))
}
