//! What the dashboard and the backend agree on: ids, permissions, inputs, answers and errors.
//!
//! *Invariant: nothing here reads a clock, makes an id, touches a network or knows a web framework.*
//! Both halves compile this crate, one of them to WASM, so every byte counts.

pub mod audit;
pub mod connection;
pub mod device;
pub mod error;
pub mod id;
pub mod invitation;
pub mod member;
pub mod org;
pub mod page;
pub mod permission;
pub mod policy;
pub mod session;
pub mod text;
pub mod time;
pub mod token;
pub mod workspace;

pub use error::{ApiError, ErrorCode};
pub use id::{
    AccessTokenId, AttemptId, AuditId, ConnectionId, CredentialId, DeviceId, GrantId, IdentityId,
    InvitationId, LinkId, OrgId, OutboxId, ProjectId, ServiceAccountId, SessionId, TeamId, TokenId, UserId,
    WorkspaceId,
};
pub use permission::{OrgRole, Permission, WorkspaceRole};
pub use session::SignInProblem;
pub use time::Timestamp;
