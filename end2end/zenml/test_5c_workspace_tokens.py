"""Signed tokens for a workspace: checked by a library that knows nothing of Reeve, and taken by the stock server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from conftest import Workspace
from programs import wait_until
from reeve import Person, Reeve
from stock import Server

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"


@pytest.fixture(scope="module")
def metadata(reeve: Reeve) -> dict[str, Any]:
    """What an OAuth library finds out by itself (RFC 8414)."""
    found = requests.get(f"{reeve.url}/.well-known/oauth-authorization-server", timeout=30).json()
    assert found["issuer"] == reeve.url
    return found


@pytest.fixture(scope="module")
def workspace(enrolled: Callable[[str], Workspace], dev: Server) -> Workspace:
    return enrolled("dev")


@pytest.fixture(scope="module")
def daves_key(alice: Person, workspace: Workspace) -> dict[str, Any]:
    """A token of dave, who is a developer in dev."""
    dave = alice.invite("dave@acme.test", "Dave")
    alice.give("dev", dave, "workspace-developer")
    return {**dave.token("dave's job"), "owner": dave}


def exchanged(metadata: dict[str, Any], key: str, workspace: str, **more: str) -> requests.Response:
    form = {"grant_type": EXCHANGE, "subject_token": key, "subject_token_type": ACCESS_TOKEN, "audience": workspace}
    return requests.post(metadata["token_endpoint"], data={**form, **more}, timeout=30)


def keys(metadata: dict[str, Any]) -> KeySet:
    return KeySet.import_key_set(requests.get(metadata["jwks_uri"], timeout=30).json())


def verified(metadata: dict[str, Any], token: str, audience: str) -> dict[str, Any]:
    """What the token says, as a workspace would find out by itself."""
    decoded = jwt.decode(token, keys(metadata), algorithms=metadata["access_token_signing_alg_values_supported"])
    assert decoded.header["typ"] == "at+jwt"
    must = {name: {"essential": True} for name in ("exp", "iat", "sub", "jti", "client_id")}
    JWTClaimsRegistry(
        iss={"essential": True, "value": metadata["issuer"]}, aud={"essential": True, "value": audience}, **must
    ).validate(decoded.claims)
    return decoded.claims


@pytest.mark.parametrize("algorithm", ["ES256", "RS256", "EdDSA"])
def test_a_library_verifies_a_token_of_each_algorithm(
    algorithm: str, alice: Person, daves_key: dict[str, Any], workspace: Workspace, metadata: dict[str, Any]
) -> None:
    alice.call("workspaces/update", workspace=workspace.id, display_name="dev", token_algorithm=algorithm)
    answer = exchanged(metadata, daves_key["secret"], workspace.id)
    assert answer.status_code == 200, answer.text
    assert answer.json()["issued_token_type"] == ACCESS_TOKEN
    assert answer.headers["cache-control"] == "no-store"
    claims = verified(metadata, answer.json()["access_token"], workspace.id)
    assert claims["sub"] == daves_key["owner"].id
    assert claims["exp"] - claims["iat"] == answer.json()["expires_in"] == 900


def test_the_stock_server_lets_its_holder_in(
    daves_key: dict[str, Any], workspace: Workspace, metadata: dict[str, Any], dev: Server
) -> None:
    token = exchanged(metadata, daves_key["secret"], workspace.id).json()["access_token"]
    login = dev.login(token)
    assert login.status_code == 200, login.text
    assert dev.get("current-user", login.json()["access_token"]).json()["name"] == "dave"


def test_tokens_verify_across_rotations_of_the_signing_keys(
    daves_key: dict[str, Any], workspace: Workspace, metadata: dict[str, Any], reeve: Reeve
) -> None:
    before = exchanged(metadata, daves_key["secret"], workspace.id).json()["access_token"]
    known = {key.kid for key in keys(metadata).keys}
    reeve.run("keys", "rotate-signing")
    # The running server goes by it within five seconds.
    wait_until(lambda: len({key.kid for key in keys(metadata).keys} - known) == len(known), "the next keys to be published")
    verified(metadata, before, workspace.id)
    verified(metadata, exchanged(metadata, daves_key["secret"], workspace.id).json()["access_token"], workspace.id)
    reeve.run("keys", "rotate-signing", "--now")
    wait_until(lambda: not known & {key.kid for key in keys(metadata).keys}, "the old keys to be withdrawn")
    verified(metadata, exchanged(metadata, daves_key["secret"], workspace.id).json()["access_token"], workspace.id)
    with pytest.raises((JoseError, ValueError)):
        verified(metadata, before, workspace.id)


def test_a_workspace_asks_whether_a_token_is_good_and_its_holder_gives_it_back(
    daves_key: dict[str, Any], workspace: Workspace, metadata: dict[str, Any]
) -> None:
    token = exchanged(metadata, daves_key["secret"], workspace.id, scope="workspace.enter").json()["access_token"]

    def asked() -> dict[str, Any]:
        client = (workspace.id, workspace.key)
        return requests.post(metadata["introspection_endpoint"], data={"token": token}, auth=client, timeout=30).json()

    said = asked()
    assert said["active"] is True
    assert (said["username"], said["aud"], said["scope"]) == ("dave", workspace.id, "workspace.enter")
    assert requests.post(metadata["revocation_endpoint"], data={"token": token}, timeout=30).status_code == 200
    assert asked() == {"active": False}
