//! One workspace: how it does, who may enter, its keys, its end.

use super::StatusBadge;
use super::facts::{Facts, SignIn};
use super::give::GiveRole;
use super::grants::{GrantActions, Grants};
use super::keys::{KeyActions, Keys};
use super::people::People;
use super::projects::{Making, Projects};
use super::sign_in::{Saving, WithReeve};
use crate::api::load::load;
use crate::api::workspaces::{DeleteWorkspace, SetWorkspaceActive, UpdateWorkspace, get_workspace};
use crate::pages::{ErrorView, failure, saved_after, successes, text_param};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use model::grant::Place;
use model::workspace::{TokenAlgorithm, WorkspaceDetail, WorkspaceStatus};
use ui::{
    Alert, Button, ButtonKind, Card, Choice, Confirm, ConfirmActions, FormActions, FormBody, FormError,
    Input, PageHeader, Saved, Select, Split, SplitAside, SplitMain, Textarea, Tone, Variant, field_error,
};

#[derive(Clone, Copy)]
struct Actions {
    grants: GrantActions,
    projects: Making,
    keys: KeyActions,
    sign_in: Saving,
    update: ServerAction<UpdateWorkspace>,
    saved: Signal<bool>,
    set_active: ServerAction<SetWorkspaceActive>,
    delete: ServerAction<DeleteWorkspace>,
}

impl Actions {
    fn new() -> Self {
        let update = ServerAction::new();
        Self {
            grants: GrantActions::new(),
            projects: Making::new(),
            keys: KeyActions { rotate: ServerAction::new(), revoke: ServerAction::new() },
            sign_in: Saving::new(),
            update,
            saved: saved_after(successes(update)),
            set_active: ServerAction::new(),
            delete: ServerAction::new(),
        }
    }

    /// Changes with every change made on this page, but for the deletion, after which there is nothing to read.
    fn version(self) -> usize {
        self.grants.done()
            + self.projects.done.get()
            + self.keys.rotate.version().get()
            + self.keys.revoke.version().get()
            + self.sign_in.done.get()
            + self.update.version().get()
            + self.set_active.version().get()
    }
}

/// One workspace, and every address below it that a ZenML client prints.
#[component]
pub fn WorkspacePage() -> impl IntoView {
    let name = text_param("name");
    let actions = Actions::new();
    let data =
        load(move || (name.get(), actions.version()), |(name, _)| async move { get_workspace(name).await });
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(detail) => view! { <Detail detail actions /> }.into_any(),
                    Err(error) => view! { <ErrorView error=error.0 /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Detail(detail: WorkspaceDetail, actions: Actions) -> impl IntoView {
    let can = detail.can;
    let row = detail.row.clone();
    let (workspace, status) = (row.id, row.status);
    let (title, heading) = (row.display_name.clone(), row.display_name.clone());
    let lead = if detail.description.is_empty() {
        format!("In {}", detail.org_name)
    } else {
        detail.description.clone()
    };
    // The workspace makes projects, not Reeve: it has to be there, and whoever asks has to be known to it.
    let can_create = can.enter && status == WorkspaceStatus::Available;
    // Somebody can always enter: where nobody is named, the reader may not know who.
    let knows = !detail.people.is_empty();
    let (for_access, for_facts, for_sign_in) = (detail.clone(), detail.clone(), detail.clone());
    let (for_settings, for_end) = (detail.clone(), detail.clone());
    view! {
        <Title text=title />
        <PageHeader title=heading lead badge=move || view! { <StatusBadge status /> } />
        <Split>
            <SplitMain>
                <div class="flex flex-col gap-6">
                    <Waiting status can_keys=can.keys />
                    <Access detail=for_access actions=actions.grants />
                    <Projects
                        workspace
                        name=row.name
                        projects=knows.then_some(detail.projects)
                        can_create
                        making=actions.projects
                    />
                    {can.keys.then(|| view! { <Keys workspace keys=detail.keys just_made=detail.just_made actions=actions.keys /> })}
                    {detail
                        .sign_in
                        .map(|settings| view! { <WithReeve workspace settings saving=actions.sign_in /> })}
                    {can.update.then(|| view! { <Settings detail=for_settings action=actions.update saved=actions.saved /> })}
                    {can.delete.then(|| view! { <End detail=for_end actions /> })}
                    {(!can.update && !can.grant)
                        .then(|| {
                            view! {
                                <Alert tone=Tone::Neutral title="You work here, others manage it">
                                    "Workspace Admins and Organization Admins give roles and change settings."
                                </Alert>
                            }
                        })}
                </div>
            </SplitMain>
            <SplitAside label="Facts">
                <SignIn detail=for_sign_in />
                <Facts detail=for_facts />
            </SplitAside>
        </Split>
    }
}

/// Who may enter and the roles given here; nothing for those who may not know.
#[component]
fn Access(detail: WorkspaceDetail, actions: GrantActions) -> impl IntoView {
    let (workspace, can_take) = (detail.row.id, detail.can.grant);
    if detail.people.is_empty() {
        return ().into_any();
    }
    let here = Place::Workspace(workspace);
    let choices = detail.choices;
    view! {
        <People
            lead="Who may sign in to this workspace, and through what. A change holds from their next request on."
            people=detail.people
            total=detail.people_total
            here
        />
        <Grants workspace name=detail.row.name here grants=detail.grants can_take actions>
            {choices.map(|choices| view! { <GiveRole workspace choices actions /> })}
        </Grants>
    }
    .into_any()
}

/// What to do while nobody can sign in.
#[component]
fn Waiting(status: WorkspaceStatus, can_keys: bool) -> impl IntoView {
    match status {
        WorkspaceStatus::Pending => {
            let what = if can_keys {
                "Start its server with the lines you got with its key. If they are lost, rotate the key below to get new ones."
            } else {
                "An Organization Admin has to start its server first."
            };
            view! { <Alert tone=Tone::Warn title="Waiting for its server">{what}</Alert> }.into_any()
        }
        WorkspaceStatus::Deactivated => view! {
            <Alert tone=Tone::Neutral title="Deactivated">
                "Nobody signs in, and its server’s keys are refused. Everything else is kept."
            </Alert>
        }
        .into_any(),
        WorkspaceStatus::Available | WorkspaceStatus::Deleted => ().into_any(),
    }
}

#[component]
fn Settings(
    detail: WorkspaceDetail,
    action: ServerAction<UpdateWorkspace>,
    saved: Signal<bool>,
) -> impl IntoView {
    let error = Signal::derive(move || failure(action.value().read().as_ref()));
    view! {
        <Card title="Name, description and tokens">
            <ActionForm action>
                <FormBody>
                    <FormError error />
                    <input type="hidden" name="workspace" value=detail.row.id.to_string() />
                    <Input
                        name="display_name"
                        label="Name"
                        value=detail.row.display_name
                        required=true
                        maxlength=100
                        error=field_error(error, "display_name")
                    />
                    <Textarea
                        name="description"
                        label="Description"
                        value=detail.description
                        maxlength=1000
                        error=field_error(error, "description")
                    />
                    <Select
                        name="token_algorithm"
                        label="Tokens are signed with"
                        options=algorithms()
                        value=detail.token_algorithm.as_str()
                        hint="ID tokens and access tokens of this workspace. Choose RS256 for a program that does not take the others."
                        error=field_error(error, "token_algorithm")
                    />
                    <FormActions>
                        <Button pending=action.pending()>"Save"</Button>
                        <Saved when=saved />
                    </FormActions>
                </FormBody>
            </ActionForm>
        </Card>
    }
}

/// With what tokens can be signed, and what speaks for it.
fn algorithms() -> Vec<Choice> {
    let choice = |algorithm: &TokenAlgorithm| {
        let why = match algorithm {
            TokenAlgorithm::EdDsa => "Ed25519, small and fast",
            TokenAlgorithm::Es256 => "P-256, widely understood",
            TokenAlgorithm::Rs256 => "for verifiers that know nothing else",
        };
        Choice::new(algorithm.as_str(), format!("{algorithm}: {why}"))
    };
    TokenAlgorithm::ALL.iter().map(choice).collect()
}

#[component]
fn End(detail: WorkspaceDetail, actions: Actions) -> impl IntoView {
    let error = Signal::derive(move || {
        failure(actions.set_active.value().read().as_ref())
            .or_else(|| failure(actions.delete.value().read().as_ref()))
    });
    let row = detail.row;
    let off = row.status == WorkspaceStatus::Deactivated;
    let consequence = if off {
        "People can sign in again, and its server’s keys work again."
    } else {
        "Nobody can sign in, and its server is refused at its next call, until you activate it again."
    };
    let (id, name) = (row.id.to_string(), row.name);
    let again = id.clone();
    let pending = actions.set_active.pending();
    let switch = if off {
        view! {
            <ActionForm action=actions.set_active>
                <input type="hidden" name="workspace" value=id />
                <input type="hidden" name="active" value="true" />
                <Button pending>"Activate workspace"</Button>
            </ActionForm>
        }
        .into_any()
    } else {
        view! {
            <Button kind=ButtonKind::Button opens="deactivate-workspace">"Deactivate workspace"</Button>
            <Confirm
                id="deactivate-workspace"
                title=format!("Deactivate {name}")
                lead="Everybody is cut off at once and its server is refused, until it is activated again. Nothing is removed."
            >
                <ActionForm action=actions.set_active>
                    <input type="hidden" name="workspace" value=id />
                    <input type="hidden" name="active" value="false" />
                    <ConfirmActions dialog="deactivate-workspace" label="Deactivate workspace" pending />
                </ActionForm>
            </Confirm>
        }
        .into_any()
    };
    view! {
        <Card title="Deactivate or delete" tone=Tone::Bad>
            <FormError error />
            <div class="flex flex-wrap items-center justify-between gap-3">
                <p class="max-w-prose text-sm text-muted text-pretty">{consequence}</p>
                {switch}
            </div>
            <div class="mt-4 flex flex-wrap items-center justify-between gap-3">
                <p class="max-w-prose text-sm text-muted text-pretty">
                    "Its keys, roles and shares are removed for good, and its identifier stays taken. What its server stores is not touched."
                </p>
                <Button kind=ButtonKind::Button variant=Variant::Danger icon="trash-2" opens="delete-workspace">
                    "Delete workspace"
                </Button>
            </div>
            <Confirm
                id="delete-workspace"
                title=format!("Delete {name}")
                lead="Everybody loses access at once and its server is refused. This cannot be undone."
            >
                <ActionForm action=actions.delete>
                    <input type="hidden" name="workspace" value=again />
                    <ConfirmActions
                        dialog="delete-workspace"
                        label="Delete workspace"
                        type_name=name
                        pending=actions.delete.pending()
                    />
                </ActionForm>
            </Confirm>
        </Card>
    }
}
