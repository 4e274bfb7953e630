//! Making a team.

use crate::api::teams::CreateTeam;
use crate::pages::{failure, org_param};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use model::OrgId;
use ui::{
    Button, Card, FormActions, FormBody, FormError, Input, LinkButton, PageHeader, Split, SplitAside,
    SplitMain, Step, Steps, Textarea, Variant, field_error,
};

/// Making a team. Afterwards the server leads to its page.
#[component]
pub fn NewTeam() -> impl IntoView {
    let org = org_param();
    let action = ServerAction::<CreateTeam>::new();
    view! {
        <Title text="New team" />
        <PageHeader title="New team" lead="People who hold roles together." />
        {move || org.get().map(|org| view! { <NewForm org action /> })}
    }
}

#[component]
fn NewForm(org: OrgId, action: ServerAction<CreateTeam>) -> impl IntoView {
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
                                hint="Unique in the organization. You can change it later."
                                required=true
                                maxlength=100
                                autocomplete="off"
                                autofocus=true
                                error=field_error(error, "name")
                            />
                            <Textarea
                                name="description"
                                label="Description"
                                maxlength=1000
                                optional_mark=true
                                error=field_error(error, "description")
                            />
                            <FormActions>
                                <Button variant=Variant::Primary pending=action.pending()>"Make team"</Button>
                                <LinkButton href=format!("/organizations/{org}/teams") variant=Variant::Ghost>"Cancel"</LinkButton>
                            </FormActions>
                        </FormBody>
                    </ActionForm>
                </Card>
            </SplitMain>
            <SplitAside label="What happens next">
                <Steps>
                    <Step title="You put people in" lead="Members, and people whose invitation is still open." />
                    <Step title="You choose maintainers" lead="They put people into this team and take them out, and nothing else." />
                    <Step title="You give the team roles" lead="In the organization on the team’s page, in a workspace on the workspace’s page." />
                </Steps>
            </SplitAside>
        </Split>
    }
}
