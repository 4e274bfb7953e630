"""A role that an organization made allows what was ticked, and projects are made from the dashboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conftest import refused
from reeve import Person, Refused
from stock import Server


@pytest.fixture(scope="module")
def reader(alice: Person) -> str:
    """A role that reads pipelines, and the projects they are in."""
    return alice.make_role("workspace", "Pipeline reader", "pipeline.read", "project.read", "workspace.enter")


def test_a_custom_role_allows_what_was_chosen_and_no_more(
    alice: Person, carol: Person, reader: str, as_carol: Callable[..., Any], alices_run: dict[str, Any]
) -> None:
    alice.give("dev", carol, reader)
    things = (
        *("projects", "project:demo", "pipelines", "runs", "models", "stacks", "secrets"),
        *("create_model:x", "create_secret:x", f"delete_run:{alices_run['id']}"),
    )
    assert as_carol("try_things", *things) == [
        ["demo", "other"],
        None,
        ["doubling"],
        0,
        [],
        ["default"],
        [],
        refused("CREATE", "model"),
        refused("CREATE", "secret"),
        # It cannot even be looked up, which the client does before.
        refused("READ", "pipeline_run"),
    ]


def test_what_is_taken_from_a_role_or_with_it_is_gone_at_the_next_request(
    alice: Person, carol: Person, reader: str, carols_laptop: str, dev: Server, demo_id: str
) -> None:
    token = dev.login(carols_laptop).json()["access_token"]

    def seen() -> tuple[list[str], list[str]]:
        return dev.names("projects", token), dev.names(f"pipelines?project={demo_id}", token)

    assert seen() == (["demo", "other"], ["doubling"])
    revision = alice.call("roles/one", org=alice.reeve.org, role=reader)["revision"]
    change = {"name": "Pipeline reader", "permissions[0]": "pipeline.read", "permissions[1]": "workspace.enter"}
    alice.call("roles/update", org=alice.reeve.org, role=reader, revision=revision, **change)
    assert seen() == ([], ["doubling"])
    with pytest.raises(Refused) as late:
        # Somebody who still sees the role as it was does not overwrite it.
        alice.call("roles/update", org=alice.reeve.org, role=reader, revision=revision, **change)
    assert late.value.status == 409
    alice.give("dev", carol, None)
    assert seen() == ([], [])
    assert dev.get(f"projects/{demo_id}", token).status_code == 403
    assert dev.login(carols_laptop).status_code == 401


def test_a_deleted_role_takes_its_grants_with_it(
    alice: Person, carol: Person, reader: str, carols_laptop: str, dev: Server, demo_id: str
) -> None:
    alice.give("dev", carol, reader)
    token = dev.login(carols_laptop).json()["access_token"]
    assert dev.names(f"pipelines?project={demo_id}", token) == ["doubling"]
    alice.call("roles/delete", org=alice.reeve.org, role=reader)
    assert dev.names(f"pipelines?project={demo_id}", token) == []
    assert dev.login(carols_laptop).status_code == 401


def test_a_project_made_from_the_dashboard_is_in_the_workspace(alice: Person, dev: Server, alices_token: str) -> None:
    workspace = alice.workspace("dev")["row"]["id"]
    made = alice.call("projects/create", workspace=workspace, name="planned", display_name="Planned")
    assert made["name"] == "Planned"
    there = dev.get("projects/planned", alices_token).json()
    assert (there["id"], there["body"]["display_name"]) == (made["id"], "Planned")
    # One who sees every project anyway needs no role in it.
    assert next(known for known in alice.workspace("dev")["projects"] if known["id"] == made["id"])["grants"] == 0


def test_whoever_makes_a_project_that_they_would_not_see_becomes_its_admin(
    alice: Person, carol: Person, carols_laptop: str, as_carol: Callable[..., Any], dev: Server
) -> None:
    workspace = alice.workspace("dev")["row"]["id"]
    founder = alice.make_role("workspace", "Founder", "project.create", "workspace.enter")
    alice.give("dev", carol, founder)
    made = carol.call("projects/create", workspace=workspace, name="carols", display_name="")
    held = [grant for grant in alice.workspace("dev")["grants"] if grant["place"].startswith("project:")]
    assert [(grant["principal"], grant["role"], grant["place"]) for grant in held] == [
        (carol.principal, "project-admin", f"project:{workspace}/{made['id']}")
    ]
    things = ("projects", "project:carols", "create_model:mine", "delete_model:mine", "project:demo")
    assert as_carol("try_things", *things) == [["carols"], None, None, None, refused("READ", "project")]


def test_a_workspace_that_refuses_a_project_is_believed(alice: Person, carol: Person) -> None:
    alice.give("dev", carol, "workspace-viewer")
    workspace = alice.workspace("dev")["row"]["id"]
    with pytest.raises(Refused) as no:
        carol.call("projects/create", workspace=workspace, name="not-hers", display_name="")
    assert (no.value.status, "project.create" in no.value.body) == (403, True)
    with pytest.raises(Refused) as twice:
        alice.call("projects/create", workspace=workspace, name="carols", display_name="")
    assert twice.value.status == 409
    alice.give("dev", carol, None)
