//! Handing something to a person's next page, through a cookie of their own browser: what a form without JavaScript
//! made, and must be shown once. Sealed for that person, so that nobody plants or reads one.

use crate::Control;
use crate::authz::{Authorized, SelfManage};
use crate::error::Result;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What fits into a cookie, its name and attributes left out.
const AT_MOST: usize = 3800;

/// What it is, among all that could pass through a browser.
const WHAT: &str = "handover";

impl Control {
    /// `value` as the text of a cookie; `None` if it does not fit.
    pub fn seal_for_next_page<T: Serialize>(
        &self,
        auth: &Authorized<SelfManage>,
        value: &T,
    ) -> Result<Option<String>> {
        let clear = zeroize::Zeroizing::new(serde_json::to_vec(value).map_err(crate::Error::internal)?);
        let sealed = self.keyring().secret().seal_passing(self.ids(), WHAT, auth.scope().uuid(), &clear);
        let text = URL_SAFE_NO_PAD.encode(sealed);
        Ok((text.len() <= AT_MOST).then_some(text))
    }

    /// What was sealed for this person; `None` if it was for another, was changed, or is of another kind.
    pub fn open_from_page_before<T: DeserializeOwned>(
        &self,
        auth: &Authorized<SelfManage>,
        text: &str,
    ) -> Option<T> {
        let sealed = URL_SAFE_NO_PAD.decode(text).ok()?;
        let clear = self.keyring().secret().open_passing(WHAT, auth.scope().uuid(), &sealed)?;
        serde_json::from_slice(&clear).ok()
    }
}
