//! API keys: made, listed, ended.

use crate::Control;
use crate::audit::Event;
use crate::authz::{Authorized, SelfManage};
use crate::cx::Cx;
use crate::error::{Error, Result};
use crate::secret::{Kind, Secret};
use model::api_key::{ApiKey, ApiKeySecret};
use model::audit::AuditAction;
use model::text::DisplayName;
use model::{ApiKeyId, Timestamp};
use serde_json::json;
use std::collections::BTreeMap;

/// Living API keys an account may have.
pub const KEYS_PER_ACCOUNT: i64 = 50;

const DAY_S: i64 = 24 * 3600;
/// Furthest end of a token that has one.
const LONGEST_S: i64 = 3650 * DAY_S;
/// How long a new API key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    Days(i64),
    Until(Timestamp),
    Endless,
}

/// An API key to be made, parsed.
#[derive(Clone, Debug)]
pub struct NewApiKey {
    name: DisplayName,
    life: Life,
}

impl NewApiKey {
    /// Parses what a person typed. `expiry` is `30`, `90` or `365` days, `never`, or `date` with the last day on
    /// which the token shall work, in UTC, as `date`.
    pub fn parse(name: &str, expiry: &str, date: &str) -> Result<Self> {
        let mut wrong = BTreeMap::new();
        let name = DisplayName::parse(name).map_err(|e| wrong.insert("name", e.0.to_owned()));
        let life = match expiry.trim() {
            "30" => Some(Life::Days(30)),
            "90" => Some(Life::Days(90)),
            "365" => Some(Life::Days(365)),
            "never" => Some(Life::Endless),
            "date" => {
                let day = Timestamp::parse(date).filter(|_| date.trim().len() == 10);
                if day.is_none() {
                    wrong.insert("date", "Enter a date such as 2027-01-31.".to_owned());
                }
                // The named day is the last one that counts.
                day.map(|day| Life::Until(day.plus_s(DAY_S)))
            }
            _ => {
                wrong.insert("expiry", "Choose how long the token holds.".to_owned());
                None
            }
        };
        Error::invalid_fields(wrong)?;
        let (Ok(name), Some(life)) = (name, life) else {
            return Err(Error::internal("a field was wrong and was not named"));
        };
        Ok(Self { name, life })
    }
}

impl Control {
    /// Makes an API key. Only in a browser: a token that makes tokens would outlive its own revocation.
    pub async fn create_api_key(
        &self,
        auth: &Authorized<SelfManage>,
        new: &NewApiKey,
    ) -> Result<ApiKeySecret> {
        in_browser(auth.cx())?;
        let now = auth.now();
        let expires_at = match new.life {
            Life::Endless => None,
            Life::Days(days) => Some(now.plus_s(days * DAY_S)),
            Life::Until(end) if end <= now => {
                return Err(Error::invalid("date", "Choose a day that is not over."));
            }
            Life::Until(end) if end > now.plus_s(LONGEST_S) => {
                return Err(Error::invalid("date", "Choose a day within ten years, or no end."));
            }
            Life::Until(end) => Some(end),
        };
        let mut tx = self.store().write().await?;
        if store::api_keys::count_living(&mut tx, auth.scope(), now).await? >= KEYS_PER_ACCOUNT {
            return Err(Error::conflict(format!(
                "You have {KEYS_PER_ACCOUNT} tokens, the most one person may have. Revoke one that you do not use."
            )));
        }
        let secret = Secret::generate(Kind::ApiKey, self.ids());
        let row = store::api_keys::NewApiKey {
            id: auth.cx().new_id(),
            user: auth.scope(),
            name: new.name.as_str(),
            hint: &secret.hint(),
            created_at: now,
            expires_at,
        };
        store::api_keys::insert(&mut tx, &row, secret.digest().as_bytes()).await?;
        let event = Event::of(AuditAction::ApiKeyCreated)
            .on("api_key", row.id.uuid(), row.name)
            .after(json!({ "expires_at": expires_at.map(Timestamp::to_rfc3339) }));
        tx.commit(auth.audit(event)).await?;
        Ok(ApiKeySecret {
            id: row.id,
            name: new.name.to_string(),
            secret: secret.expose().to_owned(),
            expires_at,
        })
    }

    /// One's own API keys, newest first, the dead ones too.
    pub async fn api_keys(&self, auth: &Authorized<SelfManage>) -> Result<Vec<ApiKey>> {
        let mut tx = self.store().read().await?;
        Ok(store::api_keys::of_user(&mut tx, auth.scope(), auth.now()).await?)
    }

    /// Revokes one of one's own API keys, and with it the short tokens made from it.
    pub async fn revoke_api_key(&self, auth: &Authorized<SelfManage>, id: ApiKeyId) -> Result<()> {
        let mut tx = self.store().write().await?;
        let name = store::api_keys::revoke(&mut tx, auth.scope(), id, auth.now())
            .await?
            .ok_or_else(Error::not_found)?;
        let event = Event::of(AuditAction::ApiKeyRevoked).on("api_key", id.uuid(), name);
        Ok(tx.commit(auth.audit(event)).await?)
    }
}

/// For what must not be done by a program: a stolen token must not be able to make itself a longer life.
pub(crate) fn in_browser(cx: &Cx) -> Result<()> {
    if cx.session().is_some() {
        return Ok(());
    }
    Err(Error::forbidden("This is done in the dashboard, signed in with a browser."))
}
