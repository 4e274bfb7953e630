//! Organizations and their overview.

use crate::Control;
use crate::audit::Event;
use crate::authz::{Authorized, OrgRead, OrgUpdate};
use crate::error::{Error, Result};
use model::Permission;
use model::audit::AuditAction;
use model::org::OrgDetail;
use model::text::{DisplayName, Note};
use serde_json::json;

impl Control {
    /// One organization.
    pub async fn org(&self, auth: &Authorized<OrgRead>) -> Result<OrgDetail> {
        let policy = self.policy(auth.scope()).await?.ok_or_else(Error::not_found)?;
        let rights = auth.user().and_then(|user| policy.org_rights(user, auth.now())).unwrap_or_default();
        let mut tx = self.store().read().await?;
        let org = store::orgs::by_id(&mut tx, auth.scope()).await?.ok_or_else(Error::not_found)?;
        Ok(OrgDetail { org, can_update: rights.grants(Permission::OrgUpdate) })
    }

    /// Changes an organization's name for people and its description.
    pub async fn update_org(
        &self,
        auth: &Authorized<OrgUpdate>,
        display_name: &str,
        description: &str,
    ) -> Result<()> {
        let name = DisplayName::parse(display_name).map_err(|e| Error::invalid("display_name", e.0))?;
        let note = Note::parse(description).map_err(|e| Error::invalid("description", e.0))?;
        let mut tx = self.writing(auth).await?;
        let org = store::orgs::by_id(&mut tx, auth.scope()).await?.ok_or_else(Error::not_found)?;
        store::orgs::update(&mut tx, org.id, name.as_str(), note.as_str(), auth.now()).await?;
        let event = Event::of(AuditAction::OrgUpdated)
            .on("organization", org.id.uuid(), name.as_str())
            .before(json!({ "display_name": org.display_name, "description": org.description }))
            .after(json!({ "display_name": name.as_str(), "description": note.as_str() }));
        Ok(tx.commit(auth.audit(event)).await?)
    }
}
