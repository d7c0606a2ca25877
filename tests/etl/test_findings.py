"""Consistency findings (codebook section 7): claims that break each rule, and that do not."""

from pathlib import Path
from typing import Any

import pytest
from support import ask, loaded

from sourcing.codebook import FINDINGS
from sourcing.warehouse.snapshots import Warehouse

SOURCES = [
    {"source_id": "paper", "name": "Paper", "kind": "newspaper", "affiliation": "Group"},
    {"source_id": "sister", "name": "Sister", "affiliation": "Group"},
    {"source_id": "agency", "name": "Agency", "affiliation": "Other"},
    {"source_id": "alone", "name": "Alone"},
]
ARTICLES = [
    {"article_id": "a", "source_id": "paper", "published": "2026-05-10"},
    {"article_id": "copy 1", "source_id": "paper", "text_sha256": "x"},
    {"article_id": "copy 2", "source_id": "agency", "text_sha256": "x"},
    {"article_id": "future", "source_id": "paper", "published": "2999-01-01"},
    {"article_id": "future year", "source_id": "paper", "published": "2999"},
    {"article_id": "past year", "source_id": "paper", "published": "2020"},
    {"article_id": "alone", "source_id": "alone"},
]
NONE: dict[str, Any] = {}

CASES: list[tuple[str, str | dict[str, Any], list[dict[str, Any]], set[str]]] = [
    # claim, label (or label row), citations, findings
    ("sourced, none", "sourced", [], {"citation_missing"}),
    ("sourced, known", "sourced", [{"cited_source_id": "agency"}], set()),
    ("sourced, named", "sourced", [NONE], set()),
    ("self-cited, none", "self_cited", [], {"citation_missing"}),
    ("unsourced, none", "unsourced", [], set()),
    ("unsourced, one", "unsourced", [NONE], {"citation_unexpected"}),
    ("not a claim, one", "not_a_claim", [NONE], set()),
    ("sourced, itself", "sourced", [{"cited_source_id": "paper"}], {"all_citations_inside"}),
    ("sourced, sister", "sourced", [{"cited_source_id": "sister"}], {"all_citations_inside"}),
    ("sourced, affiliate", "sourced", [{"relation": "affiliate"}], {"all_citations_inside"}),
    ("sourced, both", "sourced", [{"cited_source_id": "paper"}, NONE], set()),
    ("self-cited, itself", "self_cited", [{"cited_source_id": "paper"}], set()),
    ("self-cited, agency", "self_cited", [{"cited_source_id": "agency"}], {"citation_outside"}),
    ("self-cited, independent", "self_cited", [{"relation": "independent"}], {"citation_outside"}),
    ("self-cited, nobody knows", "self_cited", [NONE], set()),
    ("contested", {"label": "contested"}, [], {"dispute_without_record"}),
    ("contested, who", {"label": "contested", "contested_by": "x"}, [], set()),
    ("contested, why", {"label": "contested", "rationale": "x"}, [], set()),
    ("contested, where", {"label": "contested", "evidence_url": "https://x.y"}, [], set()),
    ("cited later", "sourced", [{"locator": "2026-05-11, p. 3"}], {"citation_after_article"}),
    ("link later", "sourced", [{"url": "https://x.y/2026/05/11/z"}], {"citation_after_article"}),
    ("cited the same day", "sourced", [{"locator": "2026-05-10"}], set()),
    ("cited on no day", "sourced", [{"locator": "2026-05-99"}], set()),
    ("older", {"label": "unsourced", "codebook_version": "0.9"}, [], {"older_codebook"}),
    ("current", {"label": "unsourced", "codebook_version": "1.0"}, [], set()),
    ("no version", {"label": "unsourced"}, [], set()),
]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    folder = tmp_path_factory.mktemp("findings")
    target = Warehouse(folder / "warehouse")
    claims, labels, citations = [], [], []
    shared = {"annotator": "a", "method": "human", "labelled_at": "2026-05-20"}
    for claim_id, label, cited, _ in CASES:
        claims.append({"claim_id": claim_id, "article_id": "a", "claim": "x"})
        label_fields = label if isinstance(label, dict) else {"label": label}
        labels.append(shared | {"claim_id": claim_id} | label_fields)
        citations += [{"claim_id": claim_id, "cited_name": "x"} | row for row in cited]
    for claim_id, article_id, statement, label in (
        ("clash 1", "copy 1", "s", "unsourced"),
        ("clash 2", "copy 2", "s", "contested"),
        ("same 1", "copy 1", "t", "unsourced"),
        ("same 2", "copy 2", "t", "unsourced"),
        ("elsewhere", "a", "s", "unsourced"),
        ("outside, unknown group", "alone", "", "self_cited"),
    ):
        row = {"claim_id": claim_id, "article_id": article_id, "statement_id": statement}
        claims.append(row | {"claim": "x"})
        extra_fields = (
            {"attribution": "self_cited", "rationale": "x"} if label == "contested" else {}
        )
        labels.append(shared | {"claim_id": claim_id, "label": label} | extra_fields)
    citations += [
        {"claim_id": "clash 2", "cited_name": "x", "cited_source_id": "agency"},
        {"claim_id": "outside, unknown group", "cited_name": "x", "cited_source_id": "alone"},
    ]
    claims += [
        {"claim_id": claim_id, "article_id": "a", "claim": "x"}
        for claim_id in ("tie", "older and newer")
    ]
    labels += [
        shared | {"claim_id": "tie", "annotator": "b", "label": "unsourced"},
        shared | {"claim_id": "tie", "annotator": "c", "label": "contested", "rationale": "x"},
        shared | {"claim_id": "older and newer", "label": "unsourced", "codebook_version": "0.9"},
        shared | {"claim_id": "older and newer", "annotator": "b", "label": "unsourced"},
    ]
    report = loaded(
        target,
        folder / "files",
        {
            "sources": SOURCES,
            "articles": ARTICLES,
            "claims": claims,
            "citations": citations,
            "labels": labels,
        },
    )
    assert report.rejected == 0
    return target


def findings_of(warehouse: Warehouse, claim_id: str) -> set[str]:
    rows = ask(warehouse, f"SELECT rule FROM findings WHERE claim_id = '{claim_id}'")
    rules = [rule for (rule,) in rows]
    assert len(rules) == len(set(rules))
    return set(rules)


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_claim(case: tuple[Any, ...], warehouse: Warehouse) -> None:
    assert findings_of(warehouse, case[0]) == case[-1]


@pytest.mark.parametrize(
    ("claim_id", "rules"),
    [
        ("clash 1", {"copies_clash"}),
        ("clash 2", {"copies_clash"}),
        ("same 1", set()),
        ("elsewhere", set()),
        ("outside, unknown group", set()),
        ("tie", {"tie"}),
        ("older and newer", set()),
    ],
)
def test_claims_that_need_more_than_a_label(
    claim_id: str, rules: set[str], warehouse: Warehouse
) -> None:
    assert findings_of(warehouse, claim_id) == rules


def test_articles_dated_in_the_future(warehouse: Warehouse) -> None:
    rows = ask(warehouse, "SELECT article_id, detail FROM findings WHERE claim_id IS NULL "
                          "ORDER BY article_id")  # fmt: skip
    assert rows == [("future", "2999-01-01"), ("future year", "2999")]


def test_every_rule_has_a_finding(warehouse: Warehouse) -> None:
    rules = {rule for (rule,) in ask(warehouse, "SELECT DISTINCT rule FROM findings")}
    assert rules == set(FINDINGS) - {"one_statement", "annotators_alike"}


def corpus(statements: list[str], annotators: list[str]) -> dict[str, list[dict[str, Any]]]:
    """A claim for each statement, in articles of their own, each labelled by every annotator."""
    numbers = range(len(statements))
    label = {"label": "unsourced", "method": "human", "labelled_at": "2026-01-01"}
    return {
        "sources": [{"source_id": "s", "name": "S"}],
        "articles": [{"article_id": f"a{n}", "source_id": "s"} for n in numbers],
        "claims": [
            {"claim_id": f"c{n}", "article_id": f"a{n}", "claim": "X.", "statement_id": statement}
            for n, statement in enumerate(statements)
        ],
        "labels": [
            label | {"claim_id": f"c{n}", "annotator": name} for n in numbers for name in annotators
        ],
    }


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (["x"] * 3, [("one_statement", "c0", "x")]),
        (["x"] * 2, []),
        (["x", "x", ""], []),
        (["x", "x", "y"], []),
        (["NA"] * 3, []),  # a word for a missing value
    ],
)
def test_one_statement_for_all_claims(
    statements: list[str], found: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    target = Warehouse(tmp_path / "warehouse")
    loaded(target, tmp_path / "files", corpus(statements, ["anna"]))
    assert ask(target, "SELECT rule, claim_id, detail FROM findings") == found


@pytest.mark.parametrize(
    ("annotators", "found"),
    [
        (["anna", "Anna"], ["Anna, anna"]),
        (["anna", "anna ", "ANNA\u00a0"], ["ANNA, anna"]),
        (["ａｎｎａ", "anna"], ["anna, ａｎｎａ"]),
        (["Anna  Lee", "anna lee"], ["Anna  Lee, anna lee"]),
        (["A;B's", "a；b'S"], ["A;B's, a；b'S"]),
        (["anna", "Ann"], []),
    ],
)
def test_annotators_whose_names_are_alike(
    annotators: list[str], found: list[str], tmp_path: Path
) -> None:
    target = Warehouse(tmp_path / "warehouse")
    loaded(target, tmp_path / "files", corpus(["", ""], annotators))
    rows = ask(target, "SELECT claim_id, detail FROM findings WHERE rule = 'annotators_alike'")
    assert rows == [("c0", detail) for detail in found]
