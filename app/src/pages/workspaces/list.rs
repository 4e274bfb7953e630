//! Workspaces.

use leptos::prelude::*;
use leptos_meta::Title;
use ui::PageHeader;

/// Workspaces.
#[component]
pub fn Workspaces() -> impl IntoView {
    view! {
        <Title text="Workspaces" />
        <PageHeader title="Workspaces" />
    }
}
