//! Through what somebody has a right or a way in, in words.

#![expect(unreachable_pub, reason = "the component macro makes what it generates public")]

use super::words::counted;
use leptos::prelude::*;
use model::Timestamp;
use model::grant::{By, Place, Way};

/// One way: "Workspace Admin, through team Data science, until 3 Dec 2026".
#[component]
pub(crate) fn WayLine(
    /// What it is.
    way: Way,
    /// The place the page is about: a role that is held elsewhere says where.
    #[prop(optional_no_strip, into)]
    here: Option<Place>,
) -> impl IntoView {
    let text = words(&way, here);
    let until = way.expires_at.map(|at| view! { ", until " <LastDay at /> });
    view! { <span>{text} {until}</span> }
}

/// All ways, the strongest first, under each other; nothing says so too.
#[component]
pub(crate) fn Ways(
    /// What they are.
    ways: Vec<Way>,
    /// The place the page is about.
    #[prop(optional_no_strip, into)]
    here: Option<Place>,
) -> impl IntoView {
    if ways.is_empty() {
        return view! { <span class="text-muted">"Nothing"</span> }.into_any();
    }
    let lines = ways.into_iter().map(|way| view! { <li><WayLine way here /></li> }).collect_view();
    view! { <ul class="flex flex-col gap-0.5">{lines}</ul> }.into_any()
}

/// The last day on which something holds, in UTC; the instant itself in the title.
///
/// Not relative as other times are: it was chosen as a day, and is compared with a calendar.
#[component]
pub(crate) fn LastDay(
    /// The first instant at which it does not hold any more.
    at: Timestamp,
) -> impl IntoView {
    view! {
        <time class="whitespace-nowrap tabular-nums" datetime=at.to_rfc3339() title=at.to_human()>
            {day(at)}
        </time>
    }
}

fn day(end: Timestamp) -> String {
    let text = end.plus_ms(-1).to_human();
    text.split_once(',').map_or(text.clone(), |(day, _)| day.to_owned())
}

/// A way without its end.
fn words(way: &Way, here: Option<Place>) -> String {
    let what = match &way.by {
        By::Membership { role_name, .. } | By::Grant { role_name, .. } => role_name.clone(),
        By::Share { resources } => counted(*resources, "shared resource", "shared resources"),
    };
    let elsewhere = here.is_some_and(|here| here != way.place);
    let place = match way.place {
        // A role in the organization says so by its name, or is read beside others that do.
        _ if !elsewhere || matches!(way.by, By::Membership { .. }) => String::new(),
        Place::Org(_) => " in the organization".to_owned(),
        Place::Workspace(_) | Place::Project(_) => format!(" in {}", way.place_name),
    };
    let team = way.team.as_ref().map(|(_, name)| format!(", through team {name}")).unwrap_or_default();
    format!("{what}{place}{team}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::role::{OrgRole, WorkspaceRole};

    const ID: &str = "0190a000-0000-7000-8000-000000000001";

    fn workspace() -> Place {
        Place::Workspace(ID.parse().unwrap())
    }

    fn grant(team: Option<&str>) -> Way {
        Way {
            by: By::Grant {
                grant: ID.parse().unwrap(),
                role: WorkspaceRole::Admin.into(),
                role_name: WorkspaceRole::Admin.label().to_owned(),
            },
            team: team.map(|name| (ID.parse().unwrap(), name.to_owned())),
            place: workspace(),
            place_name: "Development".to_owned(),
            expires_at: None,
        }
    }

    #[test]
    fn a_way_is_said_in_words() {
        assert_eq!(words(&grant(None), None), "Workspace Admin");
        assert_eq!(words(&grant(None), Some(workspace())), "Workspace Admin");
        let org = Place::Org(ID.parse().unwrap());
        let team = words(&grant(Some("Data science")), Some(org));
        assert_eq!(team, "Workspace Admin in Development, through team Data science");
        let member = Way {
            by: By::Membership { role: OrgRole::Admin.into(), role_name: OrgRole::Admin.label().to_owned() },
            place: org,
            ..grant(None)
        };
        assert_eq!(words(&member, Some(workspace())), "Organization Admin");
        let shares = Way { by: By::Share { resources: 2 }, ..grant(None) };
        assert_eq!(words(&shares, Some(workspace())), "2 shared resources");
    }

    #[test]
    fn the_last_day_is_the_one_that_was_chosen() {
        let end = Timestamp::parse("2026-12-04").unwrap();
        assert_eq!(day(end), "3 Dec 2026");
        assert_eq!(day(Timestamp::parse("2026-12-03T12:00").unwrap()), "3 Dec 2026");
    }
}
