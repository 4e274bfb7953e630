use leptos::prelude::*;

const WIDTHS: [&str; 4] =
    ["skeleton h-3.5 w-11/12", "skeleton h-3.5 w-8/12", "skeleton h-3.5 w-10/12", "skeleton h-3.5 w-6/12"];

/// Lines of text to come. Invisible for the first 150 ms.
#[component]
pub fn Skeleton(
    /// How many.
    #[prop(default = 3)]
    lines: usize,
) -> impl IntoView {
    view! {
        <div class="flex flex-col gap-3 py-1" aria-busy="true">
            <span class="sr-only">"Loading"</span>
            {WIDTHS.iter().cycle().take(lines).map(|class| view! { <div class=*class></div> }).collect_view()}
        </div>
    }
}

/// A table to come, as high as the real one, so that nothing jumps.
#[component]
pub fn SkeletonTable(
    /// How many rows.
    #[prop(default = 6)]
    rows: usize,
    /// How many columns.
    #[prop(default = 4)]
    columns: usize,
) -> impl IntoView {
    let row = move |index: usize| {
        let cells = (0..columns)
            .map(|column| view! { <div class="grow basis-0"><div class=WIDTHS[(index + column) % WIDTHS.len()]></div></div> })
            .collect_view();
        view! { <div class="flex h-10 items-center gap-6 border-b border-line-soft px-2 last:border-0">{cells}</div> }
    };
    view! {
        <div aria-busy="true">
            <span class="sr-only">"Loading"</span>
            <div class="h-8 border-b border-line"></div>
            {(0..rows).map(row).collect_view()}
        </div>
    }
}
