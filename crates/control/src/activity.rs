//! "Last seen" without a write per request: kept in memory, written once a second in one transaction.
//! A crash loses at most that second.

use crate::Control;
use crate::cx::Origin;
use crate::error::Result;
use model::{ApiKeyId, CredentialId, DeviceId, SessionId, Timestamp, TrustRuleId, UserId, WorkspaceId};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;

/// What was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Touch {
    Session(SessionId),
    User(UserId),
    ApiKey(ApiKeyId),
    Device(DeviceId),
    Workspace(WorkspaceId),
    Credential(CredentialId),
    TrustRule(TrustRuleId),
}

/// When something was used last, and from where, as far as that is kept.
#[derive(Clone, Debug)]
struct Used {
    at: Timestamp,
    ip: Option<IpAddr>,
    agent: Option<String>,
}

/// What was used since the last flush.
#[derive(Debug, Default)]
pub(crate) struct Activity(Mutex<HashMap<Touch, Used>>);

impl Activity {
    pub(crate) fn note(&self, what: Touch, now: Timestamp) {
        self.insert(what, Used { at: now, ip: None, agent: None });
    }

    pub(crate) fn note_from(&self, what: Touch, now: Timestamp, origin: &Origin) {
        self.insert(what, Used { at: now, ip: origin.ip, agent: origin.user_agent.clone() });
    }

    fn insert(&self, what: Touch, used: Used) {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(what, used);
    }

    fn take(&self) -> HashMap<Touch, Used> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Puts back what could not be written, unless something newer came.
    fn put_back(&self, taken: HashMap<Touch, Used>) {
        let mut held = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for (what, used) in taken {
            held.entry(what).or_insert(used);
        }
    }
}

impl Control {
    /// Writes what was noted.
    pub async fn flush_activity(&self) -> Result<()> {
        let taken = self.activity().take();
        if taken.is_empty() {
            return Ok(());
        }
        let done = self.write_activity(&taken).await;
        if done.is_err() {
            self.activity().put_back(taken);
        }
        done
    }

    async fn write_activity(&self, taken: &HashMap<Touch, Used>) -> Result<()> {
        let mut rows: Vec<_> = taken.iter().collect();
        // One order on every replica, so that two flushes cannot wait for each other; and the one in which offboarding ends
        // them, so that neither can it.
        rows.sort_by_key(|(what, _)| match what {
            Touch::User(id) => (0, id.uuid()),
            Touch::ApiKey(id) => (1, id.uuid()),
            Touch::Session(id) => (2, id.uuid()),
            Touch::Device(id) => (3, id.uuid()),
            Touch::Workspace(id) => (4, id.uuid()),
            Touch::Credential(id) => (5, id.uuid()),
            Touch::TrustRule(id) => (6, id.uuid()),
        });
        let mut tx = self.store().write().await?;
        for (what, used) in rows {
            let at = used.at;
            match *what {
                Touch::Session(id) => store::sessions::touch(&mut tx, id, at).await?,
                Touch::User(id) => store::users::touch(&mut tx, id, at).await?,
                Touch::ApiKey(id) => {
                    let ip = used.ip.map(|ip| ip.to_string());
                    store::api_keys::touch(&mut tx, id, at, ip.as_deref(), used.agent.as_deref()).await?;
                }
                Touch::Device(id) => store::devices::touch(&mut tx, id, at).await?,
                Touch::Workspace(id) => store::workspaces::touch(&mut tx, id, at).await?,
                Touch::Credential(id) => store::workspaces::touch_credential(&mut tx, id, at).await?,
                Touch::TrustRule(id) => store::trust::touch(&mut tx, id, at).await?,
            }
        }
        Ok(tx.commit_unaudited("last-seen times are measurements, not decisions").await?)
    }
}
