//! The keys of an account, the dead ones too; rotating, switching off and revoking them.

use super::{KeyActions, Whose};
use crate::pages::words::{capitalized, counted, reeve_words};
use leptos::prelude::*;
use model::Permission;
use model::api_key::{ApiKey, KeyState};
use ui::{
    Cell, CellActions, Choice, Code, Column, Confirm, ConfirmActions, FormError, Hide, Menu, MenuButton, Row,
    Select, StatusDot, Table, Timestamp, Tone,
};

/// Keys, newest first. An empty table is the caller's: each says something else.
#[component]
pub(crate) fn KeyTable(
    /// Whose they are.
    whose: Whose,
    /// What they are.
    keys: Vec<ApiKey>,
    /// What the table is, read aloud.
    #[prop(into)]
    caption: String,
    /// How they are changed.
    actions: KeyActions,
) -> impl IntoView {
    let mut columns = vec![
        Column::new(capitalized(whose.noun())),
        Column::new("State"),
        Column::new("May do").hide(Hide::Tablet),
        Column::new("Last used").hide(Hide::Phone),
        Column::new("Ends").hide(Hide::Phone),
    ];
    if whose.end {
        columns.push(Column::actions());
    }
    // Dialogs stand outside of the table: they are no part of its rows.
    let dialogs = whose.end.then(|| {
        keys.iter()
            .filter(|key| lives(key))
            .map(|key| {
                let rotate = whose.make.then(|| view! { <RotateDialog whose shown=key.clone() actions /> });
                view! { {rotate} <RevokeDialog whose shown=key.clone() actions /> }
            })
            .collect_view()
    });
    let rows = keys.into_iter().map(|key| view! { <KeyRow whose shown=key actions /> }).collect_view();
    view! {
        <FormError error=actions.not_changed() />
        <Table caption columns>{rows}</Table>
        {dialogs}
    }
}

/// Whether anything can still be done with it.
const fn lives(key: &ApiKey) -> bool {
    matches!(key.state, KeyState::Works | KeyState::Disabled)
}

#[component]
fn KeyRow(whose: Whose, shown: ApiKey, actions: KeyActions) -> impl IntoView {
    let living = lives(&shown);
    let (tone, word) = match shown.state {
        KeyState::Works => (Tone::Ok, "Works"),
        KeyState::Disabled => (Tone::Warn, "Switched off"),
        KeyState::Expired => (Tone::Neutral, "Run out"),
        KeyState::Revoked => (Tone::Neutral, "Revoked"),
    };
    let buttons = whose.end.then(|| {
        let menu = living.then(|| view! { <KeyMenu whose shown=shown.clone() actions /> });
        view! { <CellActions>{menu}</CellActions> }
    });
    let old_secret = shown.previous_until.filter(|_| living).map(|until| {
        view! {
            <div class="text-xs text-muted">"Old secret works until " <Timestamp at=until full=true /></div>
        }
    });
    let rotated = shown.rotated_at.map(|at| view! { ", rotated " <Timestamp at /> });
    let used = view! { <LastUse shown=shown.clone() /> };
    let limits = view! { <Limits whose scopes=shown.scopes workspace=shown.workspace /> };
    view! {
        <Row quiet=!living>
            <Cell>
                <div class="max-w-60 max-sm:max-w-40">
                    <div class="font-medium break-words">{shown.name}</div>
                    {(!shown.description.is_empty())
                        .then(|| view! { <div class="text-xs break-words text-muted">{shown.description}</div> })}
                    <div class="text-xs text-muted">"Secret ends in " <Code>{shown.hint}</Code></div>
                    <div class="text-xs text-muted">"Made " <Timestamp at=shown.created_at /> {rotated}</div>
                </div>
            </Cell>
            <Cell><StatusDot tone>{word}</StatusDot> {old_secret}</Cell>
            <Cell hide=Hide::Tablet>{limits}</Cell>
            <Cell hide=Hide::Phone>{used}</Cell>
            <Cell hide=Hide::Phone>
                {match shown.expires_at {
                    Some(at) => view! { <Timestamp at /> }.into_any(),
                    None => view! { <span class="text-muted">"No end"</span> }.into_any(),
                }}
            </Cell>
            {buttons}
        </Row>
    }
}

/// When, from where and with what.
#[component]
fn LastUse(shown: ApiKey) -> impl IntoView {
    let Some(at) = shown.last_used_at else {
        return view! { <span class="text-muted">"Never"</span> }.into_any();
    };
    view! {
        <Timestamp at />
        <div class="max-w-40 text-xs break-words text-muted">{shown.last_used_ip}</div>
        <div class="max-w-40 text-xs break-words text-muted">{shown.last_used_agent}</div>
    }
    .into_any()
}

/// What it is limited to.
#[component]
fn Limits(
    whose: Whose,
    scopes: Option<Vec<String>>,
    workspace: Option<(model::WorkspaceId, String)>,
) -> impl IntoView {
    let what = match scopes.as_deref() {
        None => view! { <span class="text-muted">{whose.everything()}</span> }.into_any(),
        Some([only]) if only == Permission::WorkspaceEnter.as_str() => {
            "Only sign in to workspaces".into_any()
        }
        Some([only]) => scope_words(only).into_any(),
        Some(several) => {
            let count = u32::try_from(several.len()).unwrap_or(u32::MAX);
            let items = several.iter().map(|scope| view! { <li>{scope_words(scope)}</li> }).collect_view();
            view! {
                <details>
                    <summary class="link w-fit">{counted(count, "permission", "permissions")}</summary>
                    <ul class="mt-1 flex flex-col gap-0.5">{items}</ul>
                </details>
            }
            .into_any()
        }
    };
    view! {
        <div class="max-w-48">
            {what}
            {workspace.map(|(_, name)| view! { <div class="text-xs break-words text-muted">{format!("Only in {name}")}</div> })}
        </div>
    }
}

/// A permission it is limited to; one that this version does not know allows nothing, and is shown as it is.
fn scope_words(scope: &str) -> String {
    scope.parse().map_or_else(|_| scope.to_owned(), |permission| capitalized(reeve_words(permission)))
}

#[component]
fn KeyMenu(whose: Whose, shown: ApiKey, actions: KeyActions) -> impl IntoView {
    let on = shown.state == KeyState::Works;
    let (menu, label) = (format!("key-{}", shown.id), format!("Actions for {}", shown.name));
    let (rotate, revoke) = (rotate_dialog(&shown), revoke_dialog(&shown));
    let (icon, word) = if on { ("ban", "Switch off") } else { ("circle-check", "Switch on") };
    let fields = view! {
        <input type="hidden" name="id" value=shown.id.to_string() />
        <input type="hidden" name="active" value=(!on).to_string() />
        <Menu id=menu label>
            {whose.make.then(|| view! { <MenuButton icon="rotate-cw" opens=rotate>"Rotate"</MenuButton> })}
            <MenuButton icon>{word}</MenuButton>
            <MenuButton icon="trash-2" tone=Tone::Bad opens=revoke>"Revoke"</MenuButton>
        </Menu>
    }
    .into_any();
    actions.switch_form(whose.account, fields)
}

fn rotate_dialog(key: &ApiKey) -> String {
    format!("rotate-{}", key.id)
}

fn revoke_dialog(key: &ApiKey) -> String {
    format!("revoke-{}", key.id)
}

#[component]
fn RotateDialog(whose: Whose, shown: ApiKey, actions: KeyActions) -> impl IntoView {
    let dialog = rotate_dialog(&shown);
    let overlaps = vec![
        Choice::new("0", "Stops at once"),
        Choice::new("10", "Works for another 10 minutes"),
        Choice::new("60", "Works for another hour"),
        Choice::new("1440", "Works for another day"),
        Choice::new("10080", "Works for another 7 days"),
    ];
    let label = format!("Rotate {}", whose.noun());
    let fields = view! {
        <input type="hidden" name="id" value=shown.id.to_string() />
        <div class="flex flex-col gap-4">
            <Select
                name="overlap_min"
                id=format!("{dialog}-overlap")
                label="The old secret"
                options=overlaps
                value="0"
            />
            <ConfirmActions dialog=dialog.clone() label tone=Tone::Accent />
        </div>
    }
    .into_any();
    view! {
        <Confirm
            id=dialog
            title=format!("Rotate {}", shown.name)
            lead="It gets another secret, which is shown once. What it may do and when it ends stay as they are."
        >
            {actions.rotate_form(whose.account, fields)}
        </Confirm>
    }
}

#[component]
fn RevokeDialog(whose: Whose, shown: ApiKey, actions: KeyActions) -> impl IntoView {
    let dialog = revoke_dialog(&shown);
    let label = format!("Revoke {}", whose.noun());
    let fields = view! {
        <input type="hidden" name="id" value=shown.id.to_string() />
        <ConfirmActions dialog=dialog.clone() label />
    }
    .into_any();
    view! {
        <Confirm
            id=dialog
            title=format!("Revoke {}", shown.name)
            lead="Every program that uses it is refused from its next request on. This cannot be undone."
        >
            {actions.revoke_form(whose.account, fields)}
        </Confirm>
    }
}
