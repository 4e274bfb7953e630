use super::SET_THEME;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::str::FromStr;
use ui::{Align, Icon, MenuButton, MenuPanel};

/// Light, dark, or what the system says. Kept in a cookie, written into `<html data-theme>` by the server: no flash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// Dark text on light ground.
    Light,
    /// Light text on dark ground.
    Dark,
    /// As the operating system is set.
    #[default]
    System,
}

impl Theme {
    /// As the cookie and the form write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::System => "system",
        }
    }

    /// For `data-theme` on `<html>`; absent when the system decides.
    pub const fn attribute(self) -> Option<&'static str> {
        match self {
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
            Self::System => None,
        }
    }

    const fn icon(self) -> &'static str {
        match self {
            Self::Light => "sun",
            Self::Dark => "moon",
            Self::System => "monitor",
        }
    }
}

/// Anything but `light` and `dark` is the system's: a cookie is anyone's text.
impl FromStr for Theme {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        })
    }
}

/// A form of three buttons behind an icon.
#[component]
pub fn ThemeMenu(
    /// The one in force.
    theme: Theme,
) -> impl IntoView {
    let choice = move |choice: Theme, label: &'static str| {
        view! {
            <MenuButton icon=choice.icon() name="theme" value=choice.as_str() current=choice == theme>
                {label}
            </MenuButton>
        }
    };
    view! {
        <button
            type="button"
            popovertarget="theme-menu"
            aria-haspopup="true"
            aria-label="Theme"
            title="Theme"
            class="inline-flex size-7 shrink-0 items-center justify-center rounded-control text-muted hover:bg-hover hover:text-ink"
        >
            <Icon name=theme.icon() />
        </button>
        <MenuPanel id="theme-menu" label="Theme" align=Align::End>
            <form method="post" action=SET_THEME>
                {choice(Theme::Light, "Light")} {choice(Theme::Dark, "Dark")} {choice(Theme::System, "System")}
            </form>
        </MenuPanel>
    }
}
