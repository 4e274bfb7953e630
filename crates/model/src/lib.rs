//! What the dashboard and the backend agree on: ids, permissions, inputs, answers and errors.
//!
//! *Invariant: nothing here reads a clock, makes an id, touches a network or knows a web framework.*
//! Both halves compile this crate, one of them to WASM, so every byte counts.

pub mod access;
pub mod api_key;
pub mod audit;
pub mod connection;
pub mod device;
pub mod error;
pub mod grant;
pub mod id;
pub mod invitation;
pub mod limit;
pub mod member;
pub mod offboarding;
pub mod org;
pub mod page;
pub mod permission;
pub mod policy;
pub mod project;
pub mod role;
#[cfg(feature = "schema")]
mod schema;
pub mod service_account;
pub mod session;
pub mod team;
pub mod text;
pub mod time;
pub mod trust;
pub mod workspace;

pub use error::{ApiError, ErrorCode};
pub use id::{
    AccessTokenId, ApiKeyId, AttemptId, AuditId, ConnectionId, CredentialId, DataKeyId, DeviceId, GrantId,
    IdentityId, InvitationId, LinkId, OrgId, OutboxId, ProjectId, RoleId, ServiceAccountId, SessionId,
    SigningKeyId, TeamId, TrustRuleId, UserId, WorkspaceId, WorkspaceSignInId,
};
pub use permission::Permission;
pub use role::{Level, OrgRole, ProjectRole, Rights, RoleRef, WorkspaceRole};
pub use session::SignInProblem;
pub use time::Timestamp;
