//! Workspaces: the register of ZenML servers.

use crate::grant::{Entrant, Grant, GrantChoices};
use crate::project::Project;
use crate::words;
use crate::{CredentialId, Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};

words! {
    /// The status stock ZenML clients act on.
    WorkspaceStatus {
        /// Enrolled, the server has not reported yet.
        Pending = "pending",
        /// The server reported and has an address.
        Available = "available",
        /// Switched off by an administrator: nobody signs in.
        Deactivated = "deactivated",
        /// Removed; the name stays taken.
        Deleted = "deleted",
    }
}

words! {
    /// How a workspace does, worked out from when it was last heard of.
    Health {
        /// Heard of in the last ten minutes.
        Reporting = "reporting",
        /// Nothing to report for a while: a ZenML server speaks only when it is used.
        Quiet = "quiet",
        /// Never reported.
        NeverReported = "never_reported",
        /// Switched off.
        Off = "off",
    }
}

words! {
    /// With which algorithm tokens for a workspace are signed (RFC 7518 §3.1, RFC 8037 §3.1).
    TokenAlgorithm {
        /// Ed25519: small and fast.
        EdDsa = "EdDSA",
        /// P-256 with SHA-256.
        Es256 = "ES256",
        /// RSA with SHA-256, for verifiers that know nothing else.
        Rs256 = "RS256",
    }
}

/// A row of the workspaces list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WorkspaceRow {
    /// Its id.
    pub id: WorkspaceId,
    /// Its identifier, unique in the installation and never changed.
    pub name: String,
    /// Its name for people.
    pub display_name: String,
    /// Its status.
    pub status: WorkspaceStatus,
    /// How it does.
    pub health: Health,
    /// Where it is, once it reported.
    pub server_url: Option<String>,
    /// Its ZenML version, once it reported.
    pub version: Option<String>,
    /// When it was last heard of.
    pub last_seen_at: Option<Timestamp>,
    /// When it was enrolled.
    pub created_at: Timestamp,
    /// The caller's highest way in, for people: a role's label, or `None` if they may not enter.
    pub your_role: Option<String>,
}

/// Filters of the workspaces list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WorkspaceQuery {
    /// Part of a name.
    pub search: Option<String>,
    /// Only this status.
    pub status: Option<WorkspaceStatus>,
    /// Where the page begins.
    pub cursor: Option<String>,
}

/// What the page of workspaces shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WorkspaceList {
    /// The workspaces the caller has a part in.
    pub page: crate::page::Page<WorkspaceRow>,
    /// Whether the caller may enrol another.
    pub can_enroll: bool,
}

/// One workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WorkspaceDetail {
    /// The row of the list.
    pub row: WorkspaceRow,
    /// What it is for.
    pub description: String,
    /// The organization it belongs to.
    pub org: crate::OrgId,
    /// That organization's name.
    pub org_name: String,
    /// When its server last started.
    pub reported_at: Option<Timestamp>,
    /// Enrollment keys; empty if the caller may not manage them.
    pub keys: Vec<EnrollmentKey>,
    /// The first people who may enter, by name, and through what; empty if the caller may not know.
    pub people: Vec<Entrant>,
    /// How many may enter.
    pub people_total: u32,
    /// The roles that were given in the workspace and its projects; empty if the caller may not know.
    pub grants: Vec<Grant>,
    /// Its projects, as far as Reeve knows of them; empty if the caller may not know.
    pub projects: Vec<Project>,
    /// What the caller may give to whom here; `None` if they may give nothing.
    pub choices: Option<GrantChoices>,
    /// With which algorithm tokens for it are signed.
    pub token_algorithm: TokenAlgorithm,
    /// How people sign in to it with Reeve; `None` if the caller may not manage that.
    #[serde(default)]
    pub sign_in: Option<SignInSettings>,
    /// What the caller may do here.
    pub can: WorkspaceCan,
    /// What a command line is told to sign in with.
    pub api_url: String,
    /// The key that was just made, for the page that shows it once.
    #[serde(default)]
    pub just_made: Option<EnrollmentSecret>,
}

/// How people sign in to a workspace with Reeve, as its OpenID provider. The workspace's id is the client id, and its
/// enrollment key the client secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignInSettings {
    /// By which the workspace finds everything else (`OpenID` Connect Discovery 1.0 §4).
    pub issuer: String,
    /// Where people may be sent back to, each compared exactly; nobody signs in this way if there is none.
    pub redirect_uris: Vec<String>,
    /// Where the workspace is told that a session is over (Back-Channel Logout 1.0 §2.2), if anywhere.
    pub logout_uri: Option<String>,
}

/// What the caller may do with a workspace.
#[expect(clippy::struct_excessive_bools, reason = "each is one independent right")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WorkspaceCan {
    /// Sign in to it.
    pub enter: bool,
    /// Change name and description.
    pub update: bool,
    /// Rotate and revoke enrollment keys, and say how people sign in with Reeve.
    pub keys: bool,
    /// Deactivate and delete.
    pub delete: bool,
    /// Give and take roles.
    pub grant: bool,
}

/// An enrollment key, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EnrollmentKey {
    /// Its id.
    pub id: CredentialId,
    /// Its last four characters.
    pub hint: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working, if it was rotated away.
    pub expires_at: Option<Timestamp>,
    /// When the workspace last used it.
    pub last_used_at: Option<Timestamp>,
}

/// An enrollment key in clear, shown once, with everything needed to start a server with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EnrollmentSecret {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Its identifier.
    pub name: String,
    /// The key; it cannot be shown again.
    pub key: String,
    /// When the keys before it stop working; `None` if there were none.
    pub old_keys_until: Option<Timestamp>,
    /// `NAME=value` lines for the server's environment.
    pub environment: String,
    /// Values for ZenML's Helm chart.
    pub helm_values: String,
    /// One `docker run` command.
    pub docker_run: String,
}
