"""Personal access tokens: for the command line, for programs, and for plain HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from conftest import SignedIn, Workspace
from reeve import Person, Reeve
from stock import Client, Server


@pytest.fixture(scope="module")
def carols_key(alice: Person, carol: Person, dev: Server) -> dict[str, Any]:
    """A token of carol, who is a developer in dev."""
    alice.give("dev", carol, "workspace-developer")
    return carol.token("carol's job")


def used(person: Person, token: dict[str, Any]) -> str | None:
    """When a token was last used, as its owner is shown it."""
    return next(row["last_used_at"] for row in person.call("api_keys/list")["keys"] if row["id"] == token["id"])


def test_a_token_typed_at_the_prompt_connects_as_its_owner(
    carols_key: dict[str, Any], dev: Server, new_client: Callable[[str], Client]
) -> None:
    client = new_client("carol")
    login = client.login("dev", "--api-key", keyboard=f"{carols_key['secret']}\n")
    assert login.code == 0, login.output
    assert "Connected to ZenML Pro server: dev." in login.text
    assert carols_key["secret"] not in login.output
    assert client.python("try_things", "me", "create_project:x") == [
        {"name": "carol", "is_service_account": False, "is_admin": False},
        None,
    ]


def test_a_program_needs_nothing_but_its_environment(
    carol: Person, alices_run: dict[str, Any], dev: Server, reeve: Reeve, new_client: Callable[[str], Client]
) -> None:
    token = carol.token("carol's nightly run")
    assert used(carol, token) is None
    run = new_client("nightly").python(
        "run_pipeline",
        "demo",
        "doubling",
        ZENML_STORE_URL=dev.url,
        ZENML_STORE_API_KEY=token["secret"],
        ZENML_PRO_API_URL=reeve.api,
    )
    assert (run["status"], run["number"]) == ("completed", 40)
    assert used(carol, token) is not None


def test_a_token_of_an_admin_does_what_they_may(reeve: Reeve, dev: Server, alices_run: dict[str, Any]) -> None:
    token = dev.login(reeve.initial.api_key).json()["access_token"]
    assert dev.get("current-user", token).json()["name"] == "alice"
    assert "demo" in [project["name"] for project in dev.get("projects", token).json()["items"]]


def test_plain_http_exchanges_a_token_or_uses_it_as_it_is(carols_key: dict[str, Any], carol: Person, reeve: Reeve) -> None:
    exchanged = requests.post(f"{reeve.api}/auth/login", data={"password": carols_key["secret"]}, timeout=30)
    assert exchanged.status_code == 200, exchanged.text
    assert (exchanged.json()["token_type"].lower(), exchanged.json()["expires_in"]) == ("bearer", 3600)
    me = [
        requests.get(f"{reeve.api}/users/me", headers={"Authorization": f"Bearer {credential}"}, timeout=30).json()
        for credential in (exchanged.json()["access_token"], carols_key["secret"])
    ]
    assert me[0] == me[1]
    assert (me[0]["id"], me[0]["email"]) == (carol.id, "carol@acme.test")


def test_a_revoked_token_is_refused_everywhere_at_once(
    carols_key: dict[str, Any], carol: Person, reeve: Reeve, dev: Server
) -> None:
    key = carols_key["secret"]
    exchanged = requests.post(f"{reeve.api}/auth/login", data={"password": key}, timeout=30).json()["access_token"]
    carol.call("api_keys/revoke", id=carols_key["id"])
    assert requests.post(f"{reeve.api}/auth/login", data={"password": key}, timeout=30).status_code == 401
    for credential in (key, exchanged):
        bearer = {"Authorization": f"Bearer {credential}"}
        assert requests.get(f"{reeve.api}/users/me", headers=bearer, timeout=30).status_code == 401
        assert dev.login(credential).status_code == 401


def test_the_python_client_of_the_control_plane_finds_workspaces_and_organizations(
    alices_terminal: SignedIn, dev: Server, reeve: Reeve, enrolled: Callable[[str], Workspace]
) -> None:
    enrolled("prod")
    workspace = enrolled("dev").id
    found = alices_terminal.client.python("look_around", reeve.api, reeve.org, workspace, ZENML_PRO_URL=reeve.url)
    assert found == {
        "workspaces": ["dev", "prod"],
        "my_workspaces": ["dev", "prod"],
        "workspace": {"name": "dev", "status": "available", "url": dev.url, "version": "0.98.0"},
        "dashboard": [f"{reeve.url}/workspaces/dev", f"{reeve.url}/organizations/{reeve.org}"],
        "organization_by_id": "acme",
        "organization_by_name": reeve.org,
        "organizations": ["acme"],
    }
