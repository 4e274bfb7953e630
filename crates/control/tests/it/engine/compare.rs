//! Everything the engine answers, beside what the naive rules say.

use super::arbitrary::Question;
use super::naive::{Naive, UNKNOWN_TYPE, Words};
use control::authz::{Allowed, Sees, Snapshot, Standing};
use model::grant::{Place, ProjectPlace};
use model::policy::{Action, Resource, ResourceType};
use model::{Permission, ProjectId, Rights, WorkspaceId};
use std::collections::{BTreeSet, HashSet};
use std::fmt::Debug;
use uuid::Uuid;

/// Whether the engine allows it, from the texts a workspace sends.
pub fn allows(snapshot: &Snapshot, question: &Question) -> bool {
    let Question { user, workspace, now, .. } = *question;
    snapshot.standing(user, workspace, now).is_some_and(|standing| decides(&standing, question))
}

fn decides(standing: &Standing<'_>, question: &Question) -> bool {
    Resource::parse(&question.resource)
        .is_some_and(|resource| standing.allows(&resource, resource.known(), question.action))
}

/// Asks everything about everything that is asked about.
///
/// # Errors
///
/// The first answer of the engine that is not the rules', in words.
pub fn agree(snapshot: &Snapshot, rules: &Naive<'_>, questions: &[Question]) -> Result<(), String> {
    let mut people = HashSet::new();
    for question in questions {
        agree_about(snapshot, rules, question)?;
        people.insert((question.user, question.now));
    }
    for (user, now) in people {
        let seen: BTreeSet<WorkspaceId> = match snapshot.sees(user, now) {
            Sees::All => snapshot.workspaces().collect(),
            Sees::Some(those) => those.into_iter().collect(),
        };
        same("sees", seen, rules.sees(user, now))
            .map_err(|why| format!("{why}, asked about {user} at {now:?}"))?;
    }
    Ok(())
}

/// Asks everything about one person in one workspace.
///
/// # Errors
///
/// See [`agree`].
pub fn agree_about(snapshot: &Snapshot, rules: &Naive<'_>, question: &Question) -> Result<(), String> {
    decision(snapshot, rules, question)
        .and_then(|()| list(snapshot, rules, question))
        .and_then(|()| explanation(snapshot, question))
        .and_then(|()| roles(snapshot, rules, question))
        .and_then(|()| entry(snapshot, rules, question))
        .map_err(|why| format!("{why}, asked {question:?}"))
}

fn same<T: Debug + PartialEq>(what: &str, engine: T, rules: T) -> Result<(), String> {
    if engine == rules {
        return Ok(());
    }
    Err(format!("{what}: the engine says {engine:?}, the rules say {rules:?}"))
}

fn decision(snapshot: &Snapshot, rules: &Naive<'_>, question: &Question) -> Result<(), String> {
    let Question { user, workspace, now, .. } = *question;
    let (resource, action) = (question.resource.as_str(), question.action.as_str());
    same("allows", allows(snapshot, question), rules.allows(user, workspace, resource, action, now))
}

/// The list is the naive one, and each id in it is one that is allowed when it is asked about by itself.
fn list(snapshot: &Snapshot, rules: &Naive<'_>, question: &Question) -> Result<(), String> {
    let Question { user, workspace, now, .. } = *question;
    let (text, action) = (question.resource.as_str(), question.action.as_str());
    let resource = Resource::parse(text);
    let standing = snapshot.standing(user, workspace, now);
    let Allowed { full_access, ids } = standing
        .zip(resource)
        .map(|(standing, resource)| standing.allowed(&resource, resource.known(), question.action))
        .unwrap_or_default();
    let listed: BTreeSet<Uuid> = ids.iter().copied().collect();
    same("ids in order and once each", &ids, &listed.iter().copied().collect())?;
    same("allowed", (full_access, listed), rules.allowed(user, workspace, text, action, now))?;
    for id in ids {
        let one = format!("{}/{id}", text.split('/').next().unwrap_or_default());
        let asked = Question { resource: one, ..question.clone() };
        same("an id of the list", allows(snapshot, &asked), true)?;
    }
    Ok(())
}

/// Whatever is allowed is allowed by one of the ways by itself, and by none if it is not.
fn explanation(snapshot: &Snapshot, question: &Question) -> Result<(), String> {
    let Question { user, workspace, now, .. } = *question;
    let mut ways = snapshot.ways(user, Some(workspace), now).into_iter();
    let explained = snapshot.has_workspace(workspace)
        && ways.any(|through| decides(&snapshot.standing_by(user, workspace, through), question));
    same("explained", explained, allows(snapshot, question))
}

fn words(rights: &Rights) -> Words {
    let reeve = Permission::ALL.iter().filter(|permission| rights.grants(**permission));
    let kinds = ResourceType::ALL.iter().map(|kind| (Some(*kind), kind.as_str()));
    let actions = kinds.chain([(None, UNKNOWN_TYPE)]).flat_map(|(kind, name)| {
        let allowed = Action::ALL.iter().filter(move |action| rights.allows(kind, **action));
        allowed.map(move |action| format!("{name}.{action}"))
    });
    Words { reeve: reeve.map(ToString::to_string).collect(), actions: actions.collect() }
}

/// What somebody holds by roles, wherever roles are held.
fn roles(snapshot: &Snapshot, rules: &Naive<'_>, question: &Question) -> Result<(), String> {
    let Question { user, workspace, now, .. } = *question;
    let held = |place: Place| snapshot.held_in(user, place, now).as_ref().map(words);
    let in_org = snapshot.org_rights(user, now).as_ref().map(words);
    same("member", snapshot.member(user).is_some(), rules.is_member(user))?;
    same("rights in the organization", in_org, rules.held_in_org(user, now))?;
    same(
        "rights in the workspace",
        held(Place::Workspace(workspace)),
        rules.held_in(user, workspace, None, now),
    )?;
    for project in (1..=2).map(|n| ProjectId::from_uuid(super::arbitrary::id(n))) {
        let place = Place::Project(ProjectPlace { workspace, project });
        same("rights in a project", held(place), rules.held_in(user, workspace, Some(project), now))?;
    }
    Ok(())
}

fn entry(snapshot: &Snapshot, rules: &Naive<'_>, question: &Question) -> Result<(), String> {
    let Question { user, workspace, now, .. } = *question;
    let enters = snapshot.standing(user, workspace, now).is_some_and(|standing| standing.enters());
    same("enters", enters, rules.enters(user, workspace, now))
}
