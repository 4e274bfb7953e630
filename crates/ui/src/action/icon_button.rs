use super::button::ButtonKind;
use crate::Icon;
use crate::overlay::open_modal;
use leptos::prelude::*;

/// The look of a square button with an icon alone.
pub(crate) const ICON_BUTTON: &str = "inline-flex size-7 shrink-0 items-center justify-center rounded-control \
                                      text-muted hover:bg-hover hover:text-ink aria-pressed:bg-accent-soft \
                                      aria-pressed:text-accent";

/// A button with an icon alone; `label` is its name and its tooltip.
///
/// ```ignore
/// <IconButton label="Menu" icon="menu" opens="main-menu" />
/// ```
#[component]
pub fn IconButton(
    /// Its name, read aloud and shown on hover.
    #[prop(into)]
    label: String,
    /// Name in the sprite.
    icon: &'static str,
    /// Does nothing to a form unless told to.
    #[prop(default = ButtonKind::Button)]
    kind: ButtonKind,
    /// Name sent with the form when this button sends it.
    #[prop(optional, into)]
    name: Option<String>,
    /// Value sent with `name`.
    #[prop(optional, into)]
    value: Option<String>,
    /// Id of the dialog or popover it opens.
    #[prop(optional, into)]
    opens: Option<String>,
) -> impl IntoView {
    let dialog = opens.clone();
    view! {
        <button
            type=kind.attribute()
            class=ICON_BUTTON
            title=label.clone()
            aria-label=label
            name=name
            value=value
            popovertarget=opens
            on:click=move |event| {
                if let Some(id) = &dialog {
                    open_modal(id, &event);
                }
            }
        >
            <Icon name=icon />
        </button>
    }
}
