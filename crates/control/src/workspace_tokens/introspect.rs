//! A workspace asks whether a token is good (RFC 7662): now, and not when it was made.

use super::Claims;
use crate::Control;
use crate::activity::Touch;
use crate::authz::{Authorized, WorkspaceAct, WorkspaceEnter};
use crate::bearer;
use crate::cx::{Actor, Cx};
use crate::error::Result;
use crate::secret::{self, Kind};
use crate::signing::jws;
use crate::tokens::Refusal;
use model::{AccessTokenId, ErrorCode, UserId, WorkspaceId};

/// What a token that is good says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Live {
    /// Whose it is.
    pub user: UserId,
    /// Their account's name.
    pub username: String,
    /// For which workspace.
    pub workspace: WorkspaceId,
    /// Names of permissions it is limited to; `None` for all that they may do.
    pub scope: Option<String>,
    /// Its id, and when it was made and is over in Unix seconds; not of a token that is kept.
    pub signed: Option<(AccessTokenId, i64, i64)>,
}

impl Control {
    /// The request of a workspace's server that shows its enrollment key instead of a token of its own.
    pub async fn by_enrollment_key(
        &self,
        open: &crate::Open,
        workspace: WorkspaceId,
        key: &str,
    ) -> Result<std::result::Result<Cx, Refusal>> {
        let cx = open.cx();
        let owner = match self.server_by_key(cx, workspace, key).await? {
            Ok(owner) => owner,
            Err(scope) => return self.refuse(cx, scope, Refusal::UnknownWorkspace).await,
        };
        Ok(Ok(cx.with_actor(Actor::Workspace {
            workspace,
            org: owner.org_id,
            name: owner.name,
            credential: owner.credential_id,
        })))
    }

    /// What a token says, if it lets its holder into the workspace that asks, at this moment. Whatever else it is good
    /// for, to this workspace it is nothing.
    pub async fn introspect(&self, auth: &Authorized<WorkspaceAct>, token: &str) -> Result<Option<Live>> {
        self.activity().note(Touch::Workspace(auth.scope()), auth.now());
        if jws::looks_signed(token) {
            return self.introspect_signed(auth, token).await;
        }
        let Some(digest) = secret::parse(Kind::EntryToken, token) else { return Ok(None) };
        let mut tx = self.store().read().await?;
        let found = bearer::holder(self, &mut tx, Kind::EntryToken, digest, auth.now()).await?;
        drop(tx);
        match found {
            Some(found) => self.lets_in(auth, found.actor, None).await,
            None => Ok(None),
        }
    }

    async fn introspect_signed(&self, auth: &Authorized<WorkspaceAct>, token: &str) -> Result<Option<Live>> {
        let Some(claims) = self.read_workspace_token(token, auth.now()).await? else { return Ok(None) };
        if claims.aud != auth.scope() {
            return Ok(None);
        }
        let mut tx = self.store().read().await?;
        let Some(owner) = claims.source(&mut tx, auth.now()).await? else { return Ok(None) };
        drop(tx);
        let actor = claims.entrant(&owner);
        self.lets_in(auth, actor, Some(claims)).await
    }

    async fn lets_in(
        &self,
        auth: &Authorized<WorkspaceAct>,
        actor: Actor,
        claims: Option<Claims>,
    ) -> Result<Option<Live>> {
        let Actor::Entrant { user, name, workspace, key } = actor else { return Ok(None) };
        // Another scope than that of entering is the workspace's own affair: what counts is that they belong here.
        let key = key.map(|key| crate::cx::ByKey { scopes: None, ..key });
        let asked = Actor::Entrant { user, name, workspace, key };
        // Whether the door is open is not asked: the server of a workspace that is switched off has nothing to ask with.
        match self.authorize::<WorkspaceEnter>(&auth.cx().with_actor(asked), auth.scope()).await {
            Ok(_) => {}
            Err(error) if matches!(error.code(), ErrorCode::NotFound | ErrorCode::Forbidden) => {
                return Ok(None);
            }
            Err(error) => return Err(error),
        }
        let mut tx = self.store().read().await?;
        let Some(account) = store::users::by_id(&mut tx, user).await? else { return Ok(None) };
        Ok(Some(Live {
            user,
            username: account.username,
            workspace,
            scope: claims.as_ref().and_then(|claims| claims.scope.clone()),
            signed: claims.map(|claims| (claims.jti, claims.iat, claims.exp)),
        }))
    }
}
