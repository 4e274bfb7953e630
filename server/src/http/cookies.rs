//! Cookies: their names, what protects them, setting, reading and clearing.
//!
//! Over https every name begins with `__Host-`, which browsers accept only for this very host, its root path and a
//! secure connection: a neighbouring subdomain can neither read nor plant one. On http, which only localhost may use,
//! browsers refuse that prefix, so the bare name is used.

use app::KeptCookie;
use app::layout::Theme;
use axum::http::{HeaderMap, HeaderValue, header};
use axum_extra::extract::cookie::Cookie;
use control::Control;

/// The session of a signed-in person.
const SESSION: &str = "reeve_session";
/// Ties a sign-in through a provider to the browser that began it.
const SIGN_IN: &str = "reeve_sign_in";
/// An invitation's link, while its holder signs in.
const INVITATION: &str = "reeve_invitation";
/// What a form without JavaScript has just made, sealed for the person.
const MADE: &str = "reeve_made";
/// Light or dark.
const THEME: &str = "reeve_theme";
/// How long a provider may take, as long as the attempt itself lives.
const SIGN_IN_S: i64 = 600;

fn name(control: &Control, base: &str) -> String {
    if control.settings().public_url.is_secure() { format!("__Host-{base}") } else { base.to_owned() }
}

fn write(control: &Control, base: &str, value: &str, max_age_s: i64) -> HeaderValue {
    let secure = if control.settings().public_url.is_secure() { "; Secure" } else { "" };
    let name = name(control, base);
    let text = format!("{name}={value}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Lax{secure}");
    let mut header = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""));
    header.set_sensitive(true);
    header
}

/// Reads a cookie. A name that is there twice is not read at all: one of the two was planted.
fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    let mut found = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| Cookie::split_parse(line).filter_map(Result::ok))
        .filter(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned());
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// The session secret a browser presents.
pub fn session(control: &Control, headers: &HeaderMap) -> Option<String> {
    read(headers, &name(control, SESSION))
}

/// `Set-Cookie` for a session that has just begun.
pub fn set_session(control: &Control, secret: &str) -> HeaderValue {
    write(control, SESSION, secret, control.settings().session_absolute_s)
}

/// `Set-Cookie` that makes a browser forget its session.
pub fn clear_session(control: &Control) -> HeaderValue {
    write(control, SESSION, "", 0)
}

/// The secret of the browser that began a sign-in through a provider.
pub fn sign_in(control: &Control, headers: &HeaderMap) -> Option<String> {
    read(headers, &name(control, SIGN_IN))
}

/// `Set-Cookie` for a sign-in that begins.
pub fn set_sign_in(control: &Control, secret: &str) -> HeaderValue {
    write(control, SIGN_IN, secret, SIGN_IN_S)
}

/// `Set-Cookie` that ends it.
pub fn clear_sign_in(control: &Control) -> HeaderValue {
    write(control, SIGN_IN, "", 0)
}

/// What a browser keeps from one page to the next.
pub fn kept(control: &Control, kept: KeptCookie, headers: &HeaderMap) -> Option<String> {
    read(headers, &name(control, kept_name(kept)))
}

/// `Set-Cookie` for what a browser keeps from one page to the next; an empty text forgets it.
pub fn set_kept(control: &Control, kept: KeptCookie, value: &str) -> HeaderValue {
    let age = match (kept, value) {
        (_, "") => 0,
        // As long as a sign-in link, which may be waited for.
        (KeptCookie::Invitation, _) => 1200,
        (KeptCookie::Made, _) => 60,
    };
    write(control, kept_name(kept), value, age)
}

const fn kept_name(kept: KeptCookie) -> &'static str {
    match kept {
        KeptCookie::Invitation => INVITATION,
        KeptCookie::Made => MADE,
    }
}

/// The colours a person chose in this browser.
pub fn theme(headers: &HeaderMap) -> Theme {
    read(headers, THEME).and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// `Set-Cookie` for the colours a person chose, for a year; read by pages and scripts, no secret.
pub fn set_theme(control: &Control, theme: Theme) -> HeaderValue {
    let secure = if control.settings().public_url.is_secure() { "; Secure" } else { "" };
    let text = format!("{THEME}={}; Path=/; Max-Age=31536000; SameSite=Lax{secure}", theme.as_str());
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_that_is_there_twice_is_not_read() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=1; reeve_session=good; b=2"));
        assert_eq!(read(&headers, "reeve_session").as_deref(), Some("good"));
        headers.append(header::COOKIE, HeaderValue::from_static("reeve_session=planted"));
        assert_eq!(read(&headers, "reeve_session"), None);
    }
}
