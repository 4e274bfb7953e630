//! Typed ids. All are UUIDv7: they sort by creation time, which keyset paging relies on.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// The text was not a UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid id")]
pub struct BadId;

/// What all ids have in common, so that one generator can make any of them.
pub trait TypedId {
    /// Wraps a bare id.
    fn wrap(id: Uuid) -> Self;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps an id that was read or made elsewhere.
            pub const fn from_uuid(id: Uuid) -> Self { Self(id) }
            /// The bare id, for formats that know no types.
            pub const fn uuid(self) -> Uuid { self.0 }
        }

        impl TypedId for $name {
            fn wrap(id: Uuid) -> Self { Self(id) }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { fmt::Display::fmt(&self.0, f) }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                Uuid::try_parse(text.trim()).map(Self).map_err(|_| BadId)
            }
        }
    )+};
}

ids! {
    /// An organization: the tenant. Nothing crosses from one to another.
    OrgId,
    /// An account: a person's, or one for machines.
    UserId,
    /// One way a person proves who they are: an (issuer, subject) pair.
    IdentityId,
    /// An invitation into one organization for one address.
    InvitationId,
    /// A browser session.
    SessionId,
    /// A one-time link: setup or sign-in.
    LinkId,
    /// A connection to an identity provider.
    ConnectionId,
    /// One attempt to sign in through a provider.
    AttemptId,
    /// A workspace: one ZenML server.
    WorkspaceId,
    /// An enrollment key of a workspace.
    CredentialId,
    /// A role given to a principal in a scope.
    GrantId,
    /// A project inside a workspace; the id is the workspace's own.
    ProjectId,
    /// A team.
    TeamId,
    /// A custom role.
    RoleId,
    /// A service account, by the id of its account.
    ServiceAccountId,
    /// An API key.
    ApiKeyId,
    /// A short token issued by the token endpoint.
    AccessTokenId,
    /// A command line that signed in, or asks to.
    DeviceId,
    /// An entry of the audit log.
    AuditId,
    /// A job in the outbox.
    OutboxId,
    /// A key that seals.
    DataKeyId,
    /// A key that signs tokens.
    SigningKeyId,
    /// A rule that trusts an outside issuer.
    TrustRuleId,
    /// A session as a workspace knows it that was signed in to with Reeve: `sid` of its tokens.
    WorkspaceSignInId,
}
impl ServiceAccountId {
    /// The account, as everything knows it that is not about service accounts.
    pub const fn account(self) -> UserId {
        UserId::from_uuid(self.uuid())
    }
}
