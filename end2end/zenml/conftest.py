"""What the acceptance tests share: one Reeve, its people, one workspace whose server runs, and command lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from browser import Browser
from programs import Program
from reeve import Person, Reeve, Team
from stock import Client, Finished, Server


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """A failed test shows what the programs that are still running printed last."""
    report = yield
    if report.failed:
        for program in Program.started:
            if program.running:
                report.sections.append((f"end of the log of {program.name}", program.log[-5000:]))
    return report


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything of this run: databases, settings, logs. pytest keeps the last three."""
    return tmp_path_factory.mktemp("zenml")


@pytest.fixture(scope="session")
def reeve(folder: Path) -> Iterator[Reeve]:
    reeve = Reeve(folder)
    yield reeve
    reeve.stop()
    reeve.database.drop()


@pytest.fixture(scope="session", autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    yield
    for program in Program.started:
        program.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = Browser(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def alice(reeve: Reeve) -> Person:
    """Organization Admin."""
    return reeve.owner()


@pytest.fixture(scope="session")
def bob(alice: Person) -> Person:
    """Organization Member."""
    return alice.invite("bob@acme.test", "Bob")


@pytest.fixture(scope="session")
def carol(alice: Person) -> Person:
    """Organization Member."""
    return alice.invite("carol@acme.test", "Carol")


@pytest.fixture(scope="session")
def ds(alice: Person, bob: Person) -> Team:
    """The team of bob."""
    return alice.make_team("ds", bob)


@pytest.fixture(scope="session")
def bobs_key(bob: Person) -> str:
    return bob.token("bob's laptop")["secret"]


@pytest.fixture(scope="session")
def carols_laptop(carol: Person) -> str:
    """A token of carol, who has no role anywhere at first."""
    return carol.token("carol's laptop")["secret"]


@dataclass
class Workspace:
    """A workspace as its operator sees it."""

    id: str
    name: str
    #: What enrolment showed once.
    environment: str
    #: Its enrollment key.
    key: str


@pytest.fixture(scope="session")
def enrolled(alice: Person) -> Callable[[str], Workspace]:
    """Enrols a workspace; the second time, what was shown the first time."""
    known: dict[str, Workspace] = {}

    def enrol(name: str) -> Workspace:
        if name not in known:
            shown: dict[str, Any] = alice.enrol(name)
            known[name] = Workspace(shown["workspace"], name, shown["environment"], shown["key"])
        return known[name]

    return enrol


@pytest.fixture(scope="session")
def dev(folder: Path, enrolled: Callable[[str], Workspace]) -> Server:
    """The server of the workspace dev; it runs until the end."""
    return Server("dev", enrolled("dev").environment, folder / "dev").wait()


@pytest.fixture(scope="session")
def new_client(folder: Path, reeve: Reeve) -> Callable[[str], Client]:
    """A command line that nobody has signed in with yet."""
    return lambda name: Client(name, folder / f"client-{name}", reeve.api)


@dataclass
class SignedIn:
    """A command line after `zenml login`."""

    client: Client
    #: What the command printed.
    login: Finished
    #: What the page for approving it said.
    page: str


@pytest.fixture(scope="session")
def alices_terminal(alice: Person, dev: Server, browser: Browser, new_client: Callable[[str], Client]) -> SignedIn:
    """alice has run `zenml login --pro`, chosen dev in the browser and approved."""
    client = new_client("alice")
    program, url = client.start_login("--pro")
    page = browser.approve(alice, url, "dev")
    return SignedIn(client, Finished(program.ended(), program.log), page)


@pytest.fixture(scope="session")
def bobs_terminal(bob: Person, dev: Server, browser: Browser, new_client: Callable[[str], Client]) -> SignedIn:
    """bob has signed in before he was given any role: there was no workspace to choose."""
    client = new_client("bob")
    program, url = client.start_login("--pro")
    page = browser.approve(bob, url, None)
    return SignedIn(client, Finished(program.ended(), program.log), page)


@pytest.fixture(scope="session")
def as_carol(
    carols_laptop: str, dev: Server, reeve: Reeve, new_client: Callable[[str], Client]
) -> Callable[..., Any]:
    """carol runs a script of `people/` that is told its server and her token, and nothing else."""
    client = new_client("carols-laptop")
    told = {"ZENML_STORE_URL": dev.url, "ZENML_STORE_API_KEY": carols_laptop, "ZENML_PRO_API_URL": reeve.api}
    return lambda script, *args: client.python(script, *args, **told)


@pytest.fixture(scope="session")
def demo(alices_terminal: SignedIn) -> Finished:
    """alice has registered the project demo."""
    return alices_terminal.client.run("project", "register", "demo", "--set")


@pytest.fixture(scope="session")
def alices_run(alices_terminal: SignedIn, demo: Finished) -> dict[str, Any]:
    """alice has run a pipeline in demo."""
    return alices_terminal.client.python("run_pipeline", "demo", "doubling")


@pytest.fixture(scope="session")
def demo_id(alices_token: str, dev: Server, demo: Finished) -> str:
    """The id of demo in its workspace."""
    return dev.get("projects/demo", alices_token).json()["id"]


@pytest.fixture(scope="session")
def alices_token(dev: Server, reeve: Reeve) -> str:
    """What the workspace gave alice when she signed in to it."""
    return dev.login(reeve.initial.api_key).json()["access_token"]


@pytest.fixture(scope="session")
def alices_things(alices_terminal: SignedIn, dev: Server, alices_token: str) -> dict[str, str]:
    """A stack and two secrets that alice made; the id of each by its name."""
    verbs = ("create_stack:alices", "create_secret:alices-key", "create_secret:alices-spare")
    assert alices_terminal.client.python("try_things", *verbs) == [None, None, None]
    made = dev.get("stacks", alices_token).json()["items"] + dev.get("secrets", alices_token).json()["items"]
    return {thing["name"]: thing["id"] for thing in made}


def refused(action: str, kind: str) -> Any:
    """What the stock client says when the control plane refuses."""

    class Refused:
        def __eq__(self, other: object) -> bool:
            # What lives in a project is named with the project's id before it.
            text = rf"Insufficient permissions to {action} resource '([0-9a-f-]+:)?{kind}['/]"
            return isinstance(other, dict) and re.search(text, other.get("refused", "")) is not None

        def __repr__(self) -> str:
            return f"<refused to {action} a {kind}>"

    return Refused()
