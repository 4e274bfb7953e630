//! One rule: what it says, what to write into a workflow, and what can be done with it.

use super::Actions;
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::ServiceAccountId;
use model::trust::ShownTrustRule;
use ui::{
    Button, ButtonKind, Card, Code, CodeBlock, Confirm, ConfirmActions, Definition, DefinitionList,
    LinkButton, StatusDot, Timestamp, Tone,
};

#[component]
pub(super) fn RuleCard(
    account: ServiceAccountId,
    shown: ShownTrustRule,
    /// Whether it may be changed and switched on.
    make: bool,
    /// The address of this page.
    base: String,
    actions: Actions,
) -> impl IntoView {
    let ShownTrustRule { rule, snippet, snippet_goes } = shown;
    let dialog = format!("delete-{}", rule.id);
    let (opens, title) = (dialog.clone(), format!("Delete {}", rule.name));
    let (tone, word) = if rule.enabled { (Tone::Ok, "On") } else { (Tone::Neutral, "Switched off") };
    let claims = rule
        .claims
        .into_iter()
        .map(|(name, pattern)| view! { <li class="break-all"><Code>{format!("{name} = {pattern}")}</Code></li> })
        .collect_view();
    let ids = move || {
        view! {
            <input type="hidden" name="account" value=account.to_string() />
            <input type="hidden" name="rule" value=rule.id.to_string() />
        }
    };
    let switch = (rule.enabled || make).then(|| {
        view! {
            <ActionForm action=actions.enable>
                {ids()} <input type="hidden" name="enabled" value=(!rule.enabled).to_string() />
                <Button>{if rule.enabled { "Switch off" } else { "Switch on" }}</Button>
            </ActionForm>
        }
    });
    let change = make.then(
        || view! { <LinkButton href=format!("{base}?edit={}#rule-form", rule.id)>"Change"</LinkButton> },
    );
    view! {
        <section aria-label=rule.name.clone()>
            <Card title=rule.name.clone()>
                <DefinitionList>
                    <Definition term="State"><StatusDot tone>{word}</StatusDot></Definition>
                    <Definition term="Issuer"><Code>{rule.issuer}</Code></Definition>
                    <Definition term="Audience"><Code>{rule.audience}</Code></Definition>
                    <Definition term="Claims"><ul class="flex flex-col gap-1">{claims}</ul></Definition>
                    <Definition term="Last used">
                        {match rule.last_used_at {
                            Some(at) => view! { <Timestamp at full=true /> }.into_any(),
                            None => "Never".into_any(),
                        }}
                    </Definition>
                    <Definition term="Made">
                        <Timestamp at=rule.created_at />
                        {rule.created_by.map(|name| format!(" by {name}"))}
                    </Definition>
                </DefinitionList>
                <details class="mt-4">
                    <summary class="link w-fit">"What to write into the workflow"</summary>
                    <div class="mt-2"><CodeBlock label=snippet_goes code=snippet /></div>
                </details>
                <div class="mt-4 flex flex-wrap gap-2">
                    {change} {switch}
                    <Button kind=ButtonKind::Button opens>"Delete"</Button>
                </div>
            </Card>
        </section>
        <Confirm
            id=dialog.clone()
            title
            lead="Workflows that sign in by it are refused, and tokens made by it end with the next request. This cannot be undone."
        >
            <ActionForm action=actions.delete>{ids()} <ConfirmActions dialog label="Delete rule" /></ActionForm>
        </Confirm>
    }
}
