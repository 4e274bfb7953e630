//! The rules of who may do what once more, as plainly as they can be told: every question walks all rows, everything is
//! text, nothing is prepared. Nothing here is shared with the engine: what the predefined roles allow is read from the
//! golden file, what custom roles may be made of is written out below.

use model::{ProjectId, Timestamp, UserId, WorkspaceId};
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::LazyLock;
use store::policy::{Grant, Rows, Share};
use uuid::Uuid;

/// The rows, and somebody who reads them aloud.
pub struct Naive<'r>(pub &'r Rows);

/// What is allowed, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Permissions in Reeve.
    pub reeve: HashSet<String>,
    /// Actions on types of resources, as `<type>.<action>`.
    pub actions: HashSet<String>,
}

#[derive(Clone, Debug, Default)]
struct Role {
    level: String,
    may: Words,
}

/// A role somebody holds, and where. Without a workspace: in the organization.
#[derive(Debug)]
struct Holding {
    role: Cow<'static, Role>,
    workspace: Option<WorkspaceId>,
    project: Option<ProjectId>,
}

/// `[<project>:]<type>[/<id>]`.
#[derive(Debug)]
struct Asked<'a> {
    project: Option<Uuid>,
    kind: &'a str,
    id: Option<Uuid>,
}

/// What all types are called together that this version does not know.
pub const UNKNOWN_TYPE: &str = "(unknown type)";
const IN_REEVE: &str = "(in Reeve)";

/// Types that are the workspace's and never written with a project.
const OF_WORKSPACE: [&str; 8] = [
    "flavor",
    "secret",
    "service_account",
    "service_connector",
    "stack",
    "stack_component",
    "tag",
    "project",
];

/// The predefined roles by the word that stands in the database.
static PREDEFINED: LazyLock<HashMap<String, Role>> = LazyLock::new(|| {
    let mut roles: HashMap<String, Role> = HashMap::new();
    let mut current = String::new();
    for line in include_str!("../../../../model/tests/policy_matrix.txt").lines() {
        let Some(rest) = line.strip_prefix("  ") else {
            // "Workspace Admin" is "workspace-admin".
            current = line.to_lowercase().replace(' ', "-");
            let level = match current.as_str() {
                "billing-admin" => "organization",
                "stack-admin" => "workspace",
                other => other.split('-').next().unwrap(),
            };
            roles.insert(current.clone(), Role { level: level.to_owned(), ..Role::default() });
            continue;
        };
        let (name, allowed) = rest.split_at(20);
        let (name, role) = (name.trim(), roles.get_mut(&current).unwrap());
        for word in allowed.split_whitespace().filter(|word| *word != "-") {
            if name == IN_REEVE {
                role.may.reeve.insert(word.to_owned());
            } else {
                role.may.actions.insert(format!("{name}.{word}"));
            }
        }
    }
    assert_eq!(roles.len(), 14, "the golden file lists every predefined role");
    roles
});

/// Every type a workspace may ask about and this version knows.
static KNOWN_TYPES: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let all = everything().map(|(kind, _)| kind.to_owned());
    all.filter(|kind| kind != UNKNOWN_TYPE).collect()
});

/// Every action a workspace may ask about.
static ACTIONS: LazyLock<HashSet<String>> =
    LazyLock::new(|| everything().map(|(_, action)| action.to_owned()).collect());

/// What an organization's admin may do: every action on every type.
fn everything() -> impl Iterator<Item = (&'static str, &'static str)> {
    PREDEFINED["organization-admin"].may.actions.iter().filter_map(|name| name.split_once('.'))
}

/// What a custom role of a level may allow in Reeve.
fn reeve_offered(level: &str, permission: &str) -> bool {
    let in_project = ["project_grant.read", "project_grant.manage"];
    let in_workspace =
        ["workspace.read", "workspace.enter", "workspace.update", "grant.read", "grant.manage"];
    match level {
        // An organization's admin has everything that can be given.
        "organization" => PREDEFINED["organization-admin"].may.reeve.contains(permission),
        "workspace" => in_workspace.contains(&permission) || in_project.contains(&permission),
        "project" => in_project.contains(&permission),
        _ => false,
    }
}

/// What a custom role of a level may allow inside workspaces.
fn action_offered(level: &str, kind: &str, action: &str) -> bool {
    let anywhere = ["create", "read", "update", "delete", "share"].contains(&action);
    let means_something = anywhere
        || match kind {
            "secret" => ["read_secret_value", "backup_restore"].contains(&action),
            "service_connector" => ["read_secret_value", "client"].contains(&action),
            "model" => action == "promote",
            "artifact_version" | "pipeline_deployment" => action == "prune",
            _ => false,
        };
    let reaches = match level {
        "organization" | "workspace" => true,
        "project" => match kind {
            "project" => action != "create",
            "tag" => ["create", "read"].contains(&action),
            _ => !OF_WORKSPACE.contains(&kind),
        },
        _ => false,
    };
    KNOWN_TYPES.contains(kind) && means_something && reaches
}

fn custom(level: &str, permissions: &str) -> Role {
    let mut role = Role { level: level.to_owned(), ..Role::default() };
    for name in permissions.split_whitespace() {
        if reeve_offered(level, name) {
            role.may.reeve.insert(name.to_owned());
        } else if let Some((kind, action)) = name.split_once('.')
            && action_offered(level, kind, action)
        {
            role.may.actions.insert(name.to_owned());
        }
    }
    if level == "workspace" {
        role.may.reeve.extend(["workspace.read", "workspace.enter"].map(str::to_owned));
    }
    role
}

impl Role {
    fn allows(&self, kind: &str, action: &str) -> bool {
        let kind = if KNOWN_TYPES.contains(kind) { kind } else { UNKNOWN_TYPE };
        self.may.actions.contains(&format!("{kind}.{action}"))
    }
}

impl Holding {
    /// Whether the place of the role is the resource's, or above it.
    fn reaches(&self, workspace: WorkspaceId, asked: &Asked<'_>) -> bool {
        if self.workspace.is_some_and(|own| own != workspace) {
            return false;
        }
        let Some(project) = self.project.map(ProjectId::uuid) else {
            return true;
        };
        if asked.kind == "project" {
            asked.id == Some(project)
        } else {
            OF_WORKSPACE.contains(&asked.kind) || asked.project == Some(project)
        }
    }
}

fn parse(text: &str) -> Option<Asked<'_>> {
    if text.len() > 200 {
        return None;
    }
    let (project, rest) = match text.find(':') {
        Some(at) => (Some(Uuid::parse_str(&text[..at]).ok()?), &text[at + 1..]),
        None => (None, text),
    };
    let (kind, id) = match rest.find('/') {
        Some(at) => (&rest[..at], Some(Uuid::parse_str(&rest[at + 1..]).ok()?)),
        None => (rest, None),
    };
    let letters = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '_');
    if kind.is_empty() || !kind.chars().all(letters) {
        return None;
    }
    if KNOWN_TYPES.contains(kind) && OF_WORKSPACE.contains(&kind) == project.is_some() {
        return None;
    }
    Some(Asked { project, kind, id })
}

impl Naive<'_> {
    fn member_role(&self, user: UserId) -> Option<&'static Role> {
        let member = self.0.members.iter().find(|member| member.user_id == user)?;
        PREDEFINED.get(&member.role).filter(|role| role.level == "organization")
    }

    fn exists(&self, workspace: WorkspaceId) -> bool {
        self.0.workspaces.contains(&workspace)
    }

    fn is_in_team(&self, user: UserId, team: model::TeamId) -> bool {
        self.0.teams.iter().any(|(of, who, _)| *of == team && *who == Some(user))
    }

    fn role(&self, text: &str) -> Option<Cow<'static, Role>> {
        if let Some(role) = PREDEFINED.get(text) {
            return Some(Cow::Borrowed(role));
        }
        let row = self.0.roles.iter().find(|row| row.id.to_string() == text)?;
        Some(Cow::Owned(custom(&row.level, &row.permissions)))
    }

    fn is_to(&self, grant: &Grant, user: UserId) -> bool {
        grant.user_id == Some(user) || grant.team_id.is_some_and(|team| self.is_in_team(user, team))
    }

    fn is_with(&self, share: &Share, user: UserId) -> bool {
        share.user_id == Some(user) || share.team_id.is_some_and(|team| self.is_in_team(user, team))
    }

    /// Every role a member holds, the one that every member has included.
    fn holdings(&self, user: UserId, now: Timestamp) -> Vec<Holding> {
        let Some(role) = self.member_role(user) else {
            return Vec::new();
        };
        let mut all = vec![Holding { role: Cow::Borrowed(role), workspace: None, project: None }];
        for grant in self.0.grants.iter().filter(|grant| self.is_to(grant, user)) {
            let Some(role) = self.role(&grant.role) else { continue };
            let level = match (grant.workspace_id.is_some(), grant.project_id.is_some()) {
                (false, false) => "organization",
                (true, false) => "workspace",
                (true, true) => "project",
                (false, true) => "nowhere",
            };
            let holds = match grant.expires_at {
                None => true,
                Some(until) => now < until,
            };
            if role.level == level && holds {
                all.push(Holding { role, workspace: grant.workspace_id, project: grant.project_id });
            }
        }
        all
    }

    /// Whether somebody may do something to what a text names.
    pub fn allows(
        &self,
        user: UserId,
        workspace: WorkspaceId,
        resource: &str,
        action: &str,
        now: Timestamp,
    ) -> bool {
        let Some(asked) = parse(resource) else { return false };
        if !ACTIONS.contains(action) || !self.exists(workspace) || self.member_role(user).is_none() {
            return false;
        }
        let by_role = self
            .holdings(user, now)
            .iter()
            .any(|holding| holding.reaches(workspace, &asked) && holding.role.allows(asked.kind, action));
        by_role
            || self.0.shares.iter().any(|share| {
                share.workspace_id == workspace
                    && self.is_with(share, user)
                    && share_allows(share, &asked, action)
            })
    }

    /// All resources of a type, or the ids of those somebody may act on.
    pub fn allowed(
        &self,
        user: UserId,
        workspace: WorkspaceId,
        resource: &str,
        action: &str,
        now: Timestamp,
    ) -> (bool, BTreeSet<Uuid>) {
        let Some(asked) = parse(resource) else { return (false, BTreeSet::new()) };
        let prefix = asked.project.map(|project| format!("{project}:")).unwrap_or_default();
        let one =
            |id: Uuid| self.allows(user, workspace, &format!("{prefix}{}/{id}", asked.kind), action, now);
        // Whoever may act on one that nobody has ever heard of may act on all of them.
        if one(Uuid::max()) {
            return (true, BTreeSet::new());
        }
        let shared = self.0.shares.iter().map(|share| share.resource_id);
        let projects = self.0.shares.iter().filter_map(|share| share.project_id);
        let granted = self.0.grants.iter().filter_map(|grant| grant.project_id);
        (false, shared.chain(projects.chain(granted).map(ProjectId::uuid)).filter(|id| one(*id)).collect())
    }

    /// What somebody holds by roles in the organization.
    pub fn held_in_org(&self, user: UserId, now: Timestamp) -> Option<Words> {
        self.member_role(user)?;
        Some(together(self.holdings(user, now).iter().filter(|holding| holding.workspace.is_none())))
    }

    /// What somebody holds by roles in a workspace or, with one named, in a project of it.
    pub fn held_in(
        &self,
        user: UserId,
        workspace: WorkspaceId,
        project: Option<ProjectId>,
        now: Timestamp,
    ) -> Option<Words> {
        self.member_role(user).filter(|_| self.exists(workspace))?;
        let mut held = together(self.holdings(user, now).iter().filter(|holding| {
            let here = holding.workspace.is_none_or(|own| own == workspace);
            here && (holding.project.is_none() || holding.project == project)
        }));
        // Whoever may enter the workspace holds that in each of its projects.
        if project.is_some() && self.enters(user, workspace, now) {
            held.reeve.extend(["workspace.read", "workspace.enter"].map(str::to_owned));
        }
        Some(held)
    }

    /// Whether somebody belongs to the organization.
    pub fn is_member(&self, user: UserId) -> bool {
        self.member_role(user).is_some()
    }

    /// Whether somebody may sign in to a workspace.
    pub fn enters(&self, user: UserId, workspace: WorkspaceId, now: Timestamp) -> bool {
        self.is_member(user)
            && self.exists(workspace)
            && (self.has_part(user, workspace, now) || self.org_grants(user, "workspace.enter", now))
    }

    fn org_grants(&self, user: UserId, permission: &str, now: Timestamp) -> bool {
        self.held_in_org(user, now).is_some_and(|held| held.reeve.contains(permission))
    }

    /// Whether anything in a workspace was given to somebody, or shared with them.
    fn has_part(&self, user: UserId, workspace: WorkspaceId, now: Timestamp) -> bool {
        self.holdings(user, now).iter().any(|holding| holding.workspace == Some(workspace))
            || self.0.shares.iter().any(|share| share.workspace_id == workspace && self.is_with(share, user))
    }

    /// The workspaces somebody sees.
    pub fn sees(&self, user: UserId, now: Timestamp) -> BTreeSet<WorkspaceId> {
        let all = self.org_grants(user, "workspace.read", now);
        let mut seen: BTreeSet<WorkspaceId> = self.0.workspaces.iter().copied().collect();
        seen.retain(|workspace| all || self.is_member(user) && self.has_part(user, *workspace, now));
        seen
    }
}

fn together<'h>(holdings: impl Iterator<Item = &'h Holding>) -> Words {
    let mut all = Words::default();
    for holding in holdings {
        all.reeve.extend(holding.role.may.reeve.iter().cloned());
        all.actions.extend(holding.role.may.actions.iter().cloned());
    }
    all
}

fn share_allows(share: &Share, asked: &Asked<'_>, action: &str) -> bool {
    let Some(id) = asked.id else { return false };
    let itself = share.resource_type == asked.kind
        && share.resource_id == id
        && share.project_id.map(ProjectId::uuid) == asked.project
        && share.actions.split(' ').any(|word| word == action);
    // To get to something shared one has to see its project.
    let its_project =
        asked.kind == "project" && action == "read" && share.project_id.map(ProjectId::uuid) == Some(id);
    itself || its_project
}
