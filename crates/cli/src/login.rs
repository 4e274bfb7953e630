//! `reeve login`

use crate::connection::At;
use crate::credentials::{Credentials, SignIn};
use crate::environment;
use crate::screen::{Progress, harmless, note};
use crate::stop::{Done, Stop};
use clap::Args;
use client::{Asked, Client, DeviceStart, Poll, Server, Token};
use model::{ApiError, ErrorCode};
use secrecy::ExposeSecret as _;
use std::time::Duration;

/// What a poll that came too early adds to the pause (RFC 8628 §3.5).
const SLOWER: Duration = Duration::from_secs(5);
/// Shortest and longest pause a server can ask for.
const PAUSE_S: (u64, u64) = (1, 60);

/// Signs you in to a Reeve, by a code that you approve in a browser.
///
/// Open the link on any machine, sign in there, compare the code, and let this program administer as you. That takes a
/// sign-in of the last ten minutes, and lasts for 12 hours. Within ten minutes of signing in it may do all that you may;
/// after that it looks, and what gives or takes rights asks for another login.
///
/// The token is for Reeve alone: it enters no workspace, and no workspace gets to see it. To work with ZenML, use
/// zenml login. It is kept in reeve/credentials.json in $XDG_CONFIG_HOME or ~/.config, where only you can read it.
///
/// Scripts do not sign in: they use an API key, in REEVE_API_KEY or by --api-key-file.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  reeve login --server https://reeve.example.com
  reeve login                                      again, where you signed in last")]
pub struct Login {
    #[command(flatten)]
    at: At,
}

impl Login {
    pub(crate) async fn run(self) -> Done {
        let kept = Credentials::read()?;
        let server = self.at.server(&kept)?;
        let client = Client::new(&server)?;
        let host = hostname::get().unwrap_or_default();
        let asked = Asked { host: &host.to_string_lossy(), os: std::env::consts::OS };
        let start = client.request_device(asked).await?;
        note(&format!(
            "Open this page, sign in, and compare the code:\n\n  {}\n  Code  {}\n",
            harmless(&start.verification_uri_complete),
            harmless(&start.user_code)
        ));
        let token = approved(&client, &start).await?;
        let me = client.clone().with_token(token.access_token.clone()).me().await?;
        let sign_in = SignIn::new(token.access_token.expose_secret(), token.device_id);
        // Approving takes minutes, in which another command may have signed in elsewhere.
        let mut kept = Credentials::read()?;
        let before = kept.of(&server).and_then(|before| Some((before.token(), before.device?)));
        let path = kept.keep(&server, sign_in)?;
        if let Some((token, device)) = before {
            // It would run out by itself; nobody needs two.
            let _ = client.with_token(token).revoke_device(device).await;
        }
        note(&format!(
            "Signed in to {server} as {} ({}), for {} hours. Kept in {}.",
            harmless(&me.name),
            harmless(&me.email),
            token.expires_in / 3600,
            path.display()
        ));
        shadowed(&server);
        Ok(())
    }
}

/// Polls until somebody decided.
async fn approved(client: &Client, start: &DeviceStart) -> Result<Token, Stop> {
    let mut pause = Duration::from_secs(start.interval.clamp(PAUSE_S.0, PAUSE_S.1));
    let mut left = Duration::from_secs(start.expires_in.min(3600));
    let mut progress = Progress::new();
    progress.say("Waiting for your approval…");
    loop {
        if left < pause {
            let message = "The code ran out before it was approved. Start again with: reeve login";
            return Err(ApiError::new(ErrorCode::Gone, message).into());
        }
        tokio::time::sleep(pause).await;
        left = left.saturating_sub(pause);
        match client.poll_device(start).await {
            Ok(Poll::Approved(token)) => return Ok(token),
            Ok(Poll::Pending) => {}
            Ok(Poll::SlowDown) => pause += SLOWER,
            // A server that is started anew, a network that is gone for a moment.
            Err(error) if error.code == ErrorCode::Unavailable => {
                progress.say("The server does not answer. Trying again…");
            }
            Err(error) => return Err(error.into()),
        }
    }
}

fn shadowed(server: &Server) {
    if environment::api_key().is_some() {
        note(&format!("REEVE_API_KEY is set, and is used at {server} instead of this sign-in."));
    }
}
