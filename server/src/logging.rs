//! Log lines, on stderr: text on a terminal, JSON otherwise.

use crate::settings::LogFormat;
use std::io::IsTerminal;
use std::panic::PanicHookInfo;
use tracing::Level;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

/// The crates whose lines are logged at the level asked for. Others only warn: what a library writes at finer levels
/// may hold addresses, queries or headers.
const OURS: [&str; 5] = ["reeve", "server", "app", "control", "store"];

/// What is logged when `level` is asked for.
pub fn filter(level: Level) -> EnvFilter {
    OURS.iter().fold(EnvFilter::new("warn"), |filter, name| match format!("{name}={level}").parse() {
        Ok(directive) => filter.add_directive(directive),
        Err(_) => filter,
    })
}

/// Starts logging. Only the first call does anything.
pub fn start(format: LogFormat, level: Level) {
    let json = match format {
        LogFormat::Auto => !std::io::stderr().is_terminal(),
        LogFormat::Text => false,
        LogFormat::Json => true,
    };
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter(level))
        .with_writer(std::io::stderr)
        .with_span_events(FmtSpan::NONE);
    let started = if json {
        lines.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init()
    } else {
        lines.with_ansi(std::io::stderr().is_terminal()).try_init()
    };
    if started.is_ok() {
        std::panic::set_hook(Box::new(log_panic));
    }
}

/// Says where a panic was. Its message only if it is a fixed text: one that was put together may hold data.
fn log_panic(info: &PanicHookInfo<'_>) {
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    let message =
        info.payload().downcast_ref::<&'static str>().copied().unwrap_or("(put together, not shown)");
    tracing::error!(panic.place = %place, panic.message = message, "Panicked");
}
