//! The audit log.

use super::{Described, Error};
use leptos::prelude::*;
use model::audit::{AuditQuery, Entry, EntryDetail};
use model::page::Page;
use model::{AuditId, OrgId};
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

/// A page of the audit log. Right: `audit.read`.
#[server(prefix = "/api/fn", endpoint = "audit/list", input = Json, input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn list_audit_log(org: OrgId, query: AuditQuery) -> Result<Page<Entry>, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::AuditRead>(org).await?;
    Ok(caller.control.audit_log(&auth, &query).await?)
}

/// One entry, with what it changed. Right: `audit.read`.
#[server(prefix = "/api/fn", endpoint = "audit/get", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn get_audit_entry(org: OrgId, id: AuditId) -> Result<EntryDetail, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::AuditRead>(org).await?;
    Ok(caller.control.audit_entry(&auth, id).await?)
}
