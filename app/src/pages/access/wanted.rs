//! What the address of the access explorer asks for, and addresses that ask for something else.

use crate::pages::address::address;
use leptos_router::params::ParamsMap;
use model::grant::{Place, ProjectPlace};
use model::role::{Level, PermissionName, offered};
use model::{ApiError, ErrorCode, OrgId, UserId, WorkspaceId};
use uuid::Uuid;

/// Which of the two questions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Question {
    /// What can somebody do?
    #[default]
    Person,
    /// Who can do something?
    Able,
}

impl Question {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Able => "who",
        }
    }
}

/// All the state of the page. What was typed stays as it was typed, so that it can be shown with what is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) org: Option<OrgId>,
    pub(super) question: Question,
    /// Part of a person's name.
    pub(super) search: String,
    pub(super) cursor: Option<String>,
    pub(super) user: Option<UserId>,
    /// The whole organization if not given.
    pub(super) workspace: Option<WorkspaceId>,
    pub(super) project: String,
    pub(super) permission: Option<PermissionName>,
    pub(super) resource: String,
}

/// What is asked about, once it is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) place: Place,
    pub(super) permission: PermissionName,
    pub(super) resource: Option<Uuid>,
}

/// What can be asked about in a place of this level. In the organization itself there are no resources.
pub(super) fn askable(level: Level) -> impl Iterator<Item = PermissionName> {
    let inside = level != Level::Organization;
    offered(level).filter(move |name| inside || matches!(name, PermissionName::Reeve(_)))
}

impl Wanted {
    pub(super) fn read(org: Option<OrgId>, query: &ParamsMap) -> Self {
        let text = |name: &str| query.get(name).unwrap_or_default().trim().to_owned();
        Self {
            org,
            question: if text("tab") == Question::Able.as_str() { Question::Able } else { Question::Person },
            search: text("q"),
            cursor: query.get("cursor").filter(|cursor| !cursor.is_empty()),
            user: text("user").parse().ok(),
            workspace: text("workspace").parse().ok(),
            project: text("project"),
            permission: text("permission").parse().ok(),
            resource: text("resource"),
        }
    }

    /// The address that asks for this.
    pub(super) fn address(&self) -> String {
        let Some(org) = self.org else { return "/".to_owned() };
        let id = |id: Option<String>| id.unwrap_or_default();
        let pairs = [
            ("tab", self.question.as_str().to_owned()),
            ("q", self.search.clone()),
            ("user", id(self.user.map(|user| user.to_string()))),
            ("workspace", id(self.workspace.map(|workspace| workspace.to_string()))),
            ("project", self.project.clone()),
            ("permission", id(self.permission.map(|permission| permission.to_string()))),
            ("resource", self.resource.clone()),
            ("cursor", id(self.cursor.clone())),
        ];
        let pairs = pairs.iter().map(|(name, value)| (*name, value.as_str()));
        address(&format!("/organizations/{org}/access"), pairs)
    }

    /// The same question about somebody.
    pub(super) fn about(&self, user: UserId) -> Self {
        Self {
            question: Question::Person,
            user: Some(user),
            search: String::new(),
            cursor: None,
            ..self.clone()
        }
    }

    /// Nothing asked yet, of the same person.
    pub(super) fn without_place(&self) -> Self {
        Self {
            workspace: None,
            project: String::new(),
            permission: None,
            resource: String::new(),
            ..self.clone()
        }
    }

    /// Where; the organization itself if no workspace is chosen. `None` while it cannot be read.
    pub(super) fn place(&self) -> Option<Place> {
        match (self.workspace, self.project.is_empty()) {
            (None, _) => self.org.map(Place::Org),
            (Some(workspace), true) => Some(Place::Workspace(workspace)),
            (Some(workspace), false) => {
                let project = self.project.parse().ok()?;
                Some(Place::Project(ProjectPlace { workspace, project }))
            }
        }
    }

    /// The level of that place.
    pub(super) const fn level(&self) -> Level {
        match (self.workspace.is_some(), self.project.is_empty()) {
            (false, _) => Level::Organization,
            (true, true) => Level::Workspace,
            (true, false) => Level::Project,
        }
    }

    /// What is asked, if it is complete and can be read.
    pub(super) fn asked(&self) -> Option<Asked> {
        if self.wrong().is_some() {
            return None;
        }
        let resource = self.single().then(|| self.resource.parse().ok()).flatten();
        Some(Asked { place: self.place()?, permission: self.permission?, resource })
    }

    /// Whether it is about one resource: the organization has none.
    pub(super) fn single(&self) -> bool {
        self.workspace.is_some() && !self.resource.is_empty()
    }

    /// What cannot be read of it, by field.
    pub(super) fn wrong(&self) -> Option<ApiError> {
        let mut error = ApiError::new(ErrorCode::Invalid, "This cannot be asked.");
        let mut say = |field: &str, why: &str| {
            error.fields.insert(field.to_owned(), why.to_owned());
        };
        if self.place().is_none() {
            say("project", "This is no id. It is in the address of the project’s page.");
        }
        if self.single() && self.resource.parse::<Uuid>().is_err() {
            say("resource", "This is no id. ZenML shows it on the resource’s page.");
        }
        if let Some(permission) = self.permission {
            if askable(self.level()).all(|name| name != permission) {
                say("permission", "This is nothing one does there. Choose something else.");
            } else if self.single() && matches!(permission, PermissionName::Reeve(_)) {
                say("permission", "This is not done to a single resource. Choose an action on one.");
            }
        }
        (!error.fields.is_empty()).then_some(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORG: &str = "0190a000-0000-7000-8000-000000000001";
    const ID: &str = "6f9619ff-8b86-d011-b42d-00c04fc964ff";

    fn wanted(pairs: &[(&'static str, &str)]) -> Wanted {
        let mut query = ParamsMap::new();
        for (name, value) in pairs {
            query.insert(*name, (*value).to_owned());
        }
        Wanted::read(ORG.parse().ok(), &query)
    }

    #[test]
    fn an_address_asks_for_what_was_read_from_it() {
        let asked = wanted(&[
            ("tab", "who"),
            ("workspace", ID),
            ("project", ID),
            ("permission", "pipeline.update"),
            ("resource", ORG),
        ]);
        let address = asked.address();
        assert!(address.starts_with(&format!("/organizations/{ORG}/access?tab=who")), "{address}");
        for part in [format!("workspace={ID}"), format!("project={ID}"), format!("resource={ORG}")] {
            assert!(address.contains(&part), "{address}");
        }
        assert!(address.contains("permission=pipeline.update"), "{address}");
        assert_eq!(wanted(&[]).address(), format!("/organizations/{ORG}/access?tab=person"));
    }

    #[test]
    fn a_question_is_asked_once_it_is_complete() {
        assert_eq!(wanted(&[("workspace", ID)]).asked(), None);
        let asked = wanted(&[("workspace", ID), ("permission", "stack.update")]).asked().unwrap();
        assert_eq!(asked.place, Place::Workspace(ID.parse().unwrap()));
        assert_eq!(asked.resource, None);
        let organization = wanted(&[("permission", "member.remove"), ("resource", ID)]).asked().unwrap();
        assert_eq!((organization.place.level(), organization.resource), (Level::Organization, None));
    }

    #[test]
    fn what_cannot_be_asked_says_why() {
        let wrong = |pairs: &[(&'static str, &str)]| {
            let wanted = wanted(pairs);
            assert_eq!(wanted.asked(), None);
            wanted.wrong().map(|error| error.fields.into_keys().collect::<Vec<_>>()).unwrap_or_default()
        };
        assert_eq!(wrong(&[("workspace", ID), ("project", "mine")]), ["project"]);
        assert_eq!(wrong(&[("workspace", ID), ("resource", "mine")]), ["resource"]);
        assert_eq!(wrong(&[("workspace", ID), ("permission", "member.remove")]), ["permission"]);
        assert_eq!(wrong(&[("permission", "stack.update")]), ["permission"]);
        let reeve = [("workspace", ID), ("resource", ORG), ("permission", "grant.manage")];
        assert_eq!(wrong(&reeve), ["permission"]);
        assert!(wrong(&[]).is_empty());
    }
}
