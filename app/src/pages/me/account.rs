//! One's own account.

use crate::api::load::load;
use crate::api::sessions::{RenameMe, get_me};
use crate::pages::frame::reload_frame_after;
use crate::pages::{ErrorView, failure, saved_after, successes};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use model::session::Me;
use ui::{
    Button, Card, Code, Definition, DefinitionList, FormActions, FormBody, FormError, Input, PageHeader,
    Saved, Split, SplitAside, SplitMain, Variant, field_error,
};

/// One's own account.
#[component]
pub fn Account() -> impl IntoView {
    let action = ServerAction::<RenameMe>::new();
    reload_frame_after(action);
    let saved = saved_after(successes(action));
    let me = load(move || action.version().get(), |_| get_me());
    view! {
        <Title text="Account" />
        <PageHeader title="Account" lead="What colleagues and workspaces know of you." />
        <Transition>
            {move || Suspend::new(async move {
                match me.await {
                    Ok(me) => view! { <Facts me action saved /> }.into_any(),
                    Err(error) => view! { <ErrorView error=error.0 /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Facts(me: Me, action: ServerAction<RenameMe>, saved: Signal<bool>) -> impl IntoView {
    let error = Signal::derive(move || failure(action.value().read().as_ref()));
    view! {
        <Split>
            <SplitMain>
                <Card title="Name">
                    <ActionForm action>
                        <FormBody>
                            <FormError error />
                            <Input
                                name="name"
                                label="Your name"
                                value=me.name
                                required=true
                                maxlength=100
                                autocomplete="name"
                                error=field_error(error, "name")
                            />
                            <FormActions>
                                <Button variant=Variant::Primary pending=action.pending()>"Save name"</Button>
                                <Saved when=saved />
                            </FormActions>
                        </FormBody>
                    </ActionForm>
                </Card>
            </SplitMain>
            <SplitAside label="Facts">
                <Card title="Facts">
                    <DefinitionList>
                        <Definition term="E-mail address">{me.email}</Definition>
                        <Definition term="Name in workspaces"><Code>{me.username}</Code></Definition>
                        <Definition term="Id"><Code>{me.id.to_string()}</Code></Definition>
                    </DefinitionList>
                </Card>
                <Card title="Signed in as you" lead="What is, and how to end it.">
                    <ul class="flex flex-col gap-2">
                        <li><a class="link" href="/me/tokens">"Access tokens"</a></li>
                        <li><a class="link" href="/me/devices">"Devices"</a></li>
                        <li><a class="link" href="/me/sessions">"Sessions"</a></li>
                    </ul>
                </Card>
            </SplitAside>
        </Split>
    }
}
