use leptos::prelude::*;

/// A whole page that says what went wrong and what to do next: 403, 404, 410, 500, offline.
///
/// ```ignore
/// <Problem status="403" title="You need Workspace Admin on dev" lead="Ada Lovelace or Grace Hopper can give it to you.">
///     <LinkButton href="/">"Go to overview"</LinkButton>
/// </Problem>
/// ```
#[component]
pub fn Problem(
    /// What went wrong; the page's `h1`.
    #[prop(into)]
    title: String,
    /// What to do about it.
    #[prop(into)]
    lead: String,
    /// The HTTP status.
    #[prop(optional, into)]
    status: Option<String>,
    /// The request id, where somebody has to look into the log.
    #[prop(optional_no_strip, into)]
    reference: Option<String>,
    /// Ways out.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="mx-auto flex max-w-md flex-col items-start px-4 py-16 sm:py-24">
            {status.map(|status| view! { <p class="mb-2 font-mono text-sm text-muted">{status}</p> })}
            <h1 class="text-xl font-semibold text-balance">{title}</h1>
            <p class="mt-2 text-muted text-pretty">{lead}</p>
            {reference
                .filter(|reference| !reference.is_empty())
                .map(|reference| {
                    view! {
                        <p class="mt-3 text-sm text-muted">
                            "Reference " <code class="font-mono text-xs text-ink select-all">{reference}</code>
                        </p>
                    }
                })}
            {children.map(|children| view! { <div class="mt-6 flex flex-wrap gap-2">{children()}</div> })}
        </div>
    }
}
