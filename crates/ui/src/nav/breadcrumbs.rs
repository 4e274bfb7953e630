use crate::Icon;
use leptos::prelude::*;

/// One step on the way to this page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    /// What it is called.
    pub label: String,
    /// Where it is. `None` for this page.
    pub href: Option<String>,
}

impl Crumb {
    /// A page above this one.
    pub fn link(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: Some(href.into()) }
    }

    /// This page, the last crumb.
    pub fn here(label: impl Into<String>) -> Self {
        Self { label: label.into(), href: None }
    }
}

/// The way to this page. On a phone only the last two steps are shown.
///
/// ```ignore
/// <Breadcrumbs crumbs=vec![Crumb::link("Workspaces", "/workspaces"), Crumb::here("dev")] />
/// ```
#[component]
pub fn Breadcrumbs(
    /// From the top down.
    crumbs: Vec<Crumb>,
) -> impl IntoView {
    let count = crumbs.len();
    view! {
        <nav aria-label="Breadcrumb" class="min-w-0">
            <ol class="flex min-w-0 items-center text-sm">
                {crumbs
                    .into_iter()
                    .enumerate()
                    .map(|(index, crumb)| {
                        let class = if index + 2 < count {
                            "flex min-w-0 items-center max-sm:hidden"
                        } else {
                            "flex min-w-0 items-center"
                        };
                        view! {
                            <li class=class>
                                {(index > 0)
                                    .then(|| {
                                        // The first one left on a phone leads from nowhere.
                                        let class = if index + 2 == count {
                                            "mx-1 size-3.5 shrink-0 text-muted max-sm:hidden"
                                        } else {
                                            "mx-1 size-3.5 shrink-0 text-muted"
                                        };
                                        view! { <Icon name="chevron-right" class=class /> }
                                    })}
                                {match crumb.href {
                                    Some(href) => {
                                        view! {
                                            <a href=href class="truncate rounded-tag px-1 text-muted hover:text-ink">
                                                {crumb.label}
                                            </a>
                                        }
                                            .into_any()
                                    }
                                    None => {
                                        view! {
                                            <span aria-current="page" class="truncate px-1 font-medium">
                                                {crumb.label}
                                            </span>
                                        }
                                            .into_any()
                                    }
                                }}
                            </li>
                        }
                    })
                    .collect_view()}
            </ol>
        </nav>
    }
}
