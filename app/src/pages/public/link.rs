//! The page behind a one-time sign-in link. Opening it does nothing yet: mail programs open links to look at them.

use crate::api::load::load;
use crate::api::sessions::{UseSignInLink, peek_sign_in_link};
use crate::layout::PublicFrame;
use crate::pages::{ErrorView, failure, text_param};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Button, Centered, FormActions, FormBody, FormError, Timestamp, Variant};

/// The page behind a one-time sign-in link.
#[component]
pub fn SignInLink() -> impl IntoView {
    let secret = text_param("secret");
    let peek = load(move || secret.get(), peek_sign_in_link);
    let action = ServerAction::<UseSignInLink>::new();
    let error = Signal::derive(move || failure(action.value().read().as_ref()));
    view! {
        <Title text="Sign in" />
        <PublicFrame>
            <Transition>
                {move || Suspend::new(async move {
                    let until = match peek.await {
                        Ok(until) => until,
                        Err(error) => return view! { <ErrorView error=error.0 /> }.into_any(),
                    };
                    view! {
                        <Centered title="Sign in to Reeve" lead="This link signs you in once, in this browser.">
                            <ActionForm action>
                                <FormBody>
                                    <FormError error />
                                    <input type="hidden" name="link" value=secret.get_untracked() />
                                    <FormActions>
                                        <Button variant=Variant::Primary pending=action.pending() full=true icon="arrow-right">"Sign in"</Button>
                                    </FormActions>
                                    <p class="text-sm text-muted">"Works until " <Timestamp at=until full=true /> "."</p>
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
