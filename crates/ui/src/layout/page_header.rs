use leptos::prelude::*;

/// The page's one `h1`, a sentence, and its actions, the primary one last.
///
/// ```ignore
/// <PageHeader title="Members" lead="People who can sign in to this organization.">
///     <LinkButton href="invitations/new" variant=Variant::Primary icon="user-plus">"Invite people"</LinkButton>
/// </PageHeader>
/// ```
#[component]
pub fn PageHeader(
    /// What this page is.
    #[prop(into)]
    title: String,
    /// What it is for.
    #[prop(optional, into)]
    lead: Option<String>,
    /// Next to the title: a state.
    #[prop(optional, into)]
    badge: ViewFnOnce,
    /// Actions.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <header class="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
            <div class="min-w-0">
                <div class="flex flex-wrap items-center gap-x-3 gap-y-1">
                    <h1 class="min-w-0 text-xl font-semibold tracking-tight break-words" tabindex="-1">
                        {title}
                    </h1>
                    {badge.run()}
                </div>
                {lead.map(|lead| view! { <p class="mt-1 max-w-prose text-muted text-pretty">{lead}</p> })}
            </div>
            {children.map(|children| view! { <div class="flex flex-wrap items-center gap-2">{children()}</div> })}
        </header>
    }
}

/// A part of a page under its own heading, without a border.
#[component]
pub fn Section(
    /// Its heading.
    #[prop(into)]
    title: String,
    /// One sentence under it.
    #[prop(optional, into)]
    lead: Option<String>,
    /// To link to it.
    #[prop(optional, into)]
    id: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <section id=id class="min-w-0">
            <h2 class="font-semibold">{title}</h2>
            {lead.map(|lead| view! { <p class="mt-0.5 text-sm text-muted text-pretty">{lead}</p> })}
            <div class="mt-3">{children()}</div>
        </section>
    }
}
