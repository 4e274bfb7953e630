//! Invitations into organizations.
