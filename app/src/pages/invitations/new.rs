//! Invite people.

use leptos::prelude::*;
use leptos_meta::Title;
use ui::PageHeader;

/// Invite people.
#[component]
pub fn NewInvitation() -> impl IntoView {
    view! {
        <Title text="Invite people" />
        <PageHeader title="Invite people" />
    }
}
