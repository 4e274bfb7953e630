//! What a role allows, as a set that is small to keep, quick to join and quick to ask.

use super::Level;
use crate::permission::{Permission, UnknownWord};
use crate::policy::{Action, Kind, ResourceType, actions_of};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Known types, and one place behind them for all that are not known.
const KINDS: usize = ResourceType::ALL.len() + 1;

/// Everything a role allows: permissions in Reeve, and actions by resource type inside a workspace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rights {
    permissions: u64,
    actions: [u16; KINDS],
}

const fn permission_bit(permission: Permission) -> u64 {
    1 << permission as u32
}

const fn action_bit(action: Action) -> u16 {
    1 << action as u32
}

const fn place(kind: Kind) -> usize {
    match kind {
        Some(kind) => kind as usize,
        None => KINDS - 1,
    }
}

impl Rights {
    /// Nothing at all.
    pub const NONE: Self = Self { permissions: 0, actions: [0; KINDS] };

    /// Those for which the two say yes.
    pub fn collect(grants: impl Fn(Permission) -> bool, allows: impl Fn(Kind, Action) -> bool) -> Self {
        let mut rights = Self::NONE;
        for permission in Permission::ALL.iter().filter(|permission| grants(**permission)) {
            rights.permissions |= permission_bit(*permission);
        }
        for kind in ResourceType::ALL.iter().copied().map(Some).chain([None]) {
            for action in Action::ALL.iter().filter(|action| allows(kind, **action)) {
                rights.actions[place(kind)] |= action_bit(*action);
            }
        }
        rights
    }

    /// Those that are named.
    pub fn of(names: impl IntoIterator<Item = PermissionName>) -> Self {
        let mut rights = Self::NONE;
        for name in names {
            rights.insert(name);
        }
        rights
    }

    /// Adds one.
    pub fn insert(&mut self, name: PermissionName) {
        match name {
            PermissionName::Reeve(permission) => self.permissions |= permission_bit(permission),
            PermissionName::Resource(kind, action) => self.actions[place(Some(kind))] |= action_bit(action),
        }
    }

    /// Adds all of `other`.
    pub fn join(&mut self, other: &Self) {
        self.permissions |= other.permissions;
        for (mine, theirs) in self.actions.iter_mut().zip(other.actions) {
            *mine |= theirs;
        }
    }

    /// What is in this one and not in `other`.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        let mut rest = *self;
        rest.permissions &= !other.permissions;
        for (mine, theirs) in rest.actions.iter_mut().zip(other.actions) {
            *mine &= !theirs;
        }
        rest
    }

    /// What is left of it by a key with these limits. They are about Reeve: inside a workspace it does what its account may.
    #[must_use]
    pub const fn within(&self, limits: &Self) -> Self {
        Self { permissions: self.permissions & limits.permissions, actions: self.actions }
    }

    /// Whether all of `other` is in this one.
    pub fn covers(&self, other: &Self) -> bool {
        other.without(self) == Self::NONE
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        *self == Self::NONE
    }

    /// Whether it holds a permission in Reeve.
    pub const fn grants(&self, permission: Permission) -> bool {
        self.permissions & permission_bit(permission) != 0
    }

    /// Whether it allows `action` on resources of `kind`.
    pub const fn allows(&self, kind: Kind, action: Action) -> bool {
        self.actions[place(kind)] & action_bit(action) != 0
    }

    /// Everything in it that has a name, in the order of the vocabulary. What is allowed on unknown types has none, nor
    /// have actions that mean nothing on their type.
    pub fn names(&self) -> impl Iterator<Item = PermissionName> + '_ {
        let reeve = Permission::ALL.iter().copied().filter(|p| self.grants(*p)).map(PermissionName::Reeve);
        let resources = ResourceType::ALL.iter().copied().flat_map(move |kind| {
            Action::ALL
                .iter()
                .copied()
                .filter(move |action| self.allows(Some(kind), *action) && actions_of(kind).contains(action))
                .map(move |action| PermissionName::Resource(kind, action))
        });
        reeve.chain(resources)
    }
}

/// A permission by name: `<noun>.<verb>`, one of Reeve's own or an action on a type of resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum PermissionName {
    /// In Reeve itself.
    Reeve(Permission),
    /// Inside a workspace.
    Resource(ResourceType, Action),
}

impl fmt::Display for PermissionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reeve(permission) => permission.fmt(f),
            Self::Resource(kind, action) => write!(f, "{kind}.{action}"),
        }
    }
}

impl FromStr for PermissionName {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let unknown = || UnknownWord(text.chars().take(64).collect());
        if let Ok(permission) = text.parse() {
            return Ok(Self::Reeve(permission));
        }
        let (kind, action) = text.split_once('.').ok_or_else(unknown)?;
        let kind: ResourceType = kind.parse().map_err(|_| unknown())?;
        let action: Action = action.parse().map_err(|_| unknown())?;
        if actions_of(kind).contains(&action) { Ok(Self::Resource(kind, action)) } else { Err(unknown()) }
    }
}

impl From<PermissionName> for String {
    fn from(name: PermissionName) -> Self {
        name.to_string()
    }
}

impl TryFrom<String> for PermissionName {
    type Error = UnknownWord;
    fn try_from(text: String) -> Result<Self, UnknownWord> {
        text.parse()
    }
}

/// What a custom role of a level can be made of.
pub fn offered(level: Level) -> impl Iterator<Item = PermissionName> {
    let reeve = Permission::ALL.iter().copied().filter(move |permission| {
        let given = !matches!(permission, Permission::WorkspaceAct | Permission::SelfManage);
        given
            && match level {
                Level::Organization => true,
                Level::Workspace => matches!(permission.level(), Level::Workspace | Level::Project),
                Level::Project => permission.level() == Level::Project,
                Level::Team => false,
            }
    });
    let resources = ResourceType::ALL.iter().copied().flat_map(move |kind| {
        actions_of(kind).iter().copied().filter_map(move |action| {
            let fits = match (level, kind) {
                (Level::Team, _) => false,
                (Level::Organization | Level::Workspace, _) => true,
                (Level::Project, ResourceType::Project) => action != Action::Create,
                (Level::Project, ResourceType::Tag) => matches!(action, Action::Create | Action::Read),
                (Level::Project, kind) => kind.in_project(),
            };
            fits.then_some(PermissionName::Resource(kind, action))
        })
    });
    reeve.map(PermissionName::Reeve).chain(resources)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::role::Predefined;

    #[test]
    fn a_set_says_of_each_right_what_the_role_says() {
        for role in Predefined::all() {
            let rights = role.rights();
            for permission in Permission::ALL {
                assert_eq!(
                    rights.grants(*permission),
                    role.grants(*permission),
                    "{} {permission}",
                    role.label()
                );
            }
            for kind in ResourceType::ALL.iter().copied().map(Some).chain([None]) {
                for action in Action::ALL {
                    assert_eq!(rights.allows(kind, *action), role.allows(kind, *action), "{kind:?} {action}");
                }
            }
        }
    }

    #[test]
    fn names_are_read_back_and_only_those_that_exist() {
        for level in Level::GRANTED {
            for name in offered(level) {
                assert_eq!(name.to_string().parse(), Ok(name));
            }
        }
        for text in ["", "stack", "stack.", "stack.promote", "nothing.read", "stack.read.more", "Stack.read"]
        {
            assert!(text.parse::<PermissionName>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_a_role_allows_is_named_so_that_it_can_be_read_back() {
        for role in Predefined::all() {
            for name in role.rights().names() {
                assert_eq!(name.to_string().parse(), Ok(name), "{}", role.label());
            }
        }
    }

    #[test]
    fn covering_is_having_everything() {
        let [viewer, developer] = [crate::WorkspaceRole::Viewer, crate::WorkspaceRole::Developer]
            .map(|role| Predefined::Workspace(role).rights());
        let admin = Predefined::Org(crate::OrgRole::Admin).rights();
        assert!(admin.covers(&developer) && developer.covers(&developer) && !developer.covers(&admin));
        assert!(!developer.covers(&viewer), "a viewer reads service accounts");
        assert!(viewer.covers(&Rights::NONE));
    }
}
