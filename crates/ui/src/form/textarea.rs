#![expect(clippy::fn_params_excessive_bools, reason = "they are the attributes of an HTML element")]

use super::CONTROL;
use super::field::{Field, described_by};
use leptos::prelude::*;

/// Several lines of text.
///
/// ```ignore
/// <Textarea name="emails" label="E-mail addresses" hint="One per line." rows=4 required=true />
/// ```
#[component]
pub fn Textarea(
    /// Name sent with the form.
    #[prop(into)]
    name: String,
    /// What goes in.
    #[prop(into)]
    label: String,
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
    /// An example.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// Height in lines.
    #[prop(default = 3)]
    rows: u32,
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
    /// For keys and addresses.
    #[prop(optional)]
    mono: bool,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| format!("field-{name}"));
    let describedby = described_by(&id, hint.is_some(), error);
    let font = if mono { "font-mono text-sm" } else { "" };
    view! {
        <Field id=id.clone() label=label hint=hint error=error optional_mark=optional_mark>
            <textarea
                id=id
                name=name
                rows=rows.to_string()
                class=format!("min-h-9 py-1.5 read-only:bg-sunken {CONTROL} {font}")
                placeholder=placeholder
                maxlength=maxlength.map(|n| n.to_string())
                required=required
                readonly=readonly
                spellcheck=mono.then_some("false")
                aria-describedby=describedby
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                inner_html=escaped(&value)
            ></textarea>
        </Field>
    }
}

/// Leptos writes the children of a `<textarea>` as they are, markup included; `inner_html` of escaped text means the same
/// on the server and in the browser. A first newline would be dropped by the parser.
fn escaped(value: &str) -> String {
    let text = value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    match text.strip_prefix('\n') {
        Some(rest) => format!("&#10;{rest}"),
        None => text,
    }
}
