//! Inviting people.

use super::made::MadeLinks;
use crate::api::invitations::{InviteSecret, get_invitation_choices};
use crate::api::load::load;
use crate::pages::{ErrorView, failure, missing, org_param};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use model::invitation::{InvitationChoices, InvitedWorkspace};
use model::{OrgId, OrgRole, WorkspaceRole};
use ui::{
    Alert, Button, Card, Choice, Cluster, FormActions, FormBody, FormError, LinkButton, PageHeader,
    RadioCards, Select, Textarea, Tone, Variant, field_error,
};

/// Inviting people.
#[component]
pub fn NewInvitation() -> impl IntoView {
    let org = org_param();
    let action = ServerAction::<InviteSecret>::new();
    let data = load(
        move || org.get(),
        |org| async move {
            let org = org.ok_or_else(missing)?;
            Ok((org, get_invitation_choices(org).await?))
        },
    );
    view! {
        <Title text="Invite people" />
        <PageHeader title="Invite people" lead="They join with the roles you choose here, once they accept." />
        <Transition>
            {move || Suspend::new(async move {
                match data.await {
                    Ok((org, choices)) => view! { <Inviting org choices action /> }.into_any(),
                    Err(crate::api::Error(error)) => view! { <ErrorView error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Inviting(org: OrgId, choices: InvitationChoices, action: ServerAction<InviteSecret>) -> impl IntoView {
    let query = use_query_map();
    let before = choices.just_made.clone();
    // What came back: to the hydrated form, or through the redirect after a form post without JavaScript. A memo, so
    // that a refused attempt leaves the form where it is.
    let made = Memo::new(move |_| {
        let answered = action.value().get().and_then(Result::ok);
        answered.or_else(|| before.clone()).map(|made| made.invitations)
    });
    let hidden = Memo::new(move |_| {
        let counted = query.read().get("made").and_then(|text| text.parse::<usize>().ok()).unwrap_or(0);
        let shown = made.with(|made| made.as_ref().map_or(0, Vec::len));
        let answered = action.value().with(|value| matches!(value, Some(Ok(_))));
        if answered { 0 } else { counted.saturating_sub(shown) }
    });
    let list = format!("/organizations/{org}/invitations");
    let again = format!("{list}/new");
    move || {
        let (list, again) = (list.clone(), again.clone());
        let (made, hidden) = (made.get(), hidden.get());
        let shown = made.as_ref().map_or(0, Vec::len);
        if shown == 0 && hidden == 0 {
            return view! { <InviteForm org choices=choices.clone() action /> }.into_any();
        }
        view! {
            <div class="flex max-w-3xl flex-col gap-5">
                {made.map(|made| view! { <MadeLinks made /> })}
                {(hidden > 0).then(|| view! {
                    <Alert tone=Tone::Neutral title=format!("{hidden} more invitations were made")>
                        "Their links cannot be shown again. Resend an invitation to get a new one."
                    </Alert>
                })}
                <Cluster>
                    <LinkButton href=list variant=Variant::Primary>"Go to invitations"</LinkButton>
                    <LinkButton href=again external=true>"Invite more people"</LinkButton>
                </Cluster>
            </div>
        }
        .into_any()
    }
}

#[component]
fn InviteForm(org: OrgId, choices: InvitationChoices, action: ServerAction<InviteSecret>) -> impl IntoView {
    let error = Signal::derive(move || failure(action.value().read().as_ref()));
    // The one that allows the least first: it is what most people get.
    let roles = OrgRole::ALL
        .iter()
        .rev()
        .map(|role| Choice::new(role.as_str(), role.label()).hint(role.summary()))
        .collect::<Vec<_>>();
    let hint = if choices.mailed {
        "One or many, divided by commas or line breaks. Each gets a mail."
    } else {
        "One or many, divided by commas or line breaks. You get a link for each to hand over."
    };
    view! {
        <Card>
            <ActionForm action>
                <FormBody>
                    <FormError error />
                    {(!choices.mailed).then(|| view! {
                        <Alert tone=Tone::Neutral title="No mail server is set">
                            "Nobody is mailed. After inviting, copy each link and hand it over yourself."
                        </Alert>
                    })}
                    <input type="hidden" name="org" value=org.to_string() />
                    <Textarea
                        name="emails"
                        label="E-mail addresses"
                        hint
                        rows=4
                        required=true
                        error=field_error(error, "emails")
                    />
                    <RadioCards name="role" legend="Role in the organization" value=OrgRole::Member.as_str() options=roles />
                    <WorkspaceRoles workspaces=choices.workspaces error=field_error(error, "grants") />
                    <FormActions>
                        <Button variant=Variant::Primary pending=action.pending()>"Send invitations"</Button>
                        <LinkButton href=format!("/organizations/{org}/invitations") variant=Variant::Ghost>"Cancel"</LinkButton>
                    </FormActions>
                </FormBody>
            </ActionForm>
        </Card>
    }
}

#[component]
fn WorkspaceRoles(
    workspaces: Vec<InvitedWorkspace>,
    #[prop(into)] error: Signal<Option<String>>,
) -> impl IntoView {
    if workspaces.is_empty() {
        return ().into_any();
    }
    let selects = workspaces
        .into_iter()
        .enumerate()
        .map(|(n, workspace)| {
            let roles = std::iter::once(Choice::new("", "No role"))
                .chain(WorkspaceRole::ALL.iter().map(|role| Choice::new(format!("{}:{role}", workspace.id), role.label())))
                .collect::<Vec<_>>();
            view! { <Select id=format!("field-grants-{n}") name=format!("grants[{n}]") label=workspace.name options=roles /> }
        })
        .collect_view();
    view! {
        <fieldset class="min-w-0">
            <legend class="mb-1.5 text-sm font-medium">"Roles in workspaces"</legend>
            <p class="mb-3 text-sm text-muted text-pretty">
                "They wait on the invitation. Organization Admins and Viewers may enter every workspace without one."
            </p>
            <div class="grid gap-3 sm:grid-cols-2">{selects}</div>
            {move || error.get().map(|text| view! { <p class="mt-1.5 text-sm text-bad">{text}</p> })}
        </fieldset>
    }
    .into_any()
}
