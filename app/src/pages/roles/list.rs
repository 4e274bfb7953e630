//! The roles that can be given in an organization.

use super::{KindBadge, level_lead};
use crate::api::load::load;
use crate::api::roles::list_roles;
use crate::pages::{ErrorView, missing, org_param};
use leptos::prelude::*;
use leptos_meta::Title;
use model::OrgId;
use model::role::{Level, RoleList, RoleRow};
use ui::{Card, Cell, CellLink, Column, Hide, LinkButton, PageHeader, Row, Table, Variant};

/// The roles that can be given in an organization, by level.
#[component]
pub fn Roles() -> impl IntoView {
    let org = org_param();
    let data = load(
        move || org.get(),
        |org| async move {
            let org = org.ok_or_else(missing)?;
            Ok((org, list_roles(org).await?))
        },
    );
    view! {
        <Title text="Roles" />
        <Transition>
            {move || Suspend::new(async move {
                match data.await {
                    Ok((org, list)) => view! { <Listed org list /> }.into_any(),
                    Err(crate::api::Error(error)) => view! { <ErrorView error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Listed(org: OrgId, list: RoleList) -> impl IntoView {
    let RoleList { roles, can_manage } = list;
    let cards = Level::GRANTED
        .iter()
        .map(|level| {
            let roles = roles.iter().filter(|role| role.level == *level).cloned().collect();
            view! { <OfLevel org level=*level roles /> }
        })
        .collect_view();
    view! {
        <PageHeader
            title="Roles"
            lead="What people and teams can be given. Predefined roles are the same everywhere; make your own where none fits."
        >
            {can_manage
                .then(|| {
                    view! {
                        <LinkButton href=format!("/organizations/{org}/roles/new") variant=Variant::Primary icon="plus" adds=true>
                            "New role"
                        </LinkButton>
                    }
                })}
        </PageHeader>
        <div class="flex flex-col gap-6">{cards}</div>
    }
}

#[component]
fn OfLevel(org: OrgId, level: Level, roles: Vec<RoleRow>) -> impl IntoView {
    let columns =
        vec![Column::new("Role"), Column::new("Kind").hide(Hide::Phone), Column::new("Given").numeric()];
    let rows = roles
        .into_iter()
        .map(|role| {
            view! {
                <Row>
                    <CellLink href=format!("/organizations/{org}/roles/{}", role.role)>
                        <span class="flex min-w-0 flex-col">
                            <span class="truncate">{role.name}</span>
                            <span class="truncate text-sm font-normal text-muted">{role.description}</span>
                        </span>
                    </CellLink>
                    <Cell hide=Hide::Phone><KindBadge role=role.role /></Cell>
                    <Cell numeric=true>{role.assignments}</Cell>
                </Row>
            }
        })
        .collect_view();
    let title = format!("{} roles", level.label());
    view! {
        <Card title=title.clone() lead=level_lead(level) flush=true>
            <Table caption=title columns>{rows}</Table>
        </Card>
    }
}
