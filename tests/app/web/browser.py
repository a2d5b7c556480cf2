"""A browser for tests: Debian's Chromium, watched so that nothing it does goes unseen."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
PAGE_PATIENCE = (
    60.0  # seconds that a page may take to show what it should: longer than any does, even on a busy machine
)
REQUIRED = "ENTREPOT_BROWSER"


def chromium() -> str:
    """Return the browser's path; without one a test is skipped, or fails where browsers are required."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        if os.environ.get("CI") or os.environ.get(REQUIRED):
            pytest.fail("there must be a browser here: apt-get install chromium")
        pytest.skip("no Chromium on this machine; Debian's package `chromium` has it")
    return found


class Watched:
    """A page, what it said on its console, and where else it went."""

    def __init__(self, page: Any, home: str) -> None:
        self.page, self.home = page, home
        self.said: list[str] = []
        self.elsewhere: list[str] = []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self._asked(request.url))

    def _note(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.said.append(message.text)

    def _asked(self, url: str) -> None:
        if not url.startswith((self.home, "data:", "blob:")):
            self.elsewhere.append(url)

    def open(self, path: str) -> Any:
        """Go to a page and wait until its scripts have run."""
        self.page.goto(self.home + path)
        self.page.wait_for_selector("html.scripted, body.reading")
        return self.page

    def headline(self) -> str:
        return " ".join(self.page.inner_text("h1").split())

    def changes(self, before: str) -> str:
        """Return the headline once it differs from what it was."""
        self.page.wait_for_function(
            "before => document.querySelector('h1').innerText.split(/\\s+/).join(' ') !== before"
            " && !document.querySelector('[aria-busy=true]')",
            arg=before,
        )
        return self.headline()

    def looks_at(self, country: str) -> str:
        """Return the headline once the tiles are those of a country; it is about the change, so it stays."""
        self.page.wait_for_selector(f".tiles >> text=real income of {country}")
        self.page.wait_for_function("() => !document.querySelector('[aria-busy=true]')")
        return self.headline()


@contextmanager
def watched(browser: Any, home: str, **context: Any) -> Iterator[Watched]:
    """Yield a new window that must stay silent and at home."""
    opened = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **context})
    opened.set_default_timeout(1000 * PAGE_PATIENCE)
    window = Watched(opened.new_page(), home)
    yield window
    opened.close()
    assert window.said == [], "the console must stay silent"
    assert window.elsewhere == [], "no request may leave the machine"
