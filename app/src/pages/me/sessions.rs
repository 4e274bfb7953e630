//! One's own sessions.

use crate::api::load::load;
use crate::api::sessions::{EndOtherSessions, EndSession, list_sessions};
use crate::pages::{ErrorView, failure};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use model::session::Session;
use ui::{
    Badge, Button, Card, Cell, CellActions, Column, FormError, PageHeader, Row, Table, Timestamp, Tone,
    Variant,
};

/// One's own sessions.
#[component]
pub fn Sessions() -> impl IntoView {
    let end = ServerAction::<EndSession>::new();
    let end_others = ServerAction::<EndOtherSessions>::new();
    let sessions = load(move || (end.version().get(), end_others.version().get()), |_| list_sessions());
    let error = Signal::derive(move || {
        failure(end.value().read().as_ref()).or_else(|| failure(end_others.value().read().as_ref()))
    });
    view! {
        <Title text="Sessions" />
        <PageHeader title="Sessions" lead="Browsers in which you are signed in. End one you do not recognise.">
            <ActionForm action=end_others>
                <Button variant=Variant::Secondary icon="log-out">"End all others"</Button>
            </ActionForm>
        </PageHeader>
        <FormError error />
        <Transition>
            {move || Suspend::new(async move {
                match sessions.await {
                    Ok(sessions) => view! { <SessionTable sessions end /> }.into_any(),
                    Err(error) => view! { <ErrorView error=error.0 /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn SessionTable(sessions: Vec<Session>, end: ServerAction<EndSession>) -> impl IntoView {
    let columns = vec![
        Column::new("Browser"),
        Column::new("Signed in by"),
        Column::new("Last used"),
        Column::new("Ends"),
        Column::actions(),
    ];
    let rows = sessions
        .into_iter()
        .map(|session| {
            view! {
                <Row>
                    <Cell>
                        <div class="flex flex-wrap items-center gap-2">
                            {session.agent}
                            {session.current.then(|| view! { <Badge tone=Tone::Ok>"This one"</Badge> })}
                        </div>
                        <div class="font-mono text-xs text-muted">{session.ip}</div>
                    </Cell>
                    <Cell>{session.method}</Cell>
                    <Cell><Timestamp at=session.last_seen_at /></Cell>
                    <Cell><Timestamp at=session.expires_at /></Cell>
                    <CellActions>
                        {(!session.current).then(|| view! {
                            <ActionForm action=end>
                                <input type="hidden" name="id" value=session.id.to_string() />
                                <Button variant=Variant::Secondary>"End session"</Button>
                            </ActionForm>
                        })}
                    </CellActions>
                </Row>
            }
        })
        .collect_view();
    view! {
        <Card flush=true>
            <Table caption="Your sessions" columns>{rows}</Table>
        </Card>
    }
}
