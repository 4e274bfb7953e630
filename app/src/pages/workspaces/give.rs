//! Giving a role in a workspace or in one of its projects.

#![expect(unreachable_pub, reason = "the component macro makes what it generates public")]

use super::grants::GrantActions;
use crate::pages::emptied_after;
use crate::pages::held::role_options;
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::grant::{GrantChoices, RoleChoice};
use model::{ApiError, ProjectId, WorkspaceId};
use ui::{Button, Definition, DefinitionList, FormError, Input, Select, field_error};

/// The form: who, which role, until when. In the whole workspace, or with `project` in that one.
#[component]
pub(super) fn GiveRole(
    workspace: WorkspaceId,
    #[prop(optional)] project: Option<ProjectId>,
    choices: GrantChoices,
    actions: GrantActions,
) -> impl IntoView {
    let error = actions.not_given();
    let roles = choices.roles.clone();
    let node_ref = emptied_after(actions.given);
    let form = match project {
        Some(project) => view! {
            <ActionForm action=actions.in_project node_ref>
                <input type="hidden" name="workspace" value=workspace.to_string() />
                <input type="hidden" name="project" value=project.to_string() />
                <Fields choices error pending=actions.in_project.pending().into() />
            </ActionForm>
        }
        .into_any(),
        None => view! {
            <ActionForm action=actions.in_workspace node_ref>
                <input type="hidden" name="workspace" value=workspace.to_string() />
                <Fields choices error pending=actions.in_workspace.pending().into() />
            </ActionForm>
        }
        .into_any(),
    };
    view! {
        <div class="mt-4 flex flex-col gap-3 border-t border-line-soft pt-4">
            <h3 class="text-sm font-semibold">"Give a role"</h3>
            {form}
            <Meanings roles />
        </div>
    }
}

#[component]
fn Fields(choices: GrantChoices, error: Signal<Option<ApiError>>, pending: Signal<bool>) -> impl IntoView {
    let hint = if choices.teams.is_empty() {
        "E-mail address or username of a member, or the address of an open invitation."
    } else {
        "E-mail address or username of a member, a team’s name, or the address of an open invitation."
    };
    let teams = choices.teams.into_iter().map(|(_, name)| name).collect::<Vec<_>>();
    let options = role_options(choices.roles);
    view! {
        <FormError error />
        <div class="flex flex-wrap items-start gap-3">
            <div class="min-w-52 grow basis-52">
                <Input
                    name="who"
                    label="Person or team"
                    hint
                    suggestions=teams
                    required=true
                    maxlength=254
                    autocomplete="off"
                    error=field_error(error, "who")
                />
            </div>
            <Select name="role" label="Role" options required=true error=field_error(error, "role") />
            <Input
                name="until"
                label="Last day"
                kind="date"
                hint="It ends with that day, UTC."
                optional_mark=true
                error=field_error(error, "until")
            />
        </div>
        <div class="mt-3">
            <Button icon="user-plus" pending>"Give role"</Button>
        </div>
    }
}

/// What the roles in the list are for.
#[component]
fn Meanings(roles: Vec<RoleChoice>) -> impl IntoView {
    let lines = roles
        .into_iter()
        .filter(|choice| !choice.summary.is_empty())
        .map(|choice| view! { <Definition term=choice.name>{choice.summary}</Definition> })
        .collect_view();
    view! {
        <details class="text-sm">
            <summary class="link w-fit">"What the roles allow"</summary>
            <div class="mt-3">
                <DefinitionList>{lines}</DefinitionList>
            </div>
        </details>
    }
}
