//! What stands around every page.

use crate::Control;
use crate::authz::{Authorized, SelfManage};
use crate::error::Result;
use model::session::Frame;
use model::{OrgId, Permission};
use store::workspaces::Filter;

/// Workspaces offered for jumping to.
const SHOWN: u32 = 50;

impl Control {
    /// What the frame around the pages shows. `org` and `workspace` say where the person is; without one of theirs,
    /// their first organization is taken.
    pub async fn frame(
        &self,
        auth: &Authorized<SelfManage>,
        org: Option<OrgId>,
        workspace: Option<&str>,
    ) -> Result<Frame> {
        let me = self.me(auth).await?;
        let of_workspace = match workspace {
            Some(name) => {
                let everywhere = self.visible(auth, None, false).await?;
                let found = Filter { name: Some(name), ..Filter::of(&everywhere, 1) };
                let mut tx = self.store().read().await?;
                store::workspaces::list(&mut tx, &found).await?.first().map(|seen| seen.org.id)
            }
            None => None,
        };
        let here = org.or(of_workspace);
        let org = me.orgs.iter().find(|mine| Some(mine.id) == here).or_else(|| me.orgs.first()).cloned();
        let (mut rights, mut workspaces) = (Vec::new(), Vec::new());
        if let Some(org) = &org {
            let policy = self.policy(org.id).await?;
            let held = policy.and_then(|policy| policy.org_rights(me.id, auth.now())).unwrap_or_default();
            rights = Permission::ALL.iter().copied().filter(|permission| held.grants(*permission)).collect();
            let seen = self.visible(auth, Some(org.id), false).await?;
            let mut tx = self.store().read().await?;
            workspaces = store::workspaces::list(&mut tx, &Filter::of(&seen, SHOWN)).await?;
        }
        let workspaces =
            workspaces.into_iter().map(|seen| (seen.workspace.name, seen.workspace.display_name));
        Ok(Frame { me, org, rights, workspaces: workspaces.collect() })
    }
}
