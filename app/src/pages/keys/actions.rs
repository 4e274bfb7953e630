//! What is done with keys. One's own and those of service accounts have server functions of their own, since other rights
//! allow them; the forms are the same.

use crate::api::Error;
use crate::api::api_keys::{CreateApiKeySecret, RevokeApiKey, RotateApiKeySecret, SetApiKeyActive};
use crate::api::service_accounts::{
    CreateServiceAccountKeySecret, RevokeServiceAccountKey, RotateServiceAccountKeySecret,
    SetServiceAccountKeyActive,
};
use crate::pages::{failure, successes};
use leptos::form::ActionForm;
use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use model::api_key::ApiKeySecret;
use model::{ApiError, ServiceAccountId};

#[derive(Clone, Copy)]
struct Own {
    create: ServerAction<CreateApiKeySecret>,
    rotate: ServerAction<RotateApiKeySecret>,
    set_active: ServerAction<SetApiKeyActive>,
    revoke: ServerAction<RevokeApiKey>,
}

#[derive(Clone, Copy)]
struct OfAccount {
    create: ServerAction<CreateServiceAccountKeySecret>,
    rotate: ServerAction<RotateServiceAccountKeySecret>,
    set_active: ServerAction<SetServiceAccountKeyActive>,
    revoke: ServerAction<RevokeServiceAccountKey>,
}

/// The actions of a page with keys.
#[derive(Clone, Copy)]
pub(crate) struct KeyActions {
    own: Own,
    theirs: OfAccount,
    /// The secret that was made last on this page.
    pub(crate) made: RwSignal<Option<ApiKeySecret>>,
    /// How many keys were made.
    pub(super) created: Memo<usize>,
    /// How many changes were made, new keys among them.
    pub(crate) done: Memo<usize>,
}

/// A form of one of two actions; the one for accounts carries which it is.
macro_rules! either {
    ($own:expr, $theirs:expr, $account:expr, $fields:expr) => {
        match $account {
            None => view! { <ActionForm action=$own>{$fields}</ActionForm> }.into_any(),
            Some(account) => view! {
                <ActionForm action=$theirs>
                    <input type="hidden" name="account" value=account.to_string() />
                    {$fields}
                </ActionForm>
            }
            .into_any(),
        }
    };
}

impl KeyActions {
    pub(crate) fn new() -> Self {
        let own = Own {
            create: ServerAction::new(),
            rotate: ServerAction::new(),
            set_active: ServerAction::new(),
            revoke: ServerAction::new(),
        };
        let theirs = OfAccount {
            create: ServerAction::new(),
            rotate: ServerAction::new(),
            set_active: ServerAction::new(),
            revoke: ServerAction::new(),
        };
        let made = RwSignal::new(None);
        show(own.create, made);
        show(own.rotate, made);
        show(theirs.create, made);
        show(theirs.rotate, made);
        let (a, b) = (successes(own.create), successes(theirs.create));
        let created = Memo::new(move |_| a.get() + b.get());
        let changes = [
            successes(own.rotate),
            successes(own.set_active),
            successes(own.revoke),
            successes(theirs.rotate),
            successes(theirs.set_active),
            successes(theirs.revoke),
        ];
        let done = Memo::new(move |_| created.get() + changes.iter().map(Get::get).sum::<usize>());
        Self { own, theirs, made, created, done }
    }

    /// Why the last key was not made.
    pub(super) fn not_made(self) -> Signal<Option<ApiError>> {
        Signal::derive(move || {
            failure(self.own.create.value().read().as_ref())
                .or_else(|| failure(self.theirs.create.value().read().as_ref()))
        })
    }

    /// Why the last change of a key was refused.
    pub(crate) fn not_changed(self) -> Signal<Option<ApiError>> {
        Signal::derive(move || {
            failure(self.own.rotate.value().read().as_ref())
                .or_else(|| failure(self.own.set_active.value().read().as_ref()))
                .or_else(|| failure(self.own.revoke.value().read().as_ref()))
                .or_else(|| failure(self.theirs.rotate.value().read().as_ref()))
                .or_else(|| failure(self.theirs.set_active.value().read().as_ref()))
                .or_else(|| failure(self.theirs.revoke.value().read().as_ref()))
        })
    }

    /// A key is being made.
    pub(super) fn creating(self) -> Signal<bool> {
        let (own, theirs) = (self.own.create.pending(), self.theirs.create.pending());
        Signal::derive(move || own.get() || theirs.get())
    }

    /// The form for making one.
    pub(super) fn create_form(
        self,
        account: Option<ServiceAccountId>,
        node_ref: NodeRef<html::Form>,
        fields: AnyView,
    ) -> AnyView {
        match account {
            None => view! { <ActionForm action=self.own.create node_ref>{fields}</ActionForm> }.into_any(),
            Some(account) => view! {
                <ActionForm action=self.theirs.create node_ref>
                    <input type="hidden" name="account" value=account.to_string() />
                    {fields}
                </ActionForm>
            }
            .into_any(),
        }
    }

    /// The form for putting another secret into the place of one.
    pub(super) fn rotate_form(self, account: Option<ServiceAccountId>, fields: AnyView) -> AnyView {
        either!(self.own.rotate, self.theirs.rotate, account, fields)
    }

    /// The form for switching one off or on.
    pub(super) fn switch_form(self, account: Option<ServiceAccountId>, fields: AnyView) -> AnyView {
        either!(self.own.set_active, self.theirs.set_active, account, fields)
    }

    /// The form for revoking one.
    pub(super) fn revoke_form(self, account: Option<ServiceAccountId>, fields: AnyView) -> AnyView {
        either!(self.own.revoke, self.theirs.revoke, account, fields)
    }
}

/// Shows each secret that `action` makes.
fn show<S>(action: ServerAction<S>, made: RwSignal<Option<ApiKeySecret>>)
where
    S: ServerFn<Output = ApiKeySecret, Error = Error> + Clone + Send + Sync + 'static,
{
    Effect::new(move |_| {
        if let Some(Ok(secret)) = action.value().get() {
            made.set(Some(secret));
        }
    });
}
