"""Random corpora for property tests: small, consistent, with many changed answers and ties."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

LABELS = ("sourced", "self_cited", "unsourced", "contested", "not_a_claim", "cannot_say")
ATTRIBUTIONS = ("sourced", "self_cited", "unsourced")
METHODS = ("human", "model", "rule")
ROUNDS = ("independent", "after_discussion", "adjudication", "")
TIMES = (
    "2020-01-01",
    "2020-01-01T00:00:00+02:00",
    "2020-01-01T00:00:01Z",
    "2020-06-30 12:00",
    "2021-03-05T08:30:00.5",
)
"""Few, so that times coincide; the second is earlier than the first."""

Tables = dict[str, list[dict[str, Any]]]

dates = st.one_of(
    st.none(),
    st.builds("{:04d}".format, st.integers(2023, 2025)),
    st.builds("{:04d}-{:02d}".format, st.integers(2023, 2025), st.integers(1, 12)),
    st.builds(
        "{:04d}-{:02d}-{:02d}".format,
        st.integers(2023, 2025),
        st.integers(1, 12),
        st.integers(1, 28),
    ),
)


@st.composite
def label_events(
    draw: st.DrawFn, claim_id: str, limit: int, timeless: bool
) -> list[dict[str, Any]]:
    """Labels of one claim that do not clash: one answer per annotator and time."""
    times = (*TIMES, "") if timeless else TIMES
    keys = draw(
        st.lists(
            st.tuples(st.sampled_from("abcd"), st.sampled_from(times)),
            max_size=limit,
            unique_by=_annotator_and_instant,
        )
    )
    return [draw(_label(claim_id, annotator, time)) for annotator, time in keys]


def _annotator_and_instant(key: tuple[str, str]) -> tuple[str, str]:
    return key


@st.composite
def _label(draw: st.DrawFn, claim_id: str, annotator: str, time: str) -> dict[str, Any]:
    label = draw(st.sampled_from(LABELS))
    attribution = ""
    if label == "contested":
        attribution = draw(st.sampled_from(("", *ATTRIBUTIONS)))
    elif label in ATTRIBUTIONS:
        attribution = draw(st.sampled_from(("", label)))
    return {
        "claim_id": claim_id,
        "annotator": annotator,
        "label": label,
        "attribution": attribution,
        "method": draw(st.sampled_from(("human", *METHODS))),
        "round": draw(st.sampled_from(ROUNDS)),
        "labelled_at": time,
        "needs_source": draw(st.sampled_from(("", "", "", "yes", "no", "unsure"))),
    }


@st.composite
def corpora(draw: st.DrawFn, claims: int = 14, labels: int = 5, timeless: bool = True) -> Tables:
    """A corpus of one to three sources and up to seven articles, with repeated statements."""
    source_ids = [f"s{n}" for n in range(draw(st.integers(1, 3)))]
    sources = [
        {
            "source_id": source_id,
            "name": draw(st.sampled_from(("Alpha", "beta", "Gamma"))),
            "kind": draw(st.sampled_from(("", "newspaper", "blog", "unknown"))),
            "affiliation": draw(st.sampled_from(("", "", "A Group"))),
        }
        for source_id in source_ids
    ]
    articles = [draw(_article(f"a{n}", source_ids)) for n in range(draw(st.integers(1, 7)))]
    rows: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    for n in range(draw(st.integers(0, claims))):
        rows.append(
            {
                "claim_id": f"c{n}",
                "article_id": draw(st.sampled_from(articles))["article_id"],
                "claim": f"Claim {n}.",
                "topic": draw(st.sampled_from(("", "rain", "rent"))),
                "statement_id": draw(st.sampled_from(("", "", "x", "y"))),
            }
        )
        events += draw(label_events(f"c{n}", labels, timeless))
    return {"sources": sources, "articles": articles, "claims": rows, "labels": events}


def several(tables: st.SearchStrategy[Tables], number: int) -> st.SearchStrategy[Tables]:
    """So many corpora as one (`side_by_side`): a load costs the same for one as for all."""
    return st.lists(tables, min_size=number, max_size=number).map(side_by_side)


def side_by_side(corpora: Sequence[Tables]) -> Tables:
    """Several corpora as one: ids that could meet are kept apart, so that one load serves all."""
    together: Tables = {}
    for number, tables in enumerate(corpora):
        for table, rows in tables.items():
            together.setdefault(table, []).extend(apart(row, number) for row in rows)
    return together


def apart(row: dict[str, Any], number: int) -> dict[str, Any]:
    """A row with the number of its corpus behind every id."""
    return {
        name: f"{value}-{number}" if name.endswith("_id") and value else value
        for name, value in row.items()
    }


@st.composite
def _article(draw: st.DrawFn, article_id: str, source_ids: list[str]) -> dict[str, Any]:
    published = draw(dates)
    precisions = ("", "year", "month", "day")[: 1 + (published or "").count("-") + bool(published)]
    return {
        "article_id": article_id,
        "source_id": draw(st.sampled_from(source_ids)),
        "published": published,
        "published_precision": draw(st.sampled_from(precisions)),
        "genre": draw(st.sampled_from(("", "news", "opinion"))),
        "origin": draw(st.sampled_from(("", "staff", "wire"))),
        "language": draw(st.sampled_from(("", "en", "fa"))),
    }
