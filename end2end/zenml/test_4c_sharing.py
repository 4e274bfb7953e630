"""One resource, shared in the workspace with a person or a team: they see that and nothing else, until it ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from conftest import SignedIn, refused
from reeve import Person, Reeve, Team
from stock import Server


@pytest.fixture(scope="module", autouse=True)
def _nobody_has_a_role(alice: Person, carol: Person, ds: Team) -> None:
    for whom in (carol, ds):
        alice.give("dev", whom, None)


@pytest.fixture
def share(dev: Server, alices_things: dict[str, str]) -> Callable[..., requests.Response]:
    """Somebody shares one of alice's things, as the workspace's own API is asked to: these actions, and no others."""

    def shares(token: str, kind: str, name: str, actions: list[str], **whom: str) -> requests.Response:
        query = {"resource_type": kind, "resource_id": alices_things[name], **whom}
        return dev.post("users/resource_membership", token, actions, **query)

    return shares


def test_a_shared_secret_lets_a_person_in_to_see_that_alone(
    carol: Person,
    carols_laptop: str,
    as_carol: Callable[..., Any],
    share: Callable[..., requests.Response],
    dev: Server,
    alices_token: str,
) -> None:
    assert dev.login(carols_laptop).status_code == 401
    assert share(alices_token, "secret", "alices-key", ["read"], user_id=carol.id).status_code == 200
    things = ("secrets", "secret_value:alices-key", "projects", "stacks", "create_secret:x", "delete_secret:alices-key")
    assert as_carol("try_things", *things) == [
        ["alices-key"],
        {},
        [],
        ["default"],
        refused("CREATE", "secret"),
        refused("DELETE", "secret"),
    ]
    # What is shared is replaced as a whole.
    both = ["read", "read_secret_value"]
    assert share(alices_token, "secret", "alices-key", both, user_id=carol.id).status_code == 200
    assert as_carol("try_things", "secret_value:alices-key") == [{"key": "value"}]


def test_the_dashboard_shows_who_gets_in_by_a_share(alice: Person, carol: Person) -> None:
    ways = next(entrant["ways"] for entrant in alice.workspace("dev")["people"] if entrant["user"] == carol.id)
    assert [way["by"] for way in ways] == [{"kind": "share", "resources": 1}]


def test_nobody_shares_on_what_they_may_not_share_or_more_than_they_hold(
    bob: Person,
    bobs_key: str,
    carol: Person,
    carols_laptop: str,
    share: Callable[..., requests.Response],
    dev: Server,
    alices_token: str,
) -> None:
    carols_token = dev.login(carols_laptop).json()["access_token"]
    on = share(carols_token, "secret", "alices-key", ["read"], user_id=bob.id)
    assert (on.status_code, "Insufficient permissions to SHARE resource 'secret/" in on.text) == (403, True), on.text
    assert dev.login(bobs_key).status_code == 401
    assert share(alices_token, "secret", "alices-key", ["read", "share"], user_id=carol.id).status_code == 200
    more = share(carols_token, "secret", "alices-key", ["read", "update"], user_id=bob.id)
    assert (more.status_code, "Insufficient permissions to UPDATE resource 'secret/" in more.text) == (403, True)
    assert dev.login(bobs_key).status_code == 401
    assert share(carols_token, "secret", "alices-key", ["read"], user_id=bob.id).status_code == 200
    assert dev.names("secrets", dev.login(bobs_key).json()["access_token"]).count("alices-key") == 1
    assert share(alices_token, "secret", "alices-key", [], user_id=bob.id).status_code == 200


def test_a_share_that_is_taken_back_is_gone_at_the_next_request(
    carol: Person, carols_laptop: str, share: Callable[..., requests.Response], dev: Server, alices_token: str
) -> None:
    token = dev.login(carols_laptop).json()["access_token"]
    assert dev.names("secrets", token) == ["alices-key"]
    assert share(alices_token, "secret", "alices-key", [], user_id=carol.id).status_code == 200
    assert dev.names("secrets", token) == []
    assert dev.login(carols_laptop).status_code == 401


def test_a_stack_shared_with_a_team_is_shared_with_everybody_in_it(
    alice: Person,
    bob: Person,
    bobs_key: str,
    bobs_terminal: SignedIn,
    carol: Person,
    carols_laptop: str,
    ds: Team,
    share: Callable[..., requests.Response],
    dev: Server,
    alices_token: str,
) -> None:
    assert share(alices_token, "stack", "alices", ["read", "update"], team_id=ds.id).status_code == 200
    assert "Connected to ZenML Pro server: dev." in bobs_terminal.client.login("dev").text
    things = ("stacks", "rename_stack:alices=ours", "rename_stack:ours=alices", "delete_stack:alices")
    assert bobs_terminal.client.python("try_things", *things) == [
        ["alices", "bob", "default"],
        None,
        None,
        refused("DELETE", "stack"),
    ]
    assert dev.login(carols_laptop).status_code == 401
    alice.call("teams/add_member", team=ds.id, who=carol.email)
    assert dev.names("stacks", dev.login(carols_laptop).json()["access_token"]) == ["alices", "default"]
    alice.call("teams/remove_member", team=ds.id, principal=carol.principal)
    assert dev.login(carols_laptop).status_code == 401
    bobs_token = dev.login(bobs_key).json()["access_token"]
    assert share(alices_token, "stack", "alices", [], team_id=ds.id).status_code == 200
    assert dev.names("stacks", bobs_token) == ["bob", "default"]
    assert dev.login(bobs_key).status_code == 401


def test_nothing_is_shared_with_oneself_or_with_somebody_of_elsewhere(
    alice: Person, share: Callable[..., requests.Response], reeve: Reeve, alices_token: str
) -> None:
    stranger = "0198f0aa-0000-7000-8000-000000000001"
    for whom in ({"user_id": alice.id}, {"user_id": stranger}, {"team_id": stranger}, {}):
        assert share(alices_token, "stack", "alices", ["read"], **whom).status_code >= 400, whom
    assert reeve.database.rows("SELECT resource_type FROM resource_shares") == []


def test_a_deleted_resource_takes_its_shares_with_it(
    carol: Person,
    carols_laptop: str,
    share: Callable[..., requests.Response],
    dev: Server,
    reeve: Reeve,
    alices_token: str,
    alices_things: dict[str, str],
) -> None:
    assert share(alices_token, "secret", "alices-spare", ["read"], user_id=carol.id).status_code == 200
    assert dev.login(carols_laptop).status_code == 200
    assert dev.delete(f"secrets/{alices_things['alices-spare']}", alices_token).status_code == 200
    assert dev.login(carols_laptop).status_code == 401
    assert reeve.database.rows("SELECT resource_type FROM resource_shares") == []


def test_shares_are_in_the_audit_log(alice: Person) -> None:
    shares = alice.audit("share.updated")
    assert {entry["actor_kind"] for entry in shares} == {"workspace"}
    assert any(entry["target_name"].startswith("secret/") for entry in shares)
