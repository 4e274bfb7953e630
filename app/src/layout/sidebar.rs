use super::places::{Place, groups};
use super::user_menu::UserMenu;
use super::{Logo, Nav};
use leptos::prelude::*;
use ui::{
    Align, COMMAND_MENU, Icon, Kbd, MenuLabel, MenuLink, MenuPanel, SidebarGroup, SidebarLink, close_dialog,
    open_dialog,
};

/// Id of the sidebar; the menu button of the phone names it.
pub(super) const SIDEBAR: &str = "sidebar";

/// Always there on a wide screen. On a phone it is a popover: the menu button opens it without JavaScript, Escape and a
/// press beside it close it.
#[component]
pub(super) fn Sidebar(nav: Nav, path: Memo<String>) -> impl IntoView {
    let link = move |place: Place| {
        let shown = place.clone();
        view! {
            <SidebarLink
                href=place.href
                icon=place.icon
                keys=place.keys.unwrap_or_default()
                count=place.count
                current=Signal::derive(move || path.with(|path| shown.holds(path)))
            >
                {place.label}
            </SidebarLink>
        }
    };
    let groups = groups(&nav)
        .into_iter()
        .map(|group| {
            let links = group.places.into_iter().map(link).collect_view();
            match group.label {
                Some(label) => view! { <SidebarGroup label=label>{links}</SidebarGroup> }.into_any(),
                None => view! { <SidebarGroup>{links}</SidebarGroup> }.into_any(),
            }
        })
        .collect_view();
    view! {
        <div
            id=SIDEBAR
            popover="auto"
            class="scrim fixed inset-y-0 right-auto left-0 m-0 h-dvh max-h-none w-68 max-w-[85vw] flex-col bg-canvas p-0 text-base text-ink shadow-float open:flex md:sticky md:top-0 md:flex md:w-auto md:shadow-none"
        >
            <div class="p-2 pb-1">
                <OrgSwitcher nav=nav.clone() />
            </div>
            <div class="px-2 pb-3">
                <SearchButton />
            </div>
            // A press on any link closes the popover; on a wide screen there is none to close.
            <nav
                aria-label="Main"
                class="flex min-h-0 grow flex-col gap-5 overflow-y-auto px-2 py-1"
                on:click=move |_| close_dialog(SIDEBAR)
            >
                {groups}
            </nav>
            <div class="p-2">
                <UserMenu name=nav.person_name email=nav.person_email />
            </div>
        </div>
    }
}

/// The organization's name; behind it the others. With only one it is a link home.
#[component]
fn OrgSwitcher(nav: Nav) -> impl IntoView {
    const CLASS: &str =
        "flex h-10 w-full items-center gap-2.5 rounded-control px-2 text-left font-semibold hover:bg-hover";
    let Some(org) = nav.org else {
        return view! {
            <a href="/" class=CLASS>
                <Logo />
            </a>
        }
        .into_any();
    };
    let initial: String = org.name.chars().next().into_iter().flat_map(char::to_uppercase).collect();
    let name = view! {
        <span class="flex size-6 shrink-0 items-center justify-center rounded-control bg-accent-fill text-xs text-on-accent" aria-hidden="true">
            {initial}
        </span>
        <span class="min-w-0 grow truncate">{org.name.clone()}</span>
    };
    if nav.orgs.len() < 2 {
        let href = format!("/organizations/{}", org.id);
        return view! {
            <a href=href class=CLASS>
                {name}
            </a>
        }
        .into_any();
    }
    let links = nav
        .orgs
        .into_iter()
        .map(|other| {
            let current = other.id == org.id;
            view! {
                <MenuLink href=format!("/organizations/{}", other.id) current=current>
                    {other.name}
                </MenuLink>
            }
        })
        .collect_view();
    view! {
        <button type="button" popovertarget="org-menu" aria-haspopup="true" class=CLASS>
            {name}
            <span class="sr-only">"Switch organization"</span>
            <Icon name="chevrons-up-down" class="size-4 shrink-0 text-muted" />
        </button>
        <MenuPanel id="org-menu" label="Organizations" align=Align::Start>
            <MenuLabel>"Organizations"</MenuLabel>
            {links}
        </MenuPanel>
    }
    .into_any()
}

/// Opens the command menu. Appears with hydration: without it there is nothing to open.
#[component]
fn SearchButton() -> impl IntoView {
    view! {
        <button
            type="button"
            aria-haspopup="dialog"
            aria-keyshortcuts="Meta+K Control+K"
            class="hidden h-8 w-full items-center gap-2.5 rounded-control border border-line bg-raised px-2 text-sm text-muted hover:text-ink hydrated:flex"
            on:click=move |_| {
                close_dialog(SIDEBAR);
                open_dialog(COMMAND_MENU);
            }
        >
            <Icon name="search" />
            <span class="grow text-left">"Go to"</span>
            <Kbd>{super::shortcuts::command_key()}</Kbd>
        </button>
    }
}
