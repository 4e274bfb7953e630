"""What is taken away is gone at the next use."""

from __future__ import annotations

from browser import Browser
from conftest import SignedIn
from reeve import Person, Reeve, Team
from stock import Server


def test_a_revoked_device_must_sign_in_again(
    alice: Person, bob: Person, ds: Team, bobs_terminal: SignedIn, browser: Browser, reeve: Reeve, dev: Server
) -> None:
    alice.give("dev", ds, "workspace-viewer")
    assert "Connected" in bobs_terminal.client.login("dev").text
    device = bob.call("devices/list")[0]
    bob.call("devices/revoke", id=device["id"])
    refused = bobs_terminal.client.login("dev")
    assert refused.code != 0
    assert "Connected" not in refused.text
    # Approved anew, it works again.
    again, url = bobs_terminal.client.start_login("dev", "--refresh")
    browser.approve(bob, url, "dev")
    assert again.ended() == 0, again.log
    assert "Connected to ZenML Pro server: dev." in " ".join(again.log.split())


def test_whoever_is_removed_is_refused_at_the_next_call(
    alice: Person, bob: Person, bobs_key: str, ds: Team, bobs_terminal: SignedIn, dev: Server
) -> None:
    alice.give("dev", ds, "workspace-viewer")
    client = bobs_terminal.client
    assert "Connected" in client.login("dev").text
    assert "demo" in client.run("project", "list").text
    assert dev.login(bobs_key).status_code == 200
    alice.call("members/remove", org=alice.reeve.org, user=bob.id)
    # Their account in the workspace holds until its own token has run out: it is shown nothing any more.
    assert "demo" not in client.run("project", "list").text
    assert client.run("project", "register", "afterwards").code != 0
    assert dev.login(bobs_key).status_code == 401
    refused = client.login("dev")
    assert refused.code != 0
    assert "Connected" not in refused.text


def test_logging_out_leaves_nothing_behind(alices_terminal: SignedIn, reeve: Reeve) -> None:
    client = alices_terminal.client
    credentials = client.config / "credentials.yaml"
    assert reeve.api in credentials.read_text()
    done = client.run("logout", "--pro", "--clear", "--pro-api-url", reeve.api)
    assert done.code == 0, done.output
    assert not credentials.exists() or reeve.api not in credentials.read_text()
