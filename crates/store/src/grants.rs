//! Roles given to principals in workspaces.
