use crate::Tone;
use leptos::prelude::*;

/// A part of a page with a border of its own.
///
/// ```ignore
/// <Card title="Sessions" lead="Where you are signed in.">…</Card>
/// ```
#[component]
pub fn Card(
    /// Its heading.
    #[prop(optional, into)]
    title: Option<String>,
    /// One sentence under it.
    #[prop(optional, into)]
    lead: Option<String>,
    /// The content reaches the border: tables, lists.
    #[prop(optional)]
    flush: bool,
    /// [`Tone::Bad`] for what destroys.
    #[prop(optional)]
    tone: Tone,
    children: Children,
) -> impl IntoView {
    let border = if tone == Tone::Bad { "border-bad/45" } else { "border-line" };
    let inside = match (flush, title.is_some()) {
        (true, false) => "p-1",
        (true, true) => "px-1 pt-2 pb-1",
        (false, false) => "p-4",
        (false, true) => "px-4 pt-3 pb-4",
    };
    view! {
        <section class=format!("min-w-0 rounded-card border bg-surface {border}")>
            {title
                .map(|title| {
                    view! {
                        <div class="px-4 pt-3.5">
                            <h2 class="font-semibold">{title}</h2>
                            {lead.map(|lead| view! { <p class="mt-0.5 text-sm text-muted text-pretty">{lead}</p> })}
                        </div>
                    }
                })} <div class=inside>{children()}</div>
        </section>
    }
}
