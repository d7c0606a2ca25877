"""How the browser tests run a server and look at a page: they wait for states, never for a time."""

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qsl, urlsplit

import axe_playwright_python
import pages_support
import pytest
import support
from playwright.sync_api import BrowserContext, Error, Locator, Page, expect

from sourcing.warehouse.snapshots import Warehouse

WAIT_MS = 120_000
"""How long a state may take to come: long enough for a machine that is five times slower."""
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
OwnContext = Callable[..., BrowserContext]


@dataclass
class Server:
    """A dashboard that runs."""

    url: str
    process: subprocess.Popen[str]
    log: list[str] = field(default_factory=list)

    def follow(self, stream: IO[str]) -> None:
        self.log += stream

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start(warehouse: Warehouse, *options: str) -> Server:
    """`streamlit run dashboard.py` on a free port, when it says that it is ready."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.port", str(port)]
    process = subprocess.Popen(
        [*command, *options],
        cwd=support.ROOT,
        env=pages_support.environment(warehouse),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    server = Server(f"http://localhost:{port}", process)
    assert process.stdout is not None
    for line in process.stdout:
        server.log.append(line)
        if "URL:" in line:
            threading.Thread(target=server.follow, args=(process.stdout,), daemon=True).start()
            return server
    server.stop()
    pytest.fail(f"The server did not start: {''.join(server.log)}")


def open_page(page: Page, url: str) -> None:
    """Open an address and wait until the page stands."""
    page.goto(url)
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=WAIT_MS)
    settled(page)


def settled(page: Page) -> None:
    """Wait until no script runs and every chart is drawn."""
    app = page.locator('[data-testid="stApp"]')
    expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=WAIT_MS)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=WAIT_MS)
    wait_for(
        page,
        "() => [...document.querySelectorAll('[data-testid=stPlotlyChart]')]"
        ".every(item => item.querySelector('.js-plotly-plot .main-svg'))",
    )


def wait_for(page: Page, condition: str, argument: Any = None) -> None:
    """Wait until a function of JavaScript returns true.

    Playwright's own way evaluates text inside the page, which the content security policy forbids.
    """
    script = f"""async (argument) => {{
        const holds = {condition};
        const until = performance.now() + {WAIT_MS};
        while (!holds(argument)) {{
            if (performance.now() > until) throw new Error("This did not come true: " + holds);
            await new Promise(requestAnimationFrame);
        }}
    }}"""
    while True:
        try:
            page.evaluate(script, argument)
        except Error as error:
            if "context was destroyed" not in str(error):  # else another page came: look again
                raise
        else:
            return


def chart(page: Page, name: str = "composition") -> Locator:
    """The first chart of a page, or what stands beside it (`certainty`)."""
    return page.locator(f'[class*="st-key-shares-{name}"] .js-plotly-plot')


def row_names(page: Page) -> Locator:
    """The words over the bars; those on the bars have another weight."""
    return chart(page).locator('.textpoint text:not([style*="font-weight: 500"])')


def bars(page: Page) -> dict[str, dict[str, float | None]]:
    """What a composition draws: label → row → share."""
    expect(chart(page)).to_be_visible(timeout=WAIT_MS)
    bars: list[dict[str, Any]] = chart(page).evaluate(
        "plot => plot.data.filter(trace => trace.type === 'bar')"
        ".map(bar => ({name: bar.name, rows: [...bar.y], shares: [...bar.x]}))"
    )
    return {bar["name"]: dict(zip(bar["rows"], bar["shares"], strict=True)) for bar in bars}


def wait_for_rows(page: Page, rows: int) -> None:
    """Wait until the composition has so many rows."""
    wait_for(
        page,
        "rows => document.querySelector('[class*=st-key-shares-composition] .js-plotly-plot')"
        "?.data?.[0]?.y?.length === rows",
        rows,
    )
    settled(page)


def middle(page: Page, label: int, row: int) -> tuple[float, float]:
    """Where a segment is: label and row count from 0."""
    segment = chart(page).locator(".barlayer .trace.bars").nth(label)
    point = segment.locator(".point").nth(row)
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def click_bar(page: Page, label: int, row: int) -> None:
    """Click a segment: label and row count from 0."""
    place = middle(page, label, row)
    page.mouse.move(*place)
    page.mouse.click(*place)


def query(page: Page) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(page.url).query)


def wait_for_query(page: Page, *pairs: tuple[str, str]) -> None:
    """Wait until the address holds exactly these values, in any order."""
    wait_for(
        page,
        "wanted => JSON.stringify([...new URLSearchParams(location.search)].sort()) === wanted",
        json.dumps(sorted(pairs), separators=(",", ":"), ensure_ascii=False),
    )


def choose(page: Page, label: str, option: str) -> None:
    """Choose an option of a filter that takes several; its list stays open, so it is closed."""
    choose_one(page, label, option)
    page.keyboard.press("Escape")


def choose_one(page: Page, label: str, option: str) -> None:
    """Choose an option of a select box, which closes by itself: Escape would empty it again."""
    box = page.get_by_role("combobox", name=label, exact=True)
    box.click()
    box.fill(option)
    page.get_by_role("option", name=option).first.click()


def choose_row(page: Page, row: int = 0) -> None:
    """Choose a row of the first table on the page by its mark; rows count from 0."""
    table = page.get_by_test_id("stDataFrame").first
    expect(table.locator("canvas td").first).to_be_attached(timeout=WAIT_MS)
    table.locator(".dvn-scroller").click(position={"x": 15, "y": 52 + 35 * row})


def barriers(page: Page, *rules: str) -> list[str]:
    """What axe finds serious or critical on the page as it stands, by its own or these rules."""
    page.evaluate("typeof axe === 'object'") or page.evaluate(AXE)
    only = {"runOnly": {"type": "rule", "values": [*rules]}} if rules else {}
    options = {"resultTypes": ["violations"]} | only
    report = page.evaluate("options => axe.run(options)", options)
    assert report["passes"]
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:160]} {node['failureSummary']}"
        for rule in report["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
