use leptos::prelude::*;

/// Up to two initials of a name; of an address, its first letter.
fn initials(name: &str) -> String {
    let mut words = name.split(|c: char| c.is_whitespace() || c == '.' || c == '@').filter(|w| !w.is_empty());
    let first = words.next().and_then(|word| word.chars().next());
    let second =
        if name.contains('@') { None } else { words.next_back().and_then(|word| word.chars().next()) };
    let text: String = first.into_iter().chain(second).flat_map(char::to_uppercase).collect();
    if text.is_empty() { "?".to_owned() } else { text }
}

/// The same name always gets the same tint, here and on the server.
fn tint(name: &str) -> &'static str {
    let sum = name.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
    match sum % 6 {
        0 => "bg-tint-1 text-tint-1-ink",
        1 => "bg-tint-2 text-tint-2-ink",
        2 => "bg-tint-3 text-tint-3-ink",
        3 => "bg-tint-4 text-tint-4-ink",
        4 => "bg-tint-5 text-tint-5-ink",
        _ => "bg-tint-6 text-tint-6-ink",
    }
}

/// Initials in a tint, decoration next to the name.
///
/// ```ignore
/// <Avatar name="Ada Lovelace" />
/// ```
#[component]
pub fn Avatar(
    /// Name or address of the person.
    #[prop(into)]
    name: String,
    /// 40 px instead of 24.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let size = if large { "size-10 text-lg" } else { "size-6 text-[0.625rem]" };
    let class = format!(
        "inline-flex shrink-0 items-center justify-center rounded-full font-semibold select-none {size} {}",
        tint(&name)
    );
    view! {
        <span class=class aria-hidden="true">
            {initials(&name)}
        </span>
    }
}

/// A person in a list: avatar, name, and a second line.
///
/// ```ignore
/// <Person name=member.name detail=member.email href=format!("/members/{}", member.id) />
/// ```
#[component]
pub fn Person(
    /// What they are called.
    #[prop(into)]
    name: String,
    /// Their address, or what they did.
    #[prop(optional, into)]
    detail: Option<String>,
) -> impl IntoView {
    view! {
        <span class="inline-flex max-w-full min-w-0 items-center gap-2.5">
            <Avatar name=name.clone() />
            <span class="flex min-w-0 flex-col">
                <span class="truncate font-medium">{name}</span>
                {detail.map(|detail| view! { <span class="truncate text-sm font-normal text-muted">{detail}</span> })}
            </span>
        </span>
    }
}

#[cfg(test)]
mod names {
    use super::{initials, tint};

    #[test]
    fn initials_of_names_and_addresses() {
        assert_eq!(initials("Ada Lovelace"), "AL");
        assert_eq!(initials("Jean Marie van Damme"), "JD");
        assert_eq!(initials("ada@acme.test"), "A");
        assert_eq!(initials("ß"), "SS");
        assert_eq!(initials("  "), "?");
    }

    #[test]
    fn tints_repeat() {
        assert_eq!(tint("Ada Lovelace"), tint("Ada Lovelace"));
        assert_ne!(tint("Ada"), tint("Adb"));
    }
}
