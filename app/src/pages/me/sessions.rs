//! One's own sessions.

use crate::api::load::load;
use crate::api::sessions::{EndOtherSessions, EndSession, list_endings, list_sessions};
use crate::pages::words::counted;
use crate::pages::{ErrorView, failure};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use model::SessionId;
use model::session::{Ended, Ending, Session};
use ui::{
    Badge, Button, Card, Cell, CellActions, Column, FormError, PageHeader, Row, Table, Timestamp, Tone,
    Variant,
};

/// One's own sessions.
#[component]
pub fn Sessions() -> impl IntoView {
    let end = ServerAction::<EndSession>::new();
    let end_others = ServerAction::<EndOtherSessions>::new();
    let data = load(
        move || (end.version().get(), end_others.version().get()),
        |_| async { Ok((list_sessions().await?, list_endings().await?)) },
    );
    let error = Signal::derive(move || {
        failure(end.value().read().as_ref()).or_else(|| failure(end_others.value().read().as_ref()))
    });
    view! {
        <Title text="Sessions" />
        <PageHeader title="Sessions" lead="Browsers in which you are signed in. End one you do not recognise.">
            <ActionForm action=end_others>
                <Button variant=Variant::Secondary icon="log-out">"End all other sessions"</Button>
            </ActionForm>
        </PageHeader>
        <FormError error />
        <Transition>
            {move || Suspend::new(async move {
                match data.await {
                    Ok((sessions, endings)) => view! {
                        <Card flush=true>
                            <SessionTable
                                caption="Your sessions"
                                sessions
                                ends=Callback::new(move |session| view! { <End session end /> }.into_any())
                            />
                        </Card>
                        <Endings endings />
                    }
                    .into_any(),
                    Err(error) => view! { <ErrorView error=error.0 /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn End(session: SessionId, end: ServerAction<EndSession>) -> impl IntoView {
    view! {
        <ActionForm action=end>
            <input type="hidden" name="id" value=session.to_string() />
            <Button variant=Variant::Secondary>"End session"</Button>
        </ActionForm>
    }
}

/// Sessions with where and with what they were begun.
#[component]
pub(crate) fn SessionTable(
    /// Whose they are, read aloud.
    #[prop(into)]
    caption: String,
    /// What is listed.
    sessions: Vec<Session>,
    /// Makes what ends one of them, where the reader may. The one they read in has no such thing.
    #[prop(optional_no_strip, into)]
    ends: Option<Callback<SessionId, AnyView>>,
) -> impl IntoView {
    let columns = vec![
        Column::new("Browser"),
        Column::new("Signed in by"),
        Column::new("Begun"),
        Column::new("Last used"),
        Column::new("Ends"),
        Column::actions(),
    ];
    let rows = sessions
        .into_iter()
        .map(|session| {
            let end = ends.filter(|_| !session.current).map(|ends| ends.run(session.id));
            view! {
                <Row>
                    <Cell>
                        <div class="flex flex-wrap items-center gap-2">
                            {session.agent}
                            {session.current.then(|| view! { <Badge tone=Tone::Ok>"This one"</Badge> })}
                        </div>
                        <div class="text-xs text-muted">{session.place}</div>
                    </Cell>
                    <Cell>{session.method}</Cell>
                    <Cell><Timestamp at=session.created_at /></Cell>
                    <Cell><Timestamp at=session.last_seen_at /></Cell>
                    <Cell><Timestamp at=session.expires_at /></Cell>
                    <CellActions>{end}</CellActions>
                </Row>
            }
        })
        .collect_view();
    view! { <Table caption columns>{rows}</Table> }
}

/// What administrators ended lately: whoever was signed out by somebody else is told by whom.
#[component]
fn Endings(endings: Vec<Ending>) -> impl IntoView {
    if endings.is_empty() {
        return ().into_any();
    }
    let items = endings
        .into_iter()
        .map(|ending| {
            let text = format!("{} ended {}", ending.by, amount(ending.ended));
            view! {
                <li class="flex min-h-9 flex-wrap items-center justify-between gap-x-4 py-1.5">
                    <span class="min-w-0 break-words">{text}</span>
                    <span class="text-muted"><Timestamp at=ending.at /></span>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="mt-6">
            <Card title="Ended by administrators" lead="In the last 30 days. You can sign in again unless you were removed.">
                <ul class="divide-y divide-line-soft text-sm">{items}</ul>
            </Card>
        </div>
    }
    .into_any()
}

/// "2 sessions and 1 device".
pub(crate) fn amount(ended: Ended) -> String {
    let sessions = (ended.sessions > 0).then(|| counted(ended.sessions, "session", "sessions"));
    let devices = (ended.devices > 0).then(|| counted(ended.devices, "device", "devices"));
    match (sessions, devices) {
        (Some(sessions), Some(devices)) => format!("{sessions} and {devices}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => "no session".to_owned(),
    }
}
