//! The ways in: providers, and links by e-mail.

use super::State;
use crate::api::connections::list_connections;
use crate::api::load::load;
use crate::pages::{ErrorView, org_param};
use leptos::prelude::*;
use leptos_meta::Title;
use model::connection::{Connection, Connections as Page};
use model::{ApiError, ErrorCode, OrgId};
use ui::{
    Alert, Card, Cell, CellLink, Code, Column, CopyField, Empty, Hide, LinkButton, PageHeader, Row, Stack,
    Table, Timestamp, Tone, Variant,
};

/// The ways in: providers, and links by e-mail.
#[component]
pub fn Connections() -> impl IntoView {
    let org = org_param();
    let data = load(
        move || org.get(),
        |org| async move {
            match org {
                Some(org) => list_connections(org).await.map(|page| (org, page)),
                None => Err(crate::api::Error(ApiError::new(ErrorCode::NotFound, ""))),
            }
        },
    );
    view! {
        <Title text="Sign-in connections" />
        <Transition>
            {move || Suspend::new(async move {
                match data.await {
                    Ok((org, page)) => view! { <Ways org page /> }.into_any(),
                    Err(error) => view! { <ErrorView error=error.0 /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Ways(org: OrgId, page: Page) -> impl IntoView {
    let new = format!("/organizations/{org}/connections/new");
    let first = new.clone();
    let providers = if page.connections.is_empty() {
        view! {
            <Empty
                icon="plug"
                title="No provider is connected"
                lead="Connect your company's OpenID provider, so that people sign in with the account they have."
            >
                <LinkButton href=first variant=Variant::Primary icon="plus">"Add connection"</LinkButton>
            </Empty>
        }
        .into_any()
    } else {
        view! { <Providers org connections=page.connections /> }.into_any()
    };
    view! {
        <PageHeader title="Sign-in connections" lead="The ways in which people prove who they are.">
            <LinkButton href=new variant=Variant::Primary icon="plus" adds=true>"Add connection"</LinkButton>
        </PageHeader>
        <Stack>
            {providers}
            <Card title="Register at the provider" lead="The redirect URI of this installation, the same for every provider.">
                <CopyField value=page.redirect_uri label="Redirect URI" />
            </Card>
            {if page.email {
                view! {
                    <Alert tone=Tone::Ok title="Links by e-mail are on">
                        "People without a provider can have a one-time sign-in link mailed to them."
                    </Alert>
                }
                    .into_any()
            } else {
                view! {
                    <Alert tone=Tone::Warn title="Links by e-mail are off">
                        "Set " <Code>"REEVE_SMTP_URL"</Code> " and " <Code>"REEVE_MAIL_FROM"</Code>
                        " to let people without a provider sign in by a mailed link."
                    </Alert>
                }
                    .into_any()
            }}
        </Stack>
    }
}

#[component]
fn Providers(org: OrgId, connections: Vec<Connection>) -> impl IntoView {
    let columns = vec![
        Column::new("Connection"),
        Column::new("State"),
        Column::new("People").numeric().hide(Hide::Phone),
        Column::new("Last sign-in").hide(Hide::Phone),
    ];
    let rows = connections
        .into_iter()
        .map(|connection| {
            let last = match connection.last_used_at {
                Some(at) => view! { <Timestamp at /> }.into_any(),
                None => view! { <span class="text-muted">"Never"</span> }.into_any(),
            };
            view! {
                <Row quiet=!connection.enabled>
                    <CellLink href=format!("/organizations/{org}/connections/{}", connection.id)>
                        <span class="font-medium">{connection.label}</span>
                        <span class="block truncate font-mono text-xs text-muted">{connection.issuer}</span>
                    </CellLink>
                    <Cell>
                        <span class="flex flex-wrap gap-1">
                            <State enabled=connection.enabled from_file=connection.from_file />
                        </span>
                    </Cell>
                    <Cell numeric=true hide=Hide::Phone>{connection.people}</Cell>
                    <Cell hide=Hide::Phone>{last}</Cell>
                </Row>
            }
        })
        .collect_view();
    view! {
        <Card flush=true>
            <Table caption="Connections" columns>{rows}</Table>
        </Card>
    }
}
