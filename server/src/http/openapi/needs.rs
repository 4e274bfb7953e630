//! Who may call something, taken from the right that the code asks for.

use control::authz::Right;
use model::grant::ProjectPlace;
use model::{OrgId, Permission, ServiceAccountId, TeamId, UserId, WorkspaceId};
use serde::Serialize;

/// Who may.
#[derive(Clone, Debug)]
pub enum Needs {
    /// Anyone; why.
    Anyone(&'static str),
    /// Whoever holds one of these.
    Rights(Vec<Held>),
}

/// A right, and in what kind of place it is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Held {
    /// What is permitted.
    pub permission: Permission,
    /// Where.
    #[serde(rename = "in")]
    pub place: &'static str,
    /// Whether somebody in a browser has to have signed in lately.
    pub fresh_sign_in: bool,
    /// Whether a token that workspaces get to see is enough.
    pub workspace_token: bool,
}

/// A kind of place in which rights are held.
pub trait Where {
    /// What it is called.
    const NAME: &'static str;
}

macro_rules! places {
    ($($place:ty: $name:literal),+ $(,)?) => {$(
        impl Where for $place { const NAME: &'static str = $name; }
    )+};
}

places! {
    OrgId: "organization",
    WorkspaceId: "workspace",
    ProjectPlace: "project",
    TeamId: "team",
    ServiceAccountId: "service account",
    UserId: "account",
}

/// Whoever holds a right.
pub fn right<R: Right<Scope: Where>>() -> Needs {
    Needs::Rights(vec![held::<R>()])
}

/// A right, described.
pub fn held<R: Right<Scope: Where>>() -> Held {
    Held {
        permission: R::PERMISSION,
        place: <R::Scope as Where>::NAME,
        fresh_sign_in: R::SENSITIVE,
        workspace_token: R::FOR_CLIENTS,
    }
}

impl Held {
    /// Whether only the server of a workspace has it.
    pub fn is_of_a_server(&self) -> bool {
        self.permission == Permission::WorkspaceAct
    }
}

impl Needs {
    /// The rights, any of which is enough; none for what is open to anyone.
    pub fn rights(&self) -> &[Held] {
        match self {
            Self::Anyone(_) => &[],
            Self::Rights(rights) => rights,
        }
    }

    /// Whether it is about a place of which somebody may not know that it exists.
    pub fn in_a_place(&self) -> bool {
        self.rights().iter().any(|held| held.place != UserId::NAME)
    }
}
