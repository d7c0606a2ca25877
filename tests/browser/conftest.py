"""A real browser and real servers. Without a Chromium these tests fail on CI, else are skipped.

Servers listen on loopback, on a free port, and are stopped by their process id. Every test has its
own context, and fails if the console shows an error or another host is contacted.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import need_browser
import pytest
from driver import WAIT_MS, OwnContext, Server, start
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from sourcing.ui.page_registry import PAGES
from sourcing.warehouse.snapshots import Warehouse

ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update "
    "--disable-sync --no-first-run --num-raster-threads=1"
).split()
NONE_FOUND = (
    "No Chromium was found, so the browser tests did not run: python tests/browser/need_browser.py"
)
_skipped: list[str] = []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if _skipped:
        terminalreporter.write_sep("!", NONE_FOUND, red=True, bold=True)


@pytest.fixture(scope="session")
def sample_server(sample: Warehouse) -> Iterator[Server]:
    server = start(sample)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def demo_server(demo_corpus: Warehouse) -> Iterator[Server]:
    server = start(demo_corpus)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def odd_server(odd: Warehouse) -> Iterator[Server]:
    server = start(odd)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser per module: while it runs, this thread can run no other event loop."""
    with sync_playwright() as playwright:
        path = need_browser.chromium()
        if path is None and Path(playwright.chromium.executable_path).exists():
            path = playwright.chromium.executable_path
        if path is None:
            if os.environ.get("CI") == "true":
                pytest.fail(NONE_FOUND)
            _skipped.append(NONE_FOUND)
            pytest.skip(NONE_FOUND)
        chromium = playwright.chromium.launch(executable_path=path, headless=True, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[OwnContext]:
    """Make contexts with a fresh profile; a problem in one of them fails the test."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def new(**options: Any) -> BrowserContext:
        # Without animations a page is drawn once, not for a second at every change.
        still: dict[str, Any] = {"viewport": {"width": 1400, "height": 1000}}
        options = still | {"reduced_motion": "reduce"} | options
        new_context = browser.new_context(**options)
        new_context.set_default_timeout(WAIT_MS)
        new_context.on("request", lambda request: problems.extend(_elsewhere(request.url)))
        new_context.on("console", lambda message: problems.extend(_complaint(message)))
        new_context.on("weberror", lambda error: problems.append(f"uncaught: {error.error}"))
        contexts.append(new_context)
        return new_context

    yield new
    for item in contexts:
        item.close()
    assert not problems, "\n".join(problems)


@pytest.fixture
def page(context: OwnContext) -> Page:
    """A page in a context of its own."""
    return context().new_page()


def _elsewhere(url: str) -> list[str]:
    """A request that leaves this machine."""
    parts = urlsplit(url)
    outside = parts.scheme not in ("data", "blob") and parts.hostname != "localhost"
    return [f"another host was asked: {url[:300]}"] if outside else []


_PAGES = "|".join(page.address for page in PAGES)
_LOOKED_FOR = re.compile(rf"/({_PAGES})/_stcore/(health|host-config)$")


def _complaint(message: ConsoleMessage) -> list[str]:
    """An error on the console.

    On a page other than the first, Streamlit looks for its server below that page's path before it
    finds it one level up; the browser logs the two answers 404, which no page can prevent.
    """
    if message.type != "error":
        return []
    path = urlsplit(message.location.get("url", "")).path
    searching = "404" in message.text and _LOOKED_FOR.search(path)
    return [] if searching else [f"on the console: {message.text} ({path})"]
