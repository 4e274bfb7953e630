use crate::overlay::close_dialog;
use crate::{Icon, Kbd};
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};

/// Id of the one command menu, for a button's `opens`.
pub const COMMAND_MENU: &str = "command-menu";

/// Somewhere to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// What it is called.
    pub label: String,
    /// Where it goes.
    pub href: String,
    /// What it belongs to: "Go to", "Workspaces".
    pub group: &'static str,
    /// Name in the sprite.
    pub icon: &'static str,
    /// Keys that do the same: "g m".
    pub keys: Option<&'static str>,
}

impl Command {
    /// A command without keys.
    pub fn new(
        group: &'static str,
        icon: &'static str,
        label: impl Into<String>,
        href: impl Into<String>,
    ) -> Self {
        Self { label: label.into(), href: href.into(), group, icon, keys: None }
    }

    /// Says which keys do the same.
    #[must_use]
    pub const fn keys(mut self, keys: &'static str) -> Self {
        self.keys = Some(keys);
        self
    }

    /// Every word of the query occurs somewhere.
    fn matches(&self, query: &str) -> bool {
        let text = format!("{} {}", self.group, self.label).to_lowercase();
        query.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }
}

/// Jumps anywhere by typing a part of its name. Opened by a button with `opens=COMMAND_MENU`; needs hydration, so that
/// button is `hidden hydrated:inline-flex`.
///
/// ```ignore
/// <CommandMenu commands=vec![Command::new("Go to", "users", "Members", "/members").keys("g m")] />
/// ```
#[component]
pub fn CommandMenu(
    /// In the order shown while nothing is typed.
    commands: Vec<Command>,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let query = RwSignal::new(String::new());
    let at = RwSignal::new(0_usize);
    let commands = StoredValue::new(commands);
    let found = Memo::new(move |_| {
        let query = query.get();
        commands.with_value(|all| {
            all.iter().filter(|command| command.matches(&query)).cloned().collect::<Vec<_>>()
        })
    });
    let move_by = move |forward: bool| {
        let count = found.with_untracked(Vec::len);
        if count > 0 {
            at.update(|at| *at = (*at + if forward { 1 } else { count - 1 }) % count);
            scroll_to(at.get_untracked());
        }
    };
    let keydown = move |event: KeyboardEvent| match event.key().as_str() {
        "ArrowDown" | "ArrowUp" => {
            event.prevent_default();
            move_by(event.key() == "ArrowDown");
        }
        "Enter" if !event.is_composing() => {
            event.prevent_default();
            if let Some(option) = option_at(at.get_untracked()) {
                option.click();
            }
        }
        _ => {}
    };
    let options = move || {
        let mut group = "";
        found
            .get()
            .into_iter()
            .enumerate()
            .map(|(index, command)| {
                let heading = (command.group != group).then_some(command.group);
                group = command.group;
                view! { <CommandOption index=index at=at heading=heading command=command /> }
            })
            .collect_view()
    };
    view! {
        <dialog
            id=COMMAND_MENU
            closedby="any"
            aria-label="Command menu"
            class="scrim appear fixed inset-x-0 top-[12dvh] m-0 mx-auto w-[calc(100%-2rem)] max-w-[35rem] overflow-hidden rounded-card bg-raised p-0 text-base text-ink shadow-float"
            on:close=move |_| {
                query.set(String::new());
                at.set(0);
                if let Some(input) = input.get_untracked() {
                    input.set_value("");
                }
            }
        >
            <div class="flex items-center gap-2.5 border-b border-line px-4">
                <Icon name="search" class="size-4 shrink-0 text-muted" />
                <input
                    node_ref=input
                    type="text"
                    role="combobox"
                    aria-label="Go to"
                    aria-expanded="true"
                    aria-controls="command-menu-list"
                    aria-autocomplete="list"
                    aria-activedescendant=move || {
                        found.with(|found| !found.is_empty()).then(|| format!("command-{}", at.get()))
                    }
                    placeholder="Go to a page or workspace"
                    autocomplete="off"
                    spellcheck="false"
                    autofocus=true
                    class="h-12 min-w-0 grow bg-transparent text-lg outline-none"
                    on:input=move |event| {
                        query.set(event_target_value(&event));
                        at.set(0);
                    }
                    on:keydown=keydown
                />
                <Kbd>"Esc"</Kbd>
            </div>
            <div id="command-menu-list" role="listbox" aria-label="Results" class="max-h-[50dvh] overflow-y-auto p-1.5">
                {options}
            </div>
            <p role="status" class="px-4 pb-4 text-sm text-muted empty:hidden">
                {move || {
                    found.with(Vec::is_empty).then(|| format!("Nothing is called “{}” here.", query.get()))
                }}
            </p>
        </dialog>
    }
}

#[component]
fn CommandOption(
    index: usize,
    at: RwSignal<usize>,
    heading: Option<&'static str>,
    command: Command,
) -> impl IntoView {
    view! {
        {heading
            .map(|heading| {
                view! {
                    <div role="presentation" class="px-2.5 pt-2 pb-1 text-xs font-medium text-muted">
                        {heading}
                    </div>
                }
            })}
        <a
            id=format!("command-{index}")
            role="option"
            tabindex="-1"
            href=command.href
            aria-selected=move || if at.get() == index { "true" } else { "false" }
            class="flex h-9 scroll-my-2 items-center gap-2.5 rounded-control px-2.5 text-sm aria-selected:bg-hover"
            on:mousemove=move |_| {
                if at.get_untracked() != index {
                    at.set(index);
                }
            }
            on:click=move |_| close_dialog(COMMAND_MENU)
        >
            <Icon name=command.icon class="size-4 shrink-0 text-muted" />
            <span class="min-w-0 grow truncate">{command.label}</span>
            {command
                .keys
                .map(|keys| {
                    let keys = keys.split(' ').map(|key| view! { <Kbd>{key}</Kbd> }).collect_view();
                    view! { <span class="flex gap-1">{keys}</span> }
                })}
        </a>
    }
}

fn option_at(index: usize) -> Option<HtmlElement> {
    document().get_element_by_id(&format!("command-{index}"))?.dyn_into().ok()
}

fn scroll_to(index: usize) {
    if let Some(option) = option_at(index) {
        let how = ScrollIntoViewOptions::new();
        how.set_block(ScrollLogicalPosition::Nearest);
        option.scroll_into_view_with_scroll_into_view_options(&how);
    }
}

#[cfg(test)]
mod matching {
    use super::Command;

    #[test]
    fn every_word_must_occur() {
        let command = Command::new("Go to", "users", "Members", "/members");
        assert!(command.matches(""));
        assert!(command.matches("mem"));
        assert!(command.matches("GO mem"));
        assert!(!command.matches("mem x"));
    }
}
