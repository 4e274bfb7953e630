//! From what people call things to what they are: an id, or a name that fits just one.

use crate::pages::Most;
use crate::stop::Stop;
use client::Client;
use model::grant::{Place, ProjectPlace};
use model::member::{Member, MemberQuery};
use model::role::{PermissionName, RoleRef};
use model::service_account::ServiceAccountQuery;
use model::team::TeamQuery;
use model::{OrgId, ProjectId, ServiceAccountId, TeamId, UserId, WorkspaceId};

/// Rows looked through for a name. Whoever has more that begin alike says the id.
const LOOKED_AT: Most = Most { limit: 1000 };

/// A member, by address, username, name or id.
pub(crate) async fn member(client: &Client, org: OrgId, who: &str) -> Result<UserId, Stop> {
    if let Ok(id) = who.parse() {
        return Ok(id);
    }
    let mut query = MemberQuery { search: Some(who.to_owned()), ..MemberQuery::default() };
    let seen = LOOKED_AT
        .follow(async |cursor| {
            query.cursor = cursor;
            client.members(org, &query).await
        })
        .await?;
    // A username is one person's; an address or a name may be several people's.
    if let Some(member) = seen.items.iter().find(|member| member.username == who) {
        return Ok(member.user);
    }
    let called = |member: &Member| member.name == who || member.email.eq_ignore_ascii_case(who);
    let found = seen.items.into_iter().filter(called);
    one(found.map(|it| (it.user, format!("{} ({})", it.username, it.email))).collect(), "member", who)
}

/// A team, by name or id.
pub(crate) async fn team(client: &Client, org: OrgId, name: &str) -> Result<TeamId, Stop> {
    if let Ok(id) = name.parse() {
        return Ok(id);
    }
    let mut query = TeamQuery { search: Some(name.to_owned()), cursor: None };
    let seen = LOOKED_AT
        .follow(async |cursor| {
            query.cursor = cursor;
            client.teams(org, &query).await.map(|list| list.page)
        })
        .await?;
    let found = seen.items.into_iter().find(|team| team.name == name);
    found.map(|team| team.id).ok_or_else(|| nothing("team", name))
}

/// A service account, by name or id.
pub(crate) async fn account(client: &Client, org: OrgId, name: &str) -> Result<ServiceAccountId, Stop> {
    if let Ok(id) = name.parse() {
        return Ok(id);
    }
    let mut query = ServiceAccountQuery { search: Some(name.to_owned()), ..ServiceAccountQuery::default() };
    let seen = LOOKED_AT
        .follow(async |cursor| {
            query.cursor = cursor;
            client.service_accounts(org, &query).await.map(|list| list.page)
        })
        .await?;
    let found = seen.items.into_iter().find(|account| account.name == name);
    found.map(|account| account.id).ok_or_else(|| nothing("service account", name))
}

/// A role, by its text (`workspace-viewer`), name or id.
pub(crate) async fn role(client: &Client, org: OrgId, name: &str) -> Result<RoleRef, Stop> {
    if let Ok(role) = name.parse() {
        return Ok(role);
    }
    let roles = client.roles(org).await?.roles;
    let named = roles.into_iter().filter(|role| role.name.eq_ignore_ascii_case(name));
    // Custom roles of two levels may be called the same.
    one(named.map(|role| (role.role, format!("{} ({})", role.role, role.level))).collect(), "role", name)
}

/// A workspace, by identifier or id.
pub(crate) async fn workspace(client: &Client, name: &str) -> Result<WorkspaceId, Stop> {
    match name.parse() {
        Ok(id) => Ok(id),
        Err(_) => Ok(client.workspace(name).await?.row.id),
    }
}

/// Where something would be done: in the organization, or further in.
pub(crate) async fn place(
    client: &Client,
    org: OrgId,
    in_workspace: Option<&str>,
    project: Option<ProjectId>,
) -> Result<Place, Stop> {
    Ok(match (in_workspace, project) {
        (None, _) => org.into(),
        (Some(name), None) => workspace(client, name).await?.into(),
        (Some(name), Some(project)) => {
            ProjectPlace { workspace: workspace(client, name).await?, project }.into()
        }
    })
}

/// A permission, as the command line names it.
pub(crate) fn permission(text: &str) -> Result<PermissionName, String> {
    text.parse().map_err(|_| {
        "no such permission; names are such as member.read or stack.update, and reeve roles show ROLE lists them"
            .to_owned()
    })
}

fn one<T>(mut found: Vec<(T, String)>, what: &str, name: &str) -> Result<T, Stop> {
    match (found.pop(), found.as_slice()) {
        (None, _) => Err(nothing(what, name)),
        (Some((id, _)), []) => Ok(id),
        (Some((_, last)), others) => {
            let mut all: Vec<&str> = others.iter().map(|(_, text)| text.as_str()).collect();
            all.push(&last);
            Err(Stop::Usage(format!("Several are called “{name}”. Say which: {}.", all.join(", "))))
        }
    }
}

fn nothing(what: &str, name: &str) -> Stop {
    Stop::Usage(format!("There is no {what} “{name}” that you can see."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_several_is_nobody_s() {
        let of = |found: &[&str]| {
            one(found.iter().map(|text| ((), (*text).to_owned())).collect(), "member", "Ada")
        };
        assert!(of(&["ada@acme.test"]).is_ok());
        assert!(matches!(of(&[]), Err(Stop::Usage(why)) if why.contains("no member “Ada”")));
        let several = of(&["ada@acme.test", "ada@other.test"]);
        assert!(matches!(several, Err(Stop::Usage(why)) if why.ends_with("ada@acme.test, ada@other.test.")));
    }
}
