//! Tokens of outside issuers that lie, and issuers that break.

use super::hostile_provider::{Answer, CLIENT, Lies, Provider, Sign};
use super::lies::{honest_variants, keyed, lying_tokens};
use super::trust::{Stage, exchange};
use control::tokens::Refusal;
use model::trust::AttemptOutcome;
use serde_json::{Value, json};
use std::time::Duration;
use testkit::{World, both_engines};

/// What the table of sign-in says of things that a token for no browser has not.
const OF_SIGN_IN: [&str; 6] = ["nonce", "at_hash", "azp", "no ID token", "no access token", "sub "];

fn is_of_sign_in(name: &str) -> bool {
    // Tokens of CI services may be older than an attempt to sign in.
    OF_SIGN_IN.iter().any(|prefix| name.starts_with(prefix)) || name == "iat long before the attempt"
}

/// The token that a provider that lies like this gives.
fn token_by(stage: &Stage, lies: &Lies) -> String {
    let now_s = stage.world.control.now().millis() / 1000;
    lies.token(json!({
        "iss": stage.provider.issuer,
        "sub": "alice",
        "aud": CLIENT,
        "exp": now_s + 300,
        "iat": now_s,
        "jti": stage.world.id::<model::AuditId>().to_string(),
    }))
}

async fn presented(stage: &Stage, lies: Lies) -> Result<(), Refusal> {
    stage.world.clock.advance_s(3600);
    let token = token_by(stage, &lies);
    stage.provider.lie(lies);
    stage.present(&token).await.map(|_| ())
}

async fn for_alice(world: World) -> Stage {
    Stage::set(world, "sub = alice", CLIENT).await
}

both_engines! {
    async fn every_lying_token_is_refused(world: World) {
        let stage = for_alice(world).await;
        let mut taken = Vec::new();
        let cases: Vec<_> = lying_tokens().into_iter().filter(|(name, _)| !is_of_sign_in(name)).collect();
        assert!(cases.len() > 35, "{}", cases.len());
        for (name, lies) in cases {
            match presented(&stage, lies).await {
                Err(Refusal::Untrusted) => {}
                other => taken.push(format!("{name}: {other:?}")),
            }
        }
        assert!(taken.is_empty(), "{taken:#?}");
        assert!(!stage.world.audit(stage.org).await.iter().any(|e| e == "token.issued/success"));
        // So that the table can fail: the same way, without a lie, becomes a token.
        for (name, lies) in honest_variants() {
            assert_eq!(presented(&stage, lies).await, Ok(()), "{name}");
        }
    }

    async fn times_are_held_against_the_clock(world: World) {
        let stage = for_alice(world).await;
        let at = |change: &'static [(&'static str, i64)]| {
            Lies::claims(move |all: &mut Value| {
                let now_s = all["iat"].as_i64().unwrap();
                for (name, offset) in change {
                    all[*name] = (now_s + offset).into();
                }
            })
        };
        for (name, change, taken) in [
            ("issued an hour ago", &[("iat", -3600)][..], true),
            ("ended within the leeway", &[("iat", -600), ("exp", -59)], true),
            ("ended", &[("iat", -600), ("exp", -60)], false),
            ("begins within the leeway", &[("nbf", 60)], true),
            ("begins later", &[("nbf", 62)], false),
            ("a day", &[("exp", 24 * 3600)], true),
            ("more than a day", &[("exp", 24 * 3600 + 1)], false),
            ("issued more than a day ago", &[("iat", -24 * 3600 - 61)], false),
        ] {
            let expected = if taken { Ok(()) } else { Err(Refusal::Untrusted) };
            assert_eq!(presented(&stage, at(change)).await, expected, "{name}");
        }
        for nbf in [json!("soon"), json!(1.5), json!({})] {
            let lies = Lies::claims(move |all| all["nbf"] = nbf.clone());
            assert_eq!(presented(&stage, lies).await, Err(Refusal::Untrusted));
            assert_eq!(stage.latest().await.1, "The token does not hold yet (nbf).");
        }
    }

    async fn what_cannot_be_proven_is_noted_without_a_word_of_it(world: World) {
        let stage = for_alice(world).await;
        let forged = Lies { sign: Sign::OtherKey, ..Lies::claims(|c| c["sub"] = "forged by anybody".into()) };
        assert_eq!(presented(&stage, forged).await, Err(Refusal::Untrusted));
        let attempt = stage.attempts().await.remove(0);
        assert_eq!(attempt.outcome, AttemptOutcome::Unproven);
        assert_eq!(attempt.reason, "The signature of the ID token does not hold.");
        assert!(attempt.claims.is_empty());
        assert!(!stage.world.dump().await.contains("forged by anybody"));
    }

    async fn issuers_nobody_trusts_are_not_asked(world: World) {
        let stage = for_alice(world).await;
        stage.provider.take_calls();
        let other = Provider::start().await;
        for lies in [
            Lies::claims({ let issuer = other.issuer.clone(); move |c| c["iss"] = issuer.clone().into() }),
            Lies::claims(|c| c["iss"] = format!("{}/", c["iss"].as_str().unwrap()).into()),
            Lies::claims(|c| c["iss"] = c["iss"].as_str().unwrap().to_uppercase().into()),
            Lies::claims(|c| c["iss"] = "http://169.254.169.254".into()),
        ] {
            assert_eq!(presented(&stage, lies).await, Err(Refusal::Untrusted));
        }
        assert!(other.take_calls().is_empty() && stage.provider.take_calls().is_empty());
        assert!(stage.attempts().await.is_empty());
        assert_eq!(presented(&stage, Lies::default()).await, Ok(()));
        assert_eq!(stage.provider.take_calls(), ["/.well-known/openid-configuration", "/jwks"]);
    }

    async fn issuers_that_break_redirect_or_flood_prove_nothing(world: World) {
        let stage = for_alice(world).await;
        let discovery = "/.well-known/openid-configuration";
        let (wrong, silent) = (Refusal::Untrusted, Refusal::IssuerSilent);
        for (path, answer, expected) in [
            (discovery, Answer::Status(404), wrong),
            (discovery, Answer::Status(503), silent),
            (discovery, Answer::Html, wrong),
            (discovery, Answer::Huge, wrong),
            (discovery, Answer::Redirect, wrong),
            (discovery, Answer::Body("[]"), wrong),
            ("/jwks", Answer::Status(500), silent),
            ("/jwks", Answer::Html, wrong),
            ("/jwks", Answer::Huge, wrong),
            ("/jwks", Answer::Redirect, wrong),
            ("/jwks", Answer::Body(r#"{"keys":[]}"#), wrong),
        ] {
            assert_eq!(presented(&stage, Lies::answer(path, answer)).await, Err(expected), "{path}");
            assert_eq!(stage.latest().await.0, AttemptOutcome::Unproven);
            let calls = stage.provider.take_calls();
            assert!(!calls.iter().any(|call| call == "/elsewhere"), "a redirect was followed: {calls:?}");
        }
        for lies in [
            Lies::discovery(|d| d["issuer"] = "https://another.test".into()),
            Lies::discovery(|d| d["issuer"] = format!("{}/", d["issuer"].as_str().unwrap()).into()),
            Lies::discovery(|d| d["jwks_uri"] = "http://169.254.169.254/keys".into()),
            Lies::discovery(|d| d["jwks_uri"] = "file:///etc/passwd".into()),
            Lies::discovery(|d| d["jwks_uri"] = "http://elsewhere.test/jwks".into()),
            Lies::discovery(|d| d["id_token_signing_alg_values_supported"] = json!(["none", "HS256"])),
        ] {
            assert_eq!(presented(&stage, lies).await, Err(Refusal::Untrusted));
        }
        // Issuers that sign nobody in have no other endpoints.
        let bare = Lies::discovery(|d| {
            d.as_object_mut().unwrap().retain(|name, _| {
                ["issuer", "jwks_uri", "id_token_signing_alg_values_supported"].contains(&name.as_str())
            });
        });
        assert_eq!(presented(&stage, bare).await, Ok(()));
    }

    async fn a_slow_issuer_is_given_up_on_and_left_alone(world: World) {
        let mut settings = world.control.settings().clone();
        settings.provider_timeout = Duration::from_millis(700);
        let stage = for_alice(world.configured(settings)).await;
        for path in ["/.well-known/openid-configuration", "/jwks"] {
            assert_eq!(presented(&stage, Lies::answer(path, Answer::Slow)).await, Err(Refusal::IssuerSilent));
            stage.provider.take_calls();
            // At once, and by no call.
            let again = token_by(&stage, &Lies::default());
            assert_eq!(stage.present(&again).await.map(|_| ()), Err(Refusal::IssuerSilent));
            assert!(stage.provider.take_calls().is_empty());
        }
        // Many at once ask once.
        stage.provider.lie(Lies::default());
        stage.world.clock.advance_s(3600);
        let tokens: Vec<_> = (0..4).map(|_| token_by(&stage, &Lies::default())).collect();
        let present = |token| exchange(&stage.world, token, Some(stage.bot));
        let all = tokio::join!(present(&tokens[0]), present(&tokens[1]), present(&tokens[2]), present(&tokens[3]));
        assert!(all.0.is_ok() && all.1.is_ok() && all.2.is_ok() && all.3.is_ok());
        assert_eq!(stage.provider.take_calls().len(), 2);
    }

    async fn whoever_hangs_up_makes_no_noise_and_nobody_wait(world: World) {
        let mut settings = world.control.settings().clone();
        settings.provider_timeout = Duration::from_secs(4);
        let stage = for_alice(world.configured(settings)).await;
        let moment = Duration::from_millis(200);
        let slow = || Lies::answer("/.well-known/openid-configuration", Answer::Slow);
        // Nothing is known yet: one question is on its way, however many come and go.
        stage.provider.lie(slow());
        let unknown = Lies::header(|h| h["kid"] = "k9".into());
        for _ in 0..4 {
            let token = token_by(&stage, &unknown);
            let gone = tokio::time::timeout(moment, stage.present(&token)).await;
            assert!(gone.is_err(), "hangs up");
        }
        assert_eq!(stage.present(&token_by(&stage, &unknown)).await.map(|_| ()), Err(Refusal::IssuerSilent));
        assert_eq!(stage.provider.take_calls().len(), 1);
        // Keys are known: a stranger's token makes us ask for others, and honest ones do not wait for that.
        assert_eq!(presented(&stage, Lies::default()).await, Ok(()));
        stage.world.clock.advance_s(31);
        stage.provider.take_calls();
        stage.provider.lie(slow());
        let token = token_by(&stage, &unknown);
        let honest = token_by(&stage, &Lies::default());
        let meanwhile = async {
            while stage.provider.take_calls().is_empty() {
                tokio::task::yield_now().await;
            }
            stage.present(&honest).await
        };
        tokio::select! {
            early = stage.present(&token) => panic!("the issuer is slow: {:?}", early.map(|_| ())),
            taken = meanwhile => assert!(taken.is_ok()),
        }
    }

    async fn a_new_key_is_found_and_an_unknown_one_floods_nobody(world: World) {
        let stage = for_alice(world).await;
        assert_eq!(presented(&stage, Lies::default()).await, Ok(()));
        stage.provider.take_calls();
        let unknown = Lies::header(|h| h["kid"] = "k9".into());
        for _ in 0..5 {
            assert_eq!(stage.present(&token_by(&stage, &unknown)).await.map(|_| ()), Err(Refusal::Untrusted));
        }
        assert!(stage.provider.take_calls().is_empty(), "asked a moment ago");
        stage.world.clock.advance_s(30);
        for _ in 0..5 {
            assert_eq!(stage.present(&token_by(&stage, &unknown)).await.map(|_| ()), Err(Refusal::Untrusted));
        }
        assert_eq!(stage.provider.take_calls().len(), 2, "once");
        // The issuer changes its key: the new one counts, and the old one no longer does.
        let new = Lies { header: std::sync::Arc::new(|h: &mut Value| h["kid"] = "k2".into()), ..keyed("k2", Sign::Es256) };
        stage.provider.lie(new.clone());
        stage.world.clock.advance_s(30);
        assert!(stage.present(&token_by(&stage, &new)).await.is_ok());
        assert_eq!(stage.present(&token_by(&stage, &Lies::default())).await.map(|_| ()), Err(Refusal::Untrusted));
    }
}
