//! The WASM entry point: takes over the page that the server rendered.

use leptos::mount::hydrate_from_async;
use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;

/// Called by the page once the module has loaded.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    spawn_local(async {
        // The page's own part may still be on its way.
        hydrate_from_async(leptos::tachys::dom::body(), app::App).await.forget();
        set_timeout(alive, std::time::Duration::ZERO);
    });
}

/// Tells styles and tests that the page is alive. What waited for data of the server becomes alive in tasks of its own,
/// all of which run before any timer does.
fn alive() {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-hydrated", "");
    }
}
