//! Where a member is signed in, for administrators. Loaded with the pages of one's own sessions, whose tables it shares.

use crate::api::load::load;
use crate::api::member_sessions::{
    EndMemberSession, EndMemberSessions, RevokeMemberDevice, list_member_sessions,
};
use crate::pages::me::devices::{DeviceTable, dialog_of};
use crate::pages::me::sessions::{SessionTable, amount};
use crate::pages::{ErrorView, failure, missing, org_param, text_param};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use model::session::{Ended, MemberSessions};
use model::{ApiError, DeviceId, OrgId, SessionId, UserId};
use ui::{
    Alert, Button, ButtonKind, Card, Confirm, ConfirmActions, Empty, FormError, PageHeader, Tone, Variant,
};

#[derive(Clone, Copy)]
struct Actions {
    end: ServerAction<EndMemberSession>,
    revoke: ServerAction<RevokeMemberDevice>,
    end_all: ServerAction<EndMemberSessions>,
}

impl Actions {
    fn new() -> Self {
        Self { end: ServerAction::new(), revoke: ServerAction::new(), end_all: ServerAction::new() }
    }

    fn version(self) -> usize {
        self.end.version().get() + self.revoke.version().get() + self.end_all.version().get()
    }

    fn error(self) -> Signal<Option<ApiError>> {
        Signal::derive(move || {
            failure(self.end.value().read().as_ref())
                .or_else(|| failure(self.revoke.value().read().as_ref()))
                .or_else(|| failure(self.end_all.value().read().as_ref()))
        })
    }
}

/// Sessions and devices of one member.
#[component]
pub fn MemberSessionsPage() -> impl IntoView {
    let (org, user) = (org_param(), text_param("user"));
    let actions = Actions::new();
    let data = load(
        move || (org.get(), user.get(), actions.version()),
        |(org, user, _)| async move {
            let user: UserId = user.parse().map_err(|_| missing())?;
            let org = org.ok_or_else(missing)?;
            Ok((org, user, list_member_sessions(org, user).await?))
        },
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match data.await {
                    Ok((org, user, held)) => view! { <Held org user held actions /> }.into_any(),
                    Err(crate::api::Error(error)) => view! { <ErrorView error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Held(org: OrgId, user: UserId, held: MemberSessions, actions: Actions) -> impl IntoView {
    let MemberSessions { name, sessions, devices, obstacle } = held;
    let may = obstacle.is_none();
    let living = Ended {
        sessions: u32::try_from(sessions.len()).unwrap_or(u32::MAX),
        devices: u32::try_from(devices.iter().filter(|device| device.works).count()).unwrap_or(u32::MAX),
    };
    let lead = format!("Browsers in which {name} is signed in, and command lines they approved.");
    let end_all = (may && living != Ended::default())
        .then(|| view! { <EndAll org user name=name.clone() living end_all=actions.end_all /> });
    let ends = may.then(|| {
        Callback::new(move |id: SessionId| view! { <End org user id end=actions.end /> }.into_any())
    });
    let revokes = may.then(|| {
        Callback::new(move |id: DeviceId| view! { <Revoke org user id revoke=actions.revoke /> }.into_any())
    });
    let (of_sessions, of_devices) = (format!("Sessions of {name}"), format!("Devices of {name}"));
    view! {
        <Title text=of_sessions.clone() />
        <PageHeader title="Sessions and devices" lead>
            {end_all}
        </PageHeader>
        <FormError error=actions.error() />
        <div class="flex flex-col gap-6">
            {obstacle.map(|why| view! { <Alert tone=Tone::Warn title="Not yours to end">{why}</Alert> })}
            <Card flush=true>
                {if sessions.is_empty() {
                    view! { <Empty icon="monitor" title="No sessions to show" lead="Sessions that hold are listed here." /> }
                        .into_any()
                } else {
                    view! { <SessionTable caption=of_sessions sessions ends /> }.into_any()
                }}
            </Card>
            <Card flush=true>
                {if devices.is_empty() {
                    view! { <Empty icon="laptop" title="No devices to show" lead="Approved command lines are listed here." /> }
                        .into_any()
                } else {
                    view! { <DeviceTable caption=of_devices devices revokes /> }.into_any()
                }}
            </Card>
        </div>
    }
}

#[component]
fn EndAll(
    org: OrgId,
    user: UserId,
    name: String,
    living: Ended,
    end_all: ServerAction<EndMemberSessions>,
) -> impl IntoView {
    let lead = format!(
        "{name} is signed out of {} at the next request, and can sign in again. Inside a workspace it may take up to an \
         hour. Personal access tokens go on.",
        amount(living)
    );
    view! {
        <Button kind=ButtonKind::Button variant=Variant::Danger opens="end-all">"End all"</Button>
        <Confirm id="end-all" title=format!("End all sessions and devices of {name}") lead>
            <ActionForm action=end_all>
                <input type="hidden" name="org" value=org.to_string() />
                <input type="hidden" name="user" value=user.to_string() />
                <ConfirmActions dialog="end-all" label="End all" />
            </ActionForm>
        </Confirm>
    }
}

#[component]
fn End(org: OrgId, user: UserId, id: SessionId, end: ServerAction<EndMemberSession>) -> impl IntoView {
    view! {
        <ActionForm action=end>
            <input type="hidden" name="org" value=org.to_string() />
            <input type="hidden" name="user" value=user.to_string() />
            <input type="hidden" name="id" value=id.to_string() />
            <Button variant=Variant::Secondary>"End session"</Button>
        </ActionForm>
    }
}

#[component]
fn Revoke(org: OrgId, user: UserId, id: DeviceId, revoke: ServerAction<RevokeMemberDevice>) -> impl IntoView {
    view! {
        <ActionForm action=revoke>
            <input type="hidden" name="org" value=org.to_string() />
            <input type="hidden" name="user" value=user.to_string() />
            <input type="hidden" name="id" value=id.to_string() />
            <ConfirmActions dialog=dialog_of(id) label="Revoke device" />
        </ActionForm>
    }
}
