//! What is used, and how much may be.

use super::{Described, Error};
use leptos::prelude::*;
use model::OrgId;
use model::limit::{Feature, UsageReport};
use serde::{Deserialize, Serialize};

/// What an organization uses, against its limits. Right: `limit.read`.
#[server(prefix = "/api/fn", endpoint = "limits/report", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn get_usage(org: OrgId) -> Result<UsageReport, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::LimitRead>(org).await?;
    Ok(caller.control.usage_report(&auth).await?)
}

/// Sets how many of a feature there may be; an empty text lifts the limit. Right: `limit.manage`.
#[server(prefix = "/api/fn", endpoint = "limits/set", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn set_limit(org: OrgId, feature: Feature, #[server(default)] most: String) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::LimitManage>(org).await?;
    Ok(caller.control.set_limit(&auth, feature, &most).await?)
}
