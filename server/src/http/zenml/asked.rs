//! A script's request to the admin API: who asks, the named values of its address, and its body.
//!
//! Everything is read on demand, so that nobody hears about the form of a request before it is known who they are.

use crate::http::AppState;
use crate::http::zenml::answer::{answer, unreadable};
use crate::http::zenml::params::Params;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use control::{Control, Cx, Error, Result};
use model::grant::Principal;
use model::page::{PAGE_SIZE, Page};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::str::FromStr;

/// Most rows of one answer.
const MOST: u32 = 1000;

/// Ask for the page after this one with `cursor` set to it. Not there on the last page.
pub const NEXT: HeaderName = HeaderName::from_static("x-next-cursor");

/// A request, apart from the values in its path.
#[derive(Debug)]
pub struct Asked {
    /// The operations.
    pub control: Control,
    /// Who asks.
    pub cx: Cx,
    query: Option<Params>,
    body: Bytes,
}

impl FromRequest<AppState> for Asked {
    type Rejection = Response;

    async fn from_request(request: Request, state: &AppState) -> std::result::Result<Self, Response> {
        let cx = request.extensions().get::<Cx>().cloned();
        let cx = cx.unwrap_or_else(|| state.control.cx(control::Origin::default(), None));
        let query = Params::parse(request.uri().query().unwrap_or_default().as_bytes());
        let body = Bytes::from_request(request, state).await.map_err(|rejection| unreadable(&rejection))?;
        Ok(Self { control: state.control.clone(), cx, query, body })
    }
}

impl Asked {
    /// Refuses nobody, before anything else is looked at.
    pub fn signed_in(&self) -> Result<&Self> {
        self.cx.actor().map(|_| self).ok_or_else(Error::unauthenticated)
    }

    /// An id in the path. What is no id is the id of nothing.
    pub fn id<T: FromStr>(&self, text: &str) -> Result<T> {
        self.signed_in()?;
        text.parse().map_err(|_| Error::not_found())
    }

    /// A value of the address, if it is there.
    pub fn value<T: FromStr>(&self, name: &'static str) -> Result<Option<T>> {
        let query = self
            .query
            .as_ref()
            .filter(|query| !query.doubled(&[name]))
            .ok_or_else(|| Error::invalid("query", "It cannot be read, or names something twice."))?;
        query
            .get(name)
            .map(|text| text.parse().map_err(|_| Error::invalid(name, "Not a valid value.")))
            .transpose()
    }

    /// A value of the address that has to be there.
    pub fn needed<T: FromStr>(&self, name: &'static str) -> Result<T> {
        self.value(name)?.ok_or_else(|| Error::invalid(name, "Missing."))
    }

    /// The body. No body at all is read as `{}`.
    pub fn body<T: DeserializeOwned>(&self) -> Result<T> {
        let body: &[u8] = if self.body.is_empty() { b"{}" } else { &self.body };
        serde_json::from_slice(body)
            .map_err(|error| Error::invalid("body", format!("Not the JSON that is expected here: {error}.")))
    }

    /// Whether the caller said that they may lose something themselves by this.
    pub fn confirmed(&self) -> Result<bool> {
        let text: Option<String> = self.value("confirmed")?;
        match text.map(|text| text.to_ascii_lowercase()).as_deref() {
            None | Some("false" | "0") => Ok(false),
            Some("true" | "1") => Ok(true),
            Some(_) => Err(Error::invalid("confirmed", "Say true or false.")),
        }
    }

    /// Whom the address names, if it names somebody.
    pub fn principal(&self) -> Result<Option<Principal>> {
        let named = [
            self.value("user_id")?.map(Principal::User),
            self.value("team_id")?.map(Principal::Team),
            self.value("invitation_id")?.map(Principal::Invitation),
        ];
        let mut named = named.into_iter().flatten();
        match (named.next(), named.next()) {
            (named, None) => Ok(named),
            (_, Some(_)) => Err(Error::invalid("user_id", "Name one of a user, a team and an invitation.")),
        }
    }

    /// Whom the address has to name.
    pub fn someone(&self) -> Result<Principal> {
        self.principal()?.ok_or_else(|| Error::invalid("user_id", "Name a user, a team or an invitation."))
    }

    /// Where the page that is asked for begins, and how long it may be.
    pub fn page(&self) -> Result<(Option<String>, u32)> {
        let limit = self.value("limit")?.unwrap_or(PAGE_SIZE);
        if !(1..=MOST).contains(&limit) {
            return Err(Error::invalid("limit", format!("Ask for 1 to {MOST} rows.")));
        }
        Ok((self.value("cursor")?, limit))
    }

    /// `200` with the value, or the failure.
    pub fn answer<T: Serialize>(&self, result: Result<T>) -> Response {
        answer(&self.cx, result)
    }

    /// `200` with the rows alone and where they go on in [`NEXT`], or the failure.
    pub fn answer_page<T: Serialize>(&self, result: Result<Page<T>>) -> Response {
        let (rows, next) = match result {
            Ok(page) => (Ok(page.items), page.next),
            Err(error) => (Err(error), None),
        };
        let mut response = self.answer(rows).into_response();
        if let Some(next) = next.and_then(|next| HeaderValue::from_str(&next).ok()) {
            response.headers_mut().insert(NEXT, next);
        }
        response
    }
}
