//! Service accounts: accounts of an organization for machines.

use crate::api_key::{ApiKey, KeyChoices};
use crate::grant::{Grant, Principal};
use crate::page::Page;
use crate::team::TeamOfMember;
use crate::{OrgRole, ServiceAccountId, TeamId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// A row of the list of service accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServiceAccount {
    /// Its id.
    pub id: ServiceAccountId,
    /// Its name, here and inside workspaces. Unique in the installation, never changed and never given again.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Its role in the organization.
    pub role: OrgRole,
    /// Who answers for it. `None` for an orphan: whoever did is gone.
    pub owner: Option<Owner>,
    /// How many keys it has that were neither revoked nor ran out.
    pub keys: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When one of its keys was last used, to within a minute.
    pub last_used_at: Option<Timestamp>,
    /// Whether it may do anything. Keys of an inactive account are refused.
    pub active: bool,
}

/// Who answers for a service account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Owner {
    /// A person.
    User {
        /// Who.
        id: UserId,
        /// Their name.
        name: String,
    },
    /// Everybody in a team.
    Team {
        /// Which.
        id: TeamId,
        /// Its name.
        name: String,
    },
}

impl Owner {
    /// Their name.
    pub fn name(&self) -> &str {
        match self {
            Self::User { name, .. } | Self::Team { name, .. } => name,
        }
    }
    /// Who, in the form in which forms carry it.
    pub const fn principal(&self) -> Principal {
        match self {
            Self::User { id, .. } => Principal::User(*id),
            Self::Team { id, .. } => Principal::Team(*id),
        }
    }
}

/// Filters of the list. Kept in the page's URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServiceAccountQuery {
    /// Part of a name, in any case.
    pub search: Option<String>,
    /// Only those for whom nobody answers.
    pub orphans: bool,
    /// Where the page begins.
    pub cursor: Option<String>,
}

/// What the page of service accounts shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServiceAccountList {
    /// The accounts.
    pub page: Page<ServiceAccount>,
    /// Whether the caller may make another.
    pub can_manage: bool,
}

/// One service account with its keys and what it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServiceAccountDetail {
    /// The account.
    pub account: ServiceAccount,
    /// Its keys, newest first, the dead ones too.
    pub keys: Vec<ApiKey>,
    /// What a new key can be; `None` if the caller may make none.
    pub choices: Option<KeyChoices>,
    /// The teams it is in.
    pub teams: Vec<TeamOfMember>,
    /// The roles it was given, apart from the one in the organization.
    pub grants: Vec<Grant>,
    /// What the caller may do here.
    pub can: ServiceAccountCan,
    /// The address of the API that a ZenML client is told.
    pub api_url: String,
}

/// What the caller may do with a service account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServiceAccountCan {
    /// Change, deactivate and delete it.
    pub manage: bool,
    /// Make keys, which takes holding all that the account holds.
    pub make_keys: bool,
    /// Switch its keys off and on, and revoke them.
    pub end_keys: bool,
}
