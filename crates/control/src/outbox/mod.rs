//! Mails: written sealed in the transaction that causes them, sent afterwards by a worker, tried again when the mail
//! server does not take them.
//!
//! *Invariant: a mail is in the database before the answer that promises it, and no mail is sent inside a transaction.*

mod smtp;
pub mod texts;
mod worker;

pub use smtp::BadMailSettings;

use crate::Control;
use crate::cx::Cx;
use crate::error::{Error, Result};
use crate::seal::Place;
use model::text::Email;
use model::{OutboxId, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;
use store::WriteTx;
use store::sealed::Column;
use tokio::sync::Notify;
use uuid::Uuid;

/// A mail to be sent. [`texts`] writes them.
#[derive(Clone, Debug)]
pub struct Mail<'a> {
    /// To whom.
    pub to: &'a Email,
    /// The subject.
    pub subject: String,
    /// The whole message for readers without HTML.
    pub text: String,
    /// The same in HTML.
    pub html: String,
    /// What it is about, for showing what became of it there: a kind of thing and its id.
    pub about: Option<(&'static str, Uuid)>,
    /// When its link has run out and sending it makes no sense any more.
    pub useful_until: Timestamp,
}

/// What is sealed in a row of the outbox.
#[derive(Serialize, Deserialize)]
struct Payload {
    to: String,
    subject: String,
    text: String,
    html: String,
    useful_until: Timestamp,
}

/// What the process keeps for sending.
#[derive(Default)]
pub(crate) struct Outbox {
    /// Rung when this process queued a mail.
    pub(crate) queued: Notify,
    mailer: OnceLock<smtp::Mailer>,
}

fn place(id: OutboxId) -> Place {
    Place { column: Column::Mail, row: id.uuid() }
}

/// Queues a mail inside the caller's transaction: it is sent if and only if that commits.
///
/// # Errors
///
/// `unavailable` if no mail server is set; ask [`Control::can_mail`] first where there is another way.
pub(crate) async fn queue_mail(control: &Control, tx: &mut WriteTx, cx: &Cx, mail: Mail<'_>) -> Result<()> {
    if !control.can_mail() {
        return Err(Error::unavailable("No mail server is set, so no mail can be sent."));
    }
    let id = cx.new_id::<OutboxId>();
    let payload = Payload {
        to: mail.to.to_string(),
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        useful_until: mail.useful_until,
    };
    let clear = zeroize::Zeroizing::new(serde_json::to_vec(&payload).map_err(Error::internal)?);
    let sealed = control.seal(tx, place(id), &clear).await?;
    let row = store::outbox::NewMail { id, about: mail.about, payload_sealed: &sealed, now: cx.now() };
    store::outbox::insert(tx, &row).await?;
    control.outbox().queued.notify_one();
    Ok(())
}

impl Control {
    /// Whether a mail server is set.
    pub fn can_mail(&self) -> bool {
        self.settings().mail.is_some()
    }
}
