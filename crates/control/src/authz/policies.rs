//! The snapshots of this process, each compared with the database before it is used.
//!
//! A change of who may do what counts up its organization's `policy_version` in the same transaction. A question reads
//! that number first, and a snapshot of an older one is compiled anew. So a change that was acknowledged by any replica
//! is seen by every question that begins afterwards, on any other.
//!
//! Compiling takes as long as the organization is large. A question about one person in one workspace does not wait for
//! it: it is answered from what concerns them, read and compiled in a moment, while the whole is compiled for the next.

use super::{Authorized, InOrg, Right, Snapshot};
use crate::Control;
use crate::error::Result;
use model::{OrgId, UserId, WorkspaceId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use store::WriteTx;
use tracing::warn;

/// Snapshots by organization.
#[derive(Debug, Default)]
pub(crate) struct Policies(Mutex<HashMap<OrgId, Arc<Slot>>>);

#[derive(Debug, Default)]
struct Slot {
    current: RwLock<Option<Arc<Snapshot>>>,
    /// Of many questions that find the snapshot old, one compiles it.
    compiling: tokio::sync::Mutex<()>,
}

impl Slot {
    /// The snapshot, unless it is older than `version`.
    fn at_least(&self, version: i64) -> Option<Arc<Snapshot>> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current.as_ref().filter(|snapshot| snapshot.version >= version).cloned()
    }

    fn keep(&self, snapshot: &Arc<Snapshot>) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.as_ref().is_none_or(|kept| kept.version < snapshot.version) {
            *current = Some(Arc::clone(snapshot));
        }
    }
}

impl Policies {
    /// Organizations kept at once; more than that are compiled anew when they are asked about.
    const AT_MOST: usize = 1_000;

    fn slot(&self, org: OrgId) -> Arc<Slot> {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= Self::AT_MOST && !slots.contains_key(&org) {
            slots.clear();
        }
        Arc::clone(slots.entry(org).or_default())
    }
}

impl Control {
    /// Who may do what in an organization, as of now. `None` if there is no such organization.
    pub(crate) async fn policy(&self, org: OrgId) -> Result<Option<Arc<Snapshot>>> {
        let mut tx = self.store().read().await?;
        let version = store::policy::version(&mut tx, org).await?;
        drop(tx);
        match version {
            Some(version) => self.policy_since(org, version).await,
            None => Ok(None),
        }
    }

    /// Who may do what in the organization of a workspace, as of now. `None` if there is no such workspace.
    pub(crate) async fn policy_at(&self, workspace: WorkspaceId) -> Result<Option<Arc<Snapshot>>> {
        let mut tx = self.store().read().await?;
        let found = store::policy::version_at(&mut tx, workspace).await?;
        drop(tx);
        match found {
            Some((org, version)) => self.policy_since(org, version).await,
            None => Ok(None),
        }
    }

    /// Who may do what, as far as one person in one workspace is concerned, as of now: decides about nobody else and
    /// nowhere else. `None` if there is no such workspace.
    pub(crate) async fn policy_about(
        &self,
        user: UserId,
        workspace: WorkspaceId,
    ) -> Result<Option<Arc<Snapshot>>> {
        let mut tx = self.store().read().await?;
        let found = store::policy::version_at(&mut tx, workspace).await?;
        drop(tx);
        let Some((org, version)) = found else {
            return Ok(None);
        };
        let slot = self.policies().slot(org);
        if let Some(snapshot) = slot.at_least(version) {
            return Ok(Some(snapshot));
        }
        self.compile_soon(org, version, &slot);
        let mut tx = self.store().snapshot().await?;
        let rows = store::policy::load_about(&mut tx, org, user, workspace).await?;
        Ok(rows.map(|rows| Arc::new(Snapshot::compile(org, &rows))))
    }

    /// Compiles without anybody waiting, unless that is being done.
    fn compile_soon(&self, org: OrgId, version: i64, slot: &Slot) {
        if slot.compiling.try_lock().is_err() {
            return;
        }
        let control = self.clone();
        tokio::spawn(async move {
            if let Err(error) = control.policy_since(org, version).await {
                warn!(org.id = %org, error = ?error, "The policy of {org} could not be compiled; the next question tries again");
            }
        });
    }

    /// Who may do what in each organization of a person, as of now.
    pub(crate) async fn policies_of(&self, user: UserId) -> Result<Vec<Arc<Snapshot>>> {
        let mut tx = self.store().read().await?;
        let found = store::policy::versions_of(&mut tx, user).await?;
        drop(tx);
        let mut policies = Vec::with_capacity(found.len());
        for (org, version) in found {
            policies.extend(self.policy_since(org, version).await?);
        }
        Ok(policies)
    }

    async fn policy_since(&self, org: OrgId, version: i64) -> Result<Option<Arc<Snapshot>>> {
        let slot = self.policies().slot(org);
        if let Some(snapshot) = slot.at_least(version) {
            return Ok(Some(snapshot));
        }
        let _one = slot.compiling.lock().await;
        if let Some(snapshot) = slot.at_least(version) {
            return Ok(Some(snapshot));
        }
        let mut tx = self.store().snapshot().await?;
        let Some(rows) = store::policy::load(&mut tx, org).await? else {
            return Ok(None);
        };
        drop(tx);
        let snapshot = Arc::new(Snapshot::compile(org, &rows));
        slot.keep(&snapshot);
        Ok(Some(snapshot))
    }

    /// Begins a change of who may do what in an organization. From here on no other change happens until this one is
    /// done, and the snapshot says what held before: what is checked against it is still true when it is committed. The
    /// right that was proven is the first thing to be checked: it may have been taken since.
    ///
    /// # Errors
    ///
    /// As [`Control::authorize`].
    pub(crate) async fn changing<R: Right<Scope: InOrg>>(
        &self,
        auth: &Authorized<R>,
    ) -> Result<(WriteTx, Arc<Snapshot>)> {
        let (tx, snapshot) = self.changing_from_outside(auth.org()).await?;
        auth.holds_still(&snapshot)?;
        Ok((tx, snapshot))
    }

    /// The same for whoever has no part in the organization yet, and holds no right there that would have to be proven.
    pub(crate) async fn changing_from_outside(&self, org: OrgId) -> Result<(WriteTx, Arc<Snapshot>)> {
        // Before the lock, so that while it is held there is nothing to compile unless somebody else was quicker.
        self.policy(org).await?;
        let mut tx = self.store().write().await?;
        let Some(version) = store::orgs::bump_policy_version(&mut tx, org).await? else {
            return Err(crate::Error::not_found());
        };
        // Nobody else can have counted since, so the snapshot of the number before is the state before this change.
        let snapshot = self.locked(&mut tx, org, version - 1).await?;
        Ok((tx, snapshot))
    }

    /// Begins a change in an organization that leaves who may do what as it is. Nobody's rights change until it is done,
    /// and the right that was proven still holds.
    ///
    /// # Errors
    ///
    /// As [`Control::authorize`].
    pub(crate) async fn writing<R: Right<Scope: InOrg>>(&self, auth: &Authorized<R>) -> Result<WriteTx> {
        Ok(self.writing_under(auth).await?.0)
    }

    /// The same, with the snapshot of what holds meanwhile.
    ///
    /// # Errors
    ///
    /// As [`Control::authorize`].
    pub(crate) async fn writing_under<R: Right<Scope: InOrg>>(
        &self,
        auth: &Authorized<R>,
    ) -> Result<(WriteTx, Arc<Snapshot>)> {
        let org = auth.org();
        self.policy(org).await?;
        let mut tx = self.store().write().await?;
        store::orgs::lock(&mut tx, org).await?;
        let version = store::policy::version(&mut tx, org).await?.ok_or_else(crate::Error::not_found)?;
        let snapshot = self.locked(&mut tx, org, version).await?;
        auth.holds_still(&snapshot)?;
        Ok((tx, snapshot))
    }

    /// Who may do what as this transaction would leave it.
    pub(crate) async fn as_left_by(&self, tx: &mut WriteTx, org: OrgId) -> Result<Snapshot> {
        let rows = store::policy::load(tx, org).await?.unwrap_or_default();
        Ok(Snapshot::compile(org, &rows))
    }

    /// The snapshot of a version, in a transaction in which nobody else can change it any more.
    async fn locked(&self, tx: &mut WriteTx, org: OrgId, version: i64) -> Result<Arc<Snapshot>> {
        let kept = self.policies().slot(org).at_least(version).filter(|kept| kept.version == version);
        if let Some(snapshot) = kept {
            return Ok(snapshot);
        }
        Ok(Arc::new(self.as_left_by(tx, org).await?))
    }
}
