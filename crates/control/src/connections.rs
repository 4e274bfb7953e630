//! Connections to identity providers.
