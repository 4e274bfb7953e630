//! Usage: what workspaces report they have made, against the limits.

use crate::api::limits::{SetLimit, get_usage};
use crate::api::load::load;
use crate::pages::{ErrorView, emptied_after, failure, missing, org_param, successes};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use model::OrgId;
use model::limit::{Feature, FeatureUsage, UsageReport, WorkspaceUsage};
use ui::{
    Alert, Button, Card, Cell, Choice, Column, FormActions, FormBody, FormError, Input, PageHeader, Progress,
    Row, Select, Size, Split, SplitAside, SplitMain, Table, Timestamp, Tone, Variant, field_error,
};

/// Usage and limits of an organization.
#[component]
pub fn Usage() -> impl IntoView {
    let org = org_param();
    let set = ServerAction::<SetLimit>::new();
    let changed = successes(set);
    let data = load(
        move || (org.get(), changed.get()),
        |(org, _)| async move {
            let org = org.ok_or_else(missing)?;
            Ok((org, get_usage(org).await?))
        },
    );
    view! {
        <Title text="Usage and limits" />
        <PageHeader title="Usage and limits" lead="What the workspaces of the organization have, and how much of it they may have together." />
        <Transition>
            {move || Suspend::new(async move {
                match data.await {
                    Ok((org, report)) => view! { <Report org report set changed /> }.into_any(),
                    Err(crate::api::Error(error)) => view! { <ErrorView error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Report(
    org: OrgId,
    report: UsageReport,
    set: ServerAction<SetLimit>,
    changed: Memo<usize>,
) -> impl IntoView {
    let can_manage = report.can_manage;
    let features =
        report.features.into_iter().map(|usage| view! { <Block org usage can_manage set /> }).collect_view();
    view! {
        <Split>
            <SplitMain>
                <Card flush=true>
                    <ul class="divide-y divide-line-soft">{features}</ul>
                </Card>
            </SplitMain>
            <SplitAside label="Limits">
                {can_manage.then(|| view! { <LimitForm org set changed /> })}
                <Consequence can_manage />
            </SplitAside>
        </Split>
    }
}

/// One feature: its number against its limit, and by workspace.
#[component]
fn Block(org: OrgId, usage: FeatureUsage, can_manage: bool, set: ServerAction<SetLimit>) -> impl IntoView {
    let label = usage.feature.label();
    let bar = match usage.limit {
        Some(limit) => view! { <Progress label value=shown(usage.used) max=shown(limit) /> }.into_any(),
        None => view! {
            <div class="flex items-baseline justify-between gap-4 text-sm">
                <span>{label}</span>
                <span class="text-muted tabular-nums">{format!("{}, no limit", usage.used)}</span>
            </div>
        }
        .into_any(),
    };
    let note = note(&usage);
    let lift = usage.limit.filter(|_| can_manage).map(|_| {
        view! {
            <ActionForm action=set>
                <input type="hidden" name="org" value=org.to_string() />
                <input type="hidden" name="feature" value=usage.feature.as_str() />
                <input type="hidden" name="most" value="" />
                <Button size=Size::Small pending=set.pending()>{format!("Lift limit on {}", label.to_lowercase())}</Button>
            </ActionForm>
        }
    });
    let since = usage.limit_set_at.map(|at| view! { <span>"Limit set " <Timestamp at /></span> });
    let below = since.is_some() || lift.is_some();
    view! {
        <li class="flex flex-col gap-2 px-3 py-3.5" id=format!("usage-{}", usage.feature)>
            {bar}
            {note.map(|note| view! { <p class="text-sm text-muted text-pretty">{note}</p> })}
            <ByWorkspace label workspaces=usage.by_workspace />
            {below
                .then(|| {
                    view! {
                        <div class="flex flex-wrap items-center justify-between gap-2 text-sm text-muted">{since} {lift}</div>
                    }
                })}
        </li>
    }
}

/// What the number alone does not say.
fn note(usage: &FeatureUsage) -> Option<String> {
    match usage.limit {
        _ if !usage.feature.is_reported() => Some(
            "ZenML asks before it makes one and does not report it afterwards, so none are counted: a limit of 0 forbids \
             them, any other is never reached."
                .to_owned(),
        ),
        Some(0) if usage.used > 0 => {
            Some("What is there stays. Nothing more can be made.".to_owned())
        }
        Some(0) => Some("Nothing more can be made.".to_owned()),
        Some(limit) if usage.used > limit => Some(format!(
            "{} over the limit. What is there stays; nothing new is made until there are fewer than {limit}.",
            usage.used - limit
        )),
        Some(limit) if usage.used == limit => Some("The limit is reached: the next one is refused.".to_owned()),
        _ => None,
    }
}

/// As the bar takes it: a count is never negative, and beyond four thousand million nobody reads on.
fn shown(count: i64) -> u32 {
    u32::try_from(count.max(0)).unwrap_or(u32::MAX)
}

#[component]
fn ByWorkspace(label: &'static str, workspaces: Vec<WorkspaceUsage>) -> impl IntoView {
    if workspaces.is_empty() {
        return ().into_any();
    }
    let columns = vec![Column::new("Workspace"), Column::new("Number").numeric()];
    let rows = workspaces
        .into_iter()
        .map(|workspace| {
            view! {
                <Row>
                    <Cell>{workspace.name}</Cell>
                    <Cell numeric=true>{workspace.used}</Cell>
                </Row>
            }
        })
        .collect_view();
    view! {
        <details class="text-sm">
            <summary class="link w-fit">
                "By workspace" <span class="sr-only">{format!(": {}", label.to_lowercase())}</span>
            </summary>
            <div class="mt-2">
                <Table caption=format!("{label} by workspace") columns>{rows}</Table>
            </div>
        </details>
    }
    .into_any()
}

#[component]
fn LimitForm(org: OrgId, set: ServerAction<SetLimit>, changed: Memo<usize>) -> impl IntoView {
    let node_ref = emptied_after(changed);
    let error = Signal::derive(move || failure(set.value().read().as_ref()));
    let features =
        Feature::ALL.iter().map(|feature| Choice::new(feature.as_str(), feature.label())).collect();
    view! {
        <Card title="Set a limit">
            <ActionForm action=set node_ref>
                <FormBody>
                    <FormError error />
                    <input type="hidden" name="org" value=org.to_string() />
                    <Select name="feature" label="Of what" options=features error=field_error(error, "feature") />
                    <Input
                        name="most"
                        label="At most"
                        hint="In the whole organization. Empty lifts the limit."
                        inputmode="numeric"
                        pattern="[0-9]{0,10}"
                        maxlength=10
                        autocomplete="off"
                        error=field_error(error, "most")
                    />
                    <FormActions>
                        <Button variant=Variant::Primary pending=set.pending()>"Set limit"</Button>
                    </FormActions>
                </FormBody>
            </ActionForm>
        </Card>
    }
}

/// What happens at a limit, in the words ZenML has for it.
#[component]
fn Consequence(can_manage: bool) -> impl IntoView {
    let then = if can_manage {
        "Nothing that is there is touched. Raise the limit here, or have some removed."
    } else {
        "Nothing that is there is touched. A Billing Admin or an Organization Admin can raise it."
    };
    view! {
        <Alert tone=Tone::Neutral title="What people see at a limit">
            <p>
                "Making one more is refused with status 402, and ZenML says, here of pipelines:"
            </p>
            <blockquote class="my-2 border-l-2 border-line pl-3 font-mono text-xs">
                "Your subscription reached its `pipeline` limit. Please upgrade your subscription or reach out to us."
            </blockquote>
            <p>{then}</p>
        </Alert>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(feature: Feature, used: i64, limit: Option<i64>) -> FeatureUsage {
        FeatureUsage { feature, used, limit, limit_set_at: None, by_workspace: Vec::new() }
    }

    #[test]
    fn a_limit_that_is_reached_or_passed_says_what_follows() {
        let said = |used, limit| note(&usage(Feature::Pipeline, used, limit));
        assert_eq!(said(3, None), None);
        assert_eq!(said(3, Some(5)), None);
        assert!(said(5, Some(5)).unwrap().contains("the next one is refused"));
        let over = said(7, Some(5)).unwrap();
        assert!(over.starts_with("2 over the limit.") && over.ends_with("fewer than 5."), "{over}");
        assert_eq!(said(0, Some(0)).unwrap(), "Nothing more can be made.");
        assert_eq!(said(2, Some(0)).unwrap(), "What is there stays. Nothing more can be made.");
        assert!(note(&usage(Feature::Schedule, 0, None)).unwrap().contains("a limit of 0 forbids"));
    }

    #[test]
    fn counts_fit_the_bar() {
        assert_eq!([shown(-1), shown(12), shown(i64::MAX)], [0, 12, u32::MAX]);
    }
}
