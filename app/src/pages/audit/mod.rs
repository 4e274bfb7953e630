//! The audit log.

pub mod entry;
pub mod list;

use leptos::prelude::*;
use model::audit::{Entry, Outcome};
use ui::{StatusDot, Tone};

/// How an entry ended, as a word with a colour.
pub(crate) fn outcome(outcome: Outcome) -> AnyView {
    match outcome {
        Outcome::Success => view! { <StatusDot tone=Tone::Ok>"Done"</StatusDot> }.into_any(),
        Outcome::Refused => view! { <StatusDot tone=Tone::Warn>"Refused"</StatusDot> }.into_any(),
    }
}

/// An action in words: `member.joined` is "Member joined".
pub(crate) fn words(action: &str) -> String {
    let text = action.replace("api_", "API ").replace(['.', '_'], " ");
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| format!("{}{}", first.to_uppercase(), chars.as_str()))
}

/// What an entry is about, by name.
pub(crate) fn target(entry: &Entry) -> String {
    entry.target_name.clone().or_else(|| entry.target_kind.clone()).unwrap_or_default()
}
