"""Each workspace role, held through a team, allows in an unmodified ZenML what its description says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conftest import SignedIn, refused
from reeve import Person, Reeve, Team
from stock import Server


@pytest.fixture
def as_bob(
    alice: Person, ds: Team, bobs_terminal: SignedIn, alices_run: dict[str, Any], alices_things: dict[str, str]
) -> Callable[..., list[Any]]:
    """bob tries things in dev, where his team has a role; what came of each."""

    def tries(role: str, *things: str) -> list[Any]:
        alice.give("dev", ds, role)
        return bobs_terminal.client.python("try_things", *things)

    return tries


def test_a_viewer_through_a_team_gets_in_sees_and_makes_nothing(
    alice: Person, ds: Team, bobs_terminal: SignedIn, as_bob: Callable[..., list[Any]]
) -> None:
    alice.give("dev", ds, "workspace-viewer")
    login = bobs_terminal.client.login("dev")
    assert "Connected to ZenML Pro server: dev." in login.text, login.output
    assert "demo" in bobs_terminal.client.run("project", "list").text
    register = bobs_terminal.client.run("project", "register", "x")
    assert register.code != 0
    assert "Insufficient permissions to CREATE resource 'project'." in register.text
    things = ("project:demo", "runs", "models", "stacks", "secrets", "create_model:viewed", "create_secret:viewed")
    assert as_bob("workspace-viewer", *things) == [
        None,
        1,
        ["doubler"],
        ["alices", "default"],
        ["alices-key", "alices-spare"],
        refused("CREATE", "model"),
        refused("CREATE", "secret"),
    ]


def test_a_workspace_shows_who_gets_in_and_through_what(alice: Person, bob: Person, ds: Team) -> None:
    alice.give("dev", ds, "workspace-viewer")
    ways = next(entrant["ways"] for entrant in alice.workspace("dev")["people"] if entrant["user"] == bob.id)
    assert [(way["by"]["role_name"], way["team"], way["place_name"]) for way in ways] == [
        ("Workspace Viewer", [ds.id, "ds"], "dev")
    ]


def test_a_contributor_works_on_what_is_theirs_and_sees_no_project(as_bob: Callable[..., list[Any]]) -> None:
    things = ("projects", "stacks", "secrets", "create_stack:bobs", "stacks", "create_project:x", "rename_stack:bobs=bob")
    assert as_bob("workspace-contributor", *things) == [
        [],
        ["default"],
        [],
        None,
        ["bobs", "default"],
        refused("CREATE", "project"),
        None,
    ]


def test_a_developer_sees_runs_and_makes_models_but_deletes_nothing_of_others(
    as_bob: Callable[..., list[Any]], alices_run: dict[str, Any]
) -> None:
    things = (
        *("project:demo", "projects", "runs", "create_model:bobs", "models"),
        *(f"delete_run:{alices_run['id']}", "delete_stack:alices", "runs"),
    )
    assert as_bob("workspace-developer", *things) == [
        None,
        ["demo"],
        1,
        None,
        ["bobs", "doubler"],
        refused("DELETE", "pipeline_run"),
        refused("DELETE", "stack"),
        1,
    ]


def test_a_stack_admin_owns_every_stack_and_no_project(as_bob: Callable[..., list[Any]]) -> None:
    things = ("projects", "secrets", "rename_stack:alices=renamed", "stacks", "rename_stack:renamed=alices")
    assert as_bob("stack-admin", *things) == [[], [], None, ["bob", "default", "renamed"], None]


def test_a_workspace_admin_does_everything_in_it_and_nothing_elsewhere(
    as_bob: Callable[..., list[Any]], bob: Person
) -> None:
    things = (
        *("create_project:shortlived", "projects", "project:demo", "create_secret:bobs", "delete_model:bobs", "models"),
        *("delete_project:shortlived", "projects"),
    )
    assert as_bob("workspace-admin", *things) == [
        None,
        ["demo", "shortlived"],
        None,
        None,
        None,
        ["doubler"],
        None,
        ["demo"],
    ]
    assert [row["name"] for row in bob.call("workspaces/list", org=bob.reeve.org)["page"]["items"]] == ["dev"]


def test_a_viewer_of_the_organization_gets_in_and_sees_what_is_everybodys(alice: Person, dev: Server) -> None:
    dora = alice.invite("dora@acme.test", "Dora", role="organization-viewer")
    entered = dev.login(dora.token("dora's laptop")["secret"])
    assert entered.status_code == 200, entered.text
    token = entered.json()["access_token"]
    assert [dev.names(path, token) for path in ("projects", "stacks", "secrets")] == [[], ["default"], []]


def test_a_change_of_role_holds_at_the_next_request(
    alice: Person, carol: Person, carols_laptop: str, dev: Server, alices_run: dict[str, Any]
) -> None:
    alice.give("dev", carol, "workspace-viewer")
    token = dev.login(carols_laptop).json()["access_token"]
    assert dev.names("projects", token) == ["demo"]
    alice.give("dev", carol, "workspace-contributor")
    assert dev.names("projects", token) == []
    alice.give("dev", carol, "workspace-viewer")
    assert dev.names("projects", token) == ["demo"]
    alice.give("dev", carol, None)
    assert dev.names("projects", token) == []
    assert dev.login(carols_laptop).status_code == 401


def test_leaving_a_team_holds_at_the_next_request(
    alice: Person, bob: Person, bobs_key: str, ds: Team, dev: Server, reeve: Reeve, demo_id: str
) -> None:
    alice.give("dev", ds, "workspace-viewer")
    token = dev.login(bobs_key).json()["access_token"]
    assert dev.names("projects", token) == ["demo"]
    alice.call("teams/remove_member", team=ds.id, principal=bob.principal)
    assert dev.names("projects", token) == []
    assert dev.get(f"projects/{demo_id}", token).status_code == 403
    assert dev.login(bobs_key).status_code == 401
    alice.call("teams/add_member", team=ds.id, who=bob.email)
    assert dev.names("projects", token) == ["demo"]
