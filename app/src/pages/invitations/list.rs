//! Invitations of an organization.

use super::made::MadeLinks;
use crate::api::invitations::{ResendInvitationSecret, RevokeInvitation, list_invitations};
use crate::api::load::load;
use crate::pages::members::list::OrgRoleBadge;
use crate::pages::{ErrorView, failure, missing, org_param};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use model::OrgId;
use model::invitation::{Invitation, InvitationState, MailState};
use model::page::Page;
use ui::{
    Badge, Button, Card, Cell, CellActions, Choice, Column, Confirm, ConfirmActions, Empty, FormError, Hide,
    LinkButton, PageHeader, Pagination, Row, Search, Select, Size, StatusDot, Table, Timestamp, Tone,
    Toolbar, Variant,
};

/// What the address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wanted {
    org: Option<OrgId>,
    search: Option<String>,
    state: Option<InvitationState>,
    cursor: Option<String>,
}

/// The two things that can be done with a row.
#[derive(Clone, Copy)]
struct Actions {
    resend: ServerAction<ResendInvitationSecret>,
    revoke: ServerAction<RevokeInvitation>,
}

/// Invitations of an organization.
#[component]
pub fn Invitations() -> impl IntoView {
    let (org, query) = (org_param(), use_query_map());
    let actions = Actions { resend: ServerAction::new(), revoke: ServerAction::new() };
    let Actions { resend, revoke } = actions;
    let wanted = Memo::new(move |_| {
        let query = query.read();
        let text = |name: &str| query.get(name).filter(|text| !text.is_empty());
        Wanted {
            org: org.get(),
            search: text("q"),
            state: text("state").and_then(|text| text.parse().ok()),
            cursor: text("cursor"),
        }
    });
    let data = load(
        move || (wanted.get(), resend.version().get(), revoke.version().get()),
        |(wanted, _, _)| async move {
            let org = wanted.org.ok_or_else(missing)?;
            list_invitations(org, wanted.search, wanted.state, wanted.cursor).await
        },
    );
    let error = Signal::derive(move || {
        failure(resend.value().read().as_ref()).or_else(|| failure(revoke.value().read().as_ref()))
    });
    let invite =
        move || org.get().map(|org| format!("/organizations/{org}/invitations/new")).unwrap_or_default();
    view! {
        <Title text="Invitations" />
        <PageHeader title="Invitations" lead="People who were asked to join. A link works once, for seven days.">
            {move || view! { <LinkButton href=invite() variant=Variant::Primary icon="user-plus" adds=true>"Invite people"</LinkButton> }}
        </PageHeader>
        <FormError error />
        {move || {
            let made = resend.value().get().and_then(Result::ok);
            made.map(|made| view! { <MadeLinks made=vec![made] /> })
        }}
        <Transition>
            {move || Suspend::new(async move {
                let wanted = wanted.get();
                match data.await {
                    Ok(page) => view! { <InvitationList wanted page actions /> }.into_any(),
                    Err(error) => view! { <ErrorView error=error.0 /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn InvitationList(wanted: Wanted, page: Page<Invitation>, actions: Actions) -> impl IntoView {
    let Some(org) = wanted.org else { return ().into_any() };
    let base = format!("/organizations/{org}/invitations");
    let (action, clear) = (base.clone(), base.clone());
    let filtered = wanted.search.is_some() || wanted.state.is_some();
    let next = page.next.map(|cursor| {
        let mut query = ParamsMap::new();
        if let Some(search) = &wanted.search {
            query.insert("q", search.clone());
        }
        if let Some(state) = wanted.state {
            query.insert("state", state.to_string());
        }
        query.insert("cursor", cursor);
        format!("{base}{}", query.to_query_string())
    });
    let states = std::iter::once(Choice::new("", "All states"))
        .chain(InvitationState::ALL.iter().map(|state| Choice::new(state.as_str(), state_word(*state))))
        .collect::<Vec<_>>();
    let state = wanted.state.map(|state| state.to_string()).unwrap_or_default();
    let columns = vec![
        Column::new("Address"),
        Column::new("State"),
        Column::new("Role").hide(Hide::Tablet),
        Column::new("Mail").hide(Hide::Phone),
        Column::new("Invited").hide(Hide::Tablet),
        Column::new("Runs out").hide(Hide::Tablet),
        Column::actions(),
    ];
    let empty = page.items.is_empty();
    // Dialogs stand outside of the table: a form in a cell's menu would vanish with it.
    let confirms = page
        .items
        .iter()
        .filter(|invitation| invitation.state == InvitationState::Open)
        .map(|invitation| view! { <RevokeDialog org invitation=invitation.clone() revoke=actions.revoke /> })
        .collect_view();
    let rows = page
        .items
        .into_iter()
        .map(|invitation| view! { <InvitationRow org invitation actions /> })
        .collect_view();
    let invite = format!("{base}/new");
    view! {
        <div class="flex flex-col gap-4">
            <Form method="GET" action>
                <Toolbar>
                    <Search label="Search addresses" value=wanted.search.clone().unwrap_or_default() />
                    <Select name="state" label="State" options=states value=state hide_label=true auto_submit=true />
                    <Button size=Size::Medium>"Search"</Button>
                    {filtered.then(|| view! { <LinkButton href=clear variant=Variant::Ghost icon="x">"Clear"</LinkButton> })}
                </Toolbar>
            </Form>
            <Card flush=true>
                {if !empty {
                    view! { <Table caption="Invitations" columns>{rows}</Table> }.into_any()
                } else if filtered {
                    view! {
                        <Empty icon="mail" title="No invitation matches" lead="Search for part of an address, or choose another state.">
                            <LinkButton href=base>"Show all invitations"</LinkButton>
                        </Empty>
                    }
                        .into_any()
                } else {
                    view! {
                        <Empty icon="mail" title="No invitations yet" lead="Invite colleagues by e-mail address. Roles you give them wait until they accept.">
                            <LinkButton href=invite variant=Variant::Secondary>"Invite people"</LinkButton>
                        </Empty>
                    }
                        .into_any()
                }}
            </Card>
            <Pagination next />
            {confirms}
        </div>
    }
    .into_any()
}

#[component]
fn InvitationRow(org: OrgId, invitation: Invitation, actions: Actions) -> impl IntoView {
    let open = invitation.state == InvitationState::Open;
    let resendable = matches!(invitation.state, InvitationState::Open | InvitationState::Expired);
    let grants = match invitation.grants.len() {
        0 => None,
        1 => Some("and a role in 1 workspace".to_owned()),
        n => Some(format!("and roles in {n} workspaces")),
    };
    view! {
        <Row quiet=!open>
            <Cell>
                <div class="max-w-80 truncate font-medium">{invitation.email}</div>
                <div class="truncate text-xs text-muted">"by " {invitation.invited_by}</div>
            </Cell>
            <Cell><StateDot state=invitation.state /></Cell>
            <Cell hide=Hide::Tablet>
                <OrgRoleBadge role=invitation.role />
                {grants.map(|grants| view! { <div class="text-xs text-muted">{grants}</div> })}
            </Cell>
            <Cell hide=Hide::Phone><Mail mail=invitation.mail open /></Cell>
            <Cell hide=Hide::Tablet><Timestamp at=invitation.created_at /></Cell>
            <Cell hide=Hide::Tablet>{
                // Only what is open, or ran out, has an end of its own; the others ended before it.
                if resendable {
                    view! { <Timestamp at=invitation.expires_at /> }.into_any()
                } else {
                    view! { <span class="text-muted">"Closed"</span> }.into_any()
                }
            }</Cell>
            <CellActions>
                {resendable.then(|| view! {
                    <ActionForm action=actions.resend>
                        <input type="hidden" name="org" value=org.to_string() />
                        <input type="hidden" name="id" value=invitation.id.to_string() />
                        <Button size=Size::Small>"Resend"</Button>
                    </ActionForm>
                })}
                {open.then(|| view! {
                    <Button size=Size::Small variant=Variant::Ghost opens=format!("revoke-{}", invitation.id)>"Revoke"</Button>
                })}
            </CellActions>
        </Row>
    }
}

#[component]
fn RevokeDialog(org: OrgId, invitation: Invitation, revoke: ServerAction<RevokeInvitation>) -> impl IntoView {
    let id = format!("revoke-{}", invitation.id);
    view! {
        <Confirm
            id=id.clone()
            title=format!("Revoke the invitation of {}", invitation.email)
            lead="Its links stop working at once. Nobody is told; you can invite the address again."
        >
            <ActionForm action=revoke>
                <input type="hidden" name="org" value=org.to_string() />
                <input type="hidden" name="id" value=invitation.id.to_string() />
                <ConfirmActions dialog=id label="Revoke invitation" />
            </ActionForm>
        </Confirm>
    }
}

#[component]
fn StateDot(state: InvitationState) -> impl IntoView {
    let tone = match state {
        InvitationState::Open => Tone::Accent,
        InvitationState::Accepted => Tone::Ok,
        InvitationState::Declined => Tone::Warn,
        InvitationState::Revoked | InvitationState::Expired => Tone::Neutral,
    };
    view! { <StatusDot tone>{state_word(state)}</StatusDot> }
}

const fn state_word(state: InvitationState) -> &'static str {
    match state {
        InvitationState::Open => "Open",
        InvitationState::Accepted => "Accepted",
        InvitationState::Declined => "Declined",
        InvitationState::Revoked => "Revoked",
        InvitationState::Expired => "Expired",
    }
}

#[component]
fn Mail(mail: MailState, open: bool) -> impl IntoView {
    match mail {
        MailState::NotSent if !open => view! { <span class="text-muted">"Not mailed"</span> }.into_any(),
        MailState::NotSent => view! { <span class="text-muted">"By hand"</span> }.into_any(),
        MailState::Queued => view! { <Badge icon="clock">"On its way"</Badge> }.into_any(),
        MailState::Sent { at } => view! { <span>"Sent " <Timestamp at /></span> }.into_any(),
        MailState::Retrying { attempts, reason, next_at } => view! {
            <div>
                <Badge tone=Tone::Warn icon="rotate-cw">{format!("Tried {attempts}×")}</Badge>
                <Reason reason />
                <div class="text-xs text-muted">"Again " <Timestamp at=next_at /></div>
            </div>
        }
        .into_any(),
        MailState::Failed { reason } => view! {
            <div>
                <Badge tone=Tone::Bad icon="circle-x">"Not delivered"</Badge>
                <Reason reason />
            </div>
        }
        .into_any(),
    }
}

/// What the mail server said, cut to the column; whole on hovering.
#[component]
fn Reason(reason: String) -> impl IntoView {
    let title = reason.clone();
    view! { <div class="max-w-64 truncate text-xs text-muted" title=title>{reason}</div> }
}
