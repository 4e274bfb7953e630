//! Add a connection.

use super::ConnectionFields;
use crate::api::connections::{CreateConnection, list_connections};
use crate::api::load::load;
use crate::pages::{ErrorView, failure, org_param};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use model::{ApiError, ErrorCode, OrgId};
use ui::{
    Button, Card, CopyField, FormActions, FormBody, FormError, LinkButton, PageHeader, Split, SplitAside,
    SplitMain, Step, Steps, Variant,
};

/// Add a connection.
#[component]
pub fn NewConnection() -> impl IntoView {
    let org = org_param();
    let action = ServerAction::<CreateConnection>::new();
    // The list knows what to register at the provider; asking for it also asks whether one may be here.
    let data = load(
        move || org.get(),
        |org| async move {
            match org {
                Some(org) => list_connections(org).await.map(|page| (org, page.redirect_uri)),
                None => Err(crate::api::Error(ApiError::new(ErrorCode::NotFound, ""))),
            }
        },
    );
    view! {
        <Title text="Add connection" />
        <Transition>
            {move || Suspend::new(async move {
                match data.await {
                    Ok((org, redirect_uri)) => view! { <NewForm org redirect_uri action /> }.into_any(),
                    Err(error) => view! { <ErrorView error=error.0 /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn NewForm(org: OrgId, redirect_uri: String, action: ServerAction<CreateConnection>) -> impl IntoView {
    let error = Signal::derive(move || failure(action.value().read().as_ref()));
    let list = format!("/organizations/{org}/connections");
    view! {
        <PageHeader title="Add connection" lead="Any OpenID Connect provider. It is offered at sign-in at once." />
        <Split>
            <SplitMain>
                <Card title="Provider">
                    <ActionForm action>
                        <FormBody>
                            <FormError error />
                            <input type="hidden" name="org" value=org.to_string() />
                            <ConnectionFields error />
                            <FormActions>
                                <Button variant=Variant::Primary pending=action.pending()>"Add connection"</Button>
                                <LinkButton href=list>"Cancel"</LinkButton>
                            </FormActions>
                        </FormBody>
                    </ActionForm>
                </Card>
            </SplitMain>
            <SplitAside label="How to connect">
                <Card title="At the provider">
                    <Steps>
                        <Step title="Register a web application" lead="Authorization code with PKCE." />
                        <Step title="Enter the redirect URI" lead="To the letter." />
                        <Step title="Release the e-mail and profile claims" lead="People are recognised by issuer and subject; the address is contact data." />
                    </Steps>
                    <CopyField value=redirect_uri label="Redirect URI" />
                </Card>
            </SplitAside>
        </Split>
    }
}
