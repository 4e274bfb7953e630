//! What the predefined roles allow inside a workspace: the words of the ZenML server's permission checks,
//! and the matrix of role × resource type × action.

use crate::role::{OrgRole, Predefined, ProjectRole, WorkspaceRole};
use crate::words;
use uuid::Uuid;

words! {
    /// What is done to a resource.
    Action {
        /// Make a new one; asked on the type, without an id.
        Create = "create",
        /// See it.
        Read = "read",
        /// Change it.
        Update = "update",
        /// Remove it.
        Delete = "delete",
        /// Read the values of a secret, or of a service connector's secret.
        ReadSecretValue = "read_secret_value",
        /// Clean up in bulk.
        Prune = "prune",
        /// Use a service connector to obtain a client.
        Client = "client",
        /// Change the stage of a model version.
        Promote = "promote",
        /// Back up and restore secrets.
        BackupRestore = "backup_restore",
        /// Give others rights on one resource.
        Share = "share",
    }
}

words! {
    /// The types of resources a ZenML server asks about.
    ResourceType {
        /// Stack component flavor.
        Flavor = "flavor",
        /// Secret.
        Secret = "secret",
        /// Workspace-local service account.
        ServiceAccount = "service_account",
        /// Service connector.
        ServiceConnector = "service_connector",
        /// Stack.
        Stack = "stack",
        /// Stack component.
        StackComponent = "stack_component",
        /// Tag.
        Tag = "tag",
        /// Project.
        Project = "project",
        /// Artifact.
        Artifact = "artifact",
        /// Artifact version.
        ArtifactVersion = "artifact_version",
        /// Code repository.
        CodeRepository = "code_repository",
        /// Model.
        Model = "model",
        /// Model version.
        ModelVersion = "model_version",
        /// Pipeline.
        Pipeline = "pipeline",
        /// Pipeline run.
        PipelineRun = "pipeline_run",
        /// Pipeline snapshot.
        PipelineDeployment = "pipeline_deployment",
        /// Pipeline build.
        PipelineBuild = "pipeline_build",
        /// Deployment.
        Deployment = "deployment",
        /// Schedule.
        Schedule = "schedule",
        /// Run template.
        RunTemplate = "run_template",
        /// Model-serving service.
        Service = "service",
        /// Run metadata.
        RunMetadata = "run_metadata",
        /// Trigger.
        Trigger = "trigger",
        /// Webhook.
        Webhook = "webhook",
    }
}

impl ResourceType {
    /// Whether such resources live in a project; the others are the workspace's.
    pub const fn in_project(self) -> bool {
        !matches!(
            self,
            Self::Flavor
                | Self::Secret
                | Self::ServiceAccount
                | Self::ServiceConnector
                | Self::Stack
                | Self::StackComponent
                | Self::Tag
                | Self::Project
        )
    }
}

/// A resource as a workspace names it: `[<project>:]<type>[/<id>]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resource<'a> {
    /// The project, for types that live in one.
    pub project: Option<Uuid>,
    /// The type as it was written; may be one this version does not know.
    pub kind: &'a str,
    /// The single resource, if one is meant.
    pub id: Option<Uuid>,
}

impl<'a> Resource<'a> {
    /// The type, if this version knows it.
    pub fn known(&self) -> Kind {
        self.kind.parse().ok()
    }

    /// Longest resource text that is looked at; two UUIDs and a type are far below it.
    pub const MAX_LEN: usize = 200;

    /// Reads a resource text; `None` if it is malformed.
    pub fn parse(text: &'a str) -> Option<Self> {
        if text.len() > Self::MAX_LEN {
            return None;
        }
        let (project, rest) = match text.split_once(':') {
            Some((project, rest)) => (Some(Uuid::try_parse(project).ok()?), rest),
            None => (None, text),
        };
        let (kind, id) = match rest.split_once('/') {
            Some((kind, id)) => (kind, Some(Uuid::try_parse(id).ok()?)),
            None => (rest, None),
        };
        let plain = !kind.is_empty()
            && kind.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        // A known type with the project prefix it must not have, or without the one it must, names nothing.
        let placed =
            kind.parse::<ResourceType>().map_or(true, |known| known.in_project() == project.is_some());
        (plain && placed).then_some(Self { project, kind, id })
    }
}

/// What was written as a resource type: one this version knows, or any other.
pub type Kind = Option<ResourceType>;

/// The actions that mean something on resources of a type, apart from others: what a custom role can be made of.
pub const fn actions_of(kind: ResourceType) -> &'static [Action] {
    use Action as A;
    match kind {
        ResourceType::Secret => {
            &[A::Create, A::Read, A::Update, A::Delete, A::Share, A::ReadSecretValue, A::BackupRestore]
        }
        ResourceType::ServiceConnector => {
            &[A::Create, A::Read, A::Update, A::Delete, A::Share, A::ReadSecretValue, A::Client]
        }
        ResourceType::Model => &[A::Create, A::Read, A::Update, A::Delete, A::Share, A::Promote],
        ResourceType::ArtifactVersion | ResourceType::PipelineDeployment => {
            &[A::Create, A::Read, A::Update, A::Delete, A::Share, A::Prune]
        }
        _ => &[A::Create, A::Read, A::Update, A::Delete, A::Share],
    }
}

/// Whether a predefined role allows `action` on resources of `kind`, wherever the role reaches. Types this version
/// does not know (`None`) are allowed only to the roles that may do everything.
pub fn allows(role: Predefined, kind: Kind, action: Action) -> bool {
    match role {
        Predefined::Org(role) => org_role_allows(role, kind, action),
        Predefined::Workspace(role) => workspace_role_allows(role, kind, action),
        Predefined::Project(role) => project_role_allows(role, kind, action),
    }
}

fn org_role_allows(role: OrgRole, kind: Kind, action: Action) -> bool {
    match role {
        OrgRole::Admin => true,
        OrgRole::Viewer => kind == Some(ResourceType::Tag) && action == Action::Read,
        OrgRole::Manager | OrgRole::Billing | OrgRole::Member => false,
    }
}

fn workspace_role_allows(role: WorkspaceRole, kind: Kind, action: Action) -> bool {
    use Action as A;
    use ResourceType as T;
    match role {
        WorkspaceRole::Admin => true,
        WorkspaceRole::Developer => match kind {
            None | Some(T::ServiceAccount) => false,
            Some(T::Project) => matches!(action, A::Create | A::Read),
            Some(T::Stack | T::StackComponent | T::Flavor | T::Tag) => {
                matches!(action, A::Create | A::Read | A::Update)
            }
            Some(T::ServiceConnector) => matches!(action, A::Create | A::Read | A::Client),
            Some(T::Secret) => matches!(action, A::Create | A::Read | A::ReadSecretValue),
            Some(_) => matches!(action, A::Create | A::Read | A::Update | A::Share | A::Promote),
        },
        WorkspaceRole::Contributor => match kind {
            Some(T::Stack | T::StackComponent | T::Flavor | T::ServiceConnector | T::Secret) => {
                action == A::Create
            }
            Some(T::Tag) => matches!(action, A::Create | A::Read),
            _ => false,
        },
        WorkspaceRole::Viewer => kind.is_some() && action == A::Read,
        WorkspaceRole::StackAdmin => match kind {
            Some(T::Stack | T::StackComponent | T::Flavor) => {
                matches!(action, A::Create | A::Read | A::Update | A::Delete | A::Share)
            }
            Some(T::ServiceConnector) => matches!(
                action,
                A::Create | A::Read | A::Update | A::Delete | A::Share | A::Client | A::ReadSecretValue
            ),
            Some(T::Tag) => action == A::Read,
            _ => false,
        },
    }
}

/// In one project: `kind` is a type of that project, the project itself, or a tag, which is the workspace's.
fn project_role_allows(role: ProjectRole, kind: Kind, action: Action) -> bool {
    use Action as A;
    use ResourceType as T;
    match kind {
        Some(T::Project) if role == ProjectRole::Admin => {
            matches!(action, A::Read | A::Update | A::Delete | A::Share)
        }
        Some(T::Project) => action == A::Read,
        Some(T::Tag) if role == ProjectRole::Viewer => action == A::Read,
        Some(T::Tag) => matches!(action, A::Create | A::Read),
        Some(kind) if !kind.in_project() => false,
        kind => match role {
            ProjectRole::Admin => true,
            ProjectRole::Developer => match kind {
                None => false,
                Some(T::PipelineRun | T::RunMetadata) => matches!(action, A::Create | A::Read | A::Update),
                Some(_) => matches!(action, A::Create | A::Read),
            },
            ProjectRole::Contributor => kind.is_some() && matches!(action, A::Create | A::Read),
            ProjectRole::Viewer => kind.is_some() && action == A::Read,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Permission;
    use std::fmt::Write;

    /// The whole policy as text, so that any change of it shows as a change of the file beside this test.
    #[test]
    fn the_matrix_is_the_golden_file() {
        let mut text = String::new();
        for role in Predefined::all() {
            writeln!(text, "{}", role.label()).unwrap();
            let held: Vec<&str> =
                Permission::ALL.iter().filter(|p| role.grants(**p)).map(|p| p.as_str()).collect();
            writeln!(
                text,
                "  {:<20} {}",
                "(in Reeve)",
                if held.is_empty() { "-".to_owned() } else { held.join(" ") }
            )
            .unwrap();
            let kinds = ResourceType::ALL.iter().map(|kind| (Some(*kind), kind.as_str()));
            for (kind, name) in kinds.chain([(None, "(unknown type)")]) {
                let allowed: Vec<&str> = Action::ALL
                    .iter()
                    .filter(|action| allows(role, kind, **action))
                    .map(|action| action.as_str())
                    .collect();
                let allowed = if allowed.is_empty() { "-".to_owned() } else { allowed.join(" ") };
                writeln!(text, "  {name:<20} {allowed}").unwrap();
            }
        }
        println!("{text}");
        assert_eq!(text, include_str!("../tests/policy_matrix.txt"));
    }

    #[test]
    fn resource_texts_are_read_and_malformed_ones_name_nothing() {
        let (p, r) = ("6f9619ff-8b86-d011-b42d-00c04fc964ff", "0198f0aa-0000-7000-8000-000000000001");
        let run = format!("{p}:pipeline_run/{r}");
        let parsed = Resource::parse(&run).unwrap();
        assert_eq!(
            (parsed.kind, parsed.project.is_some(), parsed.id.is_some()),
            ("pipeline_run", true, true)
        );
        assert!(Resource::parse("stack").is_some() && Resource::parse("resource_pool").is_some());
        let stack_in_project = format!("{p}:stack/{r}");
        for text in [
            "",
            "stack/",
            "stack/x",
            ":stack",
            "pipeline",
            "Stack",
            "a b",
            "stack/../x",
            &stack_in_project,
            &"a".repeat(201),
        ] {
            assert_eq!(Resource::parse(text), None, "{text:?}");
        }
    }
}
