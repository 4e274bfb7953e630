//! Invitation.

use leptos::prelude::*;
use leptos_meta::Title;
use ui::PageHeader;

/// Invitation.
#[component]
pub fn Invite() -> impl IntoView {
    view! {
        <Title text="Invitation" />
        <PageHeader title="Invitation" />
    }
}
