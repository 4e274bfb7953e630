//! The operations: who may do what, sign-in, invitations, workspaces, tokens, audit. Knows no web framework.
