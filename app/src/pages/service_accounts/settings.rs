//! What can be changed of a service account: what it is for, who answers for it, its role in the organization. One form
//! each, so that none takes back what somebody else has changed meanwhile.

#![expect(unreachable_pub, reason = "the component macro makes what it generates public")]

use crate::api::service_accounts::{HandOverServiceAccount, SetServiceAccountRole, UpdateServiceAccount};
use crate::pages::{emptied_after, failure, saved_after, successes};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::OrgRole;
use model::service_account::ServiceAccount;
use ui::{
    Button, Card, Choice, FormActions, FormBody, FormError, Input, RadioCards, Saved, Textarea, field_error,
};

/// How an owner is named.
pub(super) const OWNER_HINT: &str = "E-mail address or username of a member, or a team’s name.";

/// The roles in the organization, with what they are for.
pub(super) fn roles() -> Vec<Choice> {
    OrgRole::ALL.iter().map(|role| Choice::new(role.as_str(), role.label()).hint(role.summary())).collect()
}

/// The changes, and whether each was just made.
#[derive(Clone, Copy)]
pub(super) struct Changes {
    describe: ServerAction<UpdateServiceAccount>,
    described: Signal<bool>,
    hand_over: ServerAction<HandOverServiceAccount>,
    handed_over: Memo<usize>,
    set_role: ServerAction<SetServiceAccountRole>,
    role_set: Signal<bool>,
    /// How many were made on this page.
    pub(super) done: Memo<usize>,
}

impl Changes {
    pub(super) fn new() -> Self {
        let (describe, hand_over, set_role) = (ServerAction::new(), ServerAction::new(), ServerAction::new());
        let (described, handed_over, role_set) =
            (successes(describe), successes(hand_over), successes(set_role));
        let done = Memo::new(move |_| described.get() + handed_over.get() + role_set.get());
        Self {
            describe,
            described: saved_after(described),
            hand_over,
            handed_over,
            set_role,
            role_set: saved_after(role_set),
            done,
        }
    }
}

/// The three forms.
#[component]
pub(super) fn Settings(account: ServiceAccount, changes: Changes) -> impl IntoView {
    let id = account.id.to_string();
    view! {
        <HandOver id=id.clone() orphan=account.owner.is_none() changes />
        <Describe id=id.clone() description=account.description changes />
        <RoleForm id role=account.role changes />
    }
}

#[component]
fn HandOver(id: String, orphan: bool, changes: Changes) -> impl IntoView {
    let action = changes.hand_over;
    let error = Signal::derive(move || failure(action.value().read().as_ref()));
    let form = emptied_after(changes.handed_over);
    let lead = if orphan {
        "Nobody answers for this account. Whoever does sees it and manages its keys."
    } else {
        "Whoever answers for it sees it and manages its keys."
    };
    view! {
        <div id="owner">
            <Card title="Hand it over" lead>
                <ActionForm action node_ref=form>
                    <FormBody>
                        <FormError error />
                        <input type="hidden" name="account" value=id />
                        <Input
                            name="owner"
                            label="New owner"
                            hint=OWNER_HINT
                            required=true
                            maxlength=254
                            autocomplete="off"
                            error=field_error(error, "owner")
                        />
                        <FormActions>
                            <Button pending=action.pending()>"Hand over"</Button>
                        </FormActions>
                    </FormBody>
                </ActionForm>
            </Card>
        </div>
    }
}

#[component]
fn Describe(id: String, description: String, changes: Changes) -> impl IntoView {
    let action = changes.describe;
    let error = Signal::derive(move || failure(action.value().read().as_ref()));
    view! {
        <Card title="Description">
            <ActionForm action>
                <FormBody>
                    <FormError error />
                    <input type="hidden" name="account" value=id />
                    <Textarea
                        name="description"
                        label="Description"
                        hint="What it is for, and where it runs."
                        value=description
                        maxlength=1000
                        error=field_error(error, "description")
                    />
                    <FormActions>
                        <Button pending=action.pending()>"Save"</Button>
                        <Saved when=changes.described />
                    </FormActions>
                </FormBody>
            </ActionForm>
        </Card>
    }
}

#[component]
fn RoleForm(id: String, role: OrgRole, changes: Changes) -> impl IntoView {
    let action = changes.set_role;
    let error = Signal::derive(move || failure(action.value().read().as_ref()));
    view! {
        <div id="role">
            <Card title="Role in the organization" lead="A change holds from its next request on.">
                <ActionForm action>
                    <FormBody>
                        <FormError error />
                        <input type="hidden" name="account" value=id />
                        <RadioCards name="role" legend="Role" value=role.as_str() options=roles() />
                        <FormActions>
                            <Button pending=action.pending()>"Change role"</Button>
                            <Saved when=changes.role_set />
                        </FormActions>
                    </FormBody>
                </ActionForm>
            </Card>
        </div>
    }
}
