//! Server functions: the dashboard's and the SDK's way to the operations. Each parses, authorises, calls one
//! operation and returns; what it returns is public.

pub mod access;
pub mod api_keys;
pub mod audit;
pub mod connections;
pub mod devices;
pub mod grants;
#[cfg(feature = "ssr")]
mod handover;
pub mod invitations;
pub mod limits;
pub mod load;
pub mod member_sessions;
pub mod members;
pub mod offboarding;
pub mod orgs;
pub mod projects;
pub mod roles;
pub mod service_accounts;
pub mod sessions;
pub mod setup;
pub mod teams;
pub mod trust_rules;
pub mod workspaces;

use model::{ApiError, ErrorCode};
use serde::{Deserialize, Serialize};
use server_fn::codec::JsonEncoding;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};

#[cfg(feature = "ssr")]
use schemars::JsonSchema as Described;
/// Derived for the arguments of every server function: on the server their schema, which the description of the API is
/// made of. In the browser, where each byte counts, a derive that leaves nothing behind where it is not used.
#[cfg(not(feature = "ssr"))]
use std::cmp::PartialEq as Described;

/// What a server function fails with: an [`ApiError`], in the words of this crate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Error(pub ApiError);

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl FromServerFnError for Error {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self(match error {
            ServerFnErrorErr::Args(why) | ServerFnErrorErr::MissingArg(why) => {
                ApiError::new(ErrorCode::Invalid, format!("The request cannot be read: {why}"))
            }
            // On the server it is always the request that could not be read; in the browser it is the answer.
            #[cfg(feature = "ssr")]
            ServerFnErrorErr::Deserialization(why) => {
                ApiError::new(ErrorCode::Invalid, format!("The request cannot be read: {why}"))
            }
            ServerFnErrorErr::Request(_) => ApiError::new(
                ErrorCode::Unavailable,
                "Reeve does not answer. Check the connection and try again.",
            ),
            _ => ApiError::new(ErrorCode::Internal, "Something went wrong. Try again."),
        })
    }
}

#[cfg(feature = "ssr")]
pub(crate) use server_side::{Caller, begin_session, caller, can_show_a_secret, theme};

#[cfg(feature = "ssr")]
mod server_side {
    use super::Error;
    use crate::{SessionCookie, ThemeCookie};
    use control::authz::{ApiKeyManage, Right, SelfManage};
    use control::sessions::Begun;
    use control::{Authorized, Control, Cx, Open};
    use http::header::SET_COOKIE;
    use leptos::prelude::*;
    use leptos_axum::ResponseOptions;

    impl From<control::Error> for Error {
        fn from(error: control::Error) -> Self {
            let request_id = cx().map(|cx| cx.origin().request_id.clone()).unwrap_or_default();
            Self(error.into_api(&request_id))
        }
    }

    fn cx() -> Option<Cx> {
        use_context::<http::request::Parts>()?.extensions.get::<Cx>().cloned()
    }

    /// Who calls, and the operations.
    pub(crate) struct Caller {
        pub(crate) control: Control,
        pub(crate) cx: Cx,
    }

    /// The caller of this server function. The session was resolved once, by the server's middleware.
    pub(crate) fn caller() -> Result<Caller, Error> {
        let missing =
            |what| Error::from(control::Error::internal(format!("{what} is missing from the context")));
        let control = use_context::<Control>().ok_or_else(|| missing("Control"))?;
        let cx = cx().ok_or_else(|| missing("Cx"))?;
        Ok(Caller { control, cx })
    }

    impl Caller {
        pub(crate) async fn authorize<R: Right>(&self, scope: R::Scope) -> Result<Authorized<R>, Error> {
            Ok(self.control.authorize::<R>(&self.cx, scope).await?)
        }
        pub(crate) async fn myself(&self) -> Result<Authorized<SelfManage>, Error> {
            Ok(self.control.myself(&self.cx).await?)
        }
        /// For what makes and ends one's own keys: freshly signed in.
        pub(crate) async fn my_keys(&self) -> Result<Authorized<ApiKeyManage>, Error> {
            Ok(self.control.my_keys(&self.cx).await?)
        }
        pub(crate) fn open(&self, reason: &'static str) -> Open {
            Open::because(&self.cx, reason)
        }
    }

    /// Refuses a form that was posted without JavaScript: its answer is a redirect, which cannot carry a secret, and
    /// a secret that nobody saw would have been made for nothing.
    pub(crate) fn can_show_a_secret() -> Result<(), Error> {
        let parts = use_context::<http::request::Parts>();
        let accept = parts.as_ref().and_then(|parts| parts.headers.get(http::header::ACCEPT)?.to_str().ok());
        if accept.is_some_and(|accept| accept.contains("text/html")) {
            return Err(control::Error::conflict(
                "A new secret is shown once, in this page, which takes JavaScript. Nothing was made.",
            )
            .into());
        }
        Ok(())
    }

    /// Gives the browser its new session and sends it on.
    pub(crate) fn begin_session(begun: &Begun) {
        if let (Some(cookie), Some(response)) =
            (use_context::<SessionCookie>(), use_context::<ResponseOptions>())
        {
            response.append_header(SET_COOKIE, (cookie.0)(begun.secret.expose()));
        }
        leptos_axum::redirect(&begun.next);
    }

    /// The theme this browser chose.
    pub(crate) fn theme() -> crate::layout::Theme {
        use_context::<ThemeCookie>().unwrap_or_default().0
    }
}
