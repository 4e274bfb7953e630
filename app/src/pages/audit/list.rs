//! Audit log.

use leptos::prelude::*;
use leptos_meta::Title;
use ui::PageHeader;

/// Audit log.
#[component]
pub fn AuditLog() -> impl IntoView {
    view! {
        <Title text="Audit log" />
        <PageHeader title="Audit log" />
    }
}
