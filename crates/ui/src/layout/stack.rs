use crate::Gap;
use leptos::prelude::*;

/// Things under each other.
///
/// ```ignore
/// <Stack gap=Gap::Large><PageHeader title="Members" /><Table …/></Stack>
/// ```
#[component]
pub fn Stack(
    /// Space between them.
    #[prop(optional)]
    gap: Gap,
    children: Children,
) -> impl IntoView {
    view! { <div class=format!("flex min-w-0 flex-col {}", gap.class())>{children()}</div> }
}

/// Things next to each other, on as many lines as they need.
#[component]
pub fn Cluster(
    /// Space between them.
    #[prop(default = Gap::Small)]
    gap: Gap,
    /// Pushed to both ends.
    #[prop(optional)]
    between: bool,
    children: Children,
) -> impl IntoView {
    let justify = if between { "justify-between" } else { "" };
    view! { <div class=format!("flex min-w-0 flex-wrap items-center {} {justify}", gap.class())>{children()}</div> }
}
