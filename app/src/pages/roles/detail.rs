//! One role: what it allows, who has it, and for a custom one its change and its end.

use super::edit::EditForm;
use super::grid::PermissionGrid;
use super::{KindBadge, level_lead};
use crate::api::load::load;
use crate::api::roles::{DeleteRole, UpdateRole, get_role, list_role_assignments, list_roles};
use crate::pages::held::PlaceName;
use crate::pages::preview::{Foreseen, Preview};
use crate::pages::ways::LastDay;
use crate::pages::{ErrorView, failure, missing, org_param, saved_after, successes, text_param};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use model::access::Change;
use model::grant::Principal;
use model::role::{Predefined, RoleAssignment, RoleDetail, RoleRef, RoleRow};
use model::{OrgId, RoleId};
use serde::{Deserialize, Serialize};
use ui::{
    Alert, Badge, Button, ButtonKind, Card, Cell, CellLink, Code, Column, Confirm, ConfirmActions,
    Definition, DefinitionList, Empty, FormError, LinkButton, PageHeader, Row, Split, SplitAside, SplitMain,
    Table, Timestamp, Tone, Variant,
};

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    detail: RoleDetail,
    held: Vec<RoleAssignment>,
    can_copy: bool,
}

/// One role.
#[component]
pub fn RolePage() -> impl IntoView {
    let (org, role) = (org_param(), text_param("role"));
    let update = ServerAction::<UpdateRole>::new();
    let delete = ServerAction::<DeleteRole>::new();
    let updated = successes(update);
    let saved = saved_after(updated);
    let data = load(
        move || (org.get(), role.get(), updated.get()),
        |(org, role, _)| async move {
            let role: RoleRef = role.parse().map_err(|_| missing())?;
            let org = org.ok_or_else(missing)?;
            let detail = get_role(org, role).await?;
            // A predefined role is nobody's to change, and can be copied by whoever may make roles.
            let can_copy = detail.can_manage || list_roles(org).await.is_ok_and(|list| list.can_manage);
            Ok((org, Seen { detail, held: list_role_assignments(org, role).await?, can_copy }))
        },
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match data.await {
                    Ok((org, seen)) => view! { <Detail org seen update saved delete /> }.into_any(),
                    Err(crate::api::Error(error)) => view! { <ErrorView error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Detail(
    org: OrgId,
    seen: Seen,
    update: ServerAction<UpdateRole>,
    saved: Signal<bool>,
    delete: ServerAction<DeleteRole>,
) -> impl IntoView {
    let Seen { detail, held, can_copy } = seen;
    let row = detail.row.clone();
    let role = row.role;
    let (title, heading) = (row.name.clone(), row.name.clone());
    let lead =
        if row.description.is_empty() { level_lead(row.level).to_owned() } else { row.description.clone() };
    let editable = match role {
        RoleRef::Custom(id) if detail.can_manage => Some(id),
        _ => None,
    };
    let (for_facts, for_held) = (detail.clone(), detail.row.clone());
    let assignments = row.assignments;
    let content = match editable {
        Some(role) => view! { <EditForm org role detail action=update saved /> }.into_any(),
        None => view! {
            <Card title="What it allows">
                <PermissionGrid level=row.level held=detail.permissions />
            </Card>
        }
        .into_any(),
    };
    let copy = format!("/organizations/{org}/roles/new?from={role}");
    view! {
        <Title text=title />
        <PageHeader title=heading lead badge=move || view! { <KindBadge role /> }>
            {can_copy.then(|| view! { <LinkButton href=copy icon="copy">"Copy role"</LinkButton> })}
        </PageHeader>
        {role
            .predefined()
            .is_some()
            .then(|| {
                view! {
                    <Alert tone=Tone::Neutral title="Predefined: nobody edits it">
                        "It is the same in every organization. A copy of it can be changed."
                    </Alert>
                }
            })}
        <Split>
            <SplitMain>
                <div class="flex flex-col gap-6">
                    {content}
                    <Assignments org row=for_held held />
                    {editable.map(|role| view! { <End org role name=row.name assignments delete /> })}
                </div>
            </SplitMain>
            <SplitAside label="Facts">
                <Facts org detail=for_facts />
            </SplitAside>
        </Split>
    }
}

#[component]
fn Facts(org: OrgId, detail: RoleDetail) -> impl IntoView {
    let RoleDetail { row, revision, updated_at, .. } = detail;
    let audit = format!("/organizations/{org}/audit?target={}", row.role.id());
    let history = updated_at.map(|at| {
        view! {
            <Definition term="Changed"><Timestamp at full=true /></Definition>
            <Definition term="Revision">{revision}</Definition>
            <Definition term="What was done to it">
                <a class="text-accent underline" href=audit>
                    "Audit log"
                </a>
            </Definition>
        }
    });
    view! {
        <Card title="Facts">
            <DefinitionList>
                <Definition term="Level">{row.level.label()}</Definition>
                <Definition term="Reach">{level_lead(row.level)}</Definition>
                <Definition term="Given">{row.assignments}</Definition>
                {history}
                <Definition term="Id"><Code>{row.role.id().to_string()}</Code></Definition>
            </DefinitionList>
        </Card>
    }
}

#[component]
fn Assignments(org: OrgId, row: RoleRow, held: Vec<RoleAssignment>) -> impl IntoView {
    let columns = vec![Column::new("Who"), Column::new("Where"), Column::new("Until")];
    // Every member has one of these; the list of members has them all.
    let of_members = match row.role {
        RoleRef::Predefined(Predefined::Org(role)) => {
            Some(format!("/organizations/{org}/members?role={role}"))
        }
        _ => None,
    };
    let listed = held.len();
    let cut = (of_members.is_none() && row.assignments as usize > listed)
        .then(|| format!("These are the first {listed} of {}.", row.assignments));
    let empty = held.is_empty();
    let rows = held.into_iter().map(|assignment| view! { <AssignmentRow org assignment /> }).collect_view();
    let content = match (empty, of_members) {
        (false, members) => view! {
            <Table caption="Who has the role" columns>{rows}</Table>
            {cut.map(|cut| view! { <p class="p-2 text-sm text-muted">{cut}</p> })}
            {members
                .map(|href| {
                    view! {
                        <p class="p-2 text-sm">
                            <a class="link" href=href>"Members whose role in the organization it is"</a>
                        </p>
                    }
                })}
        }
        .into_any(),
        (true, Some(href)) => view! {
            <Empty
                icon="users"
                title="The role of members"
                lead="Every member has one role like this. Nobody was given this one besides."
            >
                <LinkButton href>"Show the members who have it"</LinkButton>
            </Empty>
        }
        .into_any(),
        (true, None) => view! {
            <Empty
                icon="shield-check"
                title="Nobody has this role"
                lead="Give it where it holds: in the organization on the page of a member or a team, in a workspace or a project on its page."
            />
        }
        .into_any(),
    };
    view! { <Card title="Who has it" lead="Themselves, or everybody in the team that is named." flush=true>{content}</Card> }
}

#[component]
fn AssignmentRow(org: OrgId, assignment: RoleAssignment) -> impl IntoView {
    let (href, kind) = match assignment.principal {
        Principal::User(user) => (Some(format!("/organizations/{org}/members/{user}")), None),
        Principal::Team(team) => (Some(format!("/organizations/{org}/teams/{team}")), Some("Team")),
        Principal::Invitation(_) => (None, Some("Invited")),
    };
    let name = view! {
        <span class="flex min-w-0 items-center gap-2">
            <span class="truncate font-medium">{assignment.principal_name}</span>
            {kind.map(|kind| view! { <Badge>{kind}</Badge> })}
        </span>
    };
    view! {
        <Row>
            {match href {
                Some(href) => view! { <CellLink href>{name}</CellLink> }.into_any(),
                None => view! { <Cell>{name}</Cell> }.into_any(),
            }}
            <Cell>
                <PlaceName place=assignment.place name=assignment.place_name />
            </Cell>
            <Cell>
                {match assignment.expires_at {
                    Some(at) => view! { <LastDay at /> }.into_any(),
                    None => view! { <span class="text-muted">"No end"</span> }.into_any(),
                }}
            </Cell>
        </Row>
    }
}

#[component]
fn End(
    org: OrgId,
    role: RoleId,
    name: String,
    assignments: u32,
    delete: ServerAction<DeleteRole>,
) -> impl IntoView {
    let error = Signal::derive(move || failure(delete.value().read().as_ref()));
    let preview = Preview::new();
    let of = Change::DeleteRole { role };
    let change = of.clone();
    let lead = match assignments {
        0 => "Nobody has it. This cannot be undone.".to_owned(),
        1 => "It was given once; that ends at once. This cannot be undone.".to_owned(),
        n => format!("It was given {n} times; all of that ends at once. This cannot be undone."),
    };
    view! {
        <div id="delete">
            <Card title="Delete the role" tone=Tone::Bad>
                <FormError error />
                <div class="flex flex-wrap items-center justify-between gap-3">
                    <p class="max-w-prose text-sm text-muted text-pretty">{lead.clone()}</p>
                    <Button
                        kind=ButtonKind::Button
                        variant=Variant::Danger
                        icon="trash-2"
                        opens="delete-role"
                        press=Callback::new(move |_| preview.ask(org, change.clone()))
                    >
                        "Delete role"
                    </Button>
                </div>
                <Confirm id="delete-role" title=format!("Delete {name}") lead>
                    <ActionForm action=delete>
                        <input type="hidden" name="org" value=org.to_string() />
                        <input type="hidden" name="role" value=role.to_string() />
                        <div class="flex flex-col gap-4">
                            <Foreseen preview of error id="delete-role-confirmed" />
                            <ConfirmActions dialog="delete-role" label="Delete role" pending=delete.pending() />
                        </div>
                    </ActionForm>
                </Confirm>
            </Card>
        </div>
    }
}
