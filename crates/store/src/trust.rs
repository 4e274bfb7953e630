//! Trust rules: which tokens of outside issuers become short tokens of a service account.

use crate::engine::on_engine;
use crate::{Error, ReadTx, Result, WriteTx};
use model::trust::{ClaimPatterns, TrustRule};
use model::{AccessTokenId, OrgId, ServiceAccountId, Timestamp, TrustRuleId, UserId};

/// A rule to be added.
#[derive(Clone, Debug)]
pub struct NewTrustRule<'a> {
    /// Its id.
    pub id: TrustRuleId,
    /// Whose it is.
    pub org: OrgId,
    /// For which account.
    pub account: ServiceAccountId,
    /// What it says.
    pub content: Content<'a>,
    /// Who made it.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// What a rule says.
#[derive(Clone, Copy, Debug)]
pub struct Content<'a> {
    /// What people call it.
    pub name: &'a str,
    /// Whose tokens.
    pub issuer: &'a str,
    /// For whom.
    pub audience: &'a str,
    /// With which claims.
    pub claims: &'a ClaimPatterns,
}

/// Adds a rule, switched on.
pub async fn insert(tx: &mut WriteTx, new: &NewTrustRule<'_>) -> Result<()> {
    const SQL: &str = "INSERT INTO trust_rules (id, org_id, user_id, name, issuer, audience, claims, enabled, revision, \
        created_by, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10, $10)";
    let claims = written(new.content.claims)?;
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(new.id)
        .bind(new.org)
        .bind(new.account)
        .bind(new.content.name)
        .bind(new.content.issuer)
        .bind(new.content.audience)
        .bind(claims.as_str())
        .bind(true)
        .bind(new.by)
        .bind(new.at)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Claims as they are kept.
pub(crate) fn written(claims: &ClaimPatterns) -> Result<String> {
    serde_json::to_string(claims).map_err(|error| Error::from(sqlx::Error::Encode(error.into())))
}

/// Claims as they were kept. What cannot be read is a fault, and never a rule that looks at nothing.
pub(crate) fn read(text: &str) -> Result<ClaimPatterns> {
    serde_json::from_str(text).map_err(|error| Error::from(sqlx::Error::Decode(error.into())))
}

#[derive(sqlx::FromRow)]
struct Row {
    id: TrustRuleId,
    name: String,
    issuer: String,
    audience: String,
    claims: String,
    enabled: bool,
    created_by_name: Option<String>,
    created_at: Timestamp,
    last_used_at: Option<Timestamp>,
}

impl Row {
    fn rule(self) -> Result<TrustRule> {
        Ok(TrustRule {
            id: self.id,
            name: self.name,
            issuer: self.issuer,
            audience: self.audience,
            claims: read(&self.claims)?,
            enabled: self.enabled,
            created_by: self.created_by_name,
            created_at: self.created_at,
            last_used_at: self.last_used_at,
        })
    }
}

macro_rules! rules_where {
    ($rest:literal) => {
        concat!(
            "SELECT t.id, t.name, t.issuer, t.audience, t.claims, t.enabled, u.name AS created_by_name, t.created_at, \
             t.last_used_at FROM trust_rules t LEFT JOIN users u ON u.id = t.created_by \
             WHERE t.user_id = $1 AND t.deleted_at IS NULL ",
            $rest
        )
    };
}

/// The rules of an account, oldest first.
pub async fn of_account(tx: &mut ReadTx, account: ServiceAccountId) -> Result<Vec<TrustRule>> {
    const SQL: &str = rules_where!("ORDER BY t.id");
    let rows: Vec<Row> = on_engine!(tx, |c| sqlx::query_as(SQL).bind(account).fetch_all(c).await)?;
    rows.into_iter().map(Row::rule).collect()
}

/// One rule of an account.
pub async fn by_id(tx: &mut ReadTx, account: ServiceAccountId, id: TrustRuleId) -> Result<Option<TrustRule>> {
    const SQL: &str = rules_where!("AND t.id = $2");
    let row: Option<Row> =
        on_engine!(tx, |c| sqlx::query_as(SQL).bind(account).bind(id).fetch_optional(c).await)?;
    row.map(Row::rule).transpose()
}

/// Changes what a rule says. Tokens made by it before end.
pub async fn update(tx: &mut WriteTx, id: TrustRuleId, content: Content<'_>, now: Timestamp) -> Result<()> {
    const SQL: &str = "UPDATE trust_rules SET name = $2, issuer = $3, audience = $4, claims = $5, \
        revision = revision + 1, updated_at = $6 WHERE id = $1 AND deleted_at IS NULL";
    let claims = written(content.claims)?;
    on_engine!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(content.name)
        .bind(content.issuer)
        .bind(content.audience)
        .bind(claims.as_str())
        .bind(now)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Switches a rule off or on. Tokens made by it before stay ended.
pub async fn set_enabled(tx: &mut WriteTx, id: TrustRuleId, enabled: bool, now: Timestamp) -> Result<()> {
    const SQL: &str = "UPDATE trust_rules SET enabled = $2, revision = revision + 1, updated_at = $3 \
        WHERE id = $1 AND deleted_at IS NULL";
    on_engine!(tx, |c| sqlx::query(SQL).bind(id).bind(enabled).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Notes that a rule was deleted, and forgets what it was asked.
pub async fn delete(tx: &mut WriteTx, id: TrustRuleId, now: Timestamp) -> Result<()> {
    const RULE: &str = "UPDATE trust_rules SET deleted_at = $2, updated_at = $2 WHERE id = $1";
    const ATTEMPTS: &str = "DELETE FROM trust_attempts WHERE rule_id = $1";
    on_engine!(tx, |c| sqlx::query(RULE).bind(id).bind(now).execute(c).await.map(|_| ()))?;
    on_engine!(tx, |c| sqlx::query(ATTEMPTS).bind(id).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Deletes all rules of an account; how many there were.
pub async fn delete_all_of_account(
    tx: &mut WriteTx,
    account: ServiceAccountId,
    now: Timestamp,
) -> Result<u64> {
    const RULES: &str = "UPDATE trust_rules SET deleted_at = $2, updated_at = $2 \
        WHERE user_id = $1 AND deleted_at IS NULL";
    const ATTEMPTS: &str =
        "DELETE FROM trust_attempts WHERE rule_id IN (SELECT id FROM trust_rules WHERE user_id = $1)";
    let n = on_engine!(tx, |c| sqlx::query(RULES)
        .bind(account)
        .bind(now)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    on_engine!(tx, |c| sqlx::query(ATTEMPTS).bind(account).execute(c).await.map(|_| ()))?;
    Ok(n)
}

/// Notes that a rule was used.
pub async fn touch(tx: &mut WriteTx, id: TrustRuleId, at: Timestamp) -> Result<()> {
    const SQL: &str = "UPDATE trust_rules SET last_used_at = $2 \
        WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)";
    on_engine!(tx, |c| sqlx::query(SQL).bind(id).bind(at).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// A rule that counts, as an outside token is judged by it.
#[derive(Clone, Debug)]
pub struct Trusting {
    /// Its id.
    pub id: TrustRuleId,
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub org: OrgId,
    /// For which account.
    pub account: ServiceAccountId,
    /// For whom tokens have to be.
    pub audience: String,
    /// With which claims.
    pub claims: ClaimPatterns,
    /// How often it was changed.
    pub revision: i64,
}

/// What makes a rule `t` of the account `u` hold.
macro_rules! rule_holds {
    () => {
        " JOIN service_accounts s ON s.user_id = t.user_id AND s.org_id = t.org_id \
         JOIN memberships m ON m.user_id = t.user_id AND m.org_id = t.org_id \
         WHERE t.enabled AND t.deleted_at IS NULL AND s.deleted_at IS NULL AND u.deactivated_at IS NULL "
    };
}

/// Rules of an issuer that count, of one account or of any, oldest first; at most `limit`.
pub async fn of_issuer(
    tx: &mut ReadTx,
    issuer: &str,
    account: Option<ServiceAccountId>,
    limit: u32,
) -> Result<Vec<Trusting>> {
    #[derive(sqlx::FromRow)]
    struct Found {
        id: TrustRuleId,
        name: String,
        org_id: OrgId,
        user_id: ServiceAccountId,
        audience: String,
        claims: String,
        revision: i64,
    }
    macro_rules! select {
        ($rest:literal) => {
            concat!(
                "SELECT t.id, t.name, t.org_id, t.user_id, t.audience, t.claims, t.revision FROM trust_rules t \
                 JOIN users u ON u.id = t.user_id",
                rule_holds!(),
                "AND t.issuer = $1 ",
                $rest
            )
        };
    }
    const ANY: &str = select!("ORDER BY t.id LIMIT $2");
    const OF_ONE: &str = select!("AND t.user_id = $3 ORDER BY t.id LIMIT $2");
    let limit = i64::from(limit);
    let found: Vec<Found> = match account {
        None => on_engine!(tx, |c| sqlx::query_as(ANY).bind(issuer).bind(limit).fetch_all(c).await)?,
        Some(account) => on_engine!(tx, |c| sqlx::query_as(OF_ONE)
            .bind(issuer)
            .bind(limit)
            .bind(account)
            .fetch_all(c)
            .await)?,
    };
    let rules = found.into_iter().map(|row| {
        Ok(Trusting {
            id: row.id,
            name: row.name,
            org: row.org_id,
            account: row.user_id,
            audience: row.audience,
            claims: read(&row.claims)?,
            revision: row.revision,
        })
    });
    rules.collect()
}

/// The service account behind a living short token.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct TrustedOwner {
    /// The short token.
    pub id: AccessTokenId,
    /// The rule it was made by.
    pub rule_id: TrustRuleId,
    /// Whose it is.
    pub user_id: UserId,
    /// Its name.
    pub user_name: String,
    /// When the rule was last used.
    pub last_used_at: Option<Timestamp>,
}

/// The account and rule of a short token, if all hold, and the rule is as it was when the token was made.
pub async fn owner_by_digest(
    tx: &mut ReadTx,
    secret_sha256: &[u8],
    now: Timestamp,
) -> Result<Option<TrustedOwner>> {
    const SQL: &str = concat!(
        "SELECT a.id, t.id AS rule_id, u.id AS user_id, u.name AS user_name, t.last_used_at FROM access_tokens a \
         JOIN trust_rules t ON t.id = a.trust_rule_id AND t.user_id = a.user_id AND t.revision = a.trust_rule_revision \
         JOIN users u ON u.id = a.user_id",
        rule_holds!(),
        "AND a.secret_sha256 = $1 AND a.expires_at > $2"
    );
    Ok(on_engine!(tx, |c| sqlx::query_as(SQL).bind(secret_sha256).bind(now).fetch_optional(c).await)?)
}

/// Uses an outside token up until it runs out. `false` if it was used before.
pub async fn use_up(tx: &mut WriteTx, token_sha256: &[u8], expires_at: Timestamp) -> Result<bool> {
    const SQL: &str =
        "INSERT INTO used_outside_tokens (token_sha256, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    let n = on_engine!(tx, |c| sqlx::query(SQL)
        .bind(token_sha256)
        .bind(expires_at)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(n == 1)
}

/// Forgets used tokens that ran out before `before`: those are refused by themselves.
pub async fn delete_over(tx: &mut WriteTx, before: Timestamp) -> Result<u64> {
    const SQL: &str = "DELETE FROM used_outside_tokens WHERE expires_at < $1";
    Ok(on_engine!(tx, |c| sqlx::query(SQL).bind(before).execute(c).await.map(|r| r.rows_affected()))?)
}
