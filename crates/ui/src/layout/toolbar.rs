use leptos::prelude::*;

/// Search, filters and what acts on the list below.
#[component]
pub fn Toolbar(children: Children) -> impl IntoView {
    view! { <div class="flex flex-wrap items-center gap-2">{children()}</div> }
}
