//! What permissions are called by people: the same words in the grid of a role, in a preview and in an explanation.

use model::Permission;
use model::policy::{Action, ResourceType};
use model::role::PermissionName;

/// A type of resource, many of them: "pipeline runs".
pub(crate) const fn kind_words(kind: ResourceType) -> &'static str {
    match kind {
        ResourceType::Flavor => "flavors",
        ResourceType::Secret => "secrets",
        ResourceType::ServiceAccount => "service accounts",
        ResourceType::ServiceConnector => "service connectors",
        ResourceType::Stack => "stacks",
        ResourceType::StackComponent => "stack components",
        ResourceType::Tag => "tags",
        ResourceType::Project => "projects",
        ResourceType::Artifact => "artifacts",
        ResourceType::ArtifactVersion => "artifact versions",
        ResourceType::CodeRepository => "code repositories",
        ResourceType::Model => "models",
        ResourceType::ModelVersion => "model versions",
        ResourceType::Pipeline => "pipelines",
        ResourceType::PipelineRun => "pipeline runs",
        ResourceType::PipelineDeployment => "pipeline snapshots",
        ResourceType::PipelineBuild => "pipeline builds",
        ResourceType::Deployment => "deployments",
        ResourceType::Schedule => "schedules",
        ResourceType::RunTemplate => "run templates",
        ResourceType::Service => "services",
        ResourceType::RunMetadata => "run metadata",
        ResourceType::Trigger => "triggers",
        ResourceType::Webhook => "webhooks",
    }
}

/// What is done to a resource, in a word or two: "read values".
pub(crate) const fn action_words(action: Action) -> &'static str {
    match action {
        Action::Create => "create",
        Action::Read => "read",
        Action::Update => "update",
        Action::Delete => "delete",
        Action::ReadSecretValue => "read values",
        Action::Prune => "prune",
        Action::Client => "use",
        Action::Promote => "promote",
        Action::BackupRestore => "back up",
        Action::Share => "share",
    }
}

/// Actions with a column of their own where types and actions make a table. The rare ones share the last column.
pub(crate) const USUAL: [Action; 5] =
    [Action::Create, Action::Read, Action::Update, Action::Delete, Action::Share];

/// What can be done in Reeve itself, as it stands after "may": "change the roles of members".
pub(crate) const fn reeve_words(permission: Permission) -> &'static str {
    match permission {
        Permission::OrgRead => "see the organization",
        Permission::OrgUpdate => "change the organization’s name and description",
        Permission::MemberRead => "see who is a member",
        Permission::MemberUpdate => "change the roles of members",
        Permission::MemberRemove => "remove members",
        Permission::MemberSessionManage => "see and end the sessions and devices of members",
        Permission::InvitationRead => "see invitations",
        Permission::InvitationManage => "invite people",
        Permission::ConnectionRead => "see sign-in connections",
        Permission::ConnectionManage => "change sign-in connections",
        Permission::AuditRead => "read the audit log",
        Permission::TeamRead => "see teams and what they hold",
        Permission::TeamManage => "make, rename and delete teams",
        Permission::ServiceAccountRead => "see service accounts",
        Permission::ServiceAccountKeys => "manage the keys of service accounts",
        Permission::ServiceAccountManage => "manage service accounts",
        Permission::TeamMembers => "put people into teams and take them out",
        Permission::RoleRead => "see roles and what they allow",
        Permission::RoleManage => "make, change and delete custom roles",
        Permission::OrgGrantManage => "give and take roles in the organization",
        Permission::AccessRead => "see what anybody may do, and why",
        Permission::LimitRead => "see usage and limits",
        Permission::LimitManage => "set limits",
        Permission::WorkspaceEnroll => "enrol workspaces",
        Permission::WorkspaceRead => "see the workspace",
        Permission::WorkspaceEnter => "sign in to the workspace",
        Permission::WorkspaceUpdate => {
            "change the workspace’s name, description and how its tokens are signed"
        }
        Permission::WorkspaceKeys => {
            "rotate and revoke the workspace’s keys, and say where people are sent back to after signing in, and where the workspace is told of a sign-out"
        }
        Permission::WorkspaceDelete => "deactivate and delete the workspace",
        Permission::GrantRead => "see who may enter the workspace",
        Permission::GrantManage => "give and take roles in the workspace",
        Permission::ProjectGrantRead => "see the members of projects",
        Permission::ProjectGrantManage => "give and take roles in projects",
        Permission::WorkspaceAct => "act for the workspace",
        Permission::SelfManage => "manage their own account",
    }
}

/// One permission, as it stands after "may": "update stacks", "read the audit log".
pub(crate) fn permission_words(name: PermissionName) -> String {
    match name {
        PermissionName::Reeve(permission) => reeve_words(permission).to_owned(),
        PermissionName::Resource(kind, action) => on_kinds(action, kind_words(kind)),
    }
}

/// An action and what it is done to, in an order that reads: "read the values of secrets".
fn on_kinds(action: Action, kinds: &str) -> String {
    match action {
        Action::ReadSecretValue => format!("read the values of {kinds}"),
        Action::BackupRestore => format!("back up and restore {kinds}"),
        action => format!("{} {kinds}", action_words(action)),
    }
}

/// The same with a capital, for headings and labels.
pub(crate) fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// "1 person", "4 people".
pub(crate) fn counted(n: u32, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

/// "Ada", "Ada and Bo", "Ada, Bo and Cem"; where `total` is more than are named, "Ada, Bo and 3 more".
pub(crate) fn listed<T: AsRef<str>>(names: &[T], total: usize) -> String {
    let unnamed = total.saturating_sub(names.len());
    let more = (unnamed > 0).then(|| format!("{unnamed} more"));
    let mut all: Vec<&str> = names.iter().map(AsRef::as_ref).chain(more.as_deref()).collect();
    match (all.pop(), all.is_empty()) {
        (Some(last), false) => format!("{} and {last}", all.join(", ")),
        (Some(only), true) => only.to_owned(),
        (None, _) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_listed_and_the_rest_is_counted() {
        assert_eq!(listed::<&str>(&[], 0), "");
        assert_eq!(listed(&["Ada"], 1), "Ada");
        assert_eq!(listed(&["Ada", "Bo"], 2), "Ada and Bo");
        assert_eq!(listed(&["Ada", "Bo", "Cem"], 3), "Ada, Bo and Cem");
        assert_eq!(listed(&["Ada", "Bo"], 5), "Ada, Bo and 3 more");
    }

    #[test]
    fn permissions_read_as_what_somebody_may_do() {
        let words = |text: &str| permission_words(text.parse().unwrap());
        assert_eq!(words("pipeline_run.update"), "update pipeline runs");
        assert_eq!(words("secret.read_secret_value"), "read the values of secrets");
        assert_eq!(words("audit.read"), "read the audit log");
        assert_eq!(capitalized("use service connectors"), "Use service connectors");
    }
}
