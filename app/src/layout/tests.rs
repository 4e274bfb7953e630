use super::*;
use leptos::prelude::*;
use leptos_router::components::Router;
use leptos_router::location::RequestUrl;

/// Ada in Acme, who may see members and nothing more.
pub(super) fn nav() -> Nav {
    let org = NavOrg {
        id: "0190a000-0000-7000-8000-000000000001".parse().expect("a UUID"),
        name: "Acme".to_owned(),
    };
    Nav {
        org: Some(org.clone()),
        orgs: vec![org],
        person_name: "Ada Lovelace".to_owned(),
        person_email: "ada@acme.test".to_owned(),
        counts: NavCounts { members: 12, ..NavCounts::default() },
        can: NavCan { members: true, ..NavCan::default() },
        workspaces: vec![("dev".to_owned(), "Development".to_owned())],
        theme: Theme::Dark,
    }
}

fn html(path: &str, nav: Nav) -> String {
    Owner::new().with(|| {
        provide_context(RequestUrl::new(path));
        view! {
            <Router>
                <AppFrame nav=WithNav::now(nav)>"page"</AppFrame>
            </Router>
        }
        .to_html()
    })
}

#[test]
fn the_frame_has_its_landmarks() {
    let html = html("/organizations/0190a000-0000-7000-8000-000000000001/members", nav());
    assert_eq!(html.matches("<main ").count(), 1, "{html}");
    assert!(html.contains(r##"href="#main""##) && html.contains(r#"id="main""#), "{html}");
    assert!(
        html.contains(r#"<nav aria-label="Main""#) && html.contains(r#"<nav aria-label="Breadcrumb""#),
        "{html}"
    );
    let here = html.matches(r#"aria-current="page""#).count();
    assert_eq!(here, 2, "the link of the sidebar and the last crumb: {html}");
    assert!(!html.contains("Audit log"), "{html}");
}

#[test]
fn signing_out_and_the_theme_need_no_javascript() {
    let html = html("/me", nav());
    assert!(html.contains(r#"<form method="post" action="/logout">"#), "{html}");
    assert!(html.contains(r#"<form method="post" action="/theme">"#), "{html}");
    for theme in ["light", "dark", "system"] {
        assert!(html.contains(&format!(r#"name="theme" value="{theme}""#)), "{html}");
    }
    assert!(html.contains(r#"popovertarget="sidebar""#) && html.contains(r#"id="sidebar""#), "{html}");
}

#[test]
fn one_organization_needs_no_switcher_and_none_no_name() {
    assert!(!html("/me", nav()).contains("org-menu"));
    let mut two = nav();
    two.orgs.push(NavOrg {
        id: "0190a000-0000-7000-8000-000000000002".parse().expect("a UUID"),
        name: "<Northwind>".to_owned(),
    });
    let shown = html("/me", two);
    assert!(shown.contains(r#"popovertarget="org-menu""#) && shown.contains("&lt;Northwind&gt;"), "{shown}");
    let nowhere = html("/me", Nav { org: None, orgs: Vec::new(), ..nav() });
    assert!(nowhere.contains("Reeve") && !nowhere.contains("Members"), "{nowhere}");
}

#[test]
fn a_theme_cookie_is_anyones_text() {
    assert_eq!("dark".parse(), Ok(Theme::Dark));
    assert_eq!("<script>".parse(), Ok(Theme::System));
    assert_eq!(Theme::System.attribute(), None);
    assert_eq!(Theme::Light.attribute(), Some("light"));
}
