use leptos::prelude::*;

/// A row of [`Stat`]s that share one border.
#[component]
pub fn Stats(children: Children) -> impl IntoView {
    view! {
        <dl class="grid grid-cols-2 gap-px overflow-hidden rounded-card border border-line bg-line-soft max-sm:*:last:odd:col-span-2 sm:grid-cols-[repeat(auto-fit,minmax(11rem,1fr))]">
            {children()}
        </dl>
    }
}

/// One number people want to see, with what it is. With `href` all of it is a link to the list behind it.
///
/// ```ignore
/// <Stats><Stat label="Members" value="12" hint="2 joined this week" href="/members" /></Stats>
/// ```
#[component]
pub fn Stat(
    /// What is counted.
    #[prop(into)]
    label: String,
    /// The number.
    #[prop(into)]
    value: String,
    /// What to make of it.
    #[prop(optional, into)]
    hint: Option<String>,
    /// The list behind it.
    #[prop(optional, into)]
    href: Option<String>,
    /// A [`crate::Spark`].
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let hover = if href.is_some() { "hover:bg-hover" } else { "" };
    let label = match href {
        Some(href) => view! {
            <a
                href=href
                class="after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
            >
                {label}
            </a>
        }
        .into_any(),
        None => label.into_any(),
    };
    view! {
        <div class=format!("relative flex min-w-0 flex-col bg-surface px-4 py-3.5 {hover}")>
            <dt class="text-sm text-muted">{label}</dt>
            <dd class="mt-1 text-xl font-semibold tracking-tight tabular-nums">{value}</dd>
            {hint.map(|hint| view! { <dd class="mt-0.5 text-sm text-muted">{hint}</dd> })}
            {children.map(|children| view! { <dd class="mt-2">{children()}</dd> })}
        </div>
    }
}
