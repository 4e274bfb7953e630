//! The page behind an invitation link: what is offered, by whom, and how to take it. Every state says what to do next.
//! Works without JavaScript.

use crate::api::invitations::{AcceptInvitation, DeclineInvitation, SignInForInvitation, view_invitation};
use crate::api::load::load;
use crate::layout::PublicFrame;
use crate::pages::{ErrorView, failure, text_param};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use model::invitation::{AcceptWay, InvitationState, InvitationView};
use ui::{
    Alert, Button, Centered, Definition, DefinitionList, Dialog, DialogSize, FormActions, FormBody,
    FormError, Input, LinkButton, Timestamp, Tone, Variant, field_error,
};

/// What can be done on this page.
#[derive(Clone, Copy)]
struct Actions {
    accept: ServerAction<AcceptInvitation>,
    decline: ServerAction<DeclineInvitation>,
    sign_in: ServerAction<SignInForInvitation>,
}

/// The page behind an invitation link.
#[component]
pub fn Invite() -> impl IntoView {
    let secret = text_param("secret");
    let actions =
        Actions { accept: ServerAction::new(), decline: ServerAction::new(), sign_in: ServerAction::new() };
    let Actions { accept, decline, .. } = actions;
    // Whoever has accepted is on the way to the organization and needs no word about the used link.
    let refused = Memo::new(move |before: Option<&usize>| {
        let (times, last) =
            (accept.version().get(), accept.value().with(|value| matches!(value, Some(Ok(())))));
        if last { before.copied().unwrap_or_default() } else { times }
    });
    let data = load(
        // After declining, and after somebody else was quicker, the page says where the invitation stands now.
        move || (secret.get(), refused.get(), decline.version().get()),
        |(secret, _, _)| view_invitation(secret),
    );
    view! {
        <Title text="Invitation" />
        <PublicFrame>
            <Transition>
                {move || Suspend::new(async move {
                    let link = secret.get_untracked();
                    match data.await {
                        Ok(seen) if seen.state == InvitationState::Open => view! { <Offer seen link actions /> }.into_any(),
                        Ok(seen) => view! { <Closed seen /> }.into_any(),
                        Err(error) => view! { <ErrorView error=error.0 /> }.into_any(),
                    }
                })}
            </Transition>
        </PublicFrame>
    }
}

#[component]
fn Offer(seen: InvitationView, link: String, actions: Actions) -> impl IntoView {
    let error = Signal::derive(move || {
        failure(actions.accept.value().read().as_ref())
            .or_else(|| failure(actions.decline.value().read().as_ref()))
            .or_else(|| failure(actions.sign_in.value().read().as_ref()))
    });
    let grants = seen
        .grants
        .iter()
        .map(|grant| {
            view! { <li>{grant.role_name.clone()} " in " <span class="font-medium">{grant.workspace_name.clone()}</span></li> }
        })
        .collect_view();
    let lead = format!("{} invited you.", seen.invited_by);
    let (title, org_name, has_grants) =
        (format!("Join {}", seen.org_name), seen.org_name.clone(), !seen.grants.is_empty());
    let (email, role, until) = (seen.email.clone(), seen.role.label(), seen.expires_at);
    let (declinable, for_decline) = (seen.way != AcceptWay::AlreadyMember, link.clone());
    view! {
        <Centered title lead>
            <div class="flex flex-col gap-6">
                <DefinitionList>
                    <Definition term="For">{email}</Definition>
                    <Definition term="Role">{role}</Definition>
                    {has_grants.then(|| view! { <Definition term="And"><ul>{grants}</ul></Definition> })}
                    <Definition term="Until"><Timestamp at=until full=true /></Definition>
                </DefinitionList>
                <FormError error />
                <Way seen link actions error />
                {declinable.then(|| view! { <Decline link=for_decline org_name decline=actions.decline /> })}
            </div>
        </Centered>
    }
}

#[component]
fn Way(
    seen: InvitationView,
    link: String,
    actions: Actions,
    #[prop(into)] error: Signal<Option<model::ApiError>>,
) -> impl IntoView {
    let Actions { accept, sign_in, .. } = actions;
    let again = link.clone();
    match seen.way {
        AcceptWay::NewAccount => view! {
            <ActionForm action=accept>
                <FormBody>
                    <input type="hidden" name="link" value=link />
                    <Input
                        name="name"
                        label="Your name"
                        hint="As your colleagues know you."
                        required=true
                        maxlength=100
                        autocomplete="name"
                        autofocus=true
                        error=field_error(error, "name")
                    />
                    <FormActions>
                        <Button variant=Variant::Primary full=true pending=accept.pending()>"Create account and join"</Button>
                    </FormActions>
                </FormBody>
            </ActionForm>
            <SignIn link=again sign_in label="Sign in to an account I have" quiet=true />
        }
        .into_any(),
        AcceptWay::SignedIn { name } => view! {
            <ActionForm action=accept>
                <FormBody>
                    <p class="text-sm text-muted">"You are signed in as " <span class="font-medium text-ink">{name}</span> "."</p>
                    <input type="hidden" name="link" value=link />
                    <input type="hidden" name="name" value="" />
                    <FormActions>
                        <Button variant=Variant::Primary full=true pending=accept.pending()>"Accept and join"</Button>
                    </FormActions>
                </FormBody>
            </ActionForm>
        }
        .into_any(),
        AcceptWay::SignIn => view! {
            <div class="flex flex-col gap-4">
                <p class="text-sm text-muted text-pretty">
                    "You have an account with this address. Sign in, and you come back here to accept."
                </p>
                <SignIn link sign_in label="Sign in to accept" quiet=false />
            </div>
        }
        .into_any(),
        AcceptWay::OtherAccount { signed_in_as } => view! {
            <div class="flex flex-col gap-4">
                <Alert tone=Tone::Warn title="This is for another account">
                    "You are signed in as " <span class="font-medium">{signed_in_as}</span>
                    ", and the invitation is for " <span class="font-medium">{seen.email}</span>
                    ". Sign in with that account instead; this browser then leaves the one it is signed in with."
                </Alert>
                <SignIn link sign_in label="Sign in with the other account" quiet=false />
            </div>
        }
        .into_any(),
        AcceptWay::AlreadyMember => view! {
            <div class="flex flex-col gap-4">
                <Alert tone=Tone::Ok title="You are a member already">"There is nothing to accept."</Alert>
                <LinkButton href="/" variant=Variant::Primary full=true>"Go to the start page"</LinkButton>
            </div>
        }
        .into_any(),
    }
}

#[component]
fn SignIn(
    link: String,
    sign_in: ServerAction<SignInForInvitation>,
    label: &'static str,
    quiet: bool,
) -> impl IntoView {
    let variant = if quiet { Variant::Ghost } else { Variant::Primary };
    view! {
        <ActionForm action=sign_in>
            <input type="hidden" name="link" value=link />
            <Button variant full=true pending=sign_in.pending()>{label}</Button>
        </ActionForm>
    }
}

#[component]
fn Decline(link: String, org_name: String, decline: ServerAction<DeclineInvitation>) -> impl IntoView {
    view! {
        <div class="border-t border-line-soft pt-4">
            <Button variant=Variant::Ghost full=true opens="decline">"Decline"</Button>
            <Dialog
                id="decline"
                title=format!("Decline to join {org_name}")
                lead="The link stops working. Whoever invited you sees that you declined and can invite you again."
                size=DialogSize::Small
                close_on_submit=true
            >
                <ActionForm action=decline>
                    <input type="hidden" name="link" value=link />
                    <ui::ConfirmActions dialog="decline" label="Decline invitation" />
                </ActionForm>
            </Dialog>
        </div>
    }
}

#[component]
fn Closed(seen: InvitationView) -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::GONE);
    }
    let (inviter, org) = (seen.invited_by, seen.org_name);
    let (title, lead) = match seen.state {
        InvitationState::Accepted => (
            "This invitation was used",
            format!("Somebody joined {org} with it. If that was you, sign in; if not, tell {inviter}."),
        ),
        InvitationState::Declined => (
            "This invitation was declined",
            format!("If that was a mistake, ask {inviter} for a new invitation to {org}."),
        ),
        InvitationState::Revoked => (
            "This invitation was taken back",
            format!(
                "{inviter} or another administrator of {org} revoked it. Ask them if you expected to join."
            ),
        ),
        InvitationState::Expired | InvitationState::Open => (
            "This invitation has run out",
            format!("Links work for seven days. Ask {inviter} to send the invitation to {org} again."),
        ),
    };
    view! {
        <Centered title lead>
            <LinkButton href="/" full=true>
                {if seen.way == AcceptWay::AlreadyMember { "Go to the start page" } else { "Sign in" }}
            </LinkButton>
        </Centered>
    }
}
