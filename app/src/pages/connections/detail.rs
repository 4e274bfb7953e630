//! Connection.

use leptos::prelude::*;
use leptos_meta::Title;
use ui::PageHeader;

/// Connection.
#[component]
pub fn ConnectionPage() -> impl IntoView {
    view! {
        <Title text="Connection" />
        <PageHeader title="Connection" />
    }
}
