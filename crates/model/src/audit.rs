//! The audit log.

use crate::words;
use crate::{AuditId, Timestamp};
use serde::{Deserialize, Serialize};

words! {
    /// What was done, or tried.
    AuditAction {
        /// An organization was made.
        OrgCreated = "organization.created",
        /// An organization's name or description changed.
        OrgUpdated = "organization.updated",
        /// A setup link was made.
        SetupLinkCreated = "setup_link.created",
        /// A person's account was made.
        UserCreated = "user.created",
        /// A person changed their account.
        UserUpdated = "user.updated",
        /// An identity was joined to an account.
        IdentityAdded = "identity.added",
        /// Somebody asked for a one-time link.
        SignInLinkRequested = "sign_in_link.requested",
        /// A person signed in.
        SessionCreated = "session.created",
        /// A sign-in was refused.
        SignInRefused = "sign_in.refused",
        /// A session was ended.
        SessionEnded = "session.ended",
        /// A member joined.
        MemberJoined = "member.joined",
        /// A member's role changed.
        MemberUpdated = "member.updated",
        /// A member was removed or left.
        MemberRemoved = "member.removed",
        /// A member was locked: nothing of theirs opens the organization.
        MemberLocked = "member.locked",
        /// A member was unlocked.
        MemberUnlocked = "member.unlocked",
        /// A member was offboarded; the entries before it tell of each thing that ended or was handed over.
        MemberOffboarded = "member.offboarded",
        /// An administrator ended sessions and devices of a member.
        MemberSessionsEnded = "member_sessions.ended",
        /// Somebody was invited.
        InvitationCreated = "invitation.created",
        /// An invitation got a new link.
        InvitationResent = "invitation.resent",
        /// An invitation was taken back.
        InvitationRevoked = "invitation.revoked",
        /// An invitation was accepted.
        InvitationAccepted = "invitation.accepted",
        /// An invitation was declined.
        InvitationDeclined = "invitation.declined",
        /// A connection was added.
        ConnectionCreated = "connection.created",
        /// A connection changed.
        ConnectionUpdated = "connection.updated",
        /// A connection was removed.
        ConnectionDeleted = "connection.deleted",
        /// A connection was tested.
        ConnectionTested = "connection.tested",
        /// A workspace was enrolled.
        WorkspaceEnrolled = "workspace.enrolled",
        /// A workspace's server started and reported.
        WorkspaceReported = "workspace.reported",
        /// A workspace's display name or description changed.
        WorkspaceUpdated = "workspace.updated",
        /// A workspace got a new enrollment key.
        WorkspaceKeyRotated = "workspace.key_rotated",
        /// An enrollment key was revoked.
        WorkspaceKeyRevoked = "workspace.key_revoked",
        /// A workspace was deactivated.
        WorkspaceDeactivated = "workspace.deactivated",
        /// A workspace was activated again.
        WorkspaceActivated = "workspace.activated",
        /// A workspace was deleted.
        WorkspaceDeleted = "workspace.deleted",
        /// A workspace let a person in.
        WorkspaceEntered = "workspace.entered",
        /// A role was given.
        GrantCreated = "grant.created",
        /// A role was changed.
        GrantUpdated = "grant.updated",
        /// A role was taken.
        GrantDeleted = "grant.deleted",
        /// A custom role was made.
        RoleCreated = "role.created",
        /// A custom role changed.
        RoleUpdated = "role.updated",
        /// A custom role was deleted, with its grants.
        RoleDeleted = "role.deleted",
        /// A team was made.
        TeamCreated = "team.created",
        /// A team's name or description changed.
        TeamUpdated = "team.updated",
        /// A team was deleted, with its grants and shares.
        TeamDeleted = "team.deleted",
        /// Somebody was put into a team.
        TeamMemberAdded = "team_member.added",
        /// Somebody became a maintainer of a team, or stopped being one.
        TeamMemberUpdated = "team_member.updated",
        /// Somebody was taken out of a team, or left it.
        TeamMemberRemoved = "team_member.removed",
        /// A project was made in its workspace.
        ProjectCreated = "project.created",
        /// A project got a name.
        ProjectUpdated = "project.updated",
        /// A limit was set or lifted.
        LimitUpdated = "limit.updated",
        /// A resource was shared, or a share changed.
        ShareUpdated = "share.updated",
        /// Shares of deleted resources were forgotten.
        SharesDeleted = "shares.deleted",
        /// A command line asked to sign in.
        DeviceRequested = "device.requested",
        /// A device was approved.
        DeviceApproved = "device.approved",
        /// A device was denied.
        DeviceDenied = "device.denied",
        /// A device was revoked.
        DeviceRevoked = "device.revoked",
        /// An API key was made.
        ApiKeyCreated = "api_key.created",
        /// An API key was renamed, switched off or switched on.
        ApiKeyUpdated = "api_key.updated",
        /// An API key got another secret.
        ApiKeyRotated = "api_key.rotated",
        /// An API key was revoked.
        ApiKeyRevoked = "api_key.revoked",
        /// What the organization allows of API keys was changed.
        KeyPolicyUpdated = "key_policy.updated",
        /// A service account was made.
        ServiceAccountCreated = "service_account.created",
        /// A service account's description, role or owner changed.
        ServiceAccountUpdated = "service_account.updated",
        /// A service account was deactivated: nothing of it works.
        ServiceAccountDeactivated = "service_account.deactivated",
        /// A service account was activated again.
        ServiceAccountActivated = "service_account.activated",
        /// A service account was deleted, with its keys and roles.
        ServiceAccountDeleted = "service_account.deleted",
        /// A trust rule was made.
        TrustRuleCreated = "trust_rule.created",
        /// A trust rule changed, or was switched off or on.
        TrustRuleUpdated = "trust_rule.updated",
        /// A trust rule was deleted, and with it the tokens made by it.
        TrustRuleDeleted = "trust_rule.deleted",
        /// The token endpoint issued a token.
        TokenIssued = "token.issued",
        /// The token endpoint refused.
        TokenRefused = "token.refused",
        /// A token was revoked by whoever held it.
        TokenRevoked = "token.revoked",
        /// A key that signs tokens was made.
        SigningKeyCreated = "signing_key.created",
        /// Another key signs tokens from then on.
        SigningKeyRotated = "signing_key.rotated",
        /// Somebody without the right tried.
        AccessDenied = "access.denied",
        /// The audit log was exported.
        AuditExported = "audit.exported",
        /// Everything sealed began to move to a new data key.
        KeyRotationStarted = "key_rotation.started",
        /// Everything sealed is under the new data key.
        KeyRotationFinished = "key_rotation.finished",
        /// Data keys that no secret key opens were given up.
        DataKeysForgotten = "data_keys.forgotten",
    }
}

words! {
    /// How it ended.
    Outcome {
        /// It was done.
        Success = "success",
        /// It was refused.
        Refused = "refused",
    }
}

/// An entry of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Entry {
    /// Its id.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// What, one of [`AuditAction`]; as text, so that entries of a later version can still be read.
    pub action: String,
    /// How it ended.
    pub outcome: Outcome,
    /// What kind of actor: `user`, `workspace`, `system`, `anonymous`.
    pub actor_kind: String,
    /// The actor's id.
    pub actor_id: Option<String>,
    /// The actor's name at that time.
    pub actor_name: String,
    /// What kind of thing it was done to.
    pub target_kind: Option<String>,
    /// That thing's id.
    pub target_id: Option<String>,
    /// That thing's name at that time.
    pub target_name: Option<String>,
    /// What it was before, as JSON.
    pub before: Option<String>,
    /// What it is now, or why it was refused, as JSON.
    pub after: Option<String>,
    /// From where.
    pub ip: Option<String>,
    /// With what.
    pub user_agent: Option<String>,
    /// Leads to the log lines.
    pub request_id: String,
}

/// An entry with what it changed, side by side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EntryDetail {
    /// The entry.
    pub entry: Entry,
    /// What was noted before and after, by name.
    pub changes: Vec<Change>,
}

/// One value that was noted with an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "NotedChange"))]
pub struct Change {
    /// Its name; inside another value, with a dot.
    pub name: String,
    /// What it was, if it was there.
    pub before: Option<String>,
    /// What it is, if it is there.
    pub after: Option<String>,
}

/// Filters of the audit log. All optional; kept in the page's URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuditQuery {
    /// Only this action.
    pub action: Option<String>,
    /// Only this outcome.
    pub outcome: Option<Outcome>,
    /// Only entries by the actor with this id.
    pub actor: Option<String>,
    /// Only entries on the thing with this id.
    pub target: Option<String>,
    /// From this instant on, RFC 3339 or a date.
    pub from: Option<String>,
    /// Before this instant, RFC 3339 or a date (the whole day).
    pub to: Option<String>,
    /// Where the page begins.
    pub cursor: Option<String>,
}
