//! `reeve logout`

use crate::connection::At;
use crate::credentials::Credentials;
use crate::screen::note;
use crate::stop::{Done, Stop};
use clap::Args;
use client::Client;
use model::ErrorCode;

/// Signs you out: the token ends on the server, and is forgotten here.
///
/// If the server does not answer, nothing is forgotten, so that you can try again. End it in the dashboard instead, under
/// Devices, from any browser.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  reeve logout
  reeve logout --server https://reeve.example.com")]
pub struct Logout {
    #[command(flatten)]
    at: At,
}

impl Logout {
    pub(crate) async fn run(self) -> Done {
        let kept = Credentials::read()?;
        let server = self.at.server(&kept)?;
        let Some(sign_in) = kept.of(&server) else {
            return Err(Stop::NotSignedIn(format!("You are not signed in to {server}.")));
        };
        if let Some(device) = sign_in.device {
            let client = Client::new(&server)?.with_token(sign_in.token());
            match client.revoke_device(device).await {
                Ok(()) => {}
                // It ended before: ran out, or was revoked in the dashboard.
                Err(error) if matches!(error.code, ErrorCode::Unauthenticated | ErrorCode::NotFound) => {}
                Err(error) => return Err(error.into()),
            }
        }
        // Again, as for a sign-in: another command may have written meanwhile.
        Credentials::read()?.forget(&server)?;
        note(&format!("Signed out of {server}."));
        Ok(())
    }
}
