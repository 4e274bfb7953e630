//! The form that both questions share: where, what, and to which resource.

use super::wanted::{Question, Wanted, askable};
use crate::pages::words::{capitalized, kind_words, permission_words};
use leptos::prelude::*;
use leptos_router::components::Form;
use model::ApiError;
use model::access::AccessChoices;
use model::grant::Place;
use model::role::PermissionName;
use ui::{Button, Choice, Input, LinkButton, Select, Variant, field_error};

/// Where and what. Choosing another place shows what can be asked about it.
#[component]
pub(super) fn QuestionForm(
    wanted: Wanted,
    choices: AccessChoices,
    /// What the server says of the question, if it refused it.
    refused: Option<ApiError>,
) -> impl IntoView {
    let Some(org) = wanted.org else { return ().into_any() };
    let error = wanted.wrong().or(refused);
    let error = Signal::stored(error);
    let below = wanted.workspace.is_some();
    let where_hint =
        if below { "What can be done there." } else { "Choose a workspace to ask about what is in it." };
    let (label, verb) = match wanted.question {
        Question::Person => ("May they", "Explain"),
        Question::Able => ("Who may", "Show people"),
    };
    let permissions = std::iter::once(Choice::new("", "Choose what"))
        .chain(askable(wanted.level()).map(choice))
        .collect::<Vec<_>>();
    let places = std::iter::once(Choice::new("", "The organization"))
        .chain(
            choices
                .workspaces
                .into_iter()
                .map(|workspace| Choice::new(workspace.id.to_string(), workspace.name)),
        )
        .collect::<Vec<_>>();
    let workspace = wanted.workspace.map(|workspace| workspace.to_string()).unwrap_or_default();
    let permission = wanted.permission.map(|permission| permission.to_string()).unwrap_or_default();
    let clear = wanted.without_place();
    let cleared = clear == wanted;
    view! {
        <Form method="GET" action=format!("/organizations/{org}/access")>
            <input type="hidden" name="tab" value=wanted.question.as_str() />
            {wanted.user.map(|user| view! { <input type="hidden" name="user" value=user.to_string() /> })}
            <div class="grid grid-cols-1 items-start gap-3 sm:grid-cols-2">
                <Select name="workspace" label="Where" options=places value=workspace hint=where_hint auto_submit=true />
                <Select
                    name="permission"
                    label
                    options=permissions
                    value=permission
                    error=field_error(error, "permission")
                />
                {below
                    .then(|| {
                        view! {
                            <Input
                                name="project"
                                label="Project id"
                                value=wanted.project.clone()
                                hint="Only in this project of the workspace."
                                optional_mark=true
                                mono=true
                                autocomplete="off"
                                maxlength=36
                                error=field_error(error, "project")
                            />
                            <Input
                                name="resource"
                                label="Resource id"
                                value=wanted.resource.clone()
                                hint="Only this stack, run or other thing: what is shared counts then."
                                optional_mark=true
                                mono=true
                                autocomplete="off"
                                maxlength=36
                                error=field_error(error, "resource")
                            />
                        }
                    })}
            </div>
            <div class="mt-3 flex flex-wrap gap-2">
                <Button variant=Variant::Primary>{verb}</Button>
                {(!cleared).then(|| view! { <LinkButton href=clear.address() variant=Variant::Ghost icon="x">"Clear"</LinkButton> })}
            </div>
        </Form>
    }
    .into_any()
}

fn choice(permission: PermissionName) -> Choice {
    let group = match permission {
        PermissionName::Reeve(_) => "In Reeve".to_owned(),
        PermissionName::Resource(kind, _) => capitalized(kind_words(kind)),
    };
    Choice::new(permission.to_string(), permission_words(permission)).group(group)
}

/// What the place that is asked about is called.
pub(super) fn place_words(wanted: &Wanted, choices: &AccessChoices) -> String {
    let workspace = wanted.workspace.and_then(|id| choices.workspaces.iter().find(|choice| choice.id == id));
    let workspace = workspace.map_or("the workspace", |choice| choice.name.as_str());
    match wanted.place() {
        Some(Place::Org(_)) | None => "the organization".to_owned(),
        Some(Place::Workspace(_)) => workspace.to_owned(),
        Some(Place::Project(place)) => format!("project {} of {workspace}", place.project),
    }
}
