//! Personal access tokens and the short tokens of the token endpoint.
