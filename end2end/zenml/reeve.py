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
        answer = self._send(operation, **body)
        if answer.status_code == 403 and answer.json()["code"] == "fresh_sign_in_required":
            self._sign_in_again()
            answer = self._send(operation, **body)
        if answer.status_code >= 400:
            raise Refused(answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def _send(self, operation: str, **body: Any) -> requests.Response:
        return self.http.post(f"{self.reeve.url}/api/fn/{operation}", allow_redirects=False, timeout=30, **body)

    def _sign_in_again(self) -> None:
        """By another link. The session before goes on: a browser may have it."""
        self.http.cookies.clear()
        answer = self._send("sessions/use_link", data={"link": self.reeve.sign_in_link(self.email).rsplit("/", 1)[1]})
        assert answer.ok, answer.text

    @property
    def id(self) -> str:
        return self.call("sessions/me")["id"]

    @property
    def principal(self) -> str:
        """As grants name them."""
        return f"user:{self.id}"

    def token(self, name: str) -> dict[str, Any]:
        """Makes a personal access token; its `secret` is the value."""
        return self.call("api_keys/create_secret", name=name, expiry="90")

    def invite(self, email: str, name: str, role: str = "organization-member") -> Person:
        """Invites somebody into the organization, who accepts at once."""
        invited = self.call("invitations/create", org=self.reeve.org, emails=email, role=role)
        secret = invited["invitations"][0]["url"].rsplit("/", 1)[1]
        person = Person(self.reeve, email)
        person.call("invitations/accept", link=secret, name=name)
        return person

    def enrol(self, name: str) -> dict[str, Any]:
        """Enrols a workspace; what is shown once."""
        return self.call("workspaces/enroll", org=self.reeve.org, name=name, display_name=name, description="")

    def workspace(self, name: str) -> dict[str, Any]:
        return self.call("workspaces/get", name=name)

    def give(self, workspace: str, whom: Person | Team, role: str | None, project: str | None = None) -> None:
        """Gives a person or a team this one role in a workspace, or in one project of it, or takes theirs."""
        detail = self.workspace(workspace)
        id = detail["row"]["id"]
        level, place = ("project", f"project:{id}/{project}") if project else ("workspace", f"workspace:{id}")
        theirs = [grant for grant in detail["grants"] if (grant["principal"], grant["place"]) == (whom.principal, place)]
        if role is not None and role not in [grant["role"] for grant in theirs]:
            self.call(f"grants/add_in_{level}", workspace=id, project=project, who=whom.principal, role=role)
        for grant in theirs:
            if grant["role"] != role:
                self.call(f"grants/remove_in_{level}", workspace=id, project=project, grant=grant["id"])

    def make_team(self, name: str, *members: Person) -> Team:
        team = Team(self.call("teams/create", org=self.reeve.org, name=name, description="")["id"], name)
        for member in members:
            self.call("teams/add_member", team=team.id, who=member.email)
        return team

    def make_role(self, level: str, name: str, *permissions: str) -> str:
        """Makes a custom role; its id."""
        allowed = {f"permissions[{n}]": permission for n, permission in enumerate(permissions)}
        return self.call("roles/create", org=self.reeve.org, level=level, name=name, description="", **allowed)["id"]

    def usage(self, feature: str) -> dict[str, Any]:
        """The row of the page of usage."""
        report = self.call("limits/report", org=self.reeve.org)
        return next(row for row in report["features"] if row["feature"] == feature)

    def audit(self, action: str) -> list[dict[str, Any]]:
        """The newest entries of the audit log with this action."""
        return self.ask("audit/list", org=self.reeve.org, query={"action": action})["items"]


@dataclass
class Team:
    """People who hold roles together."""

    id: str
    name: str

    @property
    def principal(self) -> str:
        """As grants name it."""
        return f"team:{self.id}"


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
        made = self.run("init", "--org", "acme", "--owner", "alice@acme.test", "--api-key", "--json")
        self.initial = Initial(**json.loads(made))
        self.org = self.initial.organization_id
        self._server: Program | None = None
        self.start()

    def run(self, *arguments: str) -> str:
        """What a subcommand prints."""
        done = subprocess.run(
            [str(BINARY), *arguments],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def sign_in_link(self, email: str) -> str:
        """A link that signs somebody in once, as whoever runs the machine makes one."""
        return self.run("owner-link", "--email", email).split()[-1]

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

    @property
    def log(self) -> str:
        """Everything logged since the first start."""
        assert self._server is not None
        return self._server.log

    def restart(self) -> None:
        self.stop()
        self.start()

    def owner(self) -> Person:
        """alice, who follows the link that `reeve init` printed."""
        alice = Person(self, "alice@acme.test")
        alice.call("sessions/use_link", link=self.initial.sign_in_url.rsplit("/", 1)[1])
        return alice
