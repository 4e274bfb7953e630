//! What an organization allows of the API keys of its members.

#![expect(unreachable_pub, reason = "the component macro makes what it generates public")]

use crate::api::api_keys::SetKeyPolicy;
use crate::pages::failure;
use crate::pages::words::counted;
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::OrgId;
use model::api_key::KeyPolicy;
use ui::{
    Alert, Button, Card, Checkbox, Definition, DefinitionList, FormActions, FormBody, FormError, Input,
    Saved, Tone, field_error,
};

/// The policy: a form for whoever may change it, else what it says.
#[component]
pub(super) fn PolicyCard(
    org: OrgId,
    policy: KeyPolicy,
    can_update: bool,
    action: ServerAction<SetKeyPolicy>,
    saved: Signal<bool>,
) -> impl IntoView {
    let content = if can_update {
        view! { <PolicyForm org policy action saved /> }.into_any()
    } else {
        view! { <PolicyFacts policy /> }.into_any()
    };
    view! {
        <div id="keys">
            <Card title="API keys" lead="Counts for the personal access tokens of members and for the keys of service accounts that are made from now on.">
                {content}
            </Card>
        </div>
    }
}

#[component]
fn PolicyForm(
    org: OrgId,
    policy: KeyPolicy,
    action: ServerAction<SetKeyPolicy>,
    saved: Signal<bool>,
) -> impl IntoView {
    let error = Signal::derive(move || failure(action.value().read().as_ref()));
    view! {
        <ActionForm action>
            <FormBody>
                <FormError error />
                <input type="hidden" name="org" value=org.to_string() />
                <Input
                    name="longest_days"
                    label="Longest life in days"
                    kind="number"
                    inputmode="numeric"
                    value=policy.longest_days.map(|days| days.to_string()).unwrap_or_default()
                    hint="Of keys that have an end. Leave it empty for no limit."
                    optional_mark=true
                    error=field_error(error, "longest_days")
                />
                <Checkbox
                    name="endless"
                    label="Keys may have no end"
                    hint="Such a key works until somebody revokes it."
                    checked=policy.endless
                />
                <div class="group grid gap-3">
                    <Checkbox
                        name="raw_keys"
                        label="Service accounts may show their keys to workspaces themselves"
                        hint="Programs then need not exchange a key at Reeve before they enter. ZenML’s own client exchanges it anyway."
                        checked=policy.raw_keys
                    />
                    <div class="hidden group-has-[input:checked]:block">
                        <Alert tone=Tone::Warn title="A key that is shown to a workspace opens everything there">
                            "The workspace does not ask Reeve about it, so the roles of its account do not count. Whoever runs the workspace can use the key elsewhere."
                        </Alert>
                    </div>
                </div>
                <FormActions>
                    <Button pending=action.pending()>"Save policy"</Button>
                    <Saved when=saved />
                </FormActions>
            </FormBody>
        </ActionForm>
    }
}

#[component]
fn PolicyFacts(policy: KeyPolicy) -> impl IntoView {
    let longest =
        policy.longest_days.map_or_else(|| "No limit".to_owned(), |days| counted(days, "day", "days"));
    let allowed = |yes: bool| if yes { "Allowed" } else { "Not allowed" };
    view! {
        <DefinitionList>
            <Definition term="Longest life">{longest}</Definition>
            <Definition term="Keys without an end">{allowed(policy.endless)}</Definition>
            <Definition term="Keys of service accounts, shown to workspaces themselves">{allowed(policy.raw_keys)}</Definition>
        </DefinitionList>
    }
}
