use super::icon_button::ICON_BUTTON;
use crate::Icon;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Element, Node};

/// Puts `value` on the clipboard. On plain HTTP there is none: the text next to the button is selected instead, ready
/// for the keyboard. Returns whether it was copied.
fn copy(value: &str, event: &MouseEvent) -> bool {
    let window = leptos::prelude::window();
    if window.is_secure_context() {
        // The promise is not awaited: with a press and a secure page it is only refused by policy.
        let _ = window.navigator().clipboard().write_text(value);
        return true;
    }
    let text = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .and_then(|element| element.closest("[data-copy]").ok().flatten())
        .and_then(|around| around.query_selector("[data-copy-text]").ok().flatten());
    if let (Some(text), Ok(Some(selection))) = (text, window.get_selection()) {
        let _ = selection.select_all_children(text.unchecked_ref::<Node>());
    }
    false
}

/// Copies `value`; appears with hydration, since it cannot work before.
///
/// ```ignore
/// <CopyButton value=workspace.id.to_string() label="Copy id" />
/// ```
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    value: String,
    /// Its name. "Copy" if not given.
    #[prop(into, default = "Copy".to_owned())]
    label: String,
) -> impl IntoView {
    let said = RwSignal::new("");
    let press = move |event: MouseEvent| {
        said.set(if copy(&value, &event) { "Copied" } else { "Selected, press Ctrl+C to copy" });
        set_timeout(move || said.set(""), Duration::from_secs(2));
    };
    let icon = move || if said.get().is_empty() { "copy" } else { "check" };
    view! {
        <span class="hidden shrink-0 hydrated:inline-flex">
            <button type="button" class=ICON_BUTTON title=label.clone() aria-label=label on:click=press>
                {move || view! { <Icon name=icon() /> }}
            </button>
            <span class="sr-only" role="status">
                {move || said.get()}
            </span>
        </span>
    }
}

/// An id, address or key to take along: shown whole, selected at one click, copied at another.
///
/// ```ignore
/// <CopyField label="Redirect URI" value=redirect_uri />
/// ```
#[component]
pub fn CopyField(
    /// What is shown and copied.
    #[prop(into)]
    value: String,
    /// What it is, for the button's name.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! {
        <span
            class="inline-flex max-w-full items-center gap-1 rounded-control border border-line bg-sunken py-0.5 pr-0.5 pl-2"
            data-copy=""
        >
            <code class="min-w-0 truncate py-0.5 font-mono text-xs select-all" title=value.clone() data-copy-text="">
                {value.clone()}
            </code>
            <CopyButton value=value label=format!("Copy {}", lowercase_first(&label)) />
        </span>
    }
}

/// "Redirect URI" inside a sentence. Abbreviations stay as they are.
pub(crate) fn lowercase_first(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => first.to_lowercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}
