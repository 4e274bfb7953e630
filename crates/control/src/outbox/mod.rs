//! Jobs written in the transaction that causes them, and the mails among them.
