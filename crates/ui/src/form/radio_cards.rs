use super::field::FieldError;
use super::select::Choice;
use leptos::prelude::*;

/// One of a few, each with what it means: roles, kinds, lifetimes.
///
/// ```ignore
/// <RadioCards name="role" legend="Role" value="viewer" options=vec![
///     Choice::new("viewer", "Viewer").hint("Reads runs and artifacts, changes nothing."),
/// ] />
/// ```
#[component]
pub fn RadioCards(
    /// Name sent with the form.
    #[prop(into)]
    name: String,
    /// What is chosen.
    #[prop(into)]
    legend: String,
    /// In the order shown.
    options: Vec<Choice>,
    /// The `value` chosen at first.
    #[prop(optional, into)]
    value: String,
    /// Help under the legend.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let error_id = format!("field-{name}-error");
    let described = error_id.clone();
    view! {
        <fieldset
            class="min-w-0"
            aria-describedby=move || error.with(Option::is_some).then(|| described.clone())
        >
            <legend class="mb-1.5 text-sm font-medium">{legend}</legend>
            {hint.map(|hint| view! { <p class="mb-2 text-sm text-muted text-pretty">{hint}</p> })}
            <div class="grid gap-2">
                {options
                    .into_iter()
                    .map(|choice| {
                        let id = format!("field-{name}-{}", choice.value);
                        let hint_id = format!("{id}-hint");
                        view! {
                            <div class="relative flex gap-2.5 rounded-control border border-line bg-surface px-3 py-2.5 has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent">
                                <input
                                    type="radio"
                                    id=id.clone()
                                    name=name.clone()
                                    value=choice.value.clone()
                                    checked=choice.value == value
                                    class="mt-0.5 size-4.5 shrink-0 outline-none"
                                    aria-describedby=choice.hint.is_some().then(|| hint_id.clone())
                                />
                                <div class="min-w-0">
                                    // The label covers the card, so that all of it can be pressed.
                                    <label for=id class="block font-medium after:absolute after:inset-0">
                                        {choice.label}
                                    </label>
                                    {choice
                                        .hint
                                        .map(|hint| {
                                            view! {
                                                <p id=hint_id class="text-sm text-muted text-pretty">
                                                    {hint}
                                                </p>
                                            }
                                        })}
                                </div>
                            </div>
                        }
                    })
                    .collect_view()}
            </div>
            {move || error.get().map(|text| view! { <FieldError id=error_id.clone() text=text /> })}
        </fieldset>
    }
}
