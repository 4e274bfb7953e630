//! The register of workspaces and their enrollment keys.

use crate::engine::on_engine;
use crate::{ReadTx, Result, WriteTx};
use model::{CredentialId, Timestamp, WorkspaceId};

/// Whether a living workspace has its server at this origin (in the form in which addresses are compared).
pub async fn is_registered_origin(tx: &mut ReadTx, origin: &str) -> Result<bool> {
    const SQL: &str = "SELECT COUNT(*) FROM workspaces WHERE deleted_at IS NULL \
        AND (server_url_folded = $1 OR SUBSTR(server_url_folded, 1, LENGTH($1) + 1) = $1 || '/')";
    let n: i64 = on_engine!(tx, |c| sqlx::query_scalar(SQL).bind(origin).fetch_one(c).await)?;
    Ok(n > 0)
}

/// Notes that a workspace's server was heard of.
pub async fn touch(tx: &mut WriteTx, id: WorkspaceId, at: Timestamp) -> Result<()> {
    const SQL: &str = "UPDATE workspaces SET last_seen_at = $2 WHERE id = $1 AND (last_seen_at IS NULL OR last_seen_at < $2)";
    on_engine!(tx, |c| sqlx::query(SQL).bind(id).bind(at).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Notes that an enrollment key was used.
pub async fn touch_credential(tx: &mut WriteTx, id: CredentialId, at: Timestamp) -> Result<()> {
    const SQL: &str = "UPDATE workspace_credentials SET last_used_at = $2 \
        WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)";
    on_engine!(tx, |c| sqlx::query(SQL).bind(id).bind(at).execute(c).await.map(|_| ()))?;
    Ok(())
}
