//! `reeve keys`: looking after the keys that seal, and those that sign.

use crate::process::{Done, Exit, Stopped, for_control, open, print_out, settings};
use control::keys::{self as at_rest, KeyStatus, Lost, Progress, Values, short};
use control::open::Migrate;
use control::seal::OpenedBy;
use control::signing::{Rotated, When};
use control::{Control, Error};
use serde::Serialize;
use std::io::{IsTerminal, Write as _};
use std::path::Path;

/// `reeve keys rotate`
pub async fn rotate(config: Option<&Path>, json: bool) -> Done {
    let settings = settings(config)?;
    let control = open(&settings, Migrate::No).await?;
    let rotated = run(&control).await;
    control.close().await;
    let done = rotated.map_err(|error| {
        let mut stopped = Stopped::from(error);
        stopped.lines.push("Nothing is lost. Run it again: it goes on where it stopped.".to_owned());
        stopped
    })?;
    if json {
        print_json(&done)?;
    } else {
        print_out(&told(&done));
    }
    if done.unreadable > 0 {
        let line = format!(
            "{} cannot be opened and stay as they were; the log names them. Enter those secrets again.",
            counted(done.unreadable, "value")
        );
        return Err(Stopped::new(Exit::Unreadable, line));
    }
    Ok(())
}

async fn run(control: &Control) -> Result<at_rest::Rotated, Error> {
    let mut rotation = control.begin_rotation(&control.system_cx("keys rotate")).await?;
    let mut shown = Shown::begin(if rotation.resumed() { "Going on with" } else { "Rotating to" }, &rotation);
    while let Some(progress) = rotation.step().await? {
        shown.batch(progress);
    }
    shown.end();
    rotation.finish().await
}

/// Progress, on standard error: on a terminal one line that is written over, else a line for each batch.
struct Shown {
    on_terminal: bool,
    batches: u64,
}

impl Shown {
    fn begin(what: &str, rotation: &control::keys::Rotation) -> Self {
        say(&format!("{what} data key {}\n", short(rotation.data_key())));
        Self { on_terminal: std::io::stderr().is_terminal(), batches: 0 }
    }

    fn batch(&mut self, Progress { column, moved, of }: Progress) {
        self.batches += 1;
        let line = format!("{moved} of {of} values moved, in {}", column.path());
        // Erased to its end: the one before may have been longer.
        say(&if self.on_terminal { format!("\r{line}\x1b[K") } else { format!("{line}\n") });
    }

    fn end(&self) {
        if self.on_terminal && self.batches > 0 {
            say("\n");
        }
    }
}

/// Nobody waits for what is said on the way: a closed pipe is the reader's choice.
fn say(text: &str) {
    let mut err = std::io::stderr().lock();
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}

fn told(done: &at_rest::Rotated) -> String {
    let mut lines = vec![format!(
        "{} under data key {}, which seals from now on.",
        counted(done.moved, "value"),
        short(done.data_key)
    )];
    if done.resumed {
        lines.push(
            "A rotation that was begun before is finished with that; run it again for a new key.".to_owned(),
        );
    }
    if done.rewrapped > 0 {
        let keys = counted(done.rewrapped, "data key");
        lines.push(format!(
            "{keys} encrypted with the new secret key: the previous one is not needed any more."
        ));
    }
    lines.push(format!("{} deleted, nothing was sealed under them.", counted(done.deleted, "old data key")));
    lines.join("\n")
}

/// `reeve keys rotate-signing`
pub async fn rotate_signing(config: Option<&Path>, now: bool, json: bool) -> Done {
    let settings = settings(config)?;
    let control = open(&settings, Migrate::No).await?;
    let when = if now { When::Now } else { When::Announced };
    let rotated = control.rotate_signing_keys(&control.system_cx("keys rotate-signing"), when).await;
    control.close().await;
    for next in rotated? {
        if json {
            print_json(&next)?;
            continue;
        }
        let Rotated { algorithm, key, signs_from, waiting } = next;
        let at = signs_from.to_human();
        print_out(&match (waiting, when) {
            (true, _) => {
                format!("{algorithm}: key {key} was made before and signs from {at}. Nothing was changed.")
            }
            (false, When::Announced) => format!("{algorithm}: key {key} signs from {at}."),
            (false, When::Now) => format!("{algorithm}: key {key} signs. What was signed before is refused."),
        });
    }
    Ok(())
}

/// `reeve keys status`
pub async fn status(config: Option<&Path>, json: bool) -> Done {
    let settings = settings(config)?;
    // Also without a fitting secret key: what is wrong is what is asked.
    let control = Control::open_sealed(&settings.database_url, for_control(&settings)?, Migrate::No).await?;
    let status = control.keys_status().await;
    control.close().await;
    let status = status?;
    if json {
        return print_json(&status);
    }
    for key in &status.keys {
        print_out(&line(key));
    }
    if status.keys.is_empty() {
        print_out("There is no data key yet: the server makes one when it starts.");
    }
    if !status.without_key.is_empty() {
        print_out(&format!("Cannot be opened, their data key is gone: {}", listed(&status.without_key)));
    }
    Ok(())
}

fn line(key: &KeyStatus) -> String {
    let state = match key.retired_at {
        None => "in use".to_owned(),
        Some(at) => format!("retired {}", at.to_human()),
    };
    let opened_by = match key.opened_by {
        OpenedBy::Current => "",
        OpenedBy::Previous => ", under the previous secret key",
        OpenedBy::Nothing => ", under a secret key that is not set",
    };
    format!(
        "{}  made {}, {state}{opened_by}: {}",
        short(key.id),
        key.created_at.to_human(),
        listed(&key.values)
    )
}

/// `reeve keys forget-lost`
pub async fn forget_lost(config: Option<&Path>, yes: bool, json: bool) -> Done {
    let settings = settings(config)?;
    let control = Control::open_sealed(&settings.database_url, for_control(&settings)?, Migrate::No).await?;
    let lost = if yes {
        control.forget_lost_keys(&control.system_cx("keys forget-lost")).await
    } else {
        control.lost_keys().await
    };
    control.close().await;
    let lost = lost?;
    if json {
        return print_json(&lost);
    }
    print_out(&given_up(&lost, yes));
    Ok(())
}

fn given_up(lost: &Lost, yes: bool) -> String {
    if lost.keys.is_empty() {
        return "Every data key can be opened. Nothing was changed.".to_owned();
    }
    let keys = counted(lost.keys.len() as u64, "data key");
    if yes {
        format!("{keys} given up. Cannot be opened any more: {}", listed(&lost.values))
    } else {
        format!(
            "{keys} cannot be opened. With --yes they are given up, and with them: {}\nNothing was changed.",
            listed(&lost.values)
        )
    }
}

fn listed(values: &Values) -> String {
    let each: Vec<String> = values.iter().map(|(column, n)| format!("{n} in {column}")).collect();
    if each.is_empty() { "nothing".to_owned() } else { each.join(", ") }
}

fn counted(n: u64, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

fn print_json(value: &impl Serialize) -> Done {
    let text = serde_json::to_string(value).map_err(|error| Stopped::new(Exit::Fault, error.to_string()))?;
    print_out(&text);
    Ok(())
}
