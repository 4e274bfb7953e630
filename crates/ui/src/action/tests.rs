use crate::*;
use leptos::prelude::*;

fn html<V: IntoView>(view: impl FnOnce() -> V) -> String {
    Owner::new().with(|| view().to_html())
}

#[test]
fn a_button_submits_unless_it_opens_something() {
    let submit =
        html(|| view! { <Button variant=Variant::Primary name="step" value="2">"Create token"</Button> });
    assert!(submit.contains(r#"type="submit""#), "{submit}");
    assert!(submit.contains(r#"name="step""#) && submit.contains(r#"value="2""#), "{submit}");
    assert!(!submit.contains("popovertarget") && !submit.contains("aria-disabled="), "{submit}");

    let opener = html(|| view! { <Button opens="confirm">"Revoke token"</Button> });
    assert!(opener.contains(r#"type="button""#), "{opener}");
    assert!(opener.contains(r#"popovertarget="confirm""#), "{opener}");
}

#[test]
fn a_pending_button_says_so_and_stays_focusable() {
    let html = html(|| view! { <Button pending=true>"Save"</Button> });
    assert!(html.contains(r#"aria-disabled="true""#) && html.contains(r#"aria-busy="true""#), "{html}");
    assert!(!html.contains(" disabled"), "{html}");
}

#[test]
fn a_link_button_is_a_link() {
    let inside = html(|| view! { <LinkButton href="/members">"Members"</LinkButton> });
    assert!(inside.starts_with("<a ") && !inside.contains("rel="), "{inside}");
    let outside = html(|| view! { <LinkButton href="/api/auth/login" external=true>"Sign in"</LinkButton> });
    assert!(outside.contains(r#"rel="external""#), "{outside}");
}

#[test]
fn icon_buttons_have_a_name_and_a_tooltip() {
    let html = html(|| view! { <IconButton label="Remove ada@acme.test" icon="x" /> });
    assert!(html.contains(r#"aria-label="Remove ada@acme.test""#), "{html}");
    assert!(html.contains(r#"title="Remove ada@acme.test""#), "{html}");
    assert!(html.contains(r#"type="button""#) && html.contains("/icons.svg#x"), "{html}");
}

#[test]
fn what_is_copied_can_be_selected_without_the_button() {
    let html = html(|| view! { <CopyField label="Redirect URI" value="https://reeve.test/<cb>" /> });
    assert!(html.contains(r#"data-copy-text="""#) && html.contains("select-all"), "{html}");
    assert!(html.contains("https://reeve.test/&lt;cb&gt;"), "{html}");
    assert!(html.contains("hidden shrink-0 hydrated:inline-flex"), "{html}");
    assert!(html.contains(r#"aria-label="Copy redirect URI""#), "{html}");
}

#[test]
fn a_menu_is_a_popover_of_links_and_buttons() {
    let html = html(|| {
        view! {
            <Menu id="m1" label="Actions for Ada">
                <MenuLink href="/a" current=true>"Open"</MenuLink>
                <MenuButton name="do" value="end">"End session"</MenuButton>
                <MenuButton tone=Tone::Bad opens="remove">"Remove"</MenuButton>
            </Menu>
        }
    });
    assert!(html.contains(r#"popovertarget="m1""#) && html.contains(r#"popover="auto""#), "{html}");
    assert!(html.contains(r#"role="group""#) && !html.contains(r#"role="menu""#), "{html}");
    assert!(html.contains(r#"aria-current="true""#), "{html}");
    assert!(html.contains(r#"type="submit""#) && html.contains(r#"popovertarget="remove""#), "{html}");
}
