use leptos::prelude::*;

/// A box to tick, its label to the right.
///
/// An unticked box sends nothing: on the server the field is an `Option` or a `bool` with `#[server(default)]`.
///
/// ```ignore
/// <Checkbox name="trusted" label="Trust this device" hint="You will not be asked again for 30 days." />
/// ```
#[component]
pub fn Checkbox(
    /// Name sent with the form.
    #[prop(into)]
    name: String,
    /// What ticking it says.
    #[prop(into)]
    label: String,
    /// What is sent when ticked.
    #[prop(into, default = "true".to_owned())]
    value: String,
    /// Ticked at first.
    #[prop(optional)]
    checked: bool,
    /// Help below.
    #[prop(optional, into)]
    hint: Option<String>,
    /// If `field-{name}` is not unique in the page.
    #[prop(optional, into)]
    id: Option<String>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| format!("field-{name}"));
    let hint_id = format!("{id}-hint");
    view! {
        <div class="flex gap-2.5">
            <input
                type="checkbox"
                id=id.clone()
                name=name
                value=value
                checked=checked
                class="mt-0.5 size-4.5 shrink-0"
                aria-describedby=hint.is_some().then(|| hint_id.clone())
            />
            <div class="min-w-0">
                <label for=id class="block min-h-6 font-medium">
                    {label}
                </label>
                {hint.map(|hint| view! { <p id=hint_id class="text-sm text-muted text-pretty">{hint}</p> })}
            </div>
        </div>
    }
}
