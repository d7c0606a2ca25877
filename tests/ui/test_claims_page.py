"""The list of claims, and the page of one claim, in every state."""

import html
import re
from pathlib import Path

import pages_support
import pandas as pd
import pytest
import support
from pages_support import (
    Open,
    Query,
    bodies,
    downloads,
    facts,
    filters_of,
    left_out,
    listed,
    sound,
    unescaped,
)

from sourcing import codebook
from sourcing.filters import Filters
from sourcing.formatting import plural
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Warehouse

pytestmark = pytest.mark.slow

pytest_plugins = "pages_fixtures"


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"label": "contested"},
        {"label": ["open", "not_a_claim"]},
        {"label": "unsourced", "view": "attribution"},
        {"search": "the"},
        {"state": "tie"},
        {"state": "unlabelled"},
        {"basis": "model", "label": "sourced"},
        {"source": "demo-harbour-post", "genre": "news"},
        {"since": "2025-03", "until": "2025-09"},
    ],
    ids=str,
)
def test_claims_are_counted_and_listed(show: Open, demo_corpus: Warehouse, query: Query) -> None:
    page = show(demo_corpus, "claims", **query)
    with pages_support.opened(demo_corpus) as snapshot:
        filters = filters_of(snapshot, query)
        assert not filters.ignored
        number = queries.count(snapshot, "lists/claims_count", filters)["claims"]
        first = queries.listed(snapshot, "claims", filters, 50)
        sentence = filters.list_sentence(queries.choices(snapshot).sources)
    assert number
    assert unescaped(page.markdown[1 if page.markdown[0].value == "**Count only**" else 0].value)
    texts = [unescaped(item.value) for item in page.main.markdown]
    assert f"**{plural(number, 'claim')}.** {sentence}" in texts
    [table] = page.dataframe
    assert table.value["Claim"].tolist() == first["claim"].tolist()
    assert table.value["Source"].tolist() == first["source"].tolist()
    shown = "attribution" if query.get("view") == "attribution" else "label"
    expected = [codebook.name(item) if pd.notna(item) else "Open" for item in first[shown]]
    assert table.value["Label"].tolist() == expected
    provisional = table.value["Resolved"].str.contains("provisional").tolist()
    assert provisional == (first["basis"] == "model").tolist()
    assert listed(page.query_params) == listed(query)
    assert downloads(page) == [f"/download/claims.csv?{filters.query()}".rstrip("?")]


def test_pages_of_claims(show: Open, demo_corpus: Warehouse) -> None:
    with pages_support.opened(demo_corpus) as snapshot:
        number = queries.count(snapshot, "lists/claims_count", Filters())["claims"]
        second = queries.listed(snapshot, "claims", Filters(), 50, 50)
        last = queries.listed(snapshot, "claims", Filters(), 50, (number - 1) // 50 * 50)
    page = show(demo_corpus, "claims", rows="2")
    assert page.dataframe[0].value["Claim"].tolist() == second["claim"].tolist()
    pages = -(-number // 50)
    page.get("pagination")[0].set_value(pages)
    sound(page.run())
    assert page.query_params == {"rows": str(pages)}
    assert page.dataframe[0].value["Claim"].tolist() == last["claim"].tolist()
    page.text_input(key="at search").set_value("Harbour")
    sound(page.run())
    assert left_out(page) == ""
    assert page.query_params["search"] == "Harbour"


def test_searching_and_choosing_labels(show: Open, demo_corpus: Warehouse) -> None:
    page = show(demo_corpus, "claims")
    page.text_input(key="at search").set_value("HOSPITAL")
    page.button_group(key="at label").set_value(["contested", "open"])
    sound(page.run())
    assert listed(page.query_params) == {"label": ["contested", "open"], "search": ["HOSPITAL"]}
    shown = page.dataframe[0].value
    assert shown["Claim"].str.lower().str.contains("hospital").all()
    assert set(shown["Label"]) <= {"Contested", "Open"}


@pytest.mark.parametrize("text", ["%", "_", "'", "\\", "$search", "\x00", "; DROP TABLE claims"])
def test_a_search_is_plain_text(show: Open, demo_corpus: Warehouse, text: str) -> None:
    page = show(demo_corpus, "claims", search=text)
    with pages_support.opened(demo_corpus) as snapshot:
        claims = [claim for (claim,) in snapshot.rows("SELECT claim FROM claims")]
    number = sum(text.lower() in claim.lower() for claim in claims)
    assert f"**{plural(number, 'claim')}.**" in page.main.markdown[0].value
    assert bool(page.dataframe) == bool(number)


STATES = [
    ("adjudicated", "human", "A decision that was loaded with the data"),
    ("unanimous", "human", "equal answers of people"),
    ("majority", "human", "a strict majority of"),
    ("single", "human", "Resolved by one answer of people"),
    ("tie", "human", "have no strict majority, so this claim is open"),
    ("unanimous", "model", "No person has confirmed it."),
    ("single", "model", "Resolved by one answer of models"),
    ("unlabelled", "", "so this claim is open|so it is open"),
]


@pytest.mark.parametrize(("state", "basis", "words"), STATES, ids=lambda item: item[:12])
def test_the_sheet_of_a_claim_in_every_state(
    show: Open, demo_corpus: Warehouse, state: str, basis: str, words: str
) -> None:
    with pages_support.opened(demo_corpus) as snapshot:
        [(claim_id, label)] = snapshot.rows(
            "SELECT claim_id, label FROM resolved JOIN claims USING (claim_key) "
            "WHERE state = $state AND coalesce(basis, '') = $basis "
            "AND label IS DISTINCT FROM 'not_a_claim' ORDER BY claim_key LIMIT 1",
            {"state": state, "basis": basis},
        )
    sheet_of(show, demo_corpus, claim_id, codebook.name(label) if label else "Open", state, words)


@pytest.mark.parametrize("label", ["not_a_claim", "contested"])
def test_the_sheet_of_every_kind_of_answer(show: Open, demo_corpus: Warehouse, label: str) -> None:
    with pages_support.opened(demo_corpus) as snapshot:
        [(claim_id, state)] = snapshot.rows(
            "SELECT claim_id, state FROM resolved JOIN claims USING (claim_key) "
            "WHERE label = $label ORDER BY claim_key LIMIT 1",
            {"label": label},
        )
    sheet_of(show, demo_corpus, claim_id, codebook.name(label), state, "")


def sheet_of(
    show: Open, warehouse: Warehouse, claim_id: str, name: str, state: str, words: str
) -> None:
    """Check the claim's place, answers, citations and resolution on its page."""
    with pages_support.opened(warehouse) as snapshot:
        details = queries.claim(snapshot, claim_id)
    assert details is not None
    page = show(warehouse, "claims", claim=claim_id)
    assert page.query_params == {"claim": claim_id}
    sheet = next(body for body in bodies(page) if 'class="claim"' in body)
    assert html.escape(str(details.claim["claim"])) in sheet
    badges = re.findall(r'<span class="badge[^>]*>(.*?)</span>', sheet)
    assert badges[:2] == [name, codebook.STATE_NAMES[state]]
    assert ("Provisional" in badges) == (details.claim["basis"] == "model")
    assert re.search(words, page.main.markdown[0].value)
    tables = [item.value for item in page.table]
    assert [len(item) for item in tables] == [
        len(item) for item in (details.citations, details.labels) if len(item)
    ]
    if len(details.labels):
        shown = [unescaped(str(item)) for item in tables[-1]["Annotator"]]
        assert shown == details.labels["annotator"].tolist()
    assert facts(page)["Claim id"] == claim_id
    only = Filters(claim=(claim_id,)).query()
    shown = {"citations": len(details.citations), "labels": len(details.labels)}
    assert downloads(page) == [f"/download/{name}.csv?{only}" for name in shown if shown[name]]
    links = next(body for body in bodies(page) if "All claims of this article" in body)
    assert f'href="/source?of={details.claim["source_id"]}"' in links
    assert f'href="/claims?article={details.claim["article_id"]}"' in links
    page.button[0].click()
    sound(page.run())
    assert page.query_params == {}
    assert page.dataframe


def test_every_claim_of_the_sample_opens(show: Open, sample: Warehouse) -> None:
    with pages_support.opened(sample) as snapshot:
        ids = [row[0] for row in snapshot.rows("SELECT claim_id FROM claims ORDER BY claim_key")]
    for claim_id in ids[::20]:
        assert facts(show(sample, "claims", claim=claim_id))["Claim id"] == claim_id


@pytest.mark.parametrize(
    "claim_id", ["no-such-claim", "`", "<script>", f"\n\n{pages_support.IMAGE}"]
)
def test_an_unknown_claim_is_named(show: Open, sample: Warehouse, claim_id: str) -> None:
    page = show(sample, "claims", claim=claim_id)
    [warning] = page.warning
    message = f"This snapshot holds no claim “{' '.join(claim_id.split())}”."
    assert unescaped(warning.value) == message
    page.button[0].click()
    sound(page.run())
    assert page.dataframe


def test_a_claim_is_opened_by_the_select_box(show: Open, demo_corpus: Warehouse) -> None:
    with pages_support.opened(demo_corpus) as snapshot:
        listed_ = queries.listed(snapshot, "claims", Filters(), 50)
    page = show(demo_corpus, "claims")
    page.selectbox(key="claim to open").set_value(listed_["claim_id"][7])
    sound(page.run())
    assert page.query_params == {"claim": listed_["claim_id"][7]}
    assert facts(page)["Claim id"] == listed_["claim_id"][7]


def test_claims_with_the_same_text_are_distinguished(
    show: Open, warehouse: Warehouse, files: Path
) -> None:
    """Streamlit identifies an option by its text only."""
    same = [{"claim_id": f"c{i}", "article_id": "a", "claim": "It rained."} for i in range(3)]
    tables = support.all_tables() | {
        "sources": [{"source_id": f"s{i}", "name": "The Same"} for i in range(2)],
        "articles": [
            {"article_id": "a", "source_id": "s1"},
            {"article_id": "b", "source_id": "s0"},
        ],
        "claims": same,
        "labels": [],
    }
    support.loaded(warehouse, files, tables)
    page = show(warehouse, "claims")
    box = page.selectbox(key="claim to open")
    assert box.options == [f"It rained. (c{i})" for i in range(3)]
    assert page.multiselect(key="at source").options == ["The Same (s0)", "The Same (s1)"]
    page = show(warehouse, "source", of="s1")
    assert page.selectbox(key="at of").options == ["The Same (s0)", "The Same (s1)"]
    assert page.selectbox(key="at of").value == "s1"


SCRIPT = support.ROOT / "sourcing" / "ui" / "page.js"


def test_odd_texts_are_shown_as_they_are(show: Open, odd: Warehouse) -> None:
    """No text of the data is rendered as Markdown or HTML."""
    for page in (
        show(odd),
        show(odd, "source", of="10"),
        show(odd, "claims"),
        show(odd, "claims", claim="c1"),
        show(odd, "claims", statement=pages_support.IMAGE),
    ):
        ours = [item.proto.body for item in page.get("html") if item.proto.unsafe_allow_javascript]
        assert ours == [f"<script>{SCRIPT.read_text(encoding='utf-8')}</script>"]
        for body in bodies(page):
            assert body in ours or "<script" not in body
            assert "<img" not in body
        texts = [
            item.value for kind in ("markdown", "header", "warning") for item in page.get(kind)
        ]
        texts += [
            str(cell) for table in page.table for cell in table.value.to_numpy().ravel().tolist()
        ]
        for text in texts:
            assert not re.search(r"(?<!\\)(!\[|\$x)", text)
    sheet = show(odd, "claims", claim="c1")
    assert unescaped(sheet.table[0].value["origin"].iloc[0]).startswith(pages_support.IMAGE)


def test_an_odd_claim_id_is_a_working_link(show: Open, odd: Warehouse) -> None:
    page = show(odd, "claims", claim="c/6 ?&#%20é")
    assert facts(page)["Claim id"] == "c/6 ?&#%20é"
