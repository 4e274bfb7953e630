//! Who may enter workspaces and projects, and what is given there.

use super::super::needs::Where;
use super::super::operation::Operation;
use super::{delete, get, patch, post};
use crate::http::zenml::admin::places::Update;
use crate::http::zenml::admin::shape::{AssignmentJson, EntrantJson, ProjectJson};
use control::authz::{GrantManage, GrantRead, ProjectGrantManage, ProjectGrantRead, Right, WorkspaceUpdate};
use model::ErrorCode::{Conflict, NotFound};
use model::RoleRef;

const NOUN: &str = "workspaces";

fn give<R: Right<Scope: Where>>(path: &'static str, text: &str) -> Operation {
    post(path, NOUN, text)
        .needs::<R>()
        .must_say::<RoleRef>("role_id", "The role.")
        .whom()
        .may_say::<String>("until", "The last day it holds, in UTC.")
        .refuses(&[Conflict, NotFound])
        .gives::<AssignmentJson>("The assignment.")
}

fn take<R: Right<Scope: Where>>(path: &'static str, text: &str) -> Operation {
    delete(path, NOUN, text)
        .needs::<R>()
        .may_say::<RoleRef>("role_id", "The role; without it, all that was given in this very place.")
        .whom()
        .confirmed()
        .gives::<()>("Taken.")
}

/// All of it.
pub fn all() -> Vec<Operation> {
    const WORKSPACE: &str = "/api/v1/workspaces/{id_or_name}/members";
    const PROJECT: &str = "/api/v1/workspaces/{id_or_name}/projects/{project}/members";
    const PROJECT_ASSIGNMENTS: &str = "/api/v1/workspaces/{id_or_name}/projects/{project}/assignments";
    vec![
        patch(
            "/api/v1/workspaces/{id_or_name}",
            NOUN,
            "Changes a workspace's name for people, its description, and with which algorithm tokens for it are signed.",
        )
        .needs::<WorkspaceUpdate>()
        .may_take::<Update>()
        .refuses(&[Conflict])
        .gives::<()>("Changed."),
        get(WORKSPACE, NOUN, "The people who may enter a workspace, by name, and through what.")
            .needs::<GrantRead>()
            .gives::<Vec<EntrantJson>>("Who.")
            .in_pages(),
        give::<GrantManage>(WORKSPACE, "Gives a role in a workspace."),
        take::<GrantManage>(WORKSPACE, "Takes a role in a workspace."),
        get(
            "/api/v1/workspaces/{id_or_name}/assignments",
            NOUN,
            "What was given to whom, also in its projects.",
        )
        .needs::<GrantRead>()
        .gives::<Vec<AssignmentJson>>("The assignments."),
        get(
            "/api/v1/workspaces/{id_or_name}/projects",
            NOUN,
            "The projects of a workspace, the oldest first.",
        )
        .needs::<GrantRead>()
        .gives::<Vec<ProjectJson>>("The projects."),
        get(PROJECT, NOUN, "The people who may see a project, by name, and through what.")
            .needs::<ProjectGrantRead>()
            .gives::<Vec<EntrantJson>>("Who.")
            .in_pages(),
        give::<ProjectGrantManage>(PROJECT, "Gives a role in a project."),
        take::<ProjectGrantManage>(PROJECT, "Takes a role in a project."),
        get(PROJECT_ASSIGNMENTS, NOUN, "What was given to whom in a project.")
            .needs::<ProjectGrantRead>()
            .gives::<Vec<AssignmentJson>>("The assignments."),
    ]
}
