"""Sources of one name, or alike in their first 45 characters, are told apart everywhere."""

import html
import re
from pathlib import Path

import pytest
import support
from pages_support import Open, bodies, counted, reviewer, row_names, spec, unescaped

from sourcing.meetings import minutes
from sourcing.reviews import Reviews, address_of, decisions, meetings
from sourcing.reviews.meetings import Item, Plan
from sourcing.warehouse.snapshots import Warehouse, reading

pytest_plugins = "pages_fixtures"

LONG = "Ministry of Foreign Affairs of the Republic of {}land"
ARABIC = "صحيفة الشرق الأوسط الجديدة في المدينة الكبيرة جداً {}"
SOURCES = [
    {"source_id": "one", "name": 'Harold "H" Kent', "kind": "blog"},
    {"source_id": "two", "name": 'Harold "H" Kent', "kind": "newspaper"},
    {"source_id": "north", "name": LONG.format("North"), "kind": "newspaper"},
    {"source_id": "south", "name": LONG.format("South"), "kind": "newspaper"},
    {"source_id": "01", "name": ARABIC.format("شمال"), "kind": "newspaper"},
    {"source_id": "1", "name": ARABIC.format("جنوب"), "kind": "newspaper"},
    *({"source_id": f"post{n}", "name": "Post <b>", "kind": "newspaper"} for n in range(3)),
]
NAMES = {
    **{source["source_id"]: source["name"] for source in SOURCES},
    "one": 'Harold "H" Kent (blog)',
    "two": 'Harold "H" Kent (newspaper)',
    **{f"post{n}": f"Post <b> (post{n})" for n in range(3)},
}
IDS = list(NAMES)
LABELS = ("sourced", "unsourced", "contested")


@pytest.fixture(scope="session")
def alike(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Every source with two articles and three claims; one of them is tied."""
    labels = [
        {"claim_id": f"{source}-{n}", "annotator": who, "label": label, "method": "human"}
        for place, source in enumerate(IDS)
        for n in range(3)
        for who, label in [
            ("anna", ("sourced", "unsourced", "contested")[(n + place) % 3]),
            (
                "ben",
                "sourced" if n == 0 else ("sourced", "unsourced", "contested")[(n + place) % 3],
            ),
        ]
    ]
    tables = {
        "sources": SOURCES,
        "articles": [
            {"article_id": f"{s}-{n}", "source_id": s, "published": f"2025-0{n + 1}-01"}
            for s in IDS
            for n in range(2)
        ],
        "claims": [
            {"claim_id": f"{s}-{n}", "article_id": f"{s}-{n % 2}", "claim": "It rained.",
             "statement_id": "rain"}
            for s in IDS
            for n in range(3)
        ],
        "labels": labels,
    }  # fmt: skip
    warehouse = Warehouse(tmp_path_factory.mktemp("alike"))
    assert support.loaded(warehouse, tmp_path_factory.mktemp("files"), tables).published
    return warehouse


def test_charts_name_every_source_differently(show: Open, alike: Warehouse) -> None:
    page = show(alike)
    texts = [text.split("<br>")[0] for text in row_names(spec(page, 0))]
    assert len(set(texts)) == len(texts) == len(IDS)
    seen = [html.unescape(text) for text in texts]
    assert "<b>Ministry of Foreign Affairs of…ic of Northland</b>" in seen
    assert '<b>Harold "H" Kent (blog)</b>' in seen
    hovers = {text.split("<br>")[0] for text in spec(page, 0)["data"][0]["hovertext"]}
    assert len(hovers) == len(IDS)


def test_choices_headings_and_sentences_name_the_source(show: Open, alike: Warehouse) -> None:
    page = show(alike, "source", of="two", source="two")
    assert set(page.selectbox(key="at of").options) == set(NAMES.values())
    assert unescaped(page.header[0].value) == 'Harold "H" Kent (newspaper)'
    assert 'sources: Harold "H" Kent (newspaper)' in counted(page)[0]
    page = show(alike, "compare", a="one", b="two")
    text = "\n".join(unescaped(item.value) for item in page.markdown)
    assert 'Harold "H" Kent (blog) and Harold "H" Kent (newspaper)' in text
    page = show(alike, "ranking", on="sourced")
    listed = next(unescaped(m.value) for m in page.markdown if m.value.startswith("- "))
    for name in NAMES.values():
        assert f"- {name}: " in re.sub("[\u2066-\u2069]", "", listed)


def test_lists_and_claims_name_the_source(show: Open, alike: Warehouse) -> None:
    page = show(alike, "claims", source=["post0", "post1", "post2"])
    assert set(page.dataframe[0].value["Source"]) == {NAMES[f"post{n}"] for n in range(3)}
    sheet = [html.unescape(body) for body in bodies(show(alike, "claims", claim="post1-1"))]
    assert any("<dd>Post <b> (post1)</dd>" in body for body in sheet)
    [elsewhere] = [body for body in sheet if body.startswith("<ul>")]
    assert "Post <b> (post0), " in elsewhere
    page = show(alike, "agreement")
    findings = page.dataframe[-1].value
    assert set(findings["Source"]) <= set(NAMES.values())


def test_the_download_keeps_the_name_as_loaded(alike: Warehouse) -> None:
    rows = support.exported(alike, "shares")
    loaded = {source["source_id"]: source["name"] for source in SOURCES}
    assert {row["source_id"]: row["source"] for row in rows} == loaded


def test_minutes_name_the_source(alike: Warehouse, tmp_path: Path) -> None:
    reviews = Reviews(address_of(Warehouse(tmp_path)))
    ada = reviewer("Ada")
    plan = Plan("Review", "2026-01-01", "Ada")
    meeting_id = meetings.create(reviews, ada, plan, str(alike.current()))
    claims = [f"{source}-0" for source in IDS]
    meetings.add_items(reviews, ada, meeting_id, [Item(claim, "Tied", 0.1) for claim in claims])
    for claim in claims:
        decision = decisions.Decision(claim, "self_cited", "Own.", meeting_id=meeting_id)
        decisions.record(reviews, ada, decision, 0)
    with reading(alike) as snapshot:
        meeting = next(m for m in meetings.every(reviews) if m.meeting_id == meeting_id)
        record = minutes.of_meeting(reviews, snapshot, meeting)
    page = minutes.html(record, "now")
    figures = re.findall(r"<figcaption><strong><bdi>(.*?)</bdi>", page)
    assert sorted(map(html.unescape, figures)) == sorted(NAMES.values())
    for source, name in NAMES.items():
        assert page.count(f"<td>{html.escape(name).replace('&quot;', '&#34;')}</td>") == 1, source
    assert set(record.agenda["source"]) == {source["name"] for source in SOURCES}
    reviews.close()
