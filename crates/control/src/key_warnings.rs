//! A mail before an API key runs out, to whoever can make another one.

use crate::Control;
use crate::cx::Cx;
use crate::error::Result;
use crate::outbox::queue_mail;
use crate::outbox::texts::{KeyEndingText, key_ending};
use model::ServiceAccountId;
use model::text::Email;
use store::WriteTx;
use store::api_keys::Ending;

/// How long before the end, at the earliest: a week.
const BEFORE_S: i64 = 7 * 24 * 3600;
/// Keys told of in one go.
const AT_ONCE: u32 = 100;
/// People told of one key.
const READERS: u32 = 20;

impl Control {
    /// Queues the mails about keys that will run out, each once. Returns of how many keys somebody was told.
    pub async fn warn_of_ending_keys(&self) -> Result<u32> {
        if !self.can_mail() {
            return Ok(0);
        }
        let cx = self.system_cx("key warnings");
        let mut tx = self.store().read().await?;
        let ending = store::api_keys::ending(&mut tx, cx.now(), cx.now().plus_s(BEFORE_S), AT_ONCE).await?;
        drop(tx);
        let mut told = 0;
        for key in ending {
            let mut tx = self.store().write().await?;
            // Another replica may have been first.
            if store::api_keys::warned(&mut tx, key.id, cx.now()).await? {
                self.warn(&mut tx, &cx, &key).await?;
                tx.commit_unaudited("a reminder changes nothing").await?;
                told += 1;
            }
        }
        Ok(told)
    }

    async fn warn(&self, tx: &mut WriteTx, cx: &Cx, key: &Ending) -> Result<()> {
        let (readers, path) = match key.org_id {
            Some(org) => {
                let id = ServiceAccountId::from_uuid(key.user_id.uuid());
                let path = format!("/organizations/{org}/service-accounts/{id}");
                (store::service_accounts::owners(tx, id, READERS).await?, path)
            }
            None => (vec![key.email.clone()], "/me/tokens".to_owned()),
        };
        let url = self.settings().public_url.join(&path);
        let said = KeyEndingText {
            key: &key.name,
            account: key.org_id.map(|_| key.user_name.as_str()),
            url: &url,
            expires_at: key.expires_at,
            id: key.id.uuid(),
        };
        for reader in readers {
            // An address that a provider sent need not be one; then there is nobody to write to.
            if let Ok(to) = Email::parse(&reader) {
                queue_mail(self, tx, cx, key_ending(&to, &said)?).await?;
            }
        }
        Ok(())
    }
}
