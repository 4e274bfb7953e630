"""An unmodified ZenML server, given what enrolment showed, becomes a workspace of the organization."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import requests

from conftest import Workspace
from reeve import Person, Reeve
from stock import Server, variables

Enrolled = Callable[[str], Workspace]


def test_tokens_and_enrollment_keys_are_shown_once_and_kept_as_digests(
    alice: Person, reeve: Reeve, enrolled: Enrolled, bobs_key: str
) -> None:
    enrollment_key = variables(enrolled("dev").environment)["ZENML_SERVER_PRO_OAUTH2_CLIENT_SECRET"]
    assert reeve.initial.api_key.startswith("ZENPROKEY_")
    assert bobs_key.startswith("ZENPROKEY_")
    secrets = (reeve.initial.api_key, bobs_key, enrollment_key)
    again = repr(alice.call("api_keys/list")) + repr(alice.workspace("dev"))
    assert [secret for secret in secrets if secret in again] == []
    tables = ("api_keys", "workspace_credentials", "audit_entries")
    stored = repr([reeve.database.rows(f"SELECT * FROM {table}") for table in tables])
    assert [secret for secret in secrets if secret in stored] == []


def test_a_workspace_is_pending_until_its_server_reports(alice: Person, enrolled: Enrolled) -> None:
    for name in ("dev", "prod"):
        enrolled(name)
        row = alice.workspace(name)["row"]
        assert (row["status"], row["server_url"], row["version"]) == ("pending", None, None)


def test_a_started_server_is_available_with_its_version_and_address(
    alice: Person, reeve: Reeve, enrolled: Enrolled, request: pytest.FixtureRequest
) -> None:
    began = len(alice.audit("workspace.reported"))
    dev: Server = request.getfixturevalue("dev")
    row = alice.workspace("dev")["row"]
    assert (row["status"], row["version"], row["server_url"]) == ("available", "0.98.0", dev.url)
    assert row["health"] == "reporting"
    reports = alice.audit("workspace.reported")
    assert len(reports) == began + 1
    assert (reports[0]["actor_kind"], reports[0]["target_name"]) == ("workspace", "dev")
    assert any(entry["actor_kind"] == "workspace" for entry in alice.audit("token.issued"))


def test_the_server_says_where_its_control_plane_is(dev: Server, reeve: Reeve, enrolled: Enrolled) -> None:
    info = requests.get(f"{dev.url}/api/v1/info", timeout=30).json()
    told = {name: info[name] for name in ("id", "deployment_type", "auth_scheme", "server_url", "dashboard_url")}
    assert told == {
        "id": enrolled("dev").id,
        "deployment_type": "cloud",
        "auth_scheme": "EXTERNAL",
        "server_url": dev.url,
        "dashboard_url": f"{reeve.url}/workspaces/dev",
    }
    pro = {name: info[f"pro_{name}"] for name in ("api_url", "dashboard_url", "organization_name", "workspace_name")}
    assert pro == {
        "api_url": reeve.api,
        "dashboard_url": reeve.url,
        "organization_name": "acme",
        "workspace_name": "dev",
    }
    assert UUID(info["pro_organization_id"]) == UUID(reeve.org)


def test_a_browser_at_the_server_is_sent_to_the_dashboard(dev: Server, reeve: Reeve, alice: Person) -> None:
    sent = requests.get(dev.url, allow_redirects=False, timeout=30)
    assert (sent.status_code, sent.headers["Location"]) == (307, f"{reeve.url}/workspaces/dev")
    # Links that stock ZenML prints lead below the workspace; they end on its page.
    for path in ("", "/projects/demo/runs"):
        page = alice.http.get(sent.headers["Location"] + path, headers={"Accept": "text/html"}, timeout=30)
        assert page.status_code == 200
        assert "dev" in page.text


def test_a_browser_without_credentials_is_sent_to_sign_in_and_back(dev: Server, reeve: Reeve, alice: Person) -> None:
    answer = requests.post(f"{dev.url}/api/v1/login", data={"grant_type": "zenml-external"}, timeout=30)
    sign_in = answer.json()["authorization_url"]
    assert sign_in == f"{reeve.url}/api/auth/login"
    asked = {"redirect": f"{dev.url}/"}
    stranger = requests.get(sign_in, params=asked, allow_redirects=False, timeout=30)
    assert stranger.status_code == 303
    assert stranger.headers["Location"].startswith("/login?next=")
    signed_in = alice.http.get(sign_in, params=asked, allow_redirects=False, timeout=30)
    assert (signed_in.status_code, signed_in.headers["Location"].rstrip("/")) == (303, dev.url)
    # Anywhere else would make Reeve a springboard for phishing.
    elsewhere = {"redirect": "http://localhost.evil.test/"}
    assert "evil" not in alice.http.get(sign_in, params=elsewhere, allow_redirects=False, timeout=30).headers["Location"]


def test_servers_that_cannot_prove_who_they_are_do_not_start(
    alice: Person, reeve: Reeve, enrolled: Enrolled, folder: Path
) -> None:
    block = enrolled("prod").environment
    refused = "SELECT COUNT(*) FROM audit_entries WHERE action = 'token.refused' AND outcome = 'refused'"
    before = int(reeve.database.rows(refused)[0][0])
    servers = {
        "wrong-key": Server("wrong-key", block, folder / "wrong-key", ZENML_SERVER_PRO_OAUTH2_CLIENT_SECRET="wrong"),
        "unknown-id": Server("unknown-id", block, folder / "unknown-id", ZENML_SERVER_PRO_WORKSPACE_ID=str(uuid4())),
        "no-audience": Server("no-audience", block, folder / "no-audience", without="ZENML_SERVER_PRO_OAUTH2_AUDIENCE"),
    }
    codes = {name: server.program.ended(150) for name, server in servers.items()}
    assert codes == {"wrong-key": 3, "unknown-id": 3, "no-audience": 1}
    assert alice.workspace("prod")["row"]["status"] == "pending"
    assert int(reeve.database.rows(refused)[0][0]) == before + 2


def test_a_running_server_gets_over_a_restart_of_the_control_plane(dev: Server, reeve: Reeve) -> None:
    entered = dev.login(reeve.initial.api_key)
    assert entered.status_code == 200, entered.text
    token = entered.json()["access_token"]
    assert dev.get("projects", token).status_code == 200
    reeve.restart()
    assert dev.get("projects", token).status_code == 200
    # Its own token is gone too: it signs in again and nobody notices.
    reeve.database.change("DELETE FROM access_tokens WHERE credential_id IS NOT NULL")
    assert dev.get("projects", token).status_code == 200
    assert dev.program.running
