//! Devices that signed in by a code.

use crate::api::devices::{RevokeDevice, RevokeDevices, list_devices};
use crate::api::load::load;
use crate::pages::{ErrorView, failure};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use model::DeviceId;
use model::device::{Device, DevicePurpose};
use ui::{
    Badge, Button, ButtonKind, Card, Cell, CellActions, Column, Confirm, ConfirmActions, Empty, FormError,
    Hide, LinkButton, PageHeader, Row, Table, Timestamp, Tone, Variant,
};

/// One's own devices.
#[component]
pub fn Devices() -> impl IntoView {
    let revoke = ServerAction::<RevokeDevice>::new();
    let revoke_all = ServerAction::<RevokeDevices>::new();
    let devices = load(move || (revoke.version().get(), revoke_all.version().get()), |_| list_devices());
    let error = Signal::derive(move || {
        failure(revoke.value().read().as_ref()).or_else(|| failure(revoke_all.value().read().as_ref()))
    });
    view! {
        <Title text="Devices" />
        <PageHeader
            title="Devices"
            lead="Command lines you signed in with zenml login or reeve login. Those of ZenML work as you in your workspaces, trusted ones for 30 days, others for 24 hours. One of Reeve administers as you for 12 hours. Revoke what you no longer use."
        >
            <Button kind=ButtonKind::Button variant=Variant::Secondary icon="log-out" opens="revoke-all">
                "Revoke all devices"
            </Button>
            <LinkButton href="/devices/verify" icon="smartphone">"Enter a code"</LinkButton>
        </PageHeader>
        <Confirm
            id="revoke-all"
            title="Revoke all devices"
            lead="Every command line is signed out at its next request here. Inside a workspace it may stay signed in for up to an hour."
        >
            <ActionForm action=revoke_all>
                <ConfirmActions dialog="revoke-all" label="Revoke all devices" />
            </ActionForm>
        </Confirm>
        <FormError error />
        <Transition>
            {move || Suspend::new(async move {
                match devices.await {
                    Ok(devices) if devices.is_empty() => view! { <NoDevices /> }.into_any(),
                    Ok(devices) => view! {
                        <Card flush=true>
                            <DeviceTable
                                caption="Your devices"
                                devices
                                revokes=Callback::new(move |device| view! { <Revoke device revoke /> }.into_any())
                            />
                        </Card>
                    }
                    .into_any(),
                    Err(error) => view! { <ErrorView error=error.0 /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn NoDevices() -> impl IntoView {
    view! {
        <Card flush=true>
            <Empty
                icon="laptop"
                title="No devices yet"
                lead="Run zenml login in a terminal. It opens a page here on which you compare a code and approve."
            />
        </Card>
    }
}

#[component]
fn Revoke(device: DeviceId, revoke: ServerAction<RevokeDevice>) -> impl IntoView {
    let dialog = dialog_of(device);
    view! {
        <ActionForm action=revoke>
            <input type="hidden" name="id" value=device.to_string() />
            <ConfirmActions dialog label="Revoke device" />
        </ActionForm>
    }
}

/// The id of the dialog in which a device is revoked.
pub(crate) fn dialog_of(device: DeviceId) -> String {
    format!("revoke-{device}")
}

/// Devices with what they said of themselves.
#[component]
pub(crate) fn DeviceTable(
    /// Whose they are, read aloud.
    #[prop(into)]
    caption: String,
    /// What is listed.
    devices: Vec<Device>,
    /// Makes the form that revokes one of them, where the reader may.
    #[prop(optional_no_strip, into)]
    revokes: Option<Callback<DeviceId, AnyView>>,
) -> impl IntoView {
    let columns = vec![
        Column::new("Device"),
        Column::new("Workspace").hide(Hide::Phone),
        Column::new("Last used"),
        Column::new("Signed in until").hide(Hide::Phone),
        Column::new("Approved").hide(Hide::Tablet),
        Column::actions(),
    ];
    let rows = devices
        .into_iter()
        .map(|device| {
            let form = revokes.filter(|_| device.works).map(|revokes| revokes.run(device.id));
            view! { <DeviceRow device form /> }
        })
        .collect_view();
    view! { <Table caption columns>{rows}</Table> }
}

#[component]
fn DeviceRow(device: Device, form: Option<AnyView>) -> impl IntoView {
    let dialog = dialog_of(device.id);
    let name = if device.hostname.is_empty() { "Unnamed device".to_owned() } else { device.hostname };
    let question = format!("Revoke {name}?");
    let about = format!("{} · {}", device.agent, device.place);
    let state = if device.revoked_at.is_some() {
        Some((Tone::Neutral, "Revoked"))
    } else if !device.works {
        Some((Tone::Neutral, "Run out"))
    } else if device.purpose == DevicePurpose::Administering {
        Some((Tone::Warn, "Administers"))
    } else if device.trusted {
        Some((Tone::Ok, "Trusted"))
    } else {
        None
    };
    let workspace = device.workspace.unwrap_or_else(|| match device.purpose {
        DevicePurpose::Workspaces => "None chosen".to_owned(),
        DevicePurpose::Administering => "None".to_owned(),
    });
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
            <Cell hide=Hide::Phone>{workspace}</Cell>
            <Cell>{used}</Cell>
            <Cell hide=Hide::Phone><Timestamp at=device.expires_at /></Cell>
            <Cell hide=Hide::Tablet><Timestamp at=device.approved_at /></Cell>
            <CellActions>
                {form.map(|form| view! {
                    <Button kind=ButtonKind::Button variant=Variant::Secondary opens=dialog.clone()>"Revoke"</Button>
                    <Confirm
                        id=dialog.clone()
                        title=question
                        lead="Its command line is signed out at its next request here. Inside a workspace it may stay signed in for up to an hour."
                    >
                        {form}
                    </Confirm>
                })}
            </CellActions>
        </Row>
    }
}
