//! Approve a device: the page a command line opens, often looked at on a phone.

use crate::api::devices::{ApproveCommandLine, ApproveDevice, DenyDevice, get_device_request};
use crate::api::load::load;
use crate::layout::PublicFrame;
use crate::pages::{ErrorView, failure};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use model::device::{DevicePurpose, DeviceRequest, DeviceState};
use model::{ApiError, ErrorCode};
use ui::{
    Alert, Button, Centered, Checkbox, Choice, FormActions, FormBody, FormError, Input, LinkButton, Select,
    Timestamp, Tone, Variant, field_error,
};

/// Asks for a code, or shows the device of the code in the address.
#[component]
pub fn VerifyDevice() -> impl IntoView {
    let query = use_query_map();
    let param = move |name: &str| query.read().get(name).filter(|text| !text.trim().is_empty());
    let approve = ServerAction::<ApproveDevice>::new();
    let admit = ServerAction::<ApproveCommandLine>::new();
    let deny = ServerAction::<DenyDevice>::new();
    let request = load(
        move || {
            let decided = (approve.version().get(), admit.version().get(), deny.version().get());
            (param("user_code"), param("workspace"), decided)
        },
        |(code, hint, ..)| async move {
            match code {
                Some(code) => get_device_request(code, hint).await.map(Some),
                None => Ok(None),
            }
        },
    );
    view! {
        <Title text="Approve a device" />
        <PublicFrame>
            <Transition>
                {move || Suspend::new(async move {
                    match request.await {
                        Ok(None) => view! { <EnterCode wrong=false /> }.into_any(),
                        Ok(Some(request)) => {
                            let hint = untrack(|| param("workspace"));
                            view! { <Request request hint approve admit deny /> }.into_any()
                        }
                        Err(error) if error.0.code == ErrorCode::NotFound => {
                            view! { <EnterCode wrong=true /> }.into_any()
                        }
                        Err(error) => view! { <ErrorView error=error.0 /> }.into_any(),
                    }
                })}
            </Transition>
        </PublicFrame>
    }
}

#[component]
fn EnterCode(wrong: bool) -> impl IntoView {
    view! {
        <Centered title="Approve a device" lead="Enter the code that your terminal shows.">
            <form method="get" action="/devices/verify">
                <FormBody>
                    {wrong.then(|| view! {
                        <Alert tone=Tone::Bad title="This code is not valid">
                            "It may be mistyped, or somebody else decided about it already. Compare it with your terminal, or start the login again there."
                        </Alert>
                    })}
                    <Input
                        name="user_code"
                        label="Code"
                        hint="Eight letters. Case and hyphen do not matter."
                        required=true
                        maxlength=20
                        autocomplete="off"
                        autofocus=true
                        mono=true
                    />
                    <FormActions>
                        <Button variant=Variant::Primary full=true>"Show device"</Button>
                    </FormActions>
                </FormBody>
            </form>
        </Centered>
    }
}

#[component]
fn Request(
    request: DeviceRequest,
    hint: Option<String>,
    approve: ServerAction<ApproveDevice>,
    admit: ServerAction<ApproveCommandLine>,
    deny: ServerAction<DenyDevice>,
) -> impl IntoView {
    let host = named(&request.hostname);
    let program = match request.purpose {
        DevicePurpose::Workspaces => "zenml login",
        DevicePurpose::Administering => "reeve login",
    };
    match request.state {
        DeviceState::Pending => view! { <Decide request hint approve admit deny /> }.into_any(),
        DeviceState::Approved => view! {
            <Centered title="Device approved" lead=format!("Go back to the terminal on {host}. It goes on by itself within a few seconds.")>
                <Alert tone=Tone::Ok>"You can close this page. Revoke the device whenever you like."</Alert>
                <After />
            </Centered>
        }
        .into_any(),
        DeviceState::Denied => view! {
            <Centered title="Device denied" lead=format!("{host} got nothing, and its login ends with an error.")>
                <p class="text-sm text-muted text-pretty">
                    "If you did not start this login, somebody may have sent you the link. There is nothing more to do."
                </p>
                <After />
            </Centered>
        }
        .into_any(),
        DeviceState::Expired => view! {
            <Centered title="This code has run out" lead="A code works for ten minutes. Nothing was approved.">
                <p class="text-sm text-muted text-pretty">
                    "Run " <code class="font-mono">{program}</code> " again in the terminal to get a new one."
                </p>
                <After />
            </Centered>
        }
        .into_any(),
        DeviceState::Revoked => view! {
            <Centered title="Device revoked" lead=format!("You approved {host} and took it back. It is signed out.")>
                <After />
            </Centered>
        }
        .into_any(),
    }
}

/// Where to go from an end.
#[component]
fn After() -> impl IntoView {
    view! {
        <div class="mt-6 flex flex-wrap gap-2">
            <LinkButton href="/me/devices">"Your devices"</LinkButton>
            <LinkButton href="/" variant=Variant::Ghost>"Start page"</LinkButton>
        </div>
    }
}

#[component]
fn Decide(
    request: DeviceRequest,
    hint: Option<String>,
    approve: ServerAction<ApproveDevice>,
    admit: ServerAction<ApproveCommandLine>,
    deny: ServerAction<DenyDevice>,
) -> impl IntoView {
    let error = Signal::derive(move || {
        failure(approve.value().read().as_ref())
            .or_else(|| failure(admit.value().read().as_ref()))
            .or_else(|| failure(deny.value().read().as_ref()))
    });
    let code = request.user_code.clone();
    let administers = request.purpose == DevicePurpose::Administering;
    // A command line that named a workspace cannot go on without one.
    let stuck = !administers && request.workspaces.is_empty() && hint.is_some();
    view! {
        <Centered
            title=if administers { "Let a program administer as you?" } else { "Approve this device?" }
            lead="Approve only if you started this login, and your terminal shows the same code."
        >
            <p class="rounded-control bg-sunken py-4 text-center font-mono text-2xl font-semibold tracking-widest select-all">
                <span class="sr-only">"Code "</span>
                {code.clone()}
            </p>
            <div class="mt-5"><Claims request=request.clone() /></div>
            <div class="mt-5">
                <Powers administers person=format!("{} ({})", request.person_name, request.person_email) />
            </div>
            <div class="mt-5 flex flex-col gap-3">
                <FormError error />
                {if administers {
                    view! { <AdmitForm code=code.clone() admit /> }.into_any()
                } else if stuck {
                    view! { <Stuck hint=hint.unwrap_or_default() /> }.into_any()
                } else {
                    view! { <ApproveForm request hint approve error /> }.into_any()
                }}
                <ActionForm action=deny>
                    <input type="hidden" name="user_code" value=code />
                    <Button variant=Variant::Secondary full=true pending=deny.pending()>"Deny"</Button>
                </ActionForm>
            </div>
        </Centered>
    }
}

/// What the device says of itself, and what is known of it.
#[component]
fn Claims(request: DeviceRequest) -> impl IntoView {
    let mut facts = vec![("Device, as it says", request.hostname), ("System", request.os)];
    match request.purpose {
        DevicePurpose::Workspaces => {
            facts.extend([("ZenML", request.client_version), ("Python", request.python_version)]);
        }
        DevicePurpose::Administering => facts.push(("Reeve", request.client_version)),
    }
    facts.push(("Address", request.ip));
    // Two columns at any width: on a phone the buttons should not be far away.
    view! {
        <dl class="grid grid-cols-[5rem_1fr] gap-x-3 gap-y-1.5 text-sm">
            {facts
                .into_iter()
                .map(|(term, text)| {
                    let text = if text.is_empty() { "Not told".to_owned() } else { text };
                    view! {
                        <dt class="text-muted">{term}</dt>
                        <dd class="min-w-0 break-words">{text}</dd>
                    }
                })
                .collect_view()}
            <dt class="text-muted">"Asked"</dt>
            <dd class="min-w-0"><Timestamp at=request.created_at full=true /></dd>
        </dl>
    }
}

/// What an approved device can do, before anything is approved. In Reeve's words alone: what a program says of itself
/// is whatever its sender chose, and would be read as a part of the sentence.
#[component]
fn Powers(person: String, administers: bool) -> impl IntoView {
    let (does, all, but) = if administers {
        (
            "be able to administer Reeve",
            "to see and change all that you may here, for 12 hours",
            "Nobody needs this to work with ZenML. It cannot enter workspaces. You can revoke it at any time.",
        )
    } else {
        (
            "work",
            "everything you may do in your workspaces",
            "It cannot change anything in Reeve itself. You can revoke it at any time.",
        )
    };
    view! {
        <Alert tone=Tone::Warn title="What it will be able to do">
            <p class="mt-1 break-words">
                {format!("The program that asks will {does} as you, {person}: {all}.")}
            </p>
            <p class="mt-1">{but}</p>
        </Alert>
    }
}

#[component]
fn AdmitForm(code: String, admit: ServerAction<ApproveCommandLine>) -> impl IntoView {
    view! {
        <ActionForm action=admit>
            <FormBody>
                <input type="hidden" name="user_code" value=code />
                <FormActions>
                    <Button variant=Variant::Primary full=true icon="check" pending=admit.pending()>
                        "Let it administer as me"
                    </Button>
                </FormActions>
            </FormBody>
        </ActionForm>
    }
}

#[component]
fn Stuck(hint: String) -> impl IntoView {
    view! {
        <Alert tone=Tone::Bad title="There is no workspace to connect to">
            {format!("The terminal asked for {hint}, and you may not enter any workspace yet. Ask an administrator for a role, then start the login again.")}
        </Alert>
    }
}

#[component]
fn ApproveForm(
    request: DeviceRequest,
    hint: Option<String>,
    approve: ServerAction<ApproveDevice>,
    error: Signal<Option<ApiError>>,
) -> impl IntoView {
    let missed = hint.clone().filter(|_| request.preselected.is_none());
    let mut choices: Vec<Choice> = request
        .workspaces
        .iter()
        .map(|w| {
            let name = if w.display_name == w.name {
                w.name.clone()
            } else {
                format!("{} ({})", w.display_name, w.name)
            };
            Choice::new(w.id.to_string(), format!("{name} · {}", w.org_name))
        })
        .collect();
    if request.preselected.is_none() && !choices.is_empty() {
        choices.insert(0, Choice::new("", "Choose a workspace"));
    }
    let chosen = request.preselected.map(|id| id.to_string()).unwrap_or_default();
    view! {
        <ActionForm action=approve>
            <FormBody>
                <input type="hidden" name="user_code" value=request.user_code />
                <input type="hidden" name="hint" value=hint.unwrap_or_default() />
                {missed.map(|hint| view! {
                    <Alert tone=Tone::Warn>
                        {format!("The terminal asked for {hint}, which you may not enter or which does not exist. Choose another, or deny.")}
                    </Alert>
                })}
                {if choices.is_empty() {
                    view! {
                        <Alert>"You may not enter any workspace yet. The device will be signed in to Reeve alone."</Alert>
                    }
                        .into_any()
                } else {
                    view! {
                        <Select
                            name="workspace"
                            label="Connect to"
                            options=choices
                            value=chosen
                            required=true
                            error=field_error(error, "workspace")
                        />
                    }
                        .into_any()
                }}
                <Checkbox
                    name="trusted"
                    label="Trust this device"
                    hint="It stays signed in for 30 days. Otherwise for 24 hours."
                />
                <FormActions>
                    <Button variant=Variant::Primary full=true icon="check" pending=approve.pending()>"Approve"</Button>
                </FormActions>
            </FormBody>
        </ActionForm>
    }
}

/// In quotes: it is what the device says.
fn named(hostname: &str) -> String {
    if hostname.is_empty() { "The device".to_owned() } else { format!("“{hostname}”") }
}
