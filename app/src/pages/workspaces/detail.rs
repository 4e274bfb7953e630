//! Workspace.

use leptos::prelude::*;
use leptos_meta::Title;
use ui::PageHeader;

/// Workspace.
#[component]
pub fn WorkspacePage() -> impl IntoView {
    view! {
        <Title text="Workspace" />
        <PageHeader title="Workspace" />
    }
}
