//! What a hostile provider says in its tokens, and what an honest one may say differently.

use super::hostile_provider::{CLIENT, Lies, Sign, embedded_key, signed};
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) fn merge(into: &mut Value, from: &Value) {
    for (name, value) in from.as_object().unwrap() {
        if value.is_null() {
            into.as_object_mut().unwrap().remove(name);
        } else {
            into[name] = value.clone();
        }
    }
}

/// Claims with these changes; `null` takes one out.
pub(super) fn with(claims: Value) -> Lies {
    Lies::claims(move |all| merge(all, &claims))
}

/// The ID tokens nobody may get in with.
pub(super) fn lying_tokens() -> Vec<(&'static str, Lies)> {
    let now = |name: &'static str, offset: i64| {
        Lies::claims(move |all| all[name] = (all["iat"].as_i64().unwrap() + offset).into())
    };
    let keys = |keys: &[(Option<&'static str>, Sign)], lies: Lies| Lies { keys: keys.to_vec(), ..lies };
    let no_kid = || Lies::header(|h| merge(h, &json!({ "kid": null })));
    vec![
        ("iss of another provider", with(json!({ "iss": "https://evil.test" }))),
        (
            "iss with a slash at its end",
            Lies::claims(|c| c["iss"] = format!("{}/", c["iss"].as_str().unwrap()).into()),
        ),
        ("iss missing", with(json!({ "iss": null }))),
        ("aud of another client", with(json!({ "aud": "other" }))),
        ("aud missing", with(json!({ "aud": null }))),
        ("aud empty", with(json!({ "aud": [] }))),
        (
            "aud with an extra client that is not trusted",
            with(json!({ "aud": [CLIENT, "other"], "azp": CLIENT })),
        ),
        ("aud in other case", with(json!({ "aud": "REEVE" }))),
        ("azp of another client", with(json!({ "azp": "other" }))),
        ("sub missing", with(json!({ "sub": null }))),
        ("sub empty", with(json!({ "sub": "" }))),
        ("sub a number", with(json!({ "sub": 1 }))),
        ("sub too long", with(json!({ "sub": "a".repeat(256) }))),
        ("sub with a control character", with(json!({ "sub": "alice\u{0}" }))),
        ("iat missing", with(json!({ "iat": null }))),
        ("iat in the future", now("iat", 600)),
        ("iat long before the attempt", now("iat", -3600)),
        ("exp past", now("exp", -61)),
        ("exp missing", with(json!({ "exp": null }))),
        ("exp a text", with(json!({ "exp": "9999999999" }))),
        ("nonce of another attempt", with(json!({ "nonce": "another" }))),
        ("nonce missing", with(json!({ "nonce": null }))),
        ("nonce empty", with(json!({ "nonce": "" }))),
        ("at_hash of another access token", with(json!({ "at_hash": "AAAAAAAAAAAAAAAAAAAAAA" }))),
        ("alg none", Lies::sign(Sign::Nothing)),
        (
            "alg none in other case",
            Lies { sign: Sign::Nothing, ..Lies::header(|h| h["alg"] = "nOnE".into()) },
        ),
        ("alg none over a good signature", Lies::header(|h| h["alg"] = "none".into())),
        (
            "RS256 without a signature",
            Lies { sign: Sign::Nothing, ..Lies::header(|h| h["alg"] = "RS256".into()) },
        ),
        ("HS256 with the client secret", Lies::sign(Sign::HmacOfSecret)),
        (
            "HS256 with the client secret, which is in the key set",
            keys(
                &[(Some("k1"), Sign::HmacOfSecret), (Some("k2"), Sign::Rs256)],
                Lies::sign(Sign::HmacOfSecret),
            ),
        ),
        ("HS256 with the public key", Lies::sign(Sign::HmacOfPublicKey)),
        ("a broken signature", Lies::sign(Sign::Broken)),
        ("a key that is not in the key set", Lies::sign(Sign::OtherKey)),
        (
            "a key that comes with the token",
            Lies {
                sign: Sign::OtherKey,
                ..Lies::header(|h| merge(h, &json!({ "jwk": embedded_key(), "kid": null })))
            },
        ),
        (
            "a key from an address in the token",
            Lies { sign: Sign::OtherKey, ..Lies::header(|h| h["jku"] = "https://evil.test/jwks".into()) },
        ),
        ("ES256 over an RSA signature", Lies::header(|h| h["alg"] = "ES256".into())),
        ("RS512 over an RS256 signature", Lies::header(|h| h["alg"] = "RS512".into())),
        ("an unknown algorithm", Lies::header(|h| h["alg"] = "RS1".into())),
        (
            "no kid, and several keys",
            keys(&[(Some("k1"), Sign::Rs256), (Some("k2"), Sign::OtherKey)], no_kid()),
        ),
        ("an unknown kid", Lies::header(|h| h["kid"] = "k9".into())),
        ("a kid of a hundred thousand characters", Lies::header(|h| h["kid"] = "k".repeat(100_000).into())),
        ("an access token instead", Lies::header(|h| h["typ"] = "at+jwt".into())),
        ("a critical extension nobody knows", Lies::header(|h| merge(h, &json!({ "crit": ["x"], "x": 1 })))),
        (
            "two algorithms in one header",
            Lies::id_token(|token| {
                let claims = claims_of(&token);
                signed(Sign::HmacOfSecret, r#"{"alg":"RS256","alg":"HS256","kid":"k1"}"#, &claims)
            }),
        ),
        (
            "two subjects in one token",
            Lies::id_token(|token| {
                let claims = claims_of(&token).replacen('{', r#"{"sub":"admin","#, 1);
                signed(Sign::Rs256, r#"{"alg":"RS256","kid":"k1"}"#, &claims)
            }),
        ),
        (
            "claims changed under the signature",
            Lies::id_token(|token| {
                let other = signed(Sign::Rs256, "{}", &claims_of(&token).replace("alice", "admin"));
                let parts: Vec<_> = token.split('.').collect();
                format!("{}.{}.{}", parts[0], other.split('.').nth(1).unwrap(), parts[2])
            }),
        ),
        (
            "an encrypted token",
            Lies::id_token(|_| "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkExMjhHQ00ifQ.a.b.c.d".to_owned()),
        ),
        ("no token at all", Lies::id_token(|_| "hello".to_owned())),
        ("a token of two parts", Lies::id_token(|token| token.rsplit_once('.').unwrap().0.to_owned())),
        ("an empty token", Lies::id_token(|_| String::new())),
        ("a token with a fourth part", Lies::id_token(|token| token + ".e30")),
        (
            "no ID token",
            Lies { tokens: Arc::new(|all| merge(all, &json!({ "id_token": null }))), ..Lies::default() },
        ),
        (
            "no access token",
            Lies { tokens: Arc::new(|all| merge(all, &json!({ "access_token": null }))), ..Lies::default() },
        ),
    ]
}

pub(super) fn claims_of(token: &str) -> String {
    use base64::Engine as _;
    let part = token.split('.').nth(1).unwrap();
    String::from_utf8(base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// An honest provider with one key, of another kind than usual.
pub(super) fn keyed(kid: &'static str, sign: Sign) -> Lies {
    Lies { sign, keys: vec![(Some(kid), sign)], ..Lies::default() }
}

/// What an honest provider may do differently.
pub(super) fn honest_variants() -> Vec<(&'static str, Lies)> {
    vec![
        ("as expected", Lies::default()),
        ("PS256", Lies { sign: Sign::Ps256, ..Lies::default() }),
        ("ES256", keyed("k1", Sign::Es256)),
        ("EdDSA", keyed("k1", Sign::EdDsa)),
        ("aud an array of one", with(json!({ "aud": [CLIENT] }))),
        ("azp ours", with(json!({ "azp": CLIENT }))),
        ("no at_hash", with(json!({ "at_hash": null }))),
        ("no kid, and one key", Lies::header(|h| merge(h, &json!({ "kid": null })))),
        ("no typ", Lies::header(|h| merge(h, &json!({ "typ": null })))),
        (
            "a clock half a minute ahead",
            Lies::claims(|c| c["iat"] = (c["iat"].as_i64().unwrap() + 30).into()),
        ),
        ("email_verified a text", with(json!({ "email_verified": "true" }))),
        (
            "no iss in the answer, and none promised",
            Lies::discovery(|d| d["authorization_response_iss_parameter_supported"] = false.into()),
        ),
    ]
}
