//! Enrolling a workspace by a program, as ZenML's own documentation does it.

use crate::http::AppState;
use crate::http::zenml::answer::{answer, uncached};
use crate::http::zenml::client_shape::{WorkspaceJson, workspace_json};
use crate::http::zenml::params::Params;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Extension, RawQuery, State};
use axum::response::Response;
use axum::routing::post;
use control::authz::{ClientWorkspaceRead, WorkspaceEnroll};
use control::workspaces::NewWorkspace;
use control::{Control, Cx, Error, Result};
use model::OrgId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The routes of this module.
pub fn routes() -> Router<AppState> {
    Router::new().route("/api/v1/workspaces", post(enroll))
}

/// What is to be enrolled. May come in the query, in a JSON body, or half and half; the body wins.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    name: Option<String>,
    display_name: Option<String>,
    description: Option<String>,
    organization_id: Option<String>,
    enroll: Option<bool>,
}

/// A workspace that was just enrolled, with its key.
#[derive(Serialize, JsonSchema)]
pub struct EnrolledJson {
    #[serde(flatten)]
    workspace: WorkspaceJson,
    /// The key of its server; it cannot be shown again.
    enrollment_key: String,
}

/// Enrols a workspace; the answer holds its key, once. Right: `workspace.enroll`.
async fn enroll(
    State(control): State<Control>,
    Extension(cx): Extension<Cx>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    let result = async {
        let wanted = wanted(query.as_deref(), &body)?;
        if wanted.enroll != Some(true) {
            return Err(Error::invalid("enroll", "Send enroll=true: workspaces run where you run them."));
        }
        let org = org(&control, &cx, wanted.organization_id.as_deref()).await?;
        let auth = control.authorize::<WorkspaceEnroll>(&cx, org).await?;
        let text = |value: Option<String>| value.unwrap_or_default();
        let new =
            NewWorkspace::parse(&text(wanted.name), &text(wanted.display_name), &text(wanted.description))?;
        let made = control.enroll_workspace(&auth, &new).await?;
        let read = control.authorize::<ClientWorkspaceRead>(&cx, made.workspace).await?;
        let workspace = workspace_json(&control.client_workspace(&read).await?);
        Ok(EnrolledJson { workspace, enrollment_key: made.key })
    };
    uncached(answer(&cx, result.await))
}

fn wanted(query: Option<&str>, body: &[u8]) -> Result<Wanted> {
    const NAMES: [&str; 5] = ["name", "display_name", "description", "organization_id", "enroll"];
    let query = Params::parse(query.unwrap_or_default().as_bytes())
        .filter(|params| !params.doubled(&NAMES))
        .ok_or_else(|| Error::invalid("query", "It cannot be read, or names something twice."))?;
    let body: Wanted = if body.is_empty() {
        Wanted::default()
    } else {
        serde_json::from_slice(body)
            .map_err(|_| Error::invalid("body", "Not the JSON that is expected here."))?
    };
    let text = |name: &str| query.get(name).map(str::to_owned);
    Ok(Wanted {
        name: body.name.or_else(|| text("name")),
        display_name: body.display_name.or_else(|| text("display_name")),
        description: body.description.or_else(|| text("description")),
        organization_id: body.organization_id.or_else(|| text("organization_id")),
        enroll: body.enroll.or_else(|| query.get("enroll").map(|value| value.eq_ignore_ascii_case("true"))),
    })
}

/// The organization that is named, else the only one the caller belongs to.
async fn org(control: &Control, cx: &Cx, named: Option<&str>) -> Result<OrgId> {
    if let Some(named) = named {
        return named.parse().map_err(|_| Error::not_found());
    }
    control.only_org(cx).await
}
