//! The facts of a workspace, and how to sign in to it.

#![expect(unreachable_pub, reason = "the component macro makes what it generates public")]

use super::{HealthDot, health_reason};
use leptos::prelude::*;
use model::workspace::{WorkspaceDetail, WorkspaceStatus};
use ui::{Card, Code, CodeBlock, Definition, DefinitionList, Timestamp};

/// What is known of it.
#[component]
pub(super) fn Facts(detail: WorkspaceDetail) -> impl IntoView {
    let time = |at: Option<model::Timestamp>| match at {
        Some(at) => view! { <Timestamp at full=true /> }.into_any(),
        None => "Never".into_any(),
    };
    let row = detail.row;
    let url = match row.server_url {
        // The address is http or https: anything else is refused when it is reported.
        Some(url) => view! {
            <a class="break-all text-accent underline" href=url.clone() rel="external noopener">{url.clone()}</a>
        }
        .into_any(),
        None => "Not reported yet".into_any(),
    };
    view! {
        <Card title="Facts">
            <DefinitionList>
                <Definition term="Health">
                    <HealthDot health=row.health />
                    <p class="mt-1 text-sm text-muted text-pretty">{health_reason(row.health)}</p>
                </Definition>
                <Definition term="Address">{url}</Definition>
                <Definition term="ZenML version">{row.version.unwrap_or_else(|| "Not reported yet".to_owned())}</Definition>
                <Definition term="Last seen">{time(row.last_seen_at)}</Definition>
                <Definition term="Last started">{time(detail.reported_at)}</Definition>
                <Definition term="Enrolled"><Timestamp at=row.created_at full=true /></Definition>
                <Definition term="Identifier"><Code>{row.name}</Code></Definition>
                <Definition term="Id"><Code>{row.id.to_string()}</Code></Definition>
                <Definition term="Your role">{row.your_role.unwrap_or_else(|| "No access".to_owned())}</Definition>
            </DefinitionList>
        </Card>
    }
}

/// The one command, or why it would not work now.
#[component]
pub(super) fn SignIn(detail: WorkspaceDetail) -> impl IntoView {
    let command = format!("zenml login {} --pro-api-url {}", detail.row.name, detail.api_url);
    let lead = match detail.row.status {
        WorkspaceStatus::Available => "A browser opens, you approve, and the command line is signed in.",
        WorkspaceStatus::Pending => "Works once the server of this workspace has started.",
        WorkspaceStatus::Deactivated | WorkspaceStatus::Deleted => {
            "Refused for now: the workspace is deactivated."
        }
    };
    view! {
        <Card title="Sign in from a terminal" lead>
            <CodeBlock label="Command line" code=command />
        </Card>
    }
}
