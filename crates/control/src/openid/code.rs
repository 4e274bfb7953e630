//! A code, exchanged for an ID token and an access token (`OpenID` Connect Core 1.0 §3.1.3).

use super::Person;
use crate::Control;
use crate::audit::Event;
use crate::authz::{Authorized, WorkspaceEnter};
use crate::cx::{Actor, Cx};
use crate::error::Result;
use crate::secret::{self, Digest, Kind, Secret};
use crate::tokens::{Issued, Refusal};
use crate::workspace_tokens::LIFE_S;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::audit::AuditAction;
use model::{AccessTokenId, WorkspaceId, WorkspaceSignInId};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::audit::Scope;
use store::openid::Code;
use store::tokens::Source;

/// What an ID token is called in its header: never what an access token is (RFC 9068 §2.1).
const TYPE: &str = "JWT";

/// What a workspace shows for a code (RFC 6749 §4.1.3, RFC 7636 §4.5).
#[derive(Clone, Copy, Debug)]
pub struct CodeGrant<'a> {
    /// Which workspace it says it is.
    pub workspace: WorkspaceId,
    /// Its enrollment key.
    pub key: &'a str,
    /// The code.
    pub code: &'a str,
    /// Where the person was sent back to.
    pub redirect_uri: &'a str,
    /// What the challenge was made from.
    pub verifier: &'a str,
}

impl CodeGrant<'_> {
    fn fits(&self, code: &Code) -> bool {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier));
        // Of two digests, one of them public: there is nothing that the time it takes would tell.
        code.redirect_uri == self.redirect_uri && code.code_challenge == challenge
    }
}

/// The claims of an ID token (`OpenID` Connect Core 1.0 §2, and `sid` of Back-Channel Logout 1.0 §2.1).
#[derive(Serialize)]
struct IdToken<'a> {
    iss: &'a str,
    aud: WorkspaceId,
    iat: i64,
    exp: i64,
    auth_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<String>,
    sid: WorkspaceSignInId,
    #[serde(flatten)]
    person: Person,
}

impl Control {
    pub(crate) async fn exchange_code(
        &self,
        cx: &Cx,
        shown: CodeGrant<'_>,
    ) -> Result<std::result::Result<Issued, Refusal>> {
        let owner = match self.server_by_key(cx, shown.workspace, shown.key).await? {
            Ok(owner) => owner,
            Err(log) => return self.refuse(cx, log, Refusal::UnknownWorkspace).await,
        };
        let log = Scope::Org(owner.org_id);
        match self.signed_in_by(cx, log, shown).await? {
            Some(issued) => Ok(Ok(issued)),
            None => self.refuse(cx, log, Refusal::UnknownAuthorizationCode).await,
        }
    }

    /// What a code is good for. `None` if it is good for nothing, whatever the reason: whoever shows it learns none.
    async fn signed_in_by(&self, cx: &Cx, log: Scope, shown: CodeGrant<'_>) -> Result<Option<Issued>> {
        let Some(digest) = secret::parse(Kind::AuthorizationCode, shown.code) else { return Ok(None) };
        let Some(code) = self.code(digest).await?.filter(|code| code.workspace_id == shown.workspace) else {
            return Ok(None);
        };
        if let Some(token) = code.access_token_id {
            self.end_shown_again(cx, log, token).await?;
            return Ok(None);
        }
        if code.expires_at <= cx.now() || !shown.fits(&code) {
            return Ok(None);
        }
        // The question that every use of the access token asks.
        let entrant = cx.with_actor(Actor::Entrant {
            user: code.user_id,
            name: code.user_name.clone(),
            workspace: shown.workspace,
            key: None,
        });
        let Some((auth, party)) = self.open_door(&entrant, shown.workspace).await? else { return Ok(None) };
        // Before the code is used up: what cannot be signed now may be a moment later.
        let signer = self.signer(party.token_algorithm, cx.now()).await?;
        let Some((access, sid, person)) = self.take_code(&auth, &party.name, digest, &code).await? else {
            // Over with its session, or shown twice at once.
            if let Some(token) = self.code(digest).await?.and_then(|code| code.access_token_id) {
                self.end_shown_again(cx, log, token).await?;
            }
            return Ok(None);
        };
        let seconds = |at: model::Timestamp| at.millis().div_euclid(1000);
        let claims = IdToken {
            iss: self.settings().public_url.as_str(),
            aud: shown.workspace,
            iat: seconds(cx.now()),
            exp: seconds(cx.now()) + LIFE_S,
            auth_time: seconds(code.authenticated_at),
            nonce: code.nonce,
            sid,
            person,
        };
        let id_token = signer.sign(TYPE, &claims)?;
        Ok(Some(Issued { id_token: Some(Secret::signed(id_token)), ..Issued::new(access, LIFE_S) }))
    }

    async fn code(&self, digest: Digest) -> Result<Option<Code>> {
        let mut tx = self.store().read().await?;
        Ok(store::openid::code_by_digest(&mut tx, digest.as_bytes()).await?)
    }

    /// Makes the access token, and notes the sign-in. `None`, and nothing is written, if the code was taken a moment ago, or
    /// the session is over.
    async fn take_code(
        &self,
        auth: &Authorized<WorkspaceEnter>,
        workspace: &str,
        digest: Digest,
        code: &Code,
    ) -> Result<Option<(Secret, WorkspaceSignInId, Person)>> {
        let now = auth.now();
        let mut tx = self.store().write().await?;
        // Or it could end between this and the note by which the workspace is told of it.
        if !store::sessions::hold(&mut tx, code.session_id).await? {
            return Ok(None);
        }
        let source = Source::Session(code.user_id, code.session_id, code.workspace_id);
        let Some(made) = self.issue(&mut tx, auth.cx(), source, LIFE_S).await? else { return Ok(None) };
        if !store::openid::redeem_code(&mut tx, digest.as_bytes(), made.id, now).await? {
            return Ok(None);
        }
        let sid = auth.cx().new_id();
        let sid = store::openid::note_sign_in(&mut tx, sid, code.session_id, code.workspace_id, now).await?;
        let person = Person::at_the_door(&mut tx, auth).await?;
        let event = Event::of(AuditAction::TokenIssued)
            .on("workspace", code.workspace_id.uuid(), workspace)
            .after(json!({ "grant": "authorization_code", "expires_in_s": LIFE_S }));
        tx.commit(auth.audit(event)).await?;
        Ok(Some((made.secret, sid, person)))
    }

    /// A code that comes twice was stolen, or its answer was: whoever was first loses what they got (RFC 6749 §4.1.2).
    async fn end_shown_again(&self, cx: &Cx, log: Scope, token: AccessTokenId) -> Result<()> {
        let mut tx = self.store().write().await?;
        if !store::tokens::delete_by_id(&mut tx, token).await? {
            return Ok(());
        }
        let why = json!({ "token": "of a sign-in", "why": "its authorization code was shown a second time" });
        Ok(tx.commit(Event::of(AuditAction::TokenRevoked).after(why).stamped(cx, log)).await?)
    }
}
