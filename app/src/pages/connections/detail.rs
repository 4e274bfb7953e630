//! One connection: change, test, switch off, remove.

use super::{ConnectionFields, State};
use crate::api::connections::{
    DeleteConnection, SetConnectionEnabled, TestConnection, UpdateConnection, get_connection,
};
use crate::api::load::load;
use crate::pages::{ErrorView, failure, org_param, saved_after, successes, text_param};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use model::connection::{Connection, ConnectionDetail, ConnectionTest};
use model::{ApiError, ErrorCode, OrgId};
use ui::{
    Alert, Button, ButtonKind, Card, Code, Confirm, ConfirmActions, CopyField, Definition, DefinitionList,
    FormActions, FormBody, FormError, Icon, PageHeader, Saved, Split, SplitAside, SplitMain, Timestamp, Tone,
    Variant,
};

#[derive(Clone, Copy)]
struct Actions {
    update: ServerAction<UpdateConnection>,
    saved: Signal<bool>,
    set_enabled: ServerAction<SetConnectionEnabled>,
    test: ServerAction<TestConnection>,
    delete: ServerAction<DeleteConnection>,
}

/// One connection.
#[component]
pub fn ConnectionPage() -> impl IntoView {
    let (org, id) = (org_param(), text_param("id"));
    let update = ServerAction::new();
    let actions = Actions {
        update,
        saved: saved_after(successes(update)),
        set_enabled: ServerAction::new(),
        test: ServerAction::new(),
        delete: ServerAction::new(),
    };
    let data = load(
        move || (org.get(), id.get(), actions.update.version().get(), actions.set_enabled.version().get()),
        |(org, id, _, _)| async move {
            match (org, id.parse()) {
                (Some(org), Ok(id)) => get_connection(org, id).await.map(|page| (org, page)),
                _ => Err(crate::api::Error(ApiError::new(ErrorCode::NotFound, ""))),
            }
        },
    );
    view! {
        <Title text="Connection" />
        <Transition>
            {move || Suspend::new(async move {
                match data.await {
                    Ok((org, page)) => view! { <Detail org page actions /> }.into_any(),
                    Err(error) => view! { <ErrorView error=error.0 /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Detail(org: OrgId, page: ConnectionDetail, actions: Actions) -> impl IntoView {
    let query = use_query_map();
    let added = move || query.read().get("added").is_some();
    let connection = page.connection;
    let (enabled, from_file) = (connection.enabled, connection.from_file);
    let settings = if from_file {
        view! { <FromFile connection=connection.clone() /> }.into_any()
    } else {
        view! { <EditForm org connection=connection.clone() action=actions.update saved=actions.saved /> }
            .into_any()
    };
    let last = match connection.last_used_at {
        Some(at) => view! { <Timestamp at full=true /> }.into_any(),
        None => view! { "Never" }.into_any(),
    };
    let label = connection.label.clone();
    let facts = (connection.people, connection.created_at);
    let tested = connection.clone();
    let danger = (!from_file).then(|| view! { <Danger org connection actions /> });
    view! {
        <PageHeader title=label badge=move || view! { <State enabled from_file /> } />
        <Show when=added>
            <div class="mb-4">
                <Alert tone=Tone::Ok title="The connection is offered at sign-in">
                    "Test it below, then try it in a private window before you tell anybody."
                </Alert>
            </div>
        </Show>
        <Split>
            <SplitMain>
                {settings}
                <TestCard org connection=tested action=actions.test />
                {danger}
            </SplitMain>
            <SplitAside label="Facts">
                <Card title="Facts">
                    <DefinitionList>
                        <Definition term="People">{facts.0}</Definition>
                        <Definition term="Last sign-in">{last}</Definition>
                        <Definition term="Added"><Timestamp at=facts.1 full=true /></Definition>
                    </DefinitionList>
                </Card>
                <Card title="Register at the provider">
                    <CopyField value=page.redirect_uri label="Redirect URI" />
                </Card>
            </SplitAside>
        </Split>
    }
}

#[component]
fn FromFile(connection: Connection) -> impl IntoView {
    let secret = if connection.has_secret { "Kept, sealed" } else { "None" };
    view! {
        <Card title="Provider" lead="This connection comes from the settings file and is changed there.">
            <DefinitionList>
                <Definition term="Issuer"><Code>{connection.issuer}</Code></Definition>
                <Definition term="Client id"><Code>{connection.client_id}</Code></Definition>
                <Definition term="Client secret">{secret}</Definition>
            </DefinitionList>
        </Card>
    }
}

#[component]
fn EditForm(
    org: OrgId,
    connection: Connection,
    action: ServerAction<UpdateConnection>,
    saved: Signal<bool>,
) -> impl IntoView {
    let error = Signal::derive(move || failure(action.value().read().as_ref()));
    let id = connection.id;
    view! {
        <Card title="Provider">
            <ActionForm action>
                <FormBody>
                    <FormError error />
                    <input type="hidden" name="org" value=org.to_string() />
                    <input type="hidden" name="id" value=id.to_string() />
                    <ConnectionFields connection=Some(connection) error />
                    <FormActions>
                        <Button variant=Variant::Primary pending=action.pending()>"Save"</Button>
                        <Saved when=saved />
                    </FormActions>
                </FormBody>
            </ActionForm>
        </Card>
    }
}

#[component]
fn TestCard(org: OrgId, connection: Connection, action: ServerAction<TestConnection>) -> impl IntoView {
    let error = Signal::derive(move || failure(action.value().read().as_ref()));
    let found = move || action.value().get().and_then(Result::ok);
    let has_secret = connection.has_secret;
    view! {
        <Card title="Test" lead="Asks the provider what it offers. Nobody is signed in and nothing is changed.">
            <FormError error />
            <div aria-live="polite">{move || found().map(|test| view! { <TestResult test has_secret /> })}</div>
            <ActionForm action>
                <input type="hidden" name="org" value=org.to_string() />
                <input type="hidden" name="id" value=connection.id.to_string() />
                <Button variant=Variant::Secondary icon="activity" pending=action.pending()>"Test connection"</Button>
            </ActionForm>
        </Card>
    }
}

#[component]
fn TestResult(test: ConnectionTest, has_secret: bool) -> impl IntoView {
    let (tone, title) = if test.ok {
        (Tone::Ok, "The provider answers as it should")
    } else {
        (Tone::Bad, "Nobody can sign in through this provider")
    };
    // Nobody is signed in for a test, so what the provider makes of the client stays open.
    let untried = if has_secret {
        "Its client secret is tried at the first sign-in."
    } else {
        "Its client id is tried at the first sign-in."
    };
    let detail = test.steps.iter().find(|step| !step.ok).map(|step| step.detail.clone());
    let steps = test
        .steps
        .into_iter()
        .map(|step| {
            let (icon, class, word) = if step.ok {
                ("circle-check", "mt-0.5 size-4.5 shrink-0 text-ok", "Passed: ")
            } else {
                ("circle-x", "mt-0.5 size-4.5 shrink-0 text-bad", "Failed: ")
            };
            view! {
                <li class="flex gap-2.5">
                    <Icon name=icon class />
                    <div class="min-w-0">
                        <p class="font-medium"><span class="sr-only">{word}</span>{step.name}</p>
                        <p class="text-sm break-words text-muted">{step.detail}</p>
                    </div>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="mb-4 flex flex-col gap-4">
            <Alert tone title>{detail.unwrap_or_else(|| untried.to_owned())}</Alert>
            <ol class="flex flex-col gap-3">{steps}</ol>
        </div>
    }
}

#[component]
fn Danger(org: OrgId, connection: Connection, actions: Actions) -> impl IntoView {
    let error = Signal::derive(move || {
        failure(actions.set_enabled.value().read().as_ref())
            .or_else(|| failure(actions.delete.value().read().as_ref()))
    });
    let (verb, consequence) = if connection.enabled {
        ("Switch off", "Nobody can sign in through it any more. Sessions go on until they end.")
    } else {
        ("Switch on", "The sign-in page offers it again.")
    };
    let (id, label) = (connection.id.to_string(), connection.label);
    let again = id.clone();
    view! {
        <Card title="Switch off or remove">
            <FormError error />
            <div class="flex flex-wrap items-center justify-between gap-3">
                <p class="text-sm text-muted">{consequence}</p>
                <ActionForm action=actions.set_enabled>
                    <input type="hidden" name="org" value=org.to_string() />
                    <input type="hidden" name="id" value=id />
                    <input type="hidden" name="enabled" value=(!connection.enabled).to_string() />
                    <Button variant=Variant::Secondary pending=actions.set_enabled.pending()>{verb}</Button>
                </ActionForm>
            </div>
            <div class="mt-4 flex flex-wrap items-center justify-between gap-3">
                <p class="text-sm text-muted">"Accounts stay. They work again if the same issuer is connected anew."</p>
                <Button kind=ButtonKind::Button variant=Variant::Danger icon="trash-2" opens="remove-connection">
                    "Remove connection"
                </Button>
            </div>
            <Confirm
                id="remove-connection"
                title=format!("Remove {label}")
                lead="Nobody can sign in through it any more, and its client secret is forgotten."
            >
                <ActionForm action=actions.delete>
                    <input type="hidden" name="org" value=org.to_string() />
                    <input type="hidden" name="id" value=again />
                    <ConfirmActions dialog="remove-connection" label="Remove connection" pending=actions.delete.pending() />
                </ActionForm>
            </Confirm>
        </Card>
    }
}
