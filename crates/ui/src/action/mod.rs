//! What a person presses.

mod button;
mod copy_field;
mod icon_button;
mod link_button;
mod menu;
#[cfg(test)]
mod tests;

pub use button::*;
pub use copy_field::*;
pub use icon_button::*;
pub use link_button::*;
pub use menu::*;
