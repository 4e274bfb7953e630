//! The only crate that knows SQL. One SQL text on SQLite and PostgreSQL.
