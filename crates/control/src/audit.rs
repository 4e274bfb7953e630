//! What is written to the audit log, stamped with who, when and from where by the proof that allowed it.

use crate::cx::{Actor, Cx};
use model::audit::{AuditAction, Outcome};
use serde_json::Value;
use store::audit::{NewEntry, Scope};
use uuid::Uuid;

/// Something that was done, or refused.
#[derive(Clone, Debug)]
#[must_use = "an event is written by committing with it"]
pub struct Event {
    action: AuditAction,
    outcome: Outcome,
    target: Option<(&'static str, Uuid, String)>,
    before: Option<Value>,
    after: Option<Value>,
}

impl Event {
    /// Something that was done.
    pub fn of(action: AuditAction) -> Self {
        Self { action, outcome: Outcome::Success, target: None, before: None, after: None }
    }
    /// Something that was refused, and why.
    pub fn refused(action: AuditAction, why: &str) -> Self {
        Self { outcome: Outcome::Refused, ..Self::of(action) }.after(serde_json::json!({ "reason": why }))
    }
    /// What it was done to.
    pub fn on(mut self, kind: &'static str, id: Uuid, name: impl Into<String>) -> Self {
        self.target = Some((kind, id, name.into()));
        self
    }
    /// What that was before. Never a secret.
    pub fn before(mut self, value: Value) -> Self {
        self.before = Some(value);
        self
    }
    /// What that is now. Never a secret.
    pub fn after(mut self, value: Value) -> Self {
        self.after = Some(value);
        self
    }

    pub(crate) fn stamped(self, cx: &Cx, scope: Scope) -> NewEntry {
        let (actor_kind, actor_id, actor_name) = match cx.actor() {
            Some(
                Actor::User { user, name, .. }
                | Actor::ApiKey { user, name, .. }
                | Actor::Client { user, name, .. }
                | Actor::CommandLine { user, name, .. }
                | Actor::Entrant { user, name, .. },
            ) => ("user", Some(user.uuid()), name.clone()),
            Some(Actor::Workspace { workspace, name, .. }) => {
                ("workspace", Some(workspace.uuid()), name.clone())
            }
            Some(Actor::System { job }) => ("system", None, (*job).to_owned()),
            None => ("anonymous", None, "somebody not signed in".to_owned()),
        };
        let (target_kind, target_id, target_name) = match self.target {
            Some((kind, id, name)) => (Some(kind), Some(id), Some(name)),
            None => (None, None, None),
        };
        NewEntry {
            id: cx.new_id(),
            scope,
            at: cx.now(),
            action: self.action,
            outcome: self.outcome,
            actor_kind,
            actor_id,
            actor_name,
            target_kind,
            target_id,
            target_name,
            before: self.before.map(|value| value.to_string()),
            after: self.after.map(|value| value.to_string()),
            ip: cx.origin().ip.map(|ip| ip.to_string()),
            user_agent: cx.origin().user_agent.clone(),
            request_id: cx.origin().request_id.clone(),
        }
    }
}
