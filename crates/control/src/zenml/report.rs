//! A server has started.

use crate::Control;
use crate::audit::Event;
use crate::authz::{Authorized, WorkspaceAct};
use crate::error::{Error, Result};
use crate::settings::{folded_url, server_url};
use model::WorkspaceId;
use model::audit::AuditAction;
use serde_json::json;
use tracing::warn;

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
        let url = report.url.as_deref().and_then(|text| address(auth.scope(), text));
        let version = report.version.as_deref().map(str::trim).filter(|text| is_version(text));
        let mut tx = self.store().write().await?;
        let before = store::workspaces::by_id(&mut tx, auth.scope()).await?.ok_or_else(Error::not_found)?;
        let row = store::workspaces::Report {
            url: url.as_ref().map(|(url, folded)| (url.as_str(), folded.as_str())),
            version,
        };
        store::workspaces::report(&mut tx, before.id, row, auth.now()).await?;
        let event = Event::of(AuditAction::WorkspaceReported)
            .on("workspace", before.id.uuid(), before.name.as_str())
            .before(json!({ "version": before.version, "url": before.server_url }))
            .after(json!({
                "version": version.or(before.version.as_deref()),
                "url": url.as_ref().map(|(url, _)| url.as_str()).or(before.server_url.as_deref()),
            }));
        Ok(tx.commit(auth.audit(event)).await?)
    }
}

/// A reported address, as it is stored and called, and as it is compared. `None`, with a line in the log, for one that
/// is not taken.
fn address(workspace: WorkspaceId, text: &str) -> Option<(String, String)> {
    let why = match server_url(text) {
        Ok(url) if url.as_str().len() <= MAX_URL => {
            let url = url.as_str().trim_end_matches('/');
            return folded_url(url).map(|folded| (url.to_owned(), folded));
        }
        Ok(_) => "is too long".to_owned(),
        Err(why) => why.to_string(),
    };
    // Not the address itself: it may hold a password.
    warn!(workspace.id = %workspace, "Workspace {workspace} reported an address that is not taken, since it {why}. \
        Set ZENML_SERVER_SERVER_URL to the plain address of the server.");
    None
}

fn is_version(text: &str) -> bool {
    (1..=MAX_VERSION).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b".-+_!".contains(&b))
}
