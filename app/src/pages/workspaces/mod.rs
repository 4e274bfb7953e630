//! Workspaces.

pub mod detail;
mod facts;
mod give;
mod grants;
mod keys;
pub mod list;
pub mod new;
mod people;
pub mod project;
mod projects;
mod sign_in;

use leptos::prelude::*;
use model::workspace::{Health, WorkspaceStatus};
use ui::{Badge, StatusDot, Tone};

/// A status in a word.
#[component]
fn StatusBadge(status: WorkspaceStatus) -> impl IntoView {
    let tone = match status {
        WorkspaceStatus::Pending => Tone::Warn,
        WorkspaceStatus::Available => Tone::Ok,
        WorkspaceStatus::Deactivated => Tone::Neutral,
        WorkspaceStatus::Deleted => Tone::Bad,
    };
    view! { <Badge tone>{status_word(status)}</Badge> }
}

const fn status_word(status: WorkspaceStatus) -> &'static str {
    match status {
        WorkspaceStatus::Pending => "Pending",
        WorkspaceStatus::Available => "Available",
        WorkspaceStatus::Deactivated => "Deactivated",
        WorkspaceStatus::Deleted => "Deleted",
    }
}

/// How a workspace does, in a word.
#[component]
fn HealthDot(health: Health) -> impl IntoView {
    let (tone, word) = match health {
        Health::Reporting => (Tone::Ok, "Reporting"),
        Health::Quiet => (Tone::Neutral, "Quiet"),
        Health::NeverReported => (Tone::Warn, "Never reported"),
        Health::Off => (Tone::Neutral, "Off"),
    };
    view! { <StatusDot tone>{word}</StatusDot> }
}

/// Why it is said to do so.
const fn health_reason(health: Health) -> &'static str {
    match health {
        Health::Reporting => "Its server was heard of in the last ten minutes.",
        Health::Quiet => {
            "Nothing was heard of its server for ten minutes. That is no failure: it speaks only while it is used."
        }
        Health::NeverReported => "Its server has not started with its key yet.",
        Health::Off => "It is deactivated: its server’s keys are refused and nobody signs in.",
    }
}
