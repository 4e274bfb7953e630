//! A workspace's own API, called as one person.

use crate::Control;
use crate::error::{Error, Result};
use crate::secret::Secret;
use crate::settings::{is_this_machine, server_url};
use crate::sso::{FetchError, Http, Reach};
use model::ProjectId;
use openidconnect::HttpResponse;
use openidconnect::http::{Request, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use tracing::warn;
use url::Url;

/// Longest name a ZenML server takes for a project.
const LONGEST: usize = 50;

/// A project's name, as it will stand in addresses and on command lines.
///
/// # Errors
///
/// `invalid` in `name`.
pub(super) fn project_name(text: &str) -> Result<String> {
    let text = text.trim();
    let plain = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_');
    if text.is_empty() || text.len() > LONGEST || !plain {
        return Err(Error::invalid(
            "name",
            "Use up to 50 lower-case letters, digits, dashes and underscores.",
        ));
    }
    Ok(text.to_owned())
}

/// The server of one workspace.
pub(super) struct Remote<'a> {
    http: &'a Http,
    /// `None` if what the workspace reported is no address of a server.
    base: Option<Url>,
    reach: Reach,
}

#[derive(Deserialize)]
struct Login {
    access_token: String,
}

#[derive(Deserialize)]
struct Made {
    id: ProjectId,
}

impl<'a> Remote<'a> {
    /// The server at the address its workspace reported.
    pub(super) fn new(control: &'a Control, url: &str) -> Self {
        // Only in an installation on this machine may a workspace be on it too.
        let home = Url::parse(&control.settings().public_url.join("/"));
        let reach = match home {
            Ok(home) if is_this_machine(&home) => Reach::ThisMachine,
            _ => Reach::Elsewhere,
        };
        Self { http: &control.providers().http, base: server_url(url).ok(), reach }
    }

    /// Signs in with a token for one entry and makes a project.
    pub(super) async fn create_project(&self, entry: &Secret, name: &str, label: &str) -> Result<ProjectId> {
        let login = Request::post(self.url(&["api", "v1", "login"])?)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::AUTHORIZATION, format!("Bearer {}", entry.expose()))
            .body(b"grant_type=zenml-external".to_vec());
        let login = self.send(login).await?;
        let login: Login = match login.status().as_u16() {
            200..=299 => read(&login).ok_or_else(strange)?,
            401 | 403 => return Err(not_let()),
            status => return Err(unexpected(status)),
        };
        let body = json!({ "name": name, "display_name": label, "description": "" });
        let project = Request::post(self.url(&["api", "v1", "projects"])?)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::AUTHORIZATION, format!("Bearer {}", login.access_token))
            .body(body.to_string().into_bytes());
        let project = self.send(project).await?;
        match project.status().as_u16() {
            200..=299 => read(&project).map(|made: Made| made.id).ok_or_else(|| {
                Error::unavailable(
                    "The workspace gave an answer that cannot be used. Look there whether the project was made.",
                )
            }),
            401 | 403 => Err(not_let()),
            402 => Err(Error::limit_reached(
                "There may be no more projects: the limit of your organization is reached.",
            )),
            409 => Err(Error::conflict("The workspace has a project of this name.")
                .and_field("name", "The workspace has a project of this name.")),
            status => Err(unexpected(status)),
        }
    }

    /// A place below the address of the server.
    fn url(&self, path: &[&str]) -> Result<String> {
        let mut url = self.base.clone().ok_or_else(not_called)?;
        url.path_segments_mut().map_err(|()| not_called())?.pop_if_empty().extend(path);
        Ok(url.into())
    }

    async fn send(
        &self,
        request: std::result::Result<Request<Vec<u8>>, openidconnect::http::Error>,
    ) -> Result<HttpResponse> {
        // A token of the workspace that is no header value is the workspace's fault.
        let request = request.map_err(|_| strange())?;
        self.http.call(request, self.reach).await.map_err(|error| no_answer(&error))
    }
}

fn read<T: DeserializeOwned>(answer: &HttpResponse) -> Option<T> {
    serde_json::from_slice(answer.body()).ok()
}

/// Whoever reports an address must not learn through Reeve how the machine there answers, so the status is for the log.
fn unexpected(status: u16) -> Error {
    warn!(http.status = status, "A workspace's server answered with status {status}; no project was made");
    strange()
}

fn strange() -> Error {
    Error::unavailable("The workspace’s server did not answer as a ZenML server does.")
}

fn not_let() -> Error {
    Error::forbidden(
        "The workspace does not let you make projects. You need a role that allows “project.create” there.",
    )
}

fn not_called() -> Error {
    Error::conflict(
        "Reeve does not call the address of this workspace: it must be https, without anything after its path. Make the \
         project with zenml project register.",
    )
}

fn no_answer(error: &FetchError) -> Error {
    match error {
        FetchError::Address(_) => not_called(),
        other => Error::unavailable(format!("The workspace cannot be asked: {other}.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_projects_are_plain() {
        assert_eq!(project_name(" demo-2_x ").unwrap(), "demo-2_x");
        for text in ["", "Demo", "a b", "a/b", "ü", &"a".repeat(51)] {
            assert!(project_name(text).is_err(), "{text}");
        }
    }
}
