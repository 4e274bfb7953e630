//! What a change is said to do, beside what is decided before and after it.

use super::arbitrary::{NOW, Question, THINGS, asked, id, permissions};
use super::naive::Naive;
use super::supposed::changes;
use super::{compile, config};
use control::effects::Difference;
use model::permission::Permission;
use model::policy::Resource;
use model::role::PermissionName;
use model::{ProjectId, Timestamp, UserId, WorkspaceId};
use proptest::prelude::*;

/// The rules before and after a change.
struct Turn<'r>(Naive<'r>, Naive<'r>);

impl Turn<'_> {
    /// Whether something held before and does not after: a loss. The other way round it is a gain.
    fn turned(&self, lost: bool, held: impl Fn(&Naive<'_>) -> bool) -> bool {
        let Self(before, after) = self;
        if lost { held(before) && !held(after) } else { !held(before) && held(after) }
    }

    /// Whether there is a place or a resource at which one may see what is said about a workspace.
    fn shows(&self, lost: bool, name: PermissionName, user: UserId, workspace: WorkspaceId) -> bool {
        let now = Timestamp::from_millis(NOW);
        let things = || (1..=THINGS + 1).map(id);
        match name {
            PermissionName::Resource(kind, action) => {
                let projects: Vec<String> = if kind.in_project() {
                    things().map(|project| format!("{project}:")).collect()
                } else {
                    vec![String::new()]
                };
                projects.iter().flat_map(|project| things().map(move |id| (project, id))).any(
                    |(project, id)| {
                        let resource = format!("{project}{kind}/{id}");
                        self.turned(lost, |rules| {
                            rules.allows(user, workspace, &resource, action.as_str(), now)
                        })
                    },
                )
            }
            PermissionName::Reeve(Permission::WorkspaceRead | Permission::WorkspaceEnter) => self
                .turned(lost, |rules| {
                    rules.enters(user, workspace, now) || holds(rules, name, user, workspace, None)
                }),
            PermissionName::Reeve(_) => {
                let mut places =
                    std::iter::once(None).chain(things().map(|id| Some(ProjectId::from_uuid(id))));
                places.any(|project| self.turned(lost, |rules| holds(rules, name, user, workspace, project)))
            }
        }
    }
}

fn holds(
    rules: &Naive<'_>,
    name: PermissionName,
    user: UserId,
    workspace: WorkspaceId,
    project: Option<ProjectId>,
) -> bool {
    let held = rules.held_in(user, workspace, project, Timestamp::from_millis(NOW));
    held.is_some_and(|held| held.reeve.contains(&name.to_string()))
}

/// Each line is true somewhere.
fn nothing_is_made_up(turn: &Turn<'_>, told: &Difference, user: UserId) -> Result<(), String> {
    let now = Timestamp::from_millis(NOW);
    for (lost, name, workspaces) in told.lines() {
        let text = name.to_string();
        let in_org = |rules: &Naive<'_>| {
            let held = rules.held_in_org(user, now).unwrap_or_default();
            held.reeve.contains(&text) || held.actions.contains(&text)
        };
        if workspaces.is_empty() && !turn.turned(lost, in_org) {
            return Err(format!("{text}, lost: {lost}, is told of {user} and did not turn"));
        }
        for workspace in workspaces {
            if !turn.shows(lost, name, user, *workspace) {
                return Err(format!(
                    "{text}, lost: {lost}, is told of {user} in {workspace} and does not show"
                ));
            }
        }
    }
    Ok(())
}

/// What is decided otherwise after the change has been told.
fn nothing_is_left_out(turn: &Turn<'_>, told: &Difference, question: &Question) -> Result<(), String> {
    let Question { user, workspace, action, .. } = *question;
    let now = Timestamp::from_millis(NOW);
    let said = |lost: bool, name: PermissionName| {
        told.lines().any(|(told_lost, told_name, places)| {
            (told_lost, told_name) == (lost, name) && (places.is_empty() || places.contains(&workspace))
        })
    };
    let allowed = |rules: &Naive<'_>| rules.allows(user, workspace, &question.resource, action.as_str(), now);
    // An unknown type has no name by which it could be told, and neither has what means nothing on a type.
    let kind = Resource::parse(&question.resource).map(|resource| resource.kind).unwrap_or_default();
    let name = format!("{kind}.{action}").parse::<PermissionName>().ok();
    for lost in [true, false] {
        if name.is_some_and(|name| turn.turned(lost, allowed) && !said(lost, name)) {
            return Err(format!("lost: {lost}, and not told: {question:?}"));
        }
        let enters = |rules: &Naive<'_>| rules.enters(user, workspace, now);
        if turn.turned(lost, enters) && !said(lost, PermissionName::Reeve(Permission::WorkspaceEnter)) {
            return Err(format!("entry of {user} to {workspace}, lost: {lost}, and not told"));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(config(60))]

    /// Fails if `Comparison::by_shares` does nothing, if `Comparison::of_person` leaves out only what the organization gave
    /// before, or only what it gives after, or crosses the two, if `Standing::reach` is what roles give and no more, and if
    /// `Standing::shared_apart_from` passes over what is shared with a team that somebody leaves.
    #[test]
    fn what_a_change_is_said_to_do_is_what_it_does((rows, questions) in asked(25), permissions in permissions()) {
        let (before, now) = (compile(&rows), Timestamp::from_millis(NOW));
        for (what, after, changed) in changes(&rows, &permissions) {
            let turn = Turn(Naive(&rows), Naive(&changed));
            let told = |user| Difference::between(&before, &after, [user], now);
            let people = rows.members.iter().map(|member| member.user_id);
            people.map(|user| nothing_is_made_up(&turn, &told(user), user))
                .chain(questions.iter().map(|asked| nothing_is_left_out(&turn, &told(asked.user), asked)))
                .try_for_each(|agreed| agreed)
                .map_err(|why| TestCaseError::fail(format!("{what}: {why}")))?;
        }
    }
}
