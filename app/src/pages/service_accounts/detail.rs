//! One service account: its keys, what it holds, who answers for it, its end.

use super::ending::End;
use super::facts::{Facts, OrphanBadge};
use super::settings::{Changes, Settings};
use crate::api::load::load;
use crate::api::service_accounts::{DeleteServiceAccount, SetServiceAccountActive, get_service_account};
use crate::pages::held::InTeams;
use crate::pages::keys::{HowToUse, KeyActions, KeyTable, NewKey, NewSecret, Whose};
use crate::pages::members::list::OrgRoleBadge;
use crate::pages::{ErrorView, missing, org_param, successes, text_param};
use leptos::prelude::*;
use leptos_meta::Title;
use model::api_key::{ApiKey, KeyChoices};
use model::grant::Grant;
use model::service_account::{ServiceAccountCan, ServiceAccountDetail};
use model::{OrgId, ServiceAccountId};
use ui::{Alert, Badge, Card, Empty, LinkButton, PageHeader, Split, SplitAside, SplitMain, Timestamp, Tone};

#[derive(Clone, Copy)]
struct Actions {
    keys: KeyActions,
    changes: Changes,
    set_active: ServerAction<SetServiceAccountActive>,
    switched: Memo<usize>,
    delete: ServerAction<DeleteServiceAccount>,
}

impl Actions {
    fn new() -> Self {
        let set_active = ServerAction::new();
        Self {
            keys: KeyActions::new(),
            changes: Changes::new(),
            set_active,
            switched: successes(set_active),
            delete: ServerAction::new(),
        }
    }

    /// Changes with every change made on this page, but for the deletion, after which there is nothing to read.
    fn version(self) -> usize {
        self.keys.done.get() + self.changes.done.get() + self.switched.get()
    }
}

/// One service account.
#[component]
pub fn ServiceAccountPage() -> impl IntoView {
    let (org, id) = (org_param(), text_param("id"));
    let actions = Actions::new();
    let data = load(
        move || (org.get(), id.get(), actions.version()),
        |(org, id, _)| async move {
            let id: ServiceAccountId = id.parse().map_err(|_| missing())?;
            let org = org.ok_or_else(missing)?;
            let detail = get_service_account(id).await?;
            Ok((org, detail))
        },
    );
    // A secret is of the account it was made for.
    Effect::new(move |_| {
        id.track();
        actions.keys.made.set(None);
    });
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match data.await {
                    Ok((org, detail)) => view! { <Detail org detail actions /> }.into_any(),
                    Err(crate::api::Error(error)) => view! { <ErrorView error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Detail(org: OrgId, detail: ServiceAccountDetail, actions: Actions) -> impl IntoView {
    let ServiceAccountDetail { account, keys, choices, teams, grants, can, api_url } = detail;
    // Whoever answers for an account sees it without knowing of roles, teams and access.
    let linked = can.manage;
    let (role, active, orphan) = (account.role, account.active, account.owner.is_none());
    let (title, heading) = (account.name.clone(), account.name.clone());
    let lead = if account.description.is_empty() {
        "An account for a machine.".to_owned()
    } else {
        account.description.clone()
    };
    let whose = Whose { account: Some(account.id), make: can.make_keys, end: can.end_keys };
    let access = format!("/organizations/{org}/access?user={}", account.id);
    let trust = format!("/organizations/{org}/service-accounts/{}/trust", account.id);
    let (for_settings, for_end, for_facts) = (account.clone(), account.clone(), account);
    view! {
        <Title text=title />
        <PageHeader
            title=heading
            lead
            badge=move || {
                view! {
                    <OrgRoleBadge role />
                    {(!active).then(|| view! { <Badge icon="ban">"Inactive"</Badge> })}
                    {orphan.then(|| view! { <OrphanBadge /> })}
                }
            }
        >
            {can.end_keys.then(|| view! { <LinkButton href=trust icon="shield-check">"Trust rules"</LinkButton> })}
            {(active && linked).then(|| view! { <LinkButton href=access icon="waypoints">"See access"</LinkButton> })}
        </PageHeader>
        <Split>
            <SplitMain>
                <div class="flex flex-col gap-6">
                    <Notes active orphan can />
                    <Keys whose keys actions />
                    {choices.map(|choices| view! { <MakeKey whose choices api_url actions /> })}
                    <Held org grants linked />
                    <InTeams org teams linked />
                    {can.manage.then(|| view! { <Settings account=for_settings changes=actions.changes /> })}
                    {can.manage
                        .then(|| {
                            view! { <End org account=for_end set_active=actions.set_active delete=actions.delete /> }
                        })}
                </div>
            </SplitMain>
            <SplitAside label="Facts">
                <Facts org account=for_facts />
            </SplitAside>
        </Split>
    }
}

/// What somebody ought to know first.
#[component]
fn Notes(active: bool, orphan: bool, can: ServiceAccountCan) -> impl IntoView {
    let inactive = (!active).then(|| {
        view! {
            <Alert tone=Tone::Warn title="This account is inactive">
                "Its keys are refused until it is activated again. What it holds stays."
            </Alert>
        }
    });
    let orphaned = orphan.then(|| {
        view! {
            <Alert tone=Tone::Warn title="Nobody answers for this account">
                {if can.manage {
                    "Whoever did has left. Its keys still work: hand it over to somebody below, or deactivate it."
                } else {
                    "Whoever did has left. Somebody who manages service accounts can hand it over."
                }}
            </Alert>
        }
    });
    view! { {inactive} {orphaned} }
}

#[component]
fn Keys(whose: Whose, keys: Vec<ApiKey>, actions: Actions) -> impl IntoView {
    let lead = if whose.make || !whose.end {
        "With one of these a program acts as this account."
    } else {
        "With one of these a program acts as this account. You can end them; to make one takes an active account that holds no more than you do."
    };
    view! {
        <div id="keys">
            <Card title="Keys" lead>
                <NewSecret whose made=actions.keys.made />
                {if keys.is_empty() {
                    view! { <Empty icon="key-round" title="No keys yet" lead="A program acts as this account by a key, or by a trust rule without one." /> }
                        .into_any()
                } else {
                    view! { <KeyTable whose keys caption="Keys" actions=actions.keys /> }.into_any()
                }}
            </Card>
        </div>
    }
}

#[component]
fn MakeKey(whose: Whose, choices: KeyChoices, api_url: String, actions: Actions) -> impl IntoView {
    view! {
        <Card title="New key">
            <NewKey whose choices actions=actions.keys />
        </Card>
        <HowToUse api_url />
    }
}

/// What it was given, besides its role in the organization. Given and taken where it is held.
#[component]
fn Held(org: OrgId, grants: Vec<Grant>, linked: bool) -> impl IntoView {
    if grants.is_empty() {
        return view! {
            <div id="roles">
                <Card title="Roles given to it" lead="Given to it alone. What it holds through a team is on the team’s page.">
                    <Empty icon="shield-check" title="No roles of its own" lead="Give a role in a workspace on its page, by the name of this account.">
                        <LinkButton href=format!("/organizations/{org}/workspaces")>"Go to workspaces"</LinkButton>
                    </Empty>
                </Card>
            </div>
        }
        .into_any();
    }
    let items = grants
        .into_iter()
        .map(|grant| {
            let href = format!("/organizations/{org}/roles/{}", grant.role);
            view! {
                <li class="flex min-h-9 flex-wrap items-center gap-x-2 py-1.5">
                    {if linked {
                        view! { <a class="link font-medium" href=href>{grant.role_name}</a> }.into_any()
                    } else {
                        view! { <span class="font-medium">{grant.role_name}</span> }.into_any()
                    }}
                    <span class="text-muted">"in " {grant.place_name}</span>
                    {grant.expires_at.map(|at| view! { <span class="text-muted">"until " <Timestamp at /></span> })}
                </li>
            }
        })
        .collect_view();
    view! {
        <div id="roles">
            <Card title="Roles given to it" lead="Given to it alone, and taken where they are held: on the page of the workspace or of the role.">
                <ul class="divide-y divide-line-soft text-sm">{items}</ul>
            </Card>
        </div>
    }
    .into_any()
}
