//! What stands around every page, and what the sign-in page offers.

use crate::Control;
use crate::authz::{Authorized, Open, SelfManage};
use crate::error::Result;
use model::OrgId;
use model::session::{Frame, SignInOptions};

impl Control {
    /// What the frame around the pages shows. `org` and `workspace` say where the person is; without one of theirs,
    /// their first organization is taken.
    pub async fn frame(
        &self,
        auth: &Authorized<SelfManage>,
        org: Option<OrgId>,
        _workspace: Option<&str>,
    ) -> Result<Frame> {
        let me = self.me(auth).await?;
        let org = me.orgs.iter().find(|mine| Some(mine.id) == org).or_else(|| me.orgs.first()).cloned();
        Ok(Frame { me, org, open_invitations: 0, workspaces: Vec::new() })
    }

    /// What the sign-in page offers.
    pub async fn sign_in_options(&self, _open: &Open) -> Result<SignInOptions> {
        let mut tx = self.store().read().await?;
        let home = store::orgs::home(&mut tx).await?;
        let needs_setup = !store::orgs::setup_completed(&mut tx).await?;
        Ok(SignInOptions {
            org_name: home.map(|org| org.display_name),
            connections: Vec::new(),
            email: self.settings().mail.is_some(),
            needs_setup,
        })
    }
}
