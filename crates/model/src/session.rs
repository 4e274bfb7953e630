//! Who is signed in, and where.

use crate::org::MyOrg;
use crate::{SessionId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// The signed-in person, as every page needs them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// Their id.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their name inside workspaces.
    pub username: String,
    /// Their organizations, by name.
    pub orgs: Vec<MyOrg>,
}

/// A browser session of the caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// How it began: a connection's label, or the e-mail link.
    pub method: String,
    /// Where from, when it began.
    pub ip: Option<String>,
    /// Browser and system in words.
    pub agent: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to within a minute.
    pub last_seen_at: Timestamp,
    /// When it ends in any case.
    pub expires_at: Timestamp,
    /// Whether it is the one asking.
    pub current: bool,
}

/// What the sign-in page offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInOptions {
    /// The organization's name, if there is just one.
    pub org_name: Option<String>,
    /// Providers.
    pub connections: Vec<SignInConnection>,
    /// Whether one-time links can be mailed.
    pub email: bool,
    /// Whether the installation still waits for its first organization.
    pub needs_setup: bool,
}

/// A provider on the sign-in page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInConnection {
    /// Its id.
    pub id: crate::ConnectionId,
    /// What the button says after "Continue with".
    pub label: String,
}

/// What the frame around the pages shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// Who is here.
    pub me: Me,
    /// The organization being looked at, if they are a member of one.
    pub org: Option<MyOrg>,
    /// Workspaces they may open: identifier and name for people; at most fifty.
    pub workspaces: Vec<(String, String)>,
}
