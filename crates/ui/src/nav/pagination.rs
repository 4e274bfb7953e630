use crate::Icon;
use leptos::prelude::*;

/// To the neighbouring pages of a keyset-paged list. Nothing at all when there is only one page and no summary.
///
/// ```ignore
/// <Pagination previous=page.previous.map(url) next=page.next.map(url) summary="1,204 members" />
/// ```
#[component]
pub fn Pagination(
    /// Address of the page before.
    #[prop(optional_no_strip)]
    previous: Option<String>,
    /// Address of the page after.
    #[prop(optional_no_strip)]
    next: Option<String>,
    /// How many there are.
    #[prop(optional, into)]
    summary: Option<String>,
) -> impl IntoView {
    if previous.is_none() && next.is_none() && summary.is_none() {
        return ().into_any();
    }
    let paged = previous.is_some() || next.is_some();
    view! {
        <nav aria-label="Pages" class="flex min-h-8 items-center justify-between gap-4 px-2 text-sm text-muted">
            <span class="tabular-nums">{summary}</span>
            {paged
                .then(|| {
                    view! {
                        <span class="flex gap-2">
                            <PageLink href=previous rel="prev">
                                <Icon name="arrow-left" />
                                "Previous"
                            </PageLink>
                            <PageLink href=next rel="next">
                                "Next"
                                <Icon name="arrow-right" />
                            </PageLink>
                        </span>
                    }
                })}
        </nav>
    }
    .into_any()
}

#[component]
fn PageLink(href: Option<String>, rel: &'static str, children: Children) -> impl IntoView {
    const CLASS: &str =
        "inline-flex h-7 items-center gap-1.5 rounded-control border border-line bg-raised px-2 font-medium";
    match href {
        Some(href) => view! {
            <a href=href rel=rel class=format!("{CLASS} text-ink hover:bg-hover")>
                {children()}
            </a>
        }
        .into_any(),
        // A link without an address: shown, announced as unavailable, not in the tab order.
        None => view! {
            <a role="link" aria-disabled="true" class=format!("{CLASS} opacity-55")>
                {children()}
            </a>
        }
        .into_any(),
    }
}
