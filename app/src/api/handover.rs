//! What goes from one page to the next in a cookie, because neither an address nor the database may hold it: an
//! invitation's link while its holder signs in, and links and keys a form without JavaScript has just made.

use super::{Caller, Error};
use crate::{KeptCookie, KeptCookies};
use control::Actor;
use control::invitations::Accepted;
use http::header::{ACCEPT, SET_COOKIE};
use http::request::Parts;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use model::invitation::Invited;
use model::workspace::EnrollmentSecret;
use model::{OrgId, Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};

fn presented(kept: KeptCookie) -> Option<String> {
    let parts = use_context::<Parts>()?;
    use_context::<KeptCookies>()?.read(kept, &parts.headers)
}

fn set(kept: KeptCookie, value: &str) {
    if let (Some(cookies), Some(response)) = (use_context::<KeptCookies>(), use_context::<ResponseOptions>())
    {
        response.append_header(SET_COOKIE, cookies.set(kept, value));
    }
}

/// The secret a page's address stands for: itself, or the one this browser was shown before it went to sign in.
pub(super) fn link(text: String) -> String {
    if text == super::invitations::CONTINUE {
        presented(KeptCookie::Invitation).unwrap_or_default()
    } else {
        text
    }
}

/// Keeps a link while its holder signs in. It does not go along as `next`: that is written into the database.
pub(super) fn remember(link: &str) {
    set(KeptCookie::Invitation, link);
    leptos_axum::redirect(&format!("/login?next=/invite/{}", super::invitations::CONTINUE));
}

/// Signs the browser in if a session began, and goes on to the organization.
pub(super) fn accepted(done: &Accepted) {
    set(KeptCookie::Invitation, "");
    if let (Some(secret), Some(cookie), Some(response)) =
        (&done.session, use_context::<crate::SessionCookie>(), use_context::<ResponseOptions>())
    {
        response.append_header(SET_COOKIE, (cookie.0)(secret.expose()));
    }
    leptos_axum::redirect(&done.next);
}

/// Whether a browser wants a page back: it sent the form itself, without JavaScript. A program has the answer, whatever it
/// says it accepts, and its key may not be one that keeps something for a person.
fn without_script(caller: &Caller) -> bool {
    if !matches!(caller.cx.actor(), Some(Actor::User { .. })) {
        return false;
    }
    let accepts = |parts: Parts| {
        parts.headers.get(ACCEPT).and_then(|v| v.to_str().ok()).map(|v| v.contains("text/html"))
    };
    use_context::<Parts>().and_then(accepts).unwrap_or(false)
}

/// Leaves links for the next page to show, if there is one. As many as fit: the others can be made anew by resending.
pub(super) async fn leave(caller: &Caller, made: &Invited, org: OrgId) -> Result<(), Error> {
    if !without_script(caller) {
        return Ok(());
    }
    let auth = caller.myself().await?;
    let mut fitting = made.clone();
    while !fitting.invitations.is_empty() {
        if let Some(text) = caller.control.seal_for_next_page(&auth, &fitting)? {
            set(KeptCookie::Made, &text);
            break;
        }
        fitting.invitations.pop();
    }
    leptos_axum::redirect(&format!("/organizations/{org}/invitations/new?made={}", made.invitations.len()));
    Ok(())
}

/// Takes what the page before left, once.
pub(super) async fn take(caller: &Caller) -> Result<Option<Invited>, Error> {
    let Some(text) = presented(KeptCookie::Made) else {
        return Ok(None);
    };
    set(KeptCookie::Made, "");
    let auth = caller.myself().await?;
    Ok(caller.control.open_from_page_before(&auth, &text))
}

/// An enrollment key on its way to the page that shows it. The configuration around it is made anew there: it would
/// not fit.
#[derive(Serialize, Deserialize)]
struct MadeKey {
    workspace: WorkspaceId,
    key: String,
    old_keys_until: Option<Timestamp>,
}

/// Leaves an enrollment key for the workspace's page to show, if a form without JavaScript made it.
pub(super) async fn leave_key(caller: &Caller, made: &EnrollmentSecret) -> Result<(), Error> {
    if !without_script(caller) {
        return Ok(());
    }
    let auth = caller.myself().await?;
    let left =
        MadeKey { workspace: made.workspace, key: made.key.clone(), old_keys_until: made.old_keys_until };
    if let Some(text) = caller.control.seal_for_next_page(&auth, &left)? {
        set(KeptCookie::Made, &text);
    }
    leptos_axum::redirect(&format!("/workspaces/{}#keys", made.name));
    Ok(())
}

/// Takes the enrollment key that the page before left for this workspace, once.
pub(super) async fn take_key(
    caller: &Caller,
    workspace: WorkspaceId,
) -> Result<Option<EnrollmentSecret>, Error> {
    let Some(text) = presented(KeptCookie::Made) else {
        return Ok(None);
    };
    let me = caller.myself().await?;
    let Some(left) = caller.control.open_from_page_before::<MadeKey>(&me, &text) else {
        return Ok(None);
    };
    if left.workspace != workspace {
        return Ok(None);
    }
    set(KeptCookie::Made, "");
    let auth = caller.authorize::<control::authz::WorkspaceKeyShow>(workspace).await?;
    Ok(Some(caller.control.enrollment_blocks(&auth, &left.key, left.old_keys_until).await?))
}
