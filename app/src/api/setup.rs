//! First run.

use super::{Described, Error};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Whether a setup link works. Open to anyone who holds it; does not use it up.
#[server(prefix = "/api/fn", endpoint = "setup/peek", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn peek_setup_link(link: String) -> Result<(), Error> {
    let caller = super::caller()?;
    let open = caller.open("the setup link is the credential");
    Ok(caller.control.peek_setup_link(&open, &link).await?)
}

/// Makes the first organization and its owner, and signs them in. Open to anyone who holds the setup link.
#[server(prefix = "/api/fn", endpoint = "setup/complete", input_derive = (Clone, Serialize, Deserialize, Described))]
pub async fn complete_setup(
    link: String,
    org_name: String,
    owner_name: String,
    owner_email: String,
) -> Result<(), Error> {
    let caller = super::caller()?;
    let open = caller.open("the setup link is the credential");
    let new = control::setup::NewInstallation::parse(&org_name, &owner_name, &owner_email)?;
    let begun = caller.control.set_up(&open, &link, &new).await?;
    super::begin_session(&begun);
    Ok(())
}
