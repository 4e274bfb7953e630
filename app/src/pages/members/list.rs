//! Members.

use leptos::prelude::*;
use leptos_meta::Title;
use ui::PageHeader;

/// Members.
#[component]
pub fn Members() -> impl IntoView {
    view! {
        <Title text="Members" />
        <PageHeader title="Members" />
    }
}
