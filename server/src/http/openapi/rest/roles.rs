//! Roles: what they are made of, and to whom they are given.

use super::super::operation::Operation;
use super::{delete, get, patch, post};
use crate::http::zenml::admin::roles::{NewRole, PermissionJson, RoleChange};
use crate::http::zenml::admin::shape::{AssignmentJson, RoleDetailJson, RoleJson};
use control::authz::{GrantManage, OrgGrantManage, ProjectGrantManage, RoleManage, RoleRead, SelfManage};
use model::ErrorCode::{Conflict, NotFound};
use model::{Level, OrgId};

const NOUN: &str = "roles";
const ORG: &str = "Which organization, where it is not clear: a predefined role's.";

/// All of it.
pub fn all() -> Vec<Operation> {
    vec![
        get("/api/v1/permissions", NOUN, "What custom roles are made of.")
            .needs::<SelfManage>()
            .may_say::<Level>("level", "Only those of this level.")
            .gives::<Vec<PermissionJson>>("The permissions."),
        get(
            "/api/v1/roles",
            NOUN,
            "The roles of an organization: the one that is named, or the caller's only one.",
        )
        .needs::<RoleRead>()
        .may_say::<OrgId>("organization_id", ORG)
        .may_say::<Level>("level", "Only those of this level.")
        .may_say::<String>("name", "Only those of this name.")
        .gives::<Vec<RoleJson>>("The roles."),
        get("/api/v1/organizations/{id_or_name}/roles", NOUN, "The roles of an organization.")
            .needs::<RoleRead>()
            .may_say::<Level>("level", "Only those of this level.")
            .may_say::<String>("name", "Only those of this name.")
            .gives::<Vec<RoleJson>>("The roles."),
        post("/api/v1/roles", NOUN, "Makes a custom role.")
            .needs::<RoleManage>()
            .takes::<NewRole>()
            .refuses(&[Conflict])
            .gives::<RoleDetailJson>("The role."),
        get("/api/v1/roles/{id}", NOUN, "One role with what it allows.")
            .needs::<RoleRead>()
            .may_say::<OrgId>("organization_id", ORG)
            .gives::<RoleDetailJson>("The role."),
        patch("/api/v1/roles/{id}", NOUN, "Changes a custom role; with `revision` only if nobody has since.")
            .needs::<RoleManage>()
            .may_say::<OrgId>("organization_id", ORG)
            .may_take::<RoleChange>()
            .confirmed()
            .gives::<RoleDetailJson>("The role."),
        delete("/api/v1/roles/{id}", NOUN, "Deletes a custom role, with its assignments.")
            .needs::<RoleManage>()
            .may_say::<OrgId>("organization_id", ORG)
            .confirmed()
            .gives::<()>("Deleted."),
        get("/api/v1/roles/{id}/assignments", NOUN, "To whom a role is given, and where.")
            .needs::<RoleRead>()
            .may_say::<OrgId>("organization_id", ORG)
            .whom()
            .place()
            .gives::<Vec<AssignmentJson>>("The assignments."),
        post("/api/v1/roles/{id}/assignments", NOUN, "Gives a role, in the place the address names.")
            .needs::<OrgGrantManage>()
            .or::<GrantManage>()
            .or::<ProjectGrantManage>()
            .may_say::<OrgId>("organization_id", ORG)
            .whom()
            .place()
            .may_say::<String>("until", "The last day it holds, in UTC.")
            .refuses(&[Conflict, NotFound])
            .gives::<AssignmentJson>("The assignment."),
        delete("/api/v1/roles/{id}/assignments", NOUN, "Takes a role, in the place the address names.")
            .needs::<OrgGrantManage>()
            .or::<GrantManage>()
            .or::<ProjectGrantManage>()
            .may_say::<OrgId>("organization_id", ORG)
            .whom()
            .place()
            .confirmed()
            .gives::<()>("Taken."),
    ]
}
