use leptos::prelude::*;

/// Two columns: the work to the left, the facts to the right; under each other where it is narrow.
///
/// ```ignore
/// <Split>
///     <SplitMain>…</SplitMain>
///     <SplitAside label="Facts"><DefinitionList>…</DefinitionList></SplitAside>
/// </Split>
/// ```
#[component]
pub fn Split(children: Children) -> impl IntoView {
    view! { <div class="grid min-w-0 gap-8 lg:grid-cols-[minmax(0,1fr)_18rem]">{children()}</div> }
}

/// The left column.
#[component]
pub fn SplitMain(children: Children) -> impl IntoView {
    view! { <div class="flex min-w-0 flex-col gap-8">{children()}</div> }
}

/// The right column.
#[component]
pub fn SplitAside(
    /// What it holds, read aloud.
    #[prop(into)]
    label: String,
    children: Children,
) -> impl IntoView {
    view! {
        <aside aria-label=label class="flex min-w-0 flex-col gap-6 lg:border-l lg:border-line-soft lg:pl-8">
            {children()}
        </aside>
    }
}
