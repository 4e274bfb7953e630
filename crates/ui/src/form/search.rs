use crate::{Icon, Kbd};
use leptos::prelude::*;

/// The search of a list, in a `GET` form. The key `/` moves here.
///
/// ```ignore
/// <Form method="GET" action=""><Toolbar><Search label="Search members" value=query /></Toolbar></Form>
/// ```
#[component]
pub fn Search(
    /// What is searched, read aloud and shown while empty.
    #[prop(into)]
    label: String,
    /// Name sent with the form.
    #[prop(into, default = "q".to_owned())]
    name: String,
    /// What is searched for now.
    #[prop(optional, into)]
    value: String,
    /// Shown while empty instead of the label.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// If `field-{name}` is not unique in the page.
    #[prop(optional, into)]
    id: Option<String>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| format!("field-{name}"));
    view! {
        <div class="relative min-w-48 grow sm:max-w-80">
            <label for=id.clone() class="sr-only">
                {label.clone()}
            </label>
            <Icon name="search" class="pointer-events-none absolute top-2 left-2.5 size-4 text-muted" />
            <input
                type="search"
                id=id
                name=name
                value=value
                placeholder=placeholder.unwrap_or(label)
                autocomplete="off"
                data-search=""
                class="peer h-8 w-full rounded-control border border-control bg-surface pr-8 pl-8 text-sm focus-visible:outline-offset-0"
            />
            <span class="pointer-events-none absolute top-1.5 right-1.5 hidden peer-focus:hidden hydrated:max-md:hidden hydrated:md:block">
                <Kbd>"/"</Kbd>
            </span>
        </div>
    }
}
