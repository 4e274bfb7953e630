use leptos::prelude::*;

/// An icon of the sprite, decoration for the word next to it: never announced. The names are in `style/icons.txt`.
///
/// ```ignore
/// <Icon name="users" class="size-4 text-muted" />
/// ```
#[component]
pub fn Icon(
    /// Name in the sprite.
    #[prop(into)]
    name: &'static str,
    /// Size and colour; 16 px in the colour of the text if not given.
    #[prop(default = "size-4 shrink-0")]
    class: &'static str,
) -> impl IntoView {
    view! {
        <svg
            class=class
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width="1.75"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            <use href=format!("/icons.svg#{name}")></use>
        </svg>
    }
}
