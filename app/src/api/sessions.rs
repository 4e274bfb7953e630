//! Who is signed in, signing in by a link, and one's own sessions.

use super::{Described, Error};
use crate::layout::Nav;
use leptos::prelude::*;
use model::session::{Ending, Me, Session, SignInOptions};
use model::{OrgId, SessionId, Timestamp};
use serde::{Deserialize, Serialize};

/// Who calls, a service account as well. Right: `self.manage`, with any token that speaks for them.
#[server(prefix = "/api/fn", endpoint = "sessions/me", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn get_me() -> Result<Me, Error> {
    let caller = super::caller()?;
    let auth = caller.control.whoami(&caller.cx).await?;
    Ok(caller.control.me(&auth).await?)
}

/// What the frame around the pages shows. Right: `self.manage`. `org` and `workspace` say where the person is; places
/// they have no part in are ignored.
#[server(prefix = "/api/fn", endpoint = "sessions/frame", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn frame(org: Option<OrgId>, workspace: Option<String>) -> Result<Nav, Error> {
    let caller = super::caller()?;
    let auth = caller.myself().await?;
    let frame = caller.control.frame(&auth, org, workspace.as_deref()).await?;
    Ok(nav(frame, super::theme()))
}

/// What the sign-in page offers. Open to anyone.
#[server(prefix = "/api/fn", endpoint = "sessions/options", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn get_sign_in_options() -> Result<SignInOptions, Error> {
    let caller = super::caller()?;
    let open = caller.open("the sign-in page comes before signing in");
    Ok(caller.control.sign_in_options(&open).await?)
}

/// Asks for a one-time link by e-mail. Open to anyone; the answer is the same for known and unknown addresses.
#[server(prefix = "/api/fn", endpoint = "sessions/request_link", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn request_sign_in_link(email: String, next: Option<String>) -> Result<(), Error> {
    let caller = super::caller()?;
    let open = caller.open("asking for a link comes before signing in");
    caller.control.request_sign_in_link(&open, &email, next.as_deref()).await?;
    leptos_axum::redirect("/login?sent=1");
    Ok(())
}

/// When a sign-in link runs out. Open to anyone who holds it; does not use it up.
#[server(prefix = "/api/fn", endpoint = "sessions/peek_link", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn peek_sign_in_link(link: String) -> Result<Timestamp, Error> {
    let caller = super::caller()?;
    let open = caller.open("the link is the credential");
    Ok(caller.control.peek_sign_in_link(&open, &link).await?)
}

/// Signs in by a link, once. Open to anyone who holds it.
#[server(prefix = "/api/fn", endpoint = "sessions/use_link", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn use_sign_in_link(link: String) -> Result<(), Error> {
    let caller = super::caller()?;
    let open = caller.open("the link is the credential");
    let begun = caller.control.use_sign_in_link(&open, &link).await?;
    super::begin_session(&begun);
    Ok(())
}

/// One's own sessions. Right: `self.manage`.
#[server(prefix = "/api/fn", endpoint = "sessions/list", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn list_sessions() -> Result<Vec<Session>, Error> {
    let caller = super::caller()?;
    let auth = caller.myself().await?;
    Ok(caller.control.sessions(&auth).await?)
}

/// What administrators ended of one's own lately. Right: `self.manage`.
#[server(prefix = "/api/fn", endpoint = "sessions/endings", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn list_endings() -> Result<Vec<Ending>, Error> {
    let caller = super::caller()?;
    let auth = caller.myself().await?;
    Ok(caller.control.endings(&auth).await?)
}

/// Ends one of one's own sessions. Right: `self.manage`.
#[server(prefix = "/api/fn", endpoint = "sessions/end", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn end_session(id: SessionId) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.myself().await?;
    Ok(caller.control.end_session(&auth, id).await?)
}

/// Ends all of one's own sessions but this one. Right: `self.manage`.
#[server(prefix = "/api/fn", endpoint = "sessions/end_others", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn end_other_sessions() -> Result<u64, Error> {
    let caller = super::caller()?;
    let auth = caller.myself().await?;
    Ok(caller.control.end_other_sessions(&auth).await?)
}

/// Changes one's own name. Right: `self.manage`.
#[server(prefix = "/api/fn", endpoint = "sessions/rename_me", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn rename_me(name: String) -> Result<(), Error> {
    let caller = super::caller()?;
    let auth = caller.myself().await?;
    Ok(caller.control.rename_me(&auth, &name).await?)
}

#[cfg(feature = "ssr")]
fn nav(frame: model::session::Frame, theme: crate::layout::Theme) -> Nav {
    use crate::layout::{NavCan, NavCounts, NavOrg};
    use model::Permission;
    let may = |permission| frame.rights.contains(&permission);
    Nav {
        org: frame.org.as_ref().map(|org| NavOrg { id: org.id, name: org.display_name.clone() }),
        orgs: frame.me.orgs.iter().map(|org| NavOrg { id: org.id, name: org.display_name.clone() }).collect(),
        person_name: frame.me.name,
        person_email: frame.me.email,
        counts: NavCounts::default(),
        can: NavCan {
            members: may(Permission::MemberRead),
            invitations: may(Permission::InvitationRead),
            // Everybody may look for the teams they are in.
            teams: may(Permission::OrgRead),
            service_accounts: may(Permission::ServiceAccountRead),
            roles: may(Permission::RoleRead),
            access: may(Permission::AccessRead),
            limits: may(Permission::LimitRead),
            audit: may(Permission::AuditRead),
            connections: may(Permission::ConnectionRead),
            settings: may(Permission::OrgUpdate),
            enrol: may(Permission::WorkspaceEnroll),
            invite: may(Permission::InvitationManage),
        },
        workspaces: frame.workspaces,
        theme,
    }
}
