use crate::Icon;
use crate::action::ICON_BUTTON;
use leptos::ev::{MouseEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement};

/// Opens the dialog `id` as a modal one, in place of the popover that the button would toggle. Anything else that has
/// this id is left to the browser.
pub(crate) fn open_modal(id: &str, event: &MouseEvent) {
    let Some(dialog) = dialog_by_id(id) else { return };
    event.prevent_default();
    if !dialog.open() {
        let _ = dialog.show_modal();
    }
}

/// Opens the dialog `id`, for keyboard shortcuts. Browser only.
pub fn open_dialog(id: &str) {
    if let Some(dialog) = dialog_by_id(id)
        && !dialog.open()
    {
        let _ = dialog.show_modal();
    }
}

/// Closes the dialog `id`, however it was opened. Browser only.
pub fn close_dialog(id: &str) {
    if let Some(dialog) = dialog_by_id(id) {
        dialog.close();
    }
    hide_popover(id);
}

/// Closes the popover `id` if it is open.
pub(crate) fn hide_popover(id: &str) {
    let element = document().get_element_by_id(id).and_then(|e| e.dyn_into::<HtmlElement>().ok());
    if let Some(element) = element {
        // Refused when it is not a popover or not open, which is what we want.
        let _ = element.hide_popover();
    }
}

fn dialog_by_id(id: &str) -> Option<HtmlDialogElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Width of a dialog.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DialogSize {
    /// 420 px: a question.
    Small,
    /// 560 px: a form.
    #[default]
    Medium,
    /// 760 px: code, tables.
    Large,
}

impl DialogSize {
    const fn class(self) -> &'static str {
        match self {
            Self::Small => "max-w-[26.25rem]",
            Self::Medium => "max-w-[35rem]",
            Self::Large => "max-w-[47.5rem]",
        }
    }
}

/// A native dialog, labelled by its title. Escape and a click outside close it, focus returns to where it was.
///
/// Open it with a button whose `opens` is its id, or by `open`. It is a popover too, so the button works without WASM.
///
/// ```ignore
/// <Button opens="shortcuts">"Shortcuts"</Button>
/// <Dialog id="shortcuts" title="Keyboard shortcuts">…</Dialog>
/// ```
#[component]
pub fn Dialog(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    /// Its heading and name.
    #[prop(into)]
    title: String,
    /// One sentence under the title.
    #[prop(optional, into)]
    lead: Option<String>,
    /// Opens and closes it from code, and tells when the person closed it.
    #[prop(optional, into)]
    open: Option<RwSignal<bool>>,
    /// Width.
    #[prop(optional)]
    size: DialogSize,
    /// Closes when a form inside was sent.
    #[prop(optional)]
    close_on_submit: bool,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    if let Some(open) = open {
        Effect::new(move |_| {
            let wanted = open.get();
            let Some(dialog) = node.get() else { return };
            if wanted && !dialog.open() {
                let _ = dialog.show_modal();
            } else if !wanted && dialog.open() {
                dialog.close();
            }
        });
    }
    let title_id = format!("{id}-title");
    let lead_id = format!("{id}-lead");
    let (own, submitted, closed) = (id.clone(), id.clone(), id.clone());
    let labelledby = title_id.clone();
    let describedby = lead.is_some().then(|| lead_id.clone());
    let class = format!(
        "scrim appear fixed inset-0 m-auto h-fit max-h-[calc(100dvh-2rem)] w-[calc(100%-2rem)] overflow-y-auto \
         rounded-card bg-raised p-0 text-left text-base whitespace-normal text-ink shadow-float {}",
        size.class()
    );
    view! {
        <dialog
            id=own
            node_ref=node
            popover="auto"
            closedby="any"
            aria-labelledby=labelledby
            aria-describedby=describedby
            class=class
            on:close=move |_| {
                if let Some(open) = open {
                    open.set(false);
                }
            }
            on:submit=move |_: SubmitEvent| {
                if close_on_submit {
                    close_dialog(&submitted);
                }
            }
        >
            <div class="flex items-start gap-4 px-5 pt-4">
                <div class="min-w-0 grow">
                    <h2 id=title_id class="text-lg font-semibold text-pretty">{title}</h2>
                    {lead.map(|lead| view! { <p id=lead_id class="mt-1 text-muted text-pretty">{lead}</p> })}
                </div>
                <button
                    type="button"
                    class=ICON_BUTTON
                    title="Close"
                    aria-label="Close"
                    popovertarget=id
                    popovertargetaction="hide"
                    on:click=move |_| close_dialog(&closed)
                >
                    <Icon name="x" />
                </button>
            </div>
            <div class="px-5 pt-4 pb-5">{children()}</div>
        </dialog>
    }
}
