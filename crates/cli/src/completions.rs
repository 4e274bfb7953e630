//! `reeve completions`

use crate::screen;
use clap::{Args, Command, ValueEnum};
use std::process::ExitCode;

/// Prints the completions of a shell.
#[derive(Clone, Copy, Debug, Args)]
#[command(after_long_help = "Examples:
  reeve completions bash > ~/.local/share/bash-completion/completions/reeve
  reeve completions zsh > ~/.zfunc/_reeve
  reeve completions fish > ~/.config/fish/completions/reeve.fish")]
pub struct Completions {
    /// Which shell.
    shell: Shell,
}

/// A shell that completes.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Shell {
    /// GNU Bash, with bash-completion.
    Bash,
    /// The Z shell.
    Zsh,
    /// fish.
    Fish,
}

/// Prints what makes a shell complete `command`.
pub fn print(asked: Completions, mut command: Command) -> ExitCode {
    let shell = match asked.shell {
        Shell::Bash => clap_complete::Shell::Bash,
        Shell::Zsh => clap_complete::Shell::Zsh,
        Shell::Fish => clap_complete::Shell::Fish,
    };
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut command, "reeve", &mut text);
    let done = screen::print(String::from_utf8_lossy(&text).trim_end());
    done.map_or_else(crate::stop::Stop::said, |()| ExitCode::SUCCESS)
}
