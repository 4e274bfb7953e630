//! Code for tokens, and the checks of the ID token (OpenID Connect Core 1.0 §3.1.3.7).

use super::address::Reach;
use super::discovery::{Discovery, Providers, reach_of};
use super::fetch::{FetchError, Http};
use super::{Refusal, outage_or_invalid};
use chrono::DateTime;
use futures::future::BoxFuture;
use model::{SignInProblem, Timestamp};
use openidconnect::core::{
    CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreErrorResponseType, CoreIdToken,
    CoreIdTokenClaims, CoreIdTokenVerifier, CoreJsonWebKeySet, CoreJwsSigningAlgorithm, CoreTokenResponse,
};
use openidconnect::{
    AccessTokenHash, AuthType, AuthUrl, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret,
    CsrfToken, HttpRequest, HttpResponse, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, SignatureVerificationError, TokenResponse,
    TokenUrl,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How far a provider's clock may be off ours.
pub(super) const LEEWAY_S: i64 = 60;
/// Longer than any identifier of a person (OpenID Connect Core 1.0 §2 allows 255 characters).
const MAX_SUBJECT: usize = 255;

/// The registration at a provider.
pub(super) struct Client<'a> {
    pub issuer: &'a str,
    pub id: &'a str,
    pub secret: Option<SecretString>,
    pub redirect_uri: String,
}

/// What an attempt keeps for its end, sealed.
#[derive(Serialize, Deserialize)]
pub(super) struct AttemptSecrets {
    pub nonce: String,
    pub verifier: String,
    /// Whether somebody who is signed in confirms who they are, so that the provider has to ask them.
    pub again: bool,
}

/// Who the provider says it is.
#[derive(Debug)]
pub(super) struct Claims {
    pub subject: String,
    /// When the provider asked them who they are (`auth_time`), if it says so.
    pub authenticated_at: Option<Timestamp>,
    pub email: Option<String>,
    /// What they may be called, the best first.
    pub names: Vec<String>,
}

/// Tokens that passed every check.
pub(super) struct Checked {
    pub claims: Claims,
    /// For the userinfo endpoint.
    pub access_token: SecretString,
}

/// Where to send the browser.
pub(super) fn authorization_url(
    client: &Client<'_>,
    provider: &Discovery,
    state: &str,
    secrets: &AttemptSecrets,
) -> Result<String, Refusal> {
    let endpoint = AuthUrl::new(provider.authorization_endpoint.clone()).map_err(|_| bad_endpoint())?;
    let verifier = PkceCodeVerifier::new(secrets.verifier.clone());
    let (state, nonce) = (CsrfToken::new(state.to_owned()), Nonce::new(secrets.nonce.clone()));
    let asking =
        CoreClient::new(ClientId::new(client.id.to_owned()), issuer(client)?, CoreJsonWebKeySet::default())
            .set_auth_uri(endpoint)
            .set_redirect_uri(redirect_uri(client)?);
    let request = asking
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, move || state, move || nonce)
        .add_scope(Scope::new("email".to_owned()))
        .add_scope(Scope::new("profile".to_owned()))
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
    // Some providers know only one of the two (OpenID Connect Core 1.0 §3.1.2.1).
    let request = if secrets.again {
        request.add_prompt(CoreAuthPrompt::Login).set_max_age(Duration::ZERO)
    } else {
        request
    };
    let (url, _, _) = request.url();
    Ok(url.into())
}

/// Exchanges a code and checks what comes back.
pub(super) async fn redeem(
    providers: &Providers,
    provider: &Discovery,
    client: &Client<'_>,
    code: String,
    secrets: AttemptSecrets,
    now: Timestamp,
    begun: Timestamp,
) -> Result<Checked, Refusal> {
    let nonce = Nonce::new(secrets.nonce.clone());
    let answer = exchange(providers, provider, client, code, secrets).await?;
    let id_token = answer.id_token().ok_or(Refusal::invalid("the token endpoint gave no ID token"))?;
    let (keys, fresh) = providers.keys(provider, now).await.map_err(outage_or_invalid)?;
    let first = check(id_token, &answer, &keys, client, &nonce, now, begun);
    let claims = if matches!(first, Err(Failed::Signature(_))) && !fresh {
        // Perhaps the provider changed its keys since we asked; once, not in a loop.
        let keys = providers.fresh_keys(provider, now).await.map_err(outage_or_invalid)?;
        check(id_token, &answer, &keys, client, &nonce, now, begun)?
    } else {
        first?
    };
    Ok(Checked { claims, access_token: answer.access_token().secret().clone().into() })
}

async fn exchange(
    providers: &Providers,
    provider: &Discovery,
    client: &Client<'_>,
    code: String,
    secrets: AttemptSecrets,
) -> Result<CoreTokenResponse, Refusal> {
    let endpoint = TokenUrl::new(provider.token_endpoint.clone()).map_err(|_| bad_endpoint())?;
    let reach = reach_of(client.issuer).map_err(outage_or_invalid)?;
    let mut asking =
        CoreClient::new(ClientId::new(client.id.to_owned()), issuer(client)?, CoreJsonWebKeySet::default())
            .set_token_uri(endpoint)
            .set_redirect_uri(redirect_uri(client)?)
            .set_auth_type(auth_type(provider));
    if let Some(secret) = &client.secret {
        asking = asking.set_client_secret(ClientSecret::new(secret.expose_secret().to_owned()));
    }
    let http = providers.http.clone();
    let http = move |request: HttpRequest| call(http.clone(), request, reach);
    // Boxed: the library's future names lifetimes in a way that hides from callers that it may change threads.
    let asked: BoxFuture<'_, _> = Box::pin(
        asking
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(PkceCodeVerifier::new(secrets.verifier))
            .request_async(&http),
    );
    let answer: Result<CoreTokenResponse, _> = asked.await;
    answer.map_err(|error| match error {
        RequestTokenError::Request(error) => outage(&error),
        RequestTokenError::ServerResponse(answer)
            if matches!(
                answer.error(),
                CoreErrorResponseType::InvalidClient | CoreErrorResponseType::UnauthorizedClient
            ) =>
        {
            Refusal::new(SignInProblem::ClientRefused, "the token endpoint refused the client id or secret")
        }
        // What the provider says here may repeat the code: it goes nowhere.
        RequestTokenError::ServerResponse(_) => Refusal::invalid("the token endpoint refused the code"),
        RequestTokenError::Parse(..) => Refusal::invalid("the token endpoint's answer cannot be read"),
        RequestTokenError::Other(_) => Refusal::invalid("the token endpoint's answer is not JSON, or empty"),
    })
}

async fn call(http: Http, request: HttpRequest, reach: Reach) -> Result<HttpResponse, FetchError> {
    let answer = http.call(request, reach).await?;
    if answer.status().is_redirection() {
        return Err(FetchError::Status(answer.status().as_u16()));
    }
    Ok(answer)
}

/// `client_secret_basic` is what a provider that says nothing offers (OpenID Connect Discovery 1.0 §3).
fn auth_type(provider: &Discovery) -> AuthType {
    let offers = |method: &str| {
        provider
            .token_endpoint_auth_methods_supported
            .as_ref()
            .is_some_and(|all| all.iter().any(|m| m == method))
    };
    if offers("client_secret_post") && !offers("client_secret_basic") {
        AuthType::RequestBody
    } else {
        AuthType::BasicAuth
    }
}

/// How a check failed: by the signature, which newer keys may mend, or otherwise.
pub(super) enum Failed {
    Signature(&'static str),
    Otherwise(&'static str),
}

impl From<Failed> for Refusal {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Signature(why) | Failed::Otherwise(why) => Self::invalid(why),
        }
    }
}

fn check(
    id_token: &CoreIdToken,
    answer: &CoreTokenResponse,
    keys: &CoreJsonWebKeySet,
    client: &Client<'_>,
    nonce: &Nonce,
    now: Timestamp,
    begun: Timestamp,
) -> Result<Claims, Failed> {
    let issuer =
        IssuerUrl::new(client.issuer.to_owned()).map_err(|_| Failed::Otherwise("the issuer is no URL"))?;
    let at = |instant: Timestamp| DateTime::from_timestamp_millis(instant.millis()).unwrap_or_default();
    // Never told the client secret, so that no token signed with it can pass.
    let verifier =
        CoreIdTokenVerifier::new_public_client(ClientId::new(client.id.to_owned()), issuer, keys.clone())
            .set_allowed_algs(algorithms())
            .set_other_audience_verifier_fn(|_| false)
            .set_time_fn(move || at(now.plus_s(-LEEWAY_S)))
            .set_issue_time_verifier_fn(move |issued| {
                let sane = at(begun.plus_s(-LEEWAY_S)) <= issued && issued <= at(now.plus_s(LEEWAY_S));
                if sane { Ok(()) } else { Err("issued at an impossible time".to_owned()) }
            });
    let claims = id_token.claims(&verifier, nonce).map_err(|error| name(&error))?;
    if claims.issuer().as_str() != client.issuer {
        return Err(Failed::Otherwise("the ID token is of another issuer"));
    }
    if claims.authorized_party().is_some_and(|azp| azp.as_str() != client.id) {
        return Err(Failed::Otherwise("the ID token was given to another client (azp)"));
    }
    if let Some(said) = claims.access_token_hash() {
        let algorithm =
            id_token.signing_alg().map_err(|_| Failed::Otherwise("the ID token is not signed"))?;
        let key =
            id_token.signing_key(&verifier).map_err(|_| Failed::Signature("no key fits the ID token"))?;
        let computed = AccessTokenHash::from_token(answer.access_token(), algorithm, key)
            .map_err(|_| Failed::Otherwise("the hash of the access token cannot be computed"))?;
        if computed != *said {
            return Err(Failed::Otherwise("the access token is not the one of the ID token (at_hash)"));
        }
    }
    let subject = claims.subject().as_str();
    if subject.is_empty() || subject.len() > MAX_SUBJECT || subject.chars().any(char::is_control) {
        return Err(Failed::Otherwise("the subject is empty, too long or no text"));
    }
    Ok(Claims::of(claims))
}

/// What failed, in words that hold nothing of the token.
pub(super) fn name(error: &ClaimsVerificationError) -> Failed {
    use ClaimsVerificationError as Claim;
    use SignatureVerificationError as Signature;
    match error {
        Claim::SignatureVerification(Signature::DisallowedAlg(_) | Signature::UnsupportedAlg(_)) => {
            Failed::Otherwise("the ID token is signed with an algorithm that is not accepted")
        }
        Claim::SignatureVerification(Signature::NoSignature) => {
            Failed::Otherwise("the ID token is not signed")
        }
        Claim::SignatureVerification(Signature::NoMatchingKey) => {
            Failed::Signature("no key fits the ID token")
        }
        Claim::SignatureVerification(Signature::AmbiguousKeyId(_)) => {
            Failed::Signature("the ID token does not say which of several keys signed it")
        }
        Claim::SignatureVerification(_) => Failed::Signature("the signature of the ID token does not hold"),
        Claim::InvalidIssuer(_) => Failed::Otherwise("the ID token is of another issuer"),
        Claim::InvalidAudience(_) => {
            Failed::Otherwise("the ID token is for another client, or for more than one")
        }
        Claim::InvalidNonce(_) => Failed::Otherwise("the nonce is missing or not the one of this attempt"),
        Claim::Expired(_) => {
            Failed::Otherwise("the ID token has run out, or was issued at an impossible time")
        }
        _ => Failed::Otherwise("the ID token is not one that is accepted"),
    }
}

/// [`super::discovery::ALGORITHMS`] as the library knows them.
pub(super) fn algorithms() -> [CoreJwsSigningAlgorithm; 9] {
    use CoreJwsSigningAlgorithm as A;
    [
        A::RsaSsaPkcs1V15Sha256,
        A::RsaSsaPkcs1V15Sha384,
        A::RsaSsaPkcs1V15Sha512,
        A::RsaSsaPssSha256,
        A::RsaSsaPssSha384,
        A::RsaSsaPssSha512,
        A::EcdsaP256Sha256,
        A::EcdsaP384Sha384,
        A::EdDsa,
    ]
}

impl Claims {
    fn of(claims: &CoreIdTokenClaims) -> Self {
        let name =
            claims.name().and_then(|names| names.get(None).or_else(|| names.iter().next().map(|(_, n)| n)));
        let names = [name.map(|n| n.to_string()), claims.preferred_username().map(|n| n.to_string())];
        Self {
            subject: claims.subject().to_string(),
            authenticated_at: claims.auth_time().map(|at| Timestamp::from_millis(at.timestamp_millis())),
            email: claims.email().map(|e| e.to_string()),
            names: names.into_iter().flatten().collect(),
        }
    }

    /// Refuses a sign-in at the provider from before `begun`: the provider was told to ask again. One that does not say
    /// when it asked is believed to have done as it was told.
    pub(super) fn refuse_earlier(&self, begun: Timestamp) -> Result<(), Refusal> {
        match self.authenticated_at {
            Some(at) if at < begun.plus_s(-LEEWAY_S) => Err(Refusal::new(
                SignInProblem::NotAskedAgain,
                "the provider let the person pass by an earlier sign-in (auth_time)",
            )),
            _ => Ok(()),
        }
    }

    /// Adds what the ID token left out from the userinfo endpoint, if there is one.
    pub(super) async fn complete(
        &mut self,
        providers: &Providers,
        provider: &Discovery,
        access_token: &SecretString,
    ) -> Result<(), Refusal> {
        #[derive(Deserialize)]
        struct UserInfo {
            sub: String,
            email: Option<String>,
            name: Option<String>,
            preferred_username: Option<String>,
        }
        let Some(endpoint) = &provider.userinfo_endpoint else {
            return Ok(());
        };
        if self.email.is_some() && !self.names.is_empty() {
            return Ok(());
        }
        let reach = reach_of(&provider.issuer).map_err(outage_or_invalid)?;
        let token = access_token.expose_secret();
        let body = providers.http.get(endpoint, Some(token), reach).await.map_err(|e| outage(&e))?;
        let said: UserInfo = serde_json::from_slice(&body)
            .map_err(|_| Refusal::invalid("the userinfo endpoint's answer cannot be read"))?;
        if said.sub != self.subject {
            return Err(Refusal::invalid("the userinfo endpoint speaks of somebody else"));
        }
        self.email = self.email.take().or(said.email);
        self.names.extend([said.name, said.preferred_username].into_iter().flatten());
        Ok(())
    }
}

fn outage(error: &FetchError) -> Refusal {
    if super::is_outage(error) {
        Refusal::new(SignInProblem::ProviderUnreachable, "the provider does not answer")
    } else {
        Refusal::invalid("an endpoint of the provider gives no usable answer")
    }
}

fn issuer(client: &Client<'_>) -> Result<IssuerUrl, Refusal> {
    IssuerUrl::new(client.issuer.to_owned()).map_err(|_| bad_endpoint())
}

fn redirect_uri(client: &Client<'_>) -> Result<RedirectUrl, Refusal> {
    RedirectUrl::new(client.redirect_uri.clone()).map_err(|_| bad_endpoint())
}

fn bad_endpoint() -> Refusal {
    Refusal::invalid("an address of the provider is no URL")
}
