//! Settings: each wrong or missing one is named, all at once, and no secret is ever shown.

use secrecy::ExposeSecret;
use server::settings::{LogFormat, Problem, Settings, Sources, shown};
use std::path::PathBuf;

fn read(file: &str, environment: &[(&str, &str)]) -> Result<Settings, Vec<Problem>> {
    let file = (!file.is_empty()).then(|| (PathBuf::from("reeve.toml"), file.to_owned()));
    let environment =
        environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Settings::read(&Sources { file, environment })
}

fn problems(file: &str, environment: &[(&str, &str)]) -> Vec<String> {
    read(file, environment).expect_err("must be refused").iter().map(ToString::to_string).collect()
}

const KEY: &str = "0123456789abcdef0123456789abcdef";

#[test]
fn nothing_needs_to_be_set() {
    let settings = read("", &[]).unwrap();
    assert_eq!(settings.listen.to_string(), "127.0.0.1:8580");
    assert_eq!(settings.public_url.as_str(), "http://localhost:8580");
    assert_eq!(settings.database_url.expose_secret(), "sqlite:data/reeve.db");
    assert_eq!((settings.session_days, settings.log_format), (7, LogFormat::Auto));
    assert!(
        settings.mail.is_none() && settings.trusted_proxies.is_empty() && settings.connections.is_empty()
    );
}

#[test]
fn the_environment_wins_over_the_file() {
    let file = "listen = \"127.0.0.1:1\"\nsession_days = 3\nsecret_key = \"0123456789abcdef0123456789abcdef\"\n\
        trusted_proxies = [\"10.0.0.0/8\", \"::1\"]\n\
        [[connections]]\nlabel = \"Acme\"\nissuer = \"https://id.acme.test\"\nclient_id = \"reeve\"\n";
    let settings = read(file, &[("REEVE_LISTEN", "127.0.0.1:2"), ("REEVE_LOG_FORMAT", "json")]).unwrap();
    assert_eq!(settings.listen.port(), 2);
    assert_eq!(settings.public_url.as_str(), "http://localhost:2");
    assert_eq!((settings.session_days, settings.trusted_proxies.len()), (3, 2));
    assert_eq!(settings.connections[0].issuer, "https://id.acme.test");
    assert_eq!(settings.log_format, LogFormat::Json);
}

#[test]
fn each_wrong_setting_is_named_with_what_to_do() {
    for (name, value, says) in [
        ("REEVE_LISTEN", "everywhere", "an address and a port"),
        ("REEVE_PUBLIC_URL", "http://reeve.example.com", "must be https"),
        ("REEVE_PUBLIC_URL", "https://reeve.example.com/path", "without a path"),
        ("REEVE_DATABASE_URL", "mysql://x", "sqlite:data/reeve.db"),
        ("REEVE_DATABASE_URL", "sqlite::memory:", "sqlite:data/reeve.db"),
        ("REEVE_SECRET_KEY", "short", "at least 32"),
        ("REEVE_SECRET_KEY_FILE", "no/such/file", "cannot be read"),
        ("REEVE_SECRET_KEY_COMMAND", "no-such-program-here --key", "cannot be run"),
        ("REEVE_SECRET_KEY_COMMAND", "echo 'open", "every quote closed"),
        ("REEVE_SECRET_KEY_COMMAND", "echo short", "at least 32"),
        ("REEVE_PREVIOUS_SECRET_KEY", "short", "at least 32"),
        ("REEVE_PREVIOUS_SECRET_KEY_FILE", "no/such/file", "cannot be read"),
        ("REEVE_PREVIOUS_SECRET_KEY_COMMAND", "false", "failed"),
        ("REEVE_DATABASE_URL_COMMAND", "echo x", "is not a setting"),
        ("REEVE_SMTP_URL", "mail.example.com", "smtps://"),
        ("REEVE_TRUSTED_PROXIES", "10.0.0.0/8,proxy", "\"proxy\""),
        ("REEVE_LOG_FORMAT", "xml", "auto, text or json"),
        ("REEVE_LOG_LEVEL", "loud", "error, warn, info"),
        ("REEVE_SESSION_DAYS", "0", "from 1 to 365"),
        ("REEVE_SESSION_IDLE_MINUTES", "1.5", "whole number"),
        ("REEVE_CONNECTIONS", "x", "settings file"),
        ("REEVE_LISTN", "127.0.0.1:1", "did you mean listen?"),
        ("REEVE_NONSENSE", "1", "is not a setting"),
    ] {
        let found = problems("", &[(name, value)]);
        assert!(found.iter().any(|p| p.starts_with(name) && p.contains(says)), "{name}={value}: {found:?}");
    }
}

#[test]
fn each_missing_setting_is_named() {
    let found =
        problems("", &[("REEVE_DATABASE_URL", "postgres://reeve@db/reeve"), ("REEVE_LISTEN", "0.0.0.0:80")]);
    assert!(found.iter().any(|p| p.starts_with("secret_key: is missing")), "{found:?}");
    assert!(found.iter().any(|p| p.starts_with("public_url: is missing")), "{found:?}");
    assert!(problems("", &[("REEVE_SMTP_URL", "smtp://mail:25")])[0].starts_with("mail_from: is missing"));
    assert!(problems("", &[("REEVE_MAIL_FROM", "a@b.test")])[0].starts_with("smtp_url: is missing"));
    assert!(read("", &[("REEVE_DATABASE_URL", "postgres://r@db/r"), ("REEVE_SECRET_KEY", KEY)]).is_ok());
}

#[test]
fn everything_wrong_in_a_file_is_named_at_once() {
    let file = "lisen = \"x\"\nlog_level = \"loud\"\nsmtp_url = true\nconnections = 3\n";
    let found = problems(file, &[("REEVE_LOG_FORMAT", "xml")]);
    assert_eq!(found.len(), 5, "{found:#?}");
    assert!(
        found.iter().any(|p| p.starts_with("lisen in reeve.toml: is not a setting; did you mean listen?"))
    );
    let found =
        problems("[[connections]]\nlabel = \"\"\nissuer = \"http://id.acme.test\"\nsecret = \"x\"\n", &[]);
    for part in
        ["label of connections[1]", "issuer of connections[1]", "client_id of connections[1]", "secret of c"]
    {
        assert!(found.iter().any(|p| p.starts_with(part)), "{part}: {found:#?}");
    }
    assert!(problems("listen = ", &[])[0].contains("not TOML near line 1"));
}

#[test]
fn a_value_and_its_file_form_together_are_refused() {
    let file = std::env::temp_dir().join(format!("reeve-settings-{}", std::process::id()));
    std::fs::write(&file, format!("{KEY}\n")).unwrap();
    let path = file.to_str().unwrap();
    let from_file = read("", &[("REEVE_SECRET_KEY_FILE", path)]).unwrap();
    assert_eq!(from_file.secret_key.unwrap().expose_secret(), KEY, "without the line's end");
    let found = problems("", &[("REEVE_SECRET_KEY_FILE", path), ("REEVE_SECRET_KEY", KEY)]);
    assert!(found[0].contains("given twice"), "{found:?}");
    std::fs::remove_file(file).unwrap();
}

#[test]
fn a_program_can_print_the_secret_key_and_the_one_before_it() {
    let command = format!("echo ' {KEY} '");
    let by_command = read("", &[("REEVE_SECRET_KEY_COMMAND", &command)]).unwrap();
    assert_eq!(by_command.secret_key.as_ref().unwrap().expose_secret(), KEY);
    assert_eq!(by_command.key_place(), "REEVE_SECRET_KEY_COMMAND");
    let file = format!("secret_key_command = [\"echo\", \"{KEY}\"]\nprevious_secret_key = \"{KEY}x\"\n");
    let by_file = read(&file, &[]).unwrap();
    assert_eq!(by_file.secret_key.as_ref().unwrap().expose_secret(), KEY);
    assert_eq!(by_file.previous_secret_key.as_ref().unwrap().expose_secret(), format!("{KEY}x"));
    // Where the environment wins, the program of the file is not even run.
    assert!(read("secret_key_command = \"no-such-program-here\"", &[("REEVE_SECRET_KEY", KEY)]).is_ok());
    for also in ["REEVE_SECRET_KEY", "REEVE_SECRET_KEY_FILE"] {
        let found = problems("", &[("REEVE_SECRET_KEY_COMMAND", &command), (also, KEY)]);
        assert!(
            found.iter().any(|p| p.contains("given twice, as a value, a file or a command")),
            "{found:?}"
        );
    }
    let found = problems("", &[("REEVE_SECRET_KEY", KEY), ("REEVE_PREVIOUS_SECRET_KEY", KEY)]);
    assert!(found[0].starts_with("REEVE_PREVIOUS_SECRET_KEY: is the same as secret_key"), "{found:?}");
}

#[test]
fn no_secret_is_shown_in_problems_settings_or_debug() {
    let secret = "canary-0123456789abcdef0123456789";
    let database = format!("postgres://reeve:{secret}@db/reeve");
    let smtp = format!("smtps://reeve:{secret}@mail");
    let previous = format!("echo previous-{secret}");
    let file = format!(
        "[[connections]]\nlabel = \"Acme\"\nissuer = \"https://id.acme.test\"\nclient_id = \"reeve\"\n\
         client_secret = \"{secret}\"\n"
    );
    let environment = [
        ("REEVE_DATABASE_URL", database.as_str()),
        ("REEVE_SECRET_KEY", secret),
        ("REEVE_PREVIOUS_SECRET_KEY_COMMAND", previous.as_str()),
        ("REEVE_SMTP_URL", smtp.as_str()),
        ("REEVE_MAIL_FROM", "Reeve <reeve@acme.test>"),
    ];
    let settings = read(&file, &environment).unwrap();
    for text in [shown(&settings), format!("{settings:?}"), format!("{settings:#?}")] {
        assert!(!text.contains(secret), "{text}");
    }
    assert!(shown(&settings).contains("postgres://reeve:redacted@db/reeve"), "{}", shown(&settings));
    for broken in [
        format!("smtp_url = \"ftp://{secret}\""),
        format!("database_url = \"{secret}\""),
        format!("secret_key = {secret}"),
        format!("secret_key_command = \"sh -c 'echo {secret}; exit 1'\""),
        format!("secret_key_command = \"echo 'open {secret}\""),
    ] {
        let found = problems(&broken, &[]).join("\n");
        assert!(!found.contains(secret), "{found}");
    }
}
