//! Audit log: filters in the address, newest first.

use super::{outcome, target, words};
use crate::api::audit::list_audit_log;
use crate::api::load::load;
use crate::pages::{ErrorView, org_param};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;
use model::audit::{AuditAction, AuditQuery, Entry, Outcome};
use model::page::Page;
use model::{ApiError, ErrorCode, OrgId};
use ui::{
    Alert, Button, ButtonKind, Card, Cell, CellLink, Choice, Column, Empty, Hide, Input, LinkButton,
    PageHeader, Pagination, Row, Select, Table, Timestamp, Tone, Variant,
};

/// The page.
#[component]
pub fn AuditLog() -> impl IntoView {
    let org = org_param();
    let map = use_query_map();
    let query = Memo::new(move |_| {
        let map = map.read();
        let text = |name: &str| map.get(name).filter(|text| !text.trim().is_empty());
        AuditQuery {
            action: text("action"),
            outcome: text("outcome").and_then(|text| text.parse().ok()),
            actor: text("actor"),
            target: text("target"),
            from: text("from"),
            to: text("to"),
            cursor: text("cursor"),
        }
    });
    let page = load(
        move || (org.get(), query.get()),
        |(org, query)| async move {
            let missing = || crate::api::Error(ApiError::new(ErrorCode::NotFound, ""));
            list_audit_log(org.ok_or_else(missing)?, query).await
        },
    );
    view! {
        <Title text="Audit log" />
        {move || org.get().map(|org| view! { <Head org query=query.get() /> })}
        <Transition>
            {move || Suspend::new(async move {
                let (org, query) = (org.get_untracked(), query.get_untracked());
                match (page.await, org) {
                    (Ok(page), Some(org)) => view! { <Entries org query page /> }.into_any(),
                    // Wrong filters are answered next to the filters, which stay.
                    (Err(error), Some(org)) if error.0.code == ErrorCode::Invalid => {
                        view! { <WrongFilters org error=error.0 /> }.into_any()
                    }
                    (Err(error), _) => view! { <ErrorView error=error.0 /> }.into_any(),
                    (Ok(_), None) => view! { <ErrorView error=ApiError::new(ErrorCode::NotFound, "") /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Head(org: OrgId, query: AuditQuery) -> impl IntoView {
    let path = format!("/organizations/{org}/audit");
    let export = |format: &str| {
        let filters = address("", &AuditQuery { cursor: None, ..query.clone() });
        let filters = filters.trim_start_matches('?');
        format!("{path}/export?format={format}&{filters}").trim_end_matches('&').to_owned()
    };
    let mut actions = vec![Choice::new("", "Every action")];
    actions
        .extend(AuditAction::ALL.iter().map(|action| Choice::new(action.as_str(), words(action.as_str()))));
    let outcomes = vec![
        Choice::new("", "Every outcome"),
        Choice::new(Outcome::Success.as_str(), "Done"),
        Choice::new(Outcome::Refused.as_str(), "Refused"),
    ];
    let (csv, jsonl) = (export("csv"), export("jsonl"));
    view! {
        <PageHeader
            title="Audit log"
            lead="Everything that was changed, every sign-in and every refusal. Entries are never altered."
        >
            <LinkButton href=jsonl icon="download" external=true>"Export JSON lines"</LinkButton>
            <LinkButton href=csv icon="download" external=true>"Export CSV"</LinkButton>
        </PageHeader>
        <Form method="get" action=path>
            <div class="mb-5 grid grid-cols-1 gap-3 sm:grid-cols-2 lg:grid-cols-4">
                <Select name="action" label="Action" options=actions value=query.action.clone().unwrap_or_default() />
                <Select
                    name="outcome"
                    label="Outcome"
                    options=outcomes
                    value=query.outcome.map(|o| o.as_str().to_owned()).unwrap_or_default()
                />
                <Input name="from" label="From" kind="date" value=query.from.clone().unwrap_or_default() />
                <Input name="to" label="To, this day included" kind="date" value=query.to.clone().unwrap_or_default() />
                <Input name="actor" label="Id of who did it" mono=true value=query.actor.clone().unwrap_or_default() />
                <Input
                    name="target"
                    label="Id of what it was done to"
                    mono=true
                    value=query.target.clone().unwrap_or_default()
                />
                <div class="flex items-end gap-2">
                    <Button kind=ButtonKind::Submit variant=Variant::Secondary icon="filter">"Filter"</Button>
                    {is_filtered(&query)
                        .then(|| view! { <LinkButton href=format!("/organizations/{org}/audit")>"Clear"</LinkButton> })}
                </div>
            </div>
        </Form>
    }
}

#[component]
fn Entries(org: OrgId, query: AuditQuery, page: Page<Entry>) -> impl IntoView {
    if page.items.is_empty() {
        return view! {
            <Empty
                icon="scroll-text"
                title="No entries here"
                lead="Nothing that happened fits these filters. Take some of them away, or choose other days."
            >
                <LinkButton href=format!("/organizations/{org}/audit")>"Show everything"</LinkButton>
            </Empty>
        }
        .into_any();
    }
    let columns = vec![
        Column::new("What"),
        Column::new("Who"),
        Column::new("On what").hide(Hide::Phone),
        Column::new("Outcome").hide(Hide::Phone),
        Column::new("When"),
    ];
    let path = format!("/organizations/{org}/audit");
    // Pages are walked forwards; the way back is the browser's, or the newest entries.
    let newest =
        query.cursor.is_some().then(|| address(&path, &AuditQuery { cursor: None, ..query.clone() }));
    let next = page.next.map(|cursor| address(&path, &AuditQuery { cursor: Some(cursor), ..query }));
    let rows = page
        .items
        .into_iter()
        .map(|entry| {
            let href = format!("{path}/{}", entry.id);
            let about = target(&entry);
            view! {
                <Row>
                    <CellLink href>{words(&entry.action)}</CellLink>
                    <Cell>
                        {entry.actor_name.clone()}
                        <div class="font-mono text-xs text-muted">{entry.ip.clone()}</div>
                    </Cell>
                    <Cell hide=Hide::Phone>{about}</Cell>
                    <Cell hide=Hide::Phone>{outcome(entry.outcome)}</Cell>
                    <Cell><Timestamp at=entry.at full=true /></Cell>
                </Row>
            }
        })
        .collect_view();
    view! {
        <Card flush=true>
            <Table caption="Audit log" columns>{rows}</Table>
        </Card>
        <Pagination previous=newest next />
    }
    .into_any()
}

#[component]
fn WrongFilters(org: OrgId, error: ApiError) -> impl IntoView {
    let what = |field: &str| match field {
        "from" => "From",
        "to" => "To",
        "actor" => "Id of who did it",
        "target" => "Id of what it was done to",
        "action" => "Action",
        _ => "Page",
    };
    let lines = error
        .fields
        .iter()
        .map(|(field, why)| view! { <li>{what(field)} ": " {why.clone()}</li> })
        .collect_view();
    view! {
        <Alert tone=Tone::Warn title="These filters cannot be used">
            <ul class="list-disc pl-5">{lines}</ul>
            <a class="underline" href=format!("/organizations/{org}/audit")>"Show everything"</a>
        </Alert>
    }
}

fn is_filtered(query: &AuditQuery) -> bool {
    *query != AuditQuery { cursor: query.cursor.clone(), ..AuditQuery::default() }
}

/// The address of the log with filters in it.
fn address(path: &str, query: &AuditQuery) -> String {
    let pairs = [
        ("action", query.action.as_deref()),
        ("outcome", query.outcome.map(Outcome::as_str)),
        ("actor", query.actor.as_deref()),
        ("target", query.target.as_deref()),
        ("from", query.from.as_deref()),
        ("to", query.to.as_deref()),
        ("cursor", query.cursor.as_deref()),
    ];
    crate::pages::address::address(path, pairs.map(|(name, value)| (name, value.unwrap_or_default())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_hold_every_filter_and_nothing_unescaped() {
        let query = AuditQuery {
            action: Some("member.joined".into()),
            outcome: Some(Outcome::Refused),
            actor: Some("a&b=c é".into()),
            ..AuditQuery::default()
        };
        assert_eq!(address("/x", &query), "/x?action=member.joined&outcome=refused&actor=a%26b%3Dc%20%C3%A9");
        assert_eq!(address("/x", &AuditQuery::default()), "/x");
    }
}
