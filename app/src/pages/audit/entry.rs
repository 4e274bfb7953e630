//! One entry of the audit log: everything that was noted, under an address that stays.

use super::{outcome, target, words};
use crate::api::audit::get_audit_entry;
use crate::api::load::load;
use crate::pages::{ErrorView, org_param, text_param};
use leptos::prelude::*;
use leptos_meta::Title;
use model::audit::{Change, EntryDetail};
use model::{ApiError, ErrorCode, OrgId};
use ui::{
    Card, Cell, Code, Column, Definition, DefinitionList, Gap, PageHeader, Row, Stack, Table, Timestamp,
};

/// The page.
#[component]
pub fn AuditEntry() -> impl IntoView {
    let org = org_param();
    let id = text_param("entry");
    let entry = load(
        move || (org.get(), id.get()),
        |(org, id)| async move {
            let missing = || crate::api::Error(ApiError::new(ErrorCode::NotFound, ""));
            let id = id.parse().map_err(|_| missing())?;
            get_audit_entry(org.ok_or_else(missing)?, id).await
        },
    );
    view! {
        <Title text="Audit entry" />
        <Transition>
            {move || Suspend::new(async move {
                match (entry.await, org.get_untracked()) {
                    (Ok(detail), Some(org)) => view! { <Detail org detail /> }.into_any(),
                    (Err(error), _) => view! { <ErrorView error=error.0 /> }.into_any(),
                    (Ok(_), None) => view! { <ErrorView error=ApiError::new(ErrorCode::NotFound, "") /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Detail(org: OrgId, detail: EntryDetail) -> impl IntoView {
    let EntryDetail { entry, changes } = detail;
    let log = format!("/organizations/{org}/audit");
    let about = target(&entry);
    let more = |name: &str, id: &Option<String>| {
        let (log, name, id) = (log.clone(), name.to_owned(), id.clone());
        id.map(|id| {
            let href = format!("{log}?{name}={id}");
            view! {
                <div class="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
                    <Code>{id}</Code>
                    <a class="text-accent underline" href=href>"All entries with this id"</a>
                </div>
            }
        })
    };
    let (actor_id, target_id) = (more("actor", &entry.actor_id), more("target", &entry.target_id));
    let kind = entry.target_kind.clone().map(|kind| words(&kind)).unwrap_or_default();
    view! {
        <PageHeader title=words(&entry.action) />
        <Stack gap=Gap::Large>
            <Card>
                <DefinitionList>
                    <Definition term="When"><Timestamp at=entry.at full=true /></Definition>
                    <Definition term="Outcome">{outcome(entry.outcome)}</Definition>
                    <Definition term="Who">{entry.actor_name.clone()} {actor_id}</Definition>
                    <Definition term="On what">
                        {about} <span class="ml-2 text-muted">{kind}</span> {target_id}
                    </Definition>
                    <Definition term="From">
                        {entry.ip.clone().unwrap_or_else(|| "This machine or an unknown address".to_owned())}
                        <div class="text-sm break-words text-muted">{entry.user_agent.clone()}</div>
                    </Definition>
                    <Definition term="Action"><Code>{entry.action.clone()}</Code></Definition>
                    <Definition term="Request"><Code>{entry.request_id.clone()}</Code></Definition>
                    <Definition term="Entry"><Code>{entry.id.to_string()}</Code></Definition>
                </DefinitionList>
            </Card>
            {(!changes.is_empty()).then(|| view! { <Changes changes /> })}
        </Stack>
    }
}

#[component]
fn Changes(changes: Vec<Change>) -> impl IntoView {
    let was_there = changes.iter().any(|change| change.before.is_some());
    let mut columns = vec![Column::new("What")];
    if was_there {
        columns.push(Column::new("Before"));
    }
    columns.push(Column::new(if was_there { "After" } else { "Noted" }));
    let rows = changes
        .into_iter()
        .map(|Change { name, before, after }| {
            let differs = was_there && before != after;
            let value = move |text: Option<String>, old: bool| {
                let class = match (differs, old) {
                    (true, true) => "break-words text-bad line-through decoration-1",
                    (true, false) => "break-words font-medium text-ok",
                    (false, _) => "break-words",
                };
                match text {
                    Some(text) => view! { <span class=class>{text}</span> }.into_any(),
                    None => view! { <span class="text-muted">"nothing"</span> }.into_any(),
                }
            };
            view! {
                <Row>
                    <Cell><Code>{name}</Code></Cell>
                    {was_there.then(|| view! { <Cell>{value(before, true)}</Cell> })}
                    <Cell>{value(after, false)}</Cell>
                </Row>
            }
        })
        .collect_view();
    view! {
        <Card title="What was noted" flush=true>
            <Table caption="Values before and after" columns>{rows}</Table>
        </Card>
    }
}
