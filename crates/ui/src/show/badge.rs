use crate::{Icon, Tone};
use leptos::prelude::*;

/// A word or two about state. The word says it, the colour repeats it.
///
/// ```ignore
/// <Badge tone=Tone::Ok icon="check">"Accepted"</Badge>
/// ```
#[component]
pub fn Badge(
    /// What it stands for.
    #[prop(optional)]
    tone: Tone,
    /// An icon before the word.
    #[prop(optional, into)]
    icon: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    let class = format!(
        "inline-flex h-5 items-center gap-1 rounded-tag align-middle px-1.5 text-xs font-medium whitespace-nowrap {}",
        tone.soft()
    );
    view! {
        <span class=class>
            {icon.map(|name| view! { <Icon name=name class="size-3 shrink-0" /> })}
            {children()}
        </span>
    }
}

/// A state in running text or a table: a dot, and the word. The dot is hollow when there is nothing to report.
///
/// ```ignore
/// <StatusDot tone=Tone::Ok>"Online"</StatusDot>
/// ```
#[component]
pub fn StatusDot(
    /// What it stands for.
    #[prop(optional)]
    tone: Tone,
    children: Children,
) -> impl IntoView {
    let dot = match tone {
        Tone::Neutral => "size-2 shrink-0 fill-none stroke-control stroke-2 overflow-visible",
        Tone::Accent => "size-2 shrink-0 fill-accent-fill",
        Tone::Ok => "size-2 shrink-0 fill-ok-fill",
        Tone::Warn => "size-2 shrink-0 fill-warn-fill",
        Tone::Bad => "size-2 shrink-0 fill-bad-fill",
    };
    view! {
        <span class="inline-flex items-center gap-2 whitespace-nowrap">
            <svg class=dot viewBox="0 0 8 8" aria-hidden="true">
                <circle cx="4" cy="4" r="4"></circle>
            </svg>
            {children()}
        </span>
    }
}
