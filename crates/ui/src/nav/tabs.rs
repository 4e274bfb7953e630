use leptos::prelude::*;

/// Views of one thing, each with an address of its own.
///
/// ```ignore
/// <Tabs label="Workspace dev">
///     <Tab href="/workspaces/dev" current=true>"Overview"</Tab>
///     <Tab href="/workspaces/dev?tab=access" count=4>"Access"</Tab>
/// </Tabs>
/// ```
#[component]
pub fn Tabs(
    /// What the views are of.
    #[prop(into)]
    label: String,
    children: Children,
) -> impl IntoView {
    view! {
        <nav aria-label=label class="overflow-x-auto border-b border-line">
            <ul class="-mb-px flex gap-5">{children()}</ul>
        </nav>
    }
}

/// One view.
#[component]
pub fn Tab(
    /// Its address.
    #[prop(into)]
    href: String,
    /// It is the one shown.
    #[prop(optional, into)]
    current: Signal<bool>,
    /// How many things are in it.
    #[prop(optional)]
    count: Option<u64>,
    children: Children,
) -> impl IntoView {
    view! {
        <li>
            <a
                href=href
                aria-current=move || current.get().then_some("page")
                class="inline-flex h-9 items-center gap-1.5 border-b-2 border-transparent text-sm font-medium whitespace-nowrap text-muted hover:text-ink focus-visible:-outline-offset-2 aria-[current=page]:border-accent aria-[current=page]:text-ink"
            >
                {children()}
                {count
                    .map(|count| view! { <span class="font-normal text-muted tabular-nums">{count.to_string()}</span> })}
            </a>
        </li>
    }
}
