use super::SIGN_OUT;
use super::places::own_places;
use leptos::prelude::*;
use ui::{Align, Avatar, Icon, MenuButton, MenuLink, MenuPanel, MenuSeparator, close_dialog};

/// The person at the foot of the sidebar; behind it their own pages and the way out.
#[component]
pub(super) fn UserMenu(name: String, email: String) -> impl IntoView {
    let links = own_places()
        .into_iter()
        .map(|place| {
            view! {
                <MenuLink href=place.href icon=place.icon>
                    {place.label}
                </MenuLink>
            }
        })
        .collect_view();
    view! {
        <button
            type="button"
            popovertarget="user-menu"
            aria-haspopup="true"
            class="flex w-full items-center gap-2.5 rounded-control px-2 py-1.5 text-left hover:bg-hover"
        >
            <Avatar name=name.clone() />
            <span class="flex min-w-0 grow flex-col">
                <span class="truncate text-sm font-medium">{name}</span>
                <span class="truncate text-xs text-muted">{email}</span>
            </span>
            <Icon name="chevrons-up-down" class="size-4 shrink-0 text-muted" />
        </button>
        <MenuPanel id="user-menu" label="Account" align=Align::Up>
            <div on:click=move |_| close_dialog(super::sidebar::SIDEBAR)>{links}</div>
            <MenuSeparator />
            <form method="post" action=SIGN_OUT>
                <MenuButton icon="log-out">"Sign out"</MenuButton>
            </form>
        </MenuPanel>
    }
}
