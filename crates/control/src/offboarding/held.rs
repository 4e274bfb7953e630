//! Everything somebody holds in an organization, or is the only one to hold, gathered in one transaction.

use super::fingerprint::Fingerprint;
use crate::Control;
use crate::authz::Snapshot;
use crate::error::Result;
use crate::{grants, whereabouts};
use model::grant::Grant;
use model::member::Member;
use model::offboarding::{
    HeldAccount, HeldDevice, HeldKey, HeldSession, HeldTeam, HeldWorkspace, Part, Preflight, SentInvitation,
};
use model::{RoleRef, ServiceAccountId, Timestamp, WorkspaceId};
use std::collections::HashMap;
use store::ReadTx;
use store::holdings;

/// A workspace that nobody else administers.
#[derive(Clone, Debug)]
pub(super) struct Administered {
    pub(super) id: WorkspaceId,
    pub(super) name: String,
    pub(super) role: RoleRef,
    pub(super) role_name: String,
    pub(super) until: Option<Timestamp>,
}

/// All of it.
#[derive(Clone, Debug)]
pub(super) struct Holdings {
    pub(super) member: Member,
    /// Whether they belong to another organization, too. Then keys, devices and sessions that reach there are not among
    /// the following: nobody ends those but them. (docs/decisions/0013)
    pub(super) elsewhere: bool,
    pub(super) grants: Vec<Grant>,
    pub(super) teams: Vec<HeldTeam>,
    pub(super) accounts: Vec<holdings::Account>,
    pub(super) workspaces: Vec<Administered>,
    pub(super) keys: Vec<holdings::Key>,
    pub(super) invitations: Vec<SentInvitation>,
    pub(super) devices: Vec<holdings::Device>,
    pub(super) sessions: Vec<holdings::Session>,
    pub(super) shares: (i64, Timestamp),
}

impl Control {
    /// Gathers it. `policy` has to know the member, also if they are locked.
    pub(super) async fn holdings(
        &self,
        tx: &mut ReadTx,
        policy: &Snapshot,
        member: Member,
        now: Timestamp,
    ) -> Result<Holdings> {
        let (org, user) = (policy.org, member.user);
        let elsewhere = store::members::is_elsewhere(tx, org, user).await?;
        let (mut devices, mut sessions) = (Vec::new(), Vec::new());
        if !elsewhere {
            devices = holdings::devices(tx, user, now).await?;
            sessions = holdings::sessions(tx, user, now, self.idle_since(now)).await?;
        }
        let given = store::grants::all_of_user(tx, org, user, now).await?;
        let teams = store::teams::of_user(tx, org, user).await?;
        let sent = store::invitations::open_by(tx, org, user, now).await?;
        Ok(Holdings {
            elsewhere,
            grants: given.into_iter().map(grants::shown).collect(),
            teams: teams
                .into_iter()
                .map(|team| HeldTeam {
                    alone: policy.maintains_alone(user, team.id),
                    id: team.id,
                    name: team.name,
                    maintainer: team.maintainer,
                })
                .collect(),
            accounts: holdings::accounts(tx, org, user, now).await?,
            workspaces: administered(tx, policy, &member, now).await?,
            keys: holdings::keys(tx, user, elsewhere.then_some(org), now).await?,
            invitations: sent
                .into_iter()
                .map(|row| SentInvitation { id: row.id, email: row.email, role: row.role })
                .collect(),
            devices,
            sessions,
            shares: holdings::shares(tx, org, user).await?,
            member,
        })
    }
}

async fn administered(
    tx: &mut ReadTx,
    policy: &Snapshot,
    member: &Member,
    now: Timestamp,
) -> Result<Vec<Administered>> {
    let alone = policy.administers_alone(member.user, now);
    if alone.is_empty() {
        return Ok(Vec::new());
    }
    let mut names: HashMap<WorkspaceId, String> =
        store::workspaces::names(tx, policy.org).await?.into_iter().collect();
    let mut all: Vec<Administered> = alone
        .into_iter()
        .map(|(id, held)| {
            let role = policy.role_of(&held);
            Administered {
                id,
                name: names.remove(&id).unwrap_or_default(),
                role: role.role,
                role_name: role.name.clone(),
                until: held.expires_at,
            }
        })
        .collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(all)
}

impl Holdings {
    /// Whether there is something that somebody else has to take over.
    pub(super) fn needs_successor(&self) -> bool {
        !self.accounts.is_empty() || !self.workspaces.is_empty() || self.teams.iter().any(|team| team.alone)
    }

    /// What it says of each thing is what decides about it or is shown of it; that something was used does not count.
    pub(super) fn fingerprint(&self) -> Result<Fingerprint> {
        let member = &self.member;
        let grants: Vec<_> = self.grants.iter().map(|it| (it.id, it.place, it.role, it.expires_at)).collect();
        let teams: Vec<_> = self.teams.iter().map(|it| (it.id, it.maintainer, it.alone)).collect();
        let accounts: Vec<_> = self.accounts.iter().map(credentials).collect();
        let workspaces: Vec<_> = self.workspaces.iter().map(|it| (it.id, it.role, it.until)).collect();
        let keys: Vec<_> = self.keys.iter().map(|it| (it.id, it.generation, it.disabled_at)).collect();
        let invitations: Vec<_> = self.invitations.iter().map(|it| (it.id, it.role)).collect();
        let devices: Vec<_> = self.devices.iter().map(|it| it.id).collect();
        let sessions: Vec<_> = self.sessions.iter().map(|it| it.id).collect();
        let membership = (member.user, member.role, member.joined_at, member.locked_at, self.elsewhere);
        Fingerprint::default()
            .with(Part::Membership, 1, &membership)?
            .with(Part::Grants, grants.len(), &sorted(grants))?
            .with(Part::Teams, teams.len(), &sorted(teams))?
            .with(Part::ServiceAccounts, accounts.len(), &sorted(accounts))?
            .with(Part::Workspaces, workspaces.len(), &sorted(workspaces))?
            .with(Part::Keys, keys.len(), &sorted(keys))?
            .with(Part::Invitations, invitations.len(), &sorted(invitations))?
            .with(Part::Devices, devices.len(), &sorted(devices))?
            .with(Part::Sessions, sessions.len(), &sorted(sessions))?
            .with(Part::Shares, count(self.shares.0), &self.shares)
    }

    /// As people see it.
    pub(super) fn preflight(self, is_me: bool, obstacle: Option<String>) -> Result<Preflight> {
        let fingerprint = self.fingerprint()?.to_string();
        let Member { user, name, email, username, role, locked_at, .. } = self.member;
        Ok(Preflight {
            user,
            name,
            email,
            username,
            role,
            locked_at,
            is_me,
            elsewhere: self.elsewhere,
            obstacle,
            grants: self.grants,
            teams: self.teams,
            service_accounts: self.accounts.into_iter().map(account).collect(),
            workspaces: self.workspaces.into_iter().map(workspace).collect(),
            keys: self.keys.into_iter().map(key).collect(),
            invitations: self.invitations,
            devices: self.devices.into_iter().map(device).collect(),
            sessions: self.sessions.into_iter().map(session).collect(),
            shares: u32::try_from(self.shares.0).unwrap_or(u32::MAX),
            fingerprint,
        })
    }
}

/// In one order, whatever order the rows came in.
fn sorted<T: Ord>(mut rows: Vec<T>) -> Vec<T> {
    rows.sort_unstable();
    rows
}

fn count(n: i64) -> usize {
    usize::try_from(n).unwrap_or_default()
}

fn account(row: holdings::Account) -> HeldAccount {
    let some = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    HeldAccount { id: row.id, name: row.name, keys: some(row.keys), rules: some(row.rules) }
}

/// What opens an account: who hands it over has to have seen the last of it.
fn credentials(row: &holdings::Account) -> (ServiceAccountId, [i64; 5]) {
    (row.id, [row.keys, row.generations, row.switched_off, row.rules, row.revisions])
}

fn workspace(row: Administered) -> HeldWorkspace {
    HeldWorkspace { id: row.id, name: row.name, role_name: row.role_name, expires_at: row.until }
}

fn key(row: holdings::Key) -> HeldKey {
    HeldKey { id: row.id, name: row.name, workspace: row.workspace, disabled: row.disabled_at.is_some() }
}

fn device(row: holdings::Device) -> HeldDevice {
    HeldDevice { id: row.id, hostname: row.hostname, approved_at: row.approved_at }
}

fn session(row: holdings::Session) -> HeldSession {
    HeldSession {
        id: row.id,
        agent: whereabouts::browser(row.user_agent.as_deref()),
        created_at: row.created_at,
    }
}
