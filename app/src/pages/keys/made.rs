//! A new secret at the one moment it can be seen, and what to do with it.

use super::Whose;
use leptos::html;
use leptos::prelude::*;
use model::api_key::ApiKeySecret;
use ui::{Card, CodeBlock, SecretOnce};

/// The secret that was made last. It comes into view: the button that made it may be far below.
#[component]
pub(crate) fn NewSecret(
    /// What it is a secret of.
    whose: Whose,
    /// The secret, once there is one.
    made: RwSignal<Option<ApiKeySecret>>,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    Effect::new(move |before: Option<bool>| {
        let there = made.with(Option::is_some);
        if there && before.is_some() {
            request_animation_frame(move || {
                // By then the page may have read its keys anew, and this be gone.
                if let Some(node) = node.try_get_untracked().flatten() {
                    let _ = node.focus();
                }
            });
        }
        there
    });
    let (label, lost) = match whose.account {
        Some(_) => ("Key", "Nobody can show it again. Rotate the key to get another secret."),
        None => ("Token", "Nobody can show it again. Rotate the token to get another secret."),
    };
    view! {
        <div node_ref=node tabindex="-1" class="mb-4 scroll-mt-16 outline-none empty:hidden">
            {move || made.get().map(|made| view! {
                <SecretOnce
                    label=format!("{label} {}", made.name)
                    secret=made.secret
                    purpose="Give it to the program now: as ZENML_STORE_API_KEY, or at the prompt of zenml login --api-key."
                    lost
                />
            })}
        </div>
    }
}

/// How a command line signs in with one.
#[component]
pub(crate) fn HowToUse(
    /// The address of the API that a ZenML client is told.
    api_url: String,
) -> impl IntoView {
    view! {
        <Card title="How to use it" lead="Sign a command line in without a browser. It asks for the secret.">
            <CodeBlock label="Command line" code=format!("zenml login WORKSPACE --api-key --pro-api-url {api_url}") />
            <p class="mt-3 text-sm text-muted">
                "What programs can do is told in the "
                <a class="link" href="/api" rel="external">
                    "API"
                </a> "."
            </p>
        </Card>
    }
}
