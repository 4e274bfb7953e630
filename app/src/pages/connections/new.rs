//! Add a connection.

use leptos::prelude::*;
use leptos_meta::Title;
use ui::PageHeader;

/// Add a connection.
#[component]
pub fn NewConnection() -> impl IntoView {
    view! {
        <Title text="Add a connection" />
        <PageHeader title="Add a connection" />
    }
}
