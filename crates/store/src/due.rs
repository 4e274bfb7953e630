//! Rows that are worked on once they are due. Whoever takes one holds it until `locked_until`: workers at the same time get
//! different ones, and what a worker that died had taken comes back. `attempts` counts the takings and is the fence: only the
//! latest taker may say that it failed.

use crate::engine::{EngineKind, on_engine};
use crate::{ReadTx, Result, WriteTx};
use model::Timestamp;
use sqlx::FromRow;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;

/// The statements about the due rows of a table. `$open` says which rows are not done, `$columns` what their taker gets.
macro_rules! due {
    ($table:literal, $open:literal, $columns:literal) => {
        $crate::due::Due {
            is_any: concat!(
                "SELECT EXISTS (SELECT 1 FROM ", $table, " WHERE ", $open, " AND due_at <= $1 \
                 AND (locked_until IS NULL OR locked_until <= $1))"
            ),
            sqlite: $crate::due::due!(@claim $table, $open, $columns, ""),
            postgres: $crate::due::due!(@claim $table, $open, $columns, " FOR UPDATE SKIP LOCKED"),
        }
    };
    (@claim $table:literal, $open:literal, $columns:literal, $lock:literal) => {
        concat!(
            "UPDATE ", $table, " SET locked_until = $2, attempts = attempts + 1 WHERE id IN (SELECT id FROM ", $table,
            " WHERE ", $open, " AND due_at <= $1 AND (locked_until IS NULL OR locked_until <= $1) \
             ORDER BY due_at, id LIMIT $3", $lock, ") RETURNING ", $columns
        )
    };
}
pub(crate) use due;

/// See [`due!`].
pub(crate) struct Due {
    pub(crate) is_any: &'static str,
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
}

impl Due {
    /// Whether a row is due that nobody has taken: a look that disturbs no writer.
    pub(crate) async fn is_any(&self, tx: &mut ReadTx, now: Timestamp) -> Result<bool> {
        Ok(on_engine!(tx, |c| sqlx::query_scalar(self.is_any).bind(now).fetch_one(c).await)?)
    }

    /// Takes due rows until `lease_until`, the longest due first.
    pub(crate) async fn claim<T>(
        &self,
        tx: &mut WriteTx,
        now: Timestamp,
        lease_until: Timestamp,
        limit: i64,
    ) -> Result<Vec<T>>
    where
        T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let sql = match tx.kind() {
            // The one writer is lock enough.
            EngineKind::Sqlite => self.sqlite,
            EngineKind::Postgres => self.postgres,
        };
        Ok(on_engine!(tx, |c| sqlx::query_as(sql)
            .bind(now)
            .bind(lease_until)
            .bind(limit)
            .fetch_all(c)
            .await)?)
    }
}
