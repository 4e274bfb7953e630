"""The unmodified ZenML from the package index: its server, and its command line as a person uses it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from programs import Program, free_port, plain_environment

PYTHON = Path(sys.executable)
PEOPLE = Path(__file__).resolve().parent / "people"
QUIET = {"ZENML_ANALYTICS_OPT_IN": "false", "ZENML_LOGGING_COLORS_DISABLED": "true", "NO_COLOR": "1"}


def variables(block: str) -> dict[str, str]:
    """The lines of the environment block that enrolment showed, as `docker run --env-file` reads them."""
    lines = [line for line in block.splitlines() if line.strip() and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


class Server:
    """A ZenML server, told nothing but what enrolment showed, its own address and where to keep its files."""

    def __init__(self, name: str, block: str, folder: Path, without: str | None = None, **changes: str):
        port = free_port()
        self.name = name
        self.url = f"http://localhost:{port}"
        settings = {**variables(block), "ZENML_SERVER_SERVER_URL": self.url, **changes}
        if without:
            del settings[without]
        files = {"ZENML_CONFIG_PATH": str(folder / "config"), "ZENML_LOCAL_STORES_PATH": str(folder / "stores")}
        self.program = Program(
            f"zenml-server-{name}",
            [str(PYTHON), "-m", "uvicorn", "zenml.zen_server.zen_server_api:app", "--port", str(port)],
            plain_environment(folder, **QUIET, **files, **settings),
            folder,
        )

    def wait(self) -> Server:
        self.program.until(self._healthy, f"the ZenML server {self.name} to serve", seconds=150)
        return self

    def _healthy(self) -> bool:
        try:
            return requests.get(f"{self.url}/health", timeout=5).ok
        except requests.ConnectionError:
            return False

    def login(self, credential: str) -> requests.Response:
        """Signs in as the stock client does, with a token or a key of the control plane."""
        return requests.post(
            f"{self.url}/api/v1/login",
            data={"grant_type": "zenml-external"},
            headers={"Authorization": f"Bearer {credential}"},
            timeout=60,
        )

    def get(self, path: str, token: str) -> requests.Response:
        return requests.get(f"{self.url}/api/v1/{path}", headers={"Authorization": f"Bearer {token}"}, timeout=60)

    def post(self, path: str, token: str, body: Any, **query: str) -> requests.Response:
        bearer = {"Authorization": f"Bearer {token}"}
        return requests.post(f"{self.url}/api/v1/{path}", headers=bearer, params=query, json=body, timeout=60)

    def delete(self, path: str, token: str) -> requests.Response:
        return requests.delete(f"{self.url}/api/v1/{path}", headers={"Authorization": f"Bearer {token}"}, timeout=60)

    def names(self, path: str, token: str) -> list[str]:
        """What somebody is shown in a list."""
        return sorted(item["name"] for item in self.get(path, token).json()["items"])


@dataclass
class Finished:
    """A command that has ended."""

    code: int
    output: str

    @property
    def text(self) -> str:
        """The output on one line: where the terminal broke a line says nothing."""
        return re.sub(r"\s+", " ", self.output)


class Client:
    """The `zenml` command and Python package, with a folder of one person's settings."""

    def __init__(self, name: str, folder: Path, api: str):
        self.name = name
        self.folder = folder
        self.config = folder / "config"
        self.folder.mkdir(parents=True)
        self._api = api
        self._count = 0
        self._environment = plain_environment(
            folder,
            **QUIET,
            ZENML_CONFIG_PATH=str(self.config),
            BROWSER="true",
            AUTO_OPEN_DASHBOARD="false",
            # Tables and links in one piece.
            COLUMNS="400",
            TERM="dumb",
        )

    def start(self, *args: str, keyboard: str = "") -> Program:
        """Starts `zenml …` and goes on."""
        self._count += 1
        command = [str(PYTHON.with_name("zenml")), *args]
        return Program(f"{self.name}-{self._count}", command, self._environment, self.folder, keyboard)

    def run(self, *args: str, keyboard: str = "", seconds: float = 90) -> Finished:
        """Runs `zenml …` to its end."""
        program = self.start(*args, keyboard=keyboard)
        try:
            return Finished(program.ended(seconds), program.log)
        finally:
            program.stop()

    def login(self, *args: str, keyboard: str = "", seconds: float = 90) -> Finished:
        return self.run("login", *args, "--pro-api-url", self._api, keyboard=keyboard, seconds=seconds)

    def start_login(self, *args: str) -> tuple[Program, str]:
        """Starts `zenml login …` up to where it waits for the browser; returns the address it wants opened."""
        program = self.start("login", *args, "--pro-api-url", self._api)

        def shown() -> str | None:
            found = re.search(r"https?://\S+/devices/verify\S*", program.log)
            return found[0] if found else None

        return program, program.until(shown, "the address to approve the login at")

    def python(self, script: str, *args: str, seconds: float = 150, **environment: str) -> Any:
        """Runs one of the scripts in `people/`; returns what it found, which is its last line."""
        done = subprocess.run(
            [str(PYTHON), str(PEOPLE / f"{script}.py"), *args],
            cwd=self.folder,
            env={**self._environment, **environment},
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert done.returncode == 0, f"{script} ended with {done.returncode}:\n{done.stdout[-3000:]}\n{done.stderr[-5000:]}"
        return json.loads(done.stdout.splitlines()[-1])
