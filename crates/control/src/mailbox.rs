//! Asking for a one-time sign-in link by e-mail.

use crate::Control;
use crate::authz::Open;
use crate::error::{Error, Result};

impl Control {
    /// Asks for a one-time link by e-mail.
    pub async fn request_sign_in_link(&self, _open: &Open, _email: &str, _next: Option<&str>) -> Result<()> {
        Err(Error::unavailable("No mail server is set."))
    }
}
