//! Organizations.

use super::{Described, Error};
use leptos::prelude::*;
use model::OrgId;
use model::org::{OrgDetail, Overview};
use serde::{Deserialize, Serialize};

/// One organization. Right: `organization.read`.
#[server(prefix = "/api/fn", endpoint = "orgs/get", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn get_org(org: OrgId) -> Result<OrgDetail, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::OrgRead>(org).await?;
    Ok(caller.control.org(&auth).await?)
}

/// Changes an organization's name for people and its description. Right: `organization.update`.
#[server(prefix = "/api/fn", endpoint = "orgs/update", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn update_org(org: OrgId, display_name: String, description: String) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::OrgUpdate>(org).await?;
    Ok(caller.control.update_org(&auth, &display_name, &description).await?)
}

/// What the overview page shows. Right: `organization.read`; what the caller may not see is left out.
#[server(prefix = "/api/fn", endpoint = "orgs/overview", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn get_overview(org: OrgId) -> Result<Overview, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::OrgRead>(org).await?;
    Ok(caller.control.overview(&auth).await?)
}
