//! May this person do that to these resources?
//!
//! The server asks while its own caller waits, several times per request and with up to ten thousand resources, so a
//! decision costs one indexed read whatever the number of resources: whether anything has changed since the last one.
//! A role or a share that was taken is gone with the very next question, on every replica.

use crate::Control;
use crate::authz::{Allowed, Authorized, Snapshot, WorkspaceAct};
use crate::error::Result;
use model::UserId;
use model::policy::{Action, Resource};
use std::collections::HashMap;
use std::sync::Arc;

impl Control {
    /// One answer for each resource text, under that very text. Whatever is not known, be it the person, the action,
    /// or what the text means, is not allowed.
    pub async fn check_permissions(
        &self,
        auth: &Authorized<WorkspaceAct>,
        user: &str,
        action: &str,
        resources: Vec<String>,
    ) -> Result<HashMap<String, bool>> {
        self.heard_of(auth);
        let policy = self.policy_for(auth, user).await?;
        let standing = standing(policy.as_deref(), auth, user);
        let decider = standing.as_ref().zip(action.parse::<Action>().ok());
        Ok(resources
            .into_iter()
            .map(|text| {
                let allowed = decider.is_some_and(|(standing, action)| {
                    Resource::parse(&text)
                        .is_some_and(|resource| standing.allows(&resource, resource.known(), action))
                });
                (text, allowed)
            })
            .collect())
    }

    /// Which resources of the type `resource` names (`[<project>:]<type>`) a person may act on.
    pub async fn allowed_resource_ids(
        &self,
        auth: &Authorized<WorkspaceAct>,
        user: &str,
        resource: &str,
        action: &str,
    ) -> Result<Allowed> {
        self.heard_of(auth);
        let (Ok(action), Some(resource)) = (action.parse::<Action>(), Resource::parse(resource)) else {
            return Ok(Allowed::default());
        };
        let policy = self.policy_for(auth, user).await?;
        let standing = standing(policy.as_deref(), auth, user);
        Ok(standing.map(|standing| standing.allowed(&resource, resource.known(), action)).unwrap_or_default())
    }

    /// The workspace may be gone since its token was looked at, and whoever is no person has no part in it.
    async fn policy_for(&self, auth: &Authorized<WorkspaceAct>, user: &str) -> Result<Option<Arc<Snapshot>>> {
        match user.parse() {
            Ok(user) => self.policy_about(user, auth.scope()).await,
            Err(_) => Ok(None),
        }
    }
}

/// `None` if they have no part in the workspace: unknown, removed, closed, or a member with no role there.
fn standing<'s>(
    policy: Option<&'s Snapshot>,
    auth: &Authorized<WorkspaceAct>,
    user: &str,
) -> Option<crate::authz::Standing<'s>> {
    policy?.standing(user.parse::<UserId>().ok()?, auth.scope(), auth.now())
}
