"""When Reeve cannot decide, nothing is allowed, and its operator can read why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import requests

from conftest import Workspace
from reeve import Person, Reeve
from stock import Server, variables


@contextmanager
def fault(reeve: Reeve) -> Iterator[None]:
    """The database answers every question of who may do what with an error: a column that it reads is not there."""
    reeve.database.change("ALTER TABLE organizations RENAME COLUMN policy_version TO policy_version_away")
    try:
        yield
    finally:
        reeve.database.change("ALTER TABLE organizations RENAME COLUMN policy_version_away TO policy_version")


def check(reeve: Reeve, dev: Workspace, user: str) -> requests.Response:
    """Asks as the workspace's server does, with the key it was given."""
    told = variables(dev.environment)
    form = {
        "grant_type": "client_credentials",
        "client_id": told["ZENML_SERVER_PRO_WORKSPACE_ID"],
        "client_secret": told["ZENML_SERVER_PRO_OAUTH2_CLIENT_SECRET"],
        "audience": told["ZENML_SERVER_PRO_OAUTH2_AUDIENCE"],
    }
    token = requests.post(f"{reeve.api}/auth/login", data=form, timeout=30).json()["access_token"]
    return requests.post(
        f"{reeve.api}/rbac/check_permissions",
        params={"user_id": user, "action": "read"},
        json=["stack"],
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
    )


def test_a_fault_while_deciding_is_an_error_in_the_workspace_and_in_the_log(
    alice: Person,
    reeve: Reeve,
    dev: Server,
    enrolled: Callable[[str], Workspace],
    alices_token: str,
    demo_id: str,
) -> None:
    workspace, alices_id = enrolled("dev"), alice.id
    assert check(reeve, workspace, alices_id).json() == {"stack": True}
    logged = len(reeve.log)
    with fault(reeve):
        decided = check(reeve, workspace, alices_id)
        failed = {path: dev.get(path, alices_token).status_code for path in ("projects", f"projects/{demo_id}")}
    assert (decided.status_code, "policy_version" in decided.text) == (500, False)
    assert failed == {"projects": 500, f"projects/{demo_id}": 500}
    assert "policy_version" in reeve.log[logged:]
    assert "demo" in dev.names("projects", alices_token)


def test_while_reeve_is_down_a_workspace_shows_nothing_and_lets_nobody_in(
    reeve: Reeve, dev: Server, alices_token: str
) -> None:
    reeve.stop()
    try:
        assert dev.get("projects", alices_token).status_code == 500
        assert dev.login(reeve.initial.api_key).status_code == 401
    finally:
        reeve.start()
    assert "demo" in dev.names("projects", alices_token)
