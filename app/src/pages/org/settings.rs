//! An organization's name and description, and what it allows of API keys.

use super::key_policy::PolicyCard;
use crate::api::api_keys::{SetKeyPolicy, get_key_policy};
use crate::api::load::load;
use crate::api::orgs::{UpdateOrg, get_org};
use crate::pages::frame::reload_frame_after;
use crate::pages::{ErrorView, failure, missing, org_param, saved_after, successes};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use model::api_key::KeyPolicy;
use model::org::OrgDetail;
use ui::{
    Button, Card, Code, Definition, DefinitionList, FormActions, FormBody, FormError, Input, PageHeader,
    Saved, Split, SplitAside, SplitMain, Textarea, Timestamp, Variant, field_error,
};

#[derive(Clone, Copy)]
struct Actions {
    update: ServerAction<UpdateOrg>,
    updated: Signal<bool>,
    set_policy: ServerAction<SetKeyPolicy>,
    policy_set: Signal<bool>,
}

/// An organization's settings.
#[component]
pub fn OrgSettings() -> impl IntoView {
    let org = org_param();
    let (update, set_policy) = (ServerAction::<UpdateOrg>::new(), ServerAction::<SetKeyPolicy>::new());
    reload_frame_after(update);
    let (updated, policy_set) = (successes(update), successes(set_policy));
    let actions =
        Actions { update, updated: saved_after(updated), set_policy, policy_set: saved_after(policy_set) };
    let data = load(
        move || (org.get(), updated.get(), policy_set.get()),
        |(org, ..)| async move {
            let org = org.ok_or_else(missing)?;
            Ok((get_org(org).await?, get_key_policy(org).await?))
        },
    );
    view! {
        <Title text="Settings" />
        <PageHeader title="Settings" lead="What holds for the whole organization." />
        <Transition>
            {move || Suspend::new(async move {
                match data.await {
                    Ok((detail, policy)) => view! { <Settings detail policy actions /> }.into_any(),
                    Err(crate::api::Error(error)) => view! { <ErrorView error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Settings(detail: OrgDetail, policy: KeyPolicy, actions: Actions) -> impl IntoView {
    let OrgDetail { org, can_update } = detail.clone();
    let Actions { update, updated, set_policy, policy_set } = actions;
    view! {
        <Split>
            <SplitMain>
                <NameForm detail action=update saved=updated />
                <PolicyCard org=org.id policy can_update action=set_policy saved=policy_set />
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

#[component]
fn NameForm(detail: OrgDetail, action: ServerAction<UpdateOrg>, saved: Signal<bool>) -> impl IntoView {
    let OrgDetail { org, can_update } = detail;
    let lead = if can_update {
        "What everybody in the organization reads."
    } else {
        "Organization Admins can change it."
    };
    let error = Signal::derive(move || failure(action.value().read().as_ref()));
    view! {
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
    }
}
