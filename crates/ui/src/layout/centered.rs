use leptos::prelude::*;

/// The card of a public page: a title, a sentence, and one thing to do.
///
/// ```ignore
/// <Centered title="Sign in to Acme" lead="Use your company account.">…</Centered>
/// ```
#[component]
pub fn Centered(
    /// The page's `h1`.
    #[prop(into)]
    title: String,
    /// What this is about.
    #[prop(optional, into)]
    lead: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="w-full max-w-[25rem] rounded-card border border-line bg-surface px-6 py-7 sm:px-8 sm:py-8">
            <h1 class="text-xl font-semibold tracking-tight text-balance" tabindex="-1">
                {title}
            </h1>
            {lead.map(|lead| view! { <p class="mt-1.5 text-muted text-pretty">{lead}</p> })}
            <div class="mt-6">{children()}</div>
        </div>
    }
}
