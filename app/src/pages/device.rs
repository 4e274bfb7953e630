//! Approve a device.

use leptos::prelude::*;
use leptos_meta::Title;
use ui::PageHeader;

/// Approve a device.
#[component]
pub fn VerifyDevice() -> impl IntoView {
    view! {
        <Title text="Approve a device" />
        <PageHeader title="Approve a device" />
    }
}
