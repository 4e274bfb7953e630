//! What a workspace makes, counted.

use crate::Control;
use crate::authz::{Authorized, WorkspaceAct};
use crate::error::{Error, Result};
use model::OrgId;
use model::grant::ProjectPlace;
use model::limit::Feature;
use schemars::JsonSchema;
use serde::Deserialize;

/// Something that counts was made or deleted.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
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
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct UsageOf {
    /// The workspace.
    pub workspace_id: String,
    /// The resource's id there.
    pub resource_id: String,
}

const MAX_TEXT: usize = 100;

impl Control {
    /// Whether the workspace may make one more of `feature`, of which its whole organization has as many as are counted
    /// so far. Of what no version of Reeve counts there may be any number.
    ///
    /// # Errors
    ///
    /// `limit_reached` if there may be no more; `forbidden` for another organization than the workspace's own.
    pub async fn check_entitlement(
        &self,
        auth: &Authorized<WorkspaceAct>,
        org: &str,
        feature: &str,
    ) -> Result<()> {
        self.heard_of(auth);
        if org.parse::<OrgId>().ok() != Some(auth.org()) {
            return Err(Error::forbidden("This workspace belongs to another organization."));
        }
        let Ok(feature) = feature.parse::<Feature>() else {
            return Ok(());
        };
        let mut tx = self.store().read().await?;
        let Some(most) = store::limits::of(&mut tx, auth.org(), feature).await? else {
            return Ok(());
        };
        if store::usage::count(&mut tx, auth.org(), feature.as_str()).await? < most {
            return Ok(());
        }
        Err(Error::limit_reached(format!(
            "{}: your organization has reached its limit of {most}. An administrator can raise it.",
            feature.label()
        )))
    }

    /// Counts what was made or deleted. Counted are resources, not events, so that one delivered twice changes
    /// nothing. What does not concern the workspace that reports it is passed over. A project that is counted is known
    /// from then on.
    pub async fn record_usage(&self, auth: &Authorized<WorkspaceAct>, event: &UsageEvent) -> Result<()> {
        self.heard_of(auth);
        let own = event.organization_id.parse::<OrgId>().ok() == Some(auth.org())
            && event.metadata.workspace_id.parse().ok() == Some(auth.scope());
        let (feature, resource) = (event.feature.as_str(), event.metadata.resource_id.as_str());
        let plain = |text: &&str| (1..=MAX_TEXT).contains(&text.len()) && !text.contains('\0');
        if !own || ![feature, resource].iter().all(plain) || event.total == 0 {
            return Ok(());
        }
        let mut tx = self.store().write().await?;
        if event.total > 0 {
            store::usage::add(&mut tx, auth.scope(), feature, resource, auth.now()).await?;
            if let (Ok(Feature::Project), Ok(project)) = (feature.parse(), resource.parse()) {
                let place = ProjectPlace { workspace: auth.scope(), project };
                store::projects::learn(&mut tx, place, None, auth.now()).await?;
            }
        } else {
            store::usage::remove(&mut tx, auth.scope(), feature, resource).await?;
        }
        Ok(tx.commit_unaudited("a count of what the workspace itself keeps a record of").await?)
    }
}
