//! What stands around every page.

use crate::Control;
use crate::authz::{Authorized, SelfManage};
use crate::error::Result;
use model::OrgId;
use model::session::Frame;
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
        let mut tx = self.store().read().await?;
        let everything = Filter::of(me.id, auth.now(), SHOWN);
        let of_workspace = match workspace {
            Some(name) => {
                let found = Filter { name: Some(name), limit: 1, ..everything.clone() };
                store::workspaces::list(&mut tx, &found).await?.first().map(|seen| seen.org.id)
            }
            None => None,
        };
        let here = org.or(of_workspace);
        let org = me.orgs.iter().find(|mine| Some(mine.id) == here).or_else(|| me.orgs.first()).cloned();
        let workspaces = match &org {
            Some(org) => {
                store::workspaces::list(&mut tx, &Filter { org: Some(org.id), ..everything }).await?
            }
            None => Vec::new(),
        };
        let workspaces =
            workspaces.into_iter().map(|seen| (seen.workspace.name, seen.workspace.display_name));
        Ok(Frame { me, org, workspaces: workspaces.collect() })
    }
}
