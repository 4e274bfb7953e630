//! What floats above the page.

mod confirm;
mod dialog;
#[cfg(test)]
mod tests;
mod toast_region;

pub use confirm::*;
pub use dialog::*;
pub use toast_region::*;
