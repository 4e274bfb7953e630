//! API keys, one's own and those of service accounts: what is done with them, and the forms and tables of it.

#![expect(unreachable_pub, reason = "the component macro makes what it generates public")]

mod actions;
mod made;
mod new;
mod table;

pub(crate) use actions::KeyActions;
pub(crate) use made::{HowToUse, NewSecret};
pub(crate) use new::NewKey;
pub(crate) use table::KeyTable;

use model::ServiceAccountId;

/// Whose keys they are, and what the reader may do with them.
#[derive(Clone, Copy)]
pub(crate) struct Whose {
    /// The service account; `None` for one's own.
    pub(crate) account: Option<ServiceAccountId>,
    /// Whether the reader may make and rotate them.
    pub(crate) make: bool,
    /// Whether the reader may switch them off and on, and revoke them.
    pub(crate) end: bool,
}

impl Whose {
    /// One's own, which are called tokens.
    pub(crate) const MINE: Self = Self { account: None, make: true, end: true };

    /// What one of them is called.
    const fn noun(self) -> &'static str {
        if self.account.is_some() { "key" } else { "token" }
    }

    /// What one of them may do that has no limits.
    const fn everything(self) -> &'static str {
        if self.account.is_some() { "Everything the account may do" } else { "Everything you may do" }
    }
}
