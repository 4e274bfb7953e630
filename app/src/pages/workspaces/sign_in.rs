//! How people sign in to a workspace with Reeve, as its OpenID provider.

#![expect(unreachable_pub, reason = "the component macro makes what it generates public")]

use crate::api::workspaces::SetSignIn;
use crate::pages::{failure, saved_after, successes};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::WorkspaceId;
use model::workspace::SignInSettings;
use ui::{
    Alert, Button, Card, CopyField, Definition, DefinitionList, FormActions, FormBody, FormError, Input,
    Saved, Textarea, Tone, field_error,
};

/// Saving the addresses, and whether that was just done.
#[derive(Clone, Copy)]
pub(super) struct Saving {
    action: ServerAction<SetSignIn>,
    /// How often they were saved on this page.
    pub(super) done: Memo<usize>,
    saved: Signal<bool>,
}

impl Saving {
    pub(super) fn new() -> Self {
        let action = ServerAction::new();
        let done = successes(action);
        Self { action, done, saved: saved_after(done) }
    }
}

/// What the workspace's operator enters there, and the addresses that are entered here.
#[component]
pub(super) fn WithReeve(workspace: WorkspaceId, settings: SignInSettings, saving: Saving) -> impl IntoView {
    let (issuer, none) = (settings.issuer.clone(), settings.redirect_uris.is_empty());
    view! {
        <Card
            title="Sign in with Reeve"
            lead="The workspace can be an OpenID Connect client of Reeve: authorization code with PKCE. Only people who may enter it get in."
        >
            <DefinitionList>
                <Definition term="Issuer">
                    <CopyField label="Issuer" value=issuer />
                </Definition>
                <Definition term="Client id">
                    <CopyField label="Client id" value=workspace.to_string() />
                </Definition>
                <Definition term="Client secret">
                    <a class="link" href="#keys">"An enrollment key of this workspace"</a>
                    <p class="text-sm text-muted">
                        "Shown only when it is made. Rotate for another one: until the old one ends, both work."
                    </p>
                </Definition>
            </DefinitionList>
            <div class="mt-4 flex flex-col gap-4 border-t border-line-soft pt-4">
                {none
                    .then(|| {
                        view! {
                            <Alert tone=Tone::Neutral title="Nobody can sign in this way yet">
                                "Say below where the workspace takes people back."
                            </Alert>
                        }
                    })}
                <Addresses workspace settings saving />
            </div>
        </Card>
    }
}

#[component]
fn Addresses(workspace: WorkspaceId, settings: SignInSettings, saving: Saving) -> impl IntoView {
    let action = saving.action;
    let error = Signal::derive(move || failure(action.value().read().as_ref()));
    view! {
        <ActionForm action>
            <FormBody>
                <FormError error />
                <input type="hidden" name="workspace" value=workspace.to_string() />
                <Textarea
                    name="redirect_uris"
                    label="Redirect addresses"
                    hint="Where people may be sent back to, one a line. Each is compared exactly. With none, nobody signs in this way."
                    value=settings.redirect_uris.join("\n")
                    mono=true
                    error=field_error(error, "redirect_uris")
                />
                <Input
                    name="logout_uri"
                    label="Sign-out address (back-channel logout)"
                    kind="url"
                    hint="Where Reeve tells the workspace that somebody’s session is over."
                    value=settings.logout_uri.unwrap_or_default()
                    optional_mark=true
                    mono=true
                    autocomplete="off"
                    error=field_error(error, "logout_uri")
                />
                <FormActions>
                    <Button pending=action.pending()>"Save"</Button>
                    <Saved when=saving.saved />
                </FormActions>
            </FormBody>
        </ActionForm>
    }
}
