//! Numbers of an organization's first page, counted in one statement so that they agree.

use crate::engine::on_engine;
use crate::{ReadTx, Result};
use model::{OrgId, Timestamp};

/// How many of each an organization has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Counts {
    /// Members.
    pub members: i64,
    /// Invitations that can still be accepted.
    pub open_invitations: i64,
    /// Sign-in connections that are offered.
    pub connections: i64,
}

/// Counts at `now`.
pub async fn counts(tx: &mut ReadTx, org: OrgId, now: Timestamp) -> Result<Counts> {
    const SQL: &str = "SELECT (SELECT COUNT(*) FROM memberships m JOIN users u ON u.id = m.user_id \
        WHERE m.org_id = $1 AND u.is_service_account = FALSE) AS members, \
        (SELECT COUNT(*) FROM invitations WHERE org_id = $1 AND accepted_at IS NULL AND declined_at IS NULL \
        AND revoked_at IS NULL AND expires_at > $2) AS open_invitations, \
        (SELECT COUNT(*) FROM connections WHERE org_id = $1 AND enabled = TRUE) AS connections";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(org).bind(now).fetch_one(c).await)?)
}
