//! What somebody can do: choosing them, what they have a part in, and the one place that is looked at.

use super::Somebody;
use super::answer::{Answer, NoAnswer};
use super::matrix::AccessCard;
use super::question::{QuestionForm, place_words};
use super::wanted::{Question, Wanted};
use crate::pages::ways::Ways;
use leptos::prelude::*;
use leptos_router::components::Form;
use model::access::{PersonAccess, WorkspaceAccess};
use model::grant::Place;
use model::member::Member;
use model::page::Page;
use ui::{
    Button, Card, Cell, CellLink, Column, Empty, Hide, LinkButton, Pagination, Person, Row, Search,
    StatusDot, Table, Tone, Toolbar, Variant,
};

/// People to choose from.
#[component]
pub(super) fn Choose(wanted: Wanted, people: Page<Member>) -> impl IntoView {
    let Some(org) = wanted.org else { return ().into_any() };
    let next = people.next.map(|cursor| Wanted { cursor: Some(cursor), ..wanted.clone() }.address());
    let all = Wanted { search: String::new(), cursor: None, ..wanted.clone() }.address();
    let (clear, filtered) = (all.clone(), !wanted.search.is_empty());
    let empty = people.items.is_empty();
    let columns = vec![Column::new("Person"), Column::new("Username").hide(Hide::Phone)];
    let rows = people
        .items
        .into_iter()
        .map(|member| {
            let href = wanted.about(member.user).address();
            view! {
                <Row>
                    <CellLink href>
                        <Person name=member.name detail=member.email />
                    </CellLink>
                    <Cell hide=Hide::Phone><span class="font-mono text-xs">{member.username}</span></Cell>
                </Row>
            }
        })
        .collect_view();
    // What was asked of somebody else is asked of whoever is chosen.
    let kept = [
        ("workspace", wanted.workspace.map(|id| id.to_string()).unwrap_or_default()),
        ("project", wanted.project.clone()),
        ("permission", wanted.permission.map(|name| name.to_string()).unwrap_or_default()),
        ("resource", wanted.resource.clone()),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
    .collect_view();
    view! {
        <div class="flex flex-col gap-4">
            <Form method="GET" action=format!("/organizations/{org}/access")>
                <input type="hidden" name="tab" value=Question::Person.as_str() />
                {kept}
                <Toolbar>
                    <Search label="Search people" value=wanted.search.clone() />
                    <Button>"Search"</Button>
                    {filtered.then(|| view! { <LinkButton href=clear variant=Variant::Ghost icon="x">"Clear"</LinkButton> })}
                </Toolbar>
            </Form>
            <Card flush=true>
                {if empty {
                    view! {
                        <Empty icon="users" title="Nobody matches" lead="Search for part of a name, an address or a username.">
                            <LinkButton href=all>"Show everybody"</LinkButton>
                        </Empty>
                    }
                        .into_any()
                } else {
                    view! { <Table caption="People" columns>{rows}</Table> }.into_any()
                }}
            </Card>
            <Pagination next />
        </div>
    }
    .into_any()
}

/// Somebody, the question about them, and what they may do.
#[component]
pub(super) fn PersonView(wanted: Wanted, found: Somebody) -> impl IntoView {
    let Some(org) = wanted.org else { return ().into_any() };
    let Somebody { member, choices, held, access, why } = found;
    let place = place_words(&wanted, &choices);
    let (name, of_place) = (member.name.clone(), place.clone());
    let refused = why.as_ref().and_then(|why| why.as_ref().err()).map(|error| error.0.clone());
    let answer = match (why, wanted.asked()) {
        (Some(Ok(explanation)), Some(asked)) => {
            Some(view! { <Answer org name asked place=of_place explanation /> }.into_any())
        }
        (Some(Err(error)), _) => Some(view! { <NoAnswer error=error.0 wanted=wanted.clone() /> }.into_any()),
        _ => None,
    };
    let asked_alone = refused.is_some();
    let access = access.map(|access| match access {
        Ok(access) => view! { <AccessCard wanted=wanted.clone() access place /> }.into_any(),
        // Said once: the answer above fails for the same reason.
        Err(_) if asked_alone => ().into_any(),
        Err(error) => view! { <NoAnswer error=error.0 wanted=wanted.clone() /> }.into_any(),
    });
    let other = Wanted { user: None, ..wanted.clone() }.address();
    let page = format!("/organizations/{org}/members/{}", member.user);
    let form = wanted.clone();
    view! {
        <div class="flex flex-col gap-6">
            <div class="flex flex-wrap items-center justify-between gap-3">
                <h2 class="min-w-0"><Person name=member.name detail=member.email /></h2>
                <div class="flex flex-wrap gap-2">
                    <LinkButton href=page variant=Variant::Ghost icon="user">"Member page"</LinkButton>
                    <LinkButton href=other icon="users">"Choose somebody else"</LinkButton>
                </div>
            </div>
            <Card title="Ask about one thing">
                <QuestionForm wanted=form choices refused />
                {answer.map(|answer| view! { <div class="mt-4" aria-live="polite">{answer}</div> })}
            </Card>
            {access}
            {held.map(|held| view! { <Held wanted held /> })}
        </div>
    }
    .into_any()
}

/// What somebody has a part in, from the organization down.
#[component]
fn Held(wanted: Wanted, held: PersonAccess) -> impl IntoView {
    let here = wanted.org.map(Place::Org);
    let empty = held.workspaces.is_empty();
    let shown = held.workspaces.len();
    let cut = (shown < held.workspaces_total as usize).then(|| {
        let text = format!("These are the first {shown} of {}, by name.", held.workspaces_total);
        view! { <p class="mt-2 px-2 text-sm text-muted">{text}</p> }
    });
    let columns =
        vec![Column::new("Workspace"), Column::new("Entry").hide(Hide::Phone), Column::new("Through")];
    let rows = held
        .workspaces
        .into_iter()
        .map(|access| view! { <WorkspaceLine wanted=wanted.clone() access /> })
        .collect_view();
    view! {
        <Card title="In the organization">
            <Ways ways=held.org here />
        </Card>
        <Card title="Workspaces" lead="Where they have a part, besides what they hold in the whole organization." flush=true>
            {if empty {
                view! { <Empty icon="boxes" title="No part in any workspace" lead="Give a role on the page of a workspace, or to a team they are in." /> }
                    .into_any()
            } else {
                view! { <Table caption="Workspaces they have a part in" columns>{rows}</Table> }.into_any()
            }}
            {cut}
        </Card>
    }
}

#[component]
fn WorkspaceLine(wanted: Wanted, access: WorkspaceAccess) -> impl IntoView {
    let here = Place::Workspace(access.workspace);
    let href = Wanted { workspace: Some(access.workspace), permission: None, ..wanted }.address();
    let enters = if access.enters {
        view! { <StatusDot tone=Tone::Ok>"May sign in"</StatusDot> }.into_any()
    } else {
        view! { <StatusDot>"May not sign in"</StatusDot> }.into_any()
    };
    view! {
        <Row>
            <CellLink href>{access.display_name}</CellLink>
            <Cell hide=Hide::Phone>{enters}</Cell>
            <Cell>
                {if access.ways.is_empty() {
                    view! { <span class="text-muted">"The organization alone"</span> }.into_any()
                } else {
                    view! { <Ways ways=access.ways here /> }.into_any()
                }}
            </Cell>
        </Row>
    }
}
