use crate::{Icon, Tone};
use leptos::prelude::*;
use std::time::Duration;

#[derive(Clone, PartialEq, Eq)]
struct Toast {
    id: u32,
    tone: Tone,
    text: String,
}

#[derive(Clone, Copy)]
struct Toasts(RwSignal<Vec<Toast>>);

/// Makes [`toast`] work below here. Call it once, where [`ToastRegion`] is rendered.
pub fn provide_toasts() {
    provide_context(Toasts(RwSignal::new(Vec::new())));
}

/// Says that something was done. Never the only copy of it: the page must show the new state too.
/// Call it in the browser, from an effect or a handler.
pub fn toast(tone: Tone, text: impl Into<String>) {
    let Some(Toasts(list)) = use_context::<Toasts>() else { return };
    let id = list.with_untracked(|list| list.last().map_or(0, |last| last.id.wrapping_add(1)));
    list.update(|list| list.push(Toast { id, tone, text: text.into() }));
    set_timeout(move || list.update(|list| list.retain(|toast| toast.id != id)), Duration::from_secs(6));
}

/// The one polite live region, at the lower edge of the screen.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let list = use_context::<Toasts>().map_or_else(|| RwSignal::new(Vec::new()), |toasts| toasts.0);
    view! {
        <div
            role="status"
            aria-live="polite"
            class="pointer-events-none fixed inset-x-4 bottom-4 z-50 flex flex-col items-center gap-2 sm:items-end"
        >
            <For each=move || list.get() key=|toast| toast.id let:toast>
                <div class="appear pointer-events-auto flex max-w-96 items-start gap-2 rounded-card bg-raised px-3 py-2.5 text-sm shadow-float">
                    <Icon name=toast.tone.icon() class=icon_class(toast.tone) />
                    <span>{toast.text}</span>
                </div>
            </For>
        </div>
    }
}

const fn icon_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Neutral => "mt-0.5 size-4 shrink-0 text-muted",
        Tone::Accent => "mt-0.5 size-4 shrink-0 text-accent",
        Tone::Ok => "mt-0.5 size-4 shrink-0 text-ok",
        Tone::Warn => "mt-0.5 size-4 shrink-0 text-warn",
        Tone::Bad => "mt-0.5 size-4 shrink-0 text-bad",
    }
}
