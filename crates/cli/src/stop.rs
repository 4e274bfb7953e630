//! Why a command ends before it is done.

use crate::screen::{harmless, note};
use model::{ApiError, ErrorCode};
use std::process::ExitCode;

pub(crate) type Done = Result<(), Stop>;

/// A reason, as whoever typed the command can act on it.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The command line is wrong, or names something that is not there.
    Usage(String),
    /// Nobody is signed in there.
    NotSignedIn(String),
    /// The server refused, or could not be asked.
    Api(ApiError),
    /// Something on this machine: a file, a pipe.
    Here(String),
    /// Whoever read the output has seen enough.
    ReaderLeft,
}

impl From<ApiError> for Stop {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

impl Stop {
    /// Says it on standard error; what the process ends with.
    pub(crate) fn said(self) -> ExitCode {
        let (lines, code) = match self {
            Self::ReaderLeft => (Vec::new(), 0),
            Self::Usage(line) => (vec![line], 2),
            Self::NotSignedIn(line) => (vec![line], 3),
            Self::Here(line) => (vec![line], 1),
            Self::Api(error) => told(&error),
        };
        for line in lines {
            note(&format!("reeve: {}", harmless(&line)));
        }
        ExitCode::from(code)
    }
}

fn told(error: &ApiError) -> (Vec<String>, u8) {
    let mut lines = vec![error.message.clone()];
    lines.extend(error.fields.iter().map(|(field, why)| format!("{field}: {why}")));
    let (todo, code) = match error.code {
        ErrorCode::Unauthenticated => (Some("Sign in with: reeve login"), 3),
        ErrorCode::FreshSignInRequired => (Some("Sign in again with: reeve login"), 3),
        ErrorCode::RateLimited => (Some("Wait a minute before the next try."), 1),
        ErrorCode::Unavailable => (None, 4),
        _ => (None, 1),
    };
    lines.extend(todo.map(str::to_owned));
    if !error.request_id.is_empty() && error.code == ErrorCode::Internal {
        lines.push(format!("The server’s log has more under {}.", error.request_id));
    }
    (lines, code)
}
