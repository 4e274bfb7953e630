//! Invitations.

use leptos::prelude::*;
use leptos_meta::Title;
use ui::PageHeader;

/// Invitations.
#[component]
pub fn Invitations() -> impl IntoView {
    view! {
        <Title text="Invitations" />
        <PageHeader title="Invitations" />
    }
}
