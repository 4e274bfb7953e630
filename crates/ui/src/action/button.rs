use crate::overlay::open_modal;
use crate::{Icon, Size};
use leptos::prelude::*;
use web_sys::MouseEvent;

/// How much a button asks to be pressed. One primary button per view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Variant {
    /// The one thing to do here.
    Primary,
    /// Everything else.
    #[default]
    Secondary,
    /// Without a border, among others.
    Ghost,
    /// Takes something away.
    Danger,
}

impl Variant {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => {
                "bg-accent-fill text-on-accent hover:bg-accent-fill-hover border border-transparent"
            }
            Self::Secondary => "bg-raised text-ink hover:bg-hover border border-line",
            Self::Ghost => {
                "bg-transparent text-muted hover:text-ink hover:bg-hover border border-transparent"
            }
            Self::Danger => "bg-bad-fill text-on-bad hover:bg-bad-fill-hover border border-transparent",
        }
    }
}

const fn size_class(size: Size) -> &'static str {
    match size {
        Size::Small => "h-7 px-2 text-sm gap-1.5",
        Size::Medium => "h-8 px-3 text-sm gap-1.5",
        Size::Large => "h-10 px-4 text-base gap-2",
    }
}

/// The classes of a button; links that look like one share them.
pub(crate) fn button_class(variant: Variant, size: Size, full: bool) -> String {
    const BASE: &str = "relative inline-flex items-center justify-center rounded-control font-medium \
                        whitespace-nowrap select-none transition-opacity duration-100 active:opacity-85 \
                        aria-disabled:opacity-55";
    let width = if full { "w-full" } else { "shrink-0" };
    format!("{BASE} {} {} {width}", variant.class(), size_class(size))
}

/// What pressing it does to the form around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// Sends the form.
    #[default]
    Submit,
    /// Nothing by itself.
    Button,
    /// Puts the form back.
    Reset,
}

impl ButtonKind {
    pub(crate) const fn attribute(self) -> &'static str {
        match self {
            Self::Submit => "submit",
            Self::Button => "button",
            Self::Reset => "reset",
        }
    }
}

/// A button. Label it with a verb and its object.
///
/// `opens` names a [`Dialog`](crate::Dialog): without WASM it opens as a popover, with it as a modal dialog.
/// While `pending`, further presses are ignored and a spinner appears after 150 ms.
///
/// ```ignore
/// <Button variant=Variant::Primary pending=action.pending()>"Create token"</Button>
/// <Button variant=Variant::Danger opens="revoke-ci">"Revoke token"</Button>
/// ```
#[component]
pub fn Button(
    /// How much it asks to be pressed.
    #[prop(optional)]
    variant: Variant,
    /// Height.
    #[prop(optional)]
    size: Size,
    /// An icon before the label.
    #[prop(optional, into)]
    icon: Option<&'static str>,
    /// Submits by default; with `opens` it never does.
    #[prop(optional)]
    kind: ButtonKind,
    /// Name sent with the form when this button sends it.
    #[prop(optional, into)]
    name: Option<String>,
    /// Value sent with `name`.
    #[prop(optional, into)]
    value: Option<String>,
    /// Id of the dialog it opens.
    #[prop(optional, into)]
    opens: Option<String>,
    /// The form is on its way.
    #[prop(optional, into)]
    pending: Signal<bool>,
    /// Not possible now. Prefer saying why next to it.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// What else a press does. Use it in place of `on:click`: where a page is loaded again, the framework keeps the first
    /// `on:click` of a component, with what it was about then.
    #[prop(optional)]
    press: Option<Callback<MouseEvent>>,
    /// As wide as its container.
    #[prop(optional)]
    full: bool,
    children: Children,
) -> impl IntoView {
    let kind = if opens.is_some() { ButtonKind::Button } else { kind };
    let dialog = opens.clone();
    let blocked = move || pending.get() || disabled.get();
    view! {
        <button
            type=kind.attribute()
            class=button_class(variant, size, full)
            name=name
            value=value
            popovertarget=opens
            aria-disabled=move || blocked().then_some("true")
            aria-busy=move || pending.get().then_some("true")
            on:click=move |event| {
                if pending.get_untracked() || disabled.get_untracked() {
                    event.prevent_default();
                    return;
                }
                if let Some(press) = press {
                    press.run(event.clone());
                }
                if let Some(id) = &dialog {
                    open_modal(id, &event);
                }
            }
        >
            {icon.map(|name| view! { <Icon name=name /> })}
            {children()}
            {move || pending.get().then(|| view! { <span class="spinner size-3.5" aria-hidden="true"></span> })}
        </button>
    }
}
