use crate::Icon;
use leptos::prelude::*;

/// Nothing here yet: says what would be here, and offers the next step.
///
/// ```ignore
/// <Empty icon="boxes" title="No workspaces yet" lead="A workspace is one ZenML server. Enrol the first to let people in.">
///     <LinkButton variant=Variant::Primary href="/workspaces/new">"Enrol workspace"</LinkButton>
/// </Empty>
/// ```
#[component]
pub fn Empty(
    /// Name in the sprite.
    icon: &'static str,
    /// What is missing.
    #[prop(into)]
    title: String,
    /// What it would be good for.
    #[prop(into)]
    lead: String,
    /// The next step.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="flex flex-col items-center px-6 py-14 text-center">
            <span class="flex size-10 items-center justify-center rounded-card border border-line bg-sunken text-muted">
                <Icon name=icon class="size-5" />
            </span>
            <h2 class="mt-4 font-semibold">{title}</h2>
            <p class="mt-1 max-w-96 text-muted text-balance">{lead}</p>
            {children.map(|children| view! { <div class="mt-5 flex flex-wrap justify-center gap-2">{children()}</div> })}
        </div>
    }
}
