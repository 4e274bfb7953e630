//! Enrolling a workspace.

use super::keys::NewKey;
use crate::api::workspaces::EnrollWorkspaceSecret;
use crate::pages::{failure, org_param};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use model::OrgId;
use ui::{
    Button, Card, FormActions, FormBody, FormError, Input, LinkButton, PageHeader, Split, SplitAside,
    SplitMain, Step, Steps, Textarea, Variant, field_error,
};

/// Enrolling a workspace. Afterwards the same page shows its key, once.
#[component]
pub fn NewWorkspace() -> impl IntoView {
    let org = org_param();
    let action = ServerAction::<EnrollWorkspaceSecret>::new();
    // A memo, so that a refusal does not build the form again: what was typed stays, and the focus finds its field.
    let made = Memo::new(move |_| action.value().get().and_then(Result::ok));
    view! {
        <Title text="Enrol workspace" />
        {move || match made.get() {
            Some(made) => {
                let href = format!("/workspaces/{}", made.name);
                view! {
                    <PageHeader
                        title=format!("{} is enrolled", made.name)
                        lead="Start its server with these lines. It reports by itself and turns from pending to available."
                    >
                        <LinkButton href variant=Variant::Primary>"Go to the workspace"</LinkButton>
                    </PageHeader>
                    <NewKey made />
                }
                    .into_any()
            }
            None => view! {
                <PageHeader title="Enrol workspace" lead="Register a ZenML server, so that people can find it and sign in to it." />
                {org.get().map(|org| view! { <EnrollForm org action /> })}
            }
                .into_any(),
        }}
    }
}

#[component]
fn EnrollForm(org: OrgId, action: ServerAction<EnrollWorkspaceSecret>) -> impl IntoView {
    let error = Signal::derive(move || failure(action.value().read().as_ref()));
    view! {
        <Split>
            <SplitMain>
                <Card>
                    <ActionForm action>
                        <FormBody>
                            <FormError error />
                            <input type="hidden" name="org" value=org.to_string() />
                            <Input
                                name="name"
                                label="Identifier"
                                hint="What people type after zenml login. Lower-case letters, digits and hyphens. It never changes and is never given twice, not even after deletion."
                                placeholder="team-production"
                                pattern="[a-z][a-z0-9\\-]{0,61}[a-z0-9]"
                                required=true
                                minlength=2
                                autocomplete="off"
                                autofocus=true
                                mono=true
                                error=field_error(error, "name")
                            />
                            <Input
                                name="display_name"
                                label="Name"
                                hint="For people. You can change it later."
                                maxlength=100
                                optional_mark=true
                                autocomplete="off"
                                error=field_error(error, "display_name")
                            />
                            <Textarea
                                name="description"
                                label="Description"
                                maxlength=1000
                                optional_mark=true
                                error=field_error(error, "description")
                            />
                            <FormActions>
                                <Button variant=Variant::Primary pending=action.pending()>"Enrol workspace"</Button>
                                <LinkButton href=format!("/organizations/{org}/workspaces") variant=Variant::Ghost>"Cancel"</LinkButton>
                            </FormActions>
                        </FormBody>
                    </ActionForm>
                </Card>
            </SplitMain>
            <SplitAside label="What happens next">
                <Steps>
                    <Step title="You get a key" lead="And ready lines for the environment, Helm and Docker. The key is shown once." />
                    <Step title="You start the server" lead="Any unmodified ZenML server works. It needs to reach Reeve, not the other way round." />
                    <Step title="You let people in" lead="Give roles on the workspace’s page. Organization Admins may enter at once." />
                </Steps>
            </SplitAside>
        </Split>
    }
}
