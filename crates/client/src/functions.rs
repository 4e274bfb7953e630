//! The server functions, one method each.

use crate::Client;
use model::access::{AbleList, Explanation};
use model::api_key::ApiKeyList;
use model::audit::{AuditQuery, Entry, EntryDetail};
use model::grant::Place;
use model::member::{Member, MemberDetail, MemberQuery};
use model::page::Page;
use model::role::{PermissionName, RoleAssignment, RoleDetail, RoleList, RoleRef};
use model::service_account::{ServiceAccountDetail, ServiceAccountList, ServiceAccountQuery};
use model::session::Me;
use model::team::{TeamDetail, TeamList, TeamQuery};
use model::workspace::{WorkspaceDetail, WorkspaceList, WorkspaceQuery};
use model::{ApiError, ApiKeyId, AuditId, DeviceId, OrgId, ServiceAccountId, TeamId, UserId};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

type Result<T> = std::result::Result<T, ApiError>;

/// What is asked about an organization, beside which one.
#[derive(Serialize)]
struct In<'a, Q> {
    org: OrgId,
    #[serde(flatten)]
    query: &'a Q,
}

#[derive(Serialize)]
struct Nothing {}

/// A person and what they would do.
#[derive(Serialize)]
struct Question {
    org: OrgId,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<UserId>,
    place: Place,
    permission: PermissionName,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<Uuid>,
}

impl Client {
    /// Who the token is of.
    pub async fn me(&self) -> Result<Me> {
        self.call("sessions/me", &Nothing {}).await
    }

    /// A page of the members of an organization, by name.
    pub async fn members(&self, org: OrgId, query: &MemberQuery) -> Result<Page<Member>> {
        self.call("members/list", &In { org, query }).await
    }

    /// One member with what they hold.
    pub async fn member(&self, org: OrgId, user: UserId) -> Result<MemberDetail> {
        self.call("members/one", &[("org", org.to_string()), ("user", user.to_string())]).await
    }

    /// A page of the teams of an organization, by name.
    pub async fn teams(&self, org: OrgId, query: &TeamQuery) -> Result<TeamList> {
        self.call("teams/list", &In { org, query }).await
    }

    /// One team with a page of its people.
    pub async fn team(&self, team: TeamId, cursor: Option<&str>) -> Result<TeamDetail> {
        let mut input = vec![("team", team.to_string())];
        input.extend(cursor.map(|cursor| ("cursor", cursor.to_owned())));
        self.call("teams/one", &input).await
    }

    /// Every role that can be given in an organization.
    pub async fn roles(&self, org: OrgId) -> Result<RoleList> {
        self.call("roles/list", &[("org", org.to_string())]).await
    }

    /// One role with what it allows.
    pub async fn role(&self, org: OrgId, role: RoleRef) -> Result<RoleDetail> {
        self.call("roles/one", &[("org", org.to_string()), ("role", role.to_string())]).await
    }

    /// To whom a role is given, and where.
    pub async fn role_assignments(&self, org: OrgId, role: RoleRef) -> Result<Vec<RoleAssignment>> {
        self.call("roles/assignments", &[("org", org.to_string()), ("role", role.to_string())]).await
    }

    /// Why somebody may do one thing, or what would let them.
    pub async fn explain_access(
        &self,
        org: OrgId,
        user: UserId,
        place: Place,
        permission: PermissionName,
        resource: Option<Uuid>,
    ) -> Result<Explanation> {
        let question = Question { org, user: Some(user), place, permission, resource };
        self.call("access/explain", &question).await
    }

    /// Everybody who may do one thing.
    pub async fn who_can(
        &self,
        org: OrgId,
        place: Place,
        permission: PermissionName,
        resource: Option<Uuid>,
    ) -> Result<AbleList> {
        let question = Question { org, user: None, place, permission, resource };
        self.call("access/who_can", &question).await
    }

    /// A page of the workspaces of an organization that the caller has a part in.
    pub async fn workspaces(&self, org: OrgId, query: &WorkspaceQuery) -> Result<WorkspaceList> {
        self.call("workspaces/list", &In { org, query }).await
    }

    /// One workspace, by its identifier.
    pub async fn workspace(&self, name: &str) -> Result<WorkspaceDetail> {
        self.call("workspaces/get", &[("name", name)]).await
    }

    /// A page of the service accounts of an organization, by name.
    pub async fn service_accounts(
        &self,
        org: OrgId,
        query: &ServiceAccountQuery,
    ) -> Result<ServiceAccountList> {
        self.call("service_accounts/list", &In { org, query }).await
    }

    /// One service account with its keys and what it holds.
    pub async fn service_account(&self, account: ServiceAccountId) -> Result<ServiceAccountDetail> {
        self.call("service_accounts/one", &[("account", account.to_string())]).await
    }

    /// One's own API keys, without their secrets.
    pub async fn api_keys(&self) -> Result<ApiKeyList> {
        self.call("api_keys/list", &Nothing {}).await
    }

    /// Revokes one of one's own API keys, for good.
    pub async fn revoke_api_key(&self, id: ApiKeyId) -> Result<()> {
        self.call("api_keys/revoke", &[("id", id.to_string())]).await
    }

    /// A page of the audit log, the newest entries first.
    pub async fn audit_log(&self, org: OrgId, query: &AuditQuery) -> Result<Page<Entry>> {
        self.call_json("audit/list", &json!({ "org": org, "query": query })).await
    }

    /// One entry, with what it changed.
    pub async fn audit_entry(&self, org: OrgId, id: AuditId) -> Result<EntryDetail> {
        self.call("audit/get", &[("org", org.to_string()), ("id", id.to_string())]).await
    }

    /// Revokes a device one approved: its token ends at once.
    pub async fn revoke_device(&self, id: DeviceId) -> Result<()> {
        self.call("devices/revoke", &[("id", id.to_string())]).await
    }
}
