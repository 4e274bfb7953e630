//! An OpenID provider that is honest until it is told how to lie. Written on bare sockets and bare signatures: a
//! library for either would refuse to do most of what is needed here.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
};
use aws_lc_rs::{digest, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

pub const CLIENT: &str = "reeve";
pub const SECRET: &str = "a secret that the client shares with the provider";

/// A change of a JSON document.
pub type Patch = Arc<dyn Fn(&mut Value) + Send + Sync>;

/// How the ID token is signed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    Rs256,
    Ps256,
    Es256,
    EdDsa,
    /// By an RSA key that is not in the key set, under the kid of one that is.
    OtherKey,
    /// Not at all.
    Nothing,
    /// HMAC with the client secret.
    HmacOfSecret,
    /// HMAC with the public key as everybody can download it.
    HmacOfPublicKey,
    /// A good signature with one bit changed.
    Broken,
}

/// What an endpoint answers instead of what it should.
#[derive(Clone, Copy)]
pub enum Answer {
    Html,
    Redirect,
    /// 600 KiB of valid JSON.
    Huge,
    /// The head, and then nothing.
    Slow,
    Status(u16),
    Body(&'static str),
    /// 401, and an error of RFC 6749 §5.2.
    Error(&'static str),
}

/// Everything it can lie about.
#[derive(Clone)]
pub struct Lies {
    pub discovery: Patch,
    pub header: Patch,
    pub claims: Patch,
    pub tokens: Patch,
    pub userinfo: Patch,
    /// Changes the finished ID token.
    pub id_token: Arc<dyn Fn(String) -> String + Send + Sync>,
    pub sign: Sign,
    /// The key set: kids and keys.
    pub keys: Vec<(Option<&'static str>, Sign)>,
    pub answers: HashMap<&'static str, Answer>,
    /// Whether codes and PKCE are looked at.
    pub careless: bool,
}

impl Default for Lies {
    fn default() -> Self {
        let nothing: Patch = Arc::new(|_| {});
        Self {
            discovery: nothing.clone(),
            header: nothing.clone(),
            claims: nothing.clone(),
            tokens: nothing.clone(),
            userinfo: nothing,
            id_token: Arc::new(|token| token),
            sign: Sign::Rs256,
            keys: vec![(Some("k1"), Sign::Rs256)],
            answers: HashMap::new(),
            careless: false,
        }
    }
}

impl Lies {
    /// The token that a provider which lies like this makes of these claims.
    pub fn token(&self, mut claims: Value) -> String {
        let algorithm = match self.sign {
            Sign::Rs256 | Sign::OtherKey | Sign::Broken => "RS256",
            Sign::Ps256 => "PS256",
            Sign::Es256 => "ES256",
            Sign::EdDsa => "EdDSA",
            Sign::Nothing => "none",
            Sign::HmacOfSecret | Sign::HmacOfPublicKey => "HS256",
        };
        let mut header = json!({ "alg": algorithm, "typ": "JWT", "kid": "k1" });
        (self.claims)(&mut claims);
        (self.header)(&mut header);
        (self.id_token)(signed(self.sign, &header.to_string(), &claims.to_string()))
    }

    pub fn claims(change: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        Self { claims: Arc::new(change), ..Self::default() }
    }
    pub fn header(change: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        Self { header: Arc::new(change), ..Self::default() }
    }
    pub fn discovery(change: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        Self { discovery: Arc::new(change), ..Self::default() }
    }
    pub fn id_token(change: impl Fn(String) -> String + Send + Sync + 'static) -> Self {
        Self { id_token: Arc::new(change), ..Self::default() }
    }
    pub fn sign(sign: Sign) -> Self {
        Self { sign, ..Self::default() }
    }
    pub fn answer(path: &'static str, answer: Answer) -> Self {
        Self { answers: HashMap::from([(path, answer)]), ..Self::default() }
    }
}

struct Grant {
    nonce: String,
    challenge: String,
    redirect_uri: String,
    used: bool,
}

#[derive(Default)]
struct State {
    lies: Lies,
    now_s: i64,
    grants: HashMap<String, Grant>,
    calls: Vec<String>,
}

/// The running provider. Ends with the test's runtime.
#[derive(Clone)]
pub struct Provider {
    pub issuer: String,
    state: Arc<Mutex<State>>,
}

impl Provider {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let provider = Self { issuer, state: Arc::default() };
        let served = provider.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(served.clone().serve(socket));
            }
        });
        provider
    }

    pub fn lie(&self, lies: Lies) {
        self.state.lock().unwrap().lies = lies;
    }

    pub fn set_time(&self, now_s: i64) {
        self.state.lock().unwrap().now_s = now_s;
    }

    /// The paths that were called since the last look.
    pub fn take_calls(&self) -> Vec<String> {
        std::mem::take(&mut self.state.lock().unwrap().calls)
    }

    /// What a person does in the browser: signs in at the provider, which then gives a code.
    pub fn authorize(&self, url: &str) -> String {
        let url = Url::parse(url).unwrap();
        let said: HashMap<_, _> = url.query_pairs().into_owned().collect();
        assert_eq!(said["response_type"], "code");
        assert_eq!(said["client_id"], CLIENT);
        assert_eq!(said["code_challenge_method"], "S256", "PKCE is S256, always");
        assert_eq!(said["code_challenge"].len(), 43);
        assert!(said["scope"].split(' ').any(|s| s == "openid"), "{}", said["scope"]);
        let mut state = self.state.lock().unwrap();
        let code = format!("code-{}", state.grants.len());
        let grant = Grant {
            nonce: said["nonce"].clone(),
            challenge: said["code_challenge"].clone(),
            redirect_uri: said["redirect_uri"].clone(),
            used: false,
        };
        state.grants.insert(code.clone(), grant);
        code
    }

    async fn serve(self, mut socket: TcpStream) {
        let Some((path, head, body)) = read_request(&mut socket).await else {
            return;
        };
        let (answer, lie) = {
            let mut state = self.state.lock().unwrap();
            state.calls.push(path.clone());
            (self.honest(&mut state, &path, &head, &body), state.lies.answers.get(path.as_str()).copied())
        };
        let json = "application/json";
        let (status, kind, extra, body) = match lie {
            None => (answer.0, json, String::new(), answer.1.to_string()),
            Some(Answer::Html) => {
                (200, "text/html", String::new(), "<!doctype html><h1>Sign in</h1>".to_owned())
            }
            Some(Answer::Redirect) => {
                (307, json, format!("Location: {}/elsewhere\r\n", self.issuer), answer.1.to_string())
            }
            Some(Answer::Huge) => {
                let mut document = answer.1;
                document["padding"] = "x".repeat(600 * 1024).into();
                (200, json, String::new(), document.to_string())
            }
            Some(Answer::Status(status)) => (status, json, String::new(), "{}".to_owned()),
            Some(Answer::Error(error)) => (401, json, String::new(), format!(r#"{{"error":"{error}"}}"#)),
            Some(Answer::Body(body)) => (200, json, String::new(), body.to_owned()),
            Some(Answer::Slow) => {
                let head =
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n{";
                let _ = socket.write_all(head.as_bytes()).await;
                // Until the caller gives up and closes.
                let _ = socket.read_u8().await;
                return;
            }
        };
        // No Content-Length, so that a limit that believed it would not work.
        let head = format!("HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\n{extra}Connection: close\r\n\r\n");
        let _ = socket.write_all(head.as_bytes()).await;
        let _ = socket.write_all(body.as_bytes()).await;
        let _ = socket.shutdown().await;
    }

    fn honest(&self, state: &mut State, path: &str, head: &str, body: &str) -> (u16, Value) {
        match path {
            "/.well-known/openid-configuration" => {
                let at = |path: &str| format!("{}{path}", self.issuer);
                let mut document = json!({
                    "issuer": self.issuer,
                    "authorization_endpoint": at("/authorize"),
                    "token_endpoint": at("/token"),
                    "userinfo_endpoint": at("/userinfo"),
                    "jwks_uri": at("/jwks"),
                    // As real ones do: never to be believed.
                    "id_token_signing_alg_values_supported": ["none", "HS256", "RS256", "ES256", "EdDSA"],
                    "code_challenge_methods_supported": ["S256"],
                    "authorization_response_iss_parameter_supported": true,
                });
                (state.lies.discovery)(&mut document);
                (200, document)
            }
            "/jwks" => {
                let keys: Vec<Value> =
                    state.lies.keys.iter().map(|(kid, sign)| public_key(*kid, *sign)).collect();
                (200, json!({ "keys": keys }))
            }
            "/token" => self.token(state, head, body),
            "/userinfo" => {
                assert!(head.contains("Bearer access-token"));
                let mut said = json!({ "sub": "alice", "email": "alice@provider.test", "name": "Alice" });
                (state.lies.userinfo)(&mut said);
                (200, said)
            }
            _ => (404, json!({})),
        }
    }

    fn token(&self, state: &mut State, head: &str, body: &str) -> (u16, Value) {
        let refused = |error: &str| (400, json!({ "error": error }));
        let form: HashMap<_, _> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        let encoded: String = url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
        let basic = format!("basic {}", STANDARD.encode(format!("{CLIENT}:{encoded}")));
        if !head.to_ascii_lowercase().contains(&basic.to_ascii_lowercase()) {
            return refused("invalid_client");
        }
        let careless = state.lies.careless;
        let Some(grant) = form.get("code").and_then(|code| state.grants.get_mut(code)) else {
            return refused("invalid_grant");
        };
        let verifier = form.get("code_verifier").cloned().unwrap_or_default();
        let computed = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()));
        let fits = computed == grant.challenge && form.get("redirect_uri") == Some(&grant.redirect_uri);
        if !careless && (grant.used || !fits) {
            return refused("invalid_grant");
        }
        grant.used = true;
        let access_token = "access-token";
        // The hash that belongs to the algorithm of the signature; Ed25519 is made with SHA-512.
        let kind = if state.lies.sign == Sign::EdDsa { &digest::SHA512 } else { &digest::SHA256 };
        let hash = digest::digest(kind, access_token.as_bytes());
        let claims = json!({
            "iss": self.issuer,
            "sub": "alice",
            "aud": CLIENT,
            "exp": state.now_s + 300,
            "iat": state.now_s,
            "nonce": grant.nonce,
            "at_hash": URL_SAFE_NO_PAD.encode(&hash.as_ref()[..hash.as_ref().len() / 2]),
            "email": "alice@provider.test",
            "name": "Alice",
        });
        let id_token = state.lies.token(claims);
        let mut tokens =
            json!({ "access_token": access_token, "token_type": "Bearer", "id_token": id_token });
        (state.lies.tokens)(&mut tokens);
        (200, tokens)
    }
}

/// A token of any header and claims, signed in any way.
pub fn signed(sign: Sign, header: &str, claims: &str) -> String {
    let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let bytes = message.as_bytes();
    let rng = SystemRandom::new();
    let rsa = |key: &RsaKeyPair, padding| {
        let mut out = vec![0; key.public_modulus_len()];
        key.sign(padding, &rng, bytes, &mut out).unwrap();
        out
    };
    let signature = match sign {
        Sign::Rs256 => rsa(&KEYS.rsa, &RSA_PKCS1_SHA256),
        Sign::Ps256 => rsa(&KEYS.rsa, &RSA_PSS_SHA256),
        Sign::OtherKey => rsa(&KEYS.other, &RSA_PKCS1_SHA256),
        Sign::Es256 => KEYS.ec.sign(&rng, bytes).unwrap().as_ref().to_vec(),
        Sign::EdDsa => KEYS.ed.sign(bytes).as_ref().to_vec(),
        Sign::Nothing => Vec::new(),
        Sign::HmacOfSecret => hmac_of(SECRET.as_bytes(), bytes),
        Sign::HmacOfPublicKey => hmac_of(public_pem().as_bytes(), bytes),
        Sign::Broken => {
            let mut out = rsa(&KEYS.rsa, &RSA_PKCS1_SHA256);
            out[7] ^= 1;
            out
        }
    };
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn hmac_of(key: &[u8], message: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message).as_ref().to_vec()
}

struct Keys {
    rsa: RsaKeyPair,
    other: RsaKeyPair,
    ec: EcdsaKeyPair,
    ed: Ed25519KeyPair,
}

static KEYS: LazyLock<Keys> = LazyLock::new(|| Keys {
    rsa: RsaKeyPair::generate(KeySize::Rsa2048).unwrap(),
    other: RsaKeyPair::generate(KeySize::Rsa2048).unwrap(),
    ec: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap(),
    ed: Ed25519KeyPair::generate().unwrap(),
});

fn public_pem() -> String {
    let der = KEYS.rsa.public_key().as_der().unwrap();
    let text = STANDARD.encode(der.as_ref());
    let mut pem = "-----BEGIN PUBLIC KEY-----\n".to_owned();
    for line in text.as_bytes().chunks(64) {
        let _ = writeln!(pem, "{}", String::from_utf8_lossy(line));
    }
    pem + "-----END PUBLIC KEY-----\n"
}

fn public_key(kid: Option<&str>, sign: Sign) -> Value {
    let rsa = |key: &RsaKeyPair| {
        let public = key.public_key();
        json!({
            "kty": "RSA", "use": "sig",
            "n": URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero()),
            "e": URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero()),
        })
    };
    let mut jwk = match sign {
        Sign::OtherKey => rsa(&KEYS.other),
        Sign::Es256 => {
            let point = KEYS.ec.public_key().as_ref();
            json!({
                "kty": "EC", "crv": "P-256",
                "x": URL_SAFE_NO_PAD.encode(&point[1..33]),
                "y": URL_SAFE_NO_PAD.encode(&point[33..65]),
            })
        }
        Sign::EdDsa => {
            json!({ "kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(KEYS.ed.public_key().as_ref()) })
        }
        // A shared secret in a public document.
        Sign::HmacOfSecret => json!({ "kty": "oct", "k": URL_SAFE_NO_PAD.encode(SECRET) }),
        _ => rsa(&KEYS.rsa),
    };
    if let Some(kid) = kid {
        jwk["kid"] = kid.into();
    }
    jwk
}

/// An attacker's key in the header of a token, for readers that take keys from there.
pub fn embedded_key() -> Value {
    public_key(None, Sign::OtherKey)
}

async fn read_request(socket: &mut TcpStream) -> Option<(String, String, String)> {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let n = socket.read(&mut chunk).await.ok()?;
        bytes.extend_from_slice(&chunk[..n]);
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
            });
            if body.len() >= length.unwrap_or(0) {
                let path = head.split(' ').nth(1)?.split('?').next()?.to_owned();
                return Some((path, head.to_owned(), body.to_owned()));
            }
        }
        if n == 0 {
            return None;
        }
    }
}
