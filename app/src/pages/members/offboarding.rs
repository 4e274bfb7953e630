//! Locking a member, and offboarding them: what they hold, what becomes of it, and the form that does it.

use super::holdings::Holdings;
use crate::api::load::load;
use crate::api::offboarding::{CarryOutOffboarding, LockMember, UnlockMember, preflight_offboarding};
use crate::pages::{ErrorView, failure, missing, org_param, successes, text_param};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use model::offboarding::Preflight;
use model::{ApiError, OrgId, UserId};
use ui::{
    Alert, Button, Card, Checkbox, FormActions, FormBody, FormError, Input, LinkButton, PageHeader, Tone,
    Variant, field_error,
};

#[derive(Clone, Copy)]
struct Actions {
    carry_out: ServerAction<CarryOutOffboarding>,
    lock: ServerAction<LockMember>,
    unlock: ServerAction<UnlockMember>,
    /// How often what is shown has become old.
    outdated: Memo<usize>,
}

impl Actions {
    fn new() -> Self {
        let (carry_out, lock, unlock) = (ServerAction::new(), ServerAction::new(), ServerAction::new());
        let (locked, unlocked) = (successes(lock), successes(unlock));
        // Only this refusal says that something else is there now: after any other, what was typed stays.
        let changed = Memo::new(move |before: Option<&usize>| {
            let times = carry_out.version().get();
            let error = failure(carry_out.value().read().as_ref());
            if error.is_some_and(|error| !changes(&error).is_empty()) {
                times
            } else {
                before.copied().unwrap_or_default()
            }
        });
        let outdated = Memo::new(move |_| locked.get() + unlocked.get() + changed.get());
        Self { carry_out, lock, unlock, outdated }
    }

    fn error(self) -> Signal<Option<ApiError>> {
        Signal::derive(move || failure(self.carry_out.value().read().as_ref()))
    }
}

/// The parts that a refusal names as changed.
fn changes(error: &ApiError) -> String {
    error.fields.get("changed").cloned().unwrap_or_default()
}

/// Locking and offboarding one member.
#[component]
pub fn OffboardingPage() -> impl IntoView {
    let (org, user) = (org_param(), text_param("user"));
    let actions = Actions::new();
    let data = load(
        move || (org.get(), user.get(), actions.outdated.get()),
        |(org, user, _)| async move {
            let user: UserId = user.parse().map_err(|_| missing())?;
            let org = org.ok_or_else(missing)?;
            Ok((org, preflight_offboarding(org, user).await?))
        },
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match data.await {
                    Ok((org, seen)) => view! { <Leaving org seen actions /> }.into_any(),
                    Err(crate::api::Error(error)) => view! { <ErrorView error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Leaving(org: OrgId, seen: Preflight, actions: Actions) -> impl IntoView {
    let title = format!("Offboard {}", seen.name);
    let lead = format!("{} · all they hold in this organization, and what becomes of it.", seen.email);
    let back = format!("/organizations/{org}/members/{}", seen.user);
    let error = actions.error();
    let changed = error.get_untracked().as_ref().map(changes).unwrap_or_default();
    let may = seen.obstacle.is_none();
    let lockable = may && !seen.is_me;
    let locked = seen.locked_at.is_some();
    view! {
        <Title text=title.clone() />
        <PageHeader title lead>
            <LinkButton href=back>"Back to the member"</LinkButton>
        </PageHeader>
        <div class="flex flex-col gap-6">
            <FormError error />
            {seen.obstacle.clone().map(|why| view! { <Alert tone=Tone::Bad title="This cannot be done">{why}</Alert> })}
            {locked.then(|| view! {
                <Alert tone=Tone::Warn title="Locked">
                    "Nothing of theirs opens this organization. What they hold is still there."
                </Alert>
            })}
            {seen.elsewhere.then(|| view! {
                <Alert tone=Tone::Accent title="They also belong to another organization">
                    "Their sessions, devices and keys reach there, so only they end them. After offboarding, nothing of it opens this organization."
                </Alert>
            })}
            <Holdings seen=seen.clone() changed />
            {lockable.then(|| view! { <Lock org user=seen.user locked actions /> })}
            {may.then(|| view! { <CarryOut org seen error actions /> })}
        </div>
    }
}

#[component]
fn Lock(org: OrgId, user: UserId, locked: bool, actions: Actions) -> impl IntoView {
    let Actions { lock, unlock, .. } = actions;
    let error = Signal::derive(move || {
        failure(lock.value().read().as_ref()).or_else(|| failure(unlock.value().read().as_ref()))
    });
    let (org, user) = (org.to_string(), user.to_string());
    let (lead, form) = if locked {
        let form = view! {
            <ActionForm action=unlock>
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="user" value=user />
                <Button pending=unlock.pending()>"Unlock"</Button>
            </ActionForm>
        };
        (
            "They sign in again and have all that they hold. Their API keys work again at once, those made meanwhile too. Invitations that were taken back stay so.",
            form.into_any(),
        )
    } else {
        let form = view! {
            <ActionForm action=lock>
                <input type="hidden" name="org" value=org />
                <input type="hidden" name="user" value=user />
                <Button variant=Variant::Danger pending=lock.pending()>"Lock at once"</Button>
            </ActionForm>
        };
        (
            "From their next request on nothing of theirs opens this organization: no session, key, token or device. What they hold stays, and you can unlock them. Service accounts they answer for go on: rotate their keys.",
            form.into_any(),
        )
    };
    view! {
        <div id="lock">
            <Card title=if locked { "Unlock them" } else { "Lock them" } lead>
                <FormError error />
                {form}
            </Card>
        </div>
    }
}

#[component]
fn CarryOut(org: OrgId, seen: Preflight, error: Signal<Option<ApiError>>, actions: Actions) -> impl IntoView {
    let action = actions.carry_out;
    let needed = seen.needs_successor();
    let lead = "All of it at once, or nothing. Their account stays, and so do its names: nobody else ever gets them.";
    view! {
        <div id="carry-out">
            <Card title="Offboard them" lead tone=Tone::Bad>
                <ActionForm action>
                    <FormBody>
                        <input type="hidden" name="org" value=org.to_string() />
                        <input type="hidden" name="user" value=seen.user.to_string() />
                        <input type="hidden" name="fingerprint" value=seen.fingerprint />
                        {needed.then(|| view! {
                            <Input
                                name="successor"
                                label="Successor"
                                hint="E-mail address or username of the member who takes over what nobody else looks after."
                                required=true
                                maxlength=254
                                autocomplete="off"
                                error=field_error(error, "successor")
                            />
                        })}
                        <Input
                            name="typed"
                            label=format!("Type {} to confirm", seen.username)
                            required=true
                            maxlength=254
                            autocomplete="off"
                            error=field_error(error, "typed")
                        />
                        {seen.is_me.then(|| view! {
                            <Checkbox name="confirmed" label="I give up these rights of my own" />
                        })}
                        <FormActions>
                            <Button variant=Variant::Danger pending=action.pending()>"Offboard"</Button>
                        </FormActions>
                    </FormBody>
                </ActionForm>
            </Card>
        </div>
    }
}
