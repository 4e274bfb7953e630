//! Asking for a sign-in link by mail. Whoever asks learns nothing about who has an account: the answer, and nearly all
//! of the work behind it, are the same for a known and an unknown address.

use crate::audit::Event;
use crate::authz::Open;
use crate::error::{Error, Result};
use crate::links::{self, SIGN_IN_LINK_S};
use crate::outbox::{self, texts};
use crate::throttle::Limit;
use crate::{Control, secret};
use model::audit::AuditAction;
use model::text::Email;
use store::audit::Scope;
use store::identities::{Identity, MAILBOX};

const BY_ADDRESS: Limit = Limit { name: "sign-in link by address", hits: 5, window_s: 15 * 60 };
const BY_IP: Limit = Limit { name: "sign-in link by ip", hits: 30, window_s: 15 * 60 };

impl Control {
    /// Mails a sign-in link, if the address is somebody's mailbox here.
    ///
    /// # Errors
    ///
    /// `invalid` for what is no address, `rate_limited`, and `conflict` without a mail server; never whether the
    /// address is known.
    pub async fn request_sign_in_link(&self, open: &Open, email: &str, next: Option<&str>) -> Result<()> {
        let cx = open.cx();
        if !self.can_mail() {
            return Err(Error::conflict("Sign-in by e-mail is not set up here."));
        }
        let email = Email::parse(email).map_err(|e| Error::invalid("email", e.0))?;
        self.throttle(BY_IP, &cx.origin().network(), cx.now()).await?;
        self.throttle(BY_ADDRESS, &email.folded(), cx.now()).await?;
        let next = self.safe_next(next).await?;

        let mut tx = self.store().write().await?;
        let Some(identity) = mailbox(&mut tx, &email).await? else {
            // Written and thrown away, as far as a stranger's clock can tell.
            let unused = secret::Secret::generate(secret::Kind::SignInLink, self.ids());
            self.sign_in_mail(&email, &unused, open)?;
            let event = Event::refused(AuditAction::SignInLinkRequested, "nobody here has this mailbox");
            return Ok(tx.commit(open.audit(Scope::Installation, event)).await?);
        };
        let secret = links::create(self, &mut tx, cx, identity.id, true, Some(next)).await?;
        let mail = self.sign_in_mail(&email, &secret, open)?;
        outbox::queue_mail(self, &mut tx, cx, mail).await?;
        let event =
            Event::of(AuditAction::SignInLinkRequested).on("user", identity.user_id.uuid(), "by e-mail");
        Ok(tx.commit(open.audit(Scope::Person(identity.user_id), event)).await?)
    }

    fn sign_in_mail<'a>(
        &self,
        to: &'a Email,
        link: &secret::Secret,
        open: &Open,
    ) -> Result<outbox::Mail<'a>> {
        let site = self.settings().public_url.as_str();
        let expires_at = open.now().plus_s(SIGN_IN_LINK_S);
        texts::sign_in(to, &self.sign_in_url(link), site, open.now(), expires_at)
    }
}

/// The mailbox of a living account.
async fn mailbox(tx: &mut store::ReadTx, email: &Email) -> Result<Option<Identity>> {
    let Some(identity) = store::identities::by_pair(tx, MAILBOX, &email.folded()).await? else {
        return Ok(None);
    };
    let user = store::users::by_id(tx, identity.user_id).await?;
    Ok(user.filter(|user| user.deactivated_at.is_none()).map(|_| identity))
}
