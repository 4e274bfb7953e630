use super::Nav;
use super::announce::Announcer;
use super::places::{commands, crumbs, groups, own_places};
use super::shortcuts::Shortcuts;
use super::sidebar::{SIDEBAR, Sidebar};
use super::theme::ThemeMenu;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use ui::{Breadcrumbs, COMMAND_MENU, CommandMenu, Icon, ToastRegion, open_dialog, provide_toasts};

/// The frame of every page behind a session: sidebar, header, and the page in `<main>`. Must stand inside the router.
///
/// ```ignore
/// <AppFrame nav=nav><Outlet /></AppFrame>
/// ```
#[component]
pub fn AppFrame(
    /// Who is here, where, and what they may open.
    nav: Nav,
    children: Children,
) -> impl IntoView {
    provide_toasts();
    let location = use_location();
    let path = Memo::new(move |_| location.pathname.get());
    let shortcuts =
        groups(&nav).into_iter().flat_map(|group| group.places).chain(own_places()).collect::<Vec<_>>();
    let (crumbs_of, theme) = (nav.clone(), nav.theme);
    let commands = commands(&nav);
    view! {
        <a
            href="#main"
            rel="external"
            class="sr-only z-50 rounded-control bg-raised px-3 py-2 font-medium shadow-float focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
        >
            "Skip to content"
        </a>
        <div class="min-h-dvh md:grid md:grid-cols-[14.5rem_minmax(0,1fr)]">
            <Sidebar nav=nav path=path />
            <div class="flex min-h-dvh min-w-0 flex-col md:py-2 md:pr-2">
                <div class="flex grow flex-col bg-surface md:rounded-card md:border md:border-line">
                    <header class="sticky top-0 z-20 flex h-12 shrink-0 items-center gap-2 border-b border-line bg-surface px-3 md:rounded-t-card md:px-5">
                        <button
                            type="button"
                            popovertarget=SIDEBAR
                            aria-label="Menu"
                            title="Menu"
                            class="inline-flex size-8 shrink-0 items-center justify-center rounded-control text-muted hover:bg-hover hover:text-ink md:hidden"
                        >
                            <Icon name="menu" class="size-5" />
                        </button>
                        <div class="min-w-0 grow">
                            {move || view! { <Breadcrumbs crumbs=path.with(|path| crumbs(&crumbs_of, path)) /> }}
                        </div>
                        <button
                            type="button"
                            aria-label="Go to"
                            title="Go to"
                            aria-haspopup="dialog"
                            class="hidden size-7 shrink-0 items-center justify-center rounded-control text-muted hover:bg-hover hover:text-ink hydrated:max-md:inline-flex"
                            on:click=move |_| open_dialog(COMMAND_MENU)
                        >
                            <Icon name="search" />
                        </button>
                        <ThemeMenu theme=theme />
                    </header>
                    <main id="main" tabindex="-1" class="mx-auto flex w-full max-w-page grow flex-col gap-6 px-4 py-6 sm:px-6 lg:px-8 lg:py-8">
                        {children()}
                    </main>
                </div>
            </div>
        </div>
        <CommandMenu commands=commands />
        <Shortcuts places=shortcuts />
        <ToastRegion />
        <Announcer path=path />
    }
}
