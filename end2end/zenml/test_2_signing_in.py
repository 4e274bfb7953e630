"""`zenml login`: a person approves the command line in the browser and is connected to the workspace they chose."""

from __future__ import annotations

import platform
import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import requests

from browser import Browser
from conftest import SignedIn, Workspace
from reeve import Person, Reeve
from stock import Client, Server

BY_DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"


def test_a_login_approved_in_the_browser_connects(alices_terminal: SignedIn) -> None:
    login = alices_terminal.login
    assert login.code == 0, login.output
    assert "Successfully logged in to ZenML Pro." in login.text
    assert "Connected to ZenML Pro server: dev." in login.text


def test_the_page_shows_what_asks_to_sign_in(alices_terminal: SignedIn) -> None:
    # The terminal shows no code of its own; the address does.
    code = re.search(r"user_code=([A-Z-]+)", alices_terminal.login.output)
    assert code
    for expected in (code[1], platform.node(), platform.system(), "0.98.0", platform.python_version(), "127.0.0.1"):
        assert expected in alices_terminal.page


def test_status_names_server_organization_and_person(alices_terminal: SignedIn, dev: Server) -> None:
    status = alices_terminal.client.run("status")
    assert status.code == 0, status.output
    for expected in ("Connected to a ZenML Pro server", "dev", "acme", dev.url, "The active user is: 'alice'"):
        assert expected in status.text


def test_server_list_shows_what_runs_and_with_all_what_does_not(
    alices_terminal: SignedIn, reeve: Reeve, enrolled: Callable[[str], Workspace]
) -> None:
    enrolled("prod")
    running = alices_terminal.client.run("server", "list", "--pro-api-url", reeve.api)
    assert running.code == 0, running.output
    assert enrolled("dev").id in running.text
    assert "0.98.0" in running.text
    assert enrolled("prod").id not in running.text
    everything = alices_terminal.client.run("server", "list", "--all", "--pro-api-url", reeve.api)
    assert enrolled("dev").id in everything.text
    assert enrolled("prod").id in everything.text
    assert "pending" in everything.text


def test_another_login_needs_no_browser(
    alices_terminal: SignedIn, dev: Server, enrolled: Callable[[str], Workspace]
) -> None:
    for server in ("dev", enrolled("dev").id, dev.url, f"{dev.url}/"):
        again = alices_terminal.client.login(server)
        assert again.code == 0, again.output
        assert "Connected to ZenML Pro server: dev." in again.text
        assert "/devices/verify" not in again.text


def test_a_server_that_nobody_knows_is_named(alices_terminal: SignedIn) -> None:
    unknown = alices_terminal.client.login("nosuch")
    assert unknown.code != 0
    assert "No ZenML Pro server with the name 'nosuch' exists or you don't have access to it." in unknown.text


def test_a_denied_login_and_one_that_nobody_decides_end_with_the_reason(
    alice: Person, browser: Browser, reeve: Reeve, new_client: Callable[[str], Client]
) -> None:
    denied, url = new_client("denied").start_login("--pro")
    browser.deny(alice, url)
    late, _ = new_client("late").start_login("--pro")
    # Ten minutes pass.
    reeve.database.change(
        "UPDATE devices SET expires_at = created_at WHERE approved_at IS NULL AND denied_at IS NULL"
    )
    assert denied.ended() != 0
    assert "Error: access_denied" in denied.log
    assert late.ended() != 0
    assert "Error: expired_token" in late.log


class CommandLine:
    """A program that speaks to the token endpoint as the stock client does, but at times of its own."""

    def __init__(self, reeve: Reeve):
        self.api = reeve.api
        self.client_id = str(uuid4())
        started = requests.post(f"{self.api}/auth/device_authorization", data={"client_id": self.client_id}, timeout=30)
        assert started.status_code == 200, started.text
        self.codes = started.json()

    def poll(self, **changes: str) -> requests.Response:
        form = {"grant_type": BY_DEVICE_CODE, "client_id": self.client_id, "device_code": self.codes["device_code"]}
        return requests.post(f"{self.api}/auth/login", data={**form, **changes}, timeout=30)

    def error(self, **changes: str) -> str:
        answer = self.poll(**changes)
        assert answer.status_code == 400, answer.text
        # The stock client gives up at any other key.
        assert set(answer.json()) <= {"error", "error_description", "error_uri", "status_code"}
        return answer.json()["error"]


def test_polling_is_answered_in_the_words_of_the_standard(alice: Person, reeve: Reeve) -> None:
    line = CommandLine(reeve)
    assert line.error() == "authorization_pending"
    assert line.error() == "slow_down"
    assert line.error(device_code="nonsense") == "invalid_grant"
    assert line.error(client_id=str(uuid4())) == "invalid_grant"


def test_a_device_code_works_once(alice: Person, reeve: Reeve, enrolled: Callable[[str], Workspace]) -> None:
    line = CommandLine(reeve)
    alice.call("devices/approve", user_code=line.codes["user_code"], workspace=enrolled("dev").id, trusted="false")
    token = line.poll()
    assert token.status_code == 200, token.text
    assert token.json()["device_metadata"] == {"tenant_id": enrolled("dev").id}
    assert line.error() == "invalid_grant"
    bearer = {"Authorization": f"Bearer {token.json()['access_token']}"}
    assert requests.get(f"{reeve.api}/users/me", headers=bearer, timeout=30).status_code == 200


def test_a_login_waits_for_a_workspace_whose_server_has_not_reported(
    alice: Person, browser: Browser, alices_terminal: SignedIn, enrolled: Callable[[str], Workspace], folder: Path
) -> None:
    client = alices_terminal.client
    # `--refresh` signs in anew, and the page proposes the workspace that was named.
    program, url = client.start_login("prod", "--refresh")
    assert "workspace=prod" in url
    assert "prod" in (browser.preselected(alice, url) or "")
    browser.approve(alice, url, None)
    program.until(lambda: "Successfully logged in" in program.log, "the login")
    prod = Server("prod", enrolled("prod").environment, folder / "prod").wait()
    assert program.ended() == 0, program.log
    assert "Connected to ZenML Pro server: prod." in program.log
    assert "Connected to ZenML Pro server: dev." in client.login("dev").text
    prod.program.stop()


def test_a_deactivated_workspace_lets_nobody_in(
    alice: Person, alices_terminal: SignedIn, enrolled: Callable[[str], Workspace]
) -> None:
    alice.call("workspaces/set_active", workspace=enrolled("prod").id, active="false")
    refused = alices_terminal.client.login("prod")
    assert refused.code != 0
    assert "Your `prod` ZenML Pro server is currently deactivated." in refused.text
