//! The one HTTP client that talks to providers: no redirects, no proxy from the environment, a limit on time and size.

use super::address::{BadAddress, GuardedResolver, Reach, allowed};
use openidconnect::{HttpRequest, HttpResponse, http};
use std::time::Duration;

/// Most that a provider may answer with.
const MAX_BODY: usize = 512 * 1024;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FetchError {
    /// The URL is not one to call.
    #[error("its address {0}")]
    Address(#[from] BadAddress),
    /// No connection, or it broke.
    #[error("it does not answer")]
    Unreachable(#[source] reqwest::Error),
    /// Connected, and then too slow.
    #[error("it does not answer in time")]
    TooSlow,
    /// More than any honest provider sends.
    #[error("its answer is larger than 512 KiB")]
    TooLarge,
    /// An answer, but not 200.
    #[error("it answers with status {0}; redirects are not followed")]
    Status(u16),
    /// The request cannot be put together.
    #[error("the request cannot be made")]
    Request(#[from] http::Error),
}

/// Calls providers.
#[derive(Clone, Debug)]
pub(crate) struct Http {
    client: reqwest::Client,
    timeout: Duration,
}

impl Http {
    pub(crate) fn new(timeout: Duration) -> Self {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .dns_resolver(GuardedResolver)
            .referer(false)
            .user_agent(concat!("reeve/", env!("CARGO_PKG_VERSION")))
            .build()
            // Only a broken installation of certificates or entropy can fail here, and then nothing else would work.
            .expect("an HTTP client can be built");
        Self { client, timeout }
    }

    /// One call, whatever the status of the answer.
    pub(crate) async fn call(&self, request: HttpRequest, reach: Reach) -> Result<HttpResponse, FetchError> {
        allowed(&request.uri().to_string(), reach)?;
        let request = reqwest::Request::try_from(request).map_err(unreachable_or_slow)?;
        // Around the whole exchange: a provider that sends a byte a second must not hold a sign-in.
        tokio::time::timeout(self.timeout, self.exchange(request)).await.map_err(|_| FetchError::TooSlow)?
    }

    async fn exchange(&self, request: reqwest::Request) -> Result<HttpResponse, FetchError> {
        let mut answer = self.client.execute(request).await.map_err(unreachable_or_slow)?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(unreachable_or_slow)? {
            if body.len() + chunk.len() > MAX_BODY {
                return Err(FetchError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        let mut response = http::Response::builder().status(answer.status());
        if let Some(headers) = response.headers_mut() {
            *headers = answer.headers().clone();
        }
        Ok(response.body(body)?)
    }

    /// A document: only 200 counts.
    pub(crate) async fn get(
        &self,
        url: &str,
        bearer: Option<&str>,
        reach: Reach,
    ) -> Result<Vec<u8>, FetchError> {
        let mut request = http::Request::get(url).header(http::header::ACCEPT, "application/json");
        if let Some(token) = bearer {
            // Fails instead of panicking if the provider made a token that is no header value.
            let mut value =
                http::HeaderValue::try_from(format!("Bearer {token}")).map_err(http::Error::from)?;
            value.set_sensitive(true);
            request = request.header(http::header::AUTHORIZATION, value);
        }
        let answer = self.call(request.body(Vec::new())?, reach).await?;
        match answer.status().as_u16() {
            200 => Ok(answer.into_body()),
            status => Err(FetchError::Status(status)),
        }
    }
}

fn unreachable_or_slow(error: reqwest::Error) -> FetchError {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(current) = cause {
        if let Some(bad) = current.downcast_ref::<BadAddress>() {
            return FetchError::Address(*bad);
        }
        cause = current.source();
    }
    if error.is_timeout() { FetchError::TooSlow } else { FetchError::Unreachable(error.without_url()) }
}
