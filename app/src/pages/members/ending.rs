//! The end of a membership.

#![expect(unreachable_pub, reason = "the component macro makes what it generates public")]

use crate::api::members::{LeaveOrg, RemoveMember};
use crate::pages::failure;
use crate::pages::preview::{Foreseen, Preview};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::OrgId;
use model::access::Change;
use model::member::Member;
use ui::{Button, Card, Confirm, ConfirmActions, FormError, Tone, Variant};

/// Removing a member, or leaving oneself.
#[component]
pub(super) fn Removal(
    org: OrgId,
    member: Member,
    last_admin: bool,
    is_me: bool,
    may_remove: bool,
    remove: ServerAction<RemoveMember>,
    leave: ServerAction<LeaveOrg>,
) -> impl IntoView {
    let error = Signal::derive(move || {
        failure(remove.value().read().as_ref()).or_else(|| failure(leave.value().read().as_ref()))
    });
    let offboarding = format!("/organizations/{org}/members/{}/offboarding", member.user);
    let preview = Preview::new();
    let of = Change::RemoveMember { user: member.user };
    let change = of.clone();
    let loses = match member.workspaces {
        0 => "at once".to_owned(),
        1 => "at once, with the role in 1 workspace and what was shared there".to_owned(),
        n => format!("at once, with the roles in {n} workspaces and what was shared there"),
    };
    let (title, lead, label) = if is_me {
        (
            "Leave the organization".to_owned(),
            format!("You lose access {loses}. To come back you need a new invitation."),
            "Leave organization",
        )
    } else {
        (
            format!("Remove {}", member.name),
            format!(
                "{} loses access {loses}. Their account stays; to come back they need a new invitation.",
                member.name
            ),
            "Remove member",
        )
    };
    view! {
        <div id="remove">
            <Card title=title.clone() lead=lead.clone() tone=Tone::Bad>
                <FormError error />
                {if last_admin {
                    view! { <p class="text-sm text-muted">"Not possible for the only Organization Admin."</p> }.into_any()
                } else {
                    view! {
                        <Button
                            variant=Variant::Danger
                            opens="confirm-removal"
                            press=Callback::new(move |_| {
                                // Whoever leaves loses everything; there is nothing to find out.
                                if !is_me {
                                    preview.ask(org, change.clone());
                                }
                            })
                        >
                            {label}
                        </Button>
                    }
                        .into_any()
                }}
                {may_remove.then(|| view! {
                    <p class="mt-3 text-sm text-muted">
                        "To hand over what only they look after, and to end keys and sessions, too: "
                        <a class="text-accent underline" href=offboarding>"Lock or offboard"</a>
                    </p>
                })}
            </Card>
            <Confirm id="confirm-removal" title lead>
                {if is_me {
                    view! {
                        <ActionForm action=leave>
                            <input type="hidden" name="org" value=org.to_string() />
                            <ConfirmActions dialog="confirm-removal" label />
                        </ActionForm>
                    }
                        .into_any()
                } else {
                    view! {
                        <ActionForm action=remove>
                            <input type="hidden" name="org" value=org.to_string() />
                            <input type="hidden" name="user" value=member.user.to_string() />
                            <div class="flex flex-col gap-4">
                                <Foreseen preview of error />
                                <ConfirmActions dialog="confirm-removal" label />
                            </div>
                        </ActionForm>
                    }
                        .into_any()
                }}
            </Confirm>
        </div>
    }
}
