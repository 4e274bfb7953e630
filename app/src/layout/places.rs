//! The pages the frame knows by name: one list for the sidebar, the shortcuts, the command menu and the breadcrumbs.

use super::Nav;
use ui::{Command, Crumb};

/// A page one can go to from anywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) label: &'static str,
    pub(super) icon: &'static str,
    pub(super) href: String,
    /// After `g`.
    pub(super) key: Option<char>,
    pub(super) keys: Option<&'static str>,
    pub(super) count: u64,
    /// Only this address, nothing below it.
    pub(super) exact: bool,
}

impl Place {
    fn new(label: &'static str, icon: &'static str, href: String) -> Self {
        Self { label, icon, href, key: None, keys: None, count: 0, exact: false }
    }

    fn keys(mut self, keys: &'static str) -> Self {
        self.keys = Some(keys);
        self.key = keys.chars().last();
        self
    }

    fn count(mut self, count: u64) -> Self {
        self.count = count;
        self
    }

    fn exact(mut self) -> Self {
        self.exact = true;
        self
    }

    /// Whether `path` is this page or below it. A workspace's page is below the list of workspaces.
    pub(super) fn holds(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        path == self.href
            || (!self.exact && path.strip_prefix(&self.href).is_some_and(|rest| rest.starts_with('/')))
            || (self.href.ends_with("/workspaces") && path.starts_with("/workspaces/"))
    }
}

/// A group of the sidebar.
pub(super) struct Group {
    pub(super) label: Option<&'static str>,
    pub(super) places: Vec<Place>,
}

/// The sidebar of an organization, only what the person may open.
pub(super) fn groups(nav: &Nav) -> Vec<Group> {
    let Some(org) = &nav.org else { return Vec::new() };
    let base = format!("/organizations/{}", org.id);
    let at = |rest: &str| format!("{base}/{rest}");
    let can = nav.can;
    let groups = [
        Group {
            label: None,
            places: vec![
                Place::new("Overview", "layout-dashboard", base.clone()).keys("g h").exact(),
                Place::new("Workspaces", "boxes", at("workspaces")).keys("g w").count(nav.counts.workspaces),
            ],
        },
        Group {
            label: Some("People"),
            places: [
                can.members.then(|| {
                    Place::new("Members", "users", at("members")).keys("g m").count(nav.counts.members)
                }),
                can.invitations.then(|| {
                    Place::new("Invitations", "mail", at("invitations"))
                        .keys("g i")
                        .count(nav.counts.invitations)
                }),
                can.teams.then(|| Place::new("Teams", "users-round", at("teams")).keys("g o")),
                can.service_accounts
                    .then(|| Place::new("Service accounts", "bot", at("service-accounts")).keys("g v")),
            ]
            .into_iter()
            .flatten()
            .collect(),
        },
        Group {
            label: Some("Permissions"),
            places: [
                can.roles.then(|| Place::new("Roles", "shield-check", at("roles")).keys("g r")),
                can.access.then(|| Place::new("Access", "waypoints", at("access")).keys("g x")),
            ]
            .into_iter()
            .flatten()
            .collect(),
        },
        Group {
            label: Some("Administration"),
            places: [
                can.connections
                    .then(|| Place::new("Sign-in connections", "plug", at("connections")).keys("g c")),
                can.audit.then(|| Place::new("Audit log", "scroll-text", at("audit")).keys("g a")),
                can.limits.then(|| Place::new("Usage", "gauge", at("usage")).keys("g l")),
                can.settings.then(|| Place::new("Settings", "settings", at("settings")).keys("g e")),
            ]
            .into_iter()
            .flatten()
            .collect(),
        },
    ];
    groups.into_iter().filter(|group| !group.places.is_empty()).collect()
}

/// The pages of the person alone, in the user menu.
pub(super) fn own_places() -> Vec<Place> {
    vec![
        Place::new("My account", "user", "/me".to_owned()).keys("g u").exact(),
        Place::new("Access tokens", "key-round", "/me/tokens".to_owned()).keys("g t"),
        Place::new("Devices", "laptop", "/me/devices".to_owned()).keys("g d"),
        Place::new("Sessions", "monitor", "/me/sessions".to_owned()).keys("g s"),
    ]
}

/// Everything the command menu offers.
pub(super) fn commands(nav: &Nav) -> Vec<Command> {
    let mut commands = Vec::new();
    let mut push = |group: &'static str, place: Place| {
        let command = Command::new(group, place.icon, place.label, place.href);
        commands.push(match place.keys {
            Some(keys) => command.keys(keys),
            None => command,
        });
    };
    for place in groups(nav).into_iter().flat_map(|group| group.places) {
        push("Go to", place);
    }
    for place in own_places() {
        push("Go to", place);
    }
    if let Some(org) = &nav.org {
        let base = format!("/organizations/{}", org.id);
        if nav.can.invite {
            push("Do", Place::new("Invite people", "user-plus", format!("{base}/invitations/new")));
        }
        if nav.can.enrol {
            push("Do", Place::new("Enrol workspace", "plus", format!("{base}/workspaces/new")));
        }
    }
    push("Do", Place::new("Create access token", "key-round", "/me/tokens".to_owned()));
    commands.extend(nav.workspaces.iter().map(|(name, label)| {
        Command::new("Workspaces", "box", label.clone(), format!("/workspaces/{name}"))
    }));
    commands.extend(nav.orgs.iter().filter(|org| Some(*org) != nav.org.as_ref()).map(|org| {
        Command::new("Organizations", "building-2", org.name.clone(), format!("/organizations/{}", org.id))
    }));
    commands
}

/// The way to `path`, from the address alone: the same on the server and in the browser, before any page has loaded.
pub(super) fn crumbs(nav: &Nav, path: &str) -> Vec<Crumb> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let org_href =
        nav.org.as_ref().map_or_else(|| "/".to_owned(), |org| format!("/organizations/{}", org.id));
    let org_name = nav.org.as_ref().map_or("Reeve", |org| org.name.as_str());
    let mut crumbs = vec![Crumb::link(org_name, org_href.clone())];
    match parts.as_slice() {
        ["organizations", _] => crumbs.push(Crumb::here("Overview")),
        ["organizations", _, list] => crumbs.push(Crumb::here(list_label(list))),
        ["organizations", _, "members", user, "sessions"] => {
            crumbs.push(Crumb::link("Members", format!("{org_href}/members")));
            crumbs.push(Crumb::link("Member", format!("{org_href}/members/{user}")));
            crumbs.push(Crumb::here("Sessions"));
        }
        ["organizations", _, list, rest @ ..] => {
            crumbs.push(Crumb::link(list_label(list), format!("{org_href}/{list}")));
            crumbs.push(Crumb::here(below_label(list, rest)));
        }
        ["workspaces", name, "project", _] => {
            crumbs.push(Crumb::link("Workspaces", format!("{org_href}/workspaces")));
            crumbs.push(Crumb::link(*name, format!("/workspaces/{name}")));
            crumbs.push(Crumb::here("Project"));
        }
        // Whatever else is below a workspace is one of its own pages, with a name the address does not tell.
        ["workspaces", name, ..] => {
            crumbs.push(Crumb::link("Workspaces", format!("{org_href}/workspaces")));
            crumbs.push(Crumb::here(*name));
        }
        ["me"] => crumbs.push(Crumb::here("My account")),
        ["me", rest @ ..] => {
            crumbs.push(Crumb::link("My account", "/me"));
            if let [list, below @ ..] = rest {
                if below.is_empty() {
                    crumbs.push(Crumb::here(list_label(list)));
                } else {
                    crumbs.push(Crumb::link(list_label(list), format!("/me/{list}")));
                    crumbs.push(Crumb::here(below_label(list, below)));
                }
            }
        }
        [] => {}
        [first, ..] => crumbs.push(Crumb::here(capitalized(first))),
    }
    crumbs
}

fn list_label(list: &str) -> String {
    match list {
        "connections" => "Sign-in connections".to_owned(),
        "audit" => "Audit log".to_owned(),
        "tokens" => "Access tokens".to_owned(),
        other => capitalized(other),
    }
}

fn below_label(list: &str, rest: &[&str]) -> String {
    let label = match (list, rest) {
        ("invitations", ["new"]) => "Invite people",
        ("workspaces", ["new"]) => "Enrol workspace",
        ("connections", ["new"]) => "Add connection",
        ("teams", ["new"]) => "New team",
        ("service-accounts", ["new"]) => "New service account",
        ("roles", ["new"]) => "New role",
        ("members", [_]) => "Member",
        ("invitations", [_]) => "Invitation",
        ("connections", [_]) => "Connection",
        ("teams", [_]) => "Team",
        ("service-accounts", [_]) => "Service account",
        ("roles", [_]) => "Role",
        ("audit", [_]) => "Entry",
        (_, rest) => return capitalized(rest.last().copied().unwrap_or_default()),
    };
    label.to_owned()
}

fn capitalized(part: &str) -> String {
    let text = part.replace('-', " ");
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::tests::nav;
    use super::*;

    fn labels(path: &str) -> Vec<String> {
        crumbs(&nav(), path).into_iter().map(|crumb| crumb.label).collect()
    }

    #[test]
    fn breadcrumbs_follow_the_address() {
        let org = "/organizations/0190a000-0000-7000-8000-000000000001";
        assert_eq!(labels(org), ["Acme", "Overview"]);
        assert_eq!(labels(&format!("{org}/audit")), ["Acme", "Audit log"]);
        assert_eq!(labels(&format!("{org}/workspaces/new")), ["Acme", "Workspaces", "Enrol workspace"]);
        let account = format!("{org}/service-accounts/1");
        assert_eq!(labels(&account), ["Acme", "Service accounts", "Service account"]);
        assert_eq!(labels("/workspaces/dev"), ["Acme", "Workspaces", "dev"]);
        assert_eq!(labels("/workspaces/dev/runs/1"), ["Acme", "Workspaces", "dev"]);
        assert_eq!(labels("/workspaces/dev/project/1"), ["Acme", "Workspaces", "dev", "Project"]);
        assert_eq!(labels("/me/tokens"), ["Acme", "My account", "Access tokens"]);
        assert_eq!(labels("/"), ["Acme"]);
    }

    #[test]
    fn only_what_may_be_opened_is_shown() {
        let shown: Vec<_> = groups(&nav()).into_iter().flat_map(|g| g.places).map(|p| p.label).collect();
        assert_eq!(shown, ["Overview", "Workspaces", "Members"]);
        assert!(!commands(&nav()).iter().any(|c| c.label == "Enrol workspace"));
    }

    #[test]
    fn a_workspace_is_below_the_list_of_workspaces() {
        let groups = groups(&nav());
        let [overview, workspaces] = groups[0].places.as_slice() else { panic!("two places") };
        assert!(workspaces.holds("/workspaces/dev") && !overview.holds("/workspaces/dev"));
        assert!(workspaces.holds(&format!("{}/new", workspaces.href)));
        assert!(!overview.holds(&workspaces.href) && overview.holds(&format!("{}/", overview.href)));
    }
}
