//! Devices.

use leptos::prelude::*;
use leptos_meta::Title;
use ui::PageHeader;

/// Devices.
#[component]
pub fn Devices() -> impl IntoView {
    view! {
        <Title text="Devices" />
        <PageHeader title="Devices" />
    }
}
