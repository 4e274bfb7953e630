//! `reeve api-keys`

use crate::connection::{Form, To};
use crate::pages::Rows;
use crate::screen::note;
use crate::stop::{Done, Stop};
use crate::table::Table;
use crate::ways::until;
use clap::{Args, Subcommand};
use model::ApiKeyId;
use model::api_key::ApiKey;

/// Looks at your API keys, which are called personal access tokens in the dashboard, and revokes them.
///
/// Making one takes a browser: a token must not be able to give itself a longer life. Those of service accounts are with
/// `reeve service-accounts`. The keys that seal secrets in the database are another thing: `reeve keys`.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  reeve api-keys list
  reeve api-keys list --json | jq -r '.[] | select(.last_used_at == null) | .name'
  reeve api-keys revoke 0198f0aa-0000-7000-8000-000000000001")]
pub struct ApiKeys {
    #[command(flatten)]
    to: To,
    #[command(flatten)]
    form: Form,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lists your keys, the dead ones too.
    List,
    /// Revokes one of your keys, for good. Takes a login of the last ten minutes.
    Revoke {
        /// Its id, which list shows.
        id: ApiKeyId,
    },
}

impl ApiKeys {
    pub(crate) async fn run(self) -> Done {
        let client = self.to.client()?;
        match self.command {
            Command::List => {
                let list = client.api_keys().await?.keys;
                Rows::all(list).print(self.form, "API keys", keys)
            }
            Command::Revoke { id } => {
                client.revoke_api_key(id).await.map_err(Stop::from)?;
                note("Revoked. It is refused from now on, and so is what was exchanged for it.");
                Ok(())
            }
        }
    }
}

/// Keys of anybody.
pub(crate) fn keys(keys: &[ApiKey]) -> Table {
    let mut table = Table::new(["Name", "Ends in", "State", "Limited to", "Expires", "Last used", "Id"]);
    for key in keys {
        let place = key.workspace.iter().map(|(_, name)| format!("workspace {name}"));
        let limits: Vec<String> = key.scopes.iter().flatten().cloned().chain(place).collect();
        let expires = key.expires_at.map_or_else(|| "never".to_owned(), |at| until(Some(at)));
        table.row([
            key.name.clone(),
            key.hint.clone(),
            key.state.to_string(),
            limits.join(", "),
            expires,
            until(key.last_used_at),
            key.id.to_string(),
        ]);
    }
    table
}
