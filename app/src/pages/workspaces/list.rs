//! The workspaces of an organization the person has a part in.

use super::{HealthDot, StatusBadge, status_word};
use crate::api::load::load;
use crate::api::workspaces::list_workspaces;
use crate::pages::{ErrorView, missing, org_param};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use model::OrgId;
use model::workspace::{WorkspaceList, WorkspaceRow, WorkspaceStatus};
use ui::{
    Button, Card, Cell, CellLink, Choice, Column, Empty, Hide, LinkButton, PageHeader, Pagination, Person,
    Row, Search, Select, Size, Table, Timestamp, Toolbar, Variant,
};

/// What the address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wanted {
    org: Option<OrgId>,
    search: Option<String>,
    status: Option<WorkspaceStatus>,
    cursor: Option<String>,
}

/// The statuses a workspace in the list can have.
const STATUSES: [WorkspaceStatus; 3] =
    [WorkspaceStatus::Available, WorkspaceStatus::Pending, WorkspaceStatus::Deactivated];

/// The workspaces of an organization.
#[component]
pub fn Workspaces() -> impl IntoView {
    let (org, query) = (org_param(), use_query_map());
    let wanted = Memo::new(move |_| {
        let query = query.read();
        let text = |name: &str| query.get(name).filter(|text| !text.is_empty());
        Wanted {
            org: org.get(),
            search: text("q"),
            status: text("status").and_then(|text| text.parse().ok()),
            cursor: text("cursor"),
        }
    });
    let data = load(
        move || wanted.get(),
        |wanted| async move {
            let org = wanted.org.ok_or_else(missing)?;
            list_workspaces(org, wanted.search, wanted.status, wanted.cursor).await
        },
    );
    view! {
        <Title text="Workspaces" />
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
fn Listed(wanted: Wanted, list: WorkspaceList) -> impl IntoView {
    let Some(org) = wanted.org else { return ().into_any() };
    let base = format!("/organizations/{org}/workspaces");
    let (action, clear, all, enroll) = (base.clone(), base.clone(), base.clone(), format!("{base}/new"));
    let first = enroll.clone();
    let filtered = wanted.search.is_some() || wanted.status.is_some();
    let next = list.page.next.map(|cursor| {
        let mut query = ParamsMap::new();
        if let Some(search) = &wanted.search {
            query.insert("q", search.clone());
        }
        if let Some(status) = wanted.status {
            query.insert("status", status.to_string());
        }
        query.insert("cursor", cursor);
        format!("{base}{}", query.to_query_string())
    });
    let statuses = std::iter::once(Choice::new("", "Every status"))
        .chain(STATUSES.iter().map(|status| Choice::new(status.as_str(), status_word(*status))))
        .collect::<Vec<_>>();
    let status = wanted.status.map(|status| status.to_string()).unwrap_or_default();
    let columns = vec![
        Column::new("Workspace"),
        Column::new("Status"),
        Column::new("Health").hide(Hide::Phone),
        Column::new("Version").hide(Hide::Tablet),
        Column::new("Last seen").hide(Hide::Tablet),
        Column::new("Your role").hide(Hide::Phone),
    ];
    let (empty, can_enroll) = (list.page.items.is_empty(), list.can_enroll);
    let searching = filtered || wanted.cursor.is_some();
    let rows = list.page.items.into_iter().map(|row| view! { <WorkspaceLine row /> }).collect_view();
    let content = if !empty {
        view! { <Table caption="Workspaces" columns>{rows}</Table> }.into_any()
    } else if searching {
        view! {
            <Empty icon="boxes" title="No workspace matches" lead="Search for part of a name, or choose another status.">
                <LinkButton href=all>"Show all workspaces"</LinkButton>
            </Empty>
        }
        .into_any()
    } else if can_enroll {
        view! {
            <Empty
                icon="boxes"
                title="No workspaces yet"
                lead="A workspace is one ZenML server. Enrol it here and you get a key and the lines to start it with; it joins by itself."
            >
                <LinkButton href=first>"Enrol the first workspace"</LinkButton>
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <Empty
                icon="boxes"
                title="No workspaces yet"
                lead="An administrator gives you a role in a workspace. It appears here then, and zenml login finds it."
            />
        }
        .into_any()
    };
    view! {
        <PageHeader title="Workspaces" lead="The ZenML servers of this organization that you have a part in.">
            {can_enroll
                .then(|| {
                    view! {
                        <LinkButton href=enroll variant=Variant::Primary icon="plus" adds=true>"Enrol workspace"</LinkButton>
                    }
                })}
        </PageHeader>
        <div class="flex flex-col gap-4">
            <Form method="GET" action>
                <Toolbar>
                    <Search label="Search workspaces" value=wanted.search.clone().unwrap_or_default() />
                    <Select name="status" label="Status" options=statuses value=status hide_label=true auto_submit=true />
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
fn WorkspaceLine(row: WorkspaceRow) -> impl IntoView {
    let detail = row.server_url.unwrap_or_else(|| row.name.clone());
    view! {
        <Row>
            <CellLink href=format!("/workspaces/{}", row.name)>
                <Person name=row.display_name detail />
            </CellLink>
            <Cell><StatusBadge status=row.status /></Cell>
            <Cell hide=Hide::Phone><HealthDot health=row.health /></Cell>
            <Cell hide=Hide::Tablet>{row.version.unwrap_or_else(|| "Not started yet".to_owned())}</Cell>
            <Cell hide=Hide::Tablet>
                {match row.last_seen_at {
                    Some(at) => view! { <Timestamp at /> }.into_any(),
                    None => view! { <span class="text-muted">"Never"</span> }.into_any(),
                }}
            </Cell>
            <Cell hide=Hide::Phone>{row.your_role.unwrap_or_else(|| "No access".to_owned())}</Cell>
        </Row>
    }
}
