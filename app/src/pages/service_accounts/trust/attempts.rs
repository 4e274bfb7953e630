//! What became of the latest tokens.

use leptos::prelude::*;
use model::trust::{AttemptOutcome, TrustAttempt};
use ui::{Card, Cell, Column, Empty, Hide, Row, StatusDot, Table, Timestamp, Tone};

#[component]
pub(super) fn Attempts(attempts: Vec<TrustAttempt>) -> impl IntoView {
    let columns = vec![
        Column::new("When"),
        Column::new("Rule").hide(Hide::Phone),
        Column::new("Outcome"),
        Column::new("Why"),
    ];
    let rows = if attempts.is_empty() {
        view! {
            <Empty icon="clock" title="No tokens yet" lead="A token that names this account shows up here, taken or refused." />
        }
        .into_any()
    } else {
        let rows = attempts.into_iter().map(|attempt| view! { <AttemptRow attempt /> }).collect_view();
        view! { <Table caption="Recent tokens" columns>{rows}</Table> }.into_any()
    };
    view! {
        <div id="attempts">
            <Card
                title="Recent tokens"
                lead="Of each token only the claims that the rule looks at. Tokens of issuers that no rule here trusts are in the audit log alone."
            >
                {rows}
            </Card>
        </div>
    }
}

#[component]
fn AttemptRow(attempt: TrustAttempt) -> impl IntoView {
    let (tone, word) = match attempt.outcome {
        AttemptOutcome::Accepted => (Tone::Ok, "Taken"),
        AttemptOutcome::Refused => (Tone::Bad, "Refused"),
        AttemptOutcome::Unproven => (Tone::Warn, "Not proven"),
    };
    let claims = attempt
        .claims
        .into_iter()
        .map(|(name, value)| view! { <div class="font-mono text-xs break-all text-muted">{format!("{name} = {value}")}</div> })
        .collect_view();
    view! {
        <Row>
            <Cell><Timestamp at=attempt.at /></Cell>
            <Cell hide=Hide::Phone>{attempt.rule_name}</Cell>
            <Cell><StatusDot tone>{word}</StatusDot></Cell>
            <Cell><div class="break-words">{attempt.reason}</div> {claims}</Cell>
        </Row>
    }
}
