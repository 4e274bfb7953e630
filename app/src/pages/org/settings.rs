//! An organization's name and description.

use crate::api::load::load;
use crate::api::orgs::{UpdateOrg, get_org};
use crate::pages::frame::reload_frame_after;
use crate::pages::{ErrorView, failure, org_param};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use model::org::Org;
use model::{ApiError, ErrorCode};
use ui::{
    Button, Card, Code, Definition, DefinitionList, FormActions, FormBody, FormError, Input, PageHeader,
    Split, SplitAside, SplitMain, Textarea, Timestamp, Variant, field_error,
};

/// An organization's name and description.
#[component]
pub fn OrgSettings() -> impl IntoView {
    let org = org_param();
    let action = ServerAction::<UpdateOrg>::new();
    reload_frame_after(action);
    let data = load(
        move || (org.get(), action.version().get()),
        |(org, _)| async move {
            match org {
                Some(org) => get_org(org).await,
                None => Err(crate::api::Error(ApiError::new(ErrorCode::NotFound, ""))),
            }
        },
    );
    view! {
        <Title text="Settings" />
        <PageHeader title="Settings" lead="How the organization is called." />
        <Transition>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(org) => view! { <SettingsForm org action /> }.into_any(),
                    Err(error) => view! { <ErrorView error=error.0 /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn SettingsForm(org: Org, action: ServerAction<UpdateOrg>) -> impl IntoView {
    let error = Signal::derive(move || failure(action.value().read().as_ref()));
    view! {
        <Split>
            <SplitMain>
                <Card title="Name">
                    <ActionForm action>
                        <FormBody>
                            <FormError error />
                            <input type="hidden" name="org" value=org.id.to_string() />
                            <Input
                                name="display_name"
                                label="Name"
                                value=org.display_name
                                required=true
                                maxlength=100
                                error=field_error(error, "display_name")
                            />
                            <Textarea
                                name="description"
                                label="Description"
                                value=org.description
                                maxlength=1000
                                error=field_error(error, "description")
                            />
                            <FormActions>
                                <Button variant=Variant::Primary pending=action.pending()>"Save"</Button>
                            </FormActions>
                        </FormBody>
                    </ActionForm>
                </Card>
            </SplitMain>
            <SplitAside label="Facts">
                <Card title="Facts">
                    <DefinitionList>
                        <Definition term="Identifier"><Code>{org.name}</Code></Definition>
                        <Definition term="Id"><Code>{org.id.to_string()}</Code></Definition>
                        <Definition term="Created"><Timestamp at=org.created_at full=true /></Definition>
                    </DefinitionList>
                </Card>
            </SplitAside>
        </Split>
    }
}
