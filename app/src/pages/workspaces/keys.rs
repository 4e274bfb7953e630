//! Enrollment keys: the one that was just made, and those that work.

#![expect(unreachable_pub, reason = "the component macro makes what it generates public")]

use crate::api::workspaces::{RevokeKey, RotateKeySecret};
use crate::pages::failure;
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::WorkspaceId;
use model::workspace::{EnrollmentKey, EnrollmentSecret};
use ui::{
    Alert, Button, ButtonKind, Card, Cell, CellActions, Choice, Code, CodeBlock, Column, Confirm,
    ConfirmActions, Empty, FormError, Hide, Row, SecretOnce, Select, Table, Timestamp, Tone, field_error,
};

/// A key at the one moment it can be seen, with everything needed to start a server with it.
#[component]
pub(super) fn NewKey(made: EnrollmentSecret) -> impl IntoView {
    let lines = |text: &str| text.trim_end().to_owned();
    let (environment, helm, docker) =
        (lines(&made.environment), lines(&made.helm_values), lines(&made.docker_run));
    view! {
        <section class="flex flex-col gap-4" aria-label="New enrollment key">
            <SecretOnce
                label=format!("Enrollment key of {}", made.name)
                secret=made.key
                purpose="Its server signs in with this key at every start. The lines below hold it already."
                lost="Nobody can show it again. Rotate the key to get another; servers with the old one go on for as long as you choose."
            />
            {made
                .old_keys_until
                .map(|until| {
                    view! {
                        <Alert tone=Tone::Warn title="Older keys stop working">
                            "Start every server of this workspace with the new key before " <Timestamp at=until full=true /> "."
                        </Alert>
                    }
                })}
            <Block title="Environment variables" open=true>
                <CodeBlock label="Environment variables" code=environment />
            </Block>
            <Block title="Helm values" open=false>
                <CodeBlock label="Helm values" code=helm />
            </Block>
            <Block title="Docker command" open=false>
                <CodeBlock label="Docker command" code=docker />
            </Block>
            <p class="text-sm text-muted text-pretty">
                "Put the address under which people reach the server in place of " <Code>"https://zenml.example.com"</Code>
                ": Reeve learns it from the server, and a workspace without one stays pending."
            </p>
        </section>
    }
}

/// One of several ways to start a server; opening one closes the others, without JavaScript too.
#[component]
fn Block(title: &'static str, open: bool, children: Children) -> impl IntoView {
    view! {
        <details name="start-with" open=open class="group">
            <summary class="w-fit cursor-pointer rounded-control py-1 pr-2 text-sm font-medium">{title}</summary>
            <div class="mt-2">{children()}</div>
        </details>
    }
}

#[derive(Clone, Copy)]
pub(super) struct KeyActions {
    pub(super) rotate: ServerAction<RotateKeySecret>,
    pub(super) revoke: ServerAction<RevokeKey>,
}

/// The keys that work, making another and revoking one.
#[component]
pub(super) fn Keys(
    workspace: WorkspaceId,
    keys: Vec<EnrollmentKey>,
    /// The key that a form without JavaScript has just made.
    just_made: Option<EnrollmentSecret>,
    actions: KeyActions,
) -> impl IntoView {
    let made = move || actions.rotate.value().get().and_then(Result::ok).or_else(|| just_made.clone());
    let rotate_error = Signal::derive(move || failure(actions.rotate.value().read().as_ref()));
    let revoke_error = Signal::derive(move || failure(actions.revoke.value().read().as_ref()));
    let overlaps = vec![
        Choice::new("0", "Stop at once"),
        Choice::new("60", "Work for another hour"),
        Choice::new("1440", "Work for another day"),
        Choice::new("10080", "Work for another week"),
    ];
    let columns = vec![
        Column::new("Key"),
        Column::new("Last used"),
        Column::new("Made").hide(Hide::Phone),
        Column::new("Ends"),
        Column::actions(),
    ];
    let none = keys.is_empty();
    // Dialogs stand outside of the table.
    let confirms = keys
        .iter()
        .map(|key| view! { <RevokeDialog workspace key_shown=key.clone() actions /> })
        .collect_view();
    let rows = keys.into_iter().map(|key| view! { <KeyRow key_shown=key /> }).collect_view();
    view! {
        <div id="keys" class="scroll-mt-16">
            <Card title="Enrollment keys" lead="With one of these the workspace’s server signs in, and programs that let people in with Reeve. Rotate one that somebody may have seen.">
                <FormError error=revoke_error />
                {if none {
                    view! {
                        <Empty icon="key-round" title="No key works" lead="The server of this workspace cannot sign in. Rotate the key to make a new one." />
                    }
                        .into_any()
                } else {
                    view! { <Table caption="Enrollment keys" columns>{rows}</Table> }.into_any()
                }}
                {confirms}
                <div class="mt-4 border-t border-line-soft pt-4">
                    <FormError error=rotate_error />
                    <ActionForm action=actions.rotate>
                        <input type="hidden" name="workspace" value=workspace.to_string() />
                        <div class="flex flex-wrap items-end gap-3">
                            <Select
                                name="overlap_min"
                                label="Keys made before"
                                options=overlaps
                                value="1440"
                                error=field_error(rotate_error, "overlap_min")
                            />
                            <Button icon="rotate-cw" pending=actions.rotate.pending()>"Rotate key"</Button>
                        </div>
                    </ActionForm>
                    // Where one has just looked.
                    <div class="mt-4 empty:hidden">
                        {move || made().map(|made| view! { <NewKey made /> })}
                    </div>
                </div>
            </Card>
        </div>
    }
}

fn dialog_of(key: &EnrollmentKey) -> String {
    format!("revoke-key-{}", key.id)
}

#[component]
fn KeyRow(key_shown: EnrollmentKey) -> impl IntoView {
    let opens = dialog_of(&key_shown);
    let time = |at: Option<model::Timestamp>, none: &'static str| match at {
        Some(at) => view! { <Timestamp at /> }.into_any(),
        None => view! { <span class="text-muted">{none}</span> }.into_any(),
    };
    view! {
        <Row>
            <Cell>"Ends in " <Code>{key_shown.hint}</Code></Cell>
            <Cell>{time(key_shown.last_used_at, "Never")}</Cell>
            <Cell hide=Hide::Phone><Timestamp at=key_shown.created_at /></Cell>
            <Cell>{time(key_shown.expires_at, "No end")}</Cell>
            <CellActions>
                <Button kind=ButtonKind::Button opens>"Revoke"</Button>
            </CellActions>
        </Row>
    }
}

#[component]
fn RevokeDialog(workspace: WorkspaceId, key_shown: EnrollmentKey, actions: KeyActions) -> impl IntoView {
    let dialog = dialog_of(&key_shown);
    view! {
        <Confirm
            id=dialog.clone()
            title=format!("Revoke key ending in {}", key_shown.hint)
            lead="A server that uses it is cut off at its next call and cannot start again. This cannot be undone."
        >
            <ActionForm action=actions.revoke>
                <input type="hidden" name="workspace" value=workspace.to_string() />
                <input type="hidden" name="key" value=key_shown.id.to_string() />
                <ConfirmActions dialog label="Revoke key" pending=actions.revoke.pending() />
            </ActionForm>
        </Confirm>
    }
}
