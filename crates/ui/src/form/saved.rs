use crate::Icon;
use leptos::prelude::*;

/// Says beside the button of a form that it was saved.
///
/// It stands in the page before it has anything to say: what appears together with its region is not read aloud.
///
/// ```ignore
/// <FormActions><Button pending=action.pending()>"Save"</Button><Saved when=saved /></FormActions>
/// ```
#[component]
pub fn Saved(
    /// It was, just now.
    when: Signal<bool>,
) -> impl IntoView {
    view! {
        // Not beside why the next try was refused.
        <span
            role="status"
            class="inline-flex items-center gap-1.5 text-sm text-ok [form:has([role=alert]:not(:empty))_&]:hidden"
        >
            {move || when.get().then(|| view! { <Icon name="check" class="size-4" /> "Saved" })}
        </span>
    }
}
