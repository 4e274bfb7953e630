//! Who is in a team.

#![expect(unreachable_pub, reason = "the component macro makes what it generates public")]

use crate::api::teams::{AddTeamMember, RemoveTeamMember, SetTeamMaintainer};
use crate::pages::preview::{Foreseen, Preview};
use crate::pages::{emptied_after, failure, successes};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use model::access::Change;
use model::grant::Principal;
use model::page::Page;
use model::team::{TeamCan, TeamMember};
use model::{ApiError, OrgId, TeamId};
use ui::{
    Badge, Button, Card, Cell, CellActions, Column, Confirm, ConfirmActions, Empty, FormError, Hide, Input,
    Menu, MenuButton, Pagination, Person, Row, Size, Table, Timestamp, Tone, Variant, field_error,
};

/// What can be done with the people of a team.
#[derive(Clone, Copy)]
pub(super) struct PeopleActions {
    add: ServerAction<AddTeamMember>,
    remove: ServerAction<RemoveTeamMember>,
    set_maintainer: ServerAction<SetTeamMaintainer>,
    added: Memo<usize>,
    /// How many changes were made on this page.
    pub(super) done: Memo<usize>,
}

impl PeopleActions {
    pub(super) fn new() -> Self {
        let (add, remove, set_maintainer) = (ServerAction::new(), ServerAction::new(), ServerAction::new());
        let (added, b, c) = (successes(add), successes(remove), successes(set_maintainer));
        let done = Memo::new(move |_| added.get() + b.get() + c.get());
        Self { add, remove, set_maintainer, added, done }
    }

    /// Why the last change of those who are in it was refused.
    fn error(self) -> Signal<Option<ApiError>> {
        Signal::derive(move || {
            failure(self.remove.value().read().as_ref())
                .or_else(|| failure(self.set_maintainer.value().read().as_ref()))
        })
    }
}

/// The people of a team, and putting in another.
#[component]
pub(super) fn People(
    org: OrgId,
    team: TeamId,
    people: Page<TeamMember>,
    can: TeamCan,
    actions: PeopleActions,
) -> impl IntoView {
    let preview = Preview::new();
    let mut columns =
        vec![Column::new("Person"), Column::new("Part"), Column::new("Since").hide(Hide::Phone)];
    if can.manage || can.members {
        columns.push(Column::actions());
    }
    let empty = people.items.is_empty();
    let next = people.next.map(|cursor| {
        let mut query = ParamsMap::new();
        query.insert("cursor", cursor);
        format!("/organizations/{org}/teams/{team}{}", query.to_query_string())
    });
    // Dialogs stand outside of the table: a form in a cell's menu would vanish with it.
    let dialogs = can.members.then(|| {
        people
            .items
            .iter()
            .map(|member| view! { <TakeOut team member=member.clone() actions preview /> })
            .collect_view()
    });
    let rows = people
        .items
        .into_iter()
        .map(|member| view! { <MemberRow org team member can actions preview /> })
        .collect_view();
    view! {
        <div id="people">
            <Card title="Members" lead="Whoever is in the team holds every role of the team, from their next request on.">
                <FormError error=actions.error() />
                {if empty {
                    view! {
                        <Empty
                            icon="users-round"
                            title="Nobody is in the team"
                            lead="Put members in below. Somebody whose invitation is still open can be put in too, and is in the team once they accept."
                        />
                    }
                        .into_any()
                } else {
                    view! { <Table caption="Members of the team" columns>{rows}</Table> }.into_any()
                }}
                <Pagination next />
                {dialogs}
                {can.members.then(|| view! { <AddForm team actions /> })}
            </Card>
        </div>
    }
}

fn dialog_of(member: &TeamMember) -> String {
    format!("take-out-{}", member.principal.uuid())
}

/// What taking somebody out can be foreseen of: nothing is lost with an invitation that nobody has accepted.
fn change_of(team: TeamId, member: &TeamMember) -> Option<Change> {
    match member.principal {
        Principal::User(user) => Some(Change::RemoveFromTeam { team, user }),
        _ => None,
    }
}

#[component]
fn MemberRow(
    org: OrgId,
    team: TeamId,
    member: TeamMember,
    can: TeamCan,
    actions: PeopleActions,
    preview: Preview,
) -> impl IntoView {
    let (opens, change) = (dialog_of(&member), change_of(team, &member));
    let invited = matches!(member.principal, Principal::Invitation(_));
    let part = if member.maintainer {
        view! { <Badge tone=Tone::Accent icon="shield-check">"Maintainer"</Badge> }.into_any()
    } else if invited {
        view! { <Badge icon="mail">"Invited"</Badge> }.into_any()
    } else {
        view! { <span class="text-muted">"Member"</span> }.into_any()
    };
    let (principal, maintainer) = (member.principal.to_string(), member.maintainer);
    let menu = format!("member-{}", member.principal.uuid());
    let label = format!("Actions for {}", member.name);
    let word = if maintainer { "No maintainer any more" } else { "Make maintainer" };
    let ask = move || {
        // Maintainers do not see what anybody may do: asking would be refused, and noted.
        if let Some(change) = change.clone().filter(|_| can.manage) {
            preview.ask(org, change);
        }
    };
    let buttons = if can.manage {
        view! {
            <CellActions>
                <ActionForm action=actions.set_maintainer>
                    <input type="hidden" name="team" value=team.to_string() />
                    <input type="hidden" name="principal" value=principal />
                    <input type="hidden" name="maintainer" value=(!maintainer).to_string() />
                    <Menu id=menu label>
                        // Whoever has not accepted yet maintains nothing.
                        {(!invited).then(|| view! { <MenuButton icon="shield-check">{word}</MenuButton> })}
                        <MenuButton icon="trash-2" tone=Tone::Bad opens press=Callback::new(move |_| ask())>"Take out of the team"</MenuButton>
                    </Menu>
                </ActionForm>
            </CellActions>
        }
        .into_any()
    } else if can.members {
        view! {
            <CellActions>
                <Button size=Size::Small variant=Variant::Ghost opens press=Callback::new(move |_| ask())>"Take out"</Button>
            </CellActions>
        }
        .into_any()
    } else {
        ().into_any()
    };
    let detail = (member.email != member.name).then_some(member.email);
    view! {
        <Row>
            <Cell>
                <div class="max-sm:max-w-32">
                    {match detail {
                        Some(detail) => view! { <Person name=member.name detail /> }.into_any(),
                        None => view! { <Person name=member.name /> }.into_any(),
                    }}
                </div>
            </Cell>
            <Cell>{part}</Cell>
            <Cell hide=Hide::Phone><Timestamp at=member.added_at /></Cell>
            {buttons}
        </Row>
    }
}

#[component]
fn TakeOut(team: TeamId, member: TeamMember, actions: PeopleActions, preview: Preview) -> impl IntoView {
    let (dialog, change) = (dialog_of(&member), change_of(team, &member));
    let lead = match change {
        Some(_) => "They lose what they hold through the team alone, from their next request on.",
        None => "When they accept the invitation, they are not in the team.",
    };
    let foreseen = change.map(|of| {
        let id = format!("{dialog}-confirmed");
        view! { <Foreseen preview of error=actions.error() id /> }
    });
    view! {
        <Confirm id=dialog.clone() title=format!("Take {} out of the team", member.name) lead>
            <ActionForm action=actions.remove>
                <input type="hidden" name="team" value=team.to_string() />
                <input type="hidden" name="principal" value=member.principal.to_string() />
                <div class="flex flex-col gap-4">
                    {foreseen}
                    <ConfirmActions dialog label="Take out" pending=actions.remove.pending() />
                </div>
            </ActionForm>
        </Confirm>
    }
}

#[component]
fn AddForm(team: TeamId, actions: PeopleActions) -> impl IntoView {
    let action = actions.add;
    let error = Signal::derive(move || failure(action.value().read().as_ref()));
    let form = emptied_after(actions.added);
    view! {
        <div class="mt-4 border-t border-line-soft pt-4">
            <ActionForm action node_ref=form>
                <FormError error />
                <input type="hidden" name="team" value=team.to_string() />
                <div class="flex flex-wrap items-start gap-3">
                    <div class="min-w-60 grow basis-60">
                        <Input
                            name="who"
                            label="Member"
                            hint="E-mail address or username of a member, or the address of an open invitation."
                            required=true
                            maxlength=254
                            autocomplete="off"
                            error=field_error(error, "who")
                        />
                    </div>
                    <div class="pt-6.5">
                        <Button icon="user-plus" pending=action.pending()>"Add to the team"</Button>
                    </div>
                </div>
            </ActionForm>
        </div>
    }
}
