//! Members of an organization.

use crate::api::load::load;
use crate::api::members::list_members;
use crate::pages::{ErrorView, missing, org_param};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use model::member::Member;
use model::page::Page;
use model::{OrgId, OrgRole};
use ui::{
    Badge, Button, Card, Cell, CellActions, CellLink, Choice, Column, Empty, Hide, LinkButton, Menu,
    MenuLink, PageHeader, Pagination, Person, Row, Search, Select, Size, Table, Timestamp, Tone, Toolbar,
    Variant,
};

/// What the address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wanted {
    org: Option<OrgId>,
    search: Option<String>,
    role: Option<OrgRole>,
    cursor: Option<String>,
}

/// Members of an organization.
#[component]
pub fn Members() -> impl IntoView {
    let (org, query) = (org_param(), use_query_map());
    let wanted = Memo::new(move |_| {
        let query = query.read();
        let text = |name: &str| query.get(name).filter(|text| !text.is_empty());
        Wanted {
            org: org.get(),
            search: text("q"),
            role: text("role").and_then(|text| text.parse().ok()),
            cursor: text("cursor"),
        }
    });
    let data = load(
        move || wanted.get(),
        |wanted| async move {
            let org = wanted.org.ok_or_else(missing)?;
            list_members(org, wanted.search, wanted.role, wanted.cursor).await
        },
    );
    let invite =
        move || org.get().map(|org| format!("/organizations/{org}/invitations/new")).unwrap_or_default();
    view! {
        <Title text="Members" />
        <PageHeader title="Members" lead="People who can sign in to this organization, and what they may do.">
            {move || view! { <LinkButton href=invite() variant=Variant::Primary icon="user-plus" adds=true>"Invite people"</LinkButton> }}
        </PageHeader>
        <Transition>
            {move || Suspend::new(async move {
                let wanted = wanted.get();
                match data.await {
                    Ok(page) => view! { <MemberList wanted page /> }.into_any(),
                    Err(error) => view! { <ErrorView error=error.0 /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn MemberList(wanted: Wanted, page: Page<Member>) -> impl IntoView {
    let Some(org) = wanted.org else { return ().into_any() };
    let base = format!("/organizations/{org}/members");
    let (action, clear) = (base.clone(), base.clone());
    let filtered = wanted.search.is_some() || wanted.role.is_some();
    let next = page.next.map(|cursor| {
        let mut query = ParamsMap::new();
        if let Some(search) = &wanted.search {
            query.insert("q", search.clone());
        }
        if let Some(role) = wanted.role {
            query.insert("role", role.to_string());
        }
        query.insert("cursor", cursor);
        format!("{base}{}", query.to_query_string())
    });
    let roles = std::iter::once(Choice::new("", "All roles"))
        .chain(OrgRole::ALL.iter().map(|role| Choice::new(role.as_str(), role.label())))
        .collect::<Vec<_>>();
    let role = wanted.role.map(|role| role.to_string()).unwrap_or_default();
    let columns = vec![
        Column::new("Name"),
        Column::new("Role"),
        Column::new("Username").hide(Hide::Tablet),
        Column::new("Workspace roles").hide(Hide::Phone).numeric(),
        Column::new("Last seen").hide(Hide::Tablet),
        Column::actions(),
    ];
    let empty = page.items.is_empty();
    let rows = page.items.into_iter().map(|member| view! { <MemberRow org member /> }).collect_view();
    view! {
        <div class="flex flex-col gap-4">
            <Form method="GET" action>
                <Toolbar>
                    <Search label="Search members" value=wanted.search.clone().unwrap_or_default() />
                    <Select name="role" label="Role" options=roles value=role hide_label=true auto_submit=true />
                    <Button size=Size::Medium>"Search"</Button>
                    {filtered.then(|| view! { <LinkButton href=clear variant=Variant::Ghost icon="x">"Clear"</LinkButton> })}
                </Toolbar>
            </Form>
            <Card flush=true>
                {if empty {
                    view! {
                        <Empty icon="users" title="Nobody matches" lead="Search for part of a name, an address or a username, or choose another role.">
                            <LinkButton href=base>"Show all members"</LinkButton>
                        </Empty>
                    }
                        .into_any()
                } else {
                    view! { <Table caption="Members" columns>{rows}</Table> }.into_any()
                }}
            </Card>
            <Pagination next />
        </div>
    }
    .into_any()
}

#[component]
fn MemberRow(org: OrgId, member: Member) -> impl IntoView {
    let href = format!("/organizations/{org}/members/{}", member.user);
    let (change, remove) = (format!("{href}#role"), format!("{href}#remove"));
    let (menu, label) = (format!("member-{}", member.user), format!("Actions for {}", member.name));
    view! {
        <Row>
            <CellLink href>
                <Person name=member.name detail=member.email />
            </CellLink>
            <Cell><OrgRoleBadge role=member.role />" "<LockedBadge locked=member.locked_at.is_some() /></Cell>
            <Cell hide=Hide::Tablet><span class="font-mono text-xs">{member.username}</span></Cell>
            <Cell hide=Hide::Phone numeric=true>{member.workspaces}</Cell>
            <Cell hide=Hide::Tablet>
                {match member.last_seen_at {
                    Some(at) => view! { <Timestamp at /> }.into_any(),
                    None => view! { <span class="text-muted">"Never"</span> }.into_any(),
                }}
            </Cell>
            <CellActions>
                <Menu id=menu label>
                    <MenuLink href=change icon="shield-check">"Change role"</MenuLink>
                    <MenuLink href=remove icon="trash-2">"Remove"</MenuLink>
                </Menu>
            </CellActions>
        </Row>
    }
}

/// That nothing of somebody's opens the organization.
#[component]
pub(crate) fn LockedBadge(locked: bool) -> impl IntoView {
    locked.then(|| view! { <Badge tone=Tone::Bad>"Locked"</Badge> })
}

/// A role in an organization, administrators set apart.
#[component]
pub(crate) fn OrgRoleBadge(role: OrgRole) -> impl IntoView {
    let tone = if role == OrgRole::Admin { Tone::Accent } else { Tone::Neutral };
    view! { <Badge tone>{role.label()}</Badge> }
}
