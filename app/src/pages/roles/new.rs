//! Making a role, from nothing or from a copy.

use super::edit::{PermissionFields, RoleFields};
use super::level_lead;
use crate::api::load::load;
use crate::api::roles::{CreateRole, get_role};
use crate::pages::{ErrorView, failure, missing, org_param};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;
use model::OrgId;
use model::role::{Level, RoleDetail, RoleRef};
use ui::{Button, Card, Choice, FormActions, FormError, LinkButton, PageHeader, Select, Size, Variant};

/// Making a role. `from` in the address is the role that is copied, `level` what kind it shall be.
#[component]
pub fn NewRole() -> impl IntoView {
    let (org, query) = (org_param(), use_query_map());
    let from = Memo::new(move |_| query.read().get("from").filter(|text| !text.is_empty()));
    let level = Memo::new(move |_| {
        let wanted: Option<Level> = query.read().get("level").and_then(|text| text.parse().ok());
        wanted.filter(|level| Level::GRANTED.contains(level)).unwrap_or(Level::Workspace)
    });
    let action = ServerAction::<CreateRole>::new();
    let data = load(
        move || (org.get(), from.get()),
        |(org, from)| async move {
            let org = org.ok_or_else(missing)?;
            let original = match from {
                Some(from) => {
                    let role: RoleRef = from.parse().map_err(|_| missing())?;
                    Some(get_role(org, role).await?)
                }
                None => None,
            };
            Ok((org, original))
        },
    );
    view! {
        <Title text="New role" />
        <PageHeader title="New role" lead="It can be given as soon as it is made." />
        <Transition>
            {move || Suspend::new(async move {
                match data.await {
                    Ok((org, Some(original))) => view! { <Copied org original action /> }.into_any(),
                    Ok((org, None)) => view! { <Fresh org level action /> }.into_any(),
                    Err(crate::api::Error(error)) => view! { <ErrorView error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Copied(org: OrgId, original: RoleDetail, action: ServerAction<CreateRole>) -> impl IntoView {
    let error = Signal::derive(move || failure(action.value().read().as_ref()));
    let RoleDetail { row, permissions, .. } = original;
    let level = row.level;
    view! {
        <Card title=format!("A copy of {}", row.name) lead=level_lead(level)>
            <ActionForm action>
                <FormError error />
                <input type="hidden" name="org" value=org.to_string() />
                <input type="hidden" name="level" value=level.to_string() />
                <div class="flex flex-col gap-6">
                    <RoleFields error name=format!("{} copy", row.name) description=row.description />
                    <PermissionFields level held=permissions error />
                    <Make org action />
                </div>
            </ActionForm>
        </Card>
    }
}

#[component]
fn Fresh(org: OrgId, level: Memo<Level>, action: ServerAction<CreateRole>) -> impl IntoView {
    let error = Signal::derive(move || failure(action.value().read().as_ref()));
    view! {
        <Card>
            <div class="mb-6">
                <LevelChoice org level />
            </div>
            <ActionForm action>
                <FormError error />
                <input type="hidden" name="org" value=org.to_string() />
                <input type="hidden" name="level" value=move || level.get().to_string() />
                <div class="flex flex-col gap-6">
                    <RoleFields error />
                    // Built anew for another level: other things can be ticked there.
                    {move || view! { <PermissionFields level=level.get() held=Vec::new() error /> }}
                    <Make org action />
                </div>
            </ActionForm>
        </Card>
    }
}

/// A form of its own, sent at once: what can be ticked depends on it.
#[component]
fn LevelChoice(org: OrgId, level: Memo<Level>) -> impl IntoView {
    let options = Level::GRANTED
        .iter()
        .map(|level| Choice::new(level.as_str(), level.label()).hint(level_lead(*level)))
        .collect::<Vec<_>>();
    let now = level.get_untracked();
    view! {
        <Form method="GET" action=format!("/organizations/{org}/roles/new")>
            <div class="flex max-w-form flex-wrap items-start gap-3">
                <div class="min-w-48 grow">
                    <Select name="level" label="Level" options value=now.as_str() auto_submit=true />
                </div>
                <div class="pt-6.5 hydrated:hidden">
                    <Button size=Size::Medium>"Choose level"</Button>
                </div>
            </div>
            <p class="mt-1.5 text-sm text-muted text-pretty">{move || level_lead(level.get())}</p>
        </Form>
    }
}

#[component]
fn Make(org: OrgId, action: ServerAction<CreateRole>) -> impl IntoView {
    view! {
        <FormActions>
            <Button variant=Variant::Primary pending=action.pending()>"Make role"</Button>
            <LinkButton href=format!("/organizations/{org}/roles") variant=Variant::Ghost>"Cancel"</LinkButton>
        </FormActions>
    }
}
