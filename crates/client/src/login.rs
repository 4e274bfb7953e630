//! Signing in from a terminal, by a code that a person approves in a browser (RFC 8628).

use crate::Client;
use crate::send::{Answer, refusal};
use model::{ApiError, DeviceId, ErrorCode};
use reqwest::header::USER_AGENT;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer};

/// The one program that asks: a public client has a name, not a secret (RFC 6749 §2.1).
const CLIENT: &str = "7e0e7e0e-5eed-4c11-a000-000000000001";
const ADMINISTER: &str = "reeve:admin";
const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// What the program says of itself, for the person who decides.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// What the machine is called.
    pub host: &'a str,
    /// Its operating system.
    pub os: &'a str,
}

/// A sign-in that waits for a person.
#[derive(Clone, Debug, Deserialize)]
pub struct DeviceStart {
    /// What to poll with.
    #[serde(deserialize_with = "secret")]
    pub device_code: SecretString,
    /// What the person compares.
    pub user_code: String,
    /// Where they approve it.
    pub verification_uri: String,
    /// The same, with the code filled in.
    pub verification_uri_complete: String,
    /// How long the codes hold, in seconds.
    pub expires_in: u64,
    /// How long to wait between two polls, in seconds.
    pub interval: u64,
}

/// What a poll brought.
#[derive(Debug)]
pub enum Poll {
    /// Nobody decided yet.
    Pending,
    /// It came too early: wait five seconds longer from now on (RFC 8628 §3.5).
    SlowDown,
    /// Approved.
    Approved(Token),
}

/// A token that administers in the name of whoever approved it.
#[derive(Debug, Deserialize)]
pub struct Token {
    /// The token.
    #[serde(deserialize_with = "secret")]
    pub access_token: SecretString,
    /// How long it holds, in seconds.
    pub expires_in: u64,
    /// The device it is of; revoking that ends it.
    pub device_id: Option<DeviceId>,
}

/// An error of the token endpoint (RFC 6749 §5.2).
#[derive(Deserialize)]
struct Refused {
    error: String,
    #[serde(default)]
    error_description: String,
}

/// The form in which everything else under `/api/v1` is refused.
#[derive(Deserialize)]
struct Detail {
    detail: String,
}

impl Client {
    /// Begins to sign in, for administering.
    pub async fn request_device(&self, asked: Asked<'_>) -> Result<DeviceStart, ApiError> {
        let fields = [("client_id", CLIENT), ("scope", ADMINISTER)];
        let request = self.form("/api/v1/auth/device_authorization", &fields)?;
        let answer = self.sent(request.header(USER_AGENT, asked.header())).await?;
        if !answer.status.is_success() {
            return Err(denied(&answer));
        }
        serde_json::from_slice(&answer.body).map_err(|_| no_reeve())
    }

    /// Asks once whether the person decided.
    pub async fn poll_device(&self, start: &DeviceStart) -> Result<Poll, ApiError> {
        let fields = [
            ("grant_type", DEVICE_CODE),
            ("client_id", CLIENT),
            ("device_code", start.device_code.expose_secret()),
        ];
        let answer = self.sent(self.form("/api/v1/auth/login", &fields)?).await?;
        if answer.status.is_success() {
            return serde_json::from_slice(&answer.body).map(Poll::Approved).map_err(|_| no_reeve());
        }
        match serde_json::from_slice::<Refused>(&answer.body) {
            Ok(refused) if refused.error == "authorization_pending" => Ok(Poll::Pending),
            Ok(refused) if refused.error == "slow_down" => Ok(Poll::SlowDown),
            _ => Err(denied(&answer)),
        }
    }
}

impl Asked<'_> {
    /// Only what a header can hold: a name in other letters is left out rather than garbled.
    fn header(self) -> String {
        let plain = |text: &str| -> String {
            text.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').take(100).collect()
        };
        format!("Host/{} Reeve/{} OS/{}", plain(self.host), env!("CARGO_PKG_VERSION"), plain(self.os))
    }
}

fn denied(answer: &Answer) -> ApiError {
    if let Ok(refused) = serde_json::from_slice::<Refused>(&answer.body) {
        let code = match refused.error.as_str() {
            "expired_token" => ErrorCode::Gone,
            "access_denied" => ErrorCode::Forbidden,
            _ => ErrorCode::Invalid,
        };
        return ApiError::new(code, refused.error_description);
    }
    let mut error = refusal(answer);
    if let Ok(told) = serde_json::from_slice::<Detail>(&answer.body) {
        error.message = told.detail;
    }
    error
}

fn no_reeve() -> ApiError {
    ApiError::new(ErrorCode::Internal, "The answer cannot be read. The server is no Reeve, or an older one.")
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    String::deserialize(deserializer).map(SecretString::from)
}
