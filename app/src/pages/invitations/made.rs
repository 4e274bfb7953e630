//! The links of new invitations, at the one moment they can be seen.

use leptos::prelude::*;
use model::invitation::InvitationSecret;
use ui::{Alert, CopyField, SecretOnce, Tone};

/// Links to hand over: one large, or several under each other.
#[component]
pub fn MadeLinks(
    /// What was made, in the order in which it was asked for.
    made: Vec<InvitationSecret>,
) -> impl IntoView {
    let mailed = made.iter().any(|one| one.mailed);
    let purpose = if mailed {
        "A mail with a link of its own is on its way. Copy this one only if the mail does not arrive, and give it to nobody else."
    } else {
        "No mail server is set: hand this link to the person yourself, and to nobody else. It works once, for seven days."
    };
    const LOST: &str = "Resend the invitation: it gets a new link, and this one stops working.";
    match <[_; 1]>::try_from(made) {
        Ok([one]) => view! {
            <SecretOnce label=format!("Link for {}", one.email) secret=one.url purpose lost=LOST />
        }
        .into_any(),
        Err(many) => {
            let title = format!("{} people are invited", many.len());
            let links = many
                .into_iter()
                .map(|one| {
                    view! {
                        <li class="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2">
                            <span class="min-w-0 truncate font-medium">{one.email.clone()}</span>
                            <CopyField label=format!("Link for {}", one.email) value=one.url />
                        </li>
                    }
                })
                .collect_view();
            view! {
                <div class="flex flex-col gap-3">
                    <Alert tone=Tone::Ok title>
                        {purpose} " Each link is shown once. " {LOST}
                    </Alert>
                    <ul class="divide-y divide-line-soft rounded-card border border-line bg-surface px-4 py-1 text-sm">{links}</ul>
                </div>
            }
            .into_any()
        }
    }
}
