//! What the mails say. Names of people and organizations are chosen by strangers: the templates escape them in HTML,
//! and they are cut, so that nobody fills a mail with a message of their own.

use super::Mail;
use crate::error::{Error, Result};
use askama::Template;
use model::Timestamp;
use model::text::Email;
use uuid::Uuid;

/// An invitation.
pub(crate) struct InvitationText<'a> {
    /// Who invites.
    pub inviter: &'a str,
    /// Into what.
    pub org: &'a str,
    /// As what, as people read it.
    pub role: &'a str,
    /// The link that proves the mailbox.
    pub url: &'a str,
    /// When it runs out.
    pub expires_at: Timestamp,
    /// Which one it is.
    pub id: Uuid,
}

#[derive(Template)]
#[template(path = "invitation.txt")]
struct InvitationPlain<'a> {
    inviter: &'a str,
    org: &'a str,
    role: &'a str,
    url: &'a str,
    expires: &'a str,
    to: &'a str,
}

#[derive(Template)]
#[template(path = "invitation.html")]
struct InvitationHtml<'a> {
    inviter: &'a str,
    org: &'a str,
    role: &'a str,
    url: &'a str,
    expires: &'a str,
    to: &'a str,
}

#[derive(Template)]
#[template(path = "sign_in.txt")]
struct SignInPlain<'a> {
    url: &'a str,
    site: &'a str,
    minutes: i64,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInHtml<'a> {
    url: &'a str,
    site: &'a str,
    minutes: i64,
}

#[derive(Template)]
#[template(path = "key_ending.txt")]
struct KeyEndingPlain<'a> {
    what: &'a str,
    ends: &'a str,
    url: &'a str,
    why: &'a str,
}

#[derive(Template)]
#[template(path = "key_ending.html")]
struct KeyEndingHtml<'a> {
    what: &'a str,
    ends: &'a str,
    url: &'a str,
    why: &'a str,
}

/// An API key that will run out.
pub(crate) struct KeyEndingText<'a> {
    /// What its owner calls it.
    pub key: &'a str,
    /// The service account it is of, if it is not the reader's own.
    pub account: Option<&'a str>,
    /// Where keys are managed.
    pub url: &'a str,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// Which one it is.
    pub id: Uuid,
}

/// The mail that tells of an API key that will run out.
pub(crate) fn key_ending<'a>(to: &'a Email, said: &KeyEndingText<'_>) -> Result<Mail<'a>> {
    let key = shortened(said.key);
    let (what, why) = match said.account.map(shortened) {
        Some(account) => {
            (format!("The key {key} of {account}"), format!("you answer for the service account {account}"))
        }
        None => (format!("Your token {key}"), "it is a token of yours".to_owned()),
    };
    let (ends, url) = (said.expires_at.to_human(), said.url);
    let (what, ends, why) = (what.as_str(), ends.as_str(), why.as_str());
    Ok(Mail {
        to,
        subject: format!("{what} ends soon"),
        text: KeyEndingPlain { what, ends, url, why }.render().map_err(Error::internal)?,
        html: KeyEndingHtml { what, ends, url, why }.render().map_err(Error::internal)?,
        about: Some(("api_key", said.id)),
        useful_until: said.expires_at,
    })
}

/// The mail that carries an invitation.
pub(crate) fn invitation<'a>(to: &'a Email, said: &InvitationText<'_>) -> Result<Mail<'a>> {
    let (inviter, org) = (shortened(said.inviter), shortened(said.org));
    let (inviter, org) = (inviter.as_str(), org.as_str());
    let (role, url, expires) = (said.role, said.url, said.expires_at.to_human());
    let (expires, address) = (expires.as_str(), to.as_str());
    let text = InvitationPlain { inviter, org, role, url, expires, to: address }.render();
    let html = InvitationHtml { inviter, org, role, url, expires, to: address }.render();
    Ok(Mail {
        to,
        subject: format!("{inviter} invited you to {org}"),
        text: text.map_err(Error::internal)?,
        html: html.map_err(Error::internal)?,
        about: Some(("invitation", said.id)),
        useful_until: said.expires_at,
    })
}

/// The mail that carries a one-time sign-in link. `site` is the dashboard's address.
pub(crate) fn sign_in<'a>(
    to: &'a Email,
    url: &str,
    site: &str,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<Mail<'a>> {
    let minutes = expires_at.since_ms(now) / 60_000;
    Ok(Mail {
        to,
        subject: "Your sign-in link".to_owned(),
        text: SignInPlain { url, site, minutes }.render().map_err(Error::internal)?,
        html: SignInHtml { url, site, minutes }.render().map_err(Error::internal)?,
        about: None,
        useful_until: expires_at,
    })
}

/// At most 60 characters on one line.
fn shortened(name: &str) -> String {
    let flat: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if flat.chars().count() <= 60 { flat } else { flat.chars().take(59).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "http://localhost:8580/invite/rvinvite_abc-DEF_123";

    fn written(inviter: &str, org: &str) -> (String, String, String) {
        let to = Email::parse("bob@acme.test").unwrap();
        let said = InvitationText {
            inviter,
            org,
            role: "Organization Member",
            url: URL,
            expires_at: Timestamp::from_millis(1_795_435_200_000),
            id: Uuid::from_u128(7),
        };
        let mail = invitation(&to, &said).unwrap();
        (mail.subject, mail.text, mail.html)
    }

    #[test]
    fn an_invitation_says_who_into_what_until_when_and_where_to() {
        let (subject, text, html) = written("Olivia", "Acme Inc");
        assert_eq!(subject, "Olivia invited you to Acme Inc");
        for part in ["Olivia", "Acme Inc", "Organization Member", "23 Nov 2026, 12:00 UTC", "bob@acme.test"] {
            assert!(text.contains(part) && html.contains(part), "{part}");
        }
        assert!(text.lines().any(|line| line == URL), "the link stands alone on its line:\n{text}");
        assert!(html.contains(&format!("href=\"{URL}\"")) && html.contains(&format!(">{URL}<")));
    }

    #[test]
    fn hostile_names_stay_text() {
        let (subject, text, html) =
            written("<script>alert(1)</script>", "\"><a href=//evil.test>Acme</a>\r\nBcc: eve@evil.test");
        assert!(!subject.contains('\n') && !subject.contains('\r'));
        assert!(!html.contains("<script>") && !html.contains("<a href=//evil.test"));
        assert_eq!(html.matches("<a ").count(), 2, "the button and the bare link, nothing else");
        assert!(text.lines().all(|line| !line.starts_with("Bcc:")));
    }

    #[test]
    fn nobody_fills_a_mail_with_a_message_of_their_own() {
        let (subject, text, _) = written("Olivia", &"Buy now ".repeat(50));
        assert!(subject.chars().count() < 100 && !text.contains(&"Buy now ".repeat(8)));
    }

    #[test]
    fn a_sign_in_mail_holds_its_link_and_how_long_it_works() {
        let to = Email::parse("bob@acme.test").unwrap();
        let now = Timestamp::from_millis(1_795_435_200_000);
        let url = "http://localhost:8580/login/link/rvlink_x";
        let mail = sign_in(&to, url, "http://localhost:8580", now, now.plus_s(900)).unwrap();
        assert!(mail.text.lines().any(|line| line == url) && mail.text.contains("15 minutes"));
        assert!(mail.html.contains(&format!("href=\"{url}\"")));
        assert_eq!(mail.useful_until, now.plus_s(900));
    }
}
