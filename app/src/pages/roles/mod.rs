//! Roles: the predefined ones, and those an organization made.

pub mod detail;
mod edit;
mod grid;
pub mod list;
pub mod new;

use leptos::prelude::*;
use model::role::{Level, RoleRef};
use ui::Badge;

/// Whether a role is one everybody has, which nobody edits.
#[component]
fn KindBadge(role: RoleRef) -> impl IntoView {
    match role {
        RoleRef::Predefined(_) => view! { <Badge icon="lock">"Predefined"</Badge> }.into_any(),
        RoleRef::Custom(_) => view! { <Badge icon="pencil">"Custom"</Badge> }.into_any(),
    }
}

/// Where roles of a level are given, and how far they reach.
const fn level_lead(level: Level) -> &'static str {
    match level {
        Level::Organization => {
            "Given in the organization; what they allow holds in every workspace of it too."
        }
        Level::Workspace => "Given in one workspace; what they allow holds in all its projects too.",
        Level::Project => "Given in one project, and nowhere else.",
        Level::Team => "Comes with being in a team.",
    }
}
