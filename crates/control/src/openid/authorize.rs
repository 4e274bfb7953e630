//! The authorization endpoint (`OpenID` Connect Core 1.0 §3.1.2, RFC 9700 §2.1).

use super::register::{is_registered, shown};
use crate::Control;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::secret::{Kind, Secret};
use crate::settings::is_local_path;
use crate::throttle::Limit;
use model::{Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};
use store::openid::NewCode;
use url::Url;

/// The path of the endpoint.
pub const PATH: &str = "/oauth/authorize";
/// How long a code is good for.
const CODE_S: i64 = 60;
/// How old a sign-in may be that was asked for and happened: the time it takes to come back from it.
const JUST_NOW_S: i64 = 60;
/// Characters of what a workspace gives along.
const LONGEST_STATE: usize = 1000;
const LONGEST_NONCE: usize = 255;
/// Somebody who clicks does not come near it; a page that sends a browser round in circles does.
const CODES: Limit = Limit { name: "authorization_codes", hits: 60, window_s: 60 };

/// What a workspace asks for, by the names of RFC 6749 §4.1.1, `OpenID` Connect Core 1.0 §3.1.2.1 and RFC 7636 §4.3.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are those of the standards")]
pub struct AuthorizationRequest {
    pub client_id: Option<String>,
    pub redirect_uri: Option<String>,
    pub response_type: Option<String>,
    pub response_mode: Option<String>,
    pub scope: Option<String>,
    pub state: Option<String>,
    pub nonce: Option<String>,
    pub code_challenge: Option<String>,
    pub code_challenge_method: Option<String>,
    pub prompt: Option<String>,
    pub max_age: Option<String>,
    pub request: Option<String>,
    pub request_uri: Option<String>,
}

/// Where a browser goes from here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Back to the workspace, with a code, or with why there is none.
    Back(String),
    /// To sign in, and then to this path of ours.
    SignIn(String),
}

/// An error of RFC 6749 §4.1.2.1 or `OpenID` Connect Core 1.0 §3.1.2.6, and a sentence for whoever writes the client.
type Refused = (&'static str, &'static str);

/// A request whose form is right.
struct Asked<'a> {
    nonce: Option<&'a str>,
    code_challenge: &'a str,
    /// The person is to sign in anew.
    again: bool,
    max_age_s: Option<i64>,
}

impl AuthorizationRequest {
    fn parsed(&self) -> std::result::Result<Asked<'_>, Refused> {
        let invalid = |why| ("invalid_request", why);
        if self.request.is_some() {
            return Err(("request_not_supported", "Send the parameters themselves."));
        }
        if self.request_uri.is_some() {
            return Err(("request_uri_not_supported", "Send the parameters themselves."));
        }
        match self.response_type.as_deref() {
            Some("code") => {}
            Some(_) => return Err(("unsupported_response_type", "Only response_type=code is answered.")),
            None => return Err(invalid("response_type is needed: code.")),
        }
        if !matches!(self.response_mode.as_deref(), None | Some("query")) {
            return Err(invalid("Answers go into the query: leave response_mode out."));
        }
        if !self.scope.iter().flat_map(|scope| scope.split(' ')).any(|word| word == "openid") {
            return Err(("invalid_scope", "The scope openid is needed."));
        }
        let too_long = |text: Option<&str>, most| text.is_some_and(|text| text.len() > most);
        if too_long(self.state.as_deref(), LONGEST_STATE) || too_long(self.nonce.as_deref(), LONGEST_NONCE) {
            return Err(invalid("state or nonce is too long."));
        }
        // What is no character of a text is kept by one engine and refused by the other.
        if self.nonce.iter().any(|text| text.chars().any(char::is_control)) {
            return Err(invalid("nonce holds control characters."));
        }
        if self.code_challenge_method.as_deref() != Some("S256") {
            return Err(invalid("PKCE is needed: code_challenge_method=S256."));
        }
        let prompts = self.prompts();
        if self.is_silent() && prompts.len() > 1 {
            return Err(invalid("prompt=none stands alone."));
        }
        let max_age_s = match self.max_age.as_deref().map(str::parse::<u32>) {
            None => None,
            Some(Ok(seconds)) => Some(i64::from(seconds)),
            Some(Err(_)) => return Err(invalid("max_age is a number of seconds.")),
        };
        Ok(Asked {
            nonce: self.nonce.as_deref(),
            code_challenge: self
                .code_challenge
                .as_deref()
                .filter(|text| is_challenge(text))
                .ok_or_else(|| invalid("code_challenge is no SHA-256 in base64url."))?,
            again: prompts.iter().any(|word| matches!(*word, "login" | "select_account")),
            max_age_s,
        })
    }

    fn prompts(&self) -> Vec<&str> {
        self.prompt.iter().flat_map(|text| text.split(' ')).filter(|word| !word.is_empty()).collect()
    }

    /// Nothing may be shown to the person.
    fn is_silent(&self) -> bool {
        self.prompts().contains(&"none")
    }

    /// The same once the person has signed in: what asked for that is done.
    fn after_sign_in(&self) -> Result<String> {
        let given = self.max_age.as_deref().and_then(|text| text.parse::<i64>().ok());
        let asked = given.is_some() || self.prompt.is_some();
        let max_age = asked.then(|| given.unwrap_or(JUST_NOW_S).max(JUST_NOW_S).to_string());
        let after = Self { prompt: None, max_age, ..self.clone() };
        let query = serde_urlencoded::to_string(after).map_err(Error::internal)?;
        let path = format!("{PATH}?{query}");
        if is_local_path(&path) {
            Ok(path)
        } else {
            Err(Error::invalid("state", "This request is too long."))
        }
    }
}

/// SHA-256 in base64url (RFC 7636 §4.2).
fn is_challenge(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

impl Asked<'_> {
    /// Whether the person has to sign in anew who did so at `at`.
    fn is_stale(&self, at: Timestamp, now: Timestamp) -> bool {
        self.again || self.max_age_s.is_some_and(|most| now.since_ms(at) > most.saturating_mul(1000))
    }
}

impl Control {
    /// Answers a workspace that sent somebody here to sign in.
    ///
    /// # Errors
    ///
    /// `invalid` if the workspace or the address to go back to is not registered: then the browser goes nowhere. `forbidden`
    /// for a program.
    pub async fn authorize_sign_in(&self, cx: &Cx, request: &AuthorizationRequest) -> Result<Outcome> {
        let signed_in = match cx.actor() {
            Some(Actor::User { user, session, authenticated_at, .. }) => {
                Some((*user, *session, *authenticated_at))
            }
            Some(_) => return Err(Error::forbidden("People sign in here, in a browser.")),
            None => None,
        };
        // Made for everybody, or a request could be answered until somebody comes who has to sign in first.
        let after_sign_in = request.after_sign_in()?;
        // Before anything is looked up: a stranger learns nothing here, not even which workspaces there are.
        if signed_in.is_none() && !request.is_silent() {
            return Ok(Outcome::SignIn(after_sign_in));
        }
        let (workspace, address) = self.registered(request).await?;
        let back = |pairs: &[(&str, &str)]| self.back(&address, request.state.as_deref(), pairs);
        let refused = |(error, why): Refused| back(&[("error", error), ("error_description", why)]);
        let asked = match request.parsed() {
            Ok(asked) => asked,
            Err(why) => return Ok(refused(why)),
        };
        let stale = signed_in.is_none_or(|(.., at)| asked.is_stale(at, cx.now()));
        let Some((user, session, authenticated_at)) = signed_in.filter(|_| !stale) else {
            return if request.is_silent() {
                Ok(refused(("login_required", "Nobody is signed in, or not lately enough.")))
            } else {
                Ok(Outcome::SignIn(after_sign_in))
            };
        };
        let Some((auth, _)) = self.open_door(cx, workspace).await? else {
            return Ok(refused(("access_denied", "You may not enter this workspace.")));
        };
        self.throttle(CODES, &user.to_string(), cx.now()).await?;
        let code = NewCode {
            session,
            workspace: auth.scope(),
            redirect_uri: address.1,
            code_challenge: asked.code_challenge,
            nonce: asked.nonce,
            authenticated_at,
            expires_at: cx.now().plus_s(CODE_S),
        };
        Ok(back(&[("code", self.keep_code(&code).await?.expose())]))
    }

    async fn keep_code(&self, code: &NewCode<'_>) -> Result<Secret> {
        let secret = Secret::generate(Kind::AuthorizationCode, self.ids());
        let mut tx = self.store().write().await?;
        store::openid::insert_code(&mut tx, secret.digest().as_bytes(), code).await?;
        tx.commit_unaudited("a code is nothing yet; what it is exchanged for is audited").await?;
        Ok(secret)
    }

    /// The workspace that asks and the address it names, if it registered that.
    async fn registered<'a>(
        &self,
        request: &'a AuthorizationRequest,
    ) -> Result<(WorkspaceId, (Url, &'a str))> {
        let unknown = || {
            let said = |text: &Option<String>| shown(text.as_deref().unwrap_or_default());
            let (address, client) = (said(&request.redirect_uri), said(&request.client_id));
            let why = format!(
                "The program that sent you here is not set up to take people back to “{address}” (client id “{client}”). \
                 Whoever manages the workspace can add the address on its page, under “Sign in with Reeve”."
            );
            Error::invalid("redirect_uri", why)
        };
        let named = request.client_id.as_deref().ok_or_else(unknown)?;
        // In the one form in which it is shown.
        let workspace = named.parse().ok().filter(|id: &WorkspaceId| id.to_string() == named);
        let workspace = workspace.ok_or_else(unknown)?;
        let text = request.redirect_uri.as_deref().ok_or_else(unknown)?;
        let mut tx = self.store().read().await?;
        let party = store::openid::relying_party(&mut tx, workspace).await?.ok_or_else(unknown)?;
        if !is_registered(&party, text) {
            return Err(unknown());
        }
        let url = Url::parse(text).map_err(|_| unknown())?;
        Ok((workspace, (url, text)))
    }

    /// The registered address with an answer, and whose answer it is (RFC 9207).
    fn back(&self, (url, _): &(Url, &str), state: Option<&str>, pairs: &[(&str, &str)]) -> Outcome {
        let mut url = url.clone();
        url.query_pairs_mut()
            .extend_pairs(pairs)
            .extend_pairs(state.map(|state| ("state", state)))
            .append_pair("iss", self.settings().public_url.as_str());
        Outcome::Back(url.into())
    }
}
