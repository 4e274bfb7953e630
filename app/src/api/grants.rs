//! Roles in workspaces.
