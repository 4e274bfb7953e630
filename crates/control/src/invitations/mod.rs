//! Invitations: made, mailed, opened, accepted, declined, revoked.
