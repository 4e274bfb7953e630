//! A server has started.

use crate::Control;
use crate::audit::Event;
use crate::authz::{Authorized, WorkspaceAct};
use crate::error::{Error, Result};
use crate::settings::folded_url;
use model::audit::AuditAction;
use serde_json::json;

/// What a server says of itself, in headers. Neither has to be there.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Its address, if its operator set one.
    pub url: Option<String>,
    /// Its version.
    pub version: Option<String>,
}

const MAX_URL: usize = 2000;
const MAX_VERSION: usize = 64;

impl Control {
    /// Notes that a workspace's server has started, where it is and which version it runs. What it does not say, or
    /// says in a form that is no address or version, stays as it was: refusing would keep the server from starting.
    pub async fn report_workspace(&self, auth: &Authorized<WorkspaceAct>, report: &Report) -> Result<()> {
        self.heard_of(auth);
        let given = report.url.as_deref().map(|url| url.trim().trim_end_matches('/'));
        let url = given.filter(|url| url.len() <= MAX_URL).and_then(|url| Some((url, folded_url(url)?)));
        let version = report.version.as_deref().map(str::trim).filter(|text| is_version(text));
        let mut tx = self.store().write().await?;
        let before = store::workspaces::by_id(&mut tx, auth.scope()).await?.ok_or_else(Error::not_found)?;
        let row = store::workspaces::Report {
            url: url.as_ref().map(|(given, folded)| (*given, folded.as_str())),
            version,
        };
        store::workspaces::report(&mut tx, before.id, row, auth.now()).await?;
        let event = Event::of(AuditAction::WorkspaceReported)
            .on("workspace", before.id.uuid(), before.name.as_str())
            .before(json!({ "version": before.version, "url": before.server_url }))
            .after(json!({
                "version": version.or(before.version.as_deref()),
                "url": url.as_ref().map(|(given, _)| *given).or(before.server_url.as_deref()),
            }));
        Ok(tx.commit(auth.audit(event)).await?)
    }
}

fn is_version(text: &str) -> bool {
    (1..=MAX_VERSION).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b".-+_!".contains(&b))
}
