//! Every kind of credential, at every way in, after everything that can end it: generated, so that a kind that is added
//! has to say which of these it knows.

use super::arrange::{At, grant};
use super::devices::{administering, approved};
use super::hostile_provider::Provider;
use super::openid;
use super::tokens::{Enrolled, bearer, by_function, enrolled, present};
use super::trust;
use control::api_keys::{KeyChange, NewApiKey};
use control::authz::{
    ClientOrgRead, MemberRemove, OffboardingPrepare, OrgRead, ServiceAccountCreate, ServiceAccountKeys,
    ServiceAccountManage, WorkspaceDelete, WorkspaceEnter, WorkspaceKeys,
};
use control::offboarding::Offboarding;
use control::service_accounts::NewServiceAccount;
use control::tokens::Grant;
use control::trust::TrustRuleInput;
use control::workspace_tokens::Wanted;
use control::{Actor, Cx, Open};
use model::grant::Principal;
use model::{ApiKeyId, OrgId, OrgRole, ServiceAccountId, TrustRuleId, WorkspaceRole};
use serde_json::json;
use testkit::{Person, World, both_engines};

const KINDS: [Kind; 13] = [
    Kind::Session,
    Kind::SignIn,
    Kind::PersonalKey,
    Kind::PersonalToken,
    Kind::Device,
    Kind::CommandLine,
    Kind::MachineKey,
    Kind::MachineToken,
    Kind::PersonalSigned,
    Kind::MachineSigned,
    Kind::TrustToken,
    Kind::EnrollmentKey,
    Kind::ServerToken,
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The cookie of a browser, and the access token of a workspace that was signed in to with it.
    Session,
    SignIn,
    /// A personal access token, and a short token made from it.
    PersonalKey,
    PersonalToken,
    /// The token of a device, and of one that administers.
    Device,
    CommandLine,
    /// A key of a service account, and a short token made from it.
    MachineKey,
    MachineToken,
    /// A signed token for the workspace, made from either.
    PersonalSigned,
    MachineSigned,
    /// A short token of a service account made from one of an outside issuer, by a trust rule.
    TrustToken,
    /// The key of a workspace's server, and a short token made from it.
    EnrollmentKey,
    ServerToken,
}

const ENDS: [End; 8] = [
    End::KeySwitchedOff,
    End::AccountClosed,
    End::Expired,
    End::Deleted,
    End::RemovedFromOrg,
    End::Locked,
    End::Offboarded,
    End::RotatedAway,
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    KeySwitchedOff,
    /// The account, or the workspace, is deactivated.
    AccountClosed,
    Expired,
    /// The credential itself is revoked, or the session or device ended.
    Deleted,
    /// The person or service account is no member any more; the workspace is deleted.
    RemovedFromOrg,
    /// The person is locked, or offboarded.
    Locked,
    Offboarded,
    RotatedAway,
}

const WAYS_IN: [WayIn; 9] = [
    WayIn::Bearer,
    WayIn::Function,
    WayIn::Cookie,
    WayIn::TokenEndpoint,
    WayIn::Exchange,
    WayIn::Organization,
    WayIn::Teams,
    WayIn::Workspace,
    WayIn::Introspection,
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WayIn {
    /// `Authorization: Bearer`, where programs of ZenML's ask, for anything at all.
    Bearer,
    /// The same, at a server function.
    Function,
    /// The dashboard's cookie.
    Cookie,
    /// The token endpoint, for a short token.
    TokenEndpoint,
    /// The token endpoint, for a signed token for the workspace.
    Exchange,
    /// Something in the organization that clients may know.
    Organization,
    /// Something in it that is none of theirs, such as the list of teams.
    Teams,
    /// The door of a workspace.
    Workspace,
    /// The workspace, which asks whether what it was shown is good.
    Introspection,
}

/// Whether there is such an end of such a credential at all.
fn applies(kind: Kind, end: End) -> bool {
    let is_key = !matches!(kind, Kind::Session | Kind::SignIn | Kind::Device | Kind::CommandLine);
    match end {
        End::KeySwitchedOff => is_key && !matches!(kind, Kind::EnrollmentKey | Kind::ServerToken),
        End::RotatedAway => is_key,
        End::Locked | End::Offboarded => of_a_person(kind),
        End::AccountClosed | End::Expired | End::Deleted | End::RemovedFromOrg => true,
    }
}

/// Which ways a living credential opens.
fn opens(kind: Kind, way: WayIn) -> bool {
    match (kind, way) {
        (Kind::Session, WayIn::Cookie | WayIn::Organization | WayIn::Teams) => true,
        (Kind::PersonalKey, way) => !matches!(way, WayIn::Cookie | WayIn::Introspection),
        // The organization refuses a machine's key as it is at workspaces' doors, unless it chose otherwise.
        (Kind::MachineKey, way) => !matches!(way, WayIn::Cookie | WayIn::Workspace | WayIn::Introspection),
        // No workspace gets to see it: not where its clients ask, and not at its door.
        (Kind::CommandLine, WayIn::Function | WayIn::Organization | WayIn::Teams) => true,
        (Kind::PersonalToken | Kind::MachineToken, WayIn::Exchange) => true,
        (
            Kind::PersonalSigned | Kind::MachineSigned | Kind::SignIn,
            WayIn::Bearer | WayIn::Function | WayIn::Workspace | WayIn::Introspection,
        ) => true,
        (
            Kind::PersonalToken | Kind::MachineToken | Kind::TrustToken | Kind::Device,
            WayIn::Bearer | WayIn::Function | WayIn::Organization | WayIn::Workspace,
        ) => true,
        (Kind::EnrollmentKey, WayIn::TokenEndpoint) => true,
        (Kind::ServerToken, WayIn::Bearer | WayIn::Function) => true,
        _ => false,
    }
}

fn of_a_person(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Session
            | Kind::SignIn
            | Kind::PersonalKey
            | Kind::PersonalToken
            | Kind::PersonalSigned
            | Kind::Device
            | Kind::CommandLine
    )
}

/// Whether a way stays open after an end: who is removed from an organization, or locked in it, still has an account.
/// A lock ends sessions and devices besides, and offboarding keys, too.
fn stays_open(kind: Kind, end: End, way: WayIn) -> bool {
    let account = match end {
        End::RemovedFromOrg => of_a_person(kind),
        End::Locked => matches!(kind, Kind::PersonalKey | Kind::PersonalToken | Kind::PersonalSigned),
        _ => false,
    };
    account && matches!(way, WayIn::Bearer | WayIn::Function | WayIn::Cookie | WayIn::TokenEndpoint)
}

/// Everything there is to lose.
struct Stage {
    world: World,
    org: OrgId,
    olivia: Person,
    bob: Person,
    bot: ServiceAccountId,
    dev: Enrolled,
    dev_name: String,
    bobs_key: (ApiKeyId, String),
    bots_key: (ApiKeyId, String),
    issuer: Provider,
    rule: TrustRuleId,
}

impl Stage {
    async fn new(world: &World, n: usize) -> Self {
        let world = world.clone();
        let org = world.org(&format!("acme-{n}")).await;
        let olivia = world.member(org, &format!("olivia-{n}"), OrgRole::Admin).await;
        let bob = world.member(org, &format!("bob-{n}"), OrgRole::Member).await;
        let dev_name = format!("dev-{n}");
        let dev = enrolled(&world, org, &dev_name).await;
        let control = &world.control;
        let auth = control.authorize::<ServiceAccountCreate>(&world.cx(&olivia), org).await.unwrap();
        let new = NewServiceAccount::parse(&format!("ci-bot-{n}"), "", OrgRole::Member, "").unwrap();
        let bot = control.create_service_account(&auth, &new).await.unwrap().id;
        for account in [bob.id, bot.account()] {
            grant(&world, org, dev.id, Principal::User(account), WorkspaceRole::Viewer).await;
        }
        let key = NewApiKey::parse("ci", "30", "").unwrap();
        let me = control.my_keys(&world.cx(&bob)).await.unwrap();
        let bobs = control.create_api_key(&me, &key).await.unwrap();
        let auth = control.authorize::<ServiceAccountKeys>(&world.cx(&olivia), bot).await.unwrap();
        let bots = control.create_service_account_key(&auth, &key).await.unwrap();
        let issuer = Provider::start().await;
        let rule = trust::make(&world, &olivia, bot, &rule_of(&issuer, "acme/ci")).await.unwrap();
        let (bobs_key, bots_key) = ((bobs.id, bobs.secret), (bots.id, bots.secret));
        Self { world, org, olivia, bob, bot, dev, dev_name, bobs_key, bots_key, issuer, rule }
    }

    /// A living credential of a kind.
    async fn credential(&self, kind: Kind) -> String {
        let short = async |grant| present(&self.world, grant).await.unwrap().secret.expose().to_owned();
        match kind {
            Kind::Session => self.world.session(&self.bob).await.expose().to_owned(),
            Kind::SignIn => {
                openid::register(&self.world, &self.olivia, &self.dev, "").await;
                let cx = openid::browser(&self.world, &self.bob).await;
                openid::sign_in(&self.world, &cx, &self.dev).await.unwrap().secret.expose().to_owned()
            }
            Kind::PersonalKey => self.bobs_key.1.clone(),
            Kind::PersonalToken => short(Grant::ApiKey { key: &self.bobs_key.1 }).await,
            Kind::PersonalSigned => short(Grant::ForWorkspace(self.wanted(&self.bobs_key.1))).await,
            Kind::MachineSigned => short(Grant::ForWorkspace(self.wanted(&self.bots_key.1))).await,
            Kind::MachineKey => self.bots_key.1.clone(),
            Kind::MachineToken => short(Grant::ApiKey { key: &self.bots_key.1 }).await,
            Kind::Device => {
                let (start, client) = approved(&self.world, &self.bob, Some(self.dev.id)).await;
                short(Grant::DeviceCode { client_id: client, device_code: start.device_code.expose() }).await
            }
            Kind::TrustToken => {
                let token = trust::token(&self.world, &self.issuer, json!({}));
                short(Grant::Outside { token: &token, account: Some(self.bot) }).await
            }
            Kind::CommandLine => administering(&self.world, &self.bob).await.secret.expose().to_owned(),
            Kind::EnrollmentKey => self.dev.key.expose().to_owned(),
            Kind::ServerToken => {
                short(Grant::Workspace { workspace: self.dev.id, key: self.dev.key.expose() }).await
            }
        }
    }

    fn wanted<'a>(&self, subject: &'a str) -> Wanted<'a> {
        Wanted { subject, client: None, workspace: self.dev.id, scope: None, grant: "token_exchange" }
    }

    async fn end(&self, kind: Kind, end: End) {
        let (control, world) = (&self.world.control, &self.world);
        let by_rule = kind == Kind::TrustToken;
        let of_bot =
            matches!(kind, Kind::MachineKey | Kind::MachineToken | Kind::MachineSigned | Kind::TrustToken);
        let of_server = matches!(kind, Kind::EnrollmentKey | Kind::ServerToken);
        let (by_olivia, by_bob) = (world.cx(&self.olivia), world.cx(&self.bob));
        let me = control.myself(&by_bob).await.unwrap();
        let own = control.my_keys(&by_bob).await.unwrap();
        let keys = control.authorize::<ServiceAccountKeys>(&by_olivia, self.bot).await.unwrap();
        let manage = control.authorize::<ServiceAccountManage>(&by_olivia, self.bot).await.unwrap();
        let off = KeyChange { active: Some(false), ..KeyChange::default() };
        match end {
            End::KeySwitchedOff if by_rule => {
                control.set_trust_rule_enabled(&keys, self.rule, false).await.unwrap();
            }
            End::Deleted if by_rule => control.delete_trust_rule(&keys, self.rule).await.unwrap(),
            End::RotatedAway if by_rule => {
                let other = rule_of(&self.issuer, "acme/other");
                control.update_trust_rule(&keys, self.rule, &other).await.unwrap();
            }
            End::KeySwitchedOff if of_bot => {
                control.update_service_account_key(&keys, self.bots_key.0, &off).await.unwrap();
            }
            End::KeySwitchedOff => {
                control.update_api_key(&own, self.bobs_key.0, &off).await.unwrap();
            }
            End::AccountClosed if of_server => {
                let auth = control.authorize::<WorkspaceDelete>(&by_olivia, self.dev.id).await.unwrap();
                control.deactivate_workspace(&auth).await.unwrap();
            }
            End::AccountClosed if of_bot => {
                control.set_service_account_active(&manage, false).await.unwrap();
            }
            End::AccountClosed => super::devices::close_account(world, &self.bob).await,
            End::Expired if kind == Kind::EnrollmentKey => {
                // It ends with the overlap of a rotation.
                let auth = control.authorize::<WorkspaceKeys>(&by_olivia, self.dev.id).await.unwrap();
                control.rotate_enrollment_key(&auth, 10).await.unwrap();
                world.clock.advance_s(600);
            }
            End::Expired => world.clock.advance_s(31 * 24 * 3600),
            End::Deleted if of_server => {
                let auth = control.authorize::<WorkspaceKeys>(&by_olivia, self.dev.id).await.unwrap();
                control.rotate_enrollment_key(&auth, 10).await.unwrap();
                control.revoke_enrollment_key(&auth, self.dev.credential).await.unwrap();
            }
            End::Deleted if of_bot => {
                control.revoke_service_account_key(&keys, self.bots_key.0).await.unwrap();
            }
            End::Deleted if matches!(kind, Kind::Session | Kind::SignIn) => {
                control.end_other_sessions(&me).await.unwrap();
            }
            End::Deleted if matches!(kind, Kind::Device | Kind::CommandLine) => {
                let device = control.devices(&me).await.unwrap().remove(0).id;
                control.revoke_device(&me, device).await.unwrap();
            }
            End::Deleted => control.revoke_api_key(&own, self.bobs_key.0).await.unwrap(),
            End::RemovedFromOrg if of_server => {
                let auth = control.authorize::<WorkspaceDelete>(&by_olivia, self.dev.id).await.unwrap();
                control.delete_workspace(&auth, &self.dev_name).await.unwrap();
            }
            End::RemovedFromOrg if of_bot => control.delete_service_account(&manage).await.unwrap(),
            End::RemovedFromOrg => At(world, &self.olivia, self.org).remove(&self.bob).await.unwrap(),
            End::Locked => {
                let auth = control.authorize::<MemberRemove>(&by_olivia, self.org).await.unwrap();
                control.lock_member(&auth, self.bob.id).await.unwrap();
            }
            End::Offboarded => {
                let look = control.authorize::<OffboardingPrepare>(&by_olivia, self.org).await.unwrap();
                let fingerprint = control.offboarding(&look, self.bob.id).await.unwrap().fingerprint;
                let auth = control.authorize::<MemberRemove>(&by_olivia, self.org).await.unwrap();
                let decided = Offboarding { fingerprint, ..Offboarding::default() };
                control.offboard(&auth, self.bob.id, &decided).await.unwrap();
            }
            End::RotatedAway if of_server => {
                let auth = control.authorize::<WorkspaceKeys>(&by_olivia, self.dev.id).await.unwrap();
                control.rotate_enrollment_key(&auth, 0).await.unwrap();
            }
            End::RotatedAway if of_bot => {
                control.rotate_service_account_key(&keys, self.bots_key.0, 0).await.unwrap();
            }
            End::RotatedAway => {
                control.rotate_api_key(&own, self.bobs_key.0, 0).await.unwrap();
            }
        }
    }

    /// Whether a credential opens a way, on a replica.
    async fn gets_in(&self, replica: &World, kind: Kind, secret: &str, way: WayIn) -> bool {
        let now = replica.control.now();
        let session = replica.control.resolve_session(secret, now).await.unwrap();
        let by_function = by_function(replica, secret).await;
        let acting = |actor: Option<Actor>| -> Option<Cx> { Some(replica.anonymous().with_actor(actor?)) };
        match way {
            WayIn::Bearer => bearer(replica, secret).await.is_some(),
            WayIn::Function => by_function.is_some(),
            WayIn::Cookie => session.is_some(),
            WayIn::TokenEndpoint => {
                let grant = match kind {
                    Kind::EnrollmentKey | Kind::ServerToken => {
                        Grant::Workspace { workspace: self.dev.id, key: secret }
                    }
                    _ => Grant::ApiKey { key: secret },
                };
                present(replica, grant).await.is_ok()
            }
            WayIn::Exchange => present(replica, Grant::ForWorkspace(self.wanted(secret))).await.is_ok(),
            WayIn::Introspection => {
                let cx = replica.anonymous();
                let open = Open::because(&cx, "test");
                let key = self.dev.key.expose();
                match replica.control.by_enrollment_key(&open, self.dev.id, key).await.unwrap() {
                    Ok(cx) => {
                        let auth = replica.control.as_workspace(&cx).await.unwrap();
                        replica.control.introspect(&auth, secret).await.unwrap().is_some()
                    }
                    Err(_) => false,
                }
            }
            WayIn::Organization => match acting(session.or(by_function)) {
                Some(cx) => replica.control.authorize::<ClientOrgRead>(&cx, self.org).await.is_ok(),
                None => false,
            },
            WayIn::Teams => match acting(session.or(by_function)) {
                Some(cx) => replica.control.authorize::<OrgRead>(&cx, self.org).await.is_ok(),
                None => false,
            },
            WayIn::Workspace => match acting(session.or(by_function)) {
                Some(cx) => match replica.control.authorize::<WorkspaceEnter>(&cx, self.dev.id).await {
                    Ok(auth) => replica.control.enter_workspace(&auth).await.is_ok(),
                    Err(_) => false,
                },
                None => false,
            },
        }
    }
}

fn rule_of(issuer: &Provider, repository: &str) -> TrustRuleInput {
    TrustRuleInput::parse("ci", &issuer.issuer, &format!("repository = {repository}"), "").unwrap()
}

both_engines! {
    async fn what_ended_gets_in_by_no_door_of_any_replica(world: World) {
        let replica = world.replica().await;
        // Time passes for all, so what runs out comes last.
        let mut ends = ENDS.to_vec();
        ends.sort_by_key(|end| *end == End::Expired);
        let pairs = ends.iter().flat_map(|end| KINDS.iter().map(|kind| (*kind, *end)));
        for (n, (kind, end)) in pairs.filter(|(kind, end)| applies(*kind, *end)).enumerate() {
            let stage = Stage::new(&world, n).await;
            let secret = stage.credential(kind).await;
            // Whatever the replica may keep of it, it keeps now.
            for way in WAYS_IN {
                let gets_in = stage.gets_in(&replica, kind, &secret, way).await;
                assert_eq!(gets_in, opens(kind, way), "a living {kind:?} by {way:?}");
            }
            stage.end(kind, end).await;
            for way in WAYS_IN {
                let gets_in = stage.gets_in(&replica, kind, &secret, way).await;
                let open = opens(kind, way) && stays_open(kind, end, way);
                assert_eq!(gets_in, open, "a {kind:?} after {end:?} by {way:?}");
            }
        }
    }
}
