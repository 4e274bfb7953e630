//! The route table: one line per page.

use crate::lazy::lazy;
use crate::pages::frame::Framed;
use crate::pages::{
    NotFound, access, audit, connections, device, home, invitations, me, members, org, public, roles,
    service_accounts, teams, workspaces,
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
                <Route path=path!("/login") view=lazy!(account, public::login::Login) ssr=SsrMode::Async />
                <Route path=path!("/login/link/:secret") view=lazy!(account, public::link::SignInLink) ssr=SsrMode::Async />
                <Route path=path!("/auth/error") view=lazy!(account, public::auth_error::AuthError) ssr=SsrMode::Async />
                <Route path=path!("/setup/:secret") view=lazy!(account, public::setup::Setup) ssr=SsrMode::Async />
                <Route path=path!("/invite/:secret") view=lazy!(account, public::invite::Invite) ssr=SsrMode::Async />
                <Route path=path!("/devices/verify") view=lazy!(account, device::VerifyDevice) ssr=SsrMode::Async />
                <ParentRoute path=path!("") view=Framed ssr=SsrMode::Async>
                    <Route path=path!("/") view=lazy!(org, home::Home) />
                    <Route path=path!("/organizations/:org") view=lazy!(org, org::overview::Overview) />
                    <Route path=path!("/organizations/:org/settings") view=lazy!(org, org::settings::OrgSettings) />
                    <Route path=path!("/organizations/:org/members") view=lazy!(people, members::list::Members) />
                    <Route path=path!("/organizations/:org/members/:user") view=lazy!(people, members::detail::MemberPage) />
                    <Route path=path!("/organizations/:org/members/:user/offboarding") view=lazy!(rare, members::offboarding::OffboardingPage) />
                    <Route path=path!("/organizations/:org/members/:user/sessions") view=lazy!(account, members::sessions::MemberSessionsPage) />
                    <Route path=path!("/organizations/:org/invitations") view=lazy!(access, invitations::list::Invitations) />
                    <Route path=path!("/organizations/:org/invitations/new") view=lazy!(teams, invitations::new::NewInvitation) />
                    <Route path=path!("/organizations/:org/teams") view=lazy!(teams, teams::list::Teams) />
                    <Route path=path!("/organizations/:org/teams/new") view=lazy!(access, teams::new::NewTeam) />
                    <Route path=path!("/organizations/:org/teams/:team") view=lazy!(teams, teams::detail::TeamPage) />
                    <Route path=path!("/organizations/:org/service-accounts") view=lazy!(people, service_accounts::list::ServiceAccounts) />
                    <Route path=path!("/organizations/:org/service-accounts/new") view=lazy!(people, service_accounts::new::NewServiceAccount) />
                    <Route path=path!("/organizations/:org/service-accounts/:id") view=lazy!(keys, service_accounts::detail::ServiceAccountPage) />
                    <Route path=path!("/organizations/:org/service-accounts/:id/trust") view=lazy!(rare, service_accounts::trust::TrustPage) />
                    <Route path=path!("/organizations/:org/roles") view=lazy!(roles, roles::list::Roles) />
                    <Route path=path!("/organizations/:org/roles/new") view=lazy!(roles, roles::new::NewRole) />
                    <Route path=path!("/organizations/:org/roles/:role") view=lazy!(roles, roles::detail::RolePage) />
                    <Route path=path!("/organizations/:org/workspaces") view=lazy!(keys, workspaces::list::Workspaces) />
                    <Route path=path!("/organizations/:org/workspaces/new") view=lazy!(rare, workspaces::new::NewWorkspace) />
                    <Route path=path!("/organizations/:org/access") view=lazy!(access, access::AccessExplorer) />
                    <Route path=path!("/organizations/:org/usage") view=lazy!(org, org::usage::Usage) />
                    <Route path=path!("/organizations/:org/audit") view=lazy!(roles, audit::list::AuditLog) />
                    <Route path=path!("/organizations/:org/audit/:entry") view=lazy!(roles, audit::entry::AuditEntry) />
                    <Route path=path!("/organizations/:org/connections") view=lazy!(org, connections::list::Connections) />
                    <Route path=path!("/organizations/:org/connections/new") view=lazy!(org, connections::new::NewConnection) />
                    <Route path=path!("/organizations/:org/connections/:id") view=lazy!(org, connections::detail::ConnectionPage) />
                    <Route path=path!("/workspaces/:name") view=lazy!(workspaces, workspaces::detail::WorkspacePage) />
                    <Route path=path!("/workspaces/:name/project/:project") view=lazy!(workspaces, workspaces::project::ProjectPage) />
                    // Links that a ZenML client prints after a run lead below the workspace.
                    <Route path=path!("/workspaces/:name/*rest") view=lazy!(workspaces, workspaces::detail::WorkspacePage) />
                    <Route path=path!("/me") view=lazy!(account, me::account::Account) />
                    <Route path=path!("/me/sessions") view=lazy!(account, me::sessions::Sessions) />
                    <Route path=path!("/me/devices") view=lazy!(account, me::devices::Devices) />
                    <Route path=path!("/me/tokens") view=lazy!(keys, me::tokens::Tokens) />
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
