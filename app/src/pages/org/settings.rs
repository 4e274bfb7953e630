//! An organization's name and description.

use crate::api::load::load;
use crate::api::orgs::{UpdateOrg, get_org};
use crate::pages::frame::reload_frame_after;
use crate::pages::{ErrorView, failure, org_param, saved_after, successes};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use model::org::OrgDetail;
use model::{ApiError, ErrorCode};
use ui::{
    Button, Card, Code, Definition, DefinitionList, FormActions, FormBody, FormError, Input, PageHeader,
    Saved, Split, SplitAside, SplitMain, Textarea, Timestamp, Variant, field_error,
};

/// An organization's name and description.
#[component]
pub fn OrgSettings() -> impl IntoView {
    let org = org_param();
    let action = ServerAction::<UpdateOrg>::new();
    reload_frame_after(action);
    let saved = saved_after(successes(action));
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
                    Ok(detail) => view! { <SettingsForm detail action saved /> }.into_any(),
                    Err(error) => view! { <ErrorView error=error.0 /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn SettingsForm(detail: OrgDetail, action: ServerAction<UpdateOrg>, saved: Signal<bool>) -> impl IntoView {
    let OrgDetail { org, can_update } = detail;
    let lead = if can_update {
        "What everybody in the organization reads."
    } else {
        "Organization Admins can change it."
    };
    let error = Signal::derive(move || failure(action.value().read().as_ref()));
    view! {
        <Split>
            <SplitMain>
                <Card title="Name" lead>
                    <ActionForm action>
                        <FormBody>
                            <FormError error />
                            <input type="hidden" name="org" value=org.id.to_string() />
                            <Input
                                name="display_name"
                                label="Name"
                                value=org.display_name
                                required=true
                                readonly=!can_update
                                maxlength=100
                                error=field_error(error, "display_name")
                            />
                            <Textarea
                                name="description"
                                label="Description"
                                value=org.description
                                readonly=!can_update
                                maxlength=1000
                                error=field_error(error, "description")
                            />
                            {can_update
                                .then(|| {
                                    view! {
                                        <FormActions>
                                            <Button variant=Variant::Primary pending=action.pending()>"Save"</Button>
                                            <Saved when=saved />
                                        </FormActions>
                                    }
                                })}
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
