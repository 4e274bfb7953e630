"""A limit set in the dashboard is what a ZenML user hears of when it is reached."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import SignedIn
from reeve import Person, Refused


def test_a_second_pipeline_is_refused_at_a_limit_of_one_until_it_is_lifted(
    alice: Person, alices_terminal: SignedIn, alices_run: dict[str, Any]
) -> None:
    def runs(name: str) -> dict[str, Any]:
        return alices_terminal.client.python("run_pipeline", "demo", name)

    used = alice.usage("pipeline")
    assert (used["used"], used["limit"]) == (1, None)
    alice.call("limits/set", org=alice.reeve.org, feature="pipeline", most="1")
    assert alice.usage("pipeline")["limit"] == 1
    assert "Your subscription reached its `pipeline` limit" in runs("tripling").get("refused", "")
    # What is there already goes on.
    assert runs("doubling").get("status") == "completed"
    assert alice.usage("pipeline")["used"] == 1
    alice.call("limits/set", org=alice.reeve.org, feature="pipeline", most="")
    assert runs("tripling").get("status") == "completed"
    used = alice.usage("pipeline")
    assert (used["used"], used["limit"], [part["name"] for part in used["by_workspace"]]) == (2, None, ["dev"])


def test_a_limit_of_projects_holds_for_those_made_from_the_dashboard(
    alice: Person, alices_terminal: SignedIn
) -> None:
    most = alice.usage("project")["used"]
    alice.call("limits/set", org=alice.reeve.org, feature="project", most=most)
    register = alices_terminal.client.run("project", "register", "too-many")
    assert register.code != 0
    assert "Your subscription reached its `project` limit" in register.text
    with pytest.raises(Refused) as no:
        workspace = alice.workspace("dev")["row"]["id"]
        alice.call("projects/create", workspace=workspace, name="too-many", display_name="")
    assert no.value.status == 402
    alice.call("limits/set", org=alice.reeve.org, feature="project", most="")
    assert alice.usage("project")["used"] == most


def test_only_who_manages_limits_sees_and_sets_them(carol: Person) -> None:
    for operation, fields in (("limits/report", {}), ("limits/set", {"feature": "pipeline", "most": "0"})):
        with pytest.raises(Refused) as no:
            carol.call(operation, org=carol.reeve.org, **fields)
        assert no.value.status in (403, 404)
