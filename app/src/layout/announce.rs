use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// After a navigation in the browser: moves the focus to the new page's `h1` and says its title, as a page load would.
#[component]
pub(super) fn Announcer(path: Memo<String>) -> impl IntoView {
    let said = RwSignal::new(String::new());
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| before != now) {
            settle(heading(), 40, said);
        }
        now
    });
    view! {
        <div class="sr-only" aria-live="polite" aria-atomic="true">
            {move || said.get()}
        </div>
    }
}

/// Waits for the heading to be another one than `old`: the page may still be on its way. Gives up after two seconds and
/// takes the one that is there.
fn settle(old: Option<HtmlElement>, tries: u32, said: RwSignal<String>) {
    set_timeout(
        move || {
            let new = heading();
            let changed = new.is_some() && new != old;
            if !changed && tries > 0 {
                settle(old, tries - 1, said);
            } else if let Some(new) = new {
                let _ = new.focus();
                said.set(document().title());
            }
        },
        Duration::from_millis(50),
    );
}

fn heading() -> Option<HtmlElement> {
    document().query_selector("main h1").ok()??.dyn_into().ok()
}
