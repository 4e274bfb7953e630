//! Command lines that sign in by a code (RFC 8628).

use crate::words;
use crate::{DeviceId, Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};

words! {
    /// Where a device request stands.
    DeviceState {
        /// Waits for a decision.
        Pending = "pending",
        /// Approved; the command line has its token or fetches it at its next poll.
        Approved = "approved",
        /// Refused.
        Denied = "denied",
        /// Nobody decided in time.
        Expired = "expired",
        /// Was approved and later taken back.
        Revoked = "revoked",
    }
}

words! {
    /// What a device's token is for.
    DevicePurpose {
        /// Working with workspaces, whose servers get to see it. It administers nothing.
        Workspaces = "workspaces",
        /// Reeve's own command line: all that the person may in Reeve itself, and no workspace gets to see it.
        Administering = "administering",
    }
}

/// A device that asks to be approved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeviceRequest {
    /// Its id.
    pub id: DeviceId,
    /// The code to compare with the one in the terminal.
    pub user_code: String,
    /// What it asks for.
    pub purpose: DevicePurpose,
    /// Where it stands.
    pub state: DeviceState,
    /// Host name it claims.
    pub hostname: String,
    /// Operating system it claims.
    pub os: String,
    /// Version of its program it claims.
    pub client_version: String,
    /// Python version it claims.
    pub python_version: String,
    /// Address the request came from.
    pub ip: String,
    /// When it asked.
    pub created_at: Timestamp,
    /// When the code runs out.
    pub expires_at: Timestamp,
    /// The name of the person who is to decide.
    pub person_name: String,
    /// Their address.
    pub person_email: String,
    /// Workspaces the person may enter.
    pub workspaces: Vec<DeviceWorkspace>,
    /// The workspace the command line asked for, if the person may enter it.
    pub preselected: Option<WorkspaceId>,
    /// Whether the command line named a workspace, so that one must be chosen.
    pub must_choose: bool,
}

/// A workspace to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeviceWorkspace {
    /// Its id.
    pub id: WorkspaceId,
    /// Its identifier.
    pub name: String,
    /// Its name for people.
    pub display_name: String,
    /// The organization's name.
    pub org_name: String,
}

/// An authorized device of the caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// What its token is for.
    pub purpose: DevicePurpose,
    /// Host name it claims.
    pub hostname: String,
    /// What it claims to run, in words.
    pub agent: String,
    /// Where the request came from: the address, and what is known of it.
    pub place: String,
    /// Whether it was trusted, which lets it stay signed in for 30 days instead of 24 hours. Never of one that administers.
    pub trusted: bool,
    /// The workspace chosen.
    pub workspace: Option<String>,
    /// When it was approved.
    pub approved_at: Timestamp,
    /// When its token runs out, or its code if it did not fetch one yet.
    pub expires_at: Timestamp,
    /// When it was last used, to within a minute.
    pub last_seen_at: Option<Timestamp>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
    /// Whether it was signed in when this was asked for: neither revoked nor run out.
    pub works: bool,
}
