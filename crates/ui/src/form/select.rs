use super::CONTROL;
use super::field::{Field, described_by};
use crate::Icon;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlSelectElement};

/// One of several, for [`Select`] and [`super::RadioCards`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// What it means; shown by radio cards.
    pub hint: Option<String>,
    /// What it belongs to; a [`Select`] puts neighbours of one group under its name.
    pub group: Option<String>,
}

impl Choice {
    /// A choice without a hint.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: None, group: None }
    }

    /// Says what choosing it means.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says what it belongs to.
    #[must_use]
    pub fn group(mut self, group: impl Into<String>) -> Self {
        self.group = Some(group.into());
        self
    }
}

/// A native drop-down. With `auto_submit` it sends its form when changed (filters); without JavaScript the form's own
/// button does, which may carry `hydrated:hidden` then.
///
/// ```ignore
/// <Select name="role" label="Role" options=roles value=member.role />
/// ```
#[component]
pub fn Select(
    /// Name sent with the form.
    #[prop(into)]
    name: String,
    /// What is chosen.
    #[prop(into)]
    label: String,
    /// In the order shown.
    options: Vec<Choice>,
    /// The `value` chosen at first.
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
    /// The form cannot be sent without it.
    #[prop(optional)]
    required: bool,
    /// The label is only read aloud: in toolbars and tables.
    #[prop(optional)]
    hide_label: bool,
    /// Sends the form when changed.
    #[prop(optional)]
    auto_submit: bool,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| format!("field-{name}"));
    let describedby = described_by(&id, hint.is_some(), error);
    let height = if hide_label { "h-8 text-sm" } else { "h-9" };
    view! {
        <Field id=id.clone() label=label hint=hint error=error hide_label=hide_label>
            <span class="relative block">
                <select
                    id=id
                    name=name
                    class=format!("appearance-none pr-8 {height} {CONTROL}")
                    required=required
                    aria-describedby=describedby
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    on:change=move |event| {
                        if auto_submit {
                            submit_form_of(&event);
                        }
                    }
                >
                    {groups_of(options)
                        .into_iter()
                        .map(|(group, choices)| {
                            let options = choices
                                .into_iter()
                                .map(|choice| {
                                    view! {
                                        <option value=choice.value.clone() selected=choice.value == value>
                                            {choice.label}
                                        </option>
                                    }
                                })
                                .collect_view();
                            match group {
                                Some(label) => view! { <optgroup label=label>{options}</optgroup> }.into_any(),
                                None => options.into_any(),
                            }
                        })
                        .collect_view()}
                </select>
                <Icon name="chevron-down" class="pointer-events-none absolute top-1/2 right-2.5 size-4 -translate-y-1/2 text-muted" />
            </span>
        </Field>
    }
}

/// Choices with their neighbours of the same group.
fn groups_of(options: Vec<Choice>) -> Vec<(Option<String>, Vec<Choice>)> {
    let mut groups: Vec<(Option<String>, Vec<Choice>)> = Vec::new();
    for choice in options {
        match groups.last_mut() {
            Some((group, choices)) if *group == choice.group => choices.push(choice),
            _ => groups.push((choice.group.clone(), vec![choice])),
        }
    }
    groups
}

/// As if its button were pressed, so that validation and the router's form handling run.
fn submit_form_of(event: &Event) {
    let select = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
    if let Some(form) = select.and_then(|select| select.form()) {
        let _ = form.request_submit();
    }
}
