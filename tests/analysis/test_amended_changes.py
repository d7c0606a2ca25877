"""Changes between two snapshots that come from putting something right: their cause, by hand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import support
from support import Row, etl

from sourcing.analysis import changes
from sourcing.filters import Filters
from sourcing.warehouse.snapshots import Snapshot, Warehouse

pytestmark = pytest.mark.slow

FIRST: dict[str, list[Row]] = {
    "sources": [{"source_id": s, "name": s.upper()} for s in "st"],
    "articles": [{"article_id": f"a{s}", "source_id": s} for s in "st"],
    "claims": [
        {"claim_id": f"{s}{n}", "article_id": f"a{s}", "claim": f"{s}{n}."}
        for s in "st"
        for n in range(3)
    ],
    "labels": [
        {"claim_id": f"{s}{n}", "annotator": who, "label": label, "method": "human",
         "labelled_at": "2026-01-01"}
        for s in "st"
        for n in range(3)
        for who, label in (("anna", "sourced"), ("Anna", "unsourced"))
    ],
}  # fmt: skip


def second(claim: str, label: str = "contested", **others: str) -> dict[str, list[Row]]:
    row = {"claim_id": claim, "annotator": "bo", "label": label, "method": "human"}
    return {"labels": [row | {"labelled_at": "2026-01-02"} | others]}


MORE = {
    "articles": [{"article_id": "b", "source_id": "s"}],
    "claims": [{"claim_id": "b1", "article_id": "b", "claim": "New."}],
    **second("b1"),
}
WHY = ("--reason", "why")
Step = tuple[str, ...] | dict[str, list[Row]]

CASES: dict[str, tuple[list[Step], list[Step], dict[str, str]]] = {
    "a claim": ([], [("withdraw", "claims", "s0", *WHY)], {"s0": "withdrawn"}),
    "a claim back": (
        [("withdraw", "claims", "s0", *WHY)],
        [("withdraw", "claims", "s0", "--back", *WHY)],
        {"s0": "withdrawn"},
    ),
    "an article": (
        [],
        [("withdraw", "articles", "as", *WHY)],
        dict.fromkeys(("s0", "s1", "s2"), "withdrawn"),
    ),
    "a source": (
        [],
        [("withdraw", "sources", "t", *WHY)],
        dict.fromkeys(("t0", "t1", "t2"), "withdrawn"),
    ),
    "a label": (
        [],
        [("withdraw", "labels", "s1", "--annotator", "Anna", *WHY)],
        {"s1": "withdrawn"},
    ),
    "a label that a decision outweighs": (
        [second("s1", round="adjudication")],
        [("withdraw", "labels", "s1", "--annotator", "Anna", *WHY)],
        {},
    ),
    "a decision": (
        [second("s1", round="adjudication")],
        [("withdraw", "labels", "s1", "--annotator", "bo", *WHY)],
        {"s1": "withdrawn"},
    ),
    "a decision beside a withdrawn label": (
        [],
        [
            ("withdraw", "labels", "s1", "--annotator", "Anna", *WHY),
            second("s1", round="adjudication"),
        ],
        {"s1": "decisions"},
    ),
    "two sources": (
        [],
        [("join", "sources", "t", "s", *WHY)],
        dict.fromkeys(("t0", "t1", "t2"), "joined"),
    ),
    "two sources apart again": (
        [("join", "sources", "t", "s", *WHY)],
        [("join", "sources", "t", "s", "--back", *WHY)],
        dict.fromkeys(("t0", "t1", "t2"), "joined"),
    ),
    "two names": (
        [],
        [("join", "annotators", "Anna", "anna", *WHY)],
        dict.fromkeys((f"{s}{n}" for s in "st" for n in range(3)), "joined"),
    ),
    "a load of labels": ([second("s1", "sourced")], [("undo",)], {"s1": "undone"}),
    "a load of labels, redone": (
        [second("s1", "sourced"), ("undo",)],
        [("redo",)],
        {"s1": "undone"},
    ),
    "a load of decisions": (
        [second("s1", round="adjudication")],
        [("undo", "2")],
        {"s1": "undone"},
    ),
    "a load of articles": ([MORE], [("undo",)], {"b1": "undone"}),
    "a load of articles, redone": ([MORE, ("undo",)], [("redo",)], {"b1": "undone"}),
    "a correction, undone": (
        [{"articles": [{"article_id": "as", "source_id": "t"}]}],
        [("undo",)],
        dict.fromkeys(("s0", "s1", "s2"), "undone"),
    ),
    "a withdrawal, undone": (
        [("withdraw", "claims", "s0", *WHY)],
        [("undo",)],
        {"s0": "withdrawn"},
    ),
    "new articles": ([], [MORE], {"b1": "new_articles"}),
    "a correction": (
        [],
        [{"articles": [{"article_id": "as", "source_id": "t"}]}],
        dict.fromkeys(("s0", "s1", "s2"), "corrections"),
    ),
}


@pytest.fixture
def step(warehouse: Warehouse, tmp_path: Path) -> Callable[[Any], None]:
    """Run a command, or load tables."""

    def run(what: Step) -> None:
        if isinstance(what, dict):
            number = len(list(tmp_path.glob("step-*")))
            support.loaded(warehouse, tmp_path / f"step-{number}", what)
        else:
            result = etl(*what, "--warehouse", warehouse.folder)
            assert result.code == 0, result.err

    return run


@pytest.mark.parametrize("name", CASES)
def test_the_cause_of_what_was_put_right(
    name: str, warehouse: Warehouse, step: Callable[[Any], None]
) -> None:
    before, between, wanted = CASES[name]
    for what in (FIRST, *before):
        step(what)
    older = Snapshot(warehouse, str(warehouse.current()))
    for what in between:
        step(what)
    newer = Snapshot(warehouse, str(warehouse.current()))
    with changes.between(older, newer, Filters()) as comparison:
        rows, parts = comparison.claims(), comparison.parts()
    assert dict(zip(rows["claim_id"], rows["cause"], strict=True)) == wanted
    whole = parts.groupby(["source_id", "label"]).agg({"part": "sum", "change": "first"}).dropna()
    assert whole["part"].to_numpy() == pytest.approx(whole["change"].to_numpy(), abs=1e-12)
    older.close()
    newer.close()
