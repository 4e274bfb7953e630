use crate::Icon;
use leptos::prelude::*;

/// The way to a goal, with what is done already.
///
/// ```ignore
/// <Steps>
///     <Step title="Connect your identity provider" lead="People sign in with the account they have." done=true />
///     <Step title="Enrol a workspace" lead="One ZenML server." current=true>
///         <LinkButton variant=Variant::Primary href="/workspaces/new">"Enrol workspace"</LinkButton>
///     </Step>
/// </Steps>
/// ```
#[component]
pub fn Steps(children: Children) -> impl IntoView {
    view! {
        <ol class="divide-y divide-line-soft overflow-hidden rounded-card border border-line bg-surface">{children()}</ol>
    }
}

/// One step.
#[component]
pub fn Step(
    /// What to do.
    #[prop(into)]
    title: String,
    /// What it brings.
    #[prop(into)]
    lead: String,
    /// It is behind us.
    #[prop(optional)]
    done: bool,
    /// It is the next one.
    #[prop(optional)]
    current: bool,
    /// How to do it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let (state, icon, icon_class) = match (done, current) {
        (true, _) => ("Done: ", "circle-check", "mt-0.5 size-4.5 shrink-0 text-ok"),
        (false, true) => ("Next: ", "circle-dot", "mt-0.5 size-4.5 shrink-0 text-accent"),
        (false, false) => ("", "circle", "mt-0.5 size-4.5 shrink-0 text-muted"),
    };
    let title_class = if done { "font-medium text-muted" } else { "font-medium" };
    view! {
        <li class="flex flex-wrap items-start gap-x-3 gap-y-3 px-4 py-3.5" aria-current=current.then_some("step")>
            <Icon name=icon class=icon_class />
            <div class="min-w-0 grow basis-60">
                <h3 class=title_class>
                    <span class="sr-only">{state}</span>
                    {title}
                </h3>
                <p class="mt-0.5 text-sm text-muted text-pretty">{lead}</p>
            </div>
            {children.map(|children| view! { <div class="flex shrink-0 gap-2 max-sm:ml-7.5">{children()}</div> })}
        </li>
    }
}
