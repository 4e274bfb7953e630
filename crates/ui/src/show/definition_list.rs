use leptos::prelude::*;

/// Facts about one thing.
///
/// ```ignore
/// <DefinitionList><Definition term="Created"><Timestamp at=created /></Definition></DefinitionList>
/// ```
#[component]
pub fn DefinitionList(children: Children) -> impl IntoView {
    view! { <dl class="@container flex flex-col gap-3 text-sm">{children()}</dl> }
}

/// One fact: the term to the left, or above it where there is no room.
#[component]
pub fn Definition(
    /// What it is.
    #[prop(into)]
    term: String,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="grid gap-x-4 gap-y-0.5 @xs:grid-cols-[8rem_1fr]">
            <dt class="text-muted">{term}</dt>
            <dd class="min-w-0 break-words">{children()}</dd>
        </div>
    }
}
