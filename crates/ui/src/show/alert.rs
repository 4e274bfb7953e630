use crate::{Icon, Tone};
use leptos::prelude::*;

/// Something to know before going on, in the flow of the page. For errors of a form see [`crate::FormError`].
///
/// ```ignore
/// <Alert tone=Tone::Warn title="No mail server is set up">"Copy invitation links and send them yourself."</Alert>
/// ```
#[component]
pub fn Alert(
    /// What it stands for.
    #[prop(default = Tone::Accent)]
    tone: Tone,
    /// The point in a few words.
    #[prop(optional, into)]
    title: Option<String>,
    children: Children,
) -> impl IntoView {
    let (ground, icon) = match tone {
        Tone::Neutral => ("bg-line-soft", "mt-0.5 size-4 shrink-0 text-muted"),
        Tone::Accent => ("bg-accent-soft", "mt-0.5 size-4 shrink-0 text-accent"),
        Tone::Ok => ("bg-ok-soft", "mt-0.5 size-4 shrink-0 text-ok"),
        Tone::Warn => ("bg-warn-soft", "mt-0.5 size-4 shrink-0 text-warn"),
        Tone::Bad => ("bg-bad-soft", "mt-0.5 size-4 shrink-0 text-bad"),
    };
    view! {
        <div class=format!("flex gap-2.5 rounded-control px-3 py-2.5 text-sm {ground}") role="note">
            <Icon name=tone.icon() class=icon />
            <div class="min-w-0 grow text-pretty">
                {title.map(|title| view! { <p class="font-medium">{title}</p> })} {children()}
            </div>
        </div>
    }
}
