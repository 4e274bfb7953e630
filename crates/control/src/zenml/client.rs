//! What a person's command line asks: which workspaces and organizations are there for them.

use crate::Control;
use crate::authz::{Authorized, ClientOrgRead, ClientSelfRead, ClientWorkspaceRead, Right};
use crate::cx::Cx;
use crate::error::{Error, Result};
use crate::settings::folded_url;
use model::grant::ProjectPlace;
use model::org::Org;
use model::workspace::WorkspaceStatus;
use model::{OrgId, ProjectId, Timestamp, WorkspaceId};
use store::workspaces::{Filter, Workspace};

/// A workspace as clients are told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientWorkspace {
    /// Its id.
    pub id: WorkspaceId,
    /// Its identifier.
    pub name: String,
    /// Its name for people.
    pub display_name: String,
    /// What it is for.
    pub description: String,
    /// Whose it is.
    pub org: Org,
    /// What a client acts on.
    pub status: WorkspaceStatus,
    /// Where its server is, once that is known.
    pub server_url: Option<String>,
    /// Its server's version, once that is known.
    pub version: Option<String>,
    /// When it was enrolled.
    pub created_at: Timestamp,
    /// When somebody last changed it.
    pub updated_at: Timestamp,
}

impl ClientWorkspace {
    fn new(workspace: Workspace, org: Org) -> Self {
        Self {
            status: workspace.status(),
            id: workspace.id,
            name: workspace.name,
            display_name: workspace.display_name,
            description: workspace.description,
            org,
            server_url: workspace.server_url,
            version: workspace.version,
            created_at: workspace.created_at,
            updated_at: workspace.updated_at,
        }
    }
}

/// What a client looks for. It never asks for a second page.
#[derive(Clone, Debug, Default)]
pub struct ClientQuery {
    /// Exactly this identifier.
    pub name: Option<String>,
    /// The server's address, in any spelling.
    pub url: Option<String>,
    /// Only of this organization.
    pub org: Option<OrgId>,
    /// Only with this status.
    pub status: Option<WorkspaceStatus>,
    /// Only those the person may sign in to.
    pub member_only: bool,
    /// Skips so many.
    pub offset: u32,
    /// At most so many.
    pub limit: u32,
}

impl Control {
    /// The workspaces the caller has a part in.
    pub async fn client_workspaces(
        &self,
        auth: &Authorized<ClientSelfRead>,
        query: &ClientQuery,
    ) -> Result<Vec<ClientWorkspace>> {
        let url = query.url.as_deref().map(folded_url);
        if matches!(url, Some(None)) {
            // What is no address is no workspace's address.
            return Ok(Vec::new());
        }
        let url = url.flatten();
        let seen = self.visible(auth, query.org, query.member_only).await?;
        let filter = Filter {
            name: query.name.as_deref(),
            url_folded: url.as_deref(),
            status: query.status,
            offset: query.offset,
            ..Filter::of(&seen, query.limit)
        };
        let mut tx = self.store().read().await?;
        let found = store::workspaces::list(&mut tx, &filter).await?;
        Ok(found.into_iter().map(|seen| ClientWorkspace::new(seen.workspace, seen.org)).collect())
    }

    /// The proof of a right in a workspace, which clients name by its id or its identifier.
    pub async fn client_workspace_proof<R: Right<Scope = WorkspaceId>>(
        &self,
        cx: &Cx,
        id_or_name: &str,
    ) -> Result<Authorized<R>> {
        let id = self.workspace_id(cx, id_or_name).await?;
        self.authorize::<R>(cx, id).await
    }

    /// The same in a project, which is named by its id, with its workspace.
    pub async fn client_project_proof<R: Right<Scope = ProjectPlace>>(
        &self,
        cx: &Cx,
        id_or_name: &str,
        project: ProjectId,
    ) -> Result<Authorized<R>> {
        let workspace = self.workspace_id(cx, id_or_name).await?;
        self.authorize::<R>(cx, ProjectPlace { workspace, project }).await
    }

    /// The id of a workspace. A proof has to follow.
    async fn workspace_id(&self, cx: &Cx, id_or_name: &str) -> Result<WorkspaceId> {
        if cx.actor().is_none() {
            return Err(Error::unauthenticated());
        }
        if let Ok(id) = id_or_name.parse() {
            return Ok(id);
        }
        let mut tx = self.store().read().await?;
        Ok(store::workspaces::by_name(&mut tx, id_or_name).await?.ok_or_else(Error::not_found)?.id)
    }

    /// One workspace.
    pub async fn client_workspace(&self, auth: &Authorized<ClientWorkspaceRead>) -> Result<ClientWorkspace> {
        let mut tx = self.store().snapshot().await?;
        let workspace =
            store::workspaces::by_id(&mut tx, auth.scope()).await?.ok_or_else(Error::not_found)?;
        let org = store::orgs::by_id(&mut tx, workspace.org_id).await?.ok_or_else(Error::not_found)?;
        Ok(ClientWorkspace::new(workspace, org))
    }

    /// The organizations the caller is a member of.
    pub async fn client_orgs(
        &self,
        auth: &Authorized<ClientSelfRead>,
        offset: u32,
        limit: u32,
    ) -> Result<Vec<Org>> {
        let mut tx = self.store().read().await?;
        Ok(store::orgs::list_of_user(&mut tx, auth.scope(), offset, limit).await?)
    }

    /// One organization.
    pub async fn client_org(&self, auth: &Authorized<ClientOrgRead>) -> Result<Org> {
        let mut tx = self.store().read().await?;
        store::orgs::by_id(&mut tx, auth.scope()).await?.ok_or_else(Error::not_found)
    }

    /// The proof of a right in an organization, which clients name by its id or its identifier.
    pub async fn client_org_proof<R: Right<Scope = OrgId>>(
        &self,
        cx: &Cx,
        id_or_name: &str,
    ) -> Result<Authorized<R>> {
        if cx.actor().is_none() {
            return Err(Error::unauthenticated());
        }
        let id = if let Ok(id) = id_or_name.parse() {
            id
        } else {
            let mut tx = self.store().read().await?;
            store::orgs::by_name(&mut tx, id_or_name).await?.ok_or_else(Error::not_found)?.id
        };
        self.authorize::<R>(cx, id).await
    }
}
