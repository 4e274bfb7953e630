//! Access tokens.

use leptos::prelude::*;
use leptos_meta::Title;
use ui::PageHeader;

/// Access tokens.
#[component]
pub fn Tokens() -> impl IntoView {
    view! {
        <Title text="Access tokens" />
        <PageHeader title="Access tokens" />
    }
}
