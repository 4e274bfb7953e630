//! What the workspaces of an organization use together, and how much of it they may.

use crate::Control;
use crate::audit::Event;
use crate::authz::{Authorized, LimitManage, LimitRead};
use crate::error::{Error, Result};
use model::Permission;
use model::audit::AuditAction;
use model::limit::{Feature, FeatureUsage, UsageReport, WorkspaceUsage};
use serde_json::json;
use std::collections::HashMap;

/// No limit is set higher: it would be none.
const MOST: i64 = 1_000_000_000;

impl Control {
    /// What is used, against the limits, by workspace.
    pub async fn usage_report(&self, auth: &Authorized<LimitRead>) -> Result<UsageReport> {
        let policy = self.policy(auth.scope()).await?.ok_or_else(Error::not_found)?;
        let rights = auth.user().and_then(|user| policy.org_rights(user, auth.now())).unwrap_or_default();
        let mut tx = self.store().snapshot().await?;
        let limits = store::limits::list(&mut tx, auth.scope()).await?;
        let limits: HashMap<String, _> =
            limits.into_iter().map(|(feature, most, since)| (feature, (most, since))).collect();
        let mut used: HashMap<String, Vec<WorkspaceUsage>> = HashMap::new();
        for (feature, workspace, name, used_here) in store::usage::of_org(&mut tx, auth.scope()).await? {
            used.entry(feature).or_default().push(WorkspaceUsage { workspace, name, used: used_here });
        }
        let features = Feature::ALL.iter().map(|feature| {
            let by_workspace = used.remove(feature.as_str()).unwrap_or_default();
            let limit = limits.get(feature.as_str());
            FeatureUsage {
                feature: *feature,
                used: by_workspace.iter().map(|part| part.used).sum(),
                limit: limit.map(|(most, _)| *most),
                limit_set_at: limit.map(|(_, since)| *since),
                by_workspace,
            }
        });
        Ok(UsageReport { features: features.collect(), can_manage: rights.grants(Permission::LimitManage) })
    }

    /// Sets how many of a feature the workspaces may have together; a blank text lifts the limit. What is there already
    /// stays: only making more is refused.
    ///
    /// # Errors
    ///
    /// `invalid` on `most` for what is no whole number from 0 on.
    pub async fn set_limit(
        &self,
        auth: &Authorized<LimitManage>,
        feature: Feature,
        most: &str,
    ) -> Result<()> {
        let most = match most.trim() {
            "" => None,
            text => {
                let number = text.parse::<i64>().ok().filter(|n| (0..=MOST).contains(n));
                Some(number.ok_or_else(|| {
                    Error::invalid(
                        "most",
                        "Enter a whole number from 0 to 1,000,000,000, or nothing for no limit.",
                    )
                })?)
            }
        };
        let org = auth.scope();
        let mut tx = self.writing(auth).await?;
        let before = store::limits::of(&mut tx, org, feature).await?;
        if before == most {
            return Ok(());
        }
        match most {
            Some(most) => store::limits::set(&mut tx, org, feature, most, auth.now()).await?,
            None => store::limits::lift(&mut tx, org, feature).await?,
        }
        let event = Event::of(AuditAction::LimitUpdated)
            .on("organization", org.uuid(), feature.label())
            .before(json!({ "limit": before }))
            .after(json!({ "limit": most }));
        Ok(tx.commit(auth.audit(event)).await?)
    }
}
