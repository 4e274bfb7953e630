//! The layers around every route, in the order in which a request meets them: [`peer`], [`trace`], [`headers`],
//! [`mod@panic`], [`limits`], [`csrf`], [`caller`], [`error_status`], [`render`].

pub mod caller;
pub mod csrf;
pub mod error_status;
pub mod headers;
pub mod limits;
pub mod panic;
pub mod peer;
pub mod render;
pub mod trace;
