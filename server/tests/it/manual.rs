//! The manual: what `--help` says, in one page, and the completions made from the same.

use clap::CommandFactory as _;
use server::cli::Cli;
use std::process::Command;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/cli.md");

const HEAD: &str = "# Command line

What `reeve --help` says, and what it says of each command. Written by a test from the program itself; whoever changes a
command runs `UPDATE_DOCS=1 cargo test -p server --test it manual`.
";

/// A command and all below it, each under its heading.
fn tell(command: &mut clap::Command, path: &str, out: &mut String) {
    let help = command.render_long_help().to_string();
    let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
    out.push_str(&format!("\n## `{path}`\n\n```text\n{}\n```\n", lines.join("\n").trim_end()));
    let below: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    for name in below.iter().filter(|name| *name != "help") {
        let command = command.find_subcommand_mut(name).unwrap();
        tell(command, &format!("{path} {name}"), out);
    }
}

#[test]
fn the_page_says_what_the_program_says() {
    let mut command = Cli::command().term_width(110);
    command.build();
    let mut page = HEAD.to_owned();
    tell(&mut command, "reeve", &mut page);
    #[expect(
        clippy::disallowed_methods,
        reason = "whoever runs the test says whether the page is to be written"
    )]
    if std::env::var("UPDATE_DOCS").is_ok() {
        std::fs::write(PAGE, &page).unwrap();
    }
    let written = std::fs::read_to_string(PAGE).unwrap_or_default();
    assert!(written == page, "docs/cli.md is not what the program says: UPDATE_DOCS=1 writes it anew");
}

#[test]
fn every_command_says_what_it_does_and_gives_examples_where_it_asks_a_server() {
    let mut command = Cli::command();
    command.build();
    let local = ["serve", "init", "migrate", "check-config", "owner-link", "keys", "help"];
    for sub in command.get_subcommands() {
        assert!(sub.get_about().is_some(), "{} says nothing", sub.get_name());
        let examples = sub.get_after_long_help().is_some_and(|text| text.to_string().contains("Examples:"));
        assert!(examples || local.contains(&sub.get_name()), "{} has no examples", sub.get_name());
        for below in sub.get_subcommands().filter(|below| below.get_name() != "help") {
            assert!(below.get_about().is_some(), "{} {}", sub.get_name(), below.get_name());
        }
    }
}

#[test]
fn each_shell_gets_its_completions() {
    for (shell, mark) in [("bash", "complete -F"), ("zsh", "#compdef reeve"), ("fish", "complete -c reeve")] {
        let ran = Command::new(env!("CARGO_BIN_EXE_reeve")).args(["completions", shell]).output().unwrap();
        let out = String::from_utf8(ran.stdout).unwrap();
        assert!(ran.status.success() && out.contains(mark), "{shell}");
        for command in ["service-accounts", "who-can", "api-keys", "rotate"] {
            assert!(out.contains(command), "{shell} does not know {command}");
        }
    }
    let ran = Command::new(env!("CARGO_BIN_EXE_reeve")).args(["completions", "powershell"]).output().unwrap();
    assert_eq!(ran.status.code(), Some(2));
}
