//! Overview.

use leptos::prelude::*;
use leptos_meta::Title;
use ui::PageHeader;

/// Overview.
#[component]
pub fn Overview() -> impl IntoView {
    view! {
        <Title text="Overview" />
        <PageHeader title="Overview" />
    }
}
