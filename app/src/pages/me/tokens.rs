//! Personal access tokens.

use crate::api::api_keys::{CreateApiKeySecret, RevokeApiKey, list_api_keys};
use crate::api::load::load;
use crate::pages::{ErrorView, failure};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use model::api_key::{ApiKey, KeyState};
use ui::{
    Alert, Badge, Button, ButtonKind, Card, Cell, CellActions, Choice, Code, CodeBlock, Column, Confirm,
    ConfirmActions, Empty, FormActions, FormBody, FormError, Hide, Input, PageHeader, Row, SecretOnce,
    Select, Split, SplitAside, SplitMain, Table, Timestamp, Tone, Variant, field_error,
};

/// Personal access tokens: made here, shown once, revoked.
#[component]
pub fn Tokens() -> impl IntoView {
    let create = ServerAction::<CreateApiKeySecret>::new();
    let revoke = ServerAction::<RevokeApiKey>::new();
    let tokens = load(move || (create.version().get(), revoke.version().get()), |_| list_api_keys());
    let revoke_error = Signal::derive(move || failure(revoke.value().read().as_ref()));
    view! {
        <Title text="Access tokens" />
        <PageHeader
            title="Access tokens"
            lead="For scripts and CI that sign in without a browser. A token may do everything you may do, here and in workspaces."
        />
        {move || create.value().get().and_then(Result::ok).map(|made| view! {
            <SecretOnce
                label=format!("Token {}", made.name)
                secret=made.secret
                purpose="Give it to the program now: as ZENML_STORE_API_KEY, or at the prompt of zenml login --api-key."
                lost="Nobody can show it again. Revoke it and create another."
            />
        })}
        <FormError error=revoke_error />
        <Split>
            <SplitMain>
                <Transition>
                    {move || Suspend::new(async move {
                        match tokens.await {
                            Ok(list) => view! {
                                <TokenTable tokens=list.keys revoke />
                                <Card title="How to use it" lead="Sign a command line in without a browser. It asks for the token.">
                                    <CodeBlock
                                        label="Command line"
                                        code=format!("zenml login WORKSPACE --api-key --pro-api-url {}", list.api_url)
                                    />
                                </Card>
                            }
                            .into_any(),
                            Err(error) => view! { <ErrorView error=error.0 /> }.into_any(),
                        }
                    })}
                </Transition>
            </SplitMain>
            <SplitAside label="New token">
                <div data-new="">
                    <NewToken create />
                </div>
            </SplitAside>
        </Split>
    }
}

#[component]
fn NewToken(create: ServerAction<CreateApiKeySecret>) -> impl IntoView {
    let error = Signal::derive(move || failure(create.value().read().as_ref()));
    let lives = vec![
        Choice::new("30", "30 days"),
        Choice::new("90", "90 days"),
        Choice::new("365", "A year"),
        Choice::new("date", "Until a day I choose"),
        Choice::new("never", "No end"),
    ];
    view! {
        <Card title="New token">
            // Not <noscript>: what stands in it is text to a browser with scripts, and hydration looks for elements.
            <div class="mb-4 hidden noscript:block">
                <Alert tone=Tone::Warn>"A new token is shown once, in this page, which takes JavaScript."</Alert>
            </div>
            <ActionForm action=create>
                <FormBody>
                    <FormError error />
                    <Input
                        name="name"
                        label="Name"
                        hint="Where it is used, so that you know later what breaks without it."
                        required=true
                        maxlength=100
                        autocomplete="off"
                        error=field_error(error, "name")
                    />
                    <div class="group grid gap-4">
                        <Select
                            name="expiry"
                            label="Works for"
                            options=lives
                            value="90"
                            error=field_error(error, "expiry")
                        />
                        <div class="hidden group-has-[option[value=date]:checked]:block">
                            <Input
                                name="date"
                                label="Last day"
                                kind="date"
                                hint="It stops at the end of that day, UTC."
                                error=field_error(error, "date")
                            />
                        </div>
                    </div>
                    <FormActions>
                        <Button variant=Variant::Primary icon="plus" pending=create.pending()>"Create token"</Button>
                    </FormActions>
                </FormBody>
            </ActionForm>
        </Card>
    }
}

#[component]
fn TokenTable(tokens: Vec<ApiKey>, revoke: ServerAction<RevokeApiKey>) -> impl IntoView {
    if tokens.is_empty() {
        return view! {
            <Card flush=true>
                <Empty
                    icon="key-round"
                    title="No tokens yet"
                    lead="Create one for a pipeline in CI or a script. Your own command line needs none: run zenml login."
                />
            </Card>
        }
        .into_any();
    }
    let columns = vec![
        Column::new("Token"),
        Column::new("Last used"),
        Column::new("Ends").hide(Hide::Phone),
        Column::new("Created").hide(Hide::Tablet),
        Column::actions(),
    ];
    let rows = tokens.into_iter().map(|token| view! { <TokenRow token revoke /> }).collect_view();
    view! {
        <Card flush=true>
            <Table caption="Your access tokens" columns>{rows}</Table>
        </Card>
    }
    .into_any()
}

#[component]
fn TokenRow(token: ApiKey, revoke: ServerAction<RevokeApiKey>) -> impl IntoView {
    let dialog = format!("revoke-{}", token.id);
    let question = format!("Revoke {}?", token.name);
    let state = match token.state {
        KeyState::Works => None,
        KeyState::Disabled => Some("Switched off"),
        KeyState::Expired => Some("Run out"),
        KeyState::Revoked => Some("Revoked"),
    };
    let lives = matches!(token.state, KeyState::Works | KeyState::Disabled);
    let end = token.expires_at.map_or_else(
        || view! { <span class="text-muted">"No end"</span> }.into_any(),
        |at| view! { <Timestamp at /> }.into_any(),
    );
    let used = token.last_used_at.map_or_else(
        || view! { <span class="text-muted">"Never"</span> }.into_any(),
        |at| view! { <Timestamp at /> }.into_any(),
    );
    view! {
        <Row quiet=state.is_some()>
            <Cell>
                <div class="flex flex-wrap items-center gap-2">
                    <span class="font-medium break-words">{token.name}</span>
                    {state.map(|state| view! { <Badge>{state}</Badge> })}
                </div>
                <div class="text-xs text-muted">"Ends in " <Code>{token.hint}</Code></div>
            </Cell>
            <Cell>{used}</Cell>
            <Cell hide=Hide::Phone>{end}</Cell>
            <Cell hide=Hide::Tablet><Timestamp at=token.created_at /></Cell>
            <CellActions>
                {lives.then(|| view! {
                    <Button kind=ButtonKind::Button variant=Variant::Secondary opens=dialog.clone()>"Revoke"</Button>
                    <Confirm
                        id=dialog.clone()
                        title=question
                        lead="Every program that uses it is refused from its next request on. This cannot be undone."
                    >
                        <ActionForm action=revoke>
                            <input type="hidden" name="id" value=token.id.to_string() />
                            <ConfirmActions dialog=dialog.clone() label="Revoke token" />
                        </ActionForm>
                    </Confirm>
                })}
            </CellActions>
        </Row>
    }
}
