//! A member's role in the organization.

#![expect(unreachable_pub, reason = "the component macro makes what it generates public")]

use crate::api::members::SetMemberRole;
use crate::pages::failure;
use crate::pages::preview::{Foreseen, Preview};
use leptos::ev::MouseEvent;
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::access::Change;
use model::member::Member;
use model::{OrgId, OrgRole};
use ui::{
    Alert, Button, ButtonKind, Card, Choice, FormActions, FormBody, FormError, RadioCards, Saved, Tone,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

/// Changing the role every member has exactly one of.
#[component]
pub(super) fn RoleForm(
    org: OrgId,
    member: Member,
    last_admin: bool,
    is_me: bool,
    set_role: ServerAction<SetMemberRole>,
    saved: Signal<bool>,
) -> impl IntoView {
    let error = Signal::derive(move || failure(set_role.value().read().as_ref()));
    let preview = Preview::new();
    let user = member.user;
    let ask = move |event: MouseEvent| {
        if let Some(role) = chosen(&event) {
            preview.ask(org, Change::SetMemberRole { user, role });
        }
    };
    let roles = OrgRole::ALL
        .iter()
        .map(|role| Choice::new(role.as_str(), role.label()).hint(role.summary()))
        .collect::<Vec<_>>();
    view! {
        <div id="role">
            <Card title="Role in the organization" lead="A change holds from their next request on.">
                {last_admin.then(|| view! {
                    <div class="mb-4">
                        <Alert tone=Tone::Neutral title="The only Organization Admin">
                            "Make somebody else an admin before you change this role."
                        </Alert>
                    </div>
                })}
                {(is_me && !last_admin).then(|| view! {
                    <div class="mb-4">
                        <Alert tone=Tone::Warn title="This is your own role">
                            "If you give up a role, you cannot take it back: somebody who may has to give it to you."
                        </Alert>
                    </div>
                })}
                <ActionForm action=set_role>
                    <FormBody>
                        <FormError error />
                        <input type="hidden" name="org" value=org.to_string() />
                        <input type="hidden" name="user" value=user.to_string() />
                        <div on:change=move |_| preview.forget()>
                            <RadioCards name="role" legend="Role" value=member.role.as_str() options=roles />
                        </div>
                        <Foreseen preview error id="role-confirmed" />
                        <FormActions>
                            <Button pending=set_role.pending()>"Change role"</Button>
                            <span class="hidden hydrated:inline-flex">
                                <Button kind=ButtonKind::Button icon="eye" press=Callback::new(ask)>"Show the effect"</Button>
                            </span>
                            <Saved when=saved />
                        </FormActions>
                    </FormBody>
                </ActionForm>
            </Card>
        </div>
    }
}

/// The role chosen in the form around the pressed button.
fn chosen(event: &MouseEvent) -> Option<OrgRole> {
    let form = event.target()?.dyn_into::<Element>().ok()?.closest("form").ok()??;
    let radio = form.query_selector("input[name=role]:checked").ok()??;
    radio.dyn_into::<HtmlInputElement>().ok()?.value().parse().ok()
}
