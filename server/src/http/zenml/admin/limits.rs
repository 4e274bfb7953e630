//! Usage, and limits on it.

use super::shape;
use crate::http::AppState;
use crate::http::zenml::asked::Asked;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, put};
use control::Error;
use control::authz::{LimitManage, LimitRead};
use model::limit::Feature;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::Value;

/// The routes of this module.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/organizations/{id_or_name}/usage", get(usage))
        .route("/api/v1/organizations/{id_or_name}/limits/{feature}", put(set_limit))
}

/// What an organization uses, against its limits. Right: `limit.read`.
async fn usage(Path(org): Path<String>, asked: Asked) -> Response {
    let result = async {
        let auth = asked.control.client_org_proof::<LimitRead>(&asked.cx, &org).await?;
        let report = asked.control.usage_report(&auth).await?;
        Ok(report.features.iter().map(shape::usage).collect::<Vec<_>>())
    };
    asked.answer(result.await)
}

/// How many there may be; `null` lifts the limit. It has to be said.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Most {
    #[schemars(schema_with = "whole_number_or_null")]
    limit: Value,
}

fn whole_number_or_null(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": ["integer", "null"], "minimum": 0 })
}

/// Sets or lifts a limit. Right: `limit.manage`.
async fn set_limit(Path((org, feature)): Path<(String, String)>, asked: Asked) -> Response {
    let result = async {
        let auth = asked.control.client_org_proof::<LimitManage>(&asked.cx, &org).await?;
        let feature: Feature = feature.parse().map_err(|_| Error::not_found())?;
        let most = match asked.body::<Most>()?.limit {
            Value::Null => String::new(),
            Value::Number(most) => most.to_string(),
            _ => return Err(Error::invalid("limit", "Send a whole number, or null for no limit.")),
        };
        asked.control.set_limit(&auth, feature, &most).await
    };
    asked.answer(result.await)
}
