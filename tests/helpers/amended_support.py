"""Shared by the tests of what was put right on the pages: two small sources, and commands."""

from pathlib import Path

import support
from pages_support import IMAGE, unescaped
from streamlit.testing.v1 import AppTest
from support import BASE, Row, etl

from sourcing.warehouse.snapshots import Warehouse

_MORE: dict[str, list[Row]] = {
    "sources": [{"source_id": "t", "name": "Other"}, {"source_id": "u", "name": "Third"}],
    "articles": [{"article_id": "b", "source_id": "t", "published": "2026-02-03"}],
    "claims": [{"claim_id": "d", "article_id": "b", "claim": "It snowed."}],
    "labels": [{**BASE["labels"][0], "claim_id": "d", "annotator": "Anna"}],
}


def load_two_sources(warehouse: Warehouse, files: Path) -> None:
    """Two sources with a claim each, and a third one without articles."""
    support.loaded(warehouse, files, support.all_tables(**_MORE))


def run(warehouse: Warehouse, *arguments: str) -> None:
    """Run `python -m etl …`, which must succeed."""
    done = etl(*arguments, "--warehouse", warehouse.folder)
    assert done.code == 0, done.err


def join(warehouse: Warehouse, alias: str, name: str, *options: str, kind: str = "sources") -> None:
    """Count one name under another; the reason is Markdown that must be shown literally."""
    run(warehouse, "join", kind, alias, name, "--reason", IMAGE, "--by", "Ada", *options)


def words(page: AppTest) -> str:
    """The sentences of a page as a reader sees them."""
    kinds = ("markdown", "info", "success", "error", "warning", "caption")
    return "\n".join(unescaped(item.value) for kind in kinds for item in page.get(kind))
