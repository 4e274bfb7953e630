"""A role in one project reaches that project and nothing else of the workspace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from conftest import SignedIn, refused
from reeve import Person, Reeve, Refused, Team
from stock import Client, Server


@pytest.fixture(scope="module", autouse=True)
def other(alice: Person, ds: Team, dev: Server, alices_token: str) -> str:
    """A second project, in which nobody but alice has a part; its id."""
    alice.give("dev", ds, None)
    made = dev.post("projects", alices_token, {"name": "other", "description": ""})
    assert made.status_code == 200, made.text
    return made.json()["id"]


def test_a_project_of_the_workspace_is_known_once_it_is_made(alice: Person, demo_id: str, other: str) -> None:
    assert {demo_id, other} <= {project["id"] for project in alice.workspace("dev")["projects"]}


def test_a_viewer_of_one_project_gets_in_and_sees_only_that(
    alice: Person,
    carol: Person,
    carols_laptop: str,
    as_carol: Callable[..., Any],
    dev: Server,
    demo_id: str,
    alices_run: dict[str, Any],
    alices_things: dict[str, str],
    new_client: Callable[[str], Client],
) -> None:
    assert dev.login(carols_laptop).status_code == 401
    alice.give("dev", carol, "project-viewer", demo_id)
    login = new_client("carols-terminal").login("dev", "--api-key", keyboard=f"{carols_laptop}\n")
    assert "Connected to ZenML Pro server: dev." in login.text, login.output
    things = ("projects", "project:other", "project:demo", "runs", "models", "stacks", "secrets", "create_model:viewed")
    assert as_carol("try_things", *things) == [
        ["demo"],
        refused("READ", "project"),
        None,
        1,
        ["doubler"],
        ["default"],
        [],
        refused("CREATE", "model"),
    ]


def test_a_viewer_of_a_project_runs_nothing_in_it(
    carols_laptop: str, as_carol: Callable[..., Any], dev: Server, demo_id: str
) -> None:
    assert as_carol("run_pipeline", "demo", "doubling") == refused("CREATE", r"pipeline\w*")
    token = dev.login(carols_laptop).json()["access_token"]
    run = {"name": "carols", "project": demo_id, "snapshot": str(uuid4()), "status": "running"}
    made = dev.post("runs", token, run)
    assert (made.status_code, f"CREATE resource '{demo_id}:pipeline_run'" in made.text) == (403, True), made.text


def test_a_contributor_of_a_project_runs_pipelines_and_changes_nothing_of_others(
    alice: Person, carol: Person, as_carol: Callable[..., Any], demo_id: str, alices_run: dict[str, Any]
) -> None:
    alice.give("dev", carol, "project-contributor", demo_id)
    run = as_carol("run_pipeline", "demo", "doubling")
    assert (run.get("status"), run.get("number")) == ("completed", 40), run
    hers, alices = f"delete_run:{run['id']}", f"delete_run:{alices_run['id']}"
    assert as_carol("try_things", "runs", alices, "delete_model:doubler", "create_project:x", hers) == [
        2,
        refused("DELETE", "pipeline_run"),
        refused("DELETE", "model"),
        refused("CREATE", "project"),
        None,
    ]


def test_an_admin_of_a_project_gives_roles_in_it_and_nowhere_else(
    alice: Person,
    carol: Person,
    bobs_key: str,
    bobs_terminal: SignedIn,
    ds: Team,
    dev: Server,
    demo_id: str,
    other: str,
) -> None:
    alice.give("dev", carol, "project-admin", demo_id)
    workspace = alice.workspace("dev")["row"]["id"]
    carol.call("grants/add_in_project", workspace=workspace, project=demo_id, who="team:ds", role="project-developer")
    assert "Connected to ZenML Pro server: dev." in bobs_terminal.client.login("dev").text
    things = ("projects", "project:demo", "runs", "create_model:bobs", "models")
    assert bobs_terminal.client.python("try_things", *things) == [["demo"], None, 1, None, ["bobs", "doubler"]]
    for level, project in (("project", other), ("workspace", None)):
        with pytest.raises(Refused) as no:
            role = f"{level}-viewer"
            carol.call(f"grants/add_in_{level}", workspace=workspace, project=project, who="team:ds", role=role)
        assert no.value.status in (403, 404)
    alice.give("dev", ds, None, demo_id)
    assert dev.login(bobs_key).status_code == 401


def test_with_a_deleted_project_the_roles_and_shares_in_it_are_gone(
    alice: Person, carol: Person, carols_laptop: str, dev: Server, reeve: Reeve, alices_token: str, demo_id: str
) -> None:
    alice.give("dev", carol, None, demo_id)
    gone = dev.post("projects", alices_token, {"name": "gone", "description": ""}).json()["id"]
    model = dev.post("models", alices_token, {"name": "gone", "project": gone}).json()["id"]
    with_carol = {"resource_type": "model", "resource_id": model, "user_id": carol.id}
    shared = dev.post("users/resource_membership", alices_token, ["read"], **with_carol)
    assert shared.status_code == 200, shared.text
    alice.give("dev", carol, "project-viewer", gone)
    token = dev.login(carols_laptop).json()["access_token"]
    assert (dev.names("projects", token), dev.names(f"models?project={gone}", token)) == (["gone"], ["gone"])
    assert dev.delete(f"projects/{gone}", alices_token).status_code == 200
    assert dev.login(carols_laptop).status_code == 401
    detail = alice.workspace("dev")
    assert gone not in repr([detail["projects"], detail["grants"], detail["people"]])
    assert reeve.database.rows("SELECT resource_type FROM resource_shares") == []
