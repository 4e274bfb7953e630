use super::Nav;
use super::announce::Announcer;
use super::places::{commands, crumbs, groups, own_places};
use super::shortcuts::Shortcuts;
use super::sidebar::{SIDEBAR, Sidebar};
use super::theme::ThemeMenu;
use crate::api::load::Loaded;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use std::sync::Arc;
use ui::{Breadcrumbs, COMMAND_MENU, CommandMenu, Icon, ToastRegion, open_dialog, provide_toasts};

/// A part of the frame that shows something of who is here; made from that and from the path.
pub type Part = fn(Nav, Memo<String>) -> AnyView;

/// How the parts of the frame get what they show: at once, or when it is there.
#[derive(Clone)]
pub struct WithNav(Arc<dyn Fn(Part, Memo<String>) -> AnyView + Send + Sync>);

impl WithNav {
    /// It is there already.
    pub fn now(nav: Nav) -> Self {
        Self(Arc::new(move |part, path| part(nav.clone(), path)))
    }

    /// It comes from the server. Where it does not come, the frame is empty and the page says why.
    pub fn later(nav: Loaded<Nav>) -> Self {
        Self(Arc::new(move |part, path| {
            view! {
                <Transition>
                    {move || Suspend::new(async move { nav.await.ok().map(|nav| part(nav, path)) })}
                </Transition>
            }
            .into_any()
        }))
    }
}

fn sidebar(nav: Nav, path: Memo<String>) -> AnyView {
    view! { <Sidebar nav=nav path=path /> }.into_any()
}

fn breadcrumbs(nav: Nav, path: Memo<String>) -> AnyView {
    (move || view! { <Breadcrumbs crumbs=path.with(|path| crumbs(&nav, path)) /> }).into_any()
}

fn theme_menu(nav: Nav, _: Memo<String>) -> AnyView {
    view! { <ThemeMenu theme=nav.theme /> }.into_any()
}

fn keys(nav: Nav, _: Memo<String>) -> AnyView {
    let places =
        groups(&nav).into_iter().flat_map(|group| group.places).chain(own_places()).collect::<Vec<_>>();
    view! {
        <CommandMenu commands=commands(&nav) />
        <Shortcuts places />
    }
    .into_any()
}

/// The frame of every page behind a session: sidebar, header, and the page in `<main>`. Must stand inside the router.
///
/// The page stands beside what waits for `nav`, never inside it: a view that waits is made more than once while the
/// server renders, and a page inside it would ask for its data each time.
///
/// ```ignore
/// <AppFrame nav=WithNav::later(nav)><Outlet /></AppFrame>
/// ```
#[component]
pub fn AppFrame(
    /// Who is here, where, and what they may open.
    nav: WithNav,
    children: Children,
) -> impl IntoView {
    provide_toasts();
    let location = use_location();
    let path = Memo::new(move |_| location.pathname.get());
    let part = |part| (nav.0)(part, path);
    view! {
        <a
            href="#main"
            rel="external"
            class="sr-only z-50 rounded-control bg-raised px-3 py-2 font-medium shadow-float focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
        >
            "Skip to content"
        </a>
        <div class="min-h-dvh md:grid md:grid-cols-[14.5rem_minmax(0,1fr)]">
            {part(sidebar)}
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
                            {part(breadcrumbs)}
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
                        {part(theme_menu)}
                    </header>
                    <main id="main" tabindex="-1" class="mx-auto flex w-full max-w-page grow flex-col gap-6 px-4 py-6 sm:px-6 lg:px-8 lg:py-8">
                        {children()}
                    </main>
                </div>
            </div>
        </div>
        {part(keys)}
        <ToastRegion />
        <Announcer path=path />
    }
}
