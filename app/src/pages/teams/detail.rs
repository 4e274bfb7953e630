//! One team: who is in it, what it holds, its name, its end.

use super::people::{People, PeopleActions};
use crate::api::grants::list_org_grants;
use crate::api::load::load;
use crate::api::teams::{DeleteTeam, UpdateTeam, get_team};
use crate::pages::held::{GiveInOrg, Giving, HeldRoles, Taking};
use crate::pages::preview::{Foreseen, Preview};
use crate::pages::{ErrorView, failure, missing, org_param, saved_after, successes, text_param};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use model::access::Change;
use model::grant::{Grant, Principal, RoleChoice};
use model::team::{Team, TeamCan, TeamDetail};
use model::{OrgId, TeamId};
use ui::{
    Alert, Button, ButtonKind, Card, Code, Confirm, ConfirmActions, Definition, DefinitionList, Empty,
    FormActions, FormBody, FormError, Input, PageHeader, Saved, Split, SplitAside, SplitMain, Textarea,
    Timestamp, Tone, Variant, field_error,
};

#[derive(Clone, Copy)]
struct Actions {
    people: PeopleActions,
    taking: Taking,
    giving: Giving,
    update: ServerAction<UpdateTeam>,
    updated: Memo<usize>,
    saved: Signal<bool>,
    delete: ServerAction<DeleteTeam>,
}

impl Actions {
    fn new() -> Self {
        let update = ServerAction::new();
        let updated = successes(update);
        Self {
            people: PeopleActions::new(),
            taking: Taking::new(),
            giving: Giving::new(),
            update,
            updated,
            saved: saved_after(updated),
            delete: ServerAction::new(),
        }
    }

    /// Changes with every change made on this page, but for the deletion, after which there is nothing to read.
    fn version(self) -> usize {
        self.people.done.get() + self.taking.done.get() + self.giving.done.get() + self.updated.get()
    }
}

/// One team.
#[component]
pub fn TeamPage() -> impl IntoView {
    let (org, team, query) = (org_param(), text_param("team"), use_query_map());
    let cursor = Memo::new(move |_| query.read().get("cursor").filter(|text| !text.is_empty()));
    let actions = Actions::new();
    let data = load(
        move || (org.get(), team.get(), cursor.get(), actions.version()),
        |(org, team, cursor, _)| async move {
            let team: TeamId = team.parse().map_err(|_| missing())?;
            let org = org.ok_or_else(missing)?;
            let detail = get_team(team, cursor).await?;
            // Without the choices the page is still of use.
            let choices = if detail.can.grant { list_org_grants(org).await.ok() } else { None };
            let roles = choices.and_then(|org| org.choices).map(|choices| choices.roles).unwrap_or_default();
            Ok((org, detail, roles))
        },
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match data.await {
                    Ok((org, detail, roles)) => view! { <Detail org detail roles actions /> }.into_any(),
                    Err(crate::api::Error(error)) => view! { <ErrorView error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Detail(org: OrgId, detail: TeamDetail, roles: Vec<RoleChoice>, actions: Actions) -> impl IntoView {
    let TeamDetail { team, people, grants, can } = detail;
    let id = team.id;
    let (title, heading) = (team.name.clone(), team.name.clone());
    let lead = if team.description.is_empty() {
        "People who hold roles together.".to_owned()
    } else {
        team.description.clone()
    };
    let (for_settings, for_end, for_facts) = (team.clone(), team.clone(), team);
    view! {
        <Title text=title />
        <PageHeader title=heading lead />
        <Split>
            <SplitMain>
                <div class="flex flex-col gap-6">
                    {(!can.manage && !can.members)
                        .then(|| {
                            view! {
                                <Alert tone=Tone::Neutral title="You see this team, others manage it">
                                    "Its maintainers put people in and take them out. Organization Admins and Managers do the rest."
                                </Alert>
                            }
                        })}
                    <People org team=id people can actions=actions.people />
                    <Held org team=id grants roles can actions />
                    {can.manage.then(|| view! { <Settings team=for_settings action=actions.update saved=actions.saved /> })}
                    {can.manage.then(|| view! { <End org team=for_end actions /> })}
                </div>
            </SplitMain>
            <SplitAside label="Facts">
                <Facts org team=for_facts />
            </SplitAside>
        </Split>
    }
}

#[component]
fn Facts(org: OrgId, team: Team) -> impl IntoView {
    let audit = format!("/organizations/{org}/audit?target={}", team.id);
    view! {
        <Card title="Facts">
            <DefinitionList>
                <Definition term="Members">{team.members}</Definition>
                <Definition term="Roles">{team.grants}</Definition>
                <Definition term="Made"><Timestamp at=team.created_at full=true /></Definition>
                <Definition term="Changed"><Timestamp at=team.updated_at full=true /></Definition>
                <Definition term="Id"><Code>{team.id.to_string()}</Code></Definition>
                <Definition term="What was done to it">
                    <a class="text-accent underline" href=audit>
                        "Audit log"
                    </a>
                </Definition>
            </DefinitionList>
        </Card>
    }
}

#[component]
fn Held(
    org: OrgId,
    team: TeamId,
    grants: Vec<Grant>,
    roles: Vec<RoleChoice>,
    can: TeamCan,
    actions: Actions,
) -> impl IntoView {
    let taking = can.grant.then_some(actions.taking);
    // Whoever is in the team and nothing else may not open the list of roles.
    let linked = can.manage || can.grant;
    view! {
        <div id="roles">
            <Card title="Roles" lead="What everybody in the team holds. Roles in a workspace are given on its page.">
                <FormError error=actions.taking.error() />
                {if grants.is_empty() {
                    view! {
                        <Empty
                            icon="shield-check"
                            title="The team holds no role"
                            lead="Give it one in the organization here, or in a workspace on the workspace’s page."
                        />
                    }
                        .into_any()
                } else {
                    view! { <HeldRoles org grants caption="Roles of the team" taking linked /> }.into_any()
                }}
                {(!roles.is_empty())
                    .then(|| {
                        view! { <GiveInOrg org to=Principal::Team(team) roles giving=actions.giving /> }
                    })}
            </Card>
        </div>
    }
}

#[component]
fn Settings(team: Team, action: ServerAction<UpdateTeam>, saved: Signal<bool>) -> impl IntoView {
    let error = Signal::derive(move || failure(action.value().read().as_ref()));
    view! {
        <Card title="Name and description">
            <ActionForm action>
                <FormBody>
                    <FormError error />
                    <input type="hidden" name="team" value=team.id.to_string() />
                    <Input
                        name="name"
                        label="Name"
                        value=team.name
                        required=true
                        maxlength=100
                        autocomplete="off"
                        error=field_error(error, "name")
                    />
                    <Textarea
                        name="description"
                        label="Description"
                        value=team.description
                        maxlength=1000
                        error=field_error(error, "description")
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

#[component]
fn End(org: OrgId, team: Team, actions: Actions) -> impl IntoView {
    let error = Signal::derive(move || failure(actions.delete.value().read().as_ref()));
    let preview = Preview::new();
    let change = Change::DeleteTeam { team: team.id };
    let of = change.clone();
    view! {
        <div id="delete">
            <Card title="Delete the team" tone=Tone::Bad>
                <FormError error />
                <div class="flex flex-wrap items-center justify-between gap-3">
                    <p class="max-w-prose text-sm text-muted text-pretty">
                        "Its roles and what was shared with it go with it. The people stay in the organization."
                    </p>
                    <Button
                        kind=ButtonKind::Button
                        variant=Variant::Danger
                        icon="trash-2"
                        opens="delete-team"
                        press=Callback::new(move |_| preview.ask(org, change.clone()))
                    >
                        "Delete team"
                    </Button>
                </div>
                <Confirm
                    id="delete-team"
                    title=format!("Delete {}", team.name)
                    lead="What people hold through it alone is lost at once. This cannot be undone."
                >
                    <ActionForm action=actions.delete>
                        <input type="hidden" name="org" value=org.to_string() />
                        <input type="hidden" name="team" value=team.id.to_string() />
                        <div class="flex flex-col gap-4">
                            <Foreseen preview of error />
                            <ConfirmActions
                                dialog="delete-team"
                                label="Delete team"
                                type_name=team.name
                                pending=actions.delete.pending()
                            />
                        </div>
                    </ActionForm>
                </Confirm>
            </Card>
        </div>
    }
}
