//! Teams, members and how they leave, usage and limits.

use super::super::operation::Operation;
use super::{delete, get, patch, post, put};
use crate::http::zenml::admin::limits::Most;
use crate::http::zenml::admin::members::Decided;
use crate::http::zenml::admin::shape::{MemberJson, TeamJson, TeamMemberJson, UsageJson};
use crate::http::zenml::admin::teams::{NewTeam, TeamChange};
use control::authz::{
    LimitManage, LimitRead, MemberRead, MemberRemove, OffboardingPrepare, OrgRead, TeamCreate, TeamManage,
    TeamMembers, TeamRead,
};
use model::ErrorCode::{Conflict, NotFound};
use model::offboarding::{Offboarded, Preflight};
use model::{OrgRole, UserId};

const NOUN: &str = "teams";

/// All of it.
pub fn all() -> Vec<Operation> {
    teams().into_iter().chain(members()).chain(limits()).collect()
}

fn teams() -> Vec<Operation> {
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
    ]
}

fn members() -> Vec<Operation> {
    const NOUN: &str = "members";
    const LOCK: &str = "/api/v1/organizations/{id_or_name}/members/{user}/lock";
    const OFFBOARDING: &str = "/api/v1/organizations/{id_or_name}/members/{user}/offboarding";
    vec![
        get(
            "/api/v1/organizations/{id_or_name}/members",
            NOUN,
            "The members of an organization, by name.",
        )
        .needs::<MemberRead>()
        .may_say::<String>("search", "Part of a name, address or username.")
        .may_say::<OrgRole>("role", "Only with this role in the organization.")
        .gives::<Vec<MemberJson>>("The members.")
        .in_pages(),
        delete(
            "/api/v1/organizations/{id_or_name}/members",
            NOUN,
            "Removes a member, with all they hold.",
        )
        .needs::<MemberRemove>()
        .must_say::<UserId>("user_id", "Who.")
        .refuses(&[Conflict])
        .gives::<()>("Removed."),
        post(LOCK, NOUN, "Locks a member: nothing of theirs opens the organization, and all they hold stays.")
            .needs::<MemberRemove>()
            .refuses(&[Conflict])
            .gives::<()>("Locked."),
        delete(LOCK, NOUN, "Unlocks a member.")
            .needs::<MemberRemove>()
            .refuses(&[Conflict])
            .gives::<()>("Unlocked."),
        get(OFFBOARDING, NOUN, "Everything a member holds, or is the only one to hold, and its fingerprint.")
            .needs::<OffboardingPrepare>()
            .gives::<Preflight>("What they hold."),
        post(
            OFFBOARDING,
            NOUN,
            "Ends all of it, and hands over to `successor` what nobody else looks after: if it still is what was seen.",
        )
        .needs::<MemberRemove>()
        .takes::<Decided>()
        .confirmed()
        .gives::<Offboarded>("How much ended and was handed over."),
    ]
}

fn limits() -> Vec<Operation> {
    const NOUN: &str = "limits";
    vec![
        get("/api/v1/organizations/{id_or_name}/usage", NOUN, "What is used, against the limits.")
            .needs::<LimitRead>()
            .gives::<Vec<UsageJson>>("Every feature."),
        put("/api/v1/organizations/{id_or_name}/limits/{feature}", NOUN, "Sets a limit, or lifts it.")
            .needs::<LimitManage>()
            .takes::<Most>()
            .gives::<()>("Set."),
    ]
}
