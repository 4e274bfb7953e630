//! What each command does.

use crate::cli::Init;
use crate::http::layer::peer::TrustedProxies;
use crate::http::{AppState, router};
use crate::settings::{Problem, Settings, Sources, shown};
use crate::{logging, site};
use control::open::{Migrate, OpenError};
use control::setup::NewInstallation;
use control::{Control, Error};
use std::future::Future;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Longest time that open requests get once the process is told to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// How a command ends when it does not end well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// A fault of ours.
    Fault = 1,
    /// The arguments are wrong.
    Usage = 2,
    /// There is an organization already.
    AlreadyInitialized = 3,
    /// The settings are wrong.
    Settings = 4,
    /// The database cannot be used.
    Database = 5,
    /// The address cannot be used.
    Listen = 6,
    /// Nobody has the address.
    NobodyThere = 7,
    /// Some sealed values cannot be opened.
    Unreadable = 8,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command stopped, in lines for the operator.
#[derive(Debug)]
pub struct Stopped {
    /// The exit code.
    pub exit: Exit,
    /// What to print.
    pub lines: Vec<String>,
}

impl Stopped {
    pub(crate) fn new(exit: Exit, line: impl Into<String>) -> Self {
        Self { exit, lines: vec![line.into()] }
    }
}

impl From<Vec<Problem>> for Stopped {
    fn from(problems: Vec<Problem>) -> Self {
        let mut lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        lines.push("Nothing was started. Every setting is described in docs/operating.md.".to_owned());
        Self { exit: Exit::Settings, lines }
    }
}

impl From<OpenError> for Stopped {
    fn from(error: OpenError) -> Self {
        Self::new(Exit::Database, error.to_string())
    }
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        let exit = match error.code() {
            model::ErrorCode::Invalid => Exit::Usage,
            model::ErrorCode::Unavailable => Exit::Database,
            _ => Exit::Fault,
        };
        let mut lines = vec![error.message().to_owned()];
        lines.extend(error.fields().iter().map(|(field, why)| format!("{field}: {why}")));
        if let Some(source) = std::error::Error::source(&error) {
            tracing::error!(error = ?source, "The command failed");
        }
        Self { exit, lines }
    }
}

pub(crate) type Done = Result<(), Stopped>;

pub(crate) fn settings(config: Option<&Path>) -> Result<Settings, Stopped> {
    let settings = Settings::read(&Sources::of_process(config)?)?;
    logging::start(settings.log_format, settings.log_level);
    Ok(settings)
}

pub(crate) fn for_control(settings: &Settings) -> Result<control::settings::Settings, Stopped> {
    let key = settings.sealing_key().map_err(|problem| Stopped::new(Exit::Settings, problem.to_string()))?;
    Ok(settings.for_control(key))
}

pub(crate) async fn open(settings: &Settings, migrate: Migrate) -> Result<Control, Stopped> {
    match Control::open(&settings.database_url, for_control(settings)?, migrate).await {
        // Not the database's fault: the setting is named.
        Err(error @ OpenError::OtherSecretKey { .. }) => {
            Err(Stopped::new(Exit::Settings, format!("{}: {error}", settings.key_place())))
        }
        opened => Ok(opened?),
    }
}

/// `reeve check-config`
pub fn check_config(config: Option<&Path>) -> Done {
    let settings = Settings::read(&Sources::of_process(config)?)?;
    print_out(&shown(&settings));
    Ok(())
}

/// `reeve migrate`
pub async fn migrate(config: Option<&Path>) -> Done {
    let settings = settings(config)?;
    let control = open(&settings, Migrate::Yes).await?;
    print_out(&format!("The {} database is at the version of this binary.", control.engine()));
    control.close().await;
    Ok(())
}

/// `reeve init`
pub async fn init(config: Option<&Path>, init: &Init) -> Done {
    let settings = settings(config)?;
    let name = init.owner_name.clone().unwrap_or_else(|| {
        init.owner.split('@').next().filter(|local| !local.is_empty()).unwrap_or("Owner").to_owned()
    });
    let new = NewInstallation::parse(&init.org, &name, &init.owner)?;
    let control = open(&settings, Migrate::Yes).await?;
    let made = control.init(&control.system_cx("init"), &new, init.api_key).await;
    let Some(made) = made? else {
        control.close().await;
        let line = "There is an organization already. Nothing was changed.";
        return Err(Stopped::new(Exit::AlreadyInitialized, line));
    };
    let url = control.initialized_url(&made);
    let api_key = made.api_key.as_ref().map(control::secret::Secret::expose);
    if init.json {
        let made = serde_json::json!({
            "organization_id": made.org,
            "user_id": made.user,
            "sign_in_url": url,
            "api_key": api_key,
        });
        print_out(&made.to_string());
    } else {
        print_out(&format!(
            "The organization {} is there.\nSign in, once, within 15 minutes: {url}",
            init.org
        ));
        if let Some(key) = api_key {
            print_out(&format!("Personal access token, shown only now: {key}"));
        }
    }
    control.close().await;
    Ok(())
}

/// `reeve owner-link`
pub async fn owner_link(config: Option<&Path>, email: Option<&str>) -> Done {
    let settings = settings(config)?;
    let control = open(&settings, Migrate::No).await?;
    let cx = control.system_cx("owner-link");
    if let Some(url) = control.create_setup_link(&cx).await? {
        print_out(&format!("Set up Reeve, once, within an hour: {url}"));
    } else {
        let Some(email) = email else {
            let line = "Reeve is set up. Say whom the link is for: reeve owner-link --email ADDRESS";
            return Err(Stopped::new(Exit::Usage, line));
        };
        match control.create_owner_link(&cx, email).await? {
            Some(url) => print_out(&format!("Sign in, once, within 15 minutes: {url}")),
            None => {
                return Err(Stopped::new(Exit::NobodyThere, "Nobody signs in with this address by mail."));
            }
        }
    }
    control.close().await;
    Ok(())
}

/// `reeve serve`
pub async fn serve(config: Option<&Path>, no_migrate: bool) -> Done {
    let settings = settings(config)?;
    let migrate = if no_migrate { Migrate::No } else { Migrate::Yes };
    let control = open(&settings, migrate).await?;
    let listener = TcpListener::bind(settings.listen).await.map_err(|error| {
        let what = match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                "something else listens there already; stop it, or set REEVE_LISTEN".to_owned()
            }
            std::io::ErrorKind::PermissionDenied => {
                "this user may not use that port; take one above 1023".to_owned()
            }
            _ => error.to_string(),
        };
        Stopped::new(Exit::Listen, format!("cannot listen on {}: {what}", settings.listen))
    })?;
    let leptos_options = site::options();
    if !site::is_built(&leptos_options) {
        tracing::warn!(
            folder = &*leptos_options.site_root,
            "The site's files are not there, or hash.txt, their names, is not beside the binary: pages work, without style"
        );
    }
    control.sync_file_connections(&control.system_cx("serve")).await?;
    welcome(&control).await?;
    tracing::info!(listen = %settings.listen, database = control.engine(), version = env!("CARGO_PKG_VERSION"), "Reeve serves");

    let stop = CancellationToken::new();
    let background = TaskTracker::new();
    control.spawn_background(&background, stop.clone());
    background.close();
    let state = AppState {
        control: control.clone(),
        leptos_options,
        proxies: TrustedProxies::new(settings.trusted_proxies.clone()),
    };
    let served = run(listener, state, told_to_stop()).await;
    stop.cancel();
    background.wait().await;
    control.close().await;
    tracing::info!("Stopped");
    served.map_err(|error| Stopped::new(Exit::Fault, format!("the listener failed ({error})")))
}

/// Serves until `stop`; open requests then get [`DRAIN`] to end.
async fn run(
    listener: TcpListener,
    state: AppState,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let draining = CancellationToken::new();
    let told = draining.clone();
    let service = router(state).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        stop.await;
        tracing::info!("Stopping: no new requests, open ones are finished");
        told.cancel();
    });
    let cap = async {
        draining.cancelled().await;
        tokio::time::sleep(DRAIN).await;
    };
    tokio::select! {
        served = server => served,
        () = cap => {
            tracing::warn!("Some requests did not end in time and were cut off");
            Ok(())
        }
    }
}

/// The first thing a person sees on the terminal.
async fn welcome(control: &Control) -> Done {
    let url = control.settings().public_url.as_str();
    let cx = control.system_cx("serve");
    match control.create_setup_link(&cx).await? {
        Some(link) => print_out(&format!(
            "\n  Reeve is ready at {url}\n\n  Set it up here, once, within an hour:\n\n    {link}\n\n  \
             `reeve owner-link` prints a new link.\n"
        )),
        None => print_out(&format!("\n  Reeve is ready at {url}\n")),
    }
    Ok(())
}

/// Ends at SIGTERM or SIGINT.
async fn told_to_stop() {
    let interrupt = async {
        // Without a handler the signal ends the process by itself.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}

/// Prints what was asked for to stdout. A closed pipe is the reader's choice, no failure.
pub(crate) fn print_out(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}
