//! Telling workspaces that a session is over (Back-Channel Logout 1.0).
//!
//! Whatever ends a session makes its notices due in the same transaction; nobody waits for them to be delivered, and nothing
//! is let in by their being late: the access token ended with the session.

use crate::Control;
use crate::error::Result;
use crate::retry::{LEASE_S, wait_s};
use futures::future::join_all;
use model::{AuditId, UserId, WorkspaceId, WorkspaceSignInId};
use openidconnect::http::{Request, header};
use serde::Serialize;
use serde_json::{Value, json};
use std::time::Duration;
use store::openid::Notice;

/// What such a token is called in its header (Back-Channel Logout 1.0 §2.4).
const TYPE: &str = "logout+jwt";
/// How long one is good for.
const LIFE_S: i64 = 120;
/// Notices taken at once; they are sent side by side.
const AT_ONCE: i64 = 10;
/// How long a workspace may take for its answer: others wait for it, and so does the end of this process.
const PATIENCE: Duration = Duration::from_secs(5);
/// Seconds until the next try, after the first, the second, …; after the last what a workspace does not take is given up.
const WAITS_S: [i64; 7] = [5, 30, 300, 1800, LONGEST_WAIT_S, LONGEST_WAIT_S, LONGEST_WAIT_S];
const LONGEST_WAIT_S: i64 = 7200;

/// The claims of a logout token.
#[derive(Serialize)]
struct LogoutToken<'a> {
    iss: &'a str,
    sub: UserId,
    aud: WorkspaceId,
    iat: i64,
    exp: i64,
    jti: AuditId,
    sid: WorkspaceSignInId,
    events: Value,
}

/// What came of a notice.
#[derive(Clone, Copy)]
enum Answer {
    /// The workspace took it, or does not want to be told, or is there no more.
    Done,
    /// The workspace did not take it.
    Refused,
    /// It could not be made, which is not the workspace's fault.
    NotMade,
}

impl Control {
    /// Tells workspaces of sessions that are over, the first few that are due; returns how many notices were tried. A
    /// workspace may be told twice if this process dies between its yes and ours.
    ///
    /// # Errors
    ///
    /// The first of those that came up with a notice, once all that were tried are written down: one that cannot be made must
    /// not have the others sent again.
    pub async fn tell_of_ended_sessions(&self) -> Result<usize> {
        let taken = self.claim_notices().await?;
        let answers = join_all(taken.iter().map(|notice| self.answer(notice))).await;
        let mut first_error = Ok(taken.len());
        // Written down one after the other: those of one workspace change the same rows.
        for (notice, answer) in taken.iter().zip(answers) {
            if answer.is_err() {
                tracing::error!(workspace = %notice.workspace_id, "A sign-out notice cannot be made; another try follows");
            }
            let noted = self.note_answer(notice, answer.as_ref().copied().unwrap_or(Answer::NotMade)).await;
            if let Err(error) = answer.and(noted) {
                first_error = first_error.and(Err(error));
            }
        }
        first_error
    }

    async fn claim_notices(&self) -> Result<Vec<Notice>> {
        let now = self.now();
        if !store::openid::is_any_due(&mut self.store().read().await?, now).await? {
            return Ok(Vec::new());
        }
        let mut tx = self.store().write().await?;
        let taken = store::openid::claim(&mut tx, now, now.plus_s(LEASE_S), AT_ONCE).await?;
        tx.commit_unaudited("a worker's note; what ended the session is audited").await?;
        Ok(taken)
    }

    async fn answer(&self, notice: &Notice) -> Result<Answer> {
        Ok(match self.logout_token(notice).await? {
            Some((address, token)) if !self.sent(notice, &address, &token).await => Answer::Refused,
            _ => Answer::Done,
        })
    }

    async fn note_answer(&self, notice: &Notice, answer: Answer) -> Result<()> {
        let now = self.now();
        let mut tx = self.store().write().await?;
        let wait_s = match answer {
            Answer::Done => None,
            Answer::Refused => wait_s(&WAITS_S, notice.attempts),
            Answer::NotMade => Some(wait_s(&WAITS_S, notice.attempts).unwrap_or(LONGEST_WAIT_S)),
        };
        match wait_s {
            Some(wait_s) => store::openid::tell_again(&mut tx, notice, now.plus_s(wait_s), now).await?,
            None => store::openid::forget(&mut tx, notice).await?,
        }
        if matches!((answer, wait_s), (Answer::Refused, None)) {
            tracing::warn!(workspace = %notice.workspace_id, attempts = notice.attempts, "A sign-out notice is given up");
        }
        Ok(tx.commit_unaudited("a worker's note; what ended the session is audited").await?)
    }

    /// Where to, and what. `None` if the workspace does not want to be told, or is there no more.
    async fn logout_token(&self, notice: &Notice) -> Result<Option<(String, String)>> {
        let mut tx = self.store().read().await?;
        let party = store::openid::relying_party(&mut tx, notice.workspace_id).await?;
        let user = store::openid::user_of(&mut tx, notice.session_id).await?;
        drop(tx);
        let (Some(party), Some(user)) = (party, user) else { return Ok(None) };
        let Some(address) = party.logout_uri else { return Ok(None) };
        let now = self.now();
        let iat = now.millis().div_euclid(1000);
        let claims = LogoutToken {
            iss: self.settings().public_url.as_str(),
            sub: user,
            aud: notice.workspace_id,
            iat,
            exp: iat + LIFE_S,
            jti: self.system_cx("logout").new_id(),
            sid: notice.id,
            events: json!({ "http://schemas.openid.net/event/backchannel-logout": {} }),
        };
        let token = self.signer(party.token_algorithm, now).await?.sign(TYPE, &claims)?;
        Ok(Some((address, token)))
    }

    /// Whether the workspace took it.
    async fn sent(&self, notice: &Notice, address: &str, token: &str) -> bool {
        let request = Request::post(address)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(format!("logout_token={token}").into_bytes());
        let Ok(request) = request else { return false };
        let call = self.providers().http.call(request, self.reach());
        let why = match tokio::time::timeout(PATIENCE, call).await {
            Ok(Ok(answer)) if answer.status().is_success() => return true,
            Ok(Ok(answer)) => format!("it answers with status {}", answer.status().as_u16()),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "it does not answer in time".to_owned(),
        };
        tracing::warn!(workspace = %notice.workspace_id, attempts = notice.attempts, "A workspace does not take a sign-out notice: {why}");
        false
    }
}
