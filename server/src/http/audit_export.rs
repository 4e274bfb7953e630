//! Exporting the audit log: streamed, however long it is.

use crate::http::problem::Asked;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Path, Query, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use control::authz::AuditRead;
use control::log::{Export, ExportFormat};
use control::{Control, Cx, Error, Result};
use futures::TryStreamExt;
use futures::stream::try_unfold;
use model::OrgId;
use model::audit::AuditQuery;
use serde::Deserialize;

/// What the address says: the format, and the filters of the log's page.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    format: String,
    action: Option<String>,
    outcome: Option<String>,
    actor: Option<String>,
    target: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

/// `GET /organizations/{org}/audit/export`. Right: `audit.read`.
pub async fn export(
    State(control): State<Control>,
    Extension(cx): Extension<Cx>,
    Path(org): Path<String>,
    wanted: std::result::Result<Query<Wanted>, QueryRejection>,
    request: Request,
) -> Response {
    let asked = Asked::of(&request);
    let wanted = wanted.map(|Query(wanted)| wanted);
    match begin(&control, &cx, &org, wanted).await {
        Ok((format, export)) => stream(format, export),
        Err(error) => asked.answer(error),
    }
}

async fn begin(
    control: &Control,
    cx: &Cx,
    org: &str,
    wanted: std::result::Result<Wanted, QueryRejection>,
) -> Result<(ExportFormat, Export)> {
    let org: OrgId = org.parse().map_err(|_| Error::not_found())?;
    let auth = control.authorize::<AuditRead>(cx, org).await?;
    let wanted =
        wanted.map_err(|_| Error::invalid("query", "It cannot be read, or names something twice."))?;
    let format = ExportFormat::parse(&wanted.format)?;
    let outcome = wanted
        .outcome
        .filter(|text| !text.is_empty())
        .map(|text| text.parse().map_err(|_| Error::invalid("outcome", "This is not an outcome.")))
        .transpose()?;
    let query = AuditQuery {
        action: wanted.action,
        outcome,
        actor: wanted.actor,
        target: wanted.target,
        from: wanted.from,
        to: wanted.to,
        cursor: None,
    };
    Ok((format, control.export_audit_log(&auth, &query, format).await?))
}

fn stream(format: ExportFormat, export: Export) -> Response {
    let pieces = try_unfold(export, |mut export| async move {
        Ok::<_, Error>(export.next().await?.map(|piece| (piece, export)))
    });
    // A failure in the middle cuts the answer off, which a client sees: it ends without its last chunk.
    let pieces = pieces.inspect_err(|error| tracing::error!(?error, "An export of the audit log broke off"));
    let (kind, name) = match format {
        ExportFormat::Jsonl => {
            ("application/jsonl; charset=utf-8", "attachment; filename=\"audit-log.jsonl\"")
        }
        ExportFormat::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"audit-log.csv\""),
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static(name)),
    ];
    (headers, Body::from_stream(pieces)).into_response()
}
