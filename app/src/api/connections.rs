//! Connections to identity providers.

use super::{Described, Error};
use leptos::prelude::*;
use model::connection::{ConnectionDetail, ConnectionTest, Connections};
use model::{ConnectionId, OrgId};
use serde::{Deserialize, Serialize};

/// The connections of an organization. Right: `connection.read`.
#[server(prefix = "/api/fn", endpoint = "connections/list", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn list_connections(org: OrgId) -> Result<Connections, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::ConnectionRead>(org).await?;
    Ok(caller.control.connections(&auth).await?)
}

/// One connection, without its secret. Right: `connection.read`.
#[server(prefix = "/api/fn", endpoint = "connections/get", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn get_connection(org: OrgId, id: ConnectionId) -> Result<ConnectionDetail, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::ConnectionRead>(org).await?;
    let connection = caller.control.connection(&auth, id).await?;
    Ok(ConnectionDetail { connection, redirect_uri: caller.control.redirect_uri() })
}

/// Adds a connection, offered at sign-in from now on. Right: `connection.manage`.
#[server(prefix = "/api/fn", endpoint = "connections/create", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn create_connection(
    org: OrgId,
    label: String,
    issuer: String,
    client_id: String,
    client_secret: String,
) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::ConnectionManage>(org).await?;
    let new = control::connections::ConnectionInput::parse(&label, &issuer, &client_id, &client_secret)?;
    let id = caller.control.create_connection(&auth, &new).await?;
    leptos_axum::redirect(&format!("/organizations/{org}/connections/{id}?added=1"));
    Ok(())
}

/// Changes a connection; an empty secret keeps the one that is there. Right: `connection.manage`.
#[server(prefix = "/api/fn", endpoint = "connections/update", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn update_connection(
    org: OrgId,
    id: ConnectionId,
    label: String,
    issuer: String,
    client_id: String,
    client_secret: String,
) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::ConnectionManage>(org).await?;
    let new = control::connections::ConnectionInput::parse(&label, &issuer, &client_id, &client_secret)?;
    Ok(caller.control.update_connection(&auth, id, &new).await?)
}

/// Offers a connection at sign-in, or stops to. Right: `connection.manage`.
#[server(prefix = "/api/fn", endpoint = "connections/set_enabled", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn set_connection_enabled(org: OrgId, id: ConnectionId, enabled: bool) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::ConnectionManage>(org).await?;
    Ok(caller.control.set_connection_enabled(&auth, id, enabled).await?)
}

/// Removes a connection. Right: `connection.manage`.
#[server(prefix = "/api/fn", endpoint = "connections/delete", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn delete_connection(org: OrgId, id: ConnectionId) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::ConnectionManage>(org).await?;
    caller.control.delete_connection(&auth, id).await?;
    leptos_axum::redirect(&format!("/organizations/{org}/connections"));
    Ok(())
}

/// Asks the provider of a connection whether people could sign in through it. Right: `connection.manage`.
#[server(prefix = "/api/fn", endpoint = "connections/test", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn test_connection(org: OrgId, id: ConnectionId) -> Result<ConnectionTest, Error> {
    let caller = super::caller()?;
    let auth = caller.authorize::<control::authz::ConnectionManage>(org).await?;
    Ok(caller.control.test_connection(&auth, id).await?)
}
