//! Overview: on the first day what to do next, afterwards what goes on.

use crate::api::load::load;
use crate::api::orgs::get_overview;
use crate::pages::audit::{outcome, words};
use crate::pages::{ErrorView, org_param};
use leptos::prelude::*;
use leptos_meta::Title;
use model::audit::Entry;
use model::org::Overview as Facts;
use model::{ApiError, ErrorCode, OrgId, Permission};
use ui::{
    Bar, Card, Cell, CellLink, Column, Empty, Gap, Hide, LinkButton, PageHeader, Row, Spark, Stack, Stat,
    Stats, Step, Steps, Table, Timestamp, Tone, Variant,
};

/// The page.
#[component]
pub fn Overview() -> impl IntoView {
    let org = org_param();
    let facts = load(
        move || org.get(),
        |org| async move {
            let missing = || crate::api::Error(ApiError::new(ErrorCode::NotFound, ""));
            get_overview(org.ok_or_else(missing)?).await
        },
    );
    view! {
        <Title text="Overview" />
        <Transition>
            {move || Suspend::new(async move {
                match facts.await {
                    Ok(facts) => view! { <Page facts /> }.into_any(),
                    Err(error) => view! { <ErrorView error=error.0 /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Page(facts: Facts) -> impl IntoView {
    let lead = if facts.org.description.is_empty() { None } else { Some(facts.org.description.clone()) };
    let header = match lead {
        Some(lead) => view! { <PageHeader title=facts.org.display_name.clone() lead /> }.into_any(),
        None => view! { <PageHeader title=facts.org.display_name.clone() /> }.into_any(),
    };
    let (org, role) = (facts.org.id, facts.role);
    let may_enrol = role.grants(Permission::WorkspaceEnroll);
    view! {
        {header}
        <Stack gap=Gap::Large>
            {role.grants(Permission::ConnectionManage).then(|| first_day(&facts)).flatten()}
            {numbers(&facts)}
            <Workspaces org rows=facts.workspaces.clone() may_enrol />
            {(!facts.latest.is_empty()).then(|| view! { <Latest org entries=facts.latest.clone() /> })}
        </Stack>
    }
}

/// The three steps of a first day; nothing once they are all behind us.
fn first_day(facts: &Facts) -> Option<AnyView> {
    let org = facts.org.id;
    let provider = facts.connections.is_some_and(|n| n > 0);
    let people = facts.members.is_some_and(|n| n > 1) || facts.open_invitations.is_some_and(|n| n > 0);
    let workspace = !facts.workspaces.is_empty();
    if provider && people && workspace {
        return None;
    }
    let next = [provider, people, workspace].iter().position(|done| !done);
    let button = move |n: usize, href: String, label: &'static str| {
        let variant = if next == Some(n) { Variant::Primary } else { Variant::Secondary };
        view! { <LinkButton href variant>{label}</LinkButton> }
    };
    let base = format!("/organizations/{org}");
    let connect = button(0, format!("{base}/connections/new"), "Connect a provider");
    let invite = button(1, format!("{base}/invitations/new"), "Invite people");
    let enrol = button(2, format!("{base}/workspaces/new"), "Enrol a workspace");
    Some(
        view! {
            <Card title="First steps" lead="Three steps from here to a team that works in ZenML.">
                <Steps>
                    <Step
                        title="Connect your identity provider"
                        lead="People sign in with the account they have, and you decide there who still works here."
                        done=provider
                        current=next == Some(0)
                    >
                        {(!provider).then_some(connect)}
                    </Step>
                    <Step
                        title="Invite your colleagues"
                        lead="Each gets a link by mail, or from you, and the role you choose."
                        done=people
                        current=next == Some(1)
                    >
                        {(!people).then_some(invite)}
                    </Step>
                    <Step
                        title="Enrol a workspace"
                        lead="One ZenML server. You get the lines to start it with, ready to copy."
                        done=workspace
                        current=next == Some(2)
                    >
                        {(!workspace).then_some(enrol)}
                    </Step>
                </Steps>
            </Card>
        }
        .into_any(),
    )
}

fn numbers(facts: &Facts) -> Option<AnyView> {
    let base = format!("/organizations/{}", facts.org.id);
    let members = facts.members?;
    let waiting = facts.open_invitations.unwrap_or(0);
    let hint = match waiting {
        0 => "Nobody is invited right now".to_owned(),
        1 => "1 invitation is open".to_owned(),
        n => format!("{n} invitations are open"),
    };
    let members_url = format!("{base}/members");
    let sign_ins = (!facts.sign_ins.is_empty()).then(|| {
        let total: u32 = facts.sign_ins.iter().fold(0, |sum, n| sum.saturating_add(*n));
        let bars = spark(&facts.sign_ins);
        view! {
            <Stat label="Sign-ins, last 14 days" value=total.to_string()>
                {bars}
            </Stat>
        }
    });
    let connections = facts.connections.map(|n| {
        let hint = if n == 0 { "People sign in by links only" } else { "Ways to sign in" };
        view! { <Stat label="Sign-in connections" value=n.to_string() hint href=format!("{base}/connections") /> }
    });
    Some(
        view! {
            <Stats>
                <Stat label="Members" value=members.to_string() hint href=members_url />
                {connections}
                {sign_ins}
            </Stats>
        }
        .into_any(),
    )
}

fn spark(sign_ins: &[u32]) -> AnyView {
    let most = sign_ins.iter().copied().max().unwrap_or(0).max(1);
    let last = sign_ins.len().saturating_sub(1);
    let bars = sign_ins
        .iter()
        .enumerate()
        .map(|(n, count)| {
            let day = match last - n {
                0 => "Today".to_owned(),
                1 => "Yesterday".to_owned(),
                days => format!("{days} days ago"),
            };
            Bar {
                percent: u8::try_from(u64::from(*count) * 100 / u64::from(most)).unwrap_or(100),
                tone: Tone::Accent,
                label: format!("{day}: {count}"),
            }
        })
        .collect::<Vec<_>>();
    let busiest = format!("At most {most} on one day, {} today.", sign_ins.last().copied().unwrap_or(0));
    view! { <Spark title="Sign-ins a day" summary=busiest bars /> }.into_any()
}

#[component]
fn Workspaces(org: OrgId, rows: Vec<model::workspace::WorkspaceRow>, may_enrol: bool) -> impl IntoView {
    if rows.is_empty() {
        let lead = if may_enrol {
            "A workspace is one ZenML server. Enrol the first one to let people in."
        } else {
            "An administrator gives access to a workspace. You find it here then."
        };
        return view! {
            <Empty icon="boxes" title="No workspaces yet" lead>
                {may_enrol
                    .then(|| {
                        view! {
                            <LinkButton href=format!("/organizations/{org}/workspaces/new")>"Enrol a workspace"</LinkButton>
                        }
                    })}
            </Empty>
        }
        .into_any();
    }
    let columns = vec![
        Column::new("Workspace"),
        Column::new("Your role"),
        Column::new("Version").hide(Hide::Phone),
        Column::new("Last seen").hide(Hide::Phone),
    ];
    let rows = rows
        .into_iter()
        .map(|row| {
            view! {
                <Row>
                    <CellLink href=format!("/workspaces/{}", row.name)>{row.display_name}</CellLink>
                    <Cell>{row.your_role.unwrap_or_else(|| "No access".to_owned())}</Cell>
                    <Cell hide=Hide::Phone>{row.version.unwrap_or_else(|| "Not started yet".to_owned())}</Cell>
                    <Cell hide=Hide::Phone>
                        {row.last_seen_at.map_or_else(
                            || "Never".into_any(),
                            |at| view! { <Timestamp at /> }.into_any(),
                        )}
                    </Cell>
                </Row>
            }
        })
        .collect_view();
    view! {
        <Card title="Workspaces" flush=true>
            <Table caption="Workspaces" columns>{rows}</Table>
        </Card>
    }
    .into_any()
}

#[component]
fn Latest(org: OrgId, entries: Vec<Entry>) -> impl IntoView {
    let columns = vec![
        Column::new("What"),
        Column::new("Who"),
        Column::new("Outcome").hide(Hide::Phone),
        Column::new("When"),
    ];
    let rows = entries
        .into_iter()
        .map(|entry| {
            view! {
                <Row>
                    <CellLink href=format!("/organizations/{org}/audit/{}", entry.id)>{words(&entry.action)}</CellLink>
                    <Cell>{entry.actor_name}</Cell>
                    <Cell hide=Hide::Phone>{outcome(entry.outcome)}</Cell>
                    <Cell><Timestamp at=entry.at /></Cell>
                </Row>
            }
        })
        .collect_view();
    view! {
        <Card title="Latest activity" flush=true>
            <Table caption="Latest activity" columns>{rows}</Table>
        </Card>
    }
}
