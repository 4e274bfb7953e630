use crate::*;
use leptos::prelude::*;

fn html(view: impl FnOnce() -> AnyView) -> String {
    Owner::new().with(|| view().to_html())
}

#[test]
fn tabs_are_links_and_one_is_current() {
    let html = html(|| {
        view! { <Tabs label="Workspace"><Tab href="/a" current=true>"A"</Tab><Tab href="/b" count=4>"B"</Tab></Tabs> }
            .into_any()
    });
    assert!(html.contains(r#"<nav aria-label="Workspace""#), "{html}");
    assert_eq!(html.matches(r#"aria-current="page""#).count(), 1, "{html}");
    assert!(html.contains('4'), "{html}");
}

#[test]
fn the_last_crumb_is_this_page() {
    let html = html(|| {
        view! { <Breadcrumbs crumbs=vec![Crumb::link("Workspaces", "/workspaces"), Crumb::here("dev")] /> }
            .into_any()
    });
    assert_eq!(html.matches("<a ").count(), 1, "{html}");
    assert!(html.contains(r#"<span aria-current="page""#), "{html}");
}

#[test]
fn pages_without_neighbours_are_not_links() {
    let html = html(|| view! { <Pagination previous=None next=Some("?after=x".to_owned()) /> }.into_any());
    assert_eq!(html.matches("href=\"?after=x\"").count(), 1, "{html}");
    assert!(html.contains(r#"aria-disabled="true""#), "{html}");
    assert_eq!(
        super::tests::html(|| view! { <Pagination previous=None next=None /> }.into_any())
            .matches("<nav")
            .count(),
        0
    );
}

#[test]
fn the_sidebar_marks_where_one_is() {
    let html = html(|| {
        view! {
            <SidebarGroup label="Access">
                <SidebarLink href="/members" icon="users" current=true count=12 keys="g m">"Members"</SidebarLink>
                <SidebarLink href="/invitations" icon="mail" count=0>"Invitations"</SidebarLink>
            </SidebarGroup>
        }
        .into_any()
    });
    assert_eq!(html.matches(r#"aria-current="page""#).count(), 1, "{html}");
    assert!(html.contains(r#"aria-keyshortcuts="g m""#) && html.contains(">12<"), "{html}");
    assert!(!html.contains(">0<"), "{html}");
}

#[test]
fn the_command_menu_is_a_combobox_over_links() {
    let html = html(|| {
        let commands = vec![
            Command::new("Go to", "users", "Members", "/members").keys("g m"),
            Command::new("Go to", "mail", "Invitations", "/invitations"),
        ];
        view! { <CommandMenu commands=commands /> }.into_any()
    });
    assert!(
        html.contains(r#"role="combobox""#) && html.contains(r#"aria-controls="command-menu-list""#),
        "{html}"
    );
    assert!(html.contains(r#"aria-activedescendant="command-0""#), "{html}");
    assert_eq!(html.matches(r#"role="option""#).count(), 2, "{html}");
    assert_eq!(html.matches(r#"aria-selected="true""#).count(), 1, "{html}");
    assert_eq!(html.matches("Go to</").count() + html.matches("Go to<!").count(), 1, "one heading: {html}");
}
