//! What somebody may do in a workspace or a project, as a matrix of resource types and actions.

use super::wanted::Wanted;
use crate::pages::ways::Ways;
use crate::pages::words::{USUAL, action_words, capitalized, counted, kind_words, permission_words};
use leptos::prelude::*;
use model::access::Access;
use model::policy::{Action, ResourceType, actions_of};
use model::role::{Level, PermissionName, offered};
use ui::{Card, Cell, Column, Definition, DefinitionList, Icon, Row, StatusDot, Table, Tone};

/// Everything somebody may do in one place. Each mark leads to why.
#[component]
pub(super) fn AccessCard(wanted: Wanted, access: Access, place: String) -> impl IntoView {
    let here = wanted.place();
    let enters = if access.enters {
        view! { <StatusDot tone=Tone::Ok>"May sign in"</StatusDot> }.into_any()
    } else {
        view! { <StatusDot>"May not sign in"</StatusDot> }.into_any()
    };
    let shares = (access.shares > 0).then(|| {
        let shared = counted(access.shares, "resource is", "resources are");
        let text =
            format!("{shared} shared with them. What that allows is shown when you ask about one by its id.");
        view! { <Definition term="Shared">{text}</Definition> }
    });
    let ways = access.ways.clone();
    view! {
        <Card title=format!("In {place}") lead="What they may do on all resources of a type. Choose a mark to see why.">
            <div class="mb-4">
                <DefinitionList>
                    <Definition term="Entry">{enters}</Definition>
                    <Definition term="Through"><Ways ways here /></Definition>
                    {shares}
                </DefinitionList>
            </div>
            <Matrix wanted access />
        </Card>
    }
}

#[component]
fn Matrix(wanted: Wanted, access: Access) -> impl IntoView {
    let mut columns = vec![Column::new("Resource")];
    columns.extend(USUAL.iter().map(|action| Column::new(capitalized(action_words(*action)))));
    columns.push(Column::new("More"));
    let rows = kinds_of(wanted.level())
        .map(|kind| {
            let may =
                access.rows.iter().find(|row| row.kind == kind).map_or(&[][..], |row| row.actions.as_slice());
            view! { <KindRow wanted=wanted.clone() kind may=may.to_vec() /> }
        })
        .collect_view();
    view! { <Table caption="What they may do" columns>{rows}</Table> }
}

/// The types there are in a place of this level.
fn kinds_of(level: Level) -> impl Iterator<Item = ResourceType> {
    ResourceType::ALL.iter().copied().filter(move |kind| actions_in(level, *kind).next().is_some())
}

/// What can be done to a type there, apart from others.
fn actions_in(level: Level, kind: ResourceType) -> impl Iterator<Item = Action> {
    let known =
        move |action: &Action| offered(level).any(|name| name == PermissionName::Resource(kind, *action));
    actions_of(kind).iter().copied().filter(known)
}

#[component]
fn KindRow(wanted: Wanted, kind: ResourceType, may: Vec<Action>) -> impl IntoView {
    let actions: Vec<Action> = actions_in(wanted.level(), kind).collect();
    let mark = |action: Action, word: bool| {
        let permission = PermissionName::Resource(kind, action);
        let current = wanted.permission == Some(permission);
        let href =
            Wanted { permission: Some(permission), resource: String::new(), ..wanted.clone() }.address();
        view! { <Mark permission href current allowed=may.contains(&action) word=word.then(|| action_words(action)) /> }
    };
    let cells = USUAL
        .iter()
        .map(|action| {
            let mark = actions.contains(action).then(|| mark(*action, false));
            view! { <Cell>{mark}</Cell> }
        })
        .collect_view();
    let rare = actions
        .iter()
        .filter(|action| !USUAL.contains(action))
        .map(|action| mark(*action, true))
        .collect_view();
    view! {
        <Row>
            <th scope="row" class="h-10 px-3 py-1.5 pl-2 text-left font-medium whitespace-nowrap">
                {capitalized(kind_words(kind))}
            </th>
            {cells}
            <Cell><span class="flex gap-1">{rare}</span></Cell>
        </Row>
    }
}

/// Whether it is allowed, as an icon with a name, leading to why.
#[component]
fn Mark(
    permission: PermissionName,
    href: String,
    /// It is the one explained above.
    current: bool,
    allowed: bool,
    /// Beside the icon, where no column says it.
    word: Option<&'static str>,
) -> impl IntoView {
    let (icon, class, verdict) = if allowed {
        ("check", "size-4 shrink-0 text-ok", "allowed")
    } else {
        ("minus", "size-4 shrink-0 text-muted", "not allowed")
    };
    let name = format!("{}: {verdict}", capitalized(&permission_words(permission)));
    view! {
        <a
            href=href
            title=name.clone()
            aria-label=name
            aria-current=current.then_some("true")
            class="inline-flex h-7 min-w-7 items-center justify-center gap-1 rounded-control px-1 hover:bg-line-soft aria-[current=true]:bg-accent-soft"
        >
            <Icon name=icon class />
            {word.map(|word| view! { <span class="whitespace-nowrap text-muted">{word}</span> })}
        </a>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_has_its_own_types_and_a_workspace_has_all() {
        assert_eq!(kinds_of(Level::Workspace).count(), ResourceType::ALL.len());
        let in_project: Vec<_> = kinds_of(Level::Project).collect();
        assert!(in_project.contains(&ResourceType::Pipeline) && in_project.contains(&ResourceType::Project));
        assert!(!in_project.contains(&ResourceType::Stack) && !in_project.contains(&ResourceType::Secret));
    }

    #[test]
    fn a_mark_says_what_it_is_about_and_leads_to_why() {
        let html = Owner::new().with(|| {
            let permission = "stack.update".parse().unwrap();
            view! { <Mark permission href="/why".to_owned() current=true allowed=false word=None /> }
                .to_html()
        });
        assert!(html.contains(r#"aria-label="Update stacks: not allowed""#), "{html}");
        assert!(html.contains(r#"href="/why""#) && html.contains(r#"aria-current="true""#), "{html}");
    }
}
