//! Secrets exist in clear once. Everything that can be read afterwards, by anyone, the log lines and the database itself
//! are searched for them; and what the database holds signs nobody in.

use super::site::{Ask, Caller, Cast, browser, command_line, device, exchanged, sign_in_link, token};
use super::table::{Leaves, everything};
use axum::http::StatusCode;
use control::api_keys::NewApiKey;
use control::authz::{ApiKeyManage, ConnectionManage, InvitationManage, ServiceAccountKeys, WorkspaceKeys};
use control::connections::ConnectionInput;
use control::invitations::NewInvitations;
use control::openid::{AuthorizationRequest, CodeGrant, Outcome};
use control::secret::{Kind, kind_of};
use control::settings::MailSettings;
use control::tokens::Grant;
use control::workspace_tokens::Wanted;
use model::device::DevicePurpose;
use model::{DeviceId, OrgRole, WorkspaceRole};
use secrecy::ExposeSecret;
use std::collections::BTreeSet;
use std::io::Write;
use std::sync::{Arc, Mutex};
use testkit::{Person, World, both_engines};
use tracing::instrument::WithSubscriber;
use tracing_subscriber::fmt::MakeWriter;

/// A secret that was handed over, and what it is.
struct Canary {
    what: &'static str,
    secret: String,
}

impl Canary {
    fn new(what: &'static str, secret: impl Into<String>) -> Self {
        let secret = secret.into();
        assert!(secret.len() > 40, "{what} is no secret: {secret}");
        Self { what, secret }
    }

    fn of(what: &'static str, caller: &Caller) -> Self {
        let (Caller::Browser(secret) | Caller::Program(secret)) = caller else {
            panic!("{what} has a secret")
        };
        Self::new(what, secret)
    }

    /// The random part alone would do as well.
    fn body(&self) -> &str {
        let prefix = kind_of(&self.secret).map_or("", Kind::prefix);
        &self.secret[prefix.len()..]
    }
}

fn none_in(text: &str, place: &str, canaries: &[Canary]) {
    for canary in canaries {
        assert!(!text.contains(canary.body()), "{place} holds {}", canary.what);
    }
}

fn last_part(url: &str) -> &str {
    url.rsplit('/').next().expect("a last part")
}

/// Kinds that cannot be had here: of an installation without organizations; of a sign-in at a provider, and a token of an
/// outside issuer, which take one.
const LEFT_OUT: [Kind; 4] = [Kind::SetupLink, Kind::State, Kind::SignInBrowser, Kind::TrustToken];

/// An authorization code of a workspace that is signed in to, and an access token that another one was exchanged for.
async fn signed_in(cast: &Cast) -> [Canary; 2] {
    const BACK: &str = "https://ml.acme.test/callback";
    // RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let (world, control) = (&cast.world, &cast.world.control);
    let keys = control.authorize::<WorkspaceKeys>(&world.cx(&cast.admin), cast.workspace).await.unwrap();
    control.set_workspace_sign_in(&keys, BACK, "").await.unwrap();
    let Caller::Browser(cookie) = &cast.by_admin else { panic!("a browser") };
    let actor = control.resolve_session(cookie, control.now()).await.unwrap();
    let cx = world.anonymous().with_actor(actor.unwrap());
    let text = |text: &str| Some(text.to_owned());
    let request = AuthorizationRequest {
        client_id: Some(cast.workspace.to_string()),
        redirect_uri: text(BACK),
        response_type: text("code"),
        scope: text("openid"),
        code_challenge: text(CHALLENGE),
        code_challenge_method: text("S256"),
        ..AuthorizationRequest::default()
    };
    let code = async || {
        let Ok(Outcome::Back(url)) = control.authorize_sign_in(&cx, &request).await else { panic!("a code") };
        let query = url::Url::parse(&url).unwrap();
        query.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned()
    };
    let (waits, used) = (code().await, code().await);
    let shown = CodeGrant {
        workspace: cast.workspace,
        key: &cast.enrollment_key,
        code: &used,
        redirect_uri: BACK,
        verifier: VERIFIER,
    };
    let open = control::Open::because(&cx, "test");
    let issued = control.token(&open, Grant::Code(shown)).await.unwrap().unwrap();
    [Canary::new("an authorization code", waits), Canary::new("a sign-in's token", issued.secret.expose())]
}

/// Makes one of everything that is secret.
async fn seed(cast: &Cast) -> Vec<Canary> {
    let (world, control, cx) = (&cast.world, &cast.world.control, cast.world.cx(&cast.admin));
    let mut canaries = vec![
        Canary::of("a session", &cast.by_admin),
        Canary::of("another session", &cast.by_member),
        Canary::of("a workspace's token", &cast.by_workspace),
        Canary::new("an enrollment key", &cast.enrollment_key),
        Canary::of("a device's token", &device(world, &cast.admin, cast.workspace).await),
        Canary::of("an exchanged token", &exchanged(world, &cast.admin).await),
        Canary::of("a command line's token", &command_line(world, &cast.admin).await),
        Canary::new("a sign-in link", sign_in_link(world, &cast.member).await),
        Canary::new("the secret key", control.settings().secret_key.expose_secret()),
    ];
    canaries.extend(signed_in(cast).await);
    let keys = control.authorize::<WorkspaceKeys>(&cx, cast.workspace).await.unwrap();
    canaries.push(Canary::new(
        "a rotated enrollment key",
        control.rotate_enrollment_key(&keys, 60).await.unwrap().key,
    ));

    let me = control.my_keys(&cx).await.unwrap();
    let made = control.create_api_key(&me, &NewApiKey::parse("laptop", "never", "").unwrap()).await.unwrap();
    let mine = control.authorize::<ApiKeyManage>(&cx, cast.admin.id).await.unwrap();
    let rotated = control.rotate_api_key(&mine, made.id, 60).await.unwrap();
    canaries.extend([Canary::new("a key", made.secret), Canary::new("a rotated key", rotated.secret)]);
    let bot = control.authorize::<ServiceAccountKeys>(&cx, cast.account).await.unwrap();
    let key = NewApiKey::parse("nightly", "30", "").unwrap();
    let key = control.create_service_account_key(&bot, &key).await.unwrap();
    canaries.push(Canary::new("a service account's key", key.secret));

    let open = control::Open::because(&cx, "test");
    let waiting = control
        .request_device(&open, world.id::<DeviceId>().uuid(), DevicePurpose::Workspaces)
        .await
        .unwrap();
    canaries.push(Canary::new("a device code", waiting.device_code.expose()));
    let auth = control.authorize::<InvitationManage>(&cx, cast.org).await.unwrap();
    let new = NewInvitations::parse("ivan@acme.test", OrgRole::Member, &[]).unwrap();
    let invited = control.invite(&auth, &new).await.unwrap().invitations.remove(0);
    assert!(invited.mailed, "its mail waits, with a link of its own");
    canaries.push(Canary::new("an invitation", last_part(&invited.url)));
    let auth = control.authorize::<ConnectionManage>(&cx, cast.org).await.unwrap();
    let secret = "4hT-the-secret-of-a-client-at-its-provider-q2";
    let input = ConnectionInput::parse("Acme SSO", "https://sso.acme.test", "reeve", secret).unwrap();
    control.create_connection(&auth, &input).await.unwrap();
    canaries.push(Canary::new("a provider's client secret", secret));
    let made = control.create_api_key(&me, &NewApiKey::parse("job", "30", "").unwrap()).await.unwrap();
    let wanted = Wanted {
        subject: &made.secret,
        client: None,
        workspace: cast.workspace,
        scope: None,
        grant: "token_exchange",
    };
    let signed = control.token(&open, Grant::ForWorkspace(wanted)).await.unwrap().unwrap();
    // What it says is no secret; what proves it is.
    canaries.push(Canary::new("a signed token", signed.secret.expose().rsplit('.').next().unwrap()));
    for kind in Kind::ALL.into_iter().filter(|kind| !LEFT_OUT.contains(kind)) {
        assert!(canaries.iter().any(|it| kind_of(&it.secret) == Some(kind)), "no {kind:?} is looked for");
    }
    canaries
}

/// Somebody in a browser for each role, and a program for each kind of token.
async fn everybody(cast: &Cast) -> Vec<(String, Caller)> {
    let world = &cast.world;
    let mut all = vec![
        ("nobody".to_owned(), Caller::Nobody),
        ("an administrator of another organization".to_owned(), cast.by_stranger.clone()),
        ("the workspace".to_owned(), cast.by_workspace.clone()),
        ("a program of an administrator".to_owned(), token(world, &cast.admin).await),
        ("a device of an administrator".to_owned(), device(world, &cast.admin, cast.workspace).await),
        ("the command line of an administrator".to_owned(), command_line(world, &cast.admin).await),
        ("an exchanged token of an administrator".to_owned(), exchanged(world, &cast.admin).await),
    ];
    for role in OrgRole::ALL {
        let person = world.member(cast.org, &format!("o-{}", role.as_str()), *role).await;
        all.push((role.as_str().to_owned(), browser(world, &person).await));
    }
    for role in [WorkspaceRole::Admin, WorkspaceRole::Viewer] {
        let person: Person = world.member(cast.org, &format!("w-{}", role.as_str()), OrgRole::Member).await;
        cast.give(&person, role).await;
        all.push((role.as_str().to_owned(), browser(world, &person).await));
    }
    all
}

/// Log lines, kept.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("no panic while writing")).into_owned()
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no panic while writing").extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;
    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// With a mail server that is never called: mails wait in the database.
fn with_mail(world: &World) -> World {
    let mut settings = world.control.settings().clone();
    settings.secret_key = "a key for the search for secrets, and nothing else".into();
    let (smtp_url, from) = ("smtp://127.0.0.1:1".into(), "Reeve <reeve@acme.test>".to_owned());
    settings.mail = Some(MailSettings { smtp_url, from });
    world.configured(settings)
}

async fn signs_in(cast: &Cast, by: &Caller) -> bool {
    cast.ask(Ask::get("/api/v1/users/me").by(by)).await.status == StatusCode::OK
}

both_engines! {
    async fn no_secret_comes_back_after_it_was_handed_over(world: World) {
        let lines = Lines::default();
        let logged = tracing_subscriber::fmt()
            .with_env_filter(server::logging::filter(tracing::Level::TRACE))
            .with_writer(lines.clone())
            .finish();
        async {
            let cast = Cast::new(with_mail(&world)).await;
            let canaries = seed(&cast).await;
            let everybody = everybody(&cast).await;
            for endpoint in everything().filter(|endpoint| endpoint.leaves == Leaves::Reads) {
                for (who, caller) in &everybody {
                    let answer = cast.ask(endpoint.request(&cast).by(caller)).await;
                    let place = format!("what {who} gets from {endpoint:?}");
                    none_in(&answer.body, &place, &canaries);
                    none_in(&format!("{:?}", answer.headers), &place, &canaries);
                }
            }
            // Presented, they do not get into the log lines either.
            for canary in &canaries {
                for caller in [Caller::Browser(canary.secret.clone()), Caller::Program(canary.secret.clone())] {
                    signs_in(&cast, &caller).await;
                }
            }
            let export = format!("/organizations/{}/audit/export?format=jsonl", cast.org);
            let log = cast.ask(Ask::get(&export).by(&cast.by_admin)).await.body;
            assert!(log.contains("api_key.created") && log.contains("workspace.key_rotated"), "the log is not whole");
            none_in(&log, "the audit log", &canaries);
            let dump = cast.world.dump().await;
            assert!(dump.contains("olivia@acme.test") && dump.contains("research"), "the dump is not whole");
            none_in(&dump, "the database", &canaries);
            none_in(&lines.text(), "the log", &canaries);
        }
        .with_subscriber(logged)
        .await;
        assert!(lines.text().contains("/api/v1/users/me"), "what was asked is logged");
    }

    async fn nothing_that_the_database_holds_signs_anybody_in(world: World) {
        let cast = Cast::new(with_mail(&world)).await;
        seed(&cast).await;
        assert!(signs_in(&cast, &cast.by_admin).await && signs_in(&cast, &token(&cast.world, &cast.admin).await).await);
        let dump = cast.world.dump().await;
        let is_part_of_a_token = |c: char| c.is_ascii_alphanumeric() || "-._~+/=".contains(c);
        let held: BTreeSet<&str> =
            dump.split(|c| !is_part_of_a_token(c)).filter(|text| (16..4096).contains(&text.len())).collect();
        assert!(held.contains("organization-admin"), "the dump is not whole");
        for text in held {
            for caller in [Caller::Browser(text.to_owned()), Caller::Program(text.to_owned())] {
                assert!(!signs_in(&cast, &caller).await, "{caller:?} is in the database and signs in");
            }
        }
    }
}
