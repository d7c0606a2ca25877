"""Shared by the tests of pages, server and browser: odd data, warehouses, reading a page."""

import csv
import html
import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import support
from streamlit.testing.v1 import AppTest

from sourcing import codebook
from sourcing.analysis.shares import shares_by_source
from sourcing.charts import common
from sourcing.codebook import LOOKS
from sourcing.filters import Filters
from sourcing.query_string import from_query
from sourcing.reviews import Person, Role
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import VARIABLE, Snapshot, Warehouse

LEFT_OUT = "This address asks for something that is not available here, so it was ignored: "
Query = dict[str, str | list[str]]
Open = Callable[..., AppTest]

IMAGE = "![beacon](http://elsewhere.example/beacon.png)"
"""Markdown that would fetch an image from another host and so reveal the reader to it."""
SCRIPT = "<script>window.broken = true</script><img src=x onerror='window.broken = true'>"
ODD_NAME = f"{SCRIPT} $x^2$ :red[red] # {'long ' * 40}"

_ODD = {
    "sources": [
        "source_id name kind affiliation notes".split(),
        ["10", ODD_NAME, "blog", "", f"{IMAGE} {SCRIPT}\n\n# Heading\n\n$x^2$"],
        ["2", "Two & <b>half</b>", "unknown", "", ""],
        ["2026-01", f"Dated {IMAGE}", "newspaper", "", ""],
        ["nothing", "Nothing counted", "newspaper", "", ""],
    ],
    "articles": [
        "article_id source_id title published url".split(),
        ["a1", "10", f"{IMAGE} {SCRIPT}", "", "https://elsewhere.example/?a=<b>&c"],
        ["a2", "2", "", "", ""],
        ["a3", "2026-01", "Third", "", ""],
        ["a4", "nothing", "Opinion only", "", ""],
    ],
    "claims": [
        "claim_id article_id claim quote topic statement_id".split(),
        ["c1", "a1", f"{IMAGE} {SCRIPT} $x^2$", f"{SCRIPT} {IMAGE}", SCRIPT, IMAGE],
        ["c2", "a1", "=1+1", "", "", "s"],
        ["c3", "a2", "The third claim.", "", "2024", "s"],
        ["c4", "a3", "The fourth claim.", "", "7", ""],
        ["c5", "a4", "All in all a fine day.", "", "7", ""],
        ["c/6 ?&#%20é", "a3", "A claim with an odd id.", "", "", ""],
    ],
    "citations": [
        "claim_id cited_name url locator".split(),
        [
            "c1",
            f"{IMAGE} {SCRIPT}",
            "https://elsewhere.example/?a=<b>&c",
            "[page](javascript:alert(1))",
        ],
    ],
    "labels": [
        "claim_id annotator label method labelled_at rationale contested_by evidence_url".split(),
        ["c1", f"{SCRIPT}", "contested", "human", "2026-01-01", f"{IMAGE} $x$", IMAGE, ""],
        [
            "c2",
            "ann",
            "sourced",
            "human",
            "2026-01-01",
            "| a | b |",
            "",
            "https://elsewhere.example/?a=<b>&c",
        ],
        ["c3", "ann", "unsourced", "human", "2026-01-01", "", "", ""],
        ["c4", "ann", "sourced", "human", "2026-01-01", "", "", ""],
        ["c5", "ann", "not_a_claim", "human", "2026-01-01", "", "", ""],
        ["c/6 ?&#%20é", "ann", "unsourced", "human", "2026-01-01", "", "", ""],
    ],
}


def write_odd(folder: Path) -> None:
    """Write a corpus with numbers as ids, HTML and Markdown in every text, and no dates."""
    folder.mkdir()
    for table, rows in _ODD.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(rows)


def loaded(folder: Path, *paths: Path, command: str = "load") -> Warehouse:
    """A warehouse with these files loaded, without any rejects."""
    warehouse = Warehouse(folder)
    report = support.load(warehouse, *paths, command=command)
    assert report.published
    assert report.rejects == []
    return warehouse


@contextmanager
def opened(warehouse: Warehouse, snapshot_id: str | None = None) -> Iterator[Snapshot]:
    """A snapshot of the warehouse, the one in force by default."""
    snapshot = Snapshot(warehouse, snapshot_id or str(warehouse.current()))
    try:
        yield snapshot
    finally:
        snapshot.close()


def environment(warehouse: Warehouse) -> dict[str, str]:
    """The environment of a program that reads this warehouse."""
    return {**os.environ, VARIABLE: str(warehouse.folder)}


def sound(page: AppTest) -> AppTest:
    """The page, after asserting that it shows no error."""
    errors = [item.message for item in page.exception] + [item.value for item in page.error]
    assert not errors, errors
    return page


def spec(page: AppTest, number: int) -> dict[str, Any]:
    """The chart with this number, as the browser gets it."""
    chart: dict[str, Any] = json.loads(page.get("plotly_chart")[number].proto.spec)
    return chart


def bodies(page: AppTest) -> list[str]:
    return [item.proto.body for item in page.get("html")]


def figures(page: AppTest) -> dict[str, tuple[str, str]]:
    """The figures at the top of the page: name → value and the words below."""
    text = next(body for body in bodies(page) if 'class="figures"' in body)
    matches = re.findall(r"<dt>(.*?)</dt><dd>(.*?)<small>(.*?)</small>", text)
    return {name: (value, words) for name, value, words in matches}


def facts(page: AppTest, number: int = 0) -> dict[str, str]:
    """Facts by name; `number` selects the list of facts on the page."""
    text = [body for body in bodies(page) if 'class="facts"' in body][number]
    matches = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", text, re.DOTALL)
    return {html.unescape(name): html.unescape(value) for name, value in matches}


def counted(page: AppTest) -> list[str]:
    """The sentences on what is counted, one per block."""
    return [html.unescape(body) for body in bodies(page) if 'class="counted"' in body]


def downloads(page: AppTest) -> list[str]:
    return [
        html.unescape(address)
        for body in bodies(page)
        for address in re.findall(r'href="([^"]*/download/[^"]*)"', body)
    ]


def unescaped(text: str) -> str:
    """Markdown with its escapes removed, as a reader sees it."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


def left_out(page: AppTest) -> str:
    """The warning about parts of the address that cannot be used, or an empty text."""
    warnings = [unescaped(item.value) for item in page.warning]
    return next((text for text in warnings if text.startswith(LEFT_OUT)), "")


def shares_frame(warehouse: Warehouse, query: Query | None = None) -> pd.DataFrame:
    with opened(warehouse) as snapshot:
        return shares_by_source(snapshot, filters_of(snapshot, query or {}))


def filters_of(snapshot: queries.Snapshot, query: Query) -> Filters:
    pairs = [
        (name, value)
        for name, values in query.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    return from_query(pairs, queries.choices(snapshot))


def same_shares(chart: dict[str, Any], frame: pd.DataFrame, key: str = "source_id") -> None:
    """Assert that the bars show the frame: rows, order, labels, colours and click data."""
    labels = codebook.in_label_order(frame["label"].unique())
    bars = bars_of(chart)
    assert [bar["name"] for bar in bars] == [LOOKS[label].name for label in labels]
    rows = frame[key].drop_duplicates().astype(str).tolist()
    assert chart["layout"]["yaxis"]["categoryarray"] == rows
    for label, bar in zip(labels, bars, strict=True):
        part = frame[frame["label"] == label]
        assert bar["y"] == part[key].astype(str).tolist() == rows
        assert bar["x"] == common.values(part["share"])
        assert bar["customdata"] == [[row, label] for row in rows]
        assert bar["marker"]["color"] == [
            common.colour(label, too_few) for too_few in part["too_few"]
        ]


def bars_of(chart: dict[str, Any]) -> list[dict[str, Any]]:
    """The bars of a composition, one trace per label."""
    return [trace for trace in chart["data"] if trace["type"] == "bar"]


def row_names(chart: dict[str, Any]) -> list[str]:
    """The names above the bars of a composition."""
    [names] = [trace for trace in chart["data"] if trace.get("name") == common.ROW_NAMES]
    texts: list[str] = names["text"]
    return texts


def listed(query: Query) -> dict[str, list[str]]:
    return {name: [value] if isinstance(value, str) else value for name, value in query.items()}


def reviewer(name: str) -> Person:
    """A person who may record decisions."""
    return Person(name, Role.REVIEWER)
