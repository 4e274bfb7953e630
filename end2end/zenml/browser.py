"""What a person does in the dashboard when a command line asks to sign in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Playwright, expect

from reeve import Person

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Browser:
    """A Chromium in which every person has a profile of their own."""

    def __init__(self, playwright: Playwright):
        self._chromium = playwright.chromium.launch(executable_path=os.environ.get("REEVE_CHROMIUM"), args=FLAGS)

    def close(self) -> None:
        self._chromium.close()

    @contextmanager
    def page(self, person: Person, url: str) -> Iterator[Page]:
        """The page at `url`, opened by somebody who is signed in already."""
        context = self._chromium.new_context()
        context.add_cookies([{"name": c.name, "value": c.value or "", "url": person.reeve.url} for c in person.http.cookies])
        page = context.new_page()
        page.goto(url)
        page.locator("html[data-hydrated]").wait_for(state="attached")
        try:
            yield page
        finally:
            context.close()

    def approve(self, person: Person, url: str, workspace: str | None) -> str:
        """Chooses the workspace and approves; returns what the page had told before."""
        with self.page(person, url) as page:
            told = page.get_by_role("main").inner_text()
            if workspace:
                choose(page, workspace)
            page.get_by_role("button", name="Approve", exact=True).click()
            expect(page.get_by_role("heading", name="Device approved")).to_be_visible()
            return told

    def deny(self, person: Person, url: str) -> None:
        with self.page(person, url) as page:
            page.get_by_role("button", name="Deny", exact=True).click()
            expect(page.get_by_role("heading", name="Device denied")).to_be_visible()

    def preselected(self, person: Person, url: str) -> str | None:
        """The workspace that the page proposes."""
        with self.page(person, url) as page:
            return page.get_by_label("Connect to").locator("option:checked").inner_text()


def choose(page: Page, workspace: str) -> None:
    workspaces = page.get_by_label("Connect to")
    option = workspaces.locator("option", has_text=workspace)
    workspaces.select_option(value=option.get_attribute("value"))
