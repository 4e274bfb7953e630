//! Keys that sign tokens. What each is good for at an instant is asked of its row, never of a state that a job sets.

use crate::engine::on_engine;
use crate::sealed::Sealed;
use crate::{ReadTx, Result, WriteTx};
use model::workspace::TokenAlgorithm;
use model::{SigningKeyId, Timestamp};

/// A key, its private half sealed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SigningKey {
    /// Its id, which tokens name.
    pub id: SigningKeyId,
    /// For what it is made.
    #[sqlx(try_from = "String")]
    pub algorithm: TokenAlgorithm,
    /// Its public half, as the key set shows it.
    pub public_jwk: String,
    /// Its private half.
    pub private_sealed: Sealed,
    /// Since when it is in the key set.
    pub published_at: Timestamp,
    /// Since when it signs.
    pub signs_from: Timestamp,
    /// When the next one signs in its place; `None` while there is none.
    pub signs_until: Option<Timestamp>,
    /// When the last token that it signed is over.
    pub verifies_until: Option<Timestamp>,
}

/// Adds the last key of its algorithm. `false` if another one is that.
pub async fn insert(tx: &mut WriteTx, key: &SigningKey) -> Result<bool> {
    const SQL: &str = "INSERT INTO signing_keys (id, algorithm, public_jwk, private_sealed, published_at, signs_from, \
        signs_until, verifies_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(key.id)
        .bind(key.algorithm.as_str())
        .bind(key.public_jwk.as_str())
        .bind(&key.private_sealed)
        .bind(key.published_at)
        .bind(key.signs_from)
        .bind(key.signs_until)
        .bind(key.verifies_until)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Says when a key stops signing and when it stops verifying. `false` if that was said before: somebody else made the
/// key after it. Holds the row, so that of two at once one makes that key.
pub async fn succeed(
    tx: &mut WriteTx,
    id: SigningKeyId,
    signs_until: Timestamp,
    verifies_until: Timestamp,
) -> Result<bool> {
    const SQL: &str = "UPDATE signing_keys SET signs_until = $2, verifies_until = $3 \
        WHERE id = $1 AND signs_until IS NULL";
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(signs_until)
        .bind(verifies_until)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Stops every key of an algorithm that signs or verifies, at once.
pub async fn withdraw(tx: &mut WriteTx, algorithm: TokenAlgorithm, now: Timestamp) -> Result<()> {
    const SQL: &str = "UPDATE signing_keys SET signs_until = $2, verifies_until = $2 \
        WHERE algorithm = $1 AND (verifies_until IS NULL OR verifies_until > $2)";
    on_engine!(tx, |c| sqlx::query(SQL).bind(algorithm.as_str()).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Those that are of use at `now` or later, the oldest first.
pub async fn living(tx: &mut ReadTx, now: Timestamp) -> Result<Vec<SigningKey>> {
    const SQL: &str = "SELECT id, algorithm, public_jwk, private_sealed, published_at, signs_from, signs_until, \
        verifies_until FROM signing_keys WHERE verifies_until IS NULL OR verifies_until > $1 ORDER BY id";
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(now).fetch_all(c).await)?)
}

/// Forgets those that are of no use any more.
pub async fn delete_over(tx: &mut WriteTx, before: Timestamp) -> Result<u64> {
    const SQL: &str = "DELETE FROM signing_keys WHERE verifies_until < $1";
    Ok(on_engine!(tx, |c| sqlx::query(SQL).bind(before).execute(c).await.map(|r| r.rows_affected()))?)
}
