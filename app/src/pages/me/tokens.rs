//! Personal access tokens: one's own API keys.

use crate::api::api_keys::list_api_keys;
use crate::api::load::load;
use crate::pages::ErrorView;
use crate::pages::keys::{HowToUse, KeyActions, KeyTable, NewKey, NewSecret, Whose};
use leptos::prelude::*;
use leptos_meta::Title;
use model::api_key::{ApiKey, ApiKeyList};
use ui::{Card, Empty, PageHeader, Split, SplitAside, SplitMain};

/// Personal access tokens: made here, shown once, rotated, switched off, revoked.
#[component]
pub fn Tokens() -> impl IntoView {
    let actions = KeyActions::new();
    let data = load(move || actions.done.get(), |_| list_api_keys());
    view! {
        <Title text="Access tokens" />
        <PageHeader
            title="Access tokens"
            lead="For scripts and CI that sign in without a browser as you. A machine that outlives your membership is better off with a service account."
        />
        <NewSecret whose=Whose::MINE made=actions.made />
        <Transition>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(list) => view! { <Listed list actions /> }.into_any(),
                    Err(error) => view! { <ErrorView error=error.0 /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Listed(list: ApiKeyList, actions: KeyActions) -> impl IntoView {
    let ApiKeyList { keys, choices, api_url } = list;
    view! {
        <Split>
            <SplitMain>
                <Card flush=true>
                    <Keys keys actions />
                </Card>
                <HowToUse api_url />
            </SplitMain>
            <SplitAside label="New token">
                <Card title="New token">
                    <NewKey whose=Whose::MINE choices actions />
                </Card>
            </SplitAside>
        </Split>
    }
}

#[component]
fn Keys(keys: Vec<ApiKey>, actions: KeyActions) -> impl IntoView {
    if keys.is_empty() {
        return view! {
            <Empty
                icon="key-round"
                title="No tokens yet"
                lead="Create one for a script. Your own command line needs none: run zenml login."
            />
        }
        .into_any();
    }
    view! { <KeyTable whose=Whose::MINE keys caption="Your access tokens" actions /> }.into_any()
}
