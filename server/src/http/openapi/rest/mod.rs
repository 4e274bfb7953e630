//! `/api/v1`: what ZenML servers and clients ask, and the admin API.

pub mod accounts;
pub mod clients;
pub mod places;
pub mod roles;
pub mod servers;
pub mod teams;

use super::operation::Operation;

/// All of it.
pub fn all() -> Vec<Operation> {
    [clients::all(), servers::all(), roles::all(), teams::all(), places::all(), accounts::all()]
        .into_iter()
        .flatten()
        .collect()
}

fn get(path: &'static str, noun: &'static str, text: &str) -> Operation {
    Operation::new("GET", path, noun, text)
}

fn post(path: &'static str, noun: &'static str, text: &str) -> Operation {
    Operation::new("POST", path, noun, text)
}

fn patch(path: &'static str, noun: &'static str, text: &str) -> Operation {
    Operation::new("PATCH", path, noun, text)
}

fn put(path: &'static str, noun: &'static str, text: &str) -> Operation {
    Operation::new("PUT", path, noun, text)
}

fn delete(path: &'static str, noun: &'static str, text: &str) -> Operation {
    Operation::new("DELETE", path, noun, text)
}
