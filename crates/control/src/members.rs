//! Members of an organization.
