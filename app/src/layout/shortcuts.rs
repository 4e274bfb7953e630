use super::places::Place;
use leptos::ev::{self, KeyboardEvent};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use std::time::Duration;
use ui::{COMMAND_MENU, Dialog, DialogSize, Kbd, open_dialog};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

const HELP: &str = "shortcuts";

/// What `n` presses: the link to the page for a new one, or the first field of a form for it.
const NEW: &str = "main a[data-new], main [data-new] input:not([type=hidden])";

/// "⌘K", or "Ctrl K" where there is no such key. The server cannot know, so it becomes right after hydration.
pub(super) fn command_key() -> impl IntoView {
    let key = RwSignal::new("⌘K");
    Effect::new(move |_| {
        let agent = window().navigator().user_agent().unwrap_or_default();
        if !agent.contains("Mac") && !agent.contains("iP") {
            key.set("Ctrl K");
        }
    });
    move || key.get()
}

/// Listens to the keyboard and shows what it listens to.
#[component]
pub(super) fn Shortcuts(places: Vec<Place>) -> impl IntoView {
    let targets: Vec<(char, String)> =
        places.iter().filter_map(|place| place.key.map(|key| (key, place.href.clone()))).collect();
    let rows = places
        .into_iter()
        .filter_map(|place| place.keys.map(|keys| shortcut_row(keys, place.label)))
        .collect_view();
    // `g` waits one and a half seconds for its second key.
    let going = RwSignal::new(false);
    let navigate = use_navigate();
    Effect::new(move |_| {
        let (targets, navigate) = (targets.clone(), navigate.clone());
        let handle = window_event_listener(ev::keydown, move |event: KeyboardEvent| {
            let key = event.key();
            if (event.meta_key() || event.ctrl_key()) && key.eq_ignore_ascii_case("k") {
                event.prevent_default();
                open_dialog(COMMAND_MENU);
                return;
            }
            if event.meta_key() || event.ctrl_key() || event.alt_key() || busy() {
                return;
            }
            let second = going.get_untracked();
            going.set(false);
            match key.as_str() {
                _ if second => {
                    let target = targets.iter().find(|(letter, _)| key.chars().eq([*letter]));
                    if let Some((_, href)) = target {
                        event.prevent_default();
                        navigate(href, leptos_router::NavigateOptions::default());
                    }
                }
                "g" => {
                    going.set(true);
                    set_timeout(move || going.set(false), Duration::from_millis(1500));
                }
                "/" if act_on("[data-search]", |field| drop(field.focus())) => event.prevent_default(),
                "n" if act_on(NEW, add) => event.prevent_default(),
                "?" => open_dialog(HELP),
                _ => {}
            }
        });
        on_cleanup(move || handle.remove());
    });
    view! {
        <Dialog id=HELP title="Keyboard shortcuts" size=DialogSize::Small>
            <dl class="flex flex-col gap-2 text-sm">
                {shortcut_row("⌘ K", "Go to a page or workspace")} {shortcut_row("/", "Search this list")}
                {shortcut_row("n", "Add to this list")} {rows} {shortcut_row("?", "Show this list")}
            </dl>
        </Dialog>
    }
}

fn shortcut_row(keys: &'static str, what: &'static str) -> impl IntoView {
    let keys = keys.split(' ').map(|key| view! { <Kbd>{key}</Kbd> }).collect_view();
    view! {
        <div class="flex items-center justify-between gap-4">
            <dt>{what}</dt>
            <dd class="flex gap-1">{keys}</dd>
        </div>
    }
}

/// Someone is typing, or a dialog has the keyboard.
fn busy() -> bool {
    let document = document();
    let typing = document.active_element().is_some_and(|element: Element| {
        element.matches("input, textarea, select, [contenteditable]").unwrap_or(false)
    });
    typing || document.query_selector("dialog[open]").is_ok_and(|dialog| dialog.is_some())
}

/// A link is followed, a field is focused.
fn add(element: &HtmlElement) {
    let _ = element.focus();
    element.click();
}

/// Does `act` to the first such element. Returns whether there was one.
fn act_on(selector: &str, act: impl Fn(&HtmlElement)) -> bool {
    let found =
        document().query_selector(selector).ok().flatten().and_then(|e| e.dyn_into::<HtmlElement>().ok());
    if let Some(element) = &found {
        act(element);
    }
    found.is_some()
}
