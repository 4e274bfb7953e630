//! Access tokens for one workspace (RFC 9068), made from an API key: signed, so that the workspace can check them by
//! itself, and kept nowhere. What ends the key ends them wherever Reeve is asked; elsewhere their own end does.
//!
//! They say who it is and what the key is limited to. What somebody may do in the workspace is not in them: it changes
//! while they live, and grows with the organization.

mod introspect;
mod issues;
mod revoke;

pub use introspect::Live;
pub(crate) use issues::Issues;
pub use revoke::Revoked;

use crate::Control;
use crate::audit::Event;
use crate::authz::{Authorized, WorkspaceEnter};
use crate::bearer;
use crate::cx::{Actor, ByKey, Cx};
use crate::error::Result;
use crate::secret::{self, Kind, Secret};
use crate::signing::jws::Unverified;
use crate::tokens::{Issued, Refusal};
use model::audit::AuditAction;
use model::{AccessTokenId, ApiKeyId, Rights, Timestamp, UserId, WorkspaceId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::ReadTx;
use store::api_keys::KeyOwner;
use store::audit::Scope;

/// Life of a token.
pub const LIFE_S: i64 = 15 * 60;
/// How far the clocks of replicas may be apart.
pub const LEEWAY_S: i64 = 60;
/// What such a token is called in its header (RFC 9068 §2.1).
const TYPE: &str = "at+jwt";
/// Longest list of scopes, asked for or given: a token has to fit into a header.
const MAX_SCOPE: usize = 1500;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The API key, or a short token made from it.
    pub subject: &'a str,
    /// Whose key the client says it is, if it says so.
    pub client: Option<UserId>,
    /// For which workspace.
    pub workspace: WorkspaceId,
    /// Names of permissions, separated by spaces; `None` for all that the key allows.
    pub scope: Option<&'a str>,
    /// How it came here, for the audit log.
    pub grant: &'static str,
}

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    iss: String,
    sub: UserId,
    aud: WorkspaceId,
    client_id: UserId,
    iat: i64,
    exp: i64,
    jti: AccessTokenId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    /// The API key it hangs on, and which of its secrets.
    #[serde(rename = "reeve_key")]
    key: ApiKeyId,
    #[serde(rename = "reeve_key_generation")]
    generation: i64,
    /// The short token in between, if there was one.
    #[serde(rename = "reeve_token", default, skip_serializing_if = "Option::is_none")]
    between: Option<AccessTokenId>,
}

/// An API key that holds, and the short token by which it was presented.
struct Subject {
    owner: KeyOwner,
    between: Option<AccessTokenId>,
    ends_at: Option<Timestamp>,
}

impl Control {
    /// Issues a token for one workspace. Writes nothing but, once a minute for each key and workspace, that it did.
    pub(crate) async fn issue_for_workspace(
        &self,
        cx: &Cx,
        wanted: Wanted<'_>,
    ) -> Result<std::result::Result<Issued, Refusal>> {
        let subject = self.subject(cx, wanted.subject).await?;
        let Some(subject) = subject.filter(|found| wanted.client.is_none_or(|id| id == found.owner.user_id))
        else {
            return self.refuse(cx, Scope::Installation, Refusal::UnknownKey).await;
        };
        let (owner, now) = (&subject.owner, cx.now());
        let key = bearer::by_key(owner);
        let scopes = match narrowed(key.scopes, wanted.scope) {
            Ok(scopes) => scopes,
            Err(refusal) => return self.refuse(cx, Scope::Person(owner.user_id), refusal).await,
        };
        // The question that every use of the token asks, so that none is given out that would not be accepted.
        let entrant = cx.with_actor(entrant(owner, wanted.workspace, key));
        let Some((auth, party)) = self.open_door(&entrant, wanted.workspace).await? else {
            return Ok(Err(Refusal::NotThere));
        };
        let iat = now.millis().div_euclid(1000);
        let no_later = subject.ends_at.map_or(i64::MAX, |end| end.millis().div_euclid(1000));
        let exp = (iat + LIFE_S).min(no_later);
        if exp <= iat {
            return self.refuse(cx, Scope::Person(owner.user_id), Refusal::UnknownKey).await;
        }
        let claims = Claims {
            iss: self.settings().public_url.as_str().to_owned(),
            sub: owner.user_id,
            aud: wanted.workspace,
            client_id: owner.user_id,
            iat,
            exp,
            jti: cx.new_id(),
            scope: scopes,
            key: owner.id,
            generation: owner.generation,
            between: subject.between,
        };
        let token = self.signer(party.token_algorithm, now).await?.sign(TYPE, &claims)?;
        self.note_issue(&auth, wanted, owner, &claims).await?;
        bearer::note_use(self, owner, now, cx.origin());
        Ok(Ok(Issued { scope: claims.scope, ..Issued::new(Secret::signed(token), exp - iat) }))
    }

    async fn subject(&self, cx: &Cx, text: &str) -> Result<Option<Subject>> {
        let now = cx.now();
        if let Some(digest) = secret::parse(Kind::ApiKey, text) {
            let mut tx = self.store().read().await?;
            let found = store::api_keys::owner_by_digest(&mut tx, digest.as_bytes(), now).await?;
            return Ok(found.map(|owner| Subject { ends_at: owner.expires_at, owner, between: None }));
        }
        let Some(digest) = secret::parse(Kind::KeyToken, text) else {
            return Ok(None);
        };
        let mut tx = self.store().read().await?;
        let found = store::tokens::exchanged_by_digest(&mut tx, digest.as_bytes(), now).await?;
        let Some((id, own_end, owner)) = found else { return Ok(None) };
        let ends_at = Some(owner.expires_at.map_or(own_end, |end| end.min(own_end)));
        Ok(Some(Subject { owner, between: Some(id), ends_at }))
    }

    async fn note_issue(
        &self,
        auth: &Authorized<WorkspaceEnter>,
        wanted: Wanted<'_>,
        owner: &KeyOwner,
        claims: &Claims,
    ) -> Result<()> {
        if !self.issues().is_due(owner.id, wanted.workspace, auth.now()) {
            return Ok(());
        }
        let mut tx = self.store().write().await?;
        let workspace = store::workspaces::by_id(&mut tx, wanted.workspace).await?;
        let event = Event::of(AuditAction::TokenIssued)
            .on("workspace", wanted.workspace.uuid(), workspace.map(|place| place.name).unwrap_or_default())
            .after(json!({
                "grant": wanted.grant,
                "key": owner.key_name,
                "expires_in_s": claims.exp - claims.iat,
                "scope": claims.scope,
            }));
        tx.commit(auth.audit(event)).await?;
        self.issues().noted(owner.id, wanted.workspace, auth.now());
        Ok(())
    }

    /// What a token says, if we signed it and it is not over. Whether what it hangs on still holds is
    /// [`Claims::source`]'s to say.
    pub(crate) async fn read_workspace_token(&self, token: &str, now: Timestamp) -> Result<Option<Claims>> {
        let Some(unverified) = Unverified::read(token) else { return Ok(None) };
        let Some(key) = self.verifying_key(unverified.key(), now).await? else { return Ok(None) };
        let claims: Option<Claims> = unverified.verified(&key, TYPE);
        Ok(claims.filter(|claims| {
            let lives = now.millis() < claims.exp.saturating_mul(1000);
            let begun = claims.iat.saturating_mul(1000) <= now.plus_s(LEEWAY_S).millis();
            let short = claims.iat < claims.exp && claims.exp.saturating_sub(claims.iat) <= LIFE_S;
            lives && begun && short && claims.iss == self.settings().public_url.as_str()
        }))
    }
}

impl Claims {
    /// The account and key behind it, if all that it hangs on holds.
    pub(crate) async fn source(&self, tx: &mut ReadTx, now: Timestamp) -> Result<Option<KeyOwner>> {
        let owner = store::api_keys::owner_by_generation(tx, self.key, self.generation, now).await?;
        let fits = |owner: &KeyOwner| {
            owner.user_id == self.sub && owner.limited_to.is_none_or(|only| only == self.aud)
        };
        let Some(owner) = owner.filter(fits) else { return Ok(None) };
        if store::tokens::is_revoked(tx, self.jti).await? {
            return Ok(None);
        }
        let holds = match self.between {
            Some(id) => store::tokens::is_kept(tx, id, now).await?,
            None => true,
        };
        Ok(holds.then_some(owner))
    }

    /// Whoever comes with it: at the door of its workspace, limited as the key is now and as the token was made.
    pub(crate) fn entrant(&self, owner: &KeyOwner) -> Actor {
        let key = bearer::by_key(owner);
        let own = self.scope.as_deref().map(read_scope);
        entrant(owner, self.aud, ByKey { scopes: both(key.scopes, own), ..key })
    }
}

fn entrant(owner: &KeyOwner, workspace: WorkspaceId, key: ByKey) -> Actor {
    Actor::Entrant { user: owner.user_id, name: owner.user_name.clone(), workspace, key: Some(key) }
}

/// What a version that knows other words wrote allows nothing here.
fn read_scope(text: &str) -> Rights {
    Rights::of(text.split(' ').filter_map(|name| name.parse().ok()))
}

fn both(one: Option<Rights>, other: Option<Rights>) -> Option<Rights> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.without(&one.without(&other))),
        (one, other) => one.or(other),
    }
}

/// The scopes of a token: those asked for that the key allows, or all that it allows. `None` if it is not limited.
fn narrowed(allowed: Option<Rights>, asked: Option<&str>) -> std::result::Result<Option<String>, Refusal> {
    let asked = match asked {
        Some(text) if text.len() > MAX_SCOPE => return Err(Refusal::TooManyScopes),
        Some(text) => {
            let names: Vec<_> = text.split(' ').filter(|name| !name.is_empty()).map(str::parse).collect();
            let names = names.into_iter().collect::<std::result::Result<Vec<_>, _>>();
            Some(Rights::of(names.map_err(|_| Refusal::UnknownScope)?))
        }
        None => None,
    };
    let Some(rights) = both(allowed, asked) else { return Ok(None) };
    if rights.is_empty() {
        return Err(Refusal::NoScope);
    }
    let text = rights.names().map(|name| name.to_string()).collect::<Vec<_>>().join(" ");
    if text.len() > MAX_SCOPE { Err(Refusal::TooManyScopes) } else { Ok(Some(text)) }
}
