use super::icon_button::ICON_BUTTON;
use crate::overlay::{hide_popover, open_modal};
use crate::{Icon, Tone};
use leptos::prelude::*;
use web_sys::MouseEvent;

/// Where a menu opens, seen from its button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// Below, left edges in line.
    Start,
    /// Below, right edges in line.
    #[default]
    End,
    /// Above, left edges in line.
    Up,
}

impl Align {
    const fn class(self) -> &'static str {
        match self {
            Self::Start => "menu-panel",
            Self::End => "menu-panel menu-panel-end",
            Self::Up => "menu-panel menu-panel-up",
        }
    }
}

/// The floating part of a menu. Opened by any button whose `popovertarget` is its `id`; Escape or a click elsewhere
/// closes it. A list of links and buttons, not an ARIA menu: Tab walks through it as everywhere else.
#[component]
pub fn MenuPanel(
    /// Named by the button's `popovertarget`.
    #[prop(into)]
    id: String,
    /// What the list is, read aloud.
    #[prop(into)]
    label: String,
    /// Where it opens.
    #[prop(optional)]
    align: Align,
    children: Children,
) -> impl IntoView {
    let class = format!(
        "appear min-w-48 max-w-80 overflow-y-auto rounded-card bg-raised p-1 text-sm text-ink shadow-float {}",
        align.class()
    );
    let panel = id.clone();
    view! {
        <div id=id popover="auto" role="group" aria-label=label class=class on:click=move |_| hide_popover(&panel)>
            {children()}
        </div>
    }
}

/// A menu behind an icon, for what belongs to one row or one card.
///
/// Dialogs that its items open stand outside of it: they would vanish with it.
///
/// ```ignore
/// <Menu id=format!("member-{id}") label="Actions for Ada">
///     <MenuLink href=href icon="user">"Open"</MenuLink>
///     <MenuButton icon="trash-2" tone=Tone::Bad opens=format!("remove-{id}")>"Remove from organization"</MenuButton>
/// </Menu>
/// ```
#[component]
pub fn Menu(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    /// Name of the button and of the list.
    #[prop(into)]
    label: String,
    /// Three dots if not given.
    #[prop(default = "ellipsis")]
    icon: &'static str,
    /// Where it opens.
    #[prop(optional)]
    align: Align,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class=ICON_BUTTON
            title=label.clone()
            aria-label=label.clone()
            aria-haspopup="true"
            popovertarget=id.clone()
        >
            <Icon name=icon />
        </button>
        <MenuPanel id=id label=label align=align>
            {children()}
        </MenuPanel>
    }
}

const ITEM: &str = "flex w-full min-h-8 items-center gap-2 rounded-control px-2 py-1 text-left hover:bg-hover \
                    focus-visible:-outline-offset-2";

/// A way out of a menu.
#[component]
pub fn MenuLink(
    /// Where it goes.
    #[prop(into)]
    href: String,
    /// An icon before it.
    #[prop(optional, into)]
    icon: Option<&'static str>,
    /// Where the person is already; marked with a check.
    #[prop(optional)]
    current: bool,
    /// A full page load.
    #[prop(optional)]
    external: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <a href=href class=ITEM aria-current=current.then_some("true") rel=external.then_some("external")>
            {icon.map(|name| view! { <Icon name=name class="size-4 shrink-0 text-muted" /> })}
            <span class="min-w-0 grow truncate">{children()}</span>
            {current.then(|| view! { <Icon name="check" class="size-4 shrink-0 text-accent" /> })}
        </a>
    }
}

/// An action in a menu: sends the form around it, or opens a dialog.
#[component]
pub fn MenuButton(
    /// An icon before it.
    #[prop(optional, into)]
    icon: Option<&'static str>,
    /// [`Tone::Bad`] for what takes something away.
    #[prop(optional)]
    tone: Tone,
    /// Name sent with the form.
    #[prop(optional, into)]
    name: Option<String>,
    /// Value sent with `name`.
    #[prop(optional, into)]
    value: Option<String>,
    /// Id of the dialog it opens.
    #[prop(optional, into)]
    opens: Option<String>,
    /// Chosen already; marked with a check.
    #[prop(optional)]
    current: bool,
    /// What else a press does. In place of `on:click`, as with [`Button`](crate::Button).
    #[prop(optional)]
    press: Option<Callback<MouseEvent>>,
    children: Children,
) -> impl IntoView {
    let dialog = opens.clone();
    let (text, icon_tone) = match tone {
        Tone::Bad => ("text-bad", "size-4 shrink-0 text-bad"),
        _ => ("text-ink", "size-4 shrink-0 text-muted"),
    };
    view! {
        <button
            type=if opens.is_some() { "button" } else { "submit" }
            class=format!("{ITEM} {text}")
            name=name
            value=value
            popovertarget=opens
            aria-current=current.then_some("true")
            on:click=move |event| {
                if let Some(press) = press {
                    press.run(event.clone());
                }
                if let Some(id) = &dialog {
                    open_modal(id, &event);
                }
            }
        >
            {icon.map(|name| view! { <Icon name=name class=icon_tone /> })}
            <span class="min-w-0 grow truncate">{children()}</span>
            {current.then(|| view! { <Icon name="check" class="size-4 shrink-0 text-accent" /> })}
        </button>
    }
}

/// A quiet heading inside a menu.
#[component]
pub fn MenuLabel(children: Children) -> impl IntoView {
    view! { <div class="px-2 pt-2 pb-1 text-xs font-medium text-muted">{children()}</div> }
}

/// A hairline between groups.
#[component]
pub fn MenuSeparator() -> impl IntoView {
    view! { <hr class="my-1 -mx-1 border-line" /> }
}
