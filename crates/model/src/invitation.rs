//! Invitations into an organization.

use crate::words;
use crate::{InvitationId, OrgRole, Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};

words! {
    /// Where an invitation stands.
    InvitationState {
        /// Can be accepted.
        Open = "open",
        /// Was accepted.
        Accepted = "accepted",
        /// Was declined by the person.
        Declined = "declined",
        /// Was taken back.
        Revoked = "revoked",
        /// Ran out.
        Expired = "expired",
    }
}

/// A row of the invitations list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Whom it is for.
    pub email: String,
    /// The role they will have.
    pub role: OrgRole,
    /// Roles in workspaces that wait for them.
    pub grants: Vec<InvitedRole>,
    /// Where it stands.
    pub state: InvitationState,
    /// Who invited.
    pub invited_by: String,
    /// When it was made or last resent.
    pub created_at: Timestamp,
    /// When the link runs out.
    pub expires_at: Timestamp,
    /// What became of the mail.
    pub mail: MailState,
}

/// A workspace role on an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InvitedRole {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Its name for people; behind it the project's, for a role in one.
    pub workspace_name: String,
    /// The role.
    pub role: crate::RoleRef,
    /// What the role is called.
    pub role_name: String,
}

/// What became of a mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum MailState {
    /// No mail server is set; the link is handed over by other means.
    NotSent,
    /// Waits to be sent.
    Queued,
    /// The mail server took it.
    Sent {
        /// When.
        at: Timestamp,
    },
    /// The mail server refused or did not answer; another try follows.
    Retrying {
        /// How many tries so far.
        attempts: u32,
        /// What the mail server said, shortened.
        reason: String,
        /// When the next try is due.
        next_at: Timestamp,
    },
    /// Given up.
    Failed {
        /// What the mail server said, shortened.
        reason: String,
    },
}

/// A new invitation with its link, which is shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InvitationSecret {
    /// The invitation.
    pub id: InvitationId,
    /// Whom it is for.
    pub email: String,
    /// The link to hand over; it cannot be shown again.
    pub url: String,
    /// Whether a mail with a link of its own is on its way.
    pub mailed: bool,
    /// When both links run out.
    pub expires_at: Timestamp,
}

/// What came of inviting several addresses at once: all of them, or none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Invited {
    /// One for each address, in the order given.
    pub invitations: Vec<InvitationSecret>,
}

/// What the page behind an invitation link shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InvitationView {
    /// Where the invitation stands.
    pub state: InvitationState,
    /// The organization's name.
    pub org_name: String,
    /// Whom it is for.
    pub email: String,
    /// The role offered.
    pub role: OrgRole,
    /// Workspace roles offered.
    pub grants: Vec<InvitedRole>,
    /// Who invited.
    pub invited_by: String,
    /// When it runs out.
    pub expires_at: Timestamp,
    /// How the visitor can take it.
    pub way: AcceptWay,
}

/// How the visitor of an invitation link can take it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "way", rename_all = "snake_case")]
pub enum AcceptWay {
    /// Signed in with the invited address: accept at once.
    SignedIn {
        /// Who is signed in.
        name: String,
    },
    /// Signed in as somebody whose address is another one.
    OtherAccount {
        /// The address of the account that is signed in.
        signed_in_as: String,
    },
    /// Already a member.
    AlreadyMember,
    /// Not signed in; an account with this address exists, so they sign in first.
    SignIn,
    /// Not signed in and new: a name is enough.
    NewAccount,
}

/// Filters of the invitations list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InvitationQuery {
    /// Part of an address.
    pub search: Option<String>,
    /// Only this state.
    pub state: Option<InvitationState>,
    /// Where the page begins.
    pub cursor: Option<String>,
}

/// What can be chosen when inviting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InvitationChoices {
    /// Workspaces a role can be given in, by name; at most a hundred.
    pub workspaces: Vec<InvitedWorkspace>,
    /// Whether invitations are mailed; otherwise links are handed over by other means.
    pub mailed: bool,
    /// Links that were made a moment ago by a form without JavaScript: shown once.
    pub just_made: Option<Invited>,
}

/// A workspace in which a role can wait.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InvitedWorkspace {
    /// Its id.
    pub id: WorkspaceId,
    /// Its name for people.
    pub name: String,
}
