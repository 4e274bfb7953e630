//! Teams, members, usage and limits.

use super::super::operation::Operation;
use super::{delete, get, patch, post, put};
use crate::http::zenml::admin::limits::Most;
use crate::http::zenml::admin::shape::{MemberJson, TeamJson, TeamMemberJson, UsageJson};
use crate::http::zenml::admin::teams::{NewTeam, TeamChange};
use control::authz::{
    LimitManage, LimitRead, MemberRead, MemberRemove, OrgRead, TeamCreate, TeamManage, TeamMembers, TeamRead,
};
use model::ErrorCode::{Conflict, NotFound};
use model::{OrgRole, UserId};

const NOUN: &str = "teams";

/// All of it.
pub fn all() -> Vec<Operation> {
    vec![
        get("/api/v1/organizations/{id_or_name}/teams", NOUN, "The teams the caller may see, by name.")
            .needs::<OrgRead>()
            .may_say::<String>("search", "Part of a name.")
            .gives::<Vec<TeamJson>>("The teams.")
            .in_pages(),
        post("/api/v1/teams", NOUN, "Makes a team.")
            .needs::<TeamCreate>()
            .takes::<NewTeam>()
            .refuses(&[Conflict])
            .gives::<TeamJson>("The team."),
        get("/api/v1/teams/{id}", NOUN, "One team.").needs::<TeamRead>().gives::<TeamJson>("The team."),
        patch("/api/v1/teams/{id}", NOUN, "Changes a team's name and description.")
            .needs::<TeamManage>()
            .may_take::<TeamChange>()
            .refuses(&[Conflict])
            .gives::<TeamJson>("The team."),
        delete("/api/v1/teams/{id}", NOUN, "Deletes a team, with what it holds.")
            .needs::<TeamManage>()
            .confirmed()
            .gives::<()>("Deleted."),
        get("/api/v1/teams/{id}/members", NOUN, "Who is in a team.")
            .needs::<TeamRead>()
            .gives::<Vec<TeamMemberJson>>("Who.")
            .in_pages(),
        post("/api/v1/teams/{id}/members", NOUN, "Puts a member or an open invitation into a team.")
            .needs::<TeamMembers>()
            .whom()
            .refuses(&[Conflict, NotFound])
            .gives::<()>("Done."),
        delete("/api/v1/teams/{id}/members", NOUN, "Takes somebody out of a team.")
            .needs::<TeamMembers>()
            .whom()
            .confirmed()
            .gives::<()>("Done."),
        get(
            "/api/v1/organizations/{id_or_name}/members",
            "members",
            "The members of an organization, by name.",
        )
        .needs::<MemberRead>()
        .may_say::<String>("search", "Part of a name, address or username.")
        .may_say::<OrgRole>("role", "Only with this role in the organization.")
        .gives::<Vec<MemberJson>>("The members.")
        .in_pages(),
        delete(
            "/api/v1/organizations/{id_or_name}/members",
            "members",
            "Removes a member, with all they hold.",
        )
        .needs::<MemberRemove>()
        .must_say::<UserId>("user_id", "Who.")
        .refuses(&[Conflict])
        .gives::<()>("Removed."),
        get("/api/v1/organizations/{id_or_name}/usage", "limits", "What is used, against the limits.")
            .needs::<LimitRead>()
            .gives::<Vec<UsageJson>>("Every feature."),
        put("/api/v1/organizations/{id_or_name}/limits/{feature}", "limits", "Sets a limit, or lifts it.")
            .needs::<LimitManage>()
            .takes::<Most>()
            .gives::<()>("Set."),
    ]
}
