//! Roles given in a workspace or in one of its projects: seen, given, taken.

#![expect(unreachable_pub, reason = "the component macro makes what it generates public")]

use crate::api::grants::{AddGrantInProject, AddGrantInWorkspace};
use crate::pages::held::{PhoneUntil, TakeDialog, Taking, dialog_of};
use crate::pages::ways::LastDay;
use crate::pages::{failure, successes};
use leptos::prelude::*;
use model::grant::{Grant, Place, Principal};
use model::{ApiError, ProjectId, WorkspaceId};
use ui::{
    Button, Card, Cell, CellActions, Column, Empty, FormError, Hide, Person, Row, Size, Table, Timestamp,
    Variant,
};

/// Giving and taking, in the workspace and in its projects.
#[derive(Clone, Copy)]
pub(super) struct GrantActions {
    pub(super) in_workspace: ServerAction<AddGrantInWorkspace>,
    pub(super) in_project: ServerAction<AddGrantInProject>,
    taking: Taking,
    /// How many roles were given on this page.
    pub(super) given: Memo<usize>,
}

impl GrantActions {
    pub(super) fn new() -> Self {
        let (in_workspace, in_project) = (ServerAction::new(), ServerAction::new());
        let (a, b) = (successes(in_workspace), successes(in_project));
        let given = Memo::new(move |_| a.get() + b.get());
        Self { in_workspace, in_project, taking: Taking::new(), given }
    }

    /// Changes with every role that was given or taken.
    pub(super) fn done(self) -> usize {
        self.given.get() + self.taking.done.get()
    }

    /// Why a role was not given.
    pub(super) fn not_given(self) -> Signal<Option<ApiError>> {
        Signal::derive(move || {
            failure(self.in_workspace.value().read().as_ref())
                .or_else(|| failure(self.in_project.value().read().as_ref()))
        })
    }
}

/// The roles that were given. With `can_take` each can be taken.
#[component]
pub(super) fn Grants(
    workspace: WorkspaceId,
    /// The workspace's identifier, for links to its projects.
    name: String,
    /// The place the page is about.
    here: Place,
    grants: Vec<Grant>,
    can_take: bool,
    actions: GrantActions,
    /// A form to give another.
    children: Children,
) -> impl IntoView {
    let taking = actions.taking;
    let with_place = grants.iter().any(|grant| grant.place != here);
    let mut columns = vec![Column::new("Who"), Column::new("Role")];
    if with_place {
        columns.push(Column::new("Where").hide(Hide::Phone));
    }
    columns.push(Column::new("Until").hide(Hide::Phone));
    // There is room for one of them.
    if !with_place {
        columns.push(Column::new("Since").hide(Hide::Tablet));
    }
    if can_take {
        columns.push(Column::actions());
    }
    let empty = grants.is_empty();
    // Dialogs stand outside of the table: they are no part of its rows.
    let confirms = grants
        .iter()
        .filter(|_| can_take)
        .map(|grant| view! { <TakeDialog grant=grant.clone() taking /> })
        .collect_view();
    let rows = grants
        .into_iter()
        .map(|grant| view! { <GrantRow workspace name=name.clone() grant with_place taking=can_take.then_some(taking) /> })
        .collect_view();
    view! {
        <div id="roles">
            <Card title="Roles given here" lead="What people and teams hold besides what they have in the whole organization.">
                <FormError error=taking.error() />
                {if empty {
                    view! {
                        <Empty icon="shield-check" title="No role is given here" lead="People come in by what they hold in the organization, or by what is shared with them." />
                    }
                        .into_any()
                } else {
                    view! { <Table caption="Roles given here" columns>{rows}</Table> }.into_any()
                }}
                {confirms}
                {children()}
            </Card>
        </div>
    }
}

#[component]
fn GrantRow(
    workspace: WorkspaceId,
    name: String,
    grant: Grant,
    with_place: bool,
    taking: Option<Taking>,
) -> impl IntoView {
    let opens = dialog_of(&grant);
    let id = grant.id;
    let place = match grant.place.project() {
        Some(project) => {
            let href = format!("/workspaces/{name}/project/{project}");
            let unnamed = grant.place_name.ends_with(&project.to_string());
            let label = if unnamed { short(project) } else { grant.place_name };
            view! { <a class="link" href=href title=project.to_string()>{label}</a> }.into_any()
        }
        None => "The whole workspace".into_any(),
    };
    view! {
        <Row>
            <Cell>
                <div class="max-sm:max-w-36">
                    <Holder principal=grant.principal name=grant.principal_name />
                </div>
            </Cell>
            <Cell>
                {grant.role_name} <PhoneUntil end=grant.expires_at />
            </Cell>
            {with_place.then(|| view! { <Cell hide=Hide::Phone>{place}</Cell> })}
            <Cell hide=Hide::Phone>
                {match grant.expires_at {
                    Some(at) => view! { <LastDay at /> }.into_any(),
                    None => view! { <span class="text-muted">"No end"</span> }.into_any(),
                }}
            </Cell>
            {(!with_place).then(|| view! { <Cell hide=Hide::Tablet><Timestamp at=grant.created_at /></Cell> })}
            {taking
                .map(|taking| {
                    view! {
                        <CellActions>
                            <Button
                                size=Size::Small
                                variant=Variant::Ghost
                                opens
                                press=Callback::new(move |_| taking.preview.ask_in(workspace, id))
                            >
                                "Take role"
                            </Button>
                        </CellActions>
                    }
                })}
        </Row>
    }
}

/// Who holds a role: a person by name, everything else with what it is.
#[component]
fn Holder(principal: Principal, name: String) -> impl IntoView {
    let detail = match principal {
        Principal::User(_) => return view! { <Person name /> }.into_any(),
        Principal::Team(_) => "Team",
        Principal::Invitation(_) => "Invited",
    };
    view! { <Person name detail /> }.into_any()
}

/// A project nobody has named, by the beginning of its id.
fn short(project: ProjectId) -> String {
    let id = project.to_string();
    format!("Project {}…", id.split('-').next().unwrap_or(&id))
}
