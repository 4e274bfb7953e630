"""Programs that run beside the tests: each in a process group of its own, with everything it has printed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parents[2]

T = TypeVar("T")


def plain_environment(home: Path, **more: str) -> dict[str, str]:
    """Only what is named: a developer's own REEVE_… and ZENML_… settings must not reach the tests."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1", **more}


_ports = iter(range(24_000, 32_000))


def free_port() -> int:
    """A port that is free, and below those that systems give to outgoing connections: nothing else takes it meanwhile."""
    for port in _ports:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no port is free")


def wait_until(answer: Callable[[], T | None], what: str, seconds: float = 20) -> T:
    """Asks again until the answer is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = answer()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"after {seconds} s still waiting for {what}")


class Program:
    """A program that runs beside the tests."""

    #: Every program that was started, for the report of a failed test.
    started: list[Program] = []

    def __init__(self, name: str, args: list[str], environment: Mapping[str, str], folder: Path, keyboard: str = "", cwd: Path | None = None):
        self.name = name
        folder.mkdir(parents=True, exist_ok=True)
        self._log = folder / f"{name}.log"
        typed = folder / f"{name}.typed"
        typed.write_text(keyboard)
        with self._log.open("ab") as output, typed.open("rb") as keys:
            self._process = subprocess.Popen(
                args,
                cwd=cwd or folder,
                env=dict(environment),
                stdin=keys,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        # It may have been a secret.
        typed.unlink()
        Program.started.append(self)

    @property
    def log(self) -> str:
        """Everything printed so far."""
        return self._log.read_text(errors="replace")

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def until(self, answer: Callable[[], T | None], what: str, seconds: float = 90) -> T:
        """Asks again until the answer is true; fails at once, with the log, when the program has ended."""

        def ask() -> T | None:
            value = answer()
            if not value and not self.running:
                # It may have said it with its last words.
                value = answer()
                assert value, f"{self.name} ended with {self._process.returncode}, waiting for {what}:\n{self.log}"
            return value

        try:
            return wait_until(ask, what, seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.name} printed:\n{self.log[-4000:]}") from None

    def ended(self, seconds: float = 90) -> int:
        """Waits for its end; returns its exit code."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.name} did not end in {seconds} s; it printed:\n{self.log[-4000:]}") from None

    def stop(self) -> int:
        """Ends it as an operator would; returns its exit code."""
        if self.running:
            os.killpg(self._process.pid, signal.SIGTERM)
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
        return self._process.wait()
