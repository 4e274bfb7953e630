//! What a role allows: the rights in Reeve as a list, and inside workspaces a grid of types and actions.

#![expect(unreachable_pub, reason = "the component macro makes what it generates public")]

use crate::pages::words::{USUAL, action_words, capitalized, kind_words, permission_words, reeve_words};
use leptos::prelude::*;
use model::Permission;
use model::policy::{Action, ResourceType};
use model::role::{Level, PermissionName, offered};
use std::collections::BTreeSet;
use std::sync::Arc;
use ui::{Checkbox, Icon};

/// The name under which a form sends what is ticked, once for each.
pub(super) const FIELD: &str = "permissions[]";

/// What a role of `level` allows. The cells are those that exist at its level; the others are empty.
#[component]
pub(super) fn PermissionGrid(
    /// What kind of role it is.
    level: Level,
    /// What it allows.
    held: Vec<PermissionName>,
    /// Boxes to tick, for a form; otherwise only shown.
    #[prop(optional)]
    editable: bool,
) -> impl IntoView {
    let held: Arc<BTreeSet<PermissionName>> = Arc::new(held.into_iter().collect());
    let find = RwSignal::new(String::new());
    view! {
        <div class="flex flex-col gap-5">
            <Find find />
            <InReeve level held=held.clone() editable find />
            <OnTypes level held editable find />
        </div>
    }
}

/// Hides the rows that do not match. Appears with hydration; without it the whole grid is there.
#[component]
fn Find(find: RwSignal<String>) -> impl IntoView {
    view! {
        <div class="relative hidden sm:max-w-80 hydrated:block">
            <label for="find-permission" class="sr-only">
                "Search permissions"
            </label>
            <Icon name="search" class="pointer-events-none absolute top-2 left-2.5 size-4 text-muted" />
            // It belongs to no form: pressing Enter in it must not save the role.
            <input
                type="search"
                id="find-permission"
                form="no-form"
                placeholder="Search permissions"
                autocomplete="off"
                data-search=""
                class="h-8 w-full rounded-control border border-control bg-surface pr-2 pl-8 text-sm focus-visible:outline-offset-0"
                on:input=move |event| find.set(event_target_value(&event).trim().to_lowercase())
            />
        </div>
    }
}

#[component]
fn InReeve(
    level: Level,
    held: Arc<BTreeSet<PermissionName>>,
    editable: bool,
    find: RwSignal<String>,
) -> impl IntoView {
    let rights: Vec<Permission> = offered(level)
        .filter_map(|name| match name {
            PermissionName::Reeve(permission) => Some(permission),
            PermissionName::Resource(..) => None,
        })
        .filter(|permission| editable || held.contains(&PermissionName::Reeve(*permission)))
        .collect();
    let none = rights.is_empty().then(|| view! { <p class="text-sm text-muted">"Nothing."</p> });
    let items = rights
        .into_iter()
        .map(|permission| {
            let words = reeve_words(permission);
            let text = format!("{words} {permission}");
            let away = move || !find.with(|find| text.contains(find.as_str()));
            let item = if editable {
                view! {
                    <Checkbox
                        name=FIELD
                        value=permission.as_str()
                        id=format!("permission-{permission}")
                        label=capitalized(words)
                        checked=held.contains(&PermissionName::Reeve(permission))
                    />
                }
                .into_any()
            } else {
                view! {
                    <span class="flex gap-2.5">
                        <Icon name="check" class="mt-0.5 size-4 shrink-0 text-ok" />
                        {capitalized(words)}
                    </span>
                }
                .into_any()
            };
            view! { <li class:hidden=away>{item}</li> }
        })
        .collect_view();
    view! {
        <section aria-labelledby="rights-in-reeve">
            <h3 id="rights-in-reeve" class="mb-2 text-sm font-medium">
                "In Reeve"
            </h3>
            {none}
            <ul class="grid gap-x-6 gap-y-1 text-sm sm:grid-cols-2">{items}</ul>
        </section>
    }
}

#[component]
fn OnTypes(
    level: Level,
    held: Arc<BTreeSet<PermissionName>>,
    editable: bool,
    find: RwSignal<String>,
) -> impl IntoView {
    let cells: BTreeSet<PermissionName> = offered(level).collect();
    let has = |kind, action| cells.contains(&PermissionName::Resource(kind, action));
    let kinds =
        ResourceType::ALL.iter().copied().filter(|kind| Action::ALL.iter().any(|action| has(*kind, *action)));
    let heads = USUAL
        .iter()
        .map(|action| {
            view! {
                <th scope="col" class="h-8 px-2 text-center font-medium whitespace-nowrap text-muted">
                    {capitalized(action_words(*action))}
                </th>
            }
        })
        .collect_view();
    let rows = kinds
        .map(|kind| {
            let shown = |action: Action, word: bool| {
                let name = PermissionName::Resource(kind, action);
                has(kind, action)
                    .then(|| cell(name, held.contains(&name), editable, word.then(|| action_words(action))))
            };
            let row = USUAL
                .iter()
                .map(|action| view! { <td class="h-9 px-2 text-center">{shown(*action, false)}</td> })
                .collect_view();
            let rare = Action::ALL
                .iter()
                .filter(|action| !USUAL.contains(action))
                .map(|action| shown(*action, true))
                .collect_view();
            let text = format!("{} {kind}", kind_words(kind));
            let away = move || !find.with(|find| text.contains(find.as_str()));
            view! {
                <tr class="border-b border-line-soft last:border-0 hover:bg-hover" class:hidden=away>
                    <th scope="row" class="h-9 pr-3 pl-2 text-left font-medium whitespace-nowrap">
                        {capitalized(kind_words(kind))}
                    </th>
                    {row}
                    <td class="h-9 px-2">
                        <span class="flex gap-3">{rare}</span>
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section aria-labelledby="rights-on-types">
            <h3 id="rights-on-types" class="mb-2 text-sm font-medium">
                "Inside workspaces"
            </h3>
            <div class="relative -mx-1 overflow-x-auto px-1" role="region" aria-label="Permissions by type" tabindex="0">
                <table class="w-full border-collapse text-sm">
                    <caption class="sr-only">"Permissions by type of resource and action"</caption>
                    <thead>
                        <tr class="border-b border-line">
                            <th scope="col" class="h-8 pr-3 pl-2 text-left font-medium text-muted">
                                "Type"
                            </th>
                            {heads}
                            <th scope="col" class="h-8 px-2 text-left font-medium text-muted">
                                "More"
                            </th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}

/// What one permission looks like, with a word beside it where no column says it.
fn cell(name: PermissionName, held: bool, editable: bool, word: Option<&'static str>) -> AnyView {
    let beside = word.map(|word| view! { <span class="whitespace-nowrap text-muted">{word}</span> });
    if editable {
        return view! {
            <label class="flex h-8 items-center justify-center gap-1.5">
                <input
                    type="checkbox"
                    name=FIELD
                    value=name.to_string()
                    checked=held
                    class="size-4.5"
                    aria-label=capitalized(&permission_words(name))
                />
                {beside}
            </label>
        }
        .into_any();
    }
    let (icon, class, verdict) = if held {
        ("check", "size-4 shrink-0 text-ok", "Allowed")
    } else {
        ("minus", "size-4 shrink-0 text-control", "Not allowed")
    };
    view! {
        <span class="inline-flex items-center gap-1">
            <Icon name=icon class />
            {beside}
            <span class="sr-only">{verdict}</span>
        </span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(level: Level, held: &[&str], editable: bool) -> String {
        let held = held.iter().map(|text| text.parse().unwrap()).collect();
        Owner::new().with(|| view! { <PermissionGrid level held editable /> }.to_html())
    }

    #[test]
    fn there_is_a_box_for_everything_a_role_can_be_made_of() {
        for level in Level::GRANTED {
            let html = html(level, &["project.read"], true);
            assert_eq!(html.matches(r#"name="permissions[]""#).count(), offered(level).count(), "{html}");
            assert_eq!(html.matches(" checked").count(), 1, "{html}");
        }
    }

    #[test]
    fn what_nobody_may_edit_has_no_boxes() {
        let html = html(Level::Workspace, &["stack.read", "grant.read"], false);
        assert!(
            !html.contains("permissions[]") && html.contains("See who may enter the workspace"),
            "{html}"
        );
        assert_eq!(html.matches(">Allowed<").count(), 1, "{html}");
        assert!(!html.contains("Give and take roles in the workspace"), "{html}");
    }
}
