//! Trust rules: who may make them, which service account a token becomes, and what ends it.

use super::arrange::{code, grant, may, workspace};
use super::devices::administering;
use super::hostile_provider::{Provider, Sign, signed};
use super::lies::merge;
use super::tokens::{bearer, by_function, present};
use control::authz::{
    ClientOrgRead, MemberRead, ServiceAccountCreate, ServiceAccountKeys, ServiceAccountManage, TrustRuleRead,
    WorkspaceEnter,
};
use control::cx::{ByKey, ClientVia};
use control::service_accounts::NewServiceAccount;
use control::settings::PublicUrl;
use control::tokens::{Grant, Issued, Refusal};
use control::trust::TrustRuleInput;
use control::{Actor, Result};
use model::grant::Principal;
use model::trust::{AttemptOutcome, Preset, PresetFields, TrustAttempt, TrustRules};
use model::{ErrorCode, OrgId, OrgRole, ServiceAccountId, TrustRuleId, WorkspaceRole};
use serde_json::{Value, json};
use testkit::{Person, World, both_engines};

pub(super) const AUDIENCE: &str = "http://localhost:8580";

/// An organization with a service account and a rule for it.
pub(super) struct Stage {
    pub world: World,
    pub provider: Provider,
    pub org: OrgId,
    pub olivia: Person,
    pub bot: ServiceAccountId,
    pub rule: TrustRuleId,
}

impl Stage {
    pub(super) async fn set(world: World, claims: &str, audience: &str) -> Self {
        let provider = Provider::start().await;
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bot = account(&world, &olivia, org, "ci-bot").await;
        let input = TrustRuleInput::parse("Pipelines", &provider.issuer, claims, audience).unwrap();
        let rule = make(&world, &olivia, bot, &input).await.unwrap();
        Self { world, provider, org, olivia, bot, rule }
    }

    pub(super) async fn usual(world: World) -> Self {
        Self::set(world, "repository = acme/ci\nref = refs/heads/*", "").await
    }

    /// An honest token of the issuer with these claims changed; `null` takes one out.
    pub(super) fn token(&self, changed: Value) -> String {
        token(&self.world, &self.provider, changed)
    }

    pub(super) async fn present(&self, token: &str) -> std::result::Result<Issued, Refusal> {
        exchange(&self.world, token, Some(self.bot)).await
    }

    pub(super) async fn attempts(&self) -> Vec<TrustAttempt> {
        attempts(&self.world, &self.olivia, self.bot).await
    }

    /// The outcome and reason of the latest attempt.
    pub(super) async fn latest(&self) -> (AttemptOutcome, String) {
        let latest = self.attempts().await.into_iter().next().expect("an attempt");
        (latest.outcome, latest.reason)
    }

    fn input(&self, claims: &str) -> TrustRuleInput {
        TrustRuleInput::parse("Pipelines", &self.provider.issuer, claims, "").unwrap()
    }
}

pub(super) async fn account(world: &World, by: &Person, org: OrgId, name: &str) -> ServiceAccountId {
    let auth = world.control.authorize::<ServiceAccountCreate>(&world.cx(by), org).await.unwrap();
    let new = NewServiceAccount::parse(name, "", OrgRole::Member, "").unwrap();
    world.control.create_service_account(&auth, &new).await.unwrap().id
}

pub(super) async fn make(
    world: &World,
    by: &Person,
    account: ServiceAccountId,
    input: &TrustRuleInput,
) -> Result<TrustRuleId> {
    let auth = may::<ServiceAccountKeys>(world, by, account).await?;
    world.control.create_trust_rule(&auth, input).await
}

async fn attempts(world: &World, by: &Person, account: ServiceAccountId) -> Vec<TrustAttempt> {
    let auth = may::<TrustRuleRead>(world, by, account).await.unwrap();
    world.control.trust_attempts(&auth).await.unwrap()
}

async fn rules(world: &World, by: &Person, account: ServiceAccountId) -> TrustRules {
    let auth = may::<TrustRuleRead>(world, by, account).await.unwrap();
    world.control.trust_rules(&auth).await.unwrap()
}

pub(super) fn token(world: &World, provider: &Provider, changed: Value) -> String {
    let now_s = world.control.now().millis() / 1000;
    let mut claims = json!({
        "iss": provider.issuer,
        "sub": "repo:acme/ci:ref:refs/heads/main",
        "aud": AUDIENCE,
        "repository": "acme/ci",
        "ref": "refs/heads/main",
        "actor": "alice, whom the rule does not look at",
        "iat": now_s,
        "nbf": now_s - 5,
        "exp": now_s + 300,
        "jti": world.id::<model::AuditId>().to_string(),
    });
    merge(&mut claims, &changed);
    signed(Sign::Rs256, r#"{"alg":"RS256","typ":"JWT","kid":"k1"}"#, &claims.to_string())
}

pub(super) async fn exchange(
    world: &World,
    token: &str,
    account: Option<ServiceAccountId>,
) -> std::result::Result<Issued, Refusal> {
    present(world, Grant::Outside { token, account }).await
}

both_engines! {
    async fn a_token_of_the_issuer_becomes_a_short_one_for_working_with_workspaces(world: World) {
        let stage = Stage::usual(world).await;
        let (world, org) = (&stage.world, stage.org);
        let dev = workspace(world, org, "dev").await;
        grant(world, org, dev, Principal::User(stage.bot.account()), WorkspaceRole::Developer).await;
        let issued = stage.present(&stage.token(json!({}))).await.unwrap();
        assert_eq!(issued.expires_in_s, 900);
        let secret = issued.secret.expose();
        assert!(secret.starts_with("rvci_"));
        let actor = bearer(world, secret).await.expect("somebody");
        let Actor::Client { user, via: ClientVia::Trusted(_, rule), .. } = &actor else {
            panic!("{actor:?}");
        };
        assert_eq!((*user, *rule), (stage.bot.account(), stage.rule));
        let cx = world.anonymous().with_actor(actor);
        let auth = world.control.authorize::<WorkspaceEnter>(&cx, dev).await.unwrap();
        assert_eq!(world.control.enter_workspace(&auth).await.unwrap().username, "ci-bot");
        assert!(world.control.authorize::<ClientOrgRead>(&cx, org).await.is_ok());
        // Workspaces see it, so it administers nothing, whatever the account may do.
        assert_eq!(code(world.control.authorize::<MemberRead>(&cx, org).await), Some(ErrorCode::Forbidden));

        world.control.flush_activity().await.unwrap();
        assert_eq!(rules(world, &stage.olivia, stage.bot).await.rules[0].rule.last_used_at, Some(world.control.now()));
        let attempt = stage.attempts().await.remove(0);
        assert_eq!((attempt.rule, attempt.outcome), (stage.rule, AttemptOutcome::Accepted));
        let seen: Vec<_> = attempt.claims.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(seen, [("ref", "refs/heads/main"), ("repository", "acme/ci")], "what the rule looks at");
        assert_eq!(world.audit(org).await.iter().filter(|e| *e == "token.issued/success").count(), 1);

        world.clock.advance_s(899);
        assert!(bearer(world, secret).await.is_some());
        world.clock.advance_s(1);
        assert_eq!(bearer(world, secret).await, None);
    }

    async fn claims_that_nearly_fit_do_not_and_the_rule_says_why(world: World) {
        let stage = Stage::usual(world).await;
        for (changed, why) in [
            (json!({ "repository": "acme/ci-evil" }), "Claim repository is “acme/ci-evil”, the rule wants “acme/ci”."),
            (json!({ "repository": "evil/acme/ci" }), "Claim repository is “evil/acme/ci”, the rule wants “acme/ci”."),
            (json!({ "repository": "acme/ci\n" }), r"Claim repository is “acme/ci\n”, the rule wants “acme/ci”."),
            (json!({ "repository": "Acme/ci" }), "Claim repository is “Acme/ci”, the rule wants “acme/ci”."),
            (json!({ "repository": "acme/c" }), "Claim repository is “acme/c”, the rule wants “acme/ci”."),
            (json!({ "repository": "acme/cі" }), "Claim repository is “acme/cі”, the rule wants “acme/ci”."),
            (json!({ "repository": { "acme/ci": true } }), r#"Claim repository is “{"acme/ci":true}”, the rule wants “acme/ci”."#),
            (json!({ "repository": null }), "The token has no claim repository."),
            (json!({ "ref": "refs/tags/v1" }), "Claim ref is “refs/tags/v1”, the rule wants “refs/heads/*”."),
            (json!({ "ref": "x/refs/heads/main" }), "Claim ref is “x/refs/heads/main”, the rule wants “refs/heads/*”."),
            (json!({ "ref": null }), "The token has no claim ref."),
            (json!({ "aud": "https://elsewhere.test" }), "The token is for “https://elsewhere.test”, the rule wants “http://localhost:8580” (aud)."),
            (json!({ "aud": "http://localhost:8580/" }), "The token is for “http://localhost:8580/”, the rule wants “http://localhost:8580” (aud)."),
        ] {
            stage.world.clock.advance_s(30);
            assert_eq!(stage.present(&stage.token(changed)).await.unwrap_err(), Refusal::Untrusted, "{why}");
            assert_eq!(stage.latest().await, (AttemptOutcome::Refused, why.to_owned()));
        }
        assert!(!format!("{:?}", stage.attempts().await).contains("alice"), "a claim that the rule does not look at");
        assert!(stage.present(&stage.token(json!({ "repository": ["x", "acme/ci"] }))).await.is_ok());
    }

    async fn each_token_counts_once_on_all_replicas(world: World) {
        let stage = Stage::usual(world).await;
        let replica = stage.world.replica().await;
        for changed in [json!({}), json!({ "jti": null }), json!({ "jti": 7 })] {
            let token = stage.token(changed);
            let (here, there) =
                tokio::join!(stage.present(&token), exchange(&replica, &token, Some(stage.bot)));
            assert_eq!(u8::from(here.is_ok()) + u8::from(there.is_ok()), 1);
            assert_eq!(here.err().or(there.err()), Some(Refusal::UsedBefore));
            assert_eq!(stage.present(&token).await.unwrap_err(), Refusal::UsedBefore);
            let twice = |a: &TrustAttempt| a.reason == "The token was exchanged before, and counts once.";
            assert!(stage.attempts().await.iter().any(twice));
        }
        // Another token that says it is the same one.
        let id = json!({ "jti": "the same" });
        assert!(stage.present(&stage.token(id.clone())).await.is_ok());
        stage.world.clock.advance_s(61);
        assert_eq!(stage.present(&stage.token(id)).await.unwrap_err(), Refusal::UsedBefore);
        // What is used up is forgotten long after it ran out.
        stage.world.clock.advance_s(31 * 24 * 3600);
        stage.world.control.forget_ended().await.unwrap();
        assert!(stage.present(&stage.token(json!({ "jti": "the same" }))).await.is_ok());
    }

    async fn what_ends_a_rule_ends_its_tokens_at_the_next_request(world: World) {
        let stage = Stage::usual(world).await;
        let (world, replica) = (&stage.world, stage.world.replica().await);
        let keys = async || may::<ServiceAccountKeys>(world, &stage.olivia, stage.bot).await.unwrap();
        let manage = async || may::<ServiceAccountManage>(world, &stage.olivia, stage.bot).await.unwrap();
        let living = async || {
            let secret = stage.present(&stage.token(json!({}))).await.unwrap().secret.expose().to_owned();
            assert!(bearer(&replica, &secret).await.is_some());
            secret
        };
        let ended = async |secret: &str| {
            assert_eq!(bearer(&replica, secret).await, None);
            exchange(&replica, &stage.token(json!({})), Some(stage.bot)).await.err()
        };

        let secret = living().await;
        world.control.set_trust_rule_enabled(&keys().await, stage.rule, false).await.unwrap();
        assert_eq!(ended(&secret).await, Some(Refusal::Untrusted));
        world.control.set_trust_rule_enabled(&keys().await, stage.rule, true).await.unwrap();
        assert_eq!(bearer(world, &secret).await, None, "what ended stays ended");

        let secret = living().await;
        let narrower = stage.input("repository = acme/other");
        world.control.update_trust_rule(&keys().await, stage.rule, &narrower).await.unwrap();
        assert_eq!(ended(&secret).await, Some(Refusal::Untrusted));
        world.control.update_trust_rule(&keys().await, stage.rule, &stage.input("repository = acme/ci")).await.unwrap();

        let secret = living().await;
        world.control.set_service_account_active(&manage().await, false).await.unwrap();
        assert_eq!(ended(&secret).await, Some(Refusal::Untrusted));
        assert!(!rules(world, &stage.olivia, stage.bot).await.make);
        world.control.set_service_account_active(&manage().await, true).await.unwrap();

        let secret = living().await;
        world.control.delete_trust_rule(&keys().await, stage.rule).await.unwrap();
        assert_eq!(ended(&secret).await, Some(Refusal::Untrusted));
        assert!(stage.attempts().await.is_empty() && rules(world, &stage.olivia, stage.bot).await.rules.is_empty());
        assert_eq!(code(world.control.delete_trust_rule(&keys().await, stage.rule).await), Some(ErrorCode::NotFound));

        make(world, &stage.olivia, stage.bot, &stage.input("repository = acme/ci")).await.unwrap();
        let secret = living().await;
        world.control.delete_service_account(&manage().await).await.unwrap();
        assert_eq!(ended(&secret).await, Some(Refusal::Untrusted));
        let log = world.audit(stage.org).await;
        for (entry, times) in [
            ("trust_rule.created/success", 2),
            ("trust_rule.updated/success", 4),
            ("trust_rule.deleted/success", 1),
        ] {
            assert_eq!(log.iter().filter(|e| *e == entry).count(), times, "{entry} in {log:?}");
        }
    }

    async fn organizations_that_trust_one_issuer_do_not_meet(world: World) {
        let stage = Stage::usual(world).await;
        let world = &stage.world;
        assert!(exchange(world, &stage.token(json!({})), None).await.is_ok(), "one organization, one account");
        let other = world.org("other").await;
        let mallory = world.member(other, "mallory", OrgRole::Admin).await;
        let trap = account(world, &mallory, other, "trap").await;
        make(world, &mallory, trap, &stage.input("repository = acme/*")).await.unwrap();
        // Neither does a token of one lead to the other, nor does the other learn of it.
        assert_eq!(exchange(world, &stage.token(json!({})), None).await.unwrap_err(), Refusal::AccountNotNamed);
        assert_eq!(exchange(world, &stage.token(json!({ "repository": "x/y" })), None).await.unwrap_err(), Refusal::AccountNotNamed);
        let issued = stage.present(&stage.token(json!({}))).await.unwrap();
        assert!(matches!(bearer(world, issued.secret.expose()).await, Some(Actor::Client { user, .. }) if user == stage.bot.account()));
        assert_eq!(stage.present(&stage.token(json!({ "repository": "x/y" }))).await.unwrap_err(), Refusal::Untrusted);
        // Of a token that nobody signed a stranger learns no more than of any other.
        let forged = stage.token(json!({})).replace('.', "x.");
        let (noted, refused) = (stage.attempts().await.len(), exchange(world, &forged, None).await.unwrap_err());
        assert_eq!((refused, stage.attempts().await.len()), (Refusal::Untrusted, noted));
        assert!(attempts(world, &mallory, trap).await.is_empty());
        assert_eq!(exchange(world, &stage.token(json!({})), Some(world.id())).await.unwrap_err(), Refusal::Untrusted);
        // Nor do people of one reach rules of the other.
        assert_eq!(code(may::<TrustRuleRead>(world, &mallory, stage.bot).await), Some(ErrorCode::NotFound));
        let theirs = may::<ServiceAccountKeys>(world, &mallory, trap).await.unwrap();
        assert_eq!(code(world.control.delete_trust_rule(&theirs, stage.rule).await), Some(ErrorCode::NotFound));
        assert_eq!(code(world.control.set_trust_rule_enabled(&theirs, stage.rule, false).await), Some(ErrorCode::NotFound));
        assert_eq!(code(world.control.update_trust_rule(&theirs, stage.rule, &stage.input("a = b")).await), Some(ErrorCode::NotFound));
    }

    async fn of_several_accounts_the_workflow_names_one(world: World) {
        let stage = Stage::usual(world).await;
        let world = &stage.world;
        let second = account(world, &stage.olivia, stage.org, "second-bot").await;
        make(world, &stage.olivia, second, &stage.input("repository = acme/*")).await.unwrap();
        assert_eq!(exchange(world, &stage.token(json!({})), None).await.unwrap_err(), Refusal::AccountNotNamed);
        assert!(stage.latest().await.1.starts_with("Rules of several service accounts"));
        // Where one fits alone there is no doubt.
        let issued = exchange(world, &stage.token(json!({ "repository": "acme/second" })), None).await.unwrap();
        assert!(matches!(bearer(world, issued.secret.expose()).await, Some(Actor::Client { user, .. }) if user == second.account()));
        assert!(exchange(world, &stage.token(json!({})), Some(second)).await.is_ok());
    }

    async fn nobody_makes_a_rule_for_an_account_that_holds_more_than_they_do(world: World) {
        let stage = Stage::usual(world).await;
        let world = &stage.world;
        let bob = world.member(stage.org, "bob", OrgRole::Member).await;
        assert_eq!(code(may::<TrustRuleRead>(world, &bob, stage.bot).await), Some(ErrorCode::NotFound));
        // Whoever answers for an account manages its rules, as far as they hold what it holds.
        let manage = may::<ServiceAccountManage>(world, &stage.olivia, stage.bot).await.unwrap();
        let change = control::service_accounts::ServiceAccountChange {
            owner: Some(format!("user:{}", bob.id)),
            ..Default::default()
        };
        world.control.update_service_account(&manage, &change).await.unwrap();
        let other = stage.input("repository = acme/other");
        let made = make(world, &bob, stage.bot, &other).await.unwrap();
        let dev = workspace(world, stage.org, "dev").await;
        grant(world, stage.org, dev, Principal::User(stage.bot.account()), WorkspaceRole::Admin).await;
        assert!(!rules(world, &bob, stage.bot).await.make);
        assert_eq!(code(make(world, &bob, stage.bot, &other).await), Some(ErrorCode::Forbidden));
        let keys = may::<ServiceAccountKeys>(world, &bob, stage.bot).await.unwrap();
        let wider = stage.input("repository = *x");
        assert_eq!(code(world.control.update_trust_rule(&keys, made, &wider).await), Some(ErrorCode::Forbidden));
        world.control.set_trust_rule_enabled(&keys, made, false).await.unwrap();
        assert_eq!(code(world.control.set_trust_rule_enabled(&keys, made, true).await), Some(ErrorCode::Forbidden));
        world.control.delete_trust_rule(&keys, made).await.unwrap();
        // And a stale sign-in makes none.
        world.clock.advance_s(601);
        let stale = world.cx(&stage.olivia);
        world.clock.advance_s(601);
        let late = world.control.cx(stale.origin().clone(), stale.actor().cloned());
        assert_eq!(code(world.control.authorize::<ServiceAccountKeys>(&late, stage.bot).await), Some(ErrorCode::FreshSignInRequired));
        assert!(world.control.authorize::<TrustRuleRead>(&late, stage.bot).await.is_ok());
    }

    async fn a_key_makes_no_rule_by_which_it_would_outlive_itself(world: World) {
        let stage = Stage::usual(world).await;
        let world = &stage.world;
        let key = ByKey::unlimited(world.id());
        let program = Actor::ApiKey { user: stage.olivia.id, name: "olivia".to_owned(), key };
        let cx = world.anonymous().with_actor(program);
        let auth = world.control.authorize::<ServiceAccountKeys>(&cx, stage.bot).await.unwrap();
        let other = stage.input("repository = acme/other");
        assert_eq!(code(world.control.create_trust_rule(&auth, &other).await), Some(ErrorCode::Forbidden));
        assert_eq!(code(world.control.update_trust_rule(&auth, stage.rule, &other).await), Some(ErrorCode::Forbidden));
        world.control.set_trust_rule_enabled(&auth, stage.rule, false).await.unwrap();
        assert_eq!(code(world.control.set_trust_rule_enabled(&auth, stage.rule, true).await), Some(ErrorCode::Forbidden));
        assert_eq!(rules(world, &stage.olivia, stage.bot).await.rules.len(), 1);
        world.control.delete_trust_rule(&auth, stage.rule).await.unwrap();
        // Somebody at the command line is there to be asked.
        let secret = administering(world, &stage.olivia).await.secret;
        let cx = world.anonymous().with_actor(by_function(world, secret.expose()).await.unwrap());
        let auth = world.control.authorize::<ServiceAccountKeys>(&cx, stage.bot).await.unwrap();
        world.control.create_trust_rule(&auth, &other).await.unwrap();
    }

    async fn what_answers_on_the_machine_of_a_server_for_many_is_asked_nothing(world: World) {
        let stage = Stage::usual(world).await;
        let mut settings = stage.world.control.settings().clone();
        settings.public_url = PublicUrl::parse("https://reeve.acme.test").unwrap();
        let public = stage.world.configured(settings);
        let made = make(&public, &stage.olivia, stage.bot, &stage.input("repository = acme/other")).await.unwrap_err();
        assert!(made.fields()["issuer"].starts_with("The issuer leads to an address that no provider has: this machine"));
        let auth = may::<ServiceAccountKeys>(&public, &stage.olivia, stage.bot).await.unwrap();
        let changed = public.control.update_trust_rule(&auth, stage.rule, &stage.input("a = b")).await;
        assert_eq!(code(changed), Some(ErrorCode::Invalid));
        // Nor by a rule that is there already.
        stage.provider.take_calls();
        let token = stage.token(json!({}));
        assert_eq!(exchange(&public, &token, Some(stage.bot)).await.unwrap_err(), Refusal::Untrusted);
        assert!(stage.provider.take_calls().is_empty());
        assert!(stage.present(&token).await.is_ok(), "as in development");
    }

    async fn what_no_database_can_hold_is_refused_like_anything_else(world: World) {
        let stage = Stage::usual(world).await;
        for (changed, expected) in [
            (json!({ "iss": "\u{0}" }), Some(Refusal::Untrusted)),
            (json!({ "iss": format!("{}\u{0}", stage.provider.issuer) }), Some(Refusal::Untrusted)),
            (json!({ "iss": "x".repeat(9000) }), Some(Refusal::Untrusted)),
            (json!({ "aud": "\u{0}" }), Some(Refusal::Untrusted)),
            (json!({ "repository": "acme/ci\u{0}" }), Some(Refusal::Untrusted)),
            (json!({ "repository": ["acme/ci", "\u{0}"], "jti": "\u{0}" }), None),
        ] {
            let token = stage.token(changed);
            let refused = stage.present(&token).await.err();
            assert_eq!(refused, expected);
            if expected.is_some() {
                assert_eq!(exchange(&stage.world, &token, None).await.err(), expected);
            }
        }
    }

    async fn an_account_has_at_most_twenty_rules_and_a_rule_keeps_few_attempts(world: World) {
        let stage = Stage::usual(world).await;
        let world = &stage.world;
        for _ in 1..20 {
            make(world, &stage.olivia, stage.bot, &stage.input("repository = acme/never")).await.unwrap();
        }
        assert_eq!(code(make(world, &stage.olivia, stage.bot, &stage.input("a = b")).await), Some(ErrorCode::Conflict));
        let first = |all: Vec<TrustAttempt>, outcome| {
            all.into_iter().filter(|a| a.rule == stage.rule && a.outcome == outcome).count()
        };
        assert!(stage.present(&stage.token(json!({}))).await.is_ok());
        for _ in 0..15 {
            assert!(stage.present(&stage.token(json!({ "repository": "x/y" }))).await.is_err());
        }
        let mut tx = world.store.read().await.unwrap();
        let all = store::trust_attempts::of_account(&mut tx, stage.bot, 10_000).await.unwrap();
        drop(tx);
        assert_eq!(first(all, AttemptOutcome::Refused), 10, "in a minute");
        for _ in 0..4 {
            world.clock.advance_s(61);
            for _ in 0..10 {
                assert!(stage.present(&stage.token(json!({ "repository": "x/y" }))).await.is_err());
            }
        }
        let mut tx = world.store.read().await.unwrap();
        let all = store::trust_attempts::of_account(&mut tx, stage.bot, 10_000).await.unwrap();
        drop(tx);
        assert_eq!(first(all.clone(), AttemptOutcome::Refused), 20, "at most");
        assert_eq!(first(all, AttemptOutcome::Accepted), 1, "refusals push nothing else out of sight");
        assert_eq!(stage.attempts().await.len(), 50);
    }

    async fn wrong_input_is_named_by_its_field(world: World) {
        let stage = Stage::usual(world).await;
        for (name, issuer, claims, audience, field) in [
            ("", "https://ci.acme.test", "a = b", "", "name"),
            ("x", "http://ci.acme.test", "a = b", "", "issuer"),
            ("x", "https://169.254.169.254", "a = b", "", "issuer"),
            ("x", "https://user:pw@ci.acme.test", "a = b", "", "issuer"),
            ("x", "ci.acme.test", "a = b", "", "issuer"),
            ("x", "https://ci.acme.test", "", "", "claims"),
            ("x", "https://ci.acme.test", "a = *", "", "claims"),
            ("x", "https://token.actions.githubusercontent.com", "ref = refs/heads/main", "", "claims"),
            ("x", "https://ci.acme.test", "a = b", "a b", "audience"),
            ("x", "https://ci.acme.test", "a = b", "$(id)", "audience"),
            ("x", "https://ci.acme.test", "a = b", "\"", "audience"),
        ] {
            let error = TrustRuleInput::parse(name, issuer, claims, audience).unwrap_err();
            assert_eq!(error.fields().keys().collect::<Vec<_>>(), [&field], "{name:?} {issuer} {claims:?} {audience:?}");
        }
        let fields = PresetFields { repository: "acme".into(), ..PresetFields::default() };
        let error = TrustRuleInput::from_preset("", Preset::GitHub, &fields, "", "").unwrap_err();
        assert_eq!(error.fields().keys().copied().collect::<Vec<_>>(), ["git_ref", "name", "repository"]);
        let fields = PresetFields { repository: "acme/ci".into(), git_ref: "main".into(), ..PresetFields::default() };
        let input = TrustRuleInput::from_preset("GitHub", Preset::GitHub, &fields, "", "reeve").unwrap();
        make(&stage.world, &stage.olivia, stage.bot, &input).await.unwrap();
        let made = rules(&stage.world, &stage.olivia, stage.bot).await.rules.pop().unwrap();
        assert_eq!(made.rule.issuer, "https://token.actions.githubusercontent.com");
        assert_eq!(made.rule.claims["sub"], "repo:acme/ci:ref:refs/heads/main");
        assert_eq!(made.rule.created_by.as_deref(), Some("olivia"));
        assert!(made.snippet.contains("audience=reeve\"") && made.snippet.contains("id-token: write"));
        assert!(made.snippet.contains(&format!("client_id={}", stage.bot)) && made.snippet.contains("http://localhost:8580/oauth/token"));
    }
}
