//! What settings are called.

/// In which forms a key may be given, beside its value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Forms {
    Value,
    /// Also as `…_file`.
    File,
    /// Also as `…_file` and as `…_command`.
    FileOrCommand,
}

/// Every key.
const KEYS: [(&str, Forms); 13] = [
    ("listen", Forms::Value),
    ("public_url", Forms::Value),
    ("database_url", Forms::File),
    ("secret_key", Forms::FileOrCommand),
    ("previous_secret_key", Forms::FileOrCommand),
    ("smtp_url", Forms::File),
    ("mail_from", Forms::Value),
    ("trusted_proxies", Forms::Value),
    ("log_format", Forms::Value),
    ("log_level", Forms::Value),
    ("session_idle_minutes", Forms::Value),
    ("session_days", Forms::Value),
    ("connections", Forms::Value),
];

/// The key behind a name or one of its other forms.
pub(super) fn known(name: &str) -> Option<&'static str> {
    let is = |key: &str, forms: Forms| {
        name == key
            || (forms != Forms::Value && name.strip_suffix("_file") == Some(key))
            || (forms == Forms::FileOrCommand && name.strip_suffix("_command") == Some(key))
    };
    KEYS.iter().find(|(key, forms)| is(key, *forms)).map(|(key, _)| *key)
}

/// Whether a known name is that of a program which prints the value.
pub(super) fn is_command(name: &str) -> bool {
    name.ends_with("_command")
}

pub(super) fn twice(key: &str) -> &'static str {
    match KEYS.iter().find(|(known, _)| *known == key) {
        Some((_, Forms::FileOrCommand)) => {
            "is given twice, as a value, a file or a command; keep one of them"
        }
        _ => "is given twice, as a value and as a file; keep one of them",
    }
}

pub(super) fn unknown(name: &str) -> String {
    let alike = KEYS.iter().map(|(key, _)| *key).max_by_key(|key| likeness(key, name));
    let hint =
        alike.filter(|key| likeness(key, name) * 2 >= name.len()).map(|key| format!("; did you mean {key}?"));
    format!("is not a setting{}", hint.unwrap_or_default())
}

/// Letters that two names share at their beginnings and ends.
fn likeness(a: &str, b: &str) -> usize {
    let front = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let back = a.bytes().rev().zip(b.bytes().rev()).take_while(|(a, b)| a == b).count();
    (front + back).min(a.len().min(b.len()))
}
