//! Who may enter a workspace, and by what.

#![expect(unreachable_pub, reason = "the component macro makes what it generates public")]

use crate::api::grants::{AddGrant, RemoveGrant, SetGrant};
use crate::pages::failure;
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::workspace::WorkspacePerson;
use model::{WorkspaceId, WorkspaceRole};
use ui::{
    Badge, Button, Card, Cell, CellActions, Choice, Column, Confirm, ConfirmActions, FormError, Hide, Input,
    Menu, MenuButton, MenuLabel, MenuSeparator, Person, Row, Select, Table, Tone, field_error,
};

#[derive(Clone, Copy)]
pub(super) struct GrantActions {
    pub(super) add: ServerAction<AddGrant>,
    pub(super) set: ServerAction<SetGrant>,
    pub(super) remove: ServerAction<RemoveGrant>,
}

/// More are not sent.
const AT_MOST: usize = 500;

/// The people who may enter, and letting in another.
#[component]
pub(super) fn People(
    workspace: WorkspaceId,
    people: Vec<WorkspacePerson>,
    can_grant: bool,
    actions: GrantActions,
) -> impl IntoView {
    let changed = Signal::derive(move || {
        failure(actions.set.value().read().as_ref())
            .or_else(|| failure(actions.remove.value().read().as_ref()))
    });
    let mut columns =
        vec![Column::new("Person"), Column::new("Role here"), Column::new("Through").hide(Hide::Phone)];
    if can_grant {
        columns.push(Column::actions());
    }
    let cut = people.len() >= AT_MOST;
    // Dialogs stand outside of the table: a form in a cell's menu would vanish with it.
    let confirms = people
        .iter()
        .filter(|person| can_grant && person.role.is_some())
        .map(|person| view! { <RemoveDialog workspace person=person.clone() actions /> })
        .collect_view();
    let rows = people
        .into_iter()
        .map(|person| view! { <PersonRow workspace person can_grant actions /> })
        .collect_view();
    view! {
        <div id="people">
            <Card title="People" lead="Who may sign in to this workspace. A change holds from their next request on.">
                <FormError error=changed />
                <Table caption="People who may enter" columns>{rows}</Table>
                {cut.then(|| view! { <p class="mt-2 px-2 text-sm text-muted">"These are the first 500, by name."</p> })}
                {confirms}
                {can_grant.then(|| view! { <AddForm workspace action=actions.add /> })}
            </Card>
        </div>
    }
}

fn dialog_of(person: &WorkspacePerson) -> String {
    format!("remove-role-{}", person.user)
}

#[component]
fn PersonRow(
    workspace: WorkspaceId,
    person: WorkspacePerson,
    can_grant: bool,
    actions: GrantActions,
) -> impl IntoView {
    let (user, role, opens) = (person.user, person.role, dialog_of(&person));
    let label = format!("Role of {}", person.name);
    let through = match (person.org_admin, role) {
        (true, Some(_)) => "Organization Admin, and a role of their own",
        (true, None) => "Organization Admin",
        (false, _) => "A role of their own",
    };
    let badge = match role {
        Some(role) => {
            let tone = if role == WorkspaceRole::Admin { Tone::Accent } else { Tone::Neutral };
            view! { <Badge tone>{role.label()}</Badge> }.into_any()
        }
        None => view! { <Badge tone=Tone::Accent>"Everything"</Badge> }.into_any(),
    };
    let choices = move || {
        WorkspaceRole::ALL
            .iter()
            .map(|choice| {
                view! {
                    <MenuButton name="role" value=choice.as_str() current=role == Some(*choice)>{choice.label()}</MenuButton>
                }
            })
            .collect_view()
    };
    view! {
        <Row>
            <Cell>
                <Person name=person.name detail=person.email />
            </Cell>
            <Cell>{badge}</Cell>
            <Cell hide=Hide::Phone>{through}</Cell>
            {can_grant
                .then(|| {
                    view! {
                        <CellActions>
                            <ActionForm action=actions.set>
                                <input type="hidden" name="workspace" value=workspace.to_string() />
                                <input type="hidden" name="user" value=user.to_string() />
                                <Menu id=format!("role-{user}") label>
                                    <MenuLabel>"Give the role"</MenuLabel>
                                    {choices()}
                                    {role
                                        .is_some()
                                        .then(|| {
                                            view! {
                                                <MenuSeparator />
                                                <MenuButton icon="trash-2" tone=Tone::Bad opens>"Take the role"</MenuButton>
                                            }
                                        })}
                                </Menu>
                            </ActionForm>
                        </CellActions>
                    }
                })}
        </Row>
    }
}

#[component]
fn RemoveDialog(workspace: WorkspaceId, person: WorkspacePerson, actions: GrantActions) -> impl IntoView {
    let dialog = dialog_of(&person);
    let lead = if person.org_admin {
        "They may still enter: they are an Organization Admin."
    } else {
        "They cannot sign in to this workspace any more, unless a resource was shared with them. What they made stays."
    };
    view! {
        <Confirm id=dialog.clone() title=format!("Take the role of {}", person.name) lead>
            <ActionForm action=actions.remove>
                <input type="hidden" name="workspace" value=workspace.to_string() />
                <input type="hidden" name="user" value=person.user.to_string() />
                <ConfirmActions dialog label="Take the role" pending=actions.remove.pending() />
            </ActionForm>
        </Confirm>
    }
}

#[component]
fn AddForm(workspace: WorkspaceId, action: ServerAction<AddGrant>) -> impl IntoView {
    let error = Signal::derive(move || failure(action.value().read().as_ref()));
    let roles =
        [WorkspaceRole::Viewer, WorkspaceRole::Contributor, WorkspaceRole::Developer, WorkspaceRole::Admin]
            .iter()
            .map(|role| Choice::new(role.as_str(), role.label()))
            .collect::<Vec<_>>();
    view! {
        <div class="mt-4 border-t border-line-soft pt-4">
            <FormError error />
            <ActionForm action>
                <input type="hidden" name="workspace" value=workspace.to_string() />
                <div class="flex flex-wrap items-start gap-3">
                    <div class="min-w-60 grow">
                        <Input
                            name="who"
                            label="Member"
                            hint="E-mail address or username of a member of the organization."
                            required=true
                            maxlength=254
                            autocomplete="off"
                            error=field_error(error, "who")
                        />
                    </div>
                    <Select name="role" label="Role" options=roles value=WorkspaceRole::Developer.as_str() />
                    <div class="pt-6.5">
                        <Button icon="user-plus" pending=action.pending()>"Give role"</Button>
                    </div>
                </div>
            </ActionForm>
        </div>
    }
}
