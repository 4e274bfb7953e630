//! Handing a mail to the mail server.

use super::Payload;
use crate::settings::MailSettings;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::Error as SmtpError;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use model::OutboxId;
use secrecy::ExposeSecret;
use std::time::{Duration, SystemTime};

/// How long the mail server may take for one step.
const STEP: Duration = Duration::from_secs(20);
/// How long it may take for a whole mail. Well under the worker's lease.
const WHOLE: Duration = Duration::from_secs(60);

/// The mail settings cannot be used. The message is for the operator and holds no password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadMailSettings(pub &'static str);

/// Why a mail was not taken.
pub(super) enum Refusal {
    /// Another try may help.
    ForNow(String),
    /// No other try will.
    ForGood(String),
}

pub(super) struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl MailSettings {
    /// Whether the settings can be used, without talking to the mail server.
    pub fn check(&self) -> Result<(), BadMailSettings> {
        self.sender()?;
        lettre_url(self.smtp_url.expose_secret())?;
        Ok(())
    }

    fn sender(&self) -> Result<Mailbox, BadMailSettings> {
        self.from.parse().map_err(|_| {
            BadMailSettings("the sender of mails must look like `Reeve <reeve@example.com>` or be an address")
        })
    }
}

/// The address in the form lettre reads: `smtp+starttls` is its `?tls=required`. Whatever else stands in the query is
/// refused, so that nobody turns encryption off by a parameter without noticing.
fn lettre_url(text: &str) -> Result<String, BadMailSettings> {
    let wrong = BadMailSettings(
        "the mail server's URL must look like smtp://host:25, smtp+starttls://user:password@host:587 or smtps://user:password@host:465",
    );
    let (scheme, rest) = text.trim().split_once("://").ok_or(wrong)?;
    let (scheme, query) = match scheme {
        "smtp" => ("smtp", ""),
        "smtp+starttls" => ("smtp", "?tls=required"),
        "smtps" => ("smtps", ""),
        _ => return Err(wrong),
    };
    let url = url::Url::parse(&format!("{scheme}://{rest}")).map_err(|_| wrong)?;
    let plain = url.query().is_none() && url.fragment().is_none() && matches!(url.path(), "" | "/");
    if !plain || url.host_str().is_none_or(str::is_empty) {
        return Err(wrong);
    }
    Ok(format!("{scheme}://{}{query}", rest.trim_end_matches('/')))
}

impl Mailer {
    pub(super) fn new(settings: &MailSettings) -> Result<Self, BadMailSettings> {
        let url = lettre_url(settings.smtp_url.expose_secret())?;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url)
            .map_err(|_| BadMailSettings("the mail server's URL cannot be used"))?
            .timeout(Some(STEP))
            .build();
        Ok(Self { transport, from: settings.sender()? })
    }

    pub(super) async fn send(&self, id: OutboxId, mail: &Payload, now: SystemTime) -> Result<(), Refusal> {
        let message = self.message(id, mail, now)?;
        match tokio::time::timeout(WHOLE, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(refusal(&error)),
            Err(_) => Err(Refusal::ForNow("The mail server took too long.".to_owned())),
        }
    }

    fn message(&self, id: OutboxId, mail: &Payload, now: SystemTime) -> Result<Message, Refusal> {
        let to = mail.to.parse().map_err(|_| Refusal::ForGood("The address cannot be used.".to_owned()))?;
        // One id for all tries, so that a receiver who got it twice shows it once.
        let message_id = format!("<{id}@{}>", self.from.email.domain());
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(one_line(&mail.subject))
            .date(now)
            .message_id(Some(message_id))
            .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))
            .map_err(|_| Refusal::ForGood("The mail cannot be written.".to_owned()))?;
        // RFC 3834 §5: no vacation notices in return.
        message.headers_mut().insert_raw(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ));
        Ok(message)
    }
}

/// Without line breaks or other control characters: a header is one line, whatever an organization is called.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn refusal(error: &SmtpError) -> Refusal {
    let reason: String = one_line(&error.to_string()).chars().take(200).collect();
    // A wrong password (RFC 4954 §6) is the operator's to mend, and says nothing against this mail.
    let about_us =
        error.status().is_some_and(|code| matches!(code.to_string().as_str(), "530" | "534" | "535" | "538"));
    if error.is_permanent() && !about_us { Refusal::ForGood(reason) } else { Refusal::ForNow(reason) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_kinds_of_mail_servers_are_understood_and_nothing_else() {
        assert_eq!(lettre_url("smtp://localhost:1025").as_deref(), Ok("smtp://localhost:1025"));
        assert_eq!(lettre_url("smtps://u:p%40ss@mail.test/").as_deref(), Ok("smtps://u:p%40ss@mail.test"));
        assert_eq!(
            lettre_url("smtp+starttls://u:p@mail.test:587").as_deref(),
            Ok("smtp://u:p@mail.test:587?tls=required")
        );
        for bad in
            ["", "mail.test", "http://mail.test", "smtp://", "smtps://mail.test?tls=none", "smtp://a/b"]
        {
            assert!(lettre_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_subject_is_one_line() {
        assert_eq!(one_line("Join Acme\r\nBcc: eve@evil.test"), "Join Acme  Bcc: eve@evil.test");
    }
}
