//! Sign-in.

use leptos::prelude::*;
use leptos_meta::Title;
use ui::PageHeader;

/// Sign-in.
#[component]
pub fn Connections() -> impl IntoView {
    view! {
        <Title text="Sign-in" />
        <PageHeader title="Sign-in" />
    }
}
