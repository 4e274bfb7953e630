//! Values that many addresses take, and the names of what stands in a path.

use super::operation::Operation;
use model::{ErrorCode, InvitationId, ProjectId, TeamId, UserId, WorkspaceId};
use schemars::JsonSchema;

/// How many rows a page may have.
#[derive(Debug, JsonSchema)]
#[schemars(transparent, inline)]
#[expect(dead_code, reason = "described, and read by hand")]
pub struct Limit(#[schemars(range(min = 1, max = 1000))] u32);

/// A number of rows to pass over.
#[derive(Debug, JsonSchema)]
#[schemars(transparent, inline)]
#[expect(dead_code, reason = "described, and read by hand")]
pub struct Offset(#[schemars(range(min = 0))] u32);

/// What a value in a path is.
pub fn in_path(name: &str) -> &'static str {
    match name {
        "id_or_name" => "Its id or its identifier.",
        "id" => "Its id.",
        "key" => "The key's id or name.",
        "account" => "The service account's id or name.",
        "project" => "The project's id.",
        "feature" => "What is counted.",
        "user" => "The person's id.",
        "org" => "The organization's id.",
        _ => "",
    }
}

impl Operation {
    /// Names a person, a team or an invitation.
    #[must_use]
    pub fn whom(self) -> Self {
        self.may_say::<UserId>("user_id", "A person or a service account. One of the three has to be named.")
            .may_say::<TeamId>("team_id", "A team.")
            .may_say::<InvitationId>("invitation_id", "Whoever accepts this invitation.")
    }

    /// Names a workspace or a project in it, or neither.
    #[must_use]
    pub fn place(self) -> Self {
        self.may_say::<WorkspaceId>("workspace_id", "In this workspace; without it, in the organization.")
            .may_say::<ProjectId>("project_id", "In this project of the workspace.")
    }

    /// Is refused where the caller would lose something themselves, unless they confirm it.
    #[must_use]
    pub fn confirmed(self) -> Self {
        self.may_say::<bool>("confirmed", "Goes on although the caller loses something by it.")
            .refuses(&[ErrorCode::Conflict])
    }
}
