"""A person works in a workspace with the rights they have there, and with none they have not."""

from __future__ import annotations

from typing import Any

from conftest import SignedIn
from reeve import Person, Reeve
from stock import Finished, Server


def test_an_admin_registers_a_project_and_sees_the_default_stack(alices_terminal: SignedIn, demo: Finished) -> None:
    assert demo.code == 0, demo.output
    assert alices_terminal.client.python("try_things", "projects", "stacks", "me") == [
        ["demo"],
        ["default"],
        {"name": "alice", "is_service_account": False, "is_admin": False},
    ]
    assert "demo" in alices_terminal.client.run("project", "list").text
    assert "default" in alices_terminal.client.run("stack", "list").text


def test_a_pipeline_with_a_model_runs_to_its_end(alices_run: dict[str, Any]) -> None:
    assert {**alices_run, "id": ""} == {"id": "", "status": "completed", "number": 40, "model": "doubler"}


def test_what_may_be_done_and_what_was_made_is_asked_and_told(alices_run: dict[str, Any], reeve: Reeve) -> None:
    questions = ("rbac/check_permissions", "rbac/allowed_resource_ids", "organizations/{id_or_name}/entitlement/{feature}")
    for route in (*questions, "usage-event"):
        assert f'"http.route":"/api/v1/{route}","http.status":200' in reeve.log, route


def test_what_was_made_is_counted_once(alices_run: dict[str, Any], alice: Person) -> None:
    report = alice.call("limits/report", org=alice.reeve.org)["features"]
    counted = {row["feature"]: row["used"] for row in report if row["used"]}
    assert counted == {"model": 1, "pipeline": 1, "pipeline_run": 1, "project": 1}
    assert {part["name"] for row in report for part in row["by_workspace"]} == {"dev"}


def test_a_project_made_with_the_command_line_is_known(alice: Person, demo_id: str) -> None:
    # By its id: the workspace reports nothing else.
    assert [(project["id"], project["name"]) for project in alice.workspace("dev")["projects"]] == [(demo_id, None)]


def test_a_member_without_a_role_signs_in_and_gets_in_nowhere(
    bobs_terminal: SignedIn, bobs_key: str, dev: Server, reeve: Reeve
) -> None:
    login = bobs_terminal.login
    assert login.code == 0, login.output
    assert "A valid server was not selected" in login.text
    nowhere = bobs_terminal.client.login("dev")
    assert nowhere.code != 0
    assert "No ZenML Pro server with the name 'dev' exists or you don't have access to it." in nowhere.text
    nothing = bobs_terminal.client.run("server", "list", "--all", "--pro-api-url", reeve.api)
    assert "No ZenML Pro servers" in nothing.text
    direct = dev.login(bobs_key)
    assert (direct.status_code, "Not authorized to access this server" in direct.text) == (401, True)
    refused = "SELECT DISTINCT actor_name, outcome FROM audit_entries WHERE action = 'access.denied'"
    assert reeve.database.rows(refused) == [("Bob", "refused")]
