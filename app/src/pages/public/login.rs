//! Sign-in: the organization's name, its ways in, nothing else. Works without JavaScript.

use crate::api::load::load;
use crate::api::sessions::{RequestSignInLink, get_sign_in_options};
use crate::layout::PublicFrame;
use crate::pages::{ErrorView, failure};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use model::session::SignInOptions;
use ui::{Alert, Button, Centered, FormActions, FormBody, FormError, Input, Tone, Variant, field_error};

/// The sign-in page.
#[component]
pub fn Login() -> impl IntoView {
    let options = load(|| (), |()| get_sign_in_options());
    view! {
        <Title text="Sign in" />
        <PublicFrame>
            <Transition>
                {move || Suspend::new(async move {
                    match options.await {
                        Ok(options) => view! { <Ways options /> }.into_any(),
                        Err(error) => view! { <ErrorView error=error.0 /> }.into_any(),
                    }
                })}
            </Transition>
        </PublicFrame>
    }
}

#[component]
fn Ways(options: SignInOptions) -> impl IntoView {
    let query = use_query_map();
    let next = move || query.read().get("next").unwrap_or_default();
    let sent = move || query.read().get("sent").is_some();
    let action = ServerAction::<RequestSignInLink>::new();
    let error = Signal::derive(move || failure(action.value().read().as_ref()));
    let title = match (&options.signed_in, &options.org_name) {
        (Some(_), _) => "Confirm it is you".to_owned(),
        (None, Some(name)) => format!("Sign in to {name}"),
        (None, None) => "Sign in".to_owned(),
    };
    let lead = options.signed_in.as_ref().map(|who| {
        format!(
            "You are signed in as {} ({}). Sign in again to go on with what you were doing.",
            who.name, who.email
        )
    });
    let address = options.signed_in.map(|who| who.email).unwrap_or_default();
    let (has_connections, email) = (!options.connections.is_empty(), options.email);
    view! {
        <Centered title>
            {lead.map(|lead| view! { <p class="mb-5 text-muted text-pretty">{lead}</p> })}
            {options.needs_setup.then(|| view! {
                <Alert tone=Tone::Accent title="Reeve is not set up yet">
                    "Open the setup link that the server printed when it started. "
                    <code class="font-mono">"reeve owner-link"</code> " prints a new one."
                </Alert>
            })}
            <Show when=sent>
                <Alert tone=Tone::Ok title="Look into your mailbox">
                    "If an account with this address exists, a link is on its way. It works once, for 15 minutes."
                </Alert>
            </Show>
            <div class="flex flex-col gap-2">
                {options
                    .connections
                    .into_iter()
                    .map(|connection| {
                        view! {
                            <form method="get" action="/api/auth/login">
                                <input type="hidden" name="connection" value=connection.id.to_string() />
                                <input type="hidden" name="redirect" value=next />
                                <Button full=true variant=Variant::Secondary icon="log-in">
                                    {format!("Continue with {}", connection.label)}
                                </Button>
                            </form>
                        }
                    })
                    .collect_view()}
            </div>
            {(email && has_connections).then(|| view! {
                <p class="my-3 text-center text-sm text-muted">"or by a link to your mailbox"</p>
            })}
            {email.then(|| view! {
                <ActionForm action>
                    <FormBody>
                        <FormError error />
                        <input type="hidden" name="next" value=next />
                        <Input
                            name="email"
                            label="E-mail address"
                            kind="email"
                            value=address
                            required=true
                            maxlength=254
                            autocomplete="email"
                            error=field_error(error, "email")
                        />
                        <FormActions>
                            <Button variant=Variant::Primary pending=action.pending() full=true>"Mail me a sign-in link"</Button>
                        </FormActions>
                    </FormBody>
                </ActionForm>
            })}
            {(!email && !has_connections && !options.needs_setup).then(|| view! {
                <Alert tone=Tone::Accent title="No way to sign in is set up">
                    "Whoever runs this server can print a one-time link with "
                    <code class="font-mono">"reeve owner-link --email"</code>
                    ", and then add a provider or a mail server."
                </Alert>
            })}
        </Centered>
    }
}
