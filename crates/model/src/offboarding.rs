//! What has to be looked at before somebody leaves an organization for good, and what came of it.

use crate::grant::Grant;
use crate::words;
use crate::{
    ApiKeyId, DeviceId, InvitationId, OrgRole, ServiceAccountId, SessionId, TeamId, Timestamp, UserId,
    WorkspaceId,
};
use serde::{Deserialize, Serialize};

words! {
    /// A part of what somebody holds. A fingerprint has one digest for each, so that it can be said what changed.
    Part {
        /// Their membership: role, lock, and whether they belong to another organization, too.
        Membership = "membership",
        /// Roles they were given themselves.
        Grants = "grants",
        /// Teams they are in.
        Teams = "teams",
        /// Service accounts they answer for.
        ServiceAccounts = "service_accounts",
        /// Workspaces that nobody else administers.
        Workspaces = "workspaces",
        /// Their API keys.
        Keys = "keys",
        /// Open invitations they sent.
        Invitations = "invitations",
        /// Devices they approved.
        Devices = "devices",
        /// Their sessions.
        Sessions = "sessions",
        /// What is shared with them.
        Shares = "shares",
    }
}

impl Part {
    /// What it is called in a list.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Membership => "Membership",
            Self::Grants => "Roles",
            Self::Teams => "Teams",
            Self::ServiceAccounts => "Service accounts",
            Self::Workspaces => "Workspaces",
            Self::Keys => "API keys",
            Self::Invitations => "Invitations",
            Self::Devices => "Devices",
            Self::Sessions => "Sessions",
            Self::Shares => "Shared resources",
        }
    }
}

/// Everything somebody holds, or is the only one to hold, in an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Preflight {
    /// Who.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their name inside workspaces: has to be typed to go on, and stays taken.
    pub username: String,
    /// Their role in the organization.
    pub role: OrgRole,
    /// Since when they are locked, if they are.
    pub locked_at: Option<Timestamp>,
    /// Whether it is the person who looks.
    pub is_me: bool,
    /// Whether they belong to another organization, too: then what is theirs everywhere stays.
    pub elsewhere: bool,
    /// Why it cannot be carried out at all, if so.
    pub obstacle: Option<String>,
    /// Roles they were given themselves. They end.
    pub grants: Vec<Grant>,
    /// Teams they are in. They leave them.
    pub teams: Vec<HeldTeam>,
    /// Service accounts they answer for. They are handed over.
    pub service_accounts: Vec<HeldAccount>,
    /// Workspaces that nobody else administers. They are handed over.
    pub workspaces: Vec<HeldWorkspace>,
    /// Keys that end: all of theirs or, if they belong elsewhere, too, those for one workspace of this organization.
    pub keys: Vec<HeldKey>,
    /// Open invitations they sent. They are taken back.
    pub invitations: Vec<SentInvitation>,
    /// Devices that are revoked; none if they belong elsewhere, too.
    pub devices: Vec<HeldDevice>,
    /// Sessions that end; none if they belong elsewhere, too.
    pub sessions: Vec<HeldSession>,
    /// Resources shared with them.
    pub shares: u32,
    /// Says what was seen: to be handed back when it is carried out.
    pub fingerprint: String,
}

impl Preflight {
    /// Whether there is something that somebody else has to take over.
    pub fn needs_successor(&self) -> bool {
        !self.service_accounts.is_empty()
            || !self.workspaces.is_empty()
            || self.teams.iter().any(|team| team.alone)
    }
}

/// A team they are in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HeldTeam {
    /// Which.
    pub id: TeamId,
    /// Its name.
    pub name: String,
    /// Whether they maintain it.
    pub maintainer: bool,
    /// Whether nobody else does.
    pub alone: bool,
}

/// A service account they answer for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HeldAccount {
    /// Which.
    pub id: ServiceAccountId,
    /// Its name.
    pub name: String,
    /// Keys of it that have not ended, whose secrets they may know.
    pub keys: u32,
    /// Trust rules of it that are switched on: whose tokens become it, they may have chosen.
    pub rules: u32,
}

/// A workspace that nobody else administers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HeldWorkspace {
    /// Which.
    pub id: WorkspaceId,
    /// Its name for people.
    pub name: String,
    /// The role by which they do, which the successor gets.
    pub role_name: String,
    /// Until when they have it, if not for good.
    pub expires_at: Option<Timestamp>,
}

/// A key of theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HeldKey {
    /// Which.
    pub id: ApiKeyId,
    /// What they call it.
    pub name: String,
    /// The one workspace it is for.
    pub workspace: Option<String>,
    /// Whether it is switched off.
    pub disabled: bool,
}

/// An open invitation they sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SentInvitation {
    /// Which.
    pub id: InvitationId,
    /// For whom.
    pub email: String,
    /// The role it offers.
    pub role: OrgRole,
}

/// A device they approved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HeldDevice {
    /// Which.
    pub id: DeviceId,
    /// Host name it claims.
    pub hostname: String,
    /// When it was approved.
    pub approved_at: Timestamp,
}

/// A session of theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HeldSession {
    /// Which.
    pub id: SessionId,
    /// Browser and system in words.
    pub agent: String,
    /// When it began.
    pub created_at: Timestamp,
}

/// How much ended and was handed over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Offboarded {
    /// Roles.
    pub grants: u32,
    /// Places in teams.
    pub teams: u32,
    /// Resources that were shared with them.
    pub shares: u32,
    /// API keys.
    pub keys: u32,
    /// Sessions.
    pub sessions: u32,
    /// Devices.
    pub devices: u32,
    /// Invitations.
    pub invitations: u32,
    /// Service accounts, teams and workspaces that have somebody new.
    pub handed_over: u32,
}
