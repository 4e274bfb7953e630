//! One call: how it is sent, and how its answer is read.

use crate::Server;
use model::{ApiError, ErrorCode};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{RequestBuilder, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// For a whole exchange: the server gives up on a request earlier.
const TIMEOUT: Duration = Duration::from_secs(60);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Most that is read of an answer. The largest there is, a page of a log with long values, is a tenth of it.
const MOST: usize = 16 << 20;

/// Speaks to one Reeve, as nobody or as whoever a token is of. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    server: Server,
    token: Option<SecretString>,
}

impl Client {
    /// A client of the server, without a token.
    ///
    /// # Errors
    ///
    /// `internal` if this machine has no certificates to trust.
    pub fn new(server: &Server) -> Result<Self, ApiError> {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .user_agent(concat!("Reeve/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| {
                ApiError::new(ErrorCode::Internal, format!("An HTTP client cannot be set up: {error}."))
            })?;
        Ok(Self { http, server: server.clone(), token: None })
    }

    /// The same, as whoever the token is of: an API key, or what [`poll_device`](Self::poll_device) brought.
    #[must_use]
    pub fn with_token(self, token: SecretString) -> Self {
        Self { token: Some(token), ..self }
    }

    /// Where it speaks to.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Calls a server function whose input is a form.
    pub(crate) async fn call<T: DeserializeOwned>(
        &self,
        function: &str,
        input: &impl Serialize,
    ) -> Result<T, ApiError> {
        let form =
            serde_urlencoded::to_string(input).map_err(|error| unreadable_input(&error.to_string()))?;
        let request = self.post(&format!("/api/fn/{function}"), "application/x-www-form-urlencoded", form);
        answer(self.sent(request).await?)
    }

    /// Calls a server function whose input is JSON.
    pub(crate) async fn call_json<T: DeserializeOwned>(
        &self,
        function: &str,
        input: &impl Serialize,
    ) -> Result<T, ApiError> {
        let json = serde_json::to_string(input).map_err(|error| unreadable_input(&error.to_string()))?;
        let request = self.post(&format!("/api/fn/{function}"), "application/json", json);
        answer(self.sent(request).await?)
    }

    /// A form to any path.
    pub(crate) fn form(&self, path: &str, fields: &[(&str, &str)]) -> Result<RequestBuilder, ApiError> {
        let form =
            serde_urlencoded::to_string(fields).map_err(|error| unreadable_input(&error.to_string()))?;
        Ok(self.post(path, "application/x-www-form-urlencoded", form))
    }

    fn post(&self, path: &str, kind: &'static str, body: String) -> RequestBuilder {
        let request = self
            .http
            .post(self.server.at(path))
            .header(CONTENT_TYPE, kind)
            // Anything that takes pages would be sent one.
            .header(ACCEPT, "application/json")
            .body(body);
        match &self.token {
            None => request,
            Some(token) => match HeaderValue::try_from(format!("Bearer {}", token.expose_secret())) {
                Ok(mut value) => {
                    value.set_sensitive(true);
                    request.header(AUTHORIZATION, value)
                }
                // No header can hold it, so no server made it: one that it does not know says the same.
                Err(_) => request.header(AUTHORIZATION, "Bearer unreadable"),
            },
        }
    }

    pub(crate) async fn sent(&self, request: RequestBuilder) -> Result<Answer, ApiError> {
        let mut response = request.send().await.map_err(|error| self.unreachable(&error))?;
        let status = response.status();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.unreachable(&error))? {
            if body.len() + chunk.len() > MOST {
                return Err(ApiError::new(ErrorCode::Internal, "The answer is larger than any of Reeve’s."));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, body })
    }

    fn unreachable(&self, error: &reqwest::Error) -> ApiError {
        let why = if error.is_timeout() { "does not answer in time" } else { "does not answer" };
        let mut cause: &dyn std::error::Error = error;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        ApiError::new(
            ErrorCode::Unavailable,
            format!("{} {why} ({cause}). Check the address and the connection.", self.server),
        )
    }
}

/// What came back, as it came.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Vec<u8>,
}

fn answer<T: DeserializeOwned>(answer: Answer) -> Result<T, ApiError> {
    if !answer.status.is_success() {
        return Err(refusal(&answer));
    }
    serde_json::from_slice(&answer.body).map_err(|_| {
        ApiError::new(
            ErrorCode::Internal,
            "The answer cannot be read. The server is no Reeve, or of a version that this program does not know.",
        )
    })
}

/// The error of an answer that is one: the server's own words where there are any.
pub(crate) fn refusal(answer: &Answer) -> ApiError {
    if let Ok(error) = serde_json::from_slice::<ApiError>(&answer.body) {
        return error;
    }
    let (code, message) = match answer.status.as_u16() {
        300..=399 => (
            ErrorCode::Invalid,
            "The server sends to another address, which is not followed. Use the address that it is really at.",
        ),
        401 => (ErrorCode::Unauthenticated, "The token is not valid, or not any more."),
        403 => (ErrorCode::Forbidden, "The server refuses this."),
        404 => (
            ErrorCode::NotFound,
            "There is nothing at this address. The server may be no Reeve, or an older one.",
        ),
        429 => (ErrorCode::RateLimited, "Too many requests. Wait a minute and try again."),
        502..=504 => {
            (ErrorCode::Unavailable, "Something before the server answers in its place. Try again later.")
        }
        _ => (ErrorCode::Internal, "The server failed, and said nothing that can be read."),
    };
    ApiError::new(code, format!("{message} (HTTP {})", answer.status.as_u16()))
}

fn unreadable_input(why: &str) -> ApiError {
    ApiError::new(ErrorCode::Invalid, format!("This cannot be sent: {why}."))
}
