//! Pages that the browser loads when one of their area is first opened.

/// A page of the route table: its area, and the component that shows it.
///
/// ```text
/// <Route path=path!("/me") view=lazy!(account, me::account::Account) />
/// ```
///
/// The pages of an area are one file beside the bundle. The server renders such a page like any other, and names what
/// it needs in the document's head, so that the browser asks for all of it at once.
macro_rules! lazy {
    ($area:ident, $page:expr) => {{
        struct Page;

        #[cfg(feature = "hydrate")]
        #[leptos::wasm_split::wasm_split($area, wasm_split_path = leptos::wasm_split, preload(load), fallible)]
        fn page() -> Result<AnyView, leptos::wasm_split::SplitLoaderError> {
            Ok($page().into_any())
        }

        impl leptos_router::LazyRoute for Page {
            fn data() -> Self {
                Self
            }

            #[cfg(feature = "hydrate")]
            async fn view(_: Self) -> AnyView {
                match page().await {
                    Ok(view) => view,
                    // It was loaded before, or this would not be called.
                    Err(_) => std::future::pending().await,
                }
            }

            #[cfg(feature = "hydrate")]
            async fn preload() {
                $crate::lazy::arrived(load()).await;
            }

            #[cfg(not(feature = "hydrate"))]
            async fn view(_: Self) -> AnyView {
                $crate::lazy::name_files(stringify!($area));
                $page().into_any()
            }
        }

        leptos_router::Lazy::<Page>::new()
    }};
}
pub(crate) use lazy;

/// Waits for an area. One that cannot be had, for example because the server has another version by now, is left to
/// the server: it is asked for the whole page. A page which is just becoming alive stays what the server made of it.
#[cfg(feature = "hydrate")]
pub(crate) async fn arrived(loading: impl Future<Output = Result<(), leptos::wasm_split::SplitLoaderError>>) {
    use leptos::prelude::WithUntracked;

    let target = leptos_router::hooks::use_url();
    if loading.await.is_ok() {
        return;
    }
    if is_alive() {
        let target = target.with_untracked(|url| address(url.path(), url.search()));
        ask_server_for(&target);
    } else {
        leave_clicks_to_the_browser();
    }
    std::future::pending::<()>().await;
}

/// An address that is no page of the dashboard may be one of the server's all the same, such as the one that takes somebody
/// back to the workspace they sign in to. What the server has answered with is not asked for again.
#[cfg(feature = "hydrate")]
pub(crate) fn leave_to_server() {
    use leptos::prelude::GetUntracked;

    if is_alive() {
        // Of the whole router: what `use_url` says here is still the page that is left.
        let to = leptos_router::hooks::use_location();
        ask_server_for(&address(&to.pathname.get_untracked(), &to.search.get_untracked()));
    }
}

#[cfg(feature = "hydrate")]
fn is_alive() -> bool {
    leptos::prelude::document().document_element().is_some_and(|root| root.has_attribute("data-hydrated"))
}

#[cfg(feature = "hydrate")]
fn address(path: &str, search: &str) -> String {
    let origin = leptos::prelude::window().location().origin().unwrap_or_default();
    if search.is_empty() { format!("{origin}{path}") } else { format!("{origin}{path}?{search}") }
}

#[cfg(feature = "hydrate")]
fn ask_server_for(target: &str) {
    let location = leptos::prelude::window().location();
    // Going back has changed the address before, and being sent to where one is loads nothing.
    let here = location.href().is_ok_and(|here| here == target);
    let _ = if here { location.reload() } else { location.set_href(target) };
}

/// The router listens before there is a page that it could replace. Links and buttons do without it.
#[cfg(feature = "hydrate")]
fn leave_clicks_to_the_browser() {
    use wasm_bindgen::JsCast;
    use wasm_bindgen::prelude::Closure;

    let stop =
        Closure::<dyn Fn(web_sys::Event)>::new(|click: web_sys::Event| click.stop_immediate_propagation());
    let listener = stop.as_ref().unchecked_ref();
    let _ = leptos::prelude::window().add_event_listener_with_callback_and_bool("click", listener, true);
    stop.forget();
}

/// Names what an area needs in the document's head. The framework would do so after the page is rendered, in whatever
/// context its thread is by then.
#[cfg(not(feature = "hydrate"))]
pub(crate) fn name_files(area: &str) {
    use leptos::prelude::*;
    use leptos_meta::Link;

    // Only a built site has it.
    let Some(leptos::WasmSplitManifest(manifest)) = use_context() else { return };
    let (folder, areas, loader) = &*manifest.read_value();
    for file in areas.get(area).into_iter().flatten() {
        let file = format!("{folder}/{file}.wasm");
        // Rendering such a tag is what puts it into the head; there is nothing of it in its place.
        let _ =
            view! { <Link rel="preload" as_="fetch" type_="application/wasm" href=file crossorigin="" /> }
                .to_html();
    }
    let _ = view! { <Link rel="modulepreload" href=format!("{folder}/{loader}") crossorigin="" /> }.to_html();
}
