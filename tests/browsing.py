"""Pages in a real browser: Debian's chromium, which opens them from disk."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra `dev`)")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
if CHROMIUM is None and os.environ.get("CI") != "true":
    pytest.skip("no chromium on this machine (Debian: apt-get install chromium)", allow_module_level=True)

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@contextmanager
def running() -> Iterator:
    """Run a browser."""
    assert CHROMIUM, "CI needs chromium (apt-get install chromium)"
    with playwright.sync_playwright() as run:
        opened = run.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


class Opened:
    """A page open in the browser, with what it complained of and what it asked for."""

    def __init__(self, browser, path: Path, address: str = "", **options: object) -> None:
        self.trouble: list[str] = []
        self.requests: list[str] = []
        self.tab = browser.new_context(reduced_motion="reduce", **options).new_page()
        self.tab.set_default_timeout(5000)
        self.tab.set_default_navigation_timeout(60_000)  # a busy machine loads slowly
        self.tab.on("console", lambda m: self.trouble.append(m.text) if m.type in ("error", "warning") else None)
        self.tab.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.tab.on("request", lambda request: self.requests.append(request.url))
        self.tab.goto(path.as_uri() + address)
        self.path = path

    def start(self, table: str) -> None:
        """Scroll to a table, which makes it one that can be searched and sorted."""
        self.tab.locator(f"#{table}").scroll_into_view_if_needed()
        self.tab.locator(f"#{table}_wrapper").wait_for()

    def close(self) -> None:
        """Close the page, which complained of nothing and asked for nothing but itself."""
        assert self.trouble == [], self.trouble
        assert [url for url in self.requests if not url.startswith("data:")] == [self.path.as_uri()]
        self.tab.context.close()
