//! The form for a new key: how long it works, and what it is limited to.

use super::{KeyActions, Whose};
use crate::pages::emptied_after;
use crate::pages::words::{capitalized, reeve_words};
use leptos::prelude::*;
use model::api_key::{KeyChoices, KeyPolicy};
use model::device::DeviceWorkspace;
use model::role::{Level, PermissionName, offered};
use ui::{
    Alert, Button, Checkbox, Choice, FormActions, FormBody, FormError, Input, RadioCards, Select, Tone,
    Variant, field_error,
};

/// The form for a new key. What the organization does not allow is not offered.
#[component]
pub(crate) fn NewKey(
    /// Whose it will be.
    whose: Whose,
    /// What it can be.
    choices: KeyChoices,
    /// How it is made.
    actions: KeyActions,
) -> impl IntoView {
    let error = actions.not_made();
    let KeyChoices { policy, workspaces } = choices;
    let fields = view! {
        <FormBody>
            <FormError error />
            <Input
                name="name"
                id="key-name"
                label="Name"
                hint="Where it is used, so that you know later what breaks without it."
                required=true
                maxlength=100
                autocomplete="off"
                error=field_error(error, "name")
            />
            <div class="group grid gap-4">
                <Select
                    name="expiry"
                    label="Works for"
                    options=lives(&policy)
                    value=usual_life(&policy)
                    error=field_error(error, "expiry")
                />
                {why_not(&policy).map(|why| view! { <p class="-mt-2.5 text-sm text-muted text-pretty">{why}</p> })}
                <div class="hidden group-has-[option[value=date]:checked]:block">
                    <Input
                        name="date"
                        label="Last day"
                        kind="date"
                        hint="It stops at the end of that day, UTC."
                        error=field_error(error, "date")
                    />
                </div>
            </div>
            <div class="group grid gap-4">
                <RadioCards
                    name="limit"
                    legend="What it may do"
                    value="all"
                    options=vec![
                        Choice::new("all", whose.everything()),
                        Choice::new("enter", "Only sign in to workspaces").hint("It administers nothing in Reeve."),
                        Choice::new("chosen", "Only what I choose"),
                    ]
                    error=field_error(error, "scopes")
                />
                <div class="hidden group-has-[input[value=chosen]:checked]:block">
                    <Permissions />
                </div>
            </div>
            {(!workspaces.is_empty())
                .then(|| {
                    view! {
                        <Select
                            name="workspace"
                            label="In which workspaces"
                            options=places(workspaces)
                            hint="Inside a workspace it counts what the account may do, not what its key is limited to."
                            error=field_error(error, "workspace")
                        />
                    }
                })}
            <FormActions>
                <Button variant=Variant::Primary icon="plus" pending=actions.creating()>
                    {format!("Create {}", whose.noun())}
                </Button>
            </FormActions>
        </FormBody>
    }
    .into_any();
    view! {
        // Not <noscript>: what stands in it is text to a browser with scripts, and hydration looks for elements.
        <div class="mb-4 hidden noscript:block">
            <Alert tone=Tone::Warn>"A new secret is shown once, in this page, which takes JavaScript."</Alert>
        </div>
        <div data-new="">{actions.create_form(whose.account, emptied_after(actions.created), fields)}</div>
    }
}

/// The permissions in Reeve to choose among. What is done inside a workspace is decided by the account.
#[component]
fn Permissions() -> impl IntoView {
    let boxes = offered(Level::Organization)
        .filter_map(|name| match name {
            PermissionName::Reeve(permission) => Some(permission),
            PermissionName::Resource(..) => None,
        })
        .map(|permission| {
            view! {
                <li>
                    <Checkbox
                        name="scopes[]"
                        value=permission.as_str()
                        id=format!("scope-{permission}")
                        label=capitalized(reeve_words(permission))
                    />
                </li>
            }
        })
        .collect_view();
    view! {
        <fieldset class="min-w-0">
            <legend class="mb-1.5 text-sm font-medium">"Permissions"</legend>
            <p class="mb-2 text-sm text-muted text-pretty">"Those of them that the account does not hold, its key does not have."</p>
            <ul class="flex max-h-80 flex-col gap-2 overflow-y-auto rounded-control border border-line p-3 text-sm">{boxes}</ul>
        </fieldset>
    }
}

/// The lives that the policy allows.
fn lives(policy: &KeyPolicy) -> Vec<Choice> {
    let fits = |days: u32| policy.longest_days.is_none_or(|longest| days <= longest);
    [
        (fits(30), "30", "30 days"),
        (fits(90), "90", "90 days"),
        (fits(365), "365", "A year"),
        (true, "date", "Until a day I choose"),
        (policy.endless, "never", "No end"),
    ]
    .into_iter()
    .filter(|(allowed, ..)| *allowed)
    .map(|(_, value, label)| Choice::new(value, label))
    .collect()
}

/// What is chosen at first: three months, or as much of it as is allowed.
fn usual_life(policy: &KeyPolicy) -> &'static str {
    match policy.longest_days {
        Some(..30) => "date",
        Some(30..90) => "30",
        _ => "90",
    }
}

/// Why some lives are not offered.
fn why_not(policy: &KeyPolicy) -> Option<String> {
    match (policy.longest_days, policy.endless) {
        (None, true) => None,
        (None, false) => Some("The organization wants every key to have an end.".to_owned()),
        (Some(days), true) => {
            Some(format!("The organization lets a key that has an end work for {} at most.", in_days(days)))
        }
        (Some(days), false) => Some(format!(
            "The organization lets keys work for {} at most, and wants each to have an end.",
            in_days(days)
        )),
    }
}

fn in_days(days: u32) -> String {
    crate::pages::words::counted(days, "day", "days")
}

/// The workspaces to choose among, by organization if there are several.
fn places(workspaces: Vec<DeviceWorkspace>) -> Vec<Choice> {
    let several = workspaces.windows(2).any(|pair| pair[0].org_name != pair[1].org_name);
    std::iter::once(Choice::new("", "All of them"))
        .chain(workspaces.into_iter().map(|workspace| {
            let choice = Choice::new(workspace.id.to_string(), format!("Only {}", workspace.display_name));
            if several { choice.group(workspace.org_name) } else { choice }
        }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(longest_days: Option<u32>, endless: bool) -> KeyPolicy {
        KeyPolicy { longest_days, endless, ..KeyPolicy::default() }
    }

    fn offered(policy: &KeyPolicy) -> Vec<String> {
        lives(policy).into_iter().map(|choice| choice.value).collect()
    }

    #[test]
    fn only_lives_that_are_allowed_are_offered_and_the_first_choice_is_one_of_them() {
        assert_eq!(offered(&policy(None, true)), ["30", "90", "365", "date", "never"]);
        assert_eq!(offered(&policy(Some(90), false)), ["30", "90", "date"]);
        assert_eq!(offered(&policy(Some(7), true)), ["date", "never"]);
        for policy in
            [policy(None, true), policy(Some(89), false), policy(Some(29), true), policy(Some(30), false)]
        {
            assert!(offered(&policy).iter().any(|life| life == usual_life(&policy)), "{policy:?}");
        }
    }

    #[test]
    fn what_is_not_offered_is_explained() {
        assert_eq!(why_not(&policy(None, true)), None);
        assert_eq!(
            why_not(&policy(Some(1), false)).unwrap(),
            "The organization lets keys work for 1 day at most, and wants each to have an end."
        );
    }
}
