//! Sign-in did not work.

use leptos::prelude::*;
use leptos_meta::Title;
use ui::PageHeader;

/// Sign-in did not work.
#[component]
pub fn AuthError() -> impl IntoView {
    view! {
        <Title text="Sign-in did not work" />
        <PageHeader title="Sign-in did not work" />
    }
}
