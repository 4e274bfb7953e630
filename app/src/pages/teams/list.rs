//! The teams of an organization.

use crate::api::load::load;
use crate::api::teams::list_teams;
use crate::pages::{ErrorView, missing, org_param};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use model::OrgId;
use model::team::{Team, TeamList};
use ui::{
    Button, Card, Cell, CellLink, Column, Empty, Hide, LinkButton, PageHeader, Pagination, Row, Search, Size,
    Table, Timestamp, Toolbar, Variant,
};

/// What the address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wanted {
    org: Option<OrgId>,
    search: Option<String>,
    cursor: Option<String>,
}

/// The teams of an organization the person may see.
#[component]
pub fn Teams() -> impl IntoView {
    let (org, query) = (org_param(), use_query_map());
    let wanted = Memo::new(move |_| {
        let query = query.read();
        let text = |name: &str| query.get(name).filter(|text| !text.is_empty());
        Wanted { org: org.get(), search: text("q"), cursor: text("cursor") }
    });
    let data = load(
        move || wanted.get(),
        |wanted| async move {
            let org = wanted.org.ok_or_else(missing)?;
            list_teams(org, wanted.search, wanted.cursor).await
        },
    );
    view! {
        <Title text="Teams" />
        <Transition>
            {move || Suspend::new(async move {
                let wanted = wanted.get();
                match data.await {
                    Ok(list) => view! { <Listed wanted list /> }.into_any(),
                    Err(error) => view! { <ErrorView error=error.0 /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Listed(wanted: Wanted, list: TeamList) -> impl IntoView {
    let Some(org) = wanted.org else { return ().into_any() };
    let base = format!("/organizations/{org}/teams");
    let (action, clear, all, new) = (base.clone(), base.clone(), base.clone(), format!("{base}/new"));
    let first = new.clone();
    let filtered = wanted.search.is_some();
    let next = list.page.next.map(|cursor| {
        let mut query = ParamsMap::new();
        if let Some(search) = &wanted.search {
            query.insert("q", search.clone());
        }
        query.insert("cursor", cursor);
        format!("{base}{}", query.to_query_string())
    });
    let columns = vec![
        Column::new("Team"),
        Column::new("Members").numeric(),
        Column::new("Roles").numeric(),
        Column::new("Made").hide(Hide::Tablet),
    ];
    let (empty, can_manage) = (list.page.items.is_empty(), list.can_manage);
    let rows = list.page.items.into_iter().map(|team| view! { <TeamRow org team /> }).collect_view();
    let content = if !empty {
        view! { <Table caption="Teams" columns>{rows}</Table> }.into_any()
    } else if filtered || wanted.cursor.is_some() {
        view! {
            <Empty icon="users-round" title="No team matches" lead="Search for part of a name.">
                <LinkButton href=all>"Show all teams"</LinkButton>
            </Empty>
        }
        .into_any()
    } else if can_manage {
        view! {
            <Empty
                icon="users-round"
                title="No teams yet"
                lead="A team holds roles for everybody in it. Give it a role once, and whoever joins or leaves the team gains or loses it."
            >
                <LinkButton href=first variant=Variant::Secondary>"Make the first team"</LinkButton>
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <Empty
                icon="users-round"
                title="You are in no team"
                lead="A team holds roles for everybody in it. Those you are put into appear here."
            />
        }
        .into_any()
    };
    view! {
        <PageHeader title="Teams" lead="People who hold roles together.">
            {can_manage
                .then(|| {
                    view! { <LinkButton href=new variant=Variant::Primary icon="plus" adds=true>"New team"</LinkButton> }
                })}
        </PageHeader>
        <div class="flex flex-col gap-4">
            <Form method="GET" action>
                <Toolbar>
                    <Search label="Search teams" value=wanted.search.clone().unwrap_or_default() />
                    <Button size=Size::Medium>"Search"</Button>
                    {filtered.then(|| view! { <LinkButton href=clear variant=Variant::Ghost icon="x">"Clear"</LinkButton> })}
                </Toolbar>
            </Form>
            <Card flush=true>{content}</Card>
            <Pagination next />
        </div>
    }
    .into_any()
}

#[component]
fn TeamRow(org: OrgId, team: Team) -> impl IntoView {
    view! {
        <Row>
            <CellLink href=format!("/organizations/{org}/teams/{}", team.id)>
                <span class="flex min-w-0 flex-col">
                    <span class="truncate">{team.name}</span>
                    <span class="truncate text-sm font-normal text-muted">{team.description}</span>
                </span>
            </CellLink>
            <Cell numeric=true>{team.members}</Cell>
            <Cell numeric=true>{team.grants}</Cell>
            <Cell hide=Hide::Tablet><Timestamp at=team.created_at /></Cell>
        </Row>
    }
}
