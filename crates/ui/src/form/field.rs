use crate::Icon;
use leptos::prelude::*;

/// The ids that describe a control: its help, or in place of it what is wrong. For `aria-describedby`.
pub fn described_by(
    id: &str,
    hint: bool,
    error: Signal<Option<String>>,
) -> impl Fn() -> Option<String> + Send + Sync + Clone + 'static {
    let (hint_id, error_id) = (hint.then(|| format!("{id}-hint")), format!("{id}-error"));
    move || if error.with(Option::is_some) { Some(error_id.clone()) } else { hint_id.clone() }
}

/// Label above, help below, the error in place of the help. [`crate::Input`] and its siblings use it; use it for a
/// control of your own.
#[component]
pub fn Field(
    /// The control's id.
    #[prop(into)]
    id: String,
    /// What goes in.
    #[prop(into)]
    label: String,
    /// Help below.
    #[prop(optional_no_strip, into)]
    hint: Option<String>,
    /// What is wrong.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Says "optional" next to the label.
    #[prop(optional)]
    optional_mark: bool,
    /// The label is only read aloud.
    #[prop(optional)]
    hide_label: bool,
    children: Children,
) -> impl IntoView {
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let label_class =
        if hide_label { "sr-only" } else { "mb-1.5 flex gap-2 text-sm font-medium wrap-anywhere" };
    view! {
        <div class="min-w-0">
            <label for=id class=label_class>
                {label}
                {optional_mark.then(|| view! { <span class="font-normal text-muted">"optional"</span> })}
            </label>
            {children()}
            {move || match error.get() {
                Some(text) => Some(view! { <FieldError id=error_id.clone() text=text /> }.into_any()),
                None => {
                    hint.clone()
                        .map(|text| {
                            view! {
                                <p id=hint_id.clone() class="mt-1.5 text-sm text-muted text-pretty">
                                    {text}
                                </p>
                            }
                                .into_any()
                        })
                }
            }}
        </div>
    }
}

/// What is wrong with one control.
#[component]
pub(super) fn FieldError(#[prop(into)] id: String, #[prop(into)] text: String) -> impl IntoView {
    view! {
        <p id=id class="mt-1.5 flex gap-1.5 text-sm text-bad text-pretty">
            <Icon name="circle-alert" class="mt-0.5 size-4 shrink-0" />
            {text}
        </p>
    }
}

/// The column of a form: fields under each other, at most 560 px wide.
#[component]
pub fn FormBody(
    /// As wide as its container.
    #[prop(optional)]
    wide: bool,
    children: Children,
) -> impl IntoView {
    let class = if wide { "flex flex-col gap-5" } else { "flex max-w-form flex-col gap-5" };
    view! { <div class=class>{children()}</div> }
}

/// The buttons at the end of a form, the primary one first.
#[component]
pub fn FormActions(children: Children) -> impl IntoView {
    view! { <div class="flex flex-wrap items-center gap-2 pt-1">{children()}</div> }
}
