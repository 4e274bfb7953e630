//! One member: what they hold, changing their role, removing them.

use super::ending::Removal;
use super::list::{LockedBadge, OrgRoleBadge};
use super::role::RoleForm;
use crate::api::grants::list_org_grants;
use crate::api::load::load;
use crate::api::members::{LeaveOrg, RemoveMember, SetMemberRole, get_member};
use crate::pages::held::{GiveInOrg, Giving, HeldRoles, InTeams, Taking};
use crate::pages::{ErrorView, missing, org_param, saved_after, successes, text_param};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::components::Redirect;
use model::grant::{Grant, GrantChoices, Principal};
use model::member::{Member, MemberDetail};
use model::{OrgId, OrgRole, UserId};
use ui::{
    Card, Code, Definition, DefinitionList, Empty, FormError, LinkButton, PageHeader, Split, SplitAside,
    SplitMain, Timestamp,
};

#[derive(Clone, Copy)]
struct Actions {
    set_role: ServerAction<SetMemberRole>,
    saved: Signal<bool>,
    changed: Memo<usize>,
    remove: ServerAction<RemoveMember>,
    leave: ServerAction<LeaveOrg>,
    taking: Taking,
    giving: Giving,
}

impl Actions {
    fn new() -> Self {
        let set_role = ServerAction::new();
        let changed = successes(set_role);
        Self {
            set_role,
            changed,
            saved: saved_after(changed),
            remove: ServerAction::new(),
            leave: ServerAction::new(),
            taking: Taking::new(),
            giving: Giving::new(),
        }
    }

    /// Changes with every change made on this page, but for the removal, after which there is nothing to read.
    fn version(self) -> usize {
        self.changed.get() + self.taking.done.get() + self.giving.done.get()
    }
}

/// One member of an organization.
#[component]
pub fn MemberPage() -> impl IntoView {
    let (org, user) = (org_param(), text_param("user"));
    let actions = Actions::new();
    let data = load(
        move || (org.get(), user.get(), actions.version()),
        |(org, user, _)| async move {
            let user: UserId = user.parse().map_err(|_| missing())?;
            let org = org.ok_or_else(missing)?;
            let detail = get_member(org, user).await?;
            // Whoever may not know of roles sees the member all the same, and can give them none.
            let choices = list_org_grants(org).await.ok().and_then(|granted| granted.choices);
            Ok((org, detail, choices))
        },
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match data.await {
                    // Lists of who holds something name accounts of both kinds, and lead here.
                    Ok((org, detail, _)) if detail.member.is_service_account => {
                        let path = format!("/organizations/{org}/service-accounts/{}", detail.member.user);
                        let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
                        view! { <Redirect path options /> }.into_any()
                    }
                    Ok((org, detail, choices)) => view! { <Detail org detail choices actions /> }.into_any(),
                    Err(crate::api::Error(error)) => view! { <ErrorView error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Detail(
    org: OrgId,
    detail: MemberDetail,
    choices: Option<GrantChoices>,
    actions: Actions,
) -> impl IntoView {
    let MemberDetail { member, grants, teams, last_admin, is_me, can } = detail;
    let (user, role) = (member.user, member.role);
    let (for_role, for_removal, for_facts) = (member.clone(), member.clone(), member.clone());
    let access = format!("/organizations/{org}/access?user={user}");
    let (heading, title) = (member.name.clone(), member.name);
    let locked = member.locked_at.is_some();
    let lead = if is_me { format!("{} · this is you", member.email) } else { member.email };
    let Actions { set_role, saved, remove, leave, .. } = actions;
    view! {
        <Title text=title />
        <PageHeader
            title=heading
            lead
            badge=move || view! { <OrgRoleBadge role /> <LockedBadge locked /> }
        >
            <LinkButton href=access icon="waypoints">"See access"</LinkButton>
        </PageHeader>
        <Split>
            <SplitMain>
                <div class="flex flex-col gap-6">
                    <Held org user role grants choices actions />
                    <InTeams org teams linked=true />
                    {can.role.then(|| view! { <RoleForm org member=for_role last_admin is_me set_role saved /> })}
                    {(can.remove || is_me)
                        .then(|| view! { <Removal org member=for_removal last_admin is_me may_remove=can.remove remove leave /> })}
                </div>
            </SplitMain>
            <SplitAside label="Facts">
                <Facts org member=for_facts sessions=can.sessions />
            </SplitAside>
        </Split>
    }
}

#[component]
fn Facts(org: OrgId, member: Member, sessions: bool) -> impl IntoView {
    let audit = format!("/organizations/{org}/audit?actor={}", member.user);
    let signed_in = sessions.then(|| format!("/organizations/{org}/members/{}/sessions", member.user));
    view! {
        <Card title="Facts">
            <DefinitionList>
                <Definition term="Username"><Code>{member.username}</Code></Definition>
                <Definition term="Joined"><Timestamp at=member.joined_at full=true /></Definition>
                <Definition term="Last seen">
                    {match member.last_seen_at {
                        Some(at) => view! { <Timestamp at full=true /> }.into_any(),
                        None => "Never".into_any(),
                    }}
                </Definition>
                <Definition term="Id"><Code>{member.user.to_string()}</Code></Definition>
                {signed_in.map(|href| view! {
                    <Definition term="Where they are signed in">
                        <a class="text-accent underline" href=href>
                            "Sessions and devices"
                        </a>
                    </Definition>
                })}
                <Definition term="What they did">
                    <a class="text-accent underline" href=audit>
                        "Audit log"
                    </a>
                </Definition>
            </DefinitionList>
        </Card>
    }
}

/// What they were given themselves, besides their role in the organization.
#[component]
fn Held(
    org: OrgId,
    user: UserId,
    role: OrgRole,
    grants: Vec<Grant>,
    choices: Option<GrantChoices>,
    actions: Actions,
) -> impl IntoView {
    let lead = match role {
        OrgRole::Admin => {
            "As an Organization Admin they may enter every workspace, also without a role there."
        }
        OrgRole::Viewer => {
            "As an Organization Viewer they may enter every workspace, and need a role to work there."
        }
        OrgRole::Manager | OrgRole::Billing | OrgRole::Member => {
            "Given to them alone. What they hold through a team is on its page."
        }
    };
    let taking = choices.is_some().then_some(actions.taking);
    let roles = choices.map(|choices| choices.roles).unwrap_or_default();
    view! {
        <div id="roles">
            <Card title="Roles given to them" lead>
                <FormError error=actions.taking.error() />
                {if grants.is_empty() {
                    view! {
                        <Empty icon="shield-check" title="No roles of their own" lead="Give a role in a workspace on its page, under who may enter.">
                            <LinkButton href=format!("/organizations/{org}/workspaces")>"Go to workspaces"</LinkButton>
                        </Empty>
                    }
                        .into_any()
                } else {
                    view! { <HeldRoles org grants caption="Roles given to them" taking linked=true /> }.into_any()
                }}
                {(!roles.is_empty())
                    .then(|| view! { <GiveInOrg org to=Principal::User(user) roles giving=actions.giving /> })}
            </Card>
        </div>
    }
}
