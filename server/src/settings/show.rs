//! The effective settings, for people, without a secret.

use super::Settings;
use secrecy::ExposeSecret;
use url::Url;

/// One line per setting, in the form of the settings file.
pub fn shown(settings: &Settings) -> String {
    let mut lines = vec![
        text("listen", &settings.listen.to_string()),
        text("public_url", settings.public_url.as_str()),
        text("database_url", &without_password(settings.database_url.expose_secret())),
        match (&settings.secret_key, settings.sqlite_path()) {
            (Some(_), _) => "secret_key = \"(set)\"".to_owned(),
            (None, path) => format!(
                "# secret_key: the one in {}",
                path.map(|path| path.with_extension("key").display().to_string()).unwrap_or_default()
            ),
        },
    ];
    if settings.previous_secret_key.is_some() {
        lines.push("previous_secret_key = \"(set)\"".to_owned());
    }
    match &settings.mail {
        Some(mail) => lines.extend([
            text("smtp_url", &without_password(mail.smtp_url.expose_secret())),
            text("mail_from", &mail.from),
        ]),
        None => lines.push("# smtp_url: not set, links are handed over by hand".to_owned()),
    }
    let proxies: Vec<String> =
        settings.trusted_proxies.iter().map(|network| format!("{:?}", network.to_string())).collect();
    lines.extend([
        format!("trusted_proxies = [{}]", proxies.join(", ")),
        text("log_format", settings.log_format.as_str()),
        text("log_level", &settings.log_level.to_string().to_ascii_lowercase()),
        format!("session_idle_minutes = {}", settings.session_idle_minutes),
        format!("session_days = {}", settings.session_days),
    ]);
    for connection in &settings.connections {
        lines.extend([
            String::new(),
            "[[connections]]".to_owned(),
            text("label", &connection.label),
            text("issuer", &connection.issuer),
            text("client_id", &connection.client_id),
        ]);
        if connection.client_secret.is_some() {
            lines.push("client_secret = \"(set)\"".to_owned());
        }
    }
    lines.join("\n")
}

fn text(key: &str, value: &str) -> String {
    format!("{key} = {value:?}")
}

/// A URL with its password replaced. What cannot be read is not shown at all. Parameters may hold a password too.
fn without_password(url: &str) -> String {
    if url.starts_with("sqlite:") {
        return url.to_owned();
    }
    let Ok(mut url) = Url::parse(url) else {
        return "(set)".to_owned();
    };
    if url.password().is_some() && url.set_password(Some("redacted")).is_err() {
        return "(set)".to_owned();
    }
    if url.query_pairs().any(|(name, _)| name.contains("password")) {
        url.set_query(Some("redacted"));
    }
    url.to_string()
}
