//! Where things stand.

mod centered;
mod page_header;
mod split;
mod stack;
#[cfg(test)]
mod tests;
mod toolbar;

pub use centered::*;
pub use page_header::*;
pub use split::*;
pub use stack::*;
pub use toolbar::*;
