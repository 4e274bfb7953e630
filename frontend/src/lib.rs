//! The WASM entry point: takes over the page that the server rendered.

use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page once the module has loaded.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
    // Tells styles and tests that the page is alive. What waited for data of the server becomes alive in tasks of its
    // own, all of which run before any timer does.
    set_timeout(
        || {
            if let Some(root) = document().document_element() {
                let _ = root.set_attribute("data-hydrated", "");
            }
        },
        std::time::Duration::ZERO,
    );
}
