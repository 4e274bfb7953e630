use leptos::prelude::*;

/// The mark, a tally of five, and the name.
#[component]
pub fn Logo() -> impl IntoView {
    view! {
        <span class="inline-flex items-center gap-2 text-lg font-semibold tracking-tight">
            <svg viewBox="0 0 32 32" class="size-6 shrink-0" aria-hidden="true">
                <rect width="32" height="32" rx="7" class="fill-accent-fill"></rect>
                <g class="fill-none stroke-on-accent" stroke-width="2.25" stroke-linecap="round">
                    <path d="M8.5 8.5v15M13.5 8.5v15M18.5 8.5v15M23.5 8.5v15"></path>
                    <path d="M5.5 20.5 26.5 11.5"></path>
                </g>
            </svg>
            "Reeve"
        </span>
    }
}
