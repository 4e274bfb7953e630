//! Sealed values, wherever they are kept: one list of their columns, and what a rotation does in each of them.
//!
//! *Invariant: a sealed value is written in the transaction that sealed it. One that was read is never written back: a
//! rotation may have replaced it since, and may have deleted its key.*

use crate::engine::{EngineKind, on_engine};
use crate::{ReadTx, Result, WriteTx};
use uuid::Uuid;

/// A sealed value, as it is kept: format, id of the data key, nonce, and what cannot be read without that key.
#[derive(Clone, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// Wraps what sealing made.
    pub const fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sealed({} bytes)", self.0.len())
    }
}

/// What every value under one data key begins with: the format's byte and the key's id.
pub type Header = [u8; 17];

/// A sealed value and the row it was read from.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Kept {
    /// The row.
    pub row: Uuid,
    /// The value.
    pub sealed: Sealed,
}

macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident = $table:literal $column:literal by $key:literal;)+) => {
        /// Every column that holds sealed values. Nothing is sealed for a place that is not in this list, and a test
        /// compares it with the schema.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Column {
            $($(#[$doc])* $name,)+
        }

        impl Column {
            /// All of them, in the order in which a rotation goes through them.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its table.
            pub const fn table(self) -> &'static str {
                match self { $(Self::$name => $table,)+ }
            }
            /// Its name in there.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $column,)+ }
            }
            /// The column of ids that tells rows apart.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)+ }
            }
            /// `table.column`, for people.
            pub const fn path(self) -> &'static str {
                match self { $(Self::$name => concat!($table, ".", $column),)+ }
            }
            const fn one_sql(self) -> &'static str {
                match self { $(Self::$name => concat!(
                    "SELECT ", $column, " FROM ", $table, " WHERE ", $key, " = $1"
                ),)+ }
            }
            const fn others_sql(self) -> &'static str {
                match self { $(Self::$name => concat!(
                    "SELECT ", $key, " AS row, ", $column, " AS sealed FROM ", $table, " WHERE ", $key, " > $1 AND ",
                    $column, " IS NOT NULL AND substr(", $column, ", 1, 17) <> $2 ORDER BY ", $key, " LIMIT $3"
                ),)+ }
            }
            const fn replace_sql(self, engine: EngineKind) -> &'static str {
                match (self, engine) {$(
                    (Self::$name, EngineKind::Sqlite) => concat!(
                        "UPDATE ", $table, " SET ", $column, " = $3 WHERE ", $key, " = $1 AND ", $column, " = $2"
                    ),
                    // Waits for nobody, so that it is part of no deadlock; what is being changed is looked at again.
                    (Self::$name, EngineKind::Postgres) => concat!(
                        "UPDATE ", $table, " SET ", $column, " = $3 WHERE ", $key, " IN (SELECT ", $key, " FROM ", $table,
                        " WHERE ", $key, " = $1 AND ", $column, " = $2 FOR NO KEY UPDATE SKIP LOCKED)"
                    ),
                )+}
            }
            const fn any_sql(self) -> &'static str {
                match self { $(Self::$name => concat!(
                    "SELECT ", $key, " FROM ", $table, " WHERE ", $column, " IS NOT NULL AND substr(", $column,
                    ", 1, 17) = $1 LIMIT 1"
                ),)+ }
            }
            const fn count_sql(self) -> &'static str {
                match self { $(Self::$name => concat!(
                    "SELECT substr(", $column, ", 1, 17) AS header, CAST(COUNT(*) AS BIGINT) AS n FROM ", $table,
                    " WHERE ", $column, " IS NOT NULL GROUP BY 1 ORDER BY 1"
                ),)+ }
            }
        }
    };
}

columns! {
    /// Client secrets of connections.
    ConnectionSecret = "connections" "client_secret_sealed" by "id";
    /// Nonce and PKCE verifier of a sign-in through a provider.
    AttemptSecrets = "sign_in_attempts" "secrets_sealed" by "id";
    /// Mails on their way.
    Mail = "outbox" "payload_sealed" by "id";
    /// Private halves of the keys that sign tokens.
    SigningKey = "signing_keys" "private_sealed" by "id";
}

/// What a place holds now; `None` if it is empty or gone.
pub async fn read(tx: &mut ReadTx, column: Column, row: Uuid) -> Result<Option<Sealed>> {
    let found: Option<Option<Sealed>> =
        on_engine!(tx, |c| sqlx::query_scalar(column.one_sql()).bind(row).fetch_optional(c).await)?;
    Ok(found.flatten())
}

/// Values that do not begin with `header`, of the rows after `after`.
pub async fn others(
    tx: &mut ReadTx,
    column: Column,
    header: &Header,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Kept>> {
    Ok(on_engine!(tx, |c| sqlx::query_as(column.others_sql())
        .bind(after)
        .bind(&header[..])
        .bind(limit)
        .fetch_all(c)
        .await)?)
}

/// Puts `new` where `old` is. `false` if something else is there by now, or somebody is changing it.
pub async fn replace(tx: &mut WriteTx, column: Column, old: &Kept, new: &Sealed) -> Result<bool> {
    let sql = column.replace_sql(tx.kind());
    let n = on_engine!(tx, |c| sqlx::query(sql)
        .bind(old.row)
        .bind(&old.sealed)
        .bind(new)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Whether any value, in any column, begins with `header`.
pub async fn any_under(tx: &mut ReadTx, header: &Header) -> Result<bool> {
    for column in Column::ALL {
        let found: Option<Uuid> = on_engine!(tx, |c| sqlx::query_scalar(column.any_sql())
            .bind(&header[..])
            .fetch_optional(c)
            .await)?;
        if found.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// How many values of a column begin with which header. Values that are too short have short ones.
pub async fn counts(tx: &mut ReadTx, column: Column) -> Result<Vec<(Vec<u8>, i64)>> {
    Ok(on_engine!(tx, |c| sqlx::query_as(column.count_sql()).fetch_all(c).await)?)
}
