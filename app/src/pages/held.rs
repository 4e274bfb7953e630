//! The roles somebody was given, as a table; taking one, and giving one in the organization; the teams they are in.

#![expect(unreachable_pub, reason = "the component macro makes what it generates public")]

use super::preview::{Foreseen, Preview};
use super::ways::LastDay;
use super::{emptied_after, failure, successes};
use crate::api::grants::{AddGrantInOrg, RemoveGrantInOrg, RemoveGrantInProject, RemoveGrantInWorkspace};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::access::Change;
use model::grant::{Grant, Place, Principal, RoleChoice};
use model::team::TeamOfMember;
use model::{ApiError, OrgId};
use ui::{
    Badge, Button, Card, Cell, CellActions, CellLink, Choice, Column, Confirm, ConfirmActions, FormError,
    Hide, Input, Row, Select, Size, Table, Timestamp, Tone, Variant, field_error,
};

/// Taking roles, wherever they are held.
#[derive(Clone, Copy)]
pub(crate) struct Taking {
    in_org: ServerAction<RemoveGrantInOrg>,
    in_workspace: ServerAction<RemoveGrantInWorkspace>,
    in_project: ServerAction<RemoveGrantInProject>,
    /// What taking one would do.
    pub(crate) preview: Preview,
    /// How many were taken on this page.
    pub(crate) done: Memo<usize>,
}

impl Taking {
    pub(crate) fn new() -> Self {
        let (in_org, in_workspace, in_project) =
            (ServerAction::new(), ServerAction::new(), ServerAction::new());
        let (a, b, c) = (successes(in_org), successes(in_workspace), successes(in_project));
        let done = Memo::new(move |_| a.get() + b.get() + c.get());
        Self { in_org, in_workspace, in_project, preview: Preview::new(), done }
    }

    /// Why the last one was not taken.
    pub(crate) fn error(self) -> Signal<Option<ApiError>> {
        Signal::derive(move || {
            failure(self.in_org.value().read().as_ref())
                .or_else(|| failure(self.in_workspace.value().read().as_ref()))
                .or_else(|| failure(self.in_project.value().read().as_ref()))
        })
    }
}

/// Roles with their places and their ends. Empty tables are the caller's: each says something else.
#[component]
pub(crate) fn HeldRoles(
    /// The organization they are held in.
    org: OrgId,
    /// What is held.
    grants: Vec<Grant>,
    /// What the table is, read aloud.
    #[prop(into)]
    caption: String,
    /// For taking them, where the reader may.
    #[prop(optional_no_strip, into)]
    taking: Option<Taking>,
    /// Whether the reader may open the roles.
    linked: bool,
) -> impl IntoView {
    let mut columns = vec![
        Column::new("Role"),
        Column::new("Where"),
        Column::new("Until").hide(Hide::Phone),
        Column::new("Since").hide(Hide::Phone),
    ];
    if taking.is_some() {
        columns.push(Column::actions());
    }
    // Dialogs stand outside of the table: they are no part of its rows.
    let dialogs = taking.map(|taking| {
        grants.iter().map(|grant| view! { <TakeDialog grant=grant.clone() taking /> }).collect_view()
    });
    let rows = grants.into_iter().map(|grant| view! { <HeldRow org grant taking linked /> }).collect_view();
    view! {
        <Table caption columns>{rows}</Table>
        {dialogs}
    }
}

/// The id of the dialog for taking it.
pub(crate) fn dialog_of(grant: &Grant) -> String {
    format!("take-{}", grant.id)
}

#[component]
fn HeldRow(org: OrgId, grant: Grant, taking: Option<Taking>, linked: bool) -> impl IntoView {
    let opens = dialog_of(&grant);
    let change = Change::RemoveGrant { grant: grant.id };
    view! {
        <Row>
            {if linked {
                let href = format!("/organizations/{org}/roles/{}", grant.role);
                view! { <CellLink href>{grant.role_name}</CellLink> }.into_any()
            } else {
                view! { <Cell><span class="font-medium">{grant.role_name}</span></Cell> }.into_any()
            }}
            <Cell>
                <PlaceName place=grant.place name=grant.place_name />
                <PhoneUntil end=grant.expires_at />
            </Cell>
            <Cell hide=Hide::Phone>
                {match grant.expires_at {
                    Some(at) => view! { <LastDay at /> }.into_any(),
                    None => view! { <span class="text-muted">"No end"</span> }.into_any(),
                }}
            </Cell>
            <Cell hide=Hide::Phone><Timestamp at=grant.created_at /></Cell>
            {taking
                .map(|taking| {
                    view! {
                        <CellActions>
                            <Button
                                size=Size::Small
                                variant=Variant::Ghost
                                opens
                                press=Callback::new(move |_| taking.preview.ask(org, change.clone()))
                            >
                                "Take role"
                            </Button>
                        </CellActions>
                    }
                })}
        </Row>
    }
}

/// A place by its name, and what kind of place it is.
#[component]
pub(crate) fn PlaceName(
    /// Where.
    place: Place,
    /// What it is called.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    view! {
        <span class="break-words">{name}</span>
        <span class="block text-xs text-muted">{place.level().label()}</span>
    }
}

/// The last day where the column of last days has no room.
#[component]
pub(crate) fn PhoneUntil(
    /// When it ends; nothing is said of what does not.
    end: Option<model::Timestamp>,
) -> impl IntoView {
    end.map(|at| view! { <span class="block text-xs text-muted sm:hidden">"Until " <LastDay at /></span> })
}

/// Asks before a role is taken, and says what would be lost. Opened by a button that has the preview asked first.
#[component]
pub(crate) fn TakeDialog(
    /// What would be taken.
    grant: Grant,
    /// How.
    taking: Taking,
) -> impl IntoView {
    let dialog = dialog_of(&grant);
    let title = format!("Take {} from {}", grant.role_name, grant.principal_name);
    let lead = format!("In {}, from the next request on.", grant.place_name);
    let (id, error) = (grant.id.to_string(), taking.error());
    let end = {
        let (dialog, of) = (dialog.clone(), Change::RemoveGrant { grant: grant.id });
        move |pending: Signal<bool>| {
            let confirmed = format!("{dialog}-confirmed");
            view! {
                <div class="flex flex-col gap-4">
                    <Foreseen preview=taking.preview of=of.clone() error id=confirmed />
                    <ConfirmActions dialog=dialog.clone() label="Take role" pending />
                </div>
            }
        }
    };
    let form = match grant.place {
        Place::Org(org) => view! {
            <ActionForm action=taking.in_org>
                <input type="hidden" name="org" value=org.to_string() />
                <input type="hidden" name="grant" value=id />
                {end(taking.in_org.pending().into())}
            </ActionForm>
        }
        .into_any(),
        Place::Workspace(workspace) => view! {
            <ActionForm action=taking.in_workspace>
                <input type="hidden" name="workspace" value=workspace.to_string() />
                <input type="hidden" name="grant" value=id />
                {end(taking.in_workspace.pending().into())}
            </ActionForm>
        }
        .into_any(),
        Place::Project(place) => view! {
            <ActionForm action=taking.in_project>
                <input type="hidden" name="workspace" value=place.workspace.to_string() />
                <input type="hidden" name="project" value=place.project.to_string() />
                <input type="hidden" name="grant" value=id />
                {end(taking.in_project.pending().into())}
            </ActionForm>
        }
        .into_any(),
    };
    view! { <Confirm id=dialog title lead>{form}</Confirm> }
}

/// Giving roles in the organization.
#[derive(Clone, Copy)]
pub(crate) struct Giving {
    action: ServerAction<AddGrantInOrg>,
    /// How many were given on this page.
    pub(crate) done: Memo<usize>,
}

impl Giving {
    pub(crate) fn new() -> Self {
        let action = ServerAction::new();
        Self { action, done: successes(action) }
    }
}

/// The roles one may give, none of them chosen: whoever gives one has to say which.
pub(crate) fn role_options(roles: Vec<RoleChoice>) -> Vec<Choice> {
    std::iter::once(Choice::new("", "Choose a role"))
        .chain(roles.into_iter().map(|choice| Choice::new(choice.role.to_string(), choice.name)))
        .collect()
}

/// The form for giving one principal a role in the organization.
#[component]
pub(crate) fn GiveInOrg(
    /// Where.
    org: OrgId,
    /// To whom.
    to: Principal,
    /// The roles the reader may give.
    roles: Vec<RoleChoice>,
    /// How.
    giving: Giving,
) -> impl IntoView {
    let action = giving.action;
    let error = Signal::derive(move || failure(action.value().read().as_ref()));
    let form = emptied_after(giving.done);
    let options = role_options(roles);
    view! {
        <div class="mt-4 border-t border-line-soft pt-4">
            <ActionForm action node_ref=form>
                <FormError error />
                <input type="hidden" name="org" value=org.to_string() />
                <input type="hidden" name="who" value=to.to_string() />
                <div class="flex flex-wrap items-start gap-3">
                    <div class="min-w-52 grow">
                        <Select
                            name="role"
                            id="give-role"
                            label="Role in the organization"
                            options
                            required=true
                            error=field_error(error, "role")
                        />
                    </div>
                    <Input
                        name="until"
                        id="give-until"
                        label="Last day"
                        kind="date"
                        optional_mark=true
                        hint="It ends with that day, UTC."
                        error=field_error(error, "until")
                    />
                    <div class="pt-6.5">
                        <Button icon="plus" pending=action.pending()>"Give role"</Button>
                    </div>
                </div>
            </ActionForm>
        </div>
    }
}

/// The teams somebody is in.
#[component]
pub(crate) fn InTeams(
    /// The organization they are teams of.
    org: OrgId,
    /// Which.
    teams: Vec<TeamOfMember>,
    /// Whether the reader may open them.
    linked: bool,
) -> impl IntoView {
    if teams.is_empty() {
        return view! {
            <Card title="Teams" lead="What a team holds, everybody in it holds.">
                <p class="text-sm text-muted">"In no team."</p>
            </Card>
        }
        .into_any();
    }
    let items = teams
        .into_iter()
        .map(|team| {
            view! {
                <li class="flex min-h-9 items-center gap-2 py-1.5">
                    {if linked {
                        let href = format!("/organizations/{org}/teams/{}", team.id);
                        view! { <a class="link min-w-0 truncate font-medium" href=href>{team.name}</a> }.into_any()
                    } else {
                        view! { <span class="min-w-0 truncate font-medium">{team.name}</span> }.into_any()
                    }}
                    {team.maintainer.then(|| view! { <Badge tone=Tone::Accent icon="shield-check">"Maintainer"</Badge> })}
                </li>
            }
        })
        .collect_view();
    view! {
        <Card title="Teams" lead="What a team holds, everybody in it holds.">
            <ul class="divide-y divide-line-soft text-sm">{items}</ul>
        </Card>
    }
    .into_any()
}
