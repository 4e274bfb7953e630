//! Every way in: who may use it, and a request that reaches it. An endpoint without its row here fails the tests of
//! `endpoints.rs`.

mod access_calls;
mod calls;
mod pages;
mod programs;
mod scripts;

use super::site::{Ask, Cast};
use model::Permission as P;
use model::audit::AuditAction as A;

/// Who may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// Anyone; why.
    Anyone(&'static str),
    /// Anyone who is signed in, for what is theirs.
    SignedIn,
    /// Whoever holds this right in the organization.
    Org(P),
    /// Whoever holds this right in the workspace.
    Workspace(P),
    /// Whoever holds this right in the team.
    Team(P),
    /// Whoever holds this right in the project.
    Project(P),
    /// Whoever holds this right over the service account.
    Account(P),
    /// Whoever may enter the workspace. Everybody else is told the same, whether it exists or not: 403, as a ZenML
    /// server takes 404 for "the control plane does not know me".
    Entrant,
    /// A workspace's own server and nobody else.
    Server,
    /// Whoever signed in to a workspace with Reeve, by the access token that the workspace got for it, and by nothing else.
    Visitor,
}

/// What a call leaves in the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leaves {
    /// Nothing: it reads.
    Reads,
    /// An entry with this action, when an administrator of the organization sends the row's request.
    Entry(A),
    /// Nothing; why.
    Nothing(&'static str),
    /// An entry that the named test sees: the row's request alone cannot arrange what the call needs.
    SeenBy(&'static str),
}

/// How the request's body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    None,
    Form(&'static str),
    Json(&'static str),
}

/// One endpoint. `path` is written as the router writes it, `sent` is the request's. In `sent` and in bodies `{org}`,
/// `{workspace}`, `{name}` (of the workspace), `{project}` (of it), `{user}` and `{colleague}` (two members), `{team}`,
/// `{role}` (a custom one for workspaces), `{grant}` (of it to the team), `{account}` (a service account) with its `{key}` and its trust rule `{rule}`, and `{nothing}` (an id of nothing) are filled in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Endpoint {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) sent: &'static str,
    pub(crate) who: Who,
    pub(crate) leaves: Leaves,
    pub(crate) body: Body,
}

impl Endpoint {
    /// The row's request, with this organization's ids in it.
    pub(crate) fn request(&self, cast: &Cast) -> Ask {
        let ask = Ask::new(self.method, &cast.fill(self.sent)).header("sec-fetch-site", "same-origin");
        let ask = if self.is_for_browsers() { ask.header("accept", "text/html") } else { ask };
        match self.body {
            Body::None => ask,
            Body::Form(form) => ask.form(&cast.fill(form)),
            Body::Json(json) => ask.json(&cast.fill(json)),
        }
    }

    /// Whether the row's request names something that is not there, so that nobody finds it.
    pub(crate) fn sent_for_nothing(&self) -> bool {
        let body = match self.body {
            Body::None => "",
            Body::Form(text) | Body::Json(text) => text,
        };
        self.sent.contains("{nothing}") || body.contains("{nothing}")
    }

    pub(crate) fn is_for_browsers(&self) -> bool {
        !["/api/", "/oauth/", "/.well-known/"].iter().any(|start| self.path.starts_with(start))
    }
}

/// Every endpoint. Files of the site are the fallback, not a route. Scripts come last: they delete what others look at.
pub(crate) fn everything() -> impl Iterator<Item = &'static Endpoint> {
    calls().chain(programs::PLAIN).chain(programs::PROGRAMS).chain(pages::PAGES).chain(scripts::SCRIPTS)
}

/// Every page.
pub(crate) fn pages() -> impl Iterator<Item = &'static Endpoint> {
    pages::PAGES.iter()
}

/// Every server function.
pub(crate) fn calls() -> impl Iterator<Item = &'static Endpoint> {
    access_calls::ACCESS_CALLS.iter().chain(calls::CALLS).chain(calls::WORKSPACE_CALLS)
}

/// A server function.
const fn call(path: &'static str, who: Who, leaves: Leaves, form: &'static str) -> Endpoint {
    Endpoint { method: "POST", path, sent: path, who, leaves, body: Body::Form(form) }
}

/// A server function that takes JSON.
const fn json(path: &'static str, who: Who, leaves: Leaves, json: &'static str) -> Endpoint {
    Endpoint { method: "POST", path, sent: path, who, leaves, body: Body::Json(json) }
}

/// A page.
const fn page(path: &'static str, sent: &'static str, who: Who) -> Endpoint {
    Endpoint { method: "GET", path, sent, who, leaves: Leaves::Reads, body: Body::None }
}

/// A plain route to read from.
const fn get(path: &'static str, sent: &'static str, who: Who, leaves: Leaves) -> Endpoint {
    Endpoint { method: "GET", path, sent, who, leaves, body: Body::None }
}

/// A plain route to post to.
const fn post(path: &'static str, who: Who, leaves: Leaves, body: Body) -> Endpoint {
    Endpoint { method: "POST", path, sent: path, who, leaves, body }
}

/// What only a workspace's server asks.
const fn server(
    method: &'static str,
    path: &'static str,
    sent: &'static str,
    leaves: Leaves,
    body: Body,
) -> Endpoint {
    Endpoint { method, path, sent, who: Who::Server, leaves, body }
}

/// What a script asks of the admin API.
const fn script(
    method: &'static str,
    path: &'static str,
    sent: &'static str,
    who: Who,
    leaves: Leaves,
    body: Body,
) -> Endpoint {
    Endpoint { method, path, sent, who, leaves, body }
}
