//! Switching a service account off and on, and deleting it.

#![expect(unreachable_pub, reason = "the component macro makes what it generates public")]

use crate::api::service_accounts::{DeleteServiceAccount, SetServiceAccountActive};
use crate::pages::failure;
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::OrgId;
use model::service_account::ServiceAccount;
use ui::{Button, ButtonKind, Card, Confirm, ConfirmActions, FormError, Tone, Variant};

/// Deactivating, activating and deleting.
#[component]
pub(super) fn End(
    org: OrgId,
    account: ServiceAccount,
    set_active: ServerAction<SetServiceAccountActive>,
    delete: ServerAction<DeleteServiceAccount>,
) -> impl IntoView {
    let error = Signal::derive(move || {
        failure(set_active.value().read().as_ref()).or_else(|| failure(delete.value().read().as_ref()))
    });
    let (id, name) = (account.id.to_string(), account.name);
    let again = id.clone();
    let pending = set_active.pending();
    let consequence = if account.active {
        "Its keys and the tokens made from them are refused at the next request, until you activate it again. What it holds stays."
    } else {
        "Its keys work again, apart from those that are switched off, revoked or have run out."
    };
    let switch = if account.active {
        view! {
            <Button kind=ButtonKind::Button opens="deactivate-account">"Deactivate account"</Button>
            <Confirm
                id="deactivate-account"
                title=format!("Deactivate {name}")
                lead="Every program that uses it is refused at its next request, here and in workspaces, until it is activated again. Nothing is removed."
            >
                <ActionForm action=set_active>
                    <input type="hidden" name="account" value=id />
                    <input type="hidden" name="active" value="false" />
                    <ConfirmActions dialog="deactivate-account" label="Deactivate account" pending />
                </ActionForm>
            </Confirm>
        }
        .into_any()
    } else {
        view! {
            <ActionForm action=set_active>
                <input type="hidden" name="account" value=id />
                <input type="hidden" name="active" value="true" />
                <Button pending>"Activate account"</Button>
            </ActionForm>
        }
        .into_any()
    };
    view! {
        <div id="delete">
            <Card title="Deactivate or delete" tone=Tone::Bad>
                <FormError error />
                <div class="flex flex-wrap items-center justify-between gap-3">
                    <p class="max-w-prose text-sm text-muted text-pretty">{consequence}</p>
                    {switch}
                </div>
                <div class="mt-4 flex flex-wrap items-center justify-between gap-3">
                    <p class="max-w-prose text-sm text-muted text-pretty">
                        "Its keys, roles and shares are removed for good, and its name stays taken. What it owns inside workspaces is not touched."
                    </p>
                    <Button kind=ButtonKind::Button variant=Variant::Danger icon="trash-2" opens="delete-account">
                        "Delete account"
                    </Button>
                </div>
                <Confirm
                    id="delete-account"
                    title=format!("Delete {name}")
                    lead="Every program that uses it is refused at its next request. This cannot be undone."
                >
                    <ActionForm action=delete>
                        <input type="hidden" name="org" value=org.to_string() />
                        <input type="hidden" name="account" value=again />
                        <ConfirmActions
                            dialog="delete-account"
                            label="Delete account"
                            type_name=name
                            pending=delete.pending()
                        />
                    </ActionForm>
                </Confirm>
            </Card>
        </div>
    }
}
