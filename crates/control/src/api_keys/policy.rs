//! What an organization allows of the API keys of its members.

use super::wanted::{DAY_S, LONGEST_S};
use crate::Control;
use crate::audit::Event;
use crate::authz::{Authorized, KeyPolicyManage, OrgRead};
use crate::error::{Error, Result};
use crate::grants::{self, Giver};
use model::WorkspaceRole;
use model::api_key::KeyPolicy;
use model::audit::AuditAction;
use model::grant::Place;
use serde_json::json;

impl Control {
    /// What an organization allows of the API keys of its members.
    pub async fn key_policy(&self, auth: &Authorized<OrgRead>) -> Result<KeyPolicy> {
        let mut tx = self.store().read().await?;
        Ok(store::api_keys::policy(&mut tx, auth.scope()).await?)
    }

    /// Sets it. Keys that were made before stay as they are.
    ///
    /// # Errors
    ///
    /// `invalid` on `longest_days` for none or more than ten years; `forbidden` to let keys in as they are for whoever may
    /// not do everything in every workspace: such keys may.
    pub async fn set_key_policy(&self, auth: &Authorized<KeyPolicyManage>, new: &KeyPolicy) -> Result<()> {
        if new.longest_days.is_some_and(|days| days == 0 || i64::from(days) * DAY_S > LONGEST_S) {
            return Err(Error::invalid("longest_days", "Enter a number of days from 1 to 3650, or nothing."));
        }
        let giver = Giver::of(auth.cx())?;
        let (mut tx, policy) = self.writing_under(auth).await?;
        let old = store::api_keys::policy(&mut tx, auth.scope()).await?;
        if old == *new {
            return Ok(());
        }
        if new.raw_keys && !old.raw_keys {
            let everything = policy.role(WorkspaceRole::Admin.into()).ok_or_else(Error::not_found)?;
            grants::no_more_than_held(&policy, giver, Place::Org(auth.scope()), everything, auth.now())?;
        }
        store::api_keys::set_policy(&mut tx, auth.scope(), new, auth.now()).await?;
        let told = |policy: &KeyPolicy| {
            json!({
                "longest_days": policy.longest_days,
                "endless": policy.endless,
                "raw_keys": policy.raw_keys,
            })
        };
        let org = store::orgs::by_id(&mut tx, auth.scope()).await?.ok_or_else(Error::not_found)?;
        let event = Event::of(AuditAction::KeyPolicyUpdated)
            .on("organization", org.id.uuid(), org.display_name)
            .before(told(&old))
            .after(told(new));
        Ok(tx.commit(auth.audit(event)).await?)
    }
}
