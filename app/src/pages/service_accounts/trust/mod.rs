//! Trust rules of a service account: which tokens of outside issuers become its own, what to write into workflows, and what
//! became of the latest tokens. Which form is shown is in the address.

#![expect(unreachable_pub, reason = "the component macro makes what it generates public")]

mod attempts;
mod form;
mod rule;

use crate::api::load::load;
use crate::api::trust_rules::{
    CreateTrustRule, DeleteTrustRule, EnableTrustRule, UpdateTrustRule, list_trust_attempts, list_trust_rules,
};
use crate::pages::{
    ErrorView, emptied_after, failure, missing, org_param, saved_after, successes, text_param,
};
use attempts::Attempts;
use form::{ChangeRule, NewRule};
use leptos::html;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use model::ServiceAccountId;
use model::trust::{Preset, TrustAttempt, TrustRules};
use rule::RuleCard;
use ui::{Alert, Card, Empty, FormError, LinkButton, PageHeader, Tone};

/// What is done on this page.
#[derive(Clone, Copy)]
struct Actions {
    create: ServerAction<CreateTrustRule>,
    update: ServerAction<UpdateTrustRule>,
    updated: Signal<bool>,
    enable: ServerAction<EnableTrustRule>,
    delete: ServerAction<DeleteTrustRule>,
    done: Memo<usize>,
    /// The form that is shown. What was typed goes when a rule was made of it, and when another form is asked for.
    form: NodeRef<html::Form>,
}

impl Actions {
    fn new() -> Self {
        let (create, update) = (ServerAction::new(), ServerAction::new());
        let (enable, delete) = (ServerAction::new(), ServerAction::new());
        let (created, updated) = (successes(create), successes(update));
        let (enabled, deleted) = (successes(enable), successes(delete));
        let done = Memo::new(move |_| created.get() + updated.get() + enabled.get() + deleted.get());
        let query = use_query_map();
        let wanted = Memo::new(move |_| {
            let query = query.read();
            (query.get("edit"), query.get("preset"))
        });
        let anew = Memo::new(move |before: Option<&usize>| {
            wanted.track();
            created.track();
            before.map_or(0, |times| times + 1)
        });
        let form = emptied_after(anew);
        Self { create, update, updated: saved_after(updated), enable, delete, done, form }
    }
}

/// Trust rules of a service account.
#[component]
pub fn TrustPage() -> impl IntoView {
    let (org, id) = (org_param(), text_param("id"));
    let actions = Actions::new();
    let data = load(
        move || (id.get(), actions.done.get()),
        |(id, _)| async move {
            let id: ServiceAccountId = id.parse().map_err(|_| missing())?;
            Ok((list_trust_rules(id).await?, list_trust_attempts(id).await?))
        },
    );
    let back = move || match org.get() {
        Some(org) => format!("/organizations/{org}/service-accounts/{}", id.get()),
        None => "/".to_owned(),
    };
    view! {
        <Title text="Trust rules" />
        <Transition>
            {move || Suspend::new(async move {
                match data.await {
                    Ok((rules, attempts)) => view! { <Shown rules attempts back=back() actions /> }.into_any(),
                    Err(error) => view! { <ErrorView error=error.0 /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Shown(
    rules: TrustRules,
    attempts: Vec<TrustAttempt>,
    /// The page of the account.
    back: String,
    actions: Actions,
) -> impl IntoView {
    let query = use_query_map();
    let TrustRules { account, account_name, active, rules, make, audience } = rules;
    let base = format!("{back}/trust");
    let refused = Signal::derive(move || {
        failure(actions.enable.value().read().as_ref())
            .or_else(|| failure(actions.delete.value().read().as_ref()))
    });
    let (known, form_base) = (rules.clone(), base.clone());
    let form = move || {
        if !make {
            return ().into_any();
        }
        let query = query.read();
        let changed =
            query.get("edit").and_then(|id| known.iter().find(|shown| shown.rule.id.to_string() == id));
        if let Some(shown) = changed {
            let rule = shown.rule.clone();
            return view! { <ChangeRule account rule base=form_base.clone() actions /> }.into_any();
        }
        let preset = query.get("preset").and_then(|text| text.parse().ok()).unwrap_or(Preset::GitHub);
        view! { <NewRule account preset base=form_base.clone() audience=audience.clone() actions /> }
            .into_any()
    };
    let none = rules.is_empty();
    let cards = rules
        .into_iter()
        .map(|shown| view! { <RuleCard account shown make base=base.clone() actions /> })
        .collect_view();
    view! {
        <PageHeader
            title="Trust rules"
            lead=format!("Workflows sign in as {account_name} with a token of their own CI service. There is no key to keep.")
        >
            <LinkButton href=back icon="arrow-left">{account_name}</LinkButton>
        </PageHeader>
        <div class="flex flex-col gap-6">
            {(!active)
                .then(|| {
                    view! {
                        <Alert tone=Tone::Warn title="This account is inactive">
                            "No rule counts until it is activated again."
                        </Alert>
                    }
                })}
            {(active && !make)
                .then(|| {
                    view! {
                        <Alert title="You can end rules, and make none">
                            "This account holds more than you do."
                        </Alert>
                    }
                })}
            <FormError error=refused />
            {none
                .then(|| {
                    view! {
                        <Card>
                            <Empty icon="shield-check" title="No rules yet" lead="Nothing outside is trusted to act as this account." />
                        </Card>
                    }
                })}
            {cards}
            {form}
            <Attempts attempts />
        </div>
    }
}
