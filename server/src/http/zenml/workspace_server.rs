//! What a workspace's server asks with its own token, and the one thing it asks with that of the person signing in.

use crate::http::AppState;
use crate::http::zenml::answer::{answer, failure, unreadable};
use crate::http::zenml::params::Params;
use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Extension, Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{delete, get, patch, post};
use control::authz::WorkspaceEnter;
use control::zenml::{Report, ShareRequest, UsageEvent};
use control::{Control, Cx, Error, Result};
use model::{ErrorCode, UserId, WorkspaceId};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The routes of this module.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/workspace_status", patch(report))
        // What servers before 0.80 call it.
        .route("/api/v1/tenant_status", patch(report))
        .route("/api/v1/users/authorize_server", get(authorize_server))
        // Servers of 0.80 ask by GET, with the resources in the query.
        .route("/api/v1/rbac/check_permissions", post(check_permissions).get(check_permissions_in_query))
        .route("/api/v1/rbac/allowed_resource_ids", get(allowed_resource_ids))
        .route("/api/v1/rbac/resource_members", post(share).get(resource_members))
        .route("/api/v1/rbac/resources", delete(forget_resources))
        .route("/api/v1/organizations/{id_or_name}/entitlement/{feature}", get(entitlement))
        .route("/api/v1/usage-event", post(usage_event))
}

/// A server has started. Right: `workspace.act`.
async fn report(
    State(control): State<Control>,
    Extension(cx): Extension<Cx>,
    headers: HeaderMap,
) -> Response {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let said = Report { url: text("zenml-server-url"), version: text("zenml-server-version") };
    let result = async {
        let auth = control.as_workspace(&cx).await?;
        control.report_workspace(&auth, &said).await
    };
    answer(&cx, result.await)
}

/// The person or service account that may enter.
#[derive(Serialize, JsonSchema)]
pub struct EntrantAccountJson {
    id: UserId,
    username: String,
    email: Option<String>,
    name: String,
    /// Never: a workspace that once saw `true` refuses the person when it turns `false`, and decides nothing by it.
    is_superuser: bool,
    is_service_account: bool,
    avatar_url: Option<String>,
    oidc_claims: Option<BTreeMap<String, String>>,
}

/// Which resources somebody may act on.
#[derive(Serialize, JsonSchema)]
pub struct AllowedJson {
    /// On all of the type.
    full_access: bool,
    /// If not, on these.
    ids: Vec<Uuid>,
}

/// Signs the person in whose token this is. Right: `workspace.enter`.
async fn authorize_server(
    State(control): State<Control>,
    Extension(cx): Extension<Cx>,
    RawQuery(query): RawQuery,
) -> Response {
    let result = async {
        let query = read(query.as_deref())?;
        let id: WorkspaceId = one(&query, "server_id")?.parse().map_err(|_| Error::not_found())?;
        let auth = control.authorize::<WorkspaceEnter>(&cx, id).await.map_err(not_let_in)?;
        let account = control.enter_workspace(&auth).await?;
        Ok(EntrantAccountJson {
            id: account.id,
            username: account.username,
            email: account.email,
            name: account.name,
            is_superuser: false,
            is_service_account: account.is_service_account,
            avatar_url: None,
            oidc_claims: None,
        })
    };
    answer(&cx, result.await)
}

/// A server that hears 404 tells the person that it is not known here. They know where they are and may not enter; it
/// is the same answer for a workspace that does not exist.
fn not_let_in(error: Error) -> Error {
    if error.code() == ErrorCode::NotFound {
        Error::forbidden("You may not enter this workspace.")
    } else {
        error
    }
}

/// May this person do that to these resources? Right: `workspace.act`.
async fn check_permissions(
    State(control): State<Control>,
    Extension(cx): Extension<Cx>,
    RawQuery(query): RawQuery,
    body: std::result::Result<Bytes, BytesRejection>,
) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(rejection) => return unreadable(&rejection),
    };
    let result = async {
        // Before the body is looked at, so that nobody learns anything by its form.
        let auth = control.as_workspace(&cx).await?;
        let query = read(query.as_deref())?;
        let resources = json_body(&body)?;
        let (user, action) = (one(&query, "user_id")?, one(&query, "action")?);
        control.check_permissions(&auth, user, action, resources).await
    };
    answer(&cx, result.await)
}

/// The same, asked by GET. Right: `workspace.act`.
async fn check_permissions_in_query(
    State(control): State<Control>,
    Extension(cx): Extension<Cx>,
    RawQuery(query): RawQuery,
) -> Response {
    let result = async {
        let auth = control.as_workspace(&cx).await?;
        let query = read(query.as_deref())?;
        let resources = query.all("resources").map(str::to_owned).collect();
        let (user, action) = (one(&query, "user_id")?, one(&query, "action")?);
        control.check_permissions(&auth, user, action, resources).await
    };
    answer(&cx, result.await)
}

/// Which resources of a type may this person act on? Right: `workspace.act`.
async fn allowed_resource_ids(
    State(control): State<Control>,
    Extension(cx): Extension<Cx>,
    RawQuery(query): RawQuery,
) -> Response {
    let result = async {
        let auth = control.as_workspace(&cx).await?;
        let query = read(query.as_deref())?;
        let (user, resource) = (one(&query, "user_id")?, one(&query, "resource")?);
        let allowed = control.allowed_resource_ids(&auth, user, resource, one(&query, "action")?).await?;
        Ok(AllowedJson { full_access: allowed.full_access, ids: allowed.ids })
    };
    answer(&cx, result.await)
}

/// With whom is a resource shared? Right: `workspace.act`.
async fn resource_members(
    State(control): State<Control>,
    Extension(cx): Extension<Cx>,
    RawQuery(query): RawQuery,
) -> Response {
    let result = async {
        let auth = control.as_workspace(&cx).await?;
        let query = read(query.as_deref())?;
        control.resource_members(&auth, one(&query, "resource")?).await
    };
    answer(&cx, result.await)
}

/// Shares a resource. Right: `workspace.act`.
async fn share(
    State(control): State<Control>,
    Extension(cx): Extension<Cx>,
    body: std::result::Result<Bytes, BytesRejection>,
) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(rejection) => return unreadable(&rejection),
    };
    let result = async {
        let auth = control.as_workspace(&cx).await?;
        let request: ShareRequest = json_body(&body)?;
        control.set_resource_members(&auth, &request).await
    };
    answer(&cx, result.await)
}

/// Forgets the shares of what was deleted. Right: `workspace.act`.
async fn forget_resources(
    State(control): State<Control>,
    Extension(cx): Extension<Cx>,
    RawQuery(query): RawQuery,
) -> Response {
    let result = async {
        let auth = control.as_workspace(&cx).await?;
        let query = read(query.as_deref())?;
        let resources: Vec<String> = query.all("resources").map(str::to_owned).collect();
        control.forget_resources(&auth, &resources).await
    };
    answer(&cx, result.await)
}

/// May the workspace make one more of this? Right: `workspace.act`.
async fn entitlement(
    State(control): State<Control>,
    Extension(cx): Extension<Cx>,
    Path((org, feature)): Path<(String, String)>,
) -> Response {
    let result = async {
        let auth = control.as_workspace(&cx).await?;
        control.check_entitlement(&auth, &org, &feature).await
    };
    answer(&cx, result.await)
}

/// Counts what was made or deleted. Right: `workspace.act`.
///
/// It exists in the workspace already, so once it is known who reports, the answer is always the same: a failure here
/// would reach a person as one of theirs.
async fn usage_event(
    State(control): State<Control>,
    Extension(cx): Extension<Cx>,
    body: std::result::Result<Bytes, BytesRejection>,
) -> Response {
    let auth = match control.as_workspace(&cx).await {
        Ok(auth) => auth,
        Err(error) => return failure(&cx, error),
    };
    let event = body.ok().and_then(|body| serde_json::from_slice::<UsageEvent>(&body).ok());
    if let Some(event) = event
        && let Err(error) = control.record_usage(&auth, &event).await
    {
        let error = error.into_api(&cx.origin().request_id);
        tracing::warn!(workspace.id = %auth.scope(), code = ?error.code, "A usage event was not counted");
    }
    answer(&cx, Ok(Value::Null))
}

fn read(query: Option<&str>) -> Result<Params> {
    const SINGLE: [&str; 4] = ["server_id", "user_id", "action", "resource"];
    Params::parse(query.unwrap_or_default().as_bytes())
        .filter(|params| !params.doubled(&SINGLE))
        .ok_or_else(|| Error::invalid("query", "It cannot be read, or names something twice."))
}

fn one<'a>(query: &'a Params, name: &'static str) -> Result<&'a str> {
    query.get(name).ok_or_else(|| Error::invalid(name, "Missing."))
}

fn json_body<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    serde_json::from_slice(body).map_err(|_| Error::invalid("body", "Not the JSON that is expected here."))
}
