//! Making a service account.

use super::settings::{OWNER_HINT, roles};
use crate::api::service_accounts::CreateServiceAccount;
use crate::pages::{failure, org_param};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use model::{OrgId, OrgRole};
use ui::{
    Button, Card, FormActions, FormBody, FormError, Input, LinkButton, PageHeader, RadioCards, Split,
    SplitAside, SplitMain, Step, Steps, Textarea, Variant, field_error,
};

/// Making a service account. Afterwards the server leads to its page.
#[component]
pub fn NewServiceAccount() -> impl IntoView {
    let org = org_param();
    let action = ServerAction::<CreateServiceAccount>::new();
    view! {
        <Title text="New service account" />
        <PageHeader title="New service account" lead="An account for a machine, which signs in with keys." />
        {move || org.get().map(|org| view! { <NewForm org action /> })}
    }
}

#[component]
fn NewForm(org: OrgId, action: ServerAction<CreateServiceAccount>) -> impl IntoView {
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
                                label="Name"
                                hint="What it is called here and inside workspaces. Lower-case letters, digits and hyphens. It never changes and is never given twice, not even after deletion."
                                placeholder="nightly-build"
                                pattern="[a-z][a-z0-9\\-]{0,61}[a-z0-9]"
                                required=true
                                minlength=2
                                maxlength=63
                                autocomplete="off"
                                mono=true
                                autofocus=true
                                error=field_error(error, "name")
                            />
                            <Textarea
                                name="description"
                                label="Description"
                                hint="What it is for, and where it runs."
                                maxlength=1000
                                optional_mark=true
                                error=field_error(error, "description")
                            />
                            <Input
                                name="owner"
                                label="Owner"
                                hint=format!("{OWNER_HINT} Leave it empty to answer for it yourself.")
                                maxlength=254
                                autocomplete="off"
                                optional_mark=true
                                error=field_error(error, "owner")
                            />
                            <RadioCards
                                name="role"
                                legend="Role in the organization"
                                value=OrgRole::Member.as_str()
                                options=roles()
                                error=field_error(error, "role")
                            />
                            <FormActions>
                                <Button variant=Variant::Primary pending=action.pending()>"Make service account"</Button>
                                <LinkButton href=format!("/organizations/{org}/service-accounts") variant=Variant::Ghost>"Cancel"</LinkButton>
                            </FormActions>
                        </FormBody>
                    </ActionForm>
                </Card>
            </SplitMain>
            <SplitAside label="What happens next">
                <Steps>
                    <Step title="You give it roles" lead="In a workspace on the workspace’s page, by its name. Or put it into a team." />
                    <Step title="You make a key" lead="It is shown once. Give it to the program." />
                    <Step title="Its owner looks after it" lead="They see it and manage its keys. If they leave, it shows as an orphan until somebody takes over." />
                </Steps>
            </SplitAside>
        </Split>
    }
}
