//! From where and with what somebody is signed in, in words. What an address is known for is told, where it is in the
//! world is not: Reeve asks nobody about the people it serves.

use model::device::DevicePurpose;
use std::net::IpAddr;

/// An address, and what is known of it.
pub(crate) fn place(ip: Option<&str>) -> String {
    let Some(text) = ip.filter(|text| !text.is_empty()) else {
        return "Unknown address".to_owned();
    };
    let Ok(address) = text.parse::<IpAddr>() else {
        return text.to_owned();
    };
    let address = address.to_canonical();
    let private = match address {
        IpAddr::V4(v4) => v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unique_local() || v6.is_unicast_link_local(),
    };
    if address.is_loopback() {
        format!("{address}, the server’s own machine")
    } else if private {
        format!("{address}, a private network")
    } else {
        address.to_string()
    }
}

/// A command line in a few words, by what it claims.
pub(crate) fn command_line(purpose: DevicePurpose, os: &str, version: &str) -> String {
    let name = match purpose {
        DevicePurpose::Workspaces => "ZenML",
        DevicePurpose::Administering => "Reeve",
    };
    let program = if version.is_empty() { name.to_owned() } else { format!("{name} {version}") };
    if os.is_empty() { program } else { format!("{program} on {os}") }
}

/// Browser and system in a few words, by the `User-Agent` it sent.
pub(crate) fn browser(user_agent: Option<&str>) -> String {
    let Some(text) = user_agent else {
        return "Unknown browser".to_owned();
    };
    let first = |pairs: &[(&str, &'static str)], other| {
        pairs.iter().find(|(mark, _)| text.contains(mark)).map_or(other, |(_, name)| *name)
    };
    // Order matters: Edge also says Chrome, and Chrome also says Safari.
    let browser = first(
        &[
            ("Edg/", "Edge"),
            ("OPR/", "Opera"),
            ("Firefox/", "Firefox"),
            ("Chrome/", "Chrome"),
            ("Safari/", "Safari"),
        ],
        "Another browser",
    );
    let system = first(
        &[
            ("Android", "Android"),
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Windows", "Windows"),
            ("Mac OS X", "macOS"),
            ("Linux", "Linux"),
        ],
        "an unknown system",
    );
    format!("{browser} on {system}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_it_is_known_for() {
        for (ip, words) in [
            (None, "Unknown address"),
            (Some(""), "Unknown address"),
            (Some("203.0.113.7"), "203.0.113.7"),
            (Some("::ffff:203.0.113.7"), "203.0.113.7"),
            (Some("2001:db8::1"), "2001:db8::1"),
            (Some("127.0.0.1"), "127.0.0.1, the server’s own machine"),
            (Some("10.1.2.3"), "10.1.2.3, a private network"),
            (Some("fd00::1"), "fd00::1, a private network"),
        ] {
            assert_eq!(place(ip), words, "{ip:?}");
        }
    }

    #[test]
    fn programs_are_named_in_words() {
        assert_eq!(command_line(DevicePurpose::Workspaces, "Linux", "0.98.0"), "ZenML 0.98.0 on Linux");
        assert_eq!(command_line(DevicePurpose::Workspaces, "", ""), "ZenML");
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/156.0 Safari/537.36 Edg/156.0";
        assert_eq!(browser(Some(edge)), "Edge on Windows");
        assert_eq!(browser(None), "Unknown browser");
    }
}
