//! What the first page of an organization shows.

use crate::Control;
use crate::authz::{Authorized, OrgRead};
use crate::error::{Error, Result};
use model::audit::AuditAction;
use model::org::Overview;
use model::workspace::WorkspaceQuery;
use model::{Permission, Timestamp};
use store::audit::Filter;

/// Days of sign-ins shown.
const DAYS: i64 = 14;
const DAY_MS: i64 = 86_400_000;
/// Workspaces shown.
const WORKSPACES: usize = 10;
/// Entries shown.
const LATEST: u32 = 8;

impl Control {
    /// What the caller may see of an organization at a glance.
    pub async fn overview(&self, auth: &Authorized<OrgRead>) -> Result<Overview> {
        let user = auth.user().ok_or_else(Error::not_found)?;
        let policy = self.policy(auth.scope()).await?.ok_or_else(Error::not_found)?;
        let rights = policy.org_rights(user, auth.now()).ok_or_else(Error::not_found)?;
        let workspaces = self.workspaces(auth, &WorkspaceQuery::default()).await?.page.items;
        let mut tx = self.store().snapshot().await?;
        let org = store::orgs::by_id(&mut tx, auth.scope()).await?.ok_or_else(Error::not_found)?;
        let role = policy.member(user).ok_or_else(Error::not_found)?;
        let counts = store::overview::counts(&mut tx, org.id, auth.now()).await?;
        let shown =
            |permission, n: i64| rights.grants(permission).then(|| u32::try_from(n).unwrap_or(u32::MAX));
        let (latest, sign_ins) = if rights.grants(Permission::AuditRead) {
            let latest = store::audit::list(&mut tx, org.id, &Filter::default(), LATEST).await?;
            let from = first_day(auth.now());
            let by_day =
                store::audit::count_by_day(&mut tx, org.id, AuditAction::SessionCreated, from).await?;
            (latest, every_day(&by_day))
        } else {
            (Vec::new(), Vec::new())
        };
        Ok(Overview {
            role,
            members: shown(Permission::MemberRead, counts.members),
            open_invitations: shown(Permission::InvitationRead, counts.open_invitations),
            connections: shown(Permission::ConnectionRead, counts.connections),
            workspaces: workspaces.into_iter().take(WORKSPACES).collect(),
            latest,
            sign_ins,
            org,
        })
    }
}

/// Midnight, UTC, of the first day shown; today is the last one.
fn first_day(now: Timestamp) -> Timestamp {
    Timestamp::from_millis((now.millis().div_euclid(DAY_MS) - DAYS + 1) * DAY_MS)
}

/// One number per day, days without any included.
fn every_day(counted: &[(i64, i64)]) -> Vec<u32> {
    (0..DAYS)
        .map(|day| {
            counted
                .iter()
                .find(|(of, _)| *of == day)
                .map_or(0, |(_, n)| u32::try_from(*n).unwrap_or(u32::MAX))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn today_is_the_last_of_fourteen_days() {
        let noon = Timestamp::parse("2026-11-23T12:00:00Z").unwrap();
        assert_eq!(Some(first_day(noon)), Timestamp::parse("2026-11-10"));
        let days = every_day(&[(0, 2), (13, 5)]);
        assert_eq!((days.len(), days[0], days[1], days[13]), (14, 2, 0, 5));
    }
}
