//! What a person's command line reads: their workspaces, their organizations, themselves.

use crate::http::AppState;
use crate::http::zenml::answer::answer;
use crate::http::zenml::client_shape::{InfoJson, MeJson, WayIn, WayInJson, org_json, workspace_json};
use crate::http::zenml::params::Params;
use axum::extract::{Extension, Path, RawQuery, State};
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use control::zenml::ClientQuery;
use control::{Control, Cx, Error, Open, Result};
use model::workspace::WorkspaceStatus;
use std::str::FromStr;

/// The routes of this module.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/workspaces", get(workspaces))
        .route("/api/v1/workspaces/{id_or_name}", get(workspace))
        .route("/api/v1/organizations", get(organizations))
        .route("/api/v1/organizations/{id_or_name}", get(organization))
        .route("/api/v1/users/me", get(me))
        .route("/api/v1/auth/connections", get(connections))
        .route("/api/v1/server/info", get(info))
        .route("/api/v1/health", get(health))
}

/// Rows of a list where the client does not say how many.
const LIMIT: u32 = 20;
const MOST: u32 = 1000;

/// The workspaces of the caller. Right: `self.manage`, for clients.
async fn workspaces(
    State(control): State<Control>,
    Extension(cx): Extension<Cx>,
    RawQuery(query): RawQuery,
) -> Response {
    let result = async {
        let me = control.whoami(&cx).await?;
        let Some(query) = client_query(&read(query.as_deref())?)? else {
            return Ok(Vec::new());
        };
        let found = control.client_workspaces(&me, &query).await?;
        Ok(found.iter().map(workspace_json).collect::<Vec<_>>())
    };
    answer(&cx, result.await)
}

/// One workspace, by id or identifier. Right: `workspace.read`, for clients.
async fn workspace(
    State(control): State<Control>,
    Extension(cx): Extension<Cx>,
    Path(id_or_name): Path<String>,
) -> Response {
    let result = async {
        let auth = control.client_workspace_proof(&cx, &id_or_name).await?;
        Ok(workspace_json(&control.client_workspace(&auth).await?))
    };
    answer(&cx, result.await)
}

/// The organizations of the caller. Right: `self.manage`, for clients.
async fn organizations(
    State(control): State<Control>,
    Extension(cx): Extension<Cx>,
    RawQuery(query): RawQuery,
) -> Response {
    let result = async {
        let me = control.whoami(&cx).await?;
        let query = read(query.as_deref())?;
        let (offset, limit) = window(&query)?;
        let found = control.client_orgs(&me, offset, limit).await?;
        Ok(found.iter().map(org_json).collect::<Vec<_>>())
    };
    answer(&cx, result.await)
}

/// One organization, by id or identifier. Right: `organization.read`, for clients.
async fn organization(
    State(control): State<Control>,
    Extension(cx): Extension<Cx>,
    Path(id_or_name): Path<String>,
) -> Response {
    let result = async {
        let auth = control.client_org_proof(&cx, &id_or_name).await?;
        Ok(org_json(&control.client_org(&auth).await?))
    };
    answer(&cx, result.await)
}

/// The caller. Right: `self.manage`, for clients.
async fn me(State(control): State<Control>, Extension(cx): Extension<Cx>) -> Response {
    let result = async {
        let me = control.whoami(&cx).await?;
        let me = control.me(&me).await?;
        Ok(MeJson {
            id: me.id,
            username: me.username,
            email: (!me.is_service_account).then_some(me.email),
            name: me.name,
            is_superuser: false,
            is_service_account: me.is_service_account,
        })
    };
    answer(&cx, result.await)
}

/// The ways to sign in. Open to anyone, as the sign-in page is.
async fn connections(State(control): State<Control>, Extension(cx): Extension<Cx>) -> Response {
    let result = async {
        let open = Open::because(&cx, "the sign-in page shows the same before signing in");
        let options = control.sign_in_options(&open).await?;
        let mut ways: Vec<WayInJson> = options
            .connections
            .into_iter()
            .map(|way| WayInJson { r#type: WayIn::Oidc, id: Some(way.id), name: way.label })
            .collect();
        if options.email {
            ways.push(WayInJson { r#type: WayIn::EmailLink, id: None, name: "E-mail link".to_owned() });
        }
        Ok(ways)
    };
    answer(&cx, result.await)
}

/// What runs here. Open to anyone.
async fn info(State(control): State<Control>) -> Json<InfoJson> {
    let public = &control.settings().public_url;
    Json(InfoJson {
        name: "Reeve",
        version: env!("CARGO_PKG_VERSION"),
        api_url: public.join("/api/v1"),
        dashboard_url: public.as_str().to_owned(),
    })
}

/// That it runs. Open to anyone.
async fn health() -> Json<&'static str> {
    Json("OK")
}

fn read(query: Option<&str>) -> Result<Params> {
    const NAMES: [&str; 7] =
        ["offset", "limit", "workspace_name", "url", "organization_id", "status", "member_only"];
    let params = Params::parse(query.unwrap_or_default().as_bytes());
    params
        .filter(|params| !params.doubled(&NAMES))
        .ok_or_else(|| Error::invalid("query", "It cannot be read, or names something twice."))
}

fn number<T: FromStr>(params: &Params, name: &'static str) -> Result<Option<T>> {
    params
        .get(name)
        .map(|text| text.parse().map_err(|_| Error::invalid(name, "Not a valid value.")))
        .transpose()
}

fn window(params: &Params) -> Result<(u32, u32)> {
    let limit = number(params, "limit")?.unwrap_or(LIMIT);
    if !(1..=MOST).contains(&limit) {
        return Err(Error::invalid("limit", format!("Ask for 1 to {MOST} rows.")));
    }
    Ok((number(params, "offset")?.unwrap_or(0), limit))
}

/// `None` for a status no workspace here ever has: nothing is found by it.
fn client_query(params: &Params) -> Result<Option<ClientQuery>> {
    let status = params.get("status").map(str::parse::<WorkspaceStatus>);
    let Ok(status) = status.transpose() else {
        return Ok(None);
    };
    let member_only = match params.get("member_only").map(str::to_ascii_lowercase).as_deref() {
        None | Some("false" | "0") => false,
        Some("true" | "1") => true,
        Some(_) => return Err(Error::invalid("member_only", "Say true or false.")),
    };
    let (offset, limit) = window(params)?;
    Ok(Some(ClientQuery {
        name: params.get("workspace_name").map(str::to_owned),
        url: params.get("url").map(str::to_owned),
        org: number(params, "organization_id")?,
        status,
        member_only,
        offset,
        limit,
    }))
}
