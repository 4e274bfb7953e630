use leptos::prelude::*;

/// A key of the keyboard.
///
/// ```ignore
/// <Kbd>"g"</Kbd>" "<Kbd>"m"</Kbd>
/// ```
#[component]
pub fn Kbd(children: Children) -> impl IntoView {
    view! {
        <kbd class="inline-flex h-5 min-w-5 items-center justify-center rounded-tag border border-line bg-sunken px-1 font-sans text-xs text-muted">
            {children()}
        </kbd>
    }
}

/// An id, a permission or a setting in running text.
///
/// ```ignore
/// <Code>"workspace:admin"</Code>
/// ```
#[component]
pub fn Code(children: Children) -> impl IntoView {
    view! {
        <code class="rounded-tag bg-line-soft px-1 py-0.5 font-mono text-[0.92em] break-words text-ink">{children()}</code>
    }
}
