//! An API key as somebody wants it, and whether it may be so.

use crate::error::{Error, Result};
use model::api_key::KeyPolicy;
use model::role::PermissionName;
use model::text::{DisplayName, Note};
use model::{Permission, Timestamp, WorkspaceId};
use std::collections::{BTreeMap, BTreeSet};

pub(super) const DAY_S: i64 = 24 * 3600;
/// Furthest end of a key that has one.
pub(super) const LONGEST_S: i64 = 3650 * DAY_S;

/// How long a new key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    Seconds(i64),
    Until(Timestamp),
    Endless,
}

/// An API key to be made, parsed.
#[derive(Clone, Debug)]
pub struct NewApiKey {
    pub(super) name: DisplayName,
    pub(super) description: Note,
    life: Life,
    pub(super) scopes: Option<String>,
    pub(super) workspace: Option<WorkspaceId>,
}

impl NewApiKey {
    /// Parses what a person typed. `expiry` is `30`, `90` or `365` days, `never`, or `date` with the last day on
    /// which the key shall work, in UTC, as `date`.
    pub fn parse(name: &str, expiry: &str, date: &str) -> Result<Self> {
        let mut wrong = BTreeMap::new();
        let life = match expiry.trim() {
            "30" => Some(Life::Seconds(30 * DAY_S)),
            "90" => Some(Life::Seconds(90 * DAY_S)),
            "365" => Some(Life::Seconds(365 * DAY_S)),
            "never" => Some(Life::Endless),
            "date" => {
                let day = Timestamp::parse(date).filter(|_| date.trim().len() == 10);
                if day.is_none() {
                    wrong.insert("date", "Enter a date such as 2027-01-31.".to_owned());
                }
                // The named day is the last one that counts.
                day.map(|day| Life::Until(day.plus_s(DAY_S)))
            }
            _ => {
                wrong.insert("expiry", "Choose how long the key holds.".to_owned());
                None
            }
        };
        Self::named(name, life, wrong)
    }

    /// One that works for so many minutes, or for good.
    pub fn for_minutes(name: &str, minutes: Option<u32>) -> Result<Self> {
        let mut wrong = BTreeMap::new();
        if minutes == Some(0) {
            wrong.insert("expires_in_minutes", "Let it work for a minute at least.".to_owned());
        }
        let life = minutes.map_or(Life::Endless, |minutes| Life::Seconds(i64::from(minutes) * 60));
        Self::named(name, Some(life), wrong)
    }

    fn named(name: &str, life: Option<Life>, mut wrong: BTreeMap<&'static str, String>) -> Result<Self> {
        let name = DisplayName::parse(name).map_err(|e| wrong.insert("name", e.0.to_owned()));
        Error::invalid_fields(wrong)?;
        let (Ok(name), Ok(description), Some(life)) = (name, Note::parse(""), life) else {
            return Err(Error::internal("a field was wrong and was not named"));
        };
        Ok(Self { name, description, life, scopes: None, workspace: None })
    }

    /// Says what it is for.
    pub fn described(self, description: &str) -> Result<Self> {
        let description = Note::parse(description).map_err(|e| Error::invalid("description", e.0))?;
        Ok(Self { description, ..self })
    }

    /// Limits it: to the permissions of Reeve that are named, and to one workspace. No names at all are no limit.
    /// `workspace.enter` includes what a client has to ask before it enters.
    ///
    /// # Errors
    ///
    /// `invalid` on `scopes`, naming the first that is no permission of Reeve.
    pub fn limited<'a>(
        self,
        scopes: impl IntoIterator<Item = &'a str>,
        workspace: Option<WorkspaceId>,
    ) -> Result<Self> {
        let mut known = BTreeSet::new();
        for name in scopes.into_iter().flat_map(str::split_whitespace) {
            match name.parse() {
                Ok(PermissionName::Reeve(permission)) if can_be_scope(permission) => {
                    known.insert(permission.as_str());
                }
                // What is done inside a workspace is decided by who does it, not by which key.
                Ok(PermissionName::Reeve(_) | PermissionName::Resource(..)) | Err(_) => {
                    let shown: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
                    return Err(Error::invalid("scopes", format!("A key cannot be limited to “{shown}”.")));
                }
            }
        }
        let scopes = (!known.is_empty()).then(|| known.into_iter().collect::<Vec<_>>().join(" "));
        Ok(Self { scopes, workspace, ..self })
    }
}

/// The names of a form in which one of three limits is chosen: `all` for none, `enter` for signing in to workspaces alone,
/// `chosen` for the permissions that are ticked. A script that chooses nothing means what it names.
///
/// # Errors
///
/// `invalid` on `scopes` if none is ticked: a key that was to be limited must not come out without a limit.
pub fn chosen_scopes<'a>(limit: &str, ticked: &'a [String]) -> Result<Vec<&'a str>> {
    let ticked = ticked.iter().map(String::as_str).filter(|name| !name.trim().is_empty());
    match limit.trim() {
        "" => Ok(ticked.collect()),
        "all" => Ok(Vec::new()),
        "enter" => Ok(vec![Permission::WorkspaceEnter.as_str()]),
        "chosen" => match ticked.collect::<Vec<_>>() {
            none if none.is_empty() => Err(Error::invalid("scopes", "Choose at least one permission.")),
            names => Ok(names),
        },
        _ => Err(Error::invalid("limit", "Choose what the key may do.")),
    }
}

/// The workspace of a form in which a key is limited to one; blank for no limit.
pub fn one_workspace(text: &str) -> Result<Option<WorkspaceId>> {
    match text.trim() {
        "" => Ok(None),
        id => id.parse().map(Some).map_err(|_| Error::invalid("workspace", "Choose a workspace.")),
    }
}

/// Whether keys can be limited to a permission: to all that roles give.
pub const fn can_be_scope(permission: Permission) -> bool {
    !matches!(permission, Permission::WorkspaceAct | Permission::SelfManage)
}

impl NewApiKey {
    /// When it ends if it is made now.
    ///
    /// # Errors
    ///
    /// `invalid` on `expiry` or `date` for an end that is over, too far off, or not allowed by the organization.
    pub(super) fn end(&self, policy: &KeyPolicy, now: Timestamp) -> Result<Option<Timestamp>> {
        let (field, end) = match self.life {
            Life::Endless => ("expiry", None),
            Life::Seconds(life) => ("expiry", Some(now.plus_s(life))),
            Life::Until(end) => ("date", Some(end)),
        };
        match end {
            None if !policy.endless => {
                Err(Error::invalid(field, "The organization wants every key to have an end. Choose one."))
            }
            None => Ok(None),
            Some(end) if end <= now => Err(Error::invalid(field, "Choose a day that is not over.")),
            Some(end) if end > now.plus_s(LONGEST_S) => {
                Err(Error::invalid(field, "Choose a day within ten years, or no end."))
            }
            Some(end) => match policy.longest_days {
                Some(days) if end > now.plus_s(i64::from(days) * DAY_S) => Err(Error::invalid(
                    field,
                    format!("The organization lets keys work for {days} days at most."),
                )),
                _ => Ok(Some(end)),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_was_to_be_limited_never_comes_out_without_a_limit() {
        let ticked = ["member.read".to_owned(), " ".to_owned()];
        assert_eq!(chosen_scopes("", &ticked).unwrap(), ["member.read"]);
        assert_eq!(chosen_scopes("all", &ticked).unwrap(), [""; 0]);
        assert_eq!(chosen_scopes("enter", &ticked).unwrap(), ["workspace.enter"]);
        assert_eq!(chosen_scopes("chosen", &ticked).unwrap(), ["member.read"]);
        assert!(chosen_scopes("chosen", &ticked[1..]).unwrap_err().fields().contains_key("scopes"));
        assert!(chosen_scopes("nothing", &ticked).unwrap_err().fields().contains_key("limit"));
    }

    #[test]
    fn a_key_can_be_limited_to_all_that_roles_give_in_reeve() {
        let offered = model::role::offered(model::Level::Organization).filter_map(|name| match name {
            PermissionName::Reeve(permission) => Some(permission),
            PermissionName::Resource(..) => None,
        });
        assert!(offered.eq(Permission::ALL.iter().copied().filter(|permission| can_be_scope(*permission))));
    }
}
