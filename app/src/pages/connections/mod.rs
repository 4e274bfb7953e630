//! Connections to identity providers.

pub mod detail;
pub mod list;
pub mod new;

use leptos::prelude::*;
use model::ApiError;
use model::connection::Connection;
use ui::{Badge, Input, Tone, field_error};

/// The fields of a connection, empty or filled in.
#[component]
fn ConnectionFields(
    /// What is there so far.
    #[prop(optional_no_strip)]
    connection: Option<Connection>,
    /// What is wrong with it.
    error: Signal<Option<ApiError>>,
) -> impl IntoView {
    let has_secret = connection.as_ref().is_some_and(|c| c.has_secret);
    let (label, issuer, client_id) = connection.map(|c| (c.label, c.issuer, c.client_id)).unwrap_or_default();
    let secret_hint = if has_secret {
        "One is kept and cannot be shown. Leave empty to keep it."
    } else {
        "Leave empty for a public client."
    };
    view! {
        <Input
            name="label"
            label="Label"
            value=label
            hint="What the button says after “Continue with”."
            required=true
            maxlength=100
            error=field_error(error, "label")
        />
        <Input
            name="issuer"
            label="Issuer"
            kind="url"
            value=issuer
            hint="Exactly as the provider writes it, such as https://login.example.com."
            required=true
            maxlength=500
            mono=true
            error=field_error(error, "issuer")
        />
        <Input
            name="client_id"
            label="Client id"
            value=client_id
            required=true
            maxlength=255
            mono=true
            autocomplete="off"
            error=field_error(error, "client_id")
        />
        <Input
            name="client_secret"
            label="Client secret"
            kind="password"
            hint=secret_hint
            optional_mark=true
            maxlength=1000
            mono=true
            autocomplete="new-password"
            error=field_error(error, "client_secret")
        />
    }
}

/// Whether a connection is offered, and who owns it.
#[component]
fn State(
    /// Offered at sign-in.
    enabled: bool,
    /// Owned by the settings file.
    from_file: bool,
) -> impl IntoView {
    let (tone, word) = if enabled { (Tone::Ok, "Offered") } else { (Tone::Neutral, "Switched off") };
    view! {
        <Badge tone>{word}</Badge>
        {from_file.then(|| view! { <Badge icon="lock">"Settings file"</Badge> })}
    }
}
