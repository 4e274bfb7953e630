//! The latest outside tokens that trust rules were asked about.

use crate::engine::on_engine;
use crate::trust::{read, written};
use crate::{ReadTx, Result, WriteTx};
use model::trust::{AttemptOutcome, TrustAttempt};
use model::{ServiceAccountId, Timestamp, TrustRuleId};
use std::collections::BTreeMap;
use uuid::Uuid;

/// How many of each outcome a rule keeps.
const KEPT: i64 = 20;

/// How many of an outcome a rule was asked since `since`, as far as they are kept.
pub async fn count_since(
    tx: &mut ReadTx,
    rule: TrustRuleId,
    outcome: AttemptOutcome,
    since: Timestamp,
) -> Result<i64> {
    const SQL: &str = "SELECT COUNT(*) FROM trust_attempts WHERE rule_id = $1 AND outcome = $2 AND at > $3";
    Ok(on_engine!(tx, |c| sqlx::query_scalar(SQL)
        .bind(rule)
        .bind(outcome.as_str())
        .bind(since)
        .fetch_one(c)
        .await)?)
}

/// Adds an attempt and forgets the oldest of its outcome beyond what a rule keeps. Each outcome has room of its own: nobody
/// can push what was accepted out of sight with what is refused.
pub async fn insert(
    tx: &mut WriteTx,
    id: Uuid,
    rule: TrustRuleId,
    outcome: AttemptOutcome,
    reason: &str,
    claims: &BTreeMap<String, String>,
    at: Timestamp,
) -> Result<()> {
    // Holds the rule, so that of two at once each forgets after the other has added.
    const HOLD: &str = "UPDATE trust_rules SET updated_at = updated_at WHERE id = $1";
    const ADD: &str = "INSERT INTO trust_attempts (id, rule_id, at, outcome, reason, claims) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    const FORGET: &str = "DELETE FROM trust_attempts WHERE rule_id = $1 AND outcome = $2 AND id NOT IN \
        (SELECT id FROM trust_attempts WHERE rule_id = $1 AND outcome = $2 ORDER BY id DESC LIMIT $3)";
    let claims = written(claims)?;
    on_engine!(tx, |c| sqlx::query(HOLD).bind(rule).execute(c).await.map(|_| ()))?;
    on_engine!(tx, |c| sqlx::query(ADD)
        .bind(id)
        .bind(rule)
        .bind(at)
        .bind(outcome.as_str())
        .bind(reason)
        .bind(claims.as_str())
        .execute(c)
        .await
        .map(|_| ()))?;
    on_engine!(tx, |c| sqlx::query(FORGET)
        .bind(rule)
        .bind(outcome.as_str())
        .bind(KEPT)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// The latest attempts at the rules of an account, newest first; at most `limit`.
pub async fn of_account(tx: &mut ReadTx, account: ServiceAccountId, limit: u32) -> Result<Vec<TrustAttempt>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        rule_id: TrustRuleId,
        rule_name: String,
        at: Timestamp,
        #[sqlx(try_from = "String")]
        outcome: AttemptOutcome,
        reason: String,
        claims: String,
    }
    const SQL: &str = "SELECT a.rule_id, t.name AS rule_name, a.at, a.outcome, a.reason, a.claims \
        FROM trust_attempts a JOIN trust_rules t ON t.id = a.rule_id \
        WHERE t.user_id = $1 AND t.deleted_at IS NULL ORDER BY a.id DESC LIMIT $2";
    let rows: Vec<Row> =
        on_engine!(tx, |c| sqlx::query_as(SQL).bind(account).bind(i64::from(limit)).fetch_all(c).await)?;
    let attempts = rows.into_iter().map(|row| {
        Ok(TrustAttempt {
            rule: row.rule_id,
            rule_name: row.rule_name,
            at: row.at,
            outcome: row.outcome,
            reason: row.reason,
            claims: read(&row.claims)?,
        })
    });
    attempts.collect()
}
