use super::dialog::{Dialog, DialogSize, close_dialog};
use crate::action::{Button, Variant, button_class};
use crate::form::Input;
use crate::{Size, Tone};
use leptos::prelude::*;

/// Asks before something is lost. The title names the thing, the lead the consequence; there is no "Are you sure".
///
/// ```ignore
/// <Confirm id="revoke-ci" title="Revoke token ci" lead="Scripts that use it lose access at once.">
///     <ActionForm action=revoke>
///         <input type="hidden" name="id" value=id />
///         <ConfirmActions dialog="revoke-ci" label="Revoke token" />
///     </ActionForm>
/// </Confirm>
/// ```
#[component]
pub fn Confirm(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    /// What happens, with the name of the thing.
    #[prop(into)]
    title: String,
    /// What follows from it.
    #[prop(into)]
    lead: String,
    children: Children,
) -> impl IntoView {
    view! {
        <Dialog id=id title=title lead=lead size=DialogSize::Small close_on_submit=true>
            {children()}
        </Dialog>
    }
}

/// The end of a confirmation's form: the name to type, if wanted, and the two buttons.
///
/// The name is checked by the browser (`pattern`) and sent as `confirm`, so the server can check it again.
#[component]
pub fn ConfirmActions(
    /// Id of the dialog around it.
    #[prop(into)]
    dialog: String,
    /// The verb and its object, as in the title.
    #[prop(into)]
    label: String,
    /// What has to be typed first: for what cannot be undone.
    #[prop(optional, into)]
    type_name: Option<String>,
    /// [`Tone::Bad`] unless nothing is lost.
    #[prop(default = Tone::Bad)]
    tone: Tone,
    /// The form is on its way.
    #[prop(optional, into)]
    pending: Signal<bool>,
) -> impl IntoView {
    let variant = if tone == Tone::Bad { Variant::Danger } else { Variant::Primary };
    let close = dialog.clone();
    let field = format!("{dialog}-confirm");
    view! {
        <div class="flex flex-col gap-4">
            {type_name
                .map(|name| {
                    view! {
                        <Input
                            id=field
                            name="confirm"
                            label=format!("Type {name} to confirm")
                            pattern=exactly(&name)
                            required=true
                            mono=true
                            autocomplete="off"
                        />
                    }
                })} <div class="flex flex-wrap justify-end gap-2">
                <button
                    type="button"
                    class=button_class(Variant::Secondary, Size::Medium, false)
                    popovertarget=dialog
                    popovertargetaction="hide"
                    on:click=move |_| close_dialog(&close)
                >
                    "Cancel"
                </button>
                <Button variant=variant pending=pending>
                    {label}
                </Button>
            </div>
        </div>
    }
}

/// A `pattern` that only `text` fulfils. HTML compiles patterns with the `v` flag, which
/// refuses an escape of anything but syntax: a needless one would switch the check off.
fn exactly(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if r"\^$.*+?()[]{}|/".contains(c) {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

#[cfg(test)]
mod pattern {
    #[test]
    fn only_syntax_is_escaped() {
        assert_eq!(super::exactly("dev"), "dev");
        assert_eq!(super::exactly("a.b-c (1)"), r"a\.b-c \(1\)");
    }
}
