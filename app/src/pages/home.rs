//! The start page: straight into the organization if there is one, else a choice.

use super::ErrorView;
use crate::api::load::load;
use crate::api::sessions::get_me;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Redirect;
use ui::{Card, Cell, CellLink, Column, Empty, PageHeader, Row, Table};

/// The start page.
#[component]
pub fn Home() -> impl IntoView {
    let me = load(|| (), |()| get_me());
    view! {
        <Title text="Organizations" />
        <Transition>
            {move || Suspend::new(async move {
                let me = match me.await {
                    Ok(me) => me,
                    Err(error) => return view! { <ErrorView error=error.0 /> }.into_any(),
                };
                let rows = me.orgs.clone().into_iter()
                    .map(|org| {
                        view! {
                            <Row>
                                <Cell>
                                    <CellLink href=format!("/organizations/{}", org.id)>{org.display_name}</CellLink>
                                </Cell>
                                <Cell>{org.role.label()}</Cell>
                            </Row>
                        }
                    })
                    .collect_view();
                match me.orgs.as_slice() {
                    [] => view! {
                        <PageHeader title="Organizations" />
                        <Empty
                            icon="building-2"
                            title="You are in no organization yet"
                            lead="Open the link of an invitation, or ask an administrator to invite the address of your account."
                        >
                            <span class="font-mono text-sm">{me.email.clone()}</span>
                        </Empty>
                    }
                        .into_any(),
                    [only] => view! { <Redirect path=format!("/organizations/{}", only.id) /> }.into_any(),
                    _ => view! {
                        <PageHeader title="Organizations" lead="Choose where to go." />
                        <Card flush=true>
                            <Table caption="Your organizations" columns=vec![Column::new("Organization"), Column::new("Your role")]>
                                {rows}
                            </Table>
                        </Card>
                    }
                        .into_any(),
                }
            })}
        </Transition>
    }
}
