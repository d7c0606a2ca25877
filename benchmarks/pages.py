"""The Overview in a real browser against a minimal Streamlit page that draws the same bars.

Measures both alternately in headless Chromium: from navigation to drawn bars, from a filter change
to redrawn bars (a genre filters articles, a topic filters claims), on the sample and on a large
warehouse, and the first view over an emulated 10 Mbit/s line with 40 ms latency. Writes
benchmarks/results/DATE-pages.json. Quote the ratios, not the milliseconds.

    python -m benchmarks.pages --large WAREHOUSE [--runs 7]
"""

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from benchmarks.machine import describe
from sourcing.analysis.shares import shares_by_source
from sourcing.filters import Filters
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Warehouse, reading

ROOT = Path(__file__).resolve().parent.parent
ARGS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update "
    "--disable-sync --no-first-run"
).split()
VIEWPORT: ViewportSize = {"width": 1280, "height": 900}
# Contexts bypass the content security policy: Playwright waits by evaluating text inside the page.
DRAWN = "g => g && g.data && g.querySelectorAll('.bars path').length > 0"
WATCH_FIRST = f"""
const drawn = {DRAWN};
const look = () => drawn(document.querySelector('.js-plotly-plot'))
    ? (window.firstBars = performance.now()) : requestAnimationFrame(look);
addEventListener('DOMContentLoaded', look);
"""
WATCH_CHANGE = f"""() => {{
  const drawn = {DRAWN};
  const read = () => JSON.stringify(document.querySelector('.js-plotly-plot')?.data?.map(t => t.x));
  const before = read();
  window.redrawn = null;
  addEventListener('keydown', e => {{ if (e.key === 'Enter') window.pressed = performance.now(); }},
                   {{once: true, capture: true}});
  const look = () => drawn(document.querySelector('.js-plotly-plot')) && read() !== before
      ? (window.redrawn = performance.now()) : requestAnimationFrame(look);
  look();
}}"""


@contextmanager
def served(script: str, environment: dict[str, str]) -> Iterator[str]:
    """Run a Streamlit server for a script on a free port; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://localhost:{port}"
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                urlopen(f"{address}/_stcore/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def first_view(browser: Browser, address: str, slow: bool = False) -> float:
    """Milliseconds from navigation to drawn bars, with an empty cache."""
    context = browser.new_context(viewport=VIEWPORT, bypass_csp=True)
    page = context.new_page()
    page.add_init_script(WATCH_FIRST)
    if slow:
        line = {"offline": False, "latency": 40, "downloadThroughput": 10e6 / 8}
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", {**line, "uploadThroughput": 10e6 / 8})
    page.goto(address, wait_until="commit")
    page.wait_for_function("window.firstBars", timeout=120_000)
    milliseconds: float = page.evaluate("window.firstBars")
    context.close()
    return milliseconds


def change(page: Page, label: str, choice: str) -> float:
    """Milliseconds from choosing a value in a filter to redrawn bars."""
    box = page.get_by_label(label, exact=False).first
    box.click()
    box.fill(choice)
    page.wait_for_selector('[role="option"]')
    page.evaluate(WATCH_CHANGE)
    box.press("Enter")
    page.wait_for_function("window.redrawn", timeout=120_000)
    milliseconds: float = page.evaluate("window.redrawn - window.pressed")
    return milliseconds


def filter_change(browser: Browser, address: str, label: str, choice: str) -> float:
    """The same as `change`, on a page that was already drawn once in this browser context."""
    context = browser.new_context(viewport=VIEWPORT, bypass_csp=True)
    page = context.new_page()
    page.add_init_script(WATCH_FIRST)
    page.goto(address)
    page.wait_for_function("window.firstBars", timeout=120_000)
    page.wait_for_load_state("networkidle")
    milliseconds = change(page, label, choice)
    context.close()
    return milliseconds


def constant_frames(warehouse: Path, target: Path, filtered: Filters) -> None:
    """Write the frames for the baseline page: the Overview's, without and with the filter."""
    with reading(Warehouse(warehouse)) as snapshot:
        frames = []
        for filters in (Filters(), filtered):
            shares = shares_by_source(snapshot, filters)
            keys = list(dict.fromkeys(shares["source_id"]))[:40]
            largest = shares[shares["source_id"].isin(keys)]
            records = largest[["source_id", "label", "share"]].astype(object)
            frames.append(records.where(records.notna(), None).to_dict("records"))
    target.write_text(json.dumps(frames))


def filter_value(warehouse: Path, name: str) -> str:
    """A value of the filter that occurs in the warehouse."""
    with reading(Warehouse(warehouse)) as snapshot:
        return next(value for value in queries.choices(snapshot).present[name] if value != "(none)")


def measure(browser: Browser, warehouse: Path, runs: int, work: Path) -> dict[str, object]:
    """Measure our page and the baseline alternately."""
    genre, topic = filter_value(warehouse, "genre"), filter_value(warehouse, "topic")
    constant_frames(warehouse, work / "frames.json", Filters(genre=(genre,)))
    ours_env = {"SOURCING_WAREHOUSE": str(warehouse)}
    floor_env = {"BENCHMARK_FRAMES": str(work / "frames.json")}
    floor_script = str(ROOT / "benchmarks" / "floor_page.py")
    timings: dict[str, list[float]] = {}

    def note(name: str, value: float) -> None:
        timings.setdefault(name, []).append(round(value))

    with ExitStack() as stack:
        ours = stack.enter_context(served("dashboard.py", ours_env))
        floor = stack.enter_context(served(floor_script, floor_env))
        for address in (ours, floor):
            first_view(browser, address)  # a warm-up, not counted
        for _ in range(runs):
            note("navigation floor", first_view(browser, floor))
            note("navigation ours", first_view(browser, ours))
            note("filter floor", filter_change(browser, floor, "Filter", "choice 1"))
            note("filter genre ours", filter_change(browser, ours, "Genres", genre))
            note("filter topic ours", filter_change(browser, ours, "Topics", topic))
        for _ in range(max(runs // 2, 3)):
            note("slow line floor", first_view(browser, floor, slow=True))
            note("slow line ours", first_view(browser, ours, slow=True))
    middle = {name: statistics.median(values) for name, values in timings.items()}
    return {
        "milliseconds": timings,
        "navigation_ratio": round(middle["navigation ours"] / middle["navigation floor"], 2),
        "filter_genre_ratio": round(middle["filter genre ours"] / middle["filter floor"], 2),
        "filter_topic_ratio": round(middle["filter topic ours"] / middle["filter floor"], 2),
        "slow_line_ratio": round(middle["slow line ours"] / middle["slow line floor"], 2),
    }


def main() -> None:
    """Measure and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", type=Path, required=True, help="warehouse of 10 million claims")
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    result: dict[str, object] = {"what": "pages", "machine": describe()}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        work = Path(folder)
        small = work / "warehouse"
        load = [sys.executable, "-m", "etl", "load", "data/sample", "--warehouse", str(small)]
        subprocess.run(load, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGS)
        result["sample"] = measure(browser, small, options.runs, work)
        result["large"] = measure(browser, options.large.resolve(), options.runs, work)
        browser.close()
    text = json.dumps(result, indent=2)
    print(text)
    target = ROOT / "benchmarks" / "results" / f"{datetime.now(UTC):%Y-%m-%d}-pages.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(text + "\n")


if __name__ == "__main__":
    main()
