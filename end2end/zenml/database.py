"""An empty database for Reeve, and a look into it for what no page shows."""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import subprocess
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ENGINE = os.environ.get("REEVE_E2E_ENGINE", "sqlite")


def _psql() -> str:
    # Debian keeps the programs of each major version in a folder outside PATH.
    found = shutil.which("psql") or next(map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin/psql"))), None)
    assert found, "psql is missing: it comes with PostgreSQL"
    return found


class Database:
    """One database, on the engine that REEVE_E2E_ENGINE names."""

    def __init__(self, folder: Path):
        assert ENGINE in ("sqlite", "postgres"), f"REEVE_E2E_ENGINE is {ENGINE}"
        if ENGINE == "sqlite":
            self._file = folder / "reeve.db"
            self.url = f"sqlite:{self._file}"
            return
        self._cluster = os.environ["TEST_POSTGRES_URL"]
        self._name = f"zenml_{secrets.token_hex(8)}"
        self.url = urlunsplit(urlsplit(self._cluster)._replace(path=f"/{self._name}"))
        self._run_psql(self._cluster, f"CREATE DATABASE {self._name}")

    def rows(self, query: str) -> list[tuple[str, ...]]:
        """The rows of a query that reads the same on both engines, every value as text."""
        if ENGINE == "sqlite":
            with sqlite3.connect(self._file, timeout=20) as connection:
                return [tuple(str(value) for value in row) for row in connection.execute(query)]
        return [tuple(line.split("\t")) for line in self._run_psql(self.url, query).splitlines()]

    def change(self, statement: str) -> None:
        """Changes rows behind Reeve's back: time that has passed, or a token that is gone."""
        if ENGINE == "sqlite":
            with sqlite3.connect(self._file, timeout=20) as connection:
                connection.execute(statement)
        else:
            self._run_psql(self.url, statement)

    def drop(self) -> None:
        if ENGINE == "postgres":
            self._run_psql(self._cluster, f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")

    @staticmethod
    def _run_psql(url: str, statement: str) -> str:
        args = [_psql(), "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", statement]
        done = subprocess.run(args, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout
