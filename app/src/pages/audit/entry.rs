//! Audit entry.

use leptos::prelude::*;
use leptos_meta::Title;
use ui::PageHeader;

/// Audit entry.
#[component]
pub fn AuditEntry() -> impl IntoView {
    view! {
        <Title text="Audit entry" />
        <PageHeader title="Audit entry" />
    }
}
