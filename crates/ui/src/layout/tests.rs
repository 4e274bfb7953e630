use crate::*;
use leptos::prelude::*;

fn html(view: impl FnOnce() -> AnyView) -> String {
    Owner::new().with(|| view().to_html())
}

#[test]
fn a_page_has_one_heading_that_can_take_the_focus() {
    let html = html(|| {
        view! { <PageHeader title="Members" lead="People." badge=|| view! { <Badge>"New"</Badge> }>"actions"</PageHeader> }
            .into_any()
    });
    assert_eq!(html.matches("<h1").count(), 1, "{html}");
    assert!(html.contains(r#"tabindex="-1""#), "{html}");
    assert!(html.contains("New") && html.contains("actions") && html.contains("People."), "{html}");
}

#[test]
fn columns_and_cards() {
    let html = html(|| {
        view! {
            <Split>
                <SplitMain><Section title="Access" id="access">"main"</Section></SplitMain>
                <SplitAside label="Facts">"facts"</SplitAside>
            </Split>
            <Stack gap=Gap::Large><Cluster between=true><Toolbar>"tools"</Toolbar></Cluster></Stack>
            <Centered title="Sign in" lead="Use your account.">"form"</Centered>
        }
        .into_any()
    });
    assert!(
        html.contains(r#"<aside aria-label="Facts""#) && html.contains(r#"<section id="access""#),
        "{html}"
    );
    assert!(html.contains("gap-8") && html.contains("justify-between"), "{html}");
    assert_eq!(html.matches("<h1").count(), 1, "{html}");
}
