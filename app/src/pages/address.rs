//! Addresses with a query, the same from the server and from the browser.

/// `path` with the pairs that are not empty as its query.
pub(crate) fn address<'a>(path: &str, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut url = path.to_owned();
    for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
        url.push(if url.contains('?') { '&' } else { '?' });
        url.push_str(name);
        url.push('=');
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                url.push(char::from(byte));
            } else {
                url.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn nothing_is_left_unescaped() {
        assert_eq!(
            address("/x", [("a", "a&b=c é"), ("b", ""), ("c", "1.2-3")]),
            "/x?a=a%26b%3Dc%20%C3%A9&c=1.2-3"
        );
        assert_eq!(address("/x", []), "/x");
    }
}
