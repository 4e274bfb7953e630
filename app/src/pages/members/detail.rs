//! Member.

use leptos::prelude::*;
use leptos_meta::Title;
use ui::PageHeader;

/// Member.
#[component]
pub fn MemberPage() -> impl IntoView {
    view! {
        <Title text="Member" />
        <PageHeader title="Member" />
    }
}
