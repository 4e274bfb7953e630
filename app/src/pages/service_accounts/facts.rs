//! What is known of a service account.

#![expect(unreachable_pub, reason = "the component macro makes what it generates public")]

use leptos::prelude::*;
use model::OrgId;
use model::service_account::{Owner, ServiceAccount};
use ui::{Badge, Card, Code, Definition, DefinitionList, Timestamp, Tone};

/// Marks an account for which nobody answers.
#[component]
pub(super) fn OrphanBadge() -> impl IntoView {
    view! { <Badge tone=Tone::Warn icon="triangle-alert">"Orphan"</Badge> }
}

/// The facts.
#[component]
pub(super) fn Facts(org: OrgId, account: ServiceAccount) -> impl IntoView {
    let audit = format!("/organizations/{org}/audit");
    let (done_by, done_to) =
        (format!("{audit}?actor={}", account.id), format!("{audit}?target={}", account.id));
    view! {
        <Card title="Facts">
            <DefinitionList>
                <Definition term="Owner">
                    {match account.owner {
                        Some(owner) => view! { <OwnerLink org owner /> }.into_any(),
                        None => "Nobody".into_any(),
                    }}
                </Definition>
                <Definition term="Living keys">{account.keys}</Definition>
                <Definition term="Last used">
                    {match account.last_used_at {
                        Some(at) => view! { <Timestamp at full=true /> }.into_any(),
                        None => "Never".into_any(),
                    }}
                </Definition>
                <Definition term="Made"><Timestamp at=account.created_at full=true /></Definition>
                <Definition term="Username"><Code>{account.name}</Code></Definition>
                <Definition term="Id"><Code>{account.id.to_string()}</Code></Definition>
                <Definition term="What it did">
                    <a class="text-accent underline" href=done_by>
                        "Audit log"
                    </a>
                </Definition>
                <Definition term="What was done to it">
                    <a class="text-accent underline" href=done_to>
                        "Audit log"
                    </a>
                </Definition>
            </DefinitionList>
        </Card>
    }
}

#[component]
fn OwnerLink(org: OrgId, owner: Owner) -> impl IntoView {
    let (href, kind) = match &owner {
        Owner::User { id, .. } => (format!("/organizations/{org}/members/{id}"), None),
        Owner::Team { id, .. } => (format!("/organizations/{org}/teams/{id}"), Some("Team")),
    };
    view! {
        <a class="text-accent underline" href=href>
            {owner.name().to_owned()}
        </a>
        {kind.map(|kind| view! { <span class="ml-2 text-muted">{kind}</span> })}
    }
}
