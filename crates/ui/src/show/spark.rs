use crate::Tone;
use leptos::prelude::*;

/// One bar of a [`Spark`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Height in percent; above 100 is full.
    pub percent: u8,
    /// What it stands for.
    pub tone: Tone,
    /// Shown on hover: "12 Nov: 97 % online".
    pub label: String,
}

/// A strip of small bars: health over days, sign-ins over weeks. Read aloud as its title and summary.
///
/// ```ignore
/// <Spark title="Last 14 days" summary="Online 99 % of the time, last gap on 3 November." bars=bars />
/// ```
#[component]
pub fn Spark(
    /// What is shown.
    #[prop(into)]
    title: String,
    /// What there is to see in it.
    #[prop(into)]
    summary: String,
    /// From the oldest to the newest.
    bars: Vec<Bar>,
) -> impl IntoView {
    const HEIGHT: usize = 24;
    const STEP: usize = 6;
    let width = (bars.len() * STEP).saturating_sub(2).max(1);
    let bars = bars
        .into_iter()
        .enumerate()
        .map(|(index, bar)| {
            // A bar of nothing stays visible as a stub: a missing day looks different from a bad one.
            let height = (HEIGHT * usize::from(bar.percent.min(100)) / 100).max(2);
            view! {
                <rect
                    x=(index * STEP).to_string()
                    y=(HEIGHT - height).to_string()
                    width="4"
                    height=height.to_string()
                    rx="1"
                    class=bar.tone.fill()
                >
                    <title>{bar.label}</title>
                </rect>
            }
        })
        .collect_view();
    view! {
        <figure class="m-0">
            <svg
                class="h-6 max-w-full"
                viewBox=format!("0 0 {width} {HEIGHT}")
                preserveAspectRatio="xMinYMid meet"
                role="img"
                aria-label=format!("{title}. {summary}")
            >
                {bars}
            </svg>
        </figure>
    }
}
