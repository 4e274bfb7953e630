//! The route table: one line per page.

use crate::pages::frame::Framed;
use crate::pages::{
    NotFound, audit, connections, device, home, invitations, me, members, org, public, workspaces,
};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};

/// The whole dashboard.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=window_title />
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/login") view=public::login::Login ssr=SsrMode::Async />
                <Route path=path!("/login/link/:secret") view=public::link::SignInLink ssr=SsrMode::Async />
                <Route path=path!("/auth/error") view=public::auth_error::AuthError ssr=SsrMode::Async />
                <Route path=path!("/setup/:secret") view=public::setup::Setup ssr=SsrMode::Async />
                <Route path=path!("/invite/:secret") view=public::invite::Invite ssr=SsrMode::Async />
                <Route path=path!("/devices/verify") view=device::VerifyDevice ssr=SsrMode::Async />
                <ParentRoute path=path!("") view=Framed ssr=SsrMode::Async>
                    <Route path=path!("/") view=home::Home />
                    <Route path=path!("/organizations/:org") view=org::overview::Overview />
                    <Route path=path!("/organizations/:org/settings") view=org::settings::OrgSettings />
                    <Route path=path!("/organizations/:org/members") view=members::list::Members />
                    <Route path=path!("/organizations/:org/members/:user") view=members::detail::MemberPage />
                    <Route path=path!("/organizations/:org/invitations") view=invitations::list::Invitations />
                    <Route path=path!("/organizations/:org/invitations/new") view=invitations::new::NewInvitation />
                    <Route path=path!("/organizations/:org/workspaces") view=workspaces::list::Workspaces />
                    <Route path=path!("/organizations/:org/workspaces/new") view=workspaces::new::NewWorkspace />
                    <Route path=path!("/organizations/:org/audit") view=audit::list::AuditLog />
                    <Route path=path!("/organizations/:org/audit/:entry") view=audit::entry::AuditEntry />
                    <Route path=path!("/organizations/:org/connections") view=connections::list::Connections />
                    <Route path=path!("/organizations/:org/connections/new") view=connections::new::NewConnection />
                    <Route path=path!("/organizations/:org/connections/:id") view=connections::detail::ConnectionPage />
                    <Route path=path!("/workspaces/:name") view=workspaces::detail::WorkspacePage />
                    // Links that a ZenML client prints after a run lead below the workspace.
                    <Route path=path!("/workspaces/:name/*rest") view=workspaces::detail::WorkspacePage />
                    <Route path=path!("/me") view=me::account::Account />
                    <Route path=path!("/me/sessions") view=me::sessions::Sessions />
                    <Route path=path!("/me/devices") view=me::devices::Devices />
                    <Route path=path!("/me/tokens") view=me::tokens::Tokens />
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// What a window is called on the page `title`.
///
/// The framework writes it into the document as it is, and names of people and things stand in it: without escaping
/// one of them could end the element. In the browser it is set as text and stays as it is.
fn window_title(title: String) -> String {
    let whole = if title.is_empty() { "Reeve".to_owned() } else { format!("{title} · Reeve") };
    if cfg!(feature = "ssr") {
        whole.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
    } else {
        whole
    }
}
