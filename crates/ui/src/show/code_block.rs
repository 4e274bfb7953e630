use crate::action::{CopyButton, lowercase_first};
use leptos::prelude::*;

/// Lines to copy into a terminal or a file.
///
/// ```ignore
/// <CodeBlock label="Environment variables" code=env />
/// ```
#[component]
pub fn CodeBlock(
    /// What it is: a file name, a shell.
    #[prop(into)]
    label: String,
    /// The lines, without a trailing newline.
    #[prop(into)]
    code: String,
) -> impl IntoView {
    view! {
        <figure class="m-0 min-w-0 overflow-hidden rounded-card border border-line bg-sunken" data-copy="">
            <figcaption class="flex h-9 items-center justify-between gap-4 border-b border-line-soft pr-1.5 pl-3 text-sm text-muted">
                {label.clone()} <CopyButton value=code.clone() label=format!("Copy {}", lowercase_first(&label)) />
            </figcaption>
            <pre
                class="overflow-x-auto px-3 py-2.5 font-mono text-xs leading-5 focus-visible:-outline-offset-2"
                tabindex="0"
                role="region"
                aria-label=label
            >
                <code data-copy-text="">{code}</code>
            </pre>
        </figure>
    }
}
