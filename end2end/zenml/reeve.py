"""The real `reeve`, and the people who use its dashboard."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from database import Database
from programs import ROOT, Program, free_port, plain_environment

BINARY = Path(os.environ.get("REEVE_BIN", ROOT / "target/release/reeve"))


class Refused(Exception):
    """What the dashboard's API answered instead of doing it."""

    def __init__(self, status: int, body: str):
        super().__init__(f"{status}: {body}")
        self.status = status
        self.body = body


class Person:
    """Somebody with a session in the dashboard."""

    def __init__(self, reeve: Reeve, email: str):
        self.reeve = reeve
        self.email = email
        self.http = requests.Session()
        # What a browser says of a form on a page of the same origin.
        self.http.headers.update({"Accept": "application/json", "Sec-Fetch-Site": "same-origin"})

    def call(self, operation: str, **fields: Any) -> Any:
        """Does what a form of the dashboard does; returns what came of it."""
        return self._post(operation, data={name: str(value) for name, value in fields.items() if value is not None})

    def ask(self, operation: str, **fields: Any) -> Any:
        """Asks what a page of the dashboard asks."""
        return self._post(operation, json=fields)

    def _post(self, operation: str, **body: Any) -> Any:
        answer = self.http.post(f"{self.reeve.url}/api/fn/{operation}", allow_redirects=False, timeout=30, **body)
        if answer.status_code >= 400:
            raise Refused(answer.status_code, answer.text)
        return answer.json() if answer.content else None

    @property
    def id(self) -> str:
        return self.call("sessions/me")["id"]

    def token(self, name: str) -> dict[str, Any]:
        """Makes a personal access token; its `secret` is the value."""
        return self.call("tokens/create_secret", name=name, expiry="90")

    def invite(self, email: str, name: str) -> Person:
        """Invites somebody into the organization, who accepts at once."""
        invited = self.call("invitations/create", org=self.reeve.org, emails=email, role="organization-member")
        secret = invited["invitations"][0]["url"].rsplit("/", 1)[1]
        person = Person(self.reeve, email)
        person.call("invitations/accept", link=secret, name=name)
        return person

    def enrol(self, name: str) -> dict[str, Any]:
        """Enrols a workspace; what is shown once."""
        return self.call("workspaces/enroll", org=self.reeve.org, name=name, display_name=name, description="")

    def workspace(self, name: str) -> dict[str, Any]:
        return self.call("workspaces/get", name=name)

    def give(self, workspace: str, person: Person, role: str | None) -> None:
        """Gives somebody this one role in a workspace, or takes theirs."""
        if role is None:
            self.call("grants/remove", workspace=workspace, user=person.id)
        else:
            self.call("grants/set", workspace=workspace, user=person.id, role=role)

    def audit(self, action: str) -> list[dict[str, Any]]:
        """The newest entries of the audit log with this action."""
        return self.ask("audit/list", org=self.reeve.org, query={"action": action})["items"]


@dataclass
class Initial:
    """What `reeve init --json` prints."""

    organization_id: str
    user_id: str
    sign_in_url: str
    api_key: str


class Reeve:
    """One installation: the real binary and a database, with the organization acme of alice@acme.test in it."""

    def __init__(self, folder: Path):
        assert BINARY.exists(), f"{BINARY} is missing: run `make build`"
        self._folder = folder
        self._port = free_port()
        self.url = f"http://localhost:{self._port}"
        #: What stock ZenML is told.
        self.api = f"{self.url}/api/v1"
        self.database = Database(folder)
        self._environment = plain_environment(
            folder,
            REEVE_LISTEN=f"127.0.0.1:{self._port}",
            REEVE_PUBLIC_URL=self.url,
            REEVE_DATABASE_URL=self.database.url,
            REEVE_SECRET_KEY=secrets.token_hex(32),
        )
        made = subprocess.run(
            [str(BINARY), "init", "--org", "acme", "--owner", "alice@acme.test", "--api-key", "--json"],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert made.returncode == 0, made.stderr
        self.initial = Initial(**json.loads(made.stdout))
        self.org = self.initial.organization_id
        self._server: Program | None = None
        self.start()

    def start(self) -> None:
        # Started in the repository's folder, it finds the site that was built with it.
        self._server = Program("reeve", [str(BINARY), "serve"], self._environment, self._folder, cwd=ROOT)
        self._server.until(self._ready, "Reeve to be ready")

    def _ready(self) -> bool:
        try:
            return requests.get(f"{self.url}/ready", timeout=5).ok
        except requests.ConnectionError:
            return False

    def stop(self) -> None:
        assert self._server is not None
        code = self._server.stop()
        assert code == 0, f"Reeve ended with {code}:\n{self._server.log[-4000:]}"

    def restart(self) -> None:
        self.stop()
        self.start()

    def owner(self) -> Person:
        """alice, who follows the link that `reeve init` printed."""
        alice = Person(self, "alice@acme.test")
        alice.call("sessions/use_link", link=self.initial.sign_in_url.rsplit("/", 1)[1])
        return alice
