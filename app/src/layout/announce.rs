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
            settle(seen(), 400, (path, now.clone()), said);
        }
        now
    });
    view! {
        <div class="sr-only" aria-live="polite" aria-atomic="true">
            {move || said.get()}
        </div>
    }
}

/// Waits for the heading to be another one than `old`, or to say something else: the page may still be on its way. Ends when
/// the path is another one by then. After twenty seconds whoever waited does something else, and keeps the focus.
fn settle(old: Option<Heading>, tries: u32, at: (Memo<String>, String), said: RwSignal<String>) {
    set_timeout(
        move || {
            if at.0.try_get_untracked().as_ref() != Some(&at.1) {
                return;
            }
            let new = seen();
            let changed = new.is_some() && new != old;
            if !changed && tries > 0 {
                return settle(old, tries - 1, at, said);
            }
            if let Some((heading, _)) = new.filter(|_| changed) {
                let _ = heading.focus();
            }
            said.set(document().title());
        },
        Duration::from_millis(50),
    );
}

/// A heading, and what it says.
type Heading = (HtmlElement, Option<String>);

fn seen() -> Option<Heading> {
    let heading: HtmlElement = document().query_selector("main h1").ok()??.dyn_into().ok()?;
    let text = heading.text_content();
    Some((heading, text))
}
