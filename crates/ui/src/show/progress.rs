use leptos::prelude::*;

/// Usage against a limit: the bar and its number. Amber from 80 %, red when full.
///
/// ```ignore
/// <Progress label="Members" value=8 max=10 />
/// ```
#[component]
pub fn Progress(
    /// What is counted.
    #[prop(into)]
    label: String,
    /// How much is used.
    value: u32,
    /// How much there is.
    max: u32,
    /// After the numbers.
    #[prop(optional, into)]
    unit: Option<String>,
) -> impl IntoView {
    // Where there may be none, all of it is used.
    let percent = (u64::from(value.min(max)) * 100).checked_div(u64::from(max)).unwrap_or(100);
    let bar = match percent {
        0..80 => "fill-accent-fill",
        80..100 => "fill-warn-fill",
        _ => "fill-bad-fill",
    };
    let text = unit.map_or_else(|| format!("{value} of {max}"), |unit| format!("{value} of {max} {unit}"));
    view! {
        <div>
            <div class="mb-1.5 flex items-baseline justify-between gap-4 text-sm">
                <span>{label.clone()}</span>
                <span class="text-muted tabular-nums">{text.clone()}</span>
            </div>
            <div
                role="meter"
                aria-label=label
                aria-valuemin="0"
                aria-valuemax=max.to_string()
                aria-valuenow=value.min(max).to_string()
                aria-valuetext=text
            >
                // Widths are SVG attributes: the content security policy allows no inline style.
                <svg class="block h-1.5 w-full overflow-hidden rounded-full" aria-hidden="true">
                    <rect width="100%" height="100%" class="fill-line"></rect>
                    <rect width=format!("{percent}%") height="100%" rx="3" class=bar></rect>
                </svg>
            </div>
        </div>
    }
}
