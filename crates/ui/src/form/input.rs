#![expect(clippy::fn_params_excessive_bools, reason = "they are the attributes of an HTML element")]

use super::CONTROL;
use super::field::{Field, described_by};
use leptos::prelude::*;

/// One line of text, an address, a date: whatever `<input>` takes, with its label, help and error.
///
/// Checks are HTML attributes first; the server decides. `id` is `field-{name}` unless given, so give one where a page
/// holds the same name twice.
///
/// ```ignore
/// <Input name="email" kind="email" label="E-mail" autocomplete="email" required=true error=field_error(error, "email") />
/// ```
#[component]
pub fn Input(
    /// Name sent with the form.
    #[prop(into)]
    name: String,
    /// What goes in.
    #[prop(into)]
    label: String,
    /// The `type`: text, email, url, number, date, password.
    #[prop(default = "text")]
    kind: &'static str,
    /// What stands in it at first.
    #[prop(optional, into)]
    value: String,
    /// Help below.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// If `field-{name}` is not unique in the page.
    #[prop(optional, into)]
    id: Option<String>,
    /// An example, never the label.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// What the browser may fill in.
    #[prop(optional, into)]
    autocomplete: Option<&'static str>,
    /// What is offered while typing; anything else may be typed too.
    #[prop(optional)]
    suggestions: Vec<String>,
    /// Which keyboard a phone shows.
    #[prop(optional, into)]
    inputmode: Option<&'static str>,
    /// What it must look like. Say it in `hint` too.
    #[prop(optional, into)]
    pattern: Option<String>,
    /// Fewest characters.
    #[prop(optional)]
    minlength: Option<u32>,
    /// Most characters.
    #[prop(optional)]
    maxlength: Option<u32>,
    /// The form cannot be sent without it.
    #[prop(optional)]
    required: bool,
    /// Says "optional" next to the label.
    #[prop(optional)]
    optional_mark: bool,
    /// Shown, sent, not editable.
    #[prop(optional)]
    readonly: bool,
    /// Has the focus when the page opens.
    #[prop(optional)]
    autofocus: bool,
    /// For names, keys and addresses one compares letter by letter.
    #[prop(optional)]
    mono: bool,
    /// The label is only read aloud.
    #[prop(optional)]
    hide_label: bool,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| format!("field-{name}"));
    let describedby = described_by(&id, hint.is_some(), error);
    let font = if mono { "font-mono text-sm" } else { "" };
    let list = (!suggestions.is_empty()).then(|| format!("{id}-list"));
    let offered = list.clone().map(|list| {
        let options =
            suggestions.into_iter().map(|value| view! { <option value=value></option> }).collect_view();
        view! { <datalist id=list>{options}</datalist> }
    });
    view! {
        <Field
            id=id.clone()
            label=label
            hint=hint
            error=error
            optional_mark=optional_mark
            hide_label=hide_label
        >
            <input
                id=id
                name=name
                type=kind
                value=value
                class=format!("h-9 read-only:bg-sunken {CONTROL} {font}")
                placeholder=placeholder
                autocomplete=autocomplete
                list=list
                inputmode=inputmode
                pattern=pattern
                minlength=minlength.map(|n| n.to_string())
                maxlength=maxlength.map(|n| n.to_string())
                required=required
                readonly=readonly
                autofocus=autofocus
                spellcheck=mono.then_some("false")
                autocapitalize=mono.then_some("off")
                aria-describedby=describedby
                aria-invalid=move || error.with(Option::is_some).then_some("true")
            />
            {offered}
        </Field>
    }
}
