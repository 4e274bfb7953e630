//! What moves a person around. All of it links.

mod breadcrumbs;
mod command_menu;
mod pagination;
mod sidebar;
mod tabs;
#[cfg(test)]
mod tests;

pub use breadcrumbs::*;
pub use command_menu::*;
pub use pagination::*;
pub use sidebar::*;
pub use tabs::*;
