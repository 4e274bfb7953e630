//! What somebody holds, in sections, each with what becomes of it.

#![expect(unreachable_pub, reason = "the component macro makes what it generates public")]

use crate::pages::words::counted;
use leptos::prelude::*;
use model::Timestamp;
use model::offboarding::{Part, Preflight};
use ui::{Badge, Card, Empty, Timestamp as Instant, Tone};

/// One thing: what it is, what more there is to say of it, and since when it is there.
struct Thing {
    name: String,
    more: String,
    since: Option<Timestamp>,
}

fn thing(name: impl Into<String>, more: impl Into<String>) -> Thing {
    Thing { name: name.into(), more: more.into(), since: None }
}

/// The sections that are not empty; those among `changed`, words divided by spaces, are marked.
#[component]
pub(super) fn Holdings(seen: Preflight, changed: String) -> impl IntoView {
    let is_changed = |part: Part| changed.split(' ').any(|word| word == part.as_str());
    let all: Vec<AnyView> = sections(seen)
        .into_iter()
        .filter(|(part, _, things)| !things.is_empty() || is_changed(*part))
        .map(|(part, lead, things)| {
            let changed = is_changed(part);
            view! { <Section part lead things changed /> }.into_any()
        })
        .collect();
    if all.is_empty() {
        return view! {
            <Empty icon="shield-check" title="They hold nothing" lead="Apart from their role in the organization, which ends." />
        }
        .into_any();
    }
    all.into_any()
}

fn sections(seen: Preflight) -> Vec<(Part, &'static str, Vec<Thing>)> {
    let shared = (seen.shares > 0).then(|| thing(counted(seen.shares, "resource", "resources"), ""));
    let since = |thing: Thing, at| Thing { since: Some(at), ..thing };
    vec![
        (
            Part::Grants,
            "They end.",
            seen.grants.into_iter().map(|it| thing(it.role_name, it.place_name)).collect(),
        ),
        (
            Part::Teams,
            "They leave them. Where nobody else maintains a team, the successor does.",
            seen.teams
                .into_iter()
                .map(|it| {
                    let more = match (it.maintainer, it.alone) {
                        (_, true) => "Nobody else maintains it",
                        (true, false) => "Maintainer",
                        (false, false) => "",
                    };
                    thing(it.name, more)
                })
                .collect(),
        ),
        (
            Part::ServiceAccounts,
            "The successor answers for them. Their keys and trust rules go on working: rotate the keys, and look at the rules.",
            seen.service_accounts
                .into_iter()
                .map(|it| {
                    let rules = counted(it.rules, "trust rule", "trust rules");
                    thing(it.name, counted(it.keys, "key", "keys") + ", " + &rules)
                })
                .collect(),
        ),
        (
            Part::Workspaces,
            "Nobody else administers them. The successor gets the role.",
            seen.workspaces.into_iter().map(|it| thing(it.name, it.role_name)).collect(),
        ),
        (
            Part::Keys,
            "They are revoked. No key is handed on.",
            seen.keys
                .into_iter()
                .map(|it| {
                    let more = it.workspace.map(|name| format!("Only in {name}")).unwrap_or_default();
                    thing(it.name, if it.disabled { format!("Switched off. {more}") } else { more })
                })
                .collect(),
        ),
        (
            Part::Invitations,
            "They are taken back.",
            seen.invitations.into_iter().map(|it| thing(it.email, it.role.label())).collect(),
        ),
        (
            Part::Devices,
            "They are revoked.",
            seen.devices.into_iter().map(|it| since(thing(it.hostname, ""), it.approved_at)).collect(),
        ),
        (
            Part::Sessions,
            "They end.",
            seen.sessions.into_iter().map(|it| since(thing(it.agent, ""), it.created_at)).collect(),
        ),
        (Part::Shares, "They are no longer shared with them.", shared.into_iter().collect()),
    ]
}

#[component]
fn Section(part: Part, lead: &'static str, things: Vec<Thing>, changed: bool) -> impl IntoView {
    let title = match (part, things.len()) {
        (Part::Shares, _) => part.label().to_owned(),
        (_, n) => format!("{} ({n})", part.label()),
    };
    let rows = things.into_iter().map(|thing| {
        view! {
            <li class="flex flex-wrap items-baseline justify-between gap-x-4 py-1.5">
                <span class="min-w-0 break-words">{thing.name}</span>
                <span class="text-sm text-muted">
                    {thing.more}
                    {thing.since.map(|at| view! { <Instant at /> })}
                </span>
            </li>
        }
    });
    view! {
        <div id=part.as_str()>
            <Card title lead>
                {changed.then(|| view! { <Badge tone=Tone::Warn>"Changed since you looked"</Badge> })}
                <ul class="divide-y divide-line">{rows.collect_view()}</ul>
            </Card>
        </div>
    }
}
