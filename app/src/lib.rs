//! The dashboard: pages and server functions. One view tree, rendered by the server and hydrated in the browser.
//!
//! *Invariant: nothing here reaches the database but through an operation of `control`, and only with feature `ssr`.*

#[cfg(all(feature = "ssr", feature = "hydrate"))]
compile_error!(
    "`ssr` and `hydrate` together turn browser effects on in the server; never build with --workspace"
);

#[allow(
    missing_docs,
    reason = "arguments of server functions become fields; the function's text documents them"
)]
pub mod api;
pub mod layout;
mod lazy;
pub mod pages;
#[cfg(feature = "ssr")]
pub mod reference;
pub mod routes;

pub use routes::App;
#[cfg(feature = "ssr")]
pub use server_side::{KeptCookie, KeptCookies, SessionCookie, ThemeCookie, shell};

#[cfg(feature = "ssr")]
mod server_side {
    use crate::layout::Theme;
    use crate::routes::App;
    use leptos::config::LeptosOptions;
    use leptos::prelude::*;
    use leptos_meta::{HashedStylesheet, MetaTags};
    use std::sync::Arc;

    /// Makes the `Set-Cookie` value of a session from its secret. Given by the server, which knows cookie names.
    #[derive(Clone)]
    pub struct SessionCookie(pub Arc<dyn Fn(&str) -> http::HeaderValue + Send + Sync>);

    /// What a browser keeps from one page to the next.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum KeptCookie {
        /// An invitation's link, while its holder signs in.
        Invitation,
        /// What a form without JavaScript has just made, sealed for the person.
        Made,
    }

    /// Makes the `Set-Cookie` value of such a cookie.
    type SetKept = dyn Fn(KeptCookie, &str) -> http::HeaderValue + Send + Sync;
    /// Reads such a cookie.
    type ReadKept = dyn Fn(KeptCookie, &http::HeaderMap) -> Option<String> + Send + Sync;

    /// Sets and reads [`KeptCookie`]s. Given by the server, which knows cookie names.
    #[derive(Clone)]
    pub struct KeptCookies {
        set: Arc<SetKept>,
        read: Arc<ReadKept>,
    }

    impl KeptCookies {
        /// From the server's two functions.
        pub fn new(set: Arc<SetKept>, read: Arc<ReadKept>) -> Self {
            Self { set, read }
        }
        /// The `Set-Cookie` value; an empty text forgets it.
        pub fn set(&self, kept: KeptCookie, value: &str) -> http::HeaderValue {
            (self.set)(kept, value)
        }
        /// What the browser presents.
        pub fn read(&self, kept: KeptCookie, headers: &http::HeaderMap) -> Option<String> {
            (self.read)(kept, headers).filter(|text| !text.is_empty())
        }
    }

    /// The theme this browser chose, read from its cookie by the server.
    #[derive(Clone, Copy, Debug, Default)]
    pub struct ThemeCookie(pub Theme);

    /// The document around the app.
    pub fn shell(options: LeptosOptions) -> impl IntoView {
        let theme = use_context::<ThemeCookie>().unwrap_or_default().0;
        view! {
            <!DOCTYPE html>
            <html lang="en" data-theme=theme.attribute()>
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width, initial-scale=1" />
                    <meta name="color-scheme" content="light dark" />
                    <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                    <HashedStylesheet options=options.clone() id="leptos" />
                    <AutoReload options=options.clone() />
                    <HydrationScripts options />
                    <MetaTags />
                </head>
                <body>
                    <App />
                </body>
            </html>
        }
    }
}
