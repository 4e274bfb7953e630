//! A setting whose value a program prints, such as a secret store's command line.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// How long the program may take.
const LIMIT: Duration = Duration::from_secs(10);
/// Longer than any key.
const MOST: u64 = 64 * 1024;

/// Runs a program with its arguments, without a shell; what it prints, trimmed.
///
/// # Errors
///
/// What is wrong, never with anything that the program printed: it may be the secret, or half of it.
pub(super) fn output(line: &str) -> Result<String, String> {
    output_within(line, LIMIT)
}

fn output_within(line: &str, limit: Duration) -> Result<String, String> {
    let until = Instant::now() + limit;
    let words = shlex::split(line).filter(|words| !words.is_empty());
    let words = words.ok_or("must be a program and its arguments, with every quote closed")?;
    let (program, arguments) = words.split_first().ok_or("must be a program and its arguments")?;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("names {program:?}, which cannot be run ({error})"))?;
    let printed = printed(&mut child, until);
    let ended = ended(&mut child, until);
    let late = || format!("did not end within {} seconds and was stopped", limit.as_secs());
    match (ended, printed) {
        (None, _) | (_, None) => Err(late()),
        (Some(Ok(status)), _) if !status.success() => {
            Err(format!("failed ({status}); run it by hand to see why"))
        }
        (Some(Err(error)), _) => Err(format!("could not be waited for ({error})")),
        (Some(Ok(_)), Some(bytes)) => match String::from_utf8(bytes) {
            Ok(text) if !text.trim().is_empty() => Ok(text.trim().to_owned()),
            Ok(_) => Err("printed nothing".to_owned()),
            Err(_) => Err("printed something that is no text".to_owned()),
        },
    }
}

/// What it prints until it closes its output; `None` if it does not in time. Read beside it, since a program it left
/// behind may keep the output open for ever.
fn printed(child: &mut Child, until: Instant) -> Option<Vec<u8>> {
    let out = child.stdout.take()?;
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // What cannot be read is as good as not printed.
        let _ = out.take(MOST).read_to_end(&mut bytes);
        let _ = tell.send(bytes);
    });
    told.recv_timeout(until.saturating_duration_since(Instant::now())).ok()
}

/// How it ended; `None` if it had to be stopped.
fn ended(child: &mut Child, until: Instant) -> Option<std::io::Result<std::process::ExitStatus>> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(Ok(status)),
            Err(error) => return Some(Err(error)),
            Ok(None) if Instant::now() >= until => {
                // It may have ended meanwhile: then there is nothing to stop.
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
            Ok(None) => std::thread::sleep(Duration::from_millis(10)),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_prints_is_trimmed_and_no_shell_takes_part() {
        assert_eq!(output("echo '  a key  ' \"and more\""), Ok("a key   and more".to_owned()));
        assert_eq!(output("echo $HOME ; echo '*'"), Ok("$HOME ; echo *".to_owned()));
    }

    #[test]
    fn what_goes_wrong_is_told_without_what_was_printed() {
        for (line, says) in [
            ("", "a program and its arguments"),
            ("echo 'open", "every quote closed"),
            ("no-such-program-here x", "cannot be run"),
            ("sh -c 'echo hush; echo hush >&2; exit 3'", "failed (exit status: 3)"),
            ("true", "printed nothing"),
            ("printf '\\377hush'", "no text"),
        ] {
            let wrong = output(line).unwrap_err();
            assert!(
                wrong.contains(says) && (line.contains("hush; ") || !wrong.contains("hush")),
                "{line}: {wrong}"
            );
            assert!(!wrong.contains("hush"), "{line}: {wrong}");
        }
    }

    #[test]
    fn a_program_that_does_not_end_is_stopped() {
        let begun = Instant::now();
        let limit = Duration::from_millis(200);
        for line in ["sleep 60", "sh -c 'echo hush; sleep 60'", "sh -c 'sleep 5 & echo hush'"] {
            let wrong = output_within(line, limit).unwrap_err();
            assert!(wrong.contains("did not end") && !wrong.contains("hush"), "{line}: {wrong}");
        }
        assert!(begun.elapsed() < Duration::from_secs(5), "nobody waits for what was left behind");
    }
}
