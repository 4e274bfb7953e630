//! The register of workspaces and their enrollment keys.
