//! The service accounts of an organization.

use super::facts::OrphanBadge;
use crate::api::load::load;
use crate::api::service_accounts::list_service_accounts;
use crate::pages::members::list::OrgRoleBadge;
use crate::pages::{ErrorView, missing, org_param};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use model::OrgId;
use model::service_account::{ServiceAccount, ServiceAccountList};
use ui::{
    Badge, Button, Card, Cell, CellLink, Choice, Column, Empty, Hide, LinkButton, PageHeader, Pagination,
    Row, Search, Select, Size, Table, Timestamp, Toolbar, Variant,
};

/// What the address says of accounts for which nobody answers.
const NOBODY: &str = "none";

/// What the address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wanted {
    org: Option<OrgId>,
    search: Option<String>,
    orphans: bool,
    cursor: Option<String>,
}

/// The service accounts of an organization, by name.
#[component]
pub fn ServiceAccounts() -> impl IntoView {
    let (org, query) = (org_param(), use_query_map());
    let wanted = Memo::new(move |_| {
        let query = query.read();
        let text = |name: &str| query.get(name).filter(|text| !text.is_empty());
        Wanted {
            org: org.get(),
            search: text("q"),
            orphans: text("owner").is_some_and(|text| text == NOBODY),
            cursor: text("cursor"),
        }
    });
    let data = load(
        move || wanted.get(),
        |wanted| async move {
            let org = wanted.org.ok_or_else(missing)?;
            list_service_accounts(org, wanted.search, wanted.orphans, wanted.cursor).await
        },
    );
    view! {
        <Title text="Service accounts" />
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
fn Listed(wanted: Wanted, list: ServiceAccountList) -> impl IntoView {
    let Some(org) = wanted.org else { return ().into_any() };
    let base = format!("/organizations/{org}/service-accounts");
    let (action, clear, all, new) = (base.clone(), base.clone(), base.clone(), format!("{base}/new"));
    let first = new.clone();
    let filtered = wanted.search.is_some() || wanted.orphans;
    let owner = if wanted.orphans { NOBODY } else { "" };
    let next = list.page.next.map(|cursor| {
        let mut query = ParamsMap::new();
        if let Some(search) = &wanted.search {
            query.insert("q", search.clone());
        }
        if wanted.orphans {
            query.insert("owner", NOBODY.to_owned());
        }
        query.insert("cursor", cursor);
        format!("{base}{}", query.to_query_string())
    });
    let owners = vec![Choice::new("", "Every owner"), Choice::new(NOBODY, "Without an owner")];
    let columns = vec![
        Column::new("Account"),
        Column::new("Owner"),
        Column::new("Role").hide(Hide::Tablet),
        Column::new("Keys").hide(Hide::Phone).numeric(),
        Column::new("Last used").hide(Hide::Tablet),
    ];
    let (empty, can_manage) = (list.page.items.is_empty(), list.can_manage);
    let rows = list.page.items.into_iter().map(|account| view! { <AccountRow org account /> }).collect_view();
    let content = if !empty {
        view! { <Table caption="Service accounts" columns>{rows}</Table> }.into_any()
    } else if filtered || wanted.cursor.is_some() {
        view! {
            <Empty icon="bot" title="No service account matches" lead="Search for part of a name, or show those of every owner.">
                <LinkButton href=all>"Show all service accounts"</LinkButton>
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <Empty
                icon="bot"
                title="No service accounts yet"
                lead="An account for a machine: it holds roles like a member, signs in with keys, and stays when people leave."
            >
                {can_manage
                    .then(|| {
                        view! { <LinkButton href=first variant=Variant::Secondary>"Make the first service account"</LinkButton> }
                    })}
            </Empty>
        }
        .into_any()
    };
    view! {
        <PageHeader title="Service accounts" lead="Accounts for pipelines, CI and other machines, which sign in with keys.">
            {can_manage
                .then(|| {
                    view! { <LinkButton href=new variant=Variant::Primary icon="plus" adds=true>"New service account"</LinkButton> }
                })}
        </PageHeader>
        <div class="flex flex-col gap-4">
            <Form method="GET" action>
                <Toolbar>
                    <Search label="Search service accounts" value=wanted.search.clone().unwrap_or_default() />
                    <Select name="owner" label="Owner" options=owners value=owner hide_label=true auto_submit=true />
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
fn AccountRow(org: OrgId, account: ServiceAccount) -> impl IntoView {
    let inactive = !account.active;
    view! {
        <Row quiet=inactive>
            <CellLink href=format!("/organizations/{org}/service-accounts/{}", account.id)>
                <span class="flex min-w-0 flex-col">
                    <span class="flex min-w-0 flex-wrap items-center gap-x-2">
                        <span class="truncate">{account.name}</span>
                        {inactive.then(|| view! { <Badge icon="ban">"Inactive"</Badge> })}
                    </span>
                    <span class="truncate text-sm font-normal text-muted">{account.description}</span>
                </span>
            </CellLink>
            <Cell>
                {match account.owner {
                    Some(owner) => view! { <span class="break-words">{owner.name().to_owned()}</span> }.into_any(),
                    None => view! { <OrphanBadge /> }.into_any(),
                }}
            </Cell>
            <Cell hide=Hide::Tablet><OrgRoleBadge role=account.role /></Cell>
            <Cell hide=Hide::Phone numeric=true>{account.keys}</Cell>
            <Cell hide=Hide::Tablet>
                {match account.last_used_at {
                    Some(at) => view! { <Timestamp at /> }.into_any(),
                    None => view! { <span class="text-muted">"Never"</span> }.into_any(),
                }}
            </Cell>
        </Row>
    }
}
