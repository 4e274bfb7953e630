//! What a workspace makes, counted.

use crate::Control;
use crate::authz::{Authorized, WorkspaceAct};
use crate::error::{Error, Result};
use model::OrgId;
use serde::Deserialize;

/// Something that counts was made or deleted.
#[derive(Clone, Debug, Deserialize)]
pub struct UsageEvent {
    /// The organization that pays.
    pub organization_id: String,
    /// What is counted.
    pub feature: String,
    /// Made if positive, deleted if negative.
    pub total: i64,
    /// Of which resource in which workspace.
    pub metadata: UsageOf,
}

/// Of which resource in which workspace.
#[derive(Clone, Debug, Deserialize)]
pub struct UsageOf {
    /// The workspace.
    pub workspace_id: String,
    /// The resource's id there.
    pub resource_id: String,
}

const MAX_TEXT: usize = 100;

impl Control {
    /// Whether the workspace may make one more of `feature`. Reeve sets no limits, so within its own organization it
    /// always may.
    pub fn check_entitlement(&self, auth: &Authorized<WorkspaceAct>, org: &str) -> Result<()> {
        self.heard_of(auth);
        if org.parse::<OrgId>().ok() == Some(auth.org()) {
            return Ok(());
        }
        Err(Error::forbidden("This workspace belongs to another organization."))
    }

    /// Counts what was made or deleted. Counted are resources, not events, so that one delivered twice changes
    /// nothing. What does not concern the workspace that reports it is passed over.
    pub async fn record_usage(&self, auth: &Authorized<WorkspaceAct>, event: &UsageEvent) -> Result<()> {
        self.heard_of(auth);
        let own = event.organization_id.parse::<OrgId>().ok() == Some(auth.org())
            && event.metadata.workspace_id.parse().ok() == Some(auth.scope());
        let (feature, resource) = (event.feature.as_str(), event.metadata.resource_id.as_str());
        let plain = [feature, resource].iter().all(|text| (1..=MAX_TEXT).contains(&text.len()));
        if !own || !plain || event.total == 0 {
            return Ok(());
        }
        let mut tx = self.store().write().await?;
        if event.total > 0 {
            store::usage::add(&mut tx, auth.scope(), feature, resource, auth.now()).await?;
        } else {
            store::usage::remove(&mut tx, auth.scope(), feature, resource).await?;
        }
        Ok(tx.commit_unaudited("a count of what the workspace itself keeps a record of").await?)
    }
}
