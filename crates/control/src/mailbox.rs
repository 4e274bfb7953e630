//! Asking for a one-time sign-in link by e-mail.
