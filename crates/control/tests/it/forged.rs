//! Tokens that somebody forged or bent. The forger holds the private half of a key that Reeve takes for its own, so that
//! each token is refused for the one thing that is wrong with it.

use super::workspace_tokens::claims;
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::workspace::TokenAlgorithm;
use model::{AccessTokenId, SigningKeyId, Timestamp, WorkspaceId};
use serde_json::{Value, json};
use store::sealed::Sealed;
use store::signing_keys::SigningKey;
use testkit::World;

pub(super) struct Forger {
    kid: SigningKeyId,
    pair: Ed25519KeyPair,
    curve_kid: SigningKeyId,
    curve: EcdsaKeyPair,
    /// What a good token says.
    claims: Value,
    token: String,
    now: i64,
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Has Reeve take a key for its own whose private half it does not have.
async fn plant(
    world: &World,
    algorithm: TokenAlgorithm,
    signs_until: Option<Timestamp>,
    jwk: impl Fn(SigningKeyId) -> Value,
) -> SigningKeyId {
    let (id, now): (SigningKeyId, _) = (world.id(), world.control.now());
    let row = SigningKey {
        id,
        algorithm,
        public_jwk: jwk(id).to_string(),
        private_sealed: Sealed::from_bytes(vec![0]),
        published_at: now,
        signs_from: Timestamp::from_millis(0),
        signs_until,
        verifies_until: signs_until.map(|at| at.plus_s(3600)),
    };
    let mut tx = world.store.write().await.unwrap();
    assert!(store::signing_keys::insert(&mut tx, &row).await.unwrap());
    tx.commit_unaudited("arranged by a test").await.unwrap();
    id
}

/// Plants a key on a curve; tokens are signed with it from now on unless `signs_until` says otherwise.
pub(super) async fn plant_curve(
    world: &World,
    signs_until: Option<Timestamp>,
) -> (SigningKeyId, EcdsaKeyPair) {
    let curve = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let (x, y) = curve.public_key().as_ref()[1..].split_at(32);
    let (x, y) = (encode(x), encode(y));
    let jwk =
        |id| json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y, "use": "sig", "alg": "ES256", "kid": id });
    (plant(world, TokenAlgorithm::Es256, signs_until, jwk).await, curve)
}

impl Forger {
    pub(super) async fn new(world: &World, token: &str) -> Self {
        let pair = Ed25519KeyPair::generate().unwrap();
        let x = encode(pair.public_key());
        let kid = plant(
            world,
            TokenAlgorithm::EdDsa,
            Some(world.control.now()),
            |id| json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "use": "sig", "alg": "EdDSA", "kid": id }),
        );
        let kid = kid.await;
        let (curve_kid, curve) = plant_curve(world, Some(world.control.now())).await;
        let now = world.control.now().millis() / 1000;
        let mut claims = claims(token);
        claims["jti"] = json!(world.id::<AccessTokenId>());
        Self { kid, pair, curve_kid, curve, claims, token: token.to_owned(), now }
    }

    fn header(&self) -> Value {
        json!({ "typ": "at+jwt", "alg": "EdDSA", "kid": self.kid })
    }

    fn signed(&self, header: &str, payload: &str) -> String {
        let text = format!("{}.{}", encode(header), encode(payload));
        let signature = encode(self.pair.sign(text.as_bytes()));
        format!("{text}.{signature}")
    }

    /// With a good signature, and one thing changed in the header.
    fn head(&self, change: impl Fn(&mut Value)) -> String {
        let mut header = self.header();
        change(&mut header);
        self.signed(&header.to_string(), &self.claims.to_string())
    }

    /// With a good signature, and one thing changed in what it says.
    fn said(&self, name: &str, value: Value) -> String {
        let mut claims = self.claims.clone();
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name).unwrap();
        } else {
            claims[name] = value;
        }
        self.signed(&self.header().to_string(), &claims.to_string())
    }

    /// Nothing is wrong with this one but who made it.
    pub(super) fn honest(&self) -> String {
        self.signed(&self.header().to_string(), &self.claims.to_string())
    }

    pub(super) fn everything(&self) -> Vec<(String, String)> {
        [self.algorithms(), self.headers(), self.signatures(), self.forms(), self.words()].concat()
    }

    fn algorithms(&self) -> Vec<(String, String)> {
        let mut all = Vec::new();
        let payload = encode(self.claims.to_string());
        for none in ["none", "None", "NONE", "nOnE", ""] {
            let header = encode(json!({ "typ": "at+jwt", "alg": none, "kid": self.kid }).to_string());
            all.push((format!("alg {none}, unsigned"), format!("{header}.{payload}.")));
            all.push((format!("alg {none}"), self.head(|header| header["alg"] = json!(none))));
        }
        let public = self.pair.public_key().as_ref().to_vec();
        let known =
            [public.clone(), encode(&public).into_bytes(), self.kid.to_string().into_bytes(), Vec::new()];
        for secret in known {
            for alg in ["HS256", "EdDSA"] {
                let header = encode(json!({ "typ": "at+jwt", "alg": alg, "kid": self.kid }).to_string());
                let text = format!("{header}.{payload}");
                let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), text.as_bytes());
                all.push((format!("{alg} with what is public"), format!("{text}.{}", encode(tag))));
            }
        }
        for alg in ["ES256", "RS256", "HS512", "eddsa", "Ed25519"] {
            all.push((
                format!("the key's id with alg {alg}"),
                self.head(|header| header["alg"] = json!(alg)),
            ));
        }
        let header = json!({ "typ": "at+jwt", "alg": "ES256", "kid": self.curve_kid });
        let text = format!("{}.{payload}", encode(header.to_string()));
        all.push(("r = s = 0".to_owned(), format!("{text}.{}", encode([0; 64]))));
        all.push((
            "r = s = 1".to_owned(),
            format!("{text}.{}", encode([[0; 31].as_slice(), &[1]].concat().repeat(2))),
        ));
        let signature = self.curve.sign(&SystemRandom::new(), text.as_bytes()).unwrap();
        let crossed = json!({ "typ": "at+jwt", "alg": "EdDSA", "kid": self.curve_kid });
        let crossed = format!("{}.{payload}", encode(crossed.to_string()));
        let by_other = self.curve.sign(&SystemRandom::new(), crossed.as_bytes()).unwrap();
        all.push(("ES256 as EdDSA".to_owned(), format!("{crossed}.{}", encode(by_other))));
        all.push(("another text's signature".to_owned(), format!("{crossed}.{}", encode(signature))));
        all
    }

    fn headers(&self) -> Vec<(String, String)> {
        let mut all = Vec::new();
        for kid in [
            json!("../../../../dev/null"),
            json!("' OR '1'='1"),
            json!("x' UNION SELECT 'key"),
            json!(""),
            json!(7),
            json!("00000000-0000-0000-0000-000000000000"),
            json!(["a"]),
            Value::Null,
            json!(self.curve_kid),
        ] {
            all.push((format!("kid {kid}"), self.head(|header| header["kid"] = kid.clone())));
        }
        let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": encode(self.pair.public_key()) });
        for (name, value) in [
            ("jwk", jwk),
            ("jku", json!("https://evil.test/jwks")),
            ("x5u", json!("https://evil.test/x5u")),
            ("x5c", json!(["MII"])),
            ("crit", json!([])),
            ("crit", json!(["exp"])),
            ("b64", json!(false)),
            ("zip", json!("DEF")),
            ("cty", json!("JWT")),
            ("enc", json!("A256GCM")),
        ] {
            all.push((format!("header with {name}"), self.head(|header| header[name] = value.clone())));
        }
        for typ in ["JWT", "jwt", "", "application/at+jwt", "logout+jwt", "at+jwt "] {
            all.push((format!("typ {typ:?}"), self.head(|header| header["typ"] = json!(typ))));
        }
        for name in ["typ", "alg", "kid"] {
            let without = self.head(|header| {
                header.as_object_mut().unwrap().remove(name);
            });
            all.push((format!("no {name}"), without));
        }
        let kid = self.kid;
        for header in [
            format!(r#"{{"typ":"at+jwt","alg":"none","alg":"EdDSA","kid":"{kid}"}}"#),
            format!(r#"{{"typ":"JWT","typ":"at+jwt","alg":"EdDSA","kid":"{kid}"}}"#),
            format!(r#"["at+jwt","EdDSA","{kid}"] "#),
            "[]".to_owned(),
            "null".to_owned(),
            String::new(),
        ] {
            all.push((format!("header {header}"), self.signed(&header, &self.claims.to_string())));
        }
        all
    }

    fn signatures(&self) -> Vec<(String, String)> {
        let (text, signature) = self.token.rsplit_once('.').unwrap();
        let with = |how: &str, signature: &str| (how.to_owned(), format!("{text}.{signature}"));
        let last = signature.chars().last().unwrap();
        let bits = if last == 'A' { 'B' } else { char::from(last as u8 ^ 1) };
        let bent = format!("{}{bits}", &signature[..signature.len() - 1]);
        vec![
            with("no signature", ""),
            with("a cut signature", &signature[..signature.len() - 1]),
            with("half a signature", &signature[..43]),
            with("a padded signature", &format!("{signature}==")),
            with("a longer signature", &format!("{signature}AAAA")),
            with("bits beyond the end", &bent),
            with("a signature of zeros", &encode([0; 64])),
            with("the signature of another", self.honest().rsplit_once('.').unwrap().1),
            ("the words of another".to_owned(), {
                let (head, _) = text.split_once('.').unwrap();
                format!("{head}.{}.{signature}", encode(json!({ "sub": "somebody" }).to_string()))
            }),
        ]
    }

    fn forms(&self) -> Vec<(String, String)> {
        let good = self.honest();
        let (text, signature) = good.rsplit_once('.').unwrap();
        let (head, payload) = text.split_once('.').unwrap();
        let claims = self.claims.to_string();
        let mut all = vec![
            ("two parts".to_owned(), text.to_owned()),
            ("four parts".to_owned(), format!("{good}.{signature}")),
            ("five parts, as if encrypted".to_owned(), format!("{head}..{payload}.{signature}.x")),
            ("dots alone".to_owned(), "..".to_owned()),
            ("a line break".to_owned(), format!("{head}.\n{payload}.{signature}")),
            ("padding in the middle".to_owned(), format!("{head}=.{payload}.{signature}")),
            ("a token inside a token".to_owned(), self.signed(&self.header().to_string(), &good)),
            ("a text".to_owned(), self.signed(&self.header().to_string(), &json!(good).to_string())),
            ("a list".to_owned(), self.signed(&self.header().to_string(), &format!("[{claims}]"))),
            ("not JSON".to_owned(), self.signed(&self.header().to_string(), "{")),
            (
                "more after the end".to_owned(),
                self.signed(&self.header().to_string(), &format!("{claims}{{}}")),
            ),
        ];
        let mut large = self.claims.clone();
        large["more"] = json!("x".repeat(1 << 20));
        all.push(("a megabyte".to_owned(), self.signed(&self.header().to_string(), &large.to_string())));
        for name in ["aud", "sub", "exp", "iss", "jti"] {
            let twice = claims.replacen('{', &format!(r#"{{"{name}":{},"#, self.claims[name]), 1);
            all.push((format!("{name} twice"), self.signed(&self.header().to_string(), &twice)));
        }
        all
    }

    fn words(&self) -> Vec<(String, String)> {
        let now = self.now;
        let aud = &self.claims["aud"];
        let wrong = [
            ("exp", json!(now)),
            ("exp", json!(now - 1)),
            ("exp", json!(0)),
            ("exp", json!(-1)),
            ("exp", json!(now + 901)),
            ("exp", json!(i64::MAX)),
            ("exp", json!(u64::MAX)),
            ("exp", json!(1e300)),
            ("exp", json!(f64::from(u32::try_from(now + 60).unwrap()) + 0.5)),
            ("exp", json!((now + 60).to_string())),
            ("exp", Value::Null),
            ("iat", json!(now + 3600)),
            ("iat", json!(now + 61)),
            ("iat", json!(i64::MIN)),
            ("iat", json!(now - 30 * 24 * 3600)),
            ("iat", json!("now")),
            ("iat", Value::Null),
            ("iss", json!("http://localhost:8580/")),
            ("iss", json!("https://evil.test")),
            ("iss", json!([])),
            ("iss", Value::Null),
            ("aud", json!([aud])),
            ("aud", json!([aud, "x"])),
            ("aud", json!("dev")),
            ("aud", json!("")),
            ("aud", json!({})),
            ("aud", Value::Null),
            ("sub", json!("bob")),
            ("sub", Value::Null),
            ("sub", json!("00000000-0000-0000-0000-000000000000")),
            ("jti", json!(7)),
            ("jti", Value::Null),
            ("client_id", Value::Null),
            ("scope", json!(["workspace.enter"])),
            ("reeve_key", Value::Null),
            ("reeve_key", json!("00000000-0000-0000-0000-000000000000")),
            ("reeve_key_generation", json!(0)),
            ("reeve_key_generation", json!(2)),
            ("reeve_key_generation", json!(1.0)),
            ("reeve_token", json!("00000000-0000-0000-0000-000000000000")),
        ];
        wrong.into_iter().map(|(name, value)| (format!("{name} {value}"), self.said(name, value))).collect()
    }

    /// Well signed, for a workspace into which their holder may not go.
    pub(super) fn for_others(&self, workspace: WorkspaceId) -> Vec<(String, String)> {
        vec![("another workspace".to_owned(), self.said("aud", json!(workspace)))]
    }
}
