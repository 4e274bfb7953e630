"""Each workspace role allows in an unmodified ZenML what its description says, from the very next request on."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from conftest import SignedIn, Workspace
from reeve import Person
from stock import Server


@pytest.fixture
def as_bob(
    alice: Person, bob: Person, bobs_terminal: SignedIn, enrolled: Callable[[str], Workspace], alices_run: dict[str, Any]
) -> Callable[..., list[Any]]:
    """bob tries things in the project demo, in a role; what came of each."""

    def tries(role: str, *things: str) -> list[Any]:
        alice.give(enrolled("dev").id, bob, role)
        return bobs_terminal.client.python("try_things", *things)

    return tries


def refused(action: str, kind: str) -> Any:
    """What the stock client says when the control plane refuses."""

    class Refused:
        def __eq__(self, other: object) -> bool:
            # What lives in a project is named with the project's id before it.
            text = rf"Insufficient permissions to {action} resource '([0-9a-f-]+:)?{kind}['/]"
            return isinstance(other, dict) and re.search(text, other.get("refused", "")) is not None

        def __repr__(self) -> str:
            return f"<refused to {action} a {kind}>"

    return Refused()


def test_a_viewer_gets_in_sees_and_makes_nothing(
    alice: Person, bob: Person, bobs_terminal: SignedIn, as_bob: Callable[..., list[Any]], enrolled: Callable[[str], Workspace]
) -> None:
    alice.give(enrolled("dev").id, bob, "workspace-viewer")
    login = bobs_terminal.client.login("dev")
    assert "Connected to ZenML Pro server: dev." in login.text, login.output
    assert "demo" in bobs_terminal.client.run("project", "list").text
    register = bobs_terminal.client.run("project", "register", "x")
    assert register.code != 0
    assert "Insufficient permissions to CREATE resource 'project'" in register.text
    assert as_bob("workspace-viewer", "project:demo", "runs", "models", "create_model:viewed", "create_secret:viewed") == [
        None,
        1,
        ["doubler"],
        refused("CREATE", "model"),
        refused("CREATE", "secret"),
    ]


def test_a_contributor_works_on_what_is_theirs_and_sees_no_project(as_bob: Callable[..., list[Any]]) -> None:
    assert as_bob("workspace-contributor", "projects", "stacks", "create_stack:bobs", "stacks", "create_project:x") == [
        [],
        ["default"],
        None,
        ["bobs", "default"],
        refused("CREATE", "project"),
    ]


def test_a_developer_sees_runs_and_makes_models_but_deletes_nothing_of_others(
    as_bob: Callable[..., list[Any]], alices_run: dict[str, Any]
) -> None:
    things = ("project:demo", "projects", "runs", "create_model:bobs", "models", f"delete_run:{alices_run['id']}", "runs")
    assert as_bob("workspace-developer", *things) == [
        None,
        ["demo"],
        1,
        None,
        ["bobs", "doubler"],
        refused("DELETE", "pipeline_run"),
        1,
    ]


def test_a_workspace_admin_does_everything_in_it_and_nothing_elsewhere(
    as_bob: Callable[..., list[Any]], bob: Person
) -> None:
    things = ("create_project:shortlived", "projects", "project:demo", "create_secret:bobs", "delete_model:bobs", "models")
    assert as_bob("workspace-admin", *things) == [None, ["demo", "shortlived"], None, None, None, ["doubler"]]
    assert [row["name"] for row in bob.call("workspaces/list", org=bob.reeve.org)["page"]["items"]] == ["dev"]


def test_a_change_of_role_holds_at_the_next_request(
    alice: Person, carol: Person, dev: Server, enrolled: Callable[[str], Workspace], alices_run: dict[str, Any]
) -> None:
    workspace = enrolled("dev").id
    key = carol.token("carol's laptop")["secret"]
    alice.give(workspace, carol, "workspace-viewer")
    token = dev.login(key).json()["access_token"]

    def visible() -> list[str]:
        return [project["name"] for project in dev.get("projects", token).json()["items"]]

    assert "demo" in visible()
    alice.give(workspace, carol, "workspace-contributor")
    assert visible() == []
    alice.give(workspace, carol, "workspace-viewer")
    assert "demo" in visible()
    alice.give(workspace, carol, None)
    assert visible() == []
    assert dev.login(key).status_code == 401
