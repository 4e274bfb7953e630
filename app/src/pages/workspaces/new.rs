//! Enrol a workspace.

use leptos::prelude::*;
use leptos_meta::Title;
use ui::PageHeader;

/// Enrol a workspace.
#[component]
pub fn NewWorkspace() -> impl IntoView {
    view! {
        <Title text="Enrol a workspace" />
        <PageHeader title="Enrol a workspace" />
    }
}
