use super::Logo;
use leptos::prelude::*;

/// The frame of pages without a session: the mark, one card (a [`ui::Centered`]), nothing to wander off to.
#[component]
pub fn PublicFrame(children: Children) -> impl IntoView {
    view! {
        <div class="flex min-h-dvh flex-col items-center px-4 py-8 sm:py-[12dvh]">
            <header class="mb-6">
                <Logo />
            </header>
            <main id="main" tabindex="-1" class="flex w-full flex-col items-center">
                {children()}
            </main>
            <footer class="mt-auto pt-8 text-sm text-muted">"Self-hosted control plane for ML workspaces"</footer>
        </div>
    }
}
