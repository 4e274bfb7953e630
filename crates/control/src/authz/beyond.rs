//! Who holds more than whom: nobody hands out, or gets hold of, what they do not hold themselves.

use super::snapshot::{Shared, Snapshot};
use crate::grants::last_instant;
use model::grant::{Place, Principal};
use model::policy::Action;
use model::{OrgRole, Permission, RoleRef, Timestamp, UserId, WorkspaceId};

/// Something that one account holds and another does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// A role, and where.
    Role(RoleRef, Place),
    /// Shared resources, and where.
    Shares(WorkspaceId),
}

impl Snapshot {
    /// Until when a member who holds a permission in the organization holds it; `None` if for good.
    pub fn held_until(&self, user: UserId, permission: Permission, now: Timestamp) -> Option<Timestamp> {
        let role = self.member(user)?;
        if self.rights_of(role.into()).grants(permission) {
            return None;
        }
        let giving = self.holders(user).flat_map(|(principal, _)| {
            let held = &self.grants[self.granted(principal, None)];
            held.iter().filter(|held| held.holds_at(now) && self.role_of(held).rights.grants(permission))
        });
        // Of several the longest counts, and none is longer than one without an end.
        giving.map(|held| held.expires_at).max_by_key(|end| end.unwrap_or(Timestamp::MAX)).flatten()
    }

    /// Something that `account` holds, with `role` in the organization, and `other` does not, or not for as long. Whoever
    /// comes by a credential of the account can do all that it can.
    pub fn beyond(&self, account: UserId, role: OrgRole, other: UserId, now: Timestamp) -> Option<Beyond> {
        let here = Place::Org(self.org);
        let forever = self.held_in(other, here, Timestamp::MAX).unwrap_or_default();
        if !forever.covers(&self.rights_of(role.into())) {
            return Some(Beyond::Role(role.into(), here));
        }
        self.holders(account).find_map(|(principal, _)| {
            let more = self.granted_to(principal, now).find_map(|held| {
                let (role, place) = (self.role_of(held), held.place(self.org));
                let theirs = self.held_in(other, place, last_instant(held.expires_at)).unwrap_or_default();
                (!theirs.covers(&role.gives_in(place))).then_some(Beyond::Role(role.role, place))
            });
            more.or_else(|| self.shared_beyond(principal, other, Timestamp::MAX).map(Beyond::Shares))
        })
    }

    /// The first workspace in which something is shared with a principal that a member may not do themselves.
    pub fn shared_beyond(&self, with: Principal, user: UserId, now: Timestamp) -> Option<WorkspaceId> {
        let by_workspace = self.shared_with(with).chunk_by(|a, b| a.workspace == b.workspace);
        by_workspace.filter(|here| self.workspaces.contains(&here[0].workspace)).find_map(|here| {
            let workspace = here[0].workspace;
            let standing = self.standing(user, workspace, now);
            let may = |share: &Shared| {
                let resource = self.resource(share);
                let mut shared = Action::ALL.iter().filter(|action| share.allows(**action));
                standing.as_ref().is_some_and(|standing| {
                    shared.all(|action| standing.allows(&resource, resource.known(), *action))
                })
            };
            (!here.iter().all(may)).then_some(workspace)
        })
    }
}
