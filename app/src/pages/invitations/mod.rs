//! Invitations.

pub mod list;
pub mod made;
pub mod new;
