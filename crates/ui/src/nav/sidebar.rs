use crate::Icon;
use leptos::prelude::*;

/// Links that belong together, under a quiet heading.
///
/// ```ignore
/// <SidebarGroup label="Access"><SidebarLink href="/members" icon="users" count=12>"Members"</SidebarLink></SidebarGroup>
/// ```
#[component]
pub fn SidebarGroup(
    /// Heading.
    #[prop(optional, into)]
    label: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="flex flex-col">
            {label.map(|label| view! { <h2 class="px-2 pb-1 text-xs font-medium text-muted">{label}</h2> })}
            <ul class="flex flex-col gap-px">{children()}</ul>
        </div>
    }
}

/// One page of the sidebar.
#[component]
pub fn SidebarLink(
    /// Where it goes.
    #[prop(into)]
    href: String,
    /// Name in the sprite.
    icon: &'static str,
    /// It, or something below it, is shown.
    #[prop(optional, into)]
    current: Signal<bool>,
    /// How many wait there. Nothing is shown for none.
    #[prop(optional)]
    count: Option<u64>,
    /// Keys that lead here, for `aria-keyshortcuts`.
    #[prop(optional, into)]
    keys: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    view! {
        <li>
            <a
                href=href
                aria-current=move || current.get().then_some("page")
                aria-keyshortcuts=keys
                class="group flex h-8 items-center gap-2.5 rounded-control px-2 text-sm font-medium text-muted hover:bg-hover hover:text-ink aria-[current=page]:bg-line-soft aria-[current=page]:text-ink md:h-7.5"
            >
                <Icon name=icon class="size-4 shrink-0 text-muted group-aria-[current=page]:text-accent" />
                <span class="min-w-0 grow truncate">{children()}</span>
                {count
                    .filter(|count| *count > 0)
                    .map(|count| view! { <span class="text-xs font-normal tabular-nums">{count.to_string()}</span> })}
            </a>
        </li>
    }
}
