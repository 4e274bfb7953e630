//! Devices that signed in by a code.

use crate::api::devices::{RevokeDevice, list_devices};
use crate::api::load::load;
use crate::pages::{ErrorView, failure};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use model::device::Device;
use ui::{
    Badge, Button, ButtonKind, Card, Cell, CellActions, Column, Confirm, ConfirmActions, Empty, FormError,
    Hide, LinkButton, PageHeader, Row, Table, Timestamp, Tone, Variant,
};

/// One's own devices.
#[component]
pub fn Devices() -> impl IntoView {
    let revoke = ServerAction::<RevokeDevice>::new();
    let devices = load(move || revoke.version().get(), |_| list_devices());
    let error = Signal::derive(move || failure(revoke.value().read().as_ref()));
    view! {
        <Title text="Devices" />
        <PageHeader
            title="Devices"
            lead="Command lines you signed in with zenml login. Each works as you in your workspaces. Revoke one you no longer use."
        >
            <LinkButton href="/devices/verify" icon="smartphone">"Enter a code"</LinkButton>
        </PageHeader>
        <FormError error />
        <Transition>
            {move || Suspend::new(async move {
                match devices.await {
                    Ok(devices) => view! { <DeviceTable devices revoke /> }.into_any(),
                    Err(error) => view! { <ErrorView error=error.0 /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn DeviceTable(devices: Vec<Device>, revoke: ServerAction<RevokeDevice>) -> impl IntoView {
    if devices.is_empty() {
        return view! {
            <Card flush=true>
                <Empty
                    icon="laptop"
                    title="No devices yet"
                    lead="Run zenml login in a terminal. It opens a page here on which you compare a code and approve."
                />
            </Card>
        }
        .into_any();
    }
    let columns = vec![
        Column::new("Device"),
        Column::new("Workspace").hide(Hide::Phone),
        Column::new("Last used"),
        Column::new("Signed in until").hide(Hide::Phone),
        Column::new("Approved").hide(Hide::Tablet),
        Column::actions(),
    ];
    let rows = devices.into_iter().map(|device| view! { <DeviceRow device revoke /> }).collect_view();
    view! {
        <Card flush=true>
            <Table caption="Your devices" columns>{rows}</Table>
        </Card>
    }
    .into_any()
}

#[component]
fn DeviceRow(device: Device, revoke: ServerAction<RevokeDevice>) -> impl IntoView {
    let dialog = format!("revoke-{}", device.id);
    let name = if device.hostname.is_empty() { "Unnamed device".to_owned() } else { device.hostname };
    let question = format!("Revoke {name}?");
    let about = about(&device.os, &device.client_version, &device.ip);
    let state = if device.revoked_at.is_some() {
        Some((Tone::Neutral, "Revoked"))
    } else if !device.works {
        Some((Tone::Neutral, "Run out"))
    } else if device.trusted {
        Some((Tone::Ok, "Trusted"))
    } else {
        None
    };
    let used = device.last_seen_at.map_or_else(
        || view! { <span class="text-muted">"Not yet"</span> }.into_any(),
        |at| view! { <Timestamp at /> }.into_any(),
    );
    view! {
        <Row quiet=!device.works>
            <Cell>
                <div class="flex flex-wrap items-center gap-2">
                    <span class="font-medium break-all">{name}</span>
                    {state.map(|(tone, word)| view! { <Badge tone=tone>{word}</Badge> })}
                </div>
                <div class="text-xs text-muted">{about}</div>
            </Cell>
            <Cell hide=Hide::Phone>{device.workspace.unwrap_or_else(|| "None chosen".to_owned())}</Cell>
            <Cell>{used}</Cell>
            <Cell hide=Hide::Phone><Timestamp at=device.expires_at /></Cell>
            <Cell hide=Hide::Tablet><Timestamp at=device.approved_at /></Cell>
            <CellActions>
                {device.works.then(|| view! {
                    <Button kind=ButtonKind::Button variant=Variant::Secondary opens=dialog.clone()>"Revoke"</Button>
                    <Confirm
                        id=dialog.clone()
                        title=question
                        lead="Its command line is signed out at its next request here. Inside a workspace it may stay signed in for up to an hour."
                    >
                        <ActionForm action=revoke>
                            <input type="hidden" name="id" value=device.id.to_string() />
                            <ConfirmActions dialog=dialog.clone() label="Revoke device" />
                        </ActionForm>
                    </Confirm>
                })}
            </CellActions>
        </Row>
    }
}

/// What a device said of itself, in one line.
fn about(os: &str, version: &str, ip: &str) -> String {
    let version = if version.is_empty() { String::new() } else { format!("ZenML {version}") };
    [os, version.as_str(), ip].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
