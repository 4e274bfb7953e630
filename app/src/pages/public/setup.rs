//! First run: the organization and its owner.

use crate::api::load::load;
use crate::api::setup::{CompleteSetup, peek_setup_link};
use crate::layout::PublicFrame;
use crate::pages::{ErrorView, failure, text_param};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Button, Centered, FormActions, FormBody, FormError, Input, Variant, field_error};

/// The page behind the setup link.
#[component]
pub fn Setup() -> impl IntoView {
    let secret = text_param("secret");
    let peek = load(move || secret.get(), peek_setup_link);
    let action = ServerAction::<CompleteSetup>::new();
    let error = Signal::derive(move || failure(action.value().read().as_ref()));
    view! {
        <Title text="Set up Reeve" />
        <PublicFrame>
            <Transition>
                {move || Suspend::new(async move {
                    if let Err(error) = peek.await {
                        return view! { <ErrorView error=error.0 /> }.into_any();
                    }
                    view! {
                        <Centered title="Set up Reeve" lead="Name your organization and become its first administrator.">
                            <ActionForm action>
                                <FormBody>
                                    <FormError error />
                                    <input type="hidden" name="link" value=secret.get_untracked() />
                                    <Input
                                        name="org_name"
                                        label="Organization"
                                        hint="As your colleagues call it. You can change it later."
                                        required=true
                                        maxlength=100
                                        autocomplete="organization"
                                        autofocus=true
                                        error=field_error(error, "org_name")
                                    />
                                    <Input
                                        name="owner_name"
                                        label="Your name"
                                        required=true
                                        maxlength=100
                                        autocomplete="name"
                                        error=field_error(error, "owner_name")
                                    />
                                    <Input
                                        name="owner_email"
                                        label="Your e-mail address"
                                        kind="email"
                                        hint="One-time sign-in links go there once a mail server is set."
                                        required=true
                                        maxlength=254
                                        autocomplete="email"
                                        error=field_error(error, "owner_email")
                                    />
                                    <FormActions>
                                        <Button variant=Variant::Primary pending=action.pending() full=true>"Create organization"</Button>
                                    </FormActions>
                                </FormBody>
                            </ActionForm>
                        </Centered>
                    }
                        .into_any()
                })}
            </Transition>
        </PublicFrame>
    }
}
