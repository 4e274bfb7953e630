//! What reaches a terminal, and in which form.

use crate::environment;
use crate::stop::{Done, Stop};
use model::text::is_deceptive;
use serde::Serialize;
use std::io::{ErrorKind, IsTerminal, Write};

/// A text of somebody else's in one line, with nothing in it that a terminal acts on or that turns a line around: such a
/// character is shown as its number.
pub(crate) fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_deceptive(c) {
            out.push_str(&format!("\\u{{{:x}}}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether standard output takes colours: a terminal, where nobody said otherwise (<https://no-color.org>).
pub(crate) fn colours() -> bool {
    std::io::stdout().is_terminal() && environment::wants_colours()
}

/// A heading, in bold where there are colours.
pub(crate) fn heading(text: &str) -> String {
    if colours() { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
}

/// The answer, on standard output.
pub(crate) fn print(text: &str) -> Done {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        // `reeve audit list | head` is no failure.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(Stop::ReaderLeft),
        Err(error) => Err(Stop::Here(format!("Nothing can be written ({error})."))),
    }
}

/// The answer as the server gave it, in one line. What a terminal would act on is escaped, which JSON reads back as it was.
pub(crate) fn print_json(value: &impl Serialize) -> Done {
    print(&json(value).map_err(|error| Stop::Here(error.to_string()))?)
}

fn json(value: &impl Serialize) -> serde_json::Result<String> {
    let text = serde_json::to_string(value)?;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        // Only texts hold any of these: between them there is nothing but punctuation.
        if is_deceptive(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
    Ok(out)
}

/// Something to know beside the answer, on standard error. Nobody waits for it: a closed pipe is the reader's choice.
pub(crate) fn note(text: &str) {
    let mut err = std::io::stderr().lock();
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.write_all(b"\n"));
}

/// How far something is, on standard error: one line that is written over, on a terminal alone.
#[derive(Debug)]
pub(crate) struct Progress {
    shown: bool,
}

impl Progress {
    pub(crate) fn new() -> Self {
        Self { shown: false }
    }

    pub(crate) fn say(&mut self, text: &str) {
        let mut err = std::io::stderr().lock();
        if err.is_terminal() {
            self.shown = true;
            let _ = write!(err, "\r{text}\x1b[K").and_then(|()| err.flush());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            let mut err = std::io::stderr().lock();
            let _ = write!(err, "\r\x1b[K").and_then(|()| err.flush());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_reaches_the_terminal_as_a_command_to_it() {
        let hostile = "\x1b[2J\x1b]0;gone\x07\u{9b}31mred\u{202e}txet\r\n\u{7f}Zoë 株式会社";
        let shown = harmless(hostile);
        assert!(!shown.chars().any(|c| c.is_control() || c == '\u{202e}'), "{shown:?}");
        assert!(shown.starts_with("\\u{1b}[2J") && shown.ends_with("Zoë 株式会社"), "{shown}");
    }

    #[test]
    fn json_is_harmless_and_means_the_same() {
        let hostile = serde_json::json!({ "name": "\u{9b}2J\u{202e}\x1b\u{e0001} Zoë \"\\" });
        let text = json(&hostile).unwrap();
        assert!(!text.chars().any(is_deceptive), "{text:?}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), hostile);
    }
}
