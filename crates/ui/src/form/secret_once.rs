use crate::Icon;
use crate::action::{CopyButton, lowercase_first};
use leptos::prelude::*;

/// A secret at the one moment it can be seen: large, to be copied, with what it is for and what happens if it is lost.
///
/// ```ignore
/// <SecretOnce
///     label="Enrollment key"
///     secret=key
///     purpose="The ZenML server presents it once, at its first start."
///     lost="Rotate the key to get a new one; servers that are enrolled stay so."
/// />
/// ```
#[component]
pub fn SecretOnce(
    /// What it is.
    #[prop(into)]
    label: String,
    /// The secret itself.
    #[prop(into)]
    secret: String,
    /// What it is for.
    #[prop(into)]
    purpose: String,
    /// What to do when it is lost.
    #[prop(into)]
    lost: String,
) -> impl IntoView {
    let name = label.clone();
    let copy = format!("Copy {}", lowercase_first(&label));
    view! {
        <section class="rounded-card border border-accent/40 bg-accent-soft p-4" aria-label=name>
            <div class="flex items-center gap-2">
                <Icon name="key-round" class="size-4 shrink-0 text-accent" />
                <h2 class="font-semibold">{label}</h2>
                <span class="ml-auto text-sm text-muted">"Shown once"</span>
            </div>
            <p class="mt-1 text-sm text-pretty">{purpose}</p>
            <div
                class="mt-3 flex items-start gap-2 rounded-control border border-control bg-surface py-2 pr-2 pl-3"
                data-copy=""
            >
                <code class="min-w-0 grow py-0.5 font-mono text-base break-all select-all" data-copy-text="">
                    {secret.clone()}
                </code>
                <CopyButton value=secret label=copy />
            </div>
            <p class="mt-3 text-sm text-muted text-pretty">
                <span class="font-medium text-ink">"If you lose it: "</span>
                {lost}
            </p>
        </section>
    }
}
