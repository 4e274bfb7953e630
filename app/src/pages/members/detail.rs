//! One member: what they hold, changing their role, removing them.

use super::list::OrgRoleBadge;
use crate::api::load::load;
use crate::api::members::{LeaveOrg, RemoveMember, SetMemberRole, get_member};
use crate::pages::{ErrorView, failure, missing, org_param, text_param};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use model::member::{Member, MemberDetail, WorkspaceGrant};
use model::{OrgId, OrgRole, UserId};
use ui::{
    Alert, Button, Card, Cell, CellLink, Choice, Code, Column, Confirm, ConfirmActions, Definition,
    DefinitionList, Empty, FormActions, FormBody, FormError, Hide, PageHeader, RadioCards, Row, Split,
    SplitAside, SplitMain, Table, Timestamp, Tone, Variant,
};

/// One member of an organization.
#[component]
pub fn MemberPage() -> impl IntoView {
    let (org, user) = (org_param(), text_param("user"));
    let set_role = ServerAction::<SetMemberRole>::new();
    let remove = ServerAction::<RemoveMember>::new();
    let leave = ServerAction::<LeaveOrg>::new();
    let data = load(
        move || (org.get(), user.get(), set_role.version().get()),
        |(org, user, _)| async move {
            let user: UserId = user.parse().map_err(|_| missing())?;
            let org = org.ok_or_else(missing)?;
            Ok((org, get_member(org, user).await?))
        },
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match data.await {
                    Ok((org, detail)) => view! { <Detail org detail set_role remove leave /> }.into_any(),
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
    set_role: ServerAction<SetMemberRole>,
    remove: ServerAction<RemoveMember>,
    leave: ServerAction<LeaveOrg>,
) -> impl IntoView {
    let MemberDetail { member, grants, last_admin, is_me } = detail;
    let role = member.role;
    let (for_role, for_removal) = (member.clone(), member.clone());
    let audit = format!("/organizations/{org}/audit?actor={}", member.user);
    let (heading, title) = (member.name.clone(), member.name);
    let lead = if is_me { format!("{} · this is you", member.email) } else { member.email };
    view! {
        <Title text=title />
        <PageHeader
            title=heading
            lead
            badge=move || view! { <OrgRoleBadge role /> }
        />
        <Split>
            <SplitMain>
                <div class="flex flex-col gap-6">
                    <Workspaces org grants role />
                    <RoleForm org member=for_role last_admin is_me set_role />
                    <Removal org member=for_removal last_admin is_me remove leave />
                </div>
            </SplitMain>
            <SplitAside label="Facts">
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
                        <Definition term="What they did">
                            <a class="text-accent underline" href=audit>
                                "Audit log"
                            </a>
                        </Definition>
                    </DefinitionList>
                </Card>
            </SplitAside>
        </Split>
    }
}

#[component]
fn Workspaces(org: OrgId, grants: Vec<WorkspaceGrant>, role: OrgRole) -> impl IntoView {
    let columns = vec![Column::new("Workspace"), Column::new("Role"), Column::new("Since").hide(Hide::Phone)];
    let lead = match role {
        OrgRole::Admin => {
            "As an Organization Admin they may enter every workspace, also without a role there."
        }
        OrgRole::Member => "They see these workspaces and no others.",
    };
    let empty = grants.is_empty();
    let rows = grants
        .into_iter()
        .map(|grant| {
            view! {
                <Row>
                    <CellLink href=format!("/workspaces/{}", grant.workspace_name)>{grant.workspace_display_name}</CellLink>
                    <Cell>{grant.role.label()}</Cell>
                    <Cell hide=Hide::Phone><Timestamp at=grant.created_at /></Cell>
                </Row>
            }
        })
        .collect_view();
    view! {
        <Card title="Workspaces" lead flush=true>
            {if empty {
                view! {
                    <Empty icon="boxes" title="No workspace roles" lead="Give a role on the page of a workspace, under who may enter.">
                        <ui::LinkButton href=format!("/organizations/{org}/workspaces")>"Go to workspaces"</ui::LinkButton>
                    </Empty>
                }
                    .into_any()
            } else {
                view! { <Table caption="Workspace roles" columns>{rows}</Table> }.into_any()
            }}
        </Card>
    }
}

#[component]
fn RoleForm(
    org: OrgId,
    member: Member,
    last_admin: bool,
    is_me: bool,
    set_role: ServerAction<SetMemberRole>,
) -> impl IntoView {
    let error = Signal::derive(move || failure(set_role.value().read().as_ref()));
    let roles = OrgRole::ALL
        .iter()
        .map(|role| Choice::new(role.as_str(), role.label()).hint(role.summary()))
        .collect::<Vec<_>>();
    view! {
        <div id="role">
            <Card title="Role in the organization" lead="A change holds from their next request on.">
                {last_admin.then(|| view! {
                    <div class="mb-4">
                        <Alert tone=Tone::Neutral title="The only Organization Admin">
                            "Make somebody else an admin before you change this role."
                        </Alert>
                    </div>
                })}
                {(is_me && !last_admin).then(|| view! {
                    <div class="mb-4">
                        <Alert tone=Tone::Warn title="This is your own role">
                            "If you stop being an admin, you cannot undo it: another admin has to."
                        </Alert>
                    </div>
                })}
                <ActionForm action=set_role>
                    <FormBody>
                        <FormError error />
                        <input type="hidden" name="org" value=org.to_string() />
                        <input type="hidden" name="user" value=member.user.to_string() />
                        <RadioCards name="role" legend="Role" value=member.role.as_str() options=roles />
                        <FormActions>
                            <Button pending=set_role.pending()>"Change role"</Button>
                        </FormActions>
                    </FormBody>
                </ActionForm>
            </Card>
        </div>
    }
}

#[component]
fn Removal(
    org: OrgId,
    member: Member,
    last_admin: bool,
    is_me: bool,
    remove: ServerAction<RemoveMember>,
    leave: ServerAction<LeaveOrg>,
) -> impl IntoView {
    let error = Signal::derive(move || {
        failure(remove.value().read().as_ref()).or_else(|| failure(leave.value().read().as_ref()))
    });
    let loses = match member.workspaces {
        0 => "at once".to_owned(),
        1 => "at once, with the role in 1 workspace and what was shared there".to_owned(),
        n => format!("at once, with the roles in {n} workspaces and what was shared there"),
    };
    let (title, lead, label) = if is_me {
        (
            "Leave the organization".to_owned(),
            format!("You lose access {loses}. To come back you need a new invitation."),
            "Leave organization",
        )
    } else {
        (
            format!("Remove {}", member.name),
            format!(
                "{} loses access {loses}. Their account stays; to come back they need a new invitation.",
                member.name
            ),
            "Remove member",
        )
    };
    view! {
        <div id="remove">
            <Card title=title.clone() lead=lead.clone() tone=Tone::Bad>
                <FormError error />
                {if last_admin {
                    view! { <p class="text-sm text-muted">"Not possible for the only Organization Admin."</p> }.into_any()
                } else {
                    view! { <Button variant=Variant::Danger opens="confirm-removal">{label}</Button> }.into_any()
                }}
            </Card>
            <Confirm id="confirm-removal" title lead>
                {if is_me {
                    view! {
                        <ActionForm action=leave>
                            <input type="hidden" name="org" value=org.to_string() />
                            <ConfirmActions dialog="confirm-removal" label />
                        </ActionForm>
                    }
                        .into_any()
                } else {
                    view! {
                        <ActionForm action=remove>
                            <input type="hidden" name="org" value=org.to_string() />
                            <input type="hidden" name="user" value=member.user.to_string() />
                            <ConfirmActions dialog="confirm-removal" label />
                        </ActionForm>
                    }
                        .into_any()
                }}
            </Confirm>
        </div>
    }
}
