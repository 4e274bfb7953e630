//! The server functions. What each takes and gives is derived from its own arguments and answer; what it is for is its
//! own text. Listed here is the right it asks for, which a test holds against who gets in.

use super::needs::{Needs, right};
use super::operation::{Operation, of};
use app::api::{
    access, api_keys, audit, connections, devices, grants, invitations, limits, member_sessions, members,
    offboarding, orgs, projects, roles, service_accounts, sessions, setup, teams, trust_rules, workspaces,
};
use control::authz::{
    AccessRead, ApiKeyManage, AuditRead, ClientSelfRead, CommandLineApprove, ConnectionManage,
    ConnectionRead, GrantManage, GrantPreview, InvitationManage, InvitationPrepare, InvitationRead,
    KeyPolicyManage, LimitManage, LimitRead, MemberRead, MemberRemove, MemberSessionManage,
    MemberSessionRead, MemberUpdate, OffboardingPrepare, OrgGrantManage, OrgLeave, OrgRead, OrgUpdate,
    ProjectCreate, ProjectGrantManage, ProjectGrantRead, ProjectName, RoleManage, RoleRead, SelfManage,
    ServiceAccountCreate, ServiceAccountKeys, ServiceAccountManage, ServiceAccountRead, ServiceAccountSee,
    TeamCreate, TeamManage, TeamMembers, TeamRead, TrustRuleRead, WorkspaceDelete, WorkspaceEnroll,
    WorkspaceKeys, WorkspaceRead, WorkspaceUpdate,
};
use model::ErrorCode::{Conflict, Gone, LimitReached, NotFound, RateLimited};
use schemars::{JsonSchema, SchemaGenerator};
use server_fn::{ContentType, Http, ServerFn};

const LINK: &str = "the link is the credential";

/// Every server function.
#[rustfmt::skip]
pub fn all() -> Vec<Operation> {
    vec![
        // access
        reads::<access::GetPersonAccess>(right::<AccessRead>()),
        reads::<access::GetAccessChoices>(right::<AccessRead>()),
        reads::<access::GetAccess>(right::<AccessRead>()),
        reads::<access::ExplainAccess>(right::<AccessRead>()),
        reads::<access::WhoCan>(right::<AccessRead>()),
        reads::<access::PreviewChange>(right::<AccessRead>()),
        reads::<access::PreviewGrant>(right::<GrantPreview>()),
        // api_keys
        reads::<api_keys::ListApiKeys>(right::<SelfManage>()),
        changes::<api_keys::CreateApiKeySecret>(right::<ApiKeyManage>()),
        changes::<api_keys::RotateApiKeySecret>(right::<ApiKeyManage>()),
        changes::<api_keys::SetApiKeyActive>(right::<ApiKeyManage>()),
        changes::<api_keys::RevokeApiKey>(right::<ApiKeyManage>()),
        reads::<api_keys::GetKeyPolicy>(right::<OrgRead>()),
        changes::<api_keys::SetKeyPolicy>(right::<KeyPolicyManage>()),
        // audit
        reads::<audit::ListAuditLog>(right::<AuditRead>()),
        reads::<audit::GetAuditEntry>(right::<AuditRead>()),
        // connections
        reads::<connections::ListConnections>(right::<ConnectionRead>()),
        reads::<connections::GetConnection>(right::<ConnectionRead>()),
        changes::<connections::CreateConnection>(right::<ConnectionManage>()),
        changes::<connections::UpdateConnection>(right::<ConnectionManage>()),
        changes::<connections::SetConnectionEnabled>(right::<ConnectionManage>()),
        changes::<connections::DeleteConnection>(right::<ConnectionManage>()),
        changes::<connections::TestConnection>(right::<ConnectionManage>()).refuses(&[RateLimited]),
        // devices
        reads::<devices::GetDeviceRequest>(right::<SelfManage>()).refuses(&[Gone, RateLimited, NotFound]),
        changes::<devices::ApproveDevice>(right::<SelfManage>()).refuses(&[Gone, RateLimited]),
        changes::<devices::ApproveCommandLine>(right::<CommandLineApprove>()).refuses(&[Gone, RateLimited]),
        changes::<devices::DenyDevice>(right::<SelfManage>()).refuses(&[Gone, RateLimited]),
        reads::<devices::ListDevices>(right::<SelfManage>()),
        changes::<devices::RevokeDevices>(right::<SelfManage>()),
        changes::<devices::RevokeDevice>(right::<SelfManage>()),
        // grants
        reads::<grants::ListOrgGrants>(right::<RoleRead>()),
        changes::<grants::AddGrantInOrg>(right::<OrgGrantManage>()),
        changes::<grants::AddGrantInWorkspace>(right::<GrantManage>()),
        changes::<grants::AddGrantInProject>(right::<ProjectGrantManage>()),
        changes::<grants::RemoveGrantInOrg>(right::<OrgGrantManage>()),
        changes::<grants::RemoveGrantInWorkspace>(right::<GrantManage>()),
        changes::<grants::RemoveGrantInProject>(right::<ProjectGrantManage>()),
        // invitations
        reads::<invitations::ListInvitations>(right::<InvitationRead>()),
        reads::<invitations::GetInvitation>(right::<InvitationRead>()),
        reads::<invitations::GetInvitationChoices>(right::<InvitationPrepare>()),
        changes::<invitations::InviteSecret>(right::<InvitationManage>()),
        changes::<invitations::ResendInvitationSecret>(right::<InvitationManage>()).refuses(&[RateLimited]),
        changes::<invitations::RevokeInvitation>(right::<InvitationManage>()),
        reads::<invitations::ViewInvitation>(Needs::Anyone(LINK)).refuses(&[NotFound, Gone, Conflict]),
        changes::<invitations::AcceptInvitation>(Needs::Anyone(LINK)).refuses(&[NotFound, Gone, Conflict]),
        changes::<invitations::DeclineInvitation>(Needs::Anyone(LINK)).refuses(&[NotFound, Gone, Conflict]),
        changes::<invitations::SignInForInvitation>(Needs::Anyone(LINK)).refuses(&[NotFound, Gone, Conflict]),
        // limits
        reads::<limits::GetUsage>(right::<LimitRead>()),
        changes::<limits::SetLimit>(right::<LimitManage>()),
        // member_sessions
        reads::<member_sessions::ListMemberSessions>(right::<MemberSessionRead>()),
        changes::<member_sessions::EndMemberSession>(right::<MemberSessionManage>()),
        changes::<member_sessions::RevokeMemberDevice>(right::<MemberSessionManage>()),
        changes::<member_sessions::EndMemberSessions>(right::<MemberSessionManage>()),
        // members
        reads::<members::ListMembers>(right::<MemberRead>()),
        reads::<members::GetMember>(right::<MemberRead>()),
        changes::<members::SetMemberRole>(right::<MemberUpdate>()),
        changes::<members::RemoveMember>(right::<MemberRemove>()),
        changes::<members::LeaveOrg>(right::<OrgLeave>()),
        changes::<offboarding::LockMember>(right::<MemberRemove>()),
        changes::<offboarding::UnlockMember>(right::<MemberRemove>()),
        // offboarding
        reads::<offboarding::PreflightOffboarding>(right::<OffboardingPrepare>()),
        changes::<offboarding::CarryOutOffboarding>(right::<MemberRemove>()),
        // orgs
        reads::<orgs::GetOrg>(right::<OrgRead>()),
        changes::<orgs::UpdateOrg>(right::<OrgUpdate>()),
        reads::<orgs::GetOverview>(right::<OrgRead>()),
        // projects
        reads::<projects::GetProject>(right::<ProjectGrantRead>()),
        changes::<projects::CreateProject>(right::<ProjectCreate>()).refuses(&[LimitReached]),
        changes::<projects::NameProject>(right::<ProjectName>()),
        // roles
        reads::<roles::ListRoles>(right::<RoleRead>()),
        reads::<roles::GetRole>(right::<RoleRead>()),
        reads::<roles::ListRoleAssignments>(right::<RoleRead>()),
        changes::<roles::CreateRole>(right::<RoleManage>()),
        changes::<roles::UpdateRole>(right::<RoleManage>()),
        changes::<roles::DeleteRole>(right::<RoleManage>()),
        // service_accounts
        reads::<service_accounts::ListServiceAccounts>(right::<ServiceAccountRead>()),
        reads::<service_accounts::GetServiceAccount>(right::<ServiceAccountSee>()),
        changes::<service_accounts::CreateServiceAccount>(right::<ServiceAccountCreate>()),
        changes::<service_accounts::UpdateServiceAccount>(right::<ServiceAccountManage>()),
        changes::<service_accounts::SetServiceAccountRole>(right::<ServiceAccountManage>()),
        changes::<service_accounts::HandOverServiceAccount>(right::<ServiceAccountManage>()),
        changes::<service_accounts::SetServiceAccountActive>(right::<ServiceAccountManage>()),
        changes::<service_accounts::DeleteServiceAccount>(right::<ServiceAccountManage>()),
        changes::<service_accounts::CreateServiceAccountKeySecret>(right::<ServiceAccountKeys>()),
        changes::<service_accounts::RotateServiceAccountKeySecret>(right::<ServiceAccountKeys>()),
        changes::<service_accounts::SetServiceAccountKeyActive>(right::<ServiceAccountKeys>()),
        changes::<service_accounts::RevokeServiceAccountKey>(right::<ServiceAccountKeys>()),
        // sessions
        reads::<sessions::GetMe>(right::<ClientSelfRead>()),
        reads::<sessions::Frame>(right::<SelfManage>()),
        reads::<sessions::GetSignInOptions>(Needs::Anyone("the sign-in page comes before signing in")),
        changes::<sessions::RequestSignInLink>(Needs::Anyone("asking for a link comes before signing in")).refuses(&[RateLimited]),
        reads::<sessions::PeekSignInLink>(Needs::Anyone(LINK)).refuses(&[NotFound, Gone, Conflict]),
        changes::<sessions::UseSignInLink>(Needs::Anyone(LINK)).refuses(&[NotFound, Gone, Conflict]),
        reads::<sessions::ListSessions>(right::<SelfManage>()),
        reads::<sessions::ListEndings>(right::<SelfManage>()),
        changes::<sessions::EndSession>(right::<SelfManage>()),
        changes::<sessions::EndOtherSessions>(right::<SelfManage>()),
        changes::<sessions::RenameMe>(right::<SelfManage>()),
        // setup
        reads::<setup::PeekSetupLink>(Needs::Anyone(LINK)).refuses(&[NotFound, Gone, Conflict]),
        changes::<setup::CompleteSetup>(Needs::Anyone(LINK)).refuses(&[NotFound, Gone, Conflict]),
        // teams
        reads::<teams::ListTeams>(right::<OrgRead>()),
        reads::<teams::GetTeam>(right::<TeamRead>()),
        changes::<teams::CreateTeam>(right::<TeamCreate>()),
        changes::<teams::UpdateTeam>(right::<TeamManage>()),
        changes::<teams::DeleteTeam>(right::<TeamManage>()),
        changes::<teams::AddTeamMember>(right::<TeamMembers>()),
        changes::<teams::RemoveTeamMember>(right::<TeamMembers>()),
        changes::<teams::SetTeamMaintainer>(right::<TeamManage>()),
        // trust_rules
        reads::<trust_rules::ListTrustRules>(right::<TrustRuleRead>()),
        reads::<trust_rules::ListTrustAttempts>(right::<TrustRuleRead>()),
        changes::<trust_rules::CreateTrustRule>(right::<ServiceAccountKeys>()),
        changes::<trust_rules::UpdateTrustRule>(right::<ServiceAccountKeys>()),
        changes::<trust_rules::EnableTrustRule>(right::<ServiceAccountKeys>()),
        changes::<trust_rules::DeleteTrustRule>(right::<ServiceAccountKeys>()),
        // workspaces
        reads::<workspaces::ListWorkspaces>(right::<OrgRead>()),
        reads::<workspaces::GetWorkspace>(right::<WorkspaceRead>()),
        changes::<workspaces::EnrollWorkspaceSecret>(right::<WorkspaceEnroll>()),
        changes::<workspaces::UpdateWorkspace>(right::<WorkspaceUpdate>()),
        changes::<workspaces::SetSignIn>(right::<WorkspaceKeys>()),
        changes::<workspaces::RotateKeySecret>(right::<WorkspaceKeys>()),
        changes::<workspaces::RevokeKey>(right::<WorkspaceKeys>()),
        changes::<workspaces::SetWorkspaceActive>(right::<WorkspaceDelete>()),
        changes::<workspaces::DeleteWorkspace>(right::<WorkspaceDelete>()),
    ]
}

/// How a server function is called.
trait Called {
    const KIND: &'static str;
}

impl<In: ContentType, Out> Called for Http<In, Out> {
    const KIND: &'static str = In::CONTENT_TYPE;
}

/// A server function that reads.
fn reads<F>(needs: Needs) -> Operation
where
    F: ServerFn<Protocol: Called, Output: JsonSchema> + JsonSchema,
{
    let (id, text) = described::<F>();
    // The middle of `/api/fn/<noun>/<verb>`.
    let noun = F::PATH.split('/').nth(3).unwrap_or_default();
    // With nothing that has to be said, a body need not be there.
    let schema = F::json_schema(&mut SchemaGenerator::default());
    let needed = schema.get("required").and_then(|names| names.as_array()).is_some_and(|all| !all.is_empty());
    let mut operation = Operation::new("POST", F::PATH, noun, &text)
        .by(needs)
        .takes_as(F::Protocol::KIND, of::<F>, needed)
        .gives::<F::Output>("Done.")
        .answers(302, "Done or failed, for a form of a page without JavaScript: back to a page.", Vec::new())
        .coded();
    operation.id = Some(id);
    operation
}

/// A server function that changes something.
fn changes<F>(needs: Needs) -> Operation
where
    F: ServerFn<Protocol: Called, Output: JsonSchema> + JsonSchema,
{
    reads::<F>(needs).refuses(&[Conflict, NotFound])
}

/// The name and the text of a server function, as the framework writes them over its arguments: "Serialized arguments
/// for the [`name`] server function." and then its own text.
fn described<F: JsonSchema>() -> (String, String) {
    let schema = F::json_schema(&mut SchemaGenerator::default());
    let whole = schema.get("description").and_then(|text| text.as_str()).unwrap_or_default();
    let (first, text) = whole.split_once("\n\n").unwrap_or((whole, ""));
    let name = first.split('`').nth(1).unwrap_or_default();
    (name.to_owned(), text.trim().to_owned())
}
