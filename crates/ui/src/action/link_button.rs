use super::button::{Variant, button_class};
use crate::{Icon, Size};
use leptos::prelude::*;

/// A link that looks like a button: it goes somewhere and changes nothing.
///
/// `external` leaves the page for good, past the router: downloads, other hosts, sign-in.
///
/// ```ignore
/// <LinkButton href="/workspaces/new" variant=Variant::Primary icon="plus">"Enrol workspace"</LinkButton>
/// ```
#[component]
pub fn LinkButton(
    /// Where it goes.
    #[prop(into)]
    href: String,
    /// How much it asks to be pressed.
    #[prop(optional)]
    variant: Variant,
    /// Height.
    #[prop(optional)]
    size: Size,
    /// An icon before the label.
    #[prop(optional, into)]
    icon: Option<&'static str>,
    /// A full page load instead of a client navigation.
    #[prop(optional)]
    external: bool,
    /// As wide as its container.
    #[prop(optional)]
    full: bool,
    /// Adds to the list it stands at: the key `n` follows it.
    #[prop(optional)]
    adds: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <a href=href class=button_class(variant, size, full) rel=external.then_some("external") data-new=adds.then_some("")>
            {icon.map(|name| view! { <Icon name=name /> })}
            {children()}
        </a>
    }
}
