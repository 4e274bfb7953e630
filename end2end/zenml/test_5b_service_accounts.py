"""Service accounts: machines that work in workspaces with keys of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from conftest import SignedIn
from reeve import Person, Reeve
from stock import Client, Server


class Bot:
    """A service account, managed through the documented API by an administrator's token."""

    def __init__(self, reeve: Reeve, alice: Person, name: str):
        self.reeve = reeve
        self.http = requests.Session()
        self.http.headers["Authorization"] = f"Bearer {reeve.initial.api_key}"
        self.all = f"{reeve.api}/organizations/{reeve.org}/service_accounts"
        self.path = f"{self.all}/{name}"
        made = self.http.post(self.all, json={"username": name, "description": "Builds"}, timeout=30)
        assert made.status_code == 200, made.text
        self.id = made.json()["id"]
        self.principal = f"user:{self.id}"
        self.alice = alice

    def key(self, name: str, **more: Any) -> dict[str, Any]:
        made = self.http.post(f"{self.path}/api_keys", json={"name": name, **more}, timeout=30)
        assert made.status_code == 200, made.text
        return made.json()

    def shown(self, key: dict[str, Any]) -> dict[str, Any]:
        return self.http.get(f"{self.path}/api_keys/{key['id']}", timeout=30).json()

    def change(self, **fields: Any) -> None:
        assert self.http.put(self.path, json=fields, timeout=30).status_code == 200

    def change_key(self, key: dict[str, Any], **fields: Any) -> None:
        assert self.http.put(f"{self.path}/api_keys/{key['id']}", json=fields, timeout=30).status_code == 200

    def rotate(self, key: dict[str, Any], minutes: int) -> dict[str, Any]:
        made = self.http.post(
            f"{self.path}/api_keys/{key['id']}/rotate", json={"retain_period_minutes": minutes}, timeout=30
        )
        assert made.status_code == 200, made.text
        return made.json()


@pytest.fixture(scope="module")
def bot(reeve: Reeve, alice: Person, dev: Server) -> Bot:
    """A developer in dev."""
    bot = Bot(reeve, alice, "ci-bot")
    alice.give("dev", bot, "workspace-developer")
    return bot


def exchange(reeve: Reeve, key: str) -> requests.Response:
    return requests.post(f"{reeve.api}/auth/login", data={"password": key}, timeout=30)


def me(reeve: Reeve, credential: str) -> requests.Response:
    return requests.get(f"{reeve.api}/users/me", headers={"Authorization": f"Bearer {credential}"}, timeout=30)


def test_a_key_typed_at_the_prompt_connects_as_the_service_account(
    bot: Bot, dev: Server, new_client: Callable[[str], Client]
) -> None:
    key = bot.key("laptop")["key"]
    assert key.startswith("ZENPROKEY_")
    client = new_client("bot")
    login = client.login("dev", "--api-key", keyboard=f"{key}\n")
    assert login.code == 0, login.output
    assert "Connected to ZenML Pro server: dev." in login.text
    assert key not in login.output
    assert client.python("try_things", "me")[0] == {"name": "ci-bot", "is_service_account": True, "is_admin": False}


def test_a_pipeline_in_ci_needs_nothing_but_its_environment(
    bot: Bot, alices_run: dict[str, Any], dev: Server, reeve: Reeve, new_client: Callable[[str], Client]
) -> None:
    key = bot.key("nightly")
    assert bot.shown(key)["last_login"] is None
    run = new_client("bots-nightly").python(
        "run_pipeline",
        "demo",
        "doubling",
        ZENML_STORE_URL=dev.url,
        ZENML_STORE_API_KEY=key["key"],
        ZENML_PRO_API_URL=reeve.api,
    )
    assert (run["status"], run["number"]) == ("completed", 40)
    shown = bot.shown(key)
    assert shown["last_login"] is not None and shown["last_login_ip"] == "127.0.0.1"


def test_plain_http_exchanges_a_key_or_uses_it_as_it_is(bot: Bot, reeve: Reeve) -> None:
    key = bot.key("curl")["key"]
    exchanged = exchange(reeve, key)
    assert exchanged.status_code == 200, exchanged.text
    assert (exchanged.json()["token_type"].lower(), exchanged.json()["expires_in"]) == ("bearer", 3600)
    answers = [me(reeve, credential).json() for credential in (exchanged.json()["access_token"], key)]
    assert answers[0] == answers[1]
    assert (answers[0]["id"], answers[0]["email"], answers[0]["is_service_account"]) == (bot.id, None, True)


def test_a_rotated_key_works_beside_the_new_one_and_no_longer_than_was_said(
    bot: Bot, dev: Server, reeve: Reeve
) -> None:
    first = bot.key("rotated")
    second = bot.rotate(first, 10)
    for key in (first["key"], second["key"]):
        token = exchange(reeve, key).json()["access_token"]
        assert dev.login(token).status_code == 200
    third = bot.rotate(first, 0)
    assert exchange(reeve, first["key"]).status_code == 401
    assert exchange(reeve, second["key"]).status_code == 401
    assert me(reeve, second["key"]).status_code == 401
    assert exchange(reeve, third["key"]).status_code == 200


def test_a_switched_off_key_and_an_inactive_account_are_refused_at_once(
    bot: Bot, dev: Server, reeve: Reeve
) -> None:
    key = bot.key("switched")
    token = exchange(reeve, key["key"]).json()["access_token"]
    inside = dev.login(token).json()["access_token"]
    assert dev.get("projects", inside).json()["items"]

    bot.change_key(key, active=False)
    for credential in (key["key"], token):
        assert me(reeve, credential).status_code == 401
        assert dev.login(credential).status_code == 401
    bot.change_key(key, active=True)
    assert me(reeve, token).status_code == 200

    bot.change(active=False)
    assert exchange(reeve, key["key"]).status_code == 401
    # The workspace's own token lives on for a while; what it asks about is answered with no.
    assert dev.get("projects", inside).json().get("items", []) == []
    bot.change(active=True)
    assert dev.get("projects", inside).json()["items"]


def test_an_expired_key_is_refused(bot: Bot, reeve: Reeve) -> None:
    key = bot.key("short", expires_in_minutes=1)
    assert exchange(reeve, key["key"]).status_code == 200
    reeve.database.change("UPDATE api_keys SET expires_at = created_at + 1 WHERE name = 'short'")
    assert exchange(reeve, key["key"]).status_code == 401
    assert me(reeve, key["key"]).status_code == 401


def test_a_key_as_it_is_opens_a_workspace_only_where_the_organization_chose_that(
    bot: Bot, alice: Person, dev: Server, reeve: Reeve
) -> None:
    key = bot.key("raw")["key"]
    assert dev.login(key).status_code == 401
    assert dev.get("current-user", key).status_code == 401
    alice.call("api_keys/set_policy", org=reeve.org, endless="true", raw_keys="true")
    assert dev.login(key).status_code == 200
    assert dev.get("current-user", key).json()["name"] == "ci-bot"
    alice.call("api_keys/set_policy", org=reeve.org, endless="true", raw_keys="false")
    assert dev.login(key).status_code == 401


def test_a_deleted_account_is_gone_and_its_name_is_not_given_again(
    reeve: Reeve, alice: Person, dev: Server, alices_terminal: SignedIn
) -> None:
    bot = Bot(reeve, alice, "old-bot")
    alice.give("dev", bot, "workspace-viewer")
    key = bot.key("only")["key"]
    token = exchange(reeve, key).json()["access_token"]
    assert dev.login(token).status_code == 200
    assert bot.http.delete(bot.path, timeout=30).status_code == 200
    for credential in (key, token):
        assert me(reeve, credential).status_code == 401
        assert dev.login(credential).status_code == 401
    again = bot.http.post(bot.all, json={"username": "old-bot"}, timeout=30)
    assert again.status_code == 409, again.text
