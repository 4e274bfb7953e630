//! What a person reads.

mod alert;
mod avatar;
mod badge;
mod card;
mod code_block;
mod definition_list;
mod empty;
mod icon;
mod kbd;
mod problem;
mod progress;
mod skeleton;
mod spark;
mod stat;
mod steps;
mod table;
#[cfg(test)]
mod tests;
mod timestamp;

pub use alert::*;
pub use avatar::*;
pub use badge::*;
pub use card::*;
pub use code_block::*;
pub use definition_list::*;
pub use empty::*;
pub use icon::*;
pub use kbd::*;
pub use problem::*;
pub use progress::*;
pub use skeleton::*;
pub use spark::*;
pub use stat::*;
pub use steps::*;
pub use table::*;
pub use timestamp::*;
