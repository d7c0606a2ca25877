"""Since last time: the page shows the tables, and the marker on the overview opens it."""

from pathlib import Path

import pages_support
import pytest
import support
from pages_support import Open, sound
from streamlit.testing.v1 import AppTest

from etl import publication
from etl.progress import Progress
from sourcing.analysis.changes import between
from sourcing.filters import Filters
from sourcing.reviews import Reviews, address_of, decisions, meetings
from sourcing.warehouse.snapshots import Snapshot, Warehouse

pytest_plugins = "pages_fixtures"

ADA = pages_support.reviewer("Ada")


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The sample, published again, then a meeting with two decisions, then published once more."""
    warehouse = Warehouse(tmp_path_factory.mktemp("after") / "warehouse")
    support.load(warehouse, support.SAMPLE)
    publication.publish(warehouse, Progress(shown=False))
    reviews = Reviews(address_of(warehouse))
    plan = meetings.Plan("Review of *May*", "2026-05-31", "Ada")
    meeting_id = meetings.create(reviews, ADA, plan, str(warehouse.current()))
    for claim, label in (("seed-001-c001", "contested"), ("seed-000-c001", "sourced")):
        decision = decisions.Decision(
            claim, label, "Why.", attribution="sourced", meeting_id=meeting_id
        )
        decisions.record(reviews, ADA, decision, 0)
    reviews.close()
    publication.publish(warehouse, Progress(shown=False))
    return warehouse


def markdown_text(page: AppTest) -> str:
    return "\n".join(pages_support.unescaped(item.value) for item in page.markdown)


def test_the_marker_leads_to_what_changed(show: Open, after: Warehouse) -> None:
    _, meeting, first = after.ids()
    page = show(after)
    [marker] = [item for item in page.button if item.label.startswith("Changed since")]
    assert pages_support.unescaped(marker.label) == (
        "Changed since the last meeting (Review of *May*, 2026-05-31): shares of 2 sources"
    )
    older = show(after, snapshot=meeting)
    assert not [item for item in older.button if item.label.startswith("Changed since")]
    page = show(after, "since")
    assert page.selectbox(key="at before").value == meeting  # that of the last meeting
    assert page.selectbox(key="at before").options[1].startswith(first[:4])
    assert "Changed claims of 2 sources:** decisions 2." in markdown_text(page)


def test_the_chart_is_the_table(show: Open, after: Warehouse) -> None:
    new, meeting, _ = after.ids()
    with between(Snapshot(after, meeting), Snapshot(after, new), Filters()) as comparison:
        parts = comparison.parts()
    page = show(after, "since")
    trace = pages_support.spec(page, 0)["data"][0]
    changes = parts.drop_duplicates(["source_id", "label"]).dropna(subset=["change"])
    expected = {
        f"{row['source_id']}\n{row['label']}": row["change"]
        for row in changes.to_dict("records")
        if row["change"]
    }
    keys = [key for key, _ in trace["customdata"]]
    assert dict(zip(keys, trace["x"], strict=True)) == pytest.approx(expected)
    sizes = [abs(x) for x in trace["x"]]
    assert sizes == sorted(sizes, reverse=True)
    assert page.dataframe[-1].value["Why"].tolist() == ["Decisions", "Decisions"]


def test_the_claims_behind_one_label(show: Open, after: Warehouse) -> None:
    page = show(after, "since", on="contested")
    assert page.dataframe[-1].value["After"].tolist() == ["Contested"]
    page.selectbox(key="at on").set_value(None)
    page.selectbox(key="at of").set_value("unknown-000")
    sound(page.run())
    assert page.dataframe[-1].value["After"].tolist() == ["Sourced"]
    assert page.query_params == {"of": "unknown-000"}
    links = pages_support.downloads(page)
    new, meeting, _ = after.ids()
    assert f"/download/since.csv?snapshot={meeting}&other_snapshot={new}" in links
    assert f"/download/changed_claims.csv?snapshot={meeting}&other_snapshot={new}" in links


def test_a_claim_says_that_a_meeting_decided_it(show: Open, after: Warehouse) -> None:
    page = show(after, "claims", claim="seed-001-c001")
    assert "A review meeting decided this claim; the newest decision counts." in markdown_text(page)


def test_no_change_and_no_earlier_snapshot(show: Open, after: Warehouse, sample: Warehouse) -> None:
    _, meeting, first = after.ids()
    page = show(after, "since", snapshot=meeting, before=first)
    assert "No claim changed since that snapshot." in [x.value for x in page.info]
    assert "There is no earlier snapshot." in show(sample, "since").info[0].value


def test_without_a_review_database_there_is_no_marker(
    show: Open, two_snapshots: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCING_REVIEWS_URL", f"sqlite:///{tmp_path}/none.db")
    page = show(two_snapshots)
    assert not [item for item in page.button if item.label.startswith("Changed since")]
    page = show(two_snapshots, "since")
    assert "new labels" in markdown_text(page)
    assert "No share that is defined in both snapshots has changed." in markdown_text(page)


def test_a_claim_that_was_not_there_is_said_to_be_new(show: Open, tmp_path: Path) -> None:
    """New claims are not called open; neither are those that filters counted on one side only."""
    warehouse = Warehouse(tmp_path / "warehouse")
    support.loaded(warehouse, tmp_path / "first", support.BASE)
    claims = [
        {"claim_id": "c", "article_id": "a", "claim": "It rained.", "topic": "rain"},
        {"claim_id": "new", "article_id": "a", "claim": "It snowed.", "topic": "snow"},
        {"claim_id": "open", "article_id": "a", "claim": "It hailed.", "topic": "rain"},
    ]
    label = support.BASE["labels"][0]
    more = [label | {"claim_id": "new"}, label | {"annotator": "ben", "label": "contested"}]
    support.loaded(warehouse, tmp_path / "second", {"claims": claims, "labels": more})

    def rows(**limits: str) -> dict[str, tuple[str, str]]:
        frame = show(warehouse, "since", **limits).dataframe[-1].value
        return dict(
            zip(frame["Claim"], zip(frame["Before"], frame["After"], strict=True), strict=True)
        )

    assert rows() == {
        "It rained.": ("Sourced", "Open"),
        "It snowed.": ("Was not there", "Sourced"),
        "It hailed.": ("Was not there", "Open"),
    }
    assert rows(topic="rain")["It rained."] == ("Was not counted here", "Open")


@pytest.mark.parametrize("view", ["labels", "attribution"])
def test_a_claim_that_is_none_is_not_called_open(show: Open, tmp_path: Path, view: str) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    support.loaded(warehouse, tmp_path / "first", support.BASE)
    label = support.BASE["labels"][0] | {"label": "not_a_claim", "labelled_at": "2026-01-02"}
    support.loaded(warehouse, tmp_path / "second", {"labels": [label]})
    frame = show(warehouse, "since", view=view).dataframe[-1].value
    assert frame[["Before", "After"]].to_numpy().tolist() == [["Sourced", "Not a claim"]]


@pytest.mark.parametrize("view", ["labels", "attribution"])
def test_lists_show_the_answer_and_state_of_the_view(show: Open, tmp_path: Path, view: str) -> None:
    """Two answers, sourced and contested(sourced): a tie by label, unanimous by attribution."""
    warehouse = Warehouse(tmp_path / "warehouse")
    label = support.BASE["labels"][0]
    other = label | {"annotator": "ben", "label": "contested", "attribution": "sourced"}
    tables = {**support.BASE, "labels": [label, other]}
    support.loaded(warehouse, tmp_path / "files", tables)
    row = show(warehouse, "claims", view=view).dataframe[0].value.iloc[0]
    expected = ("Open", "Tie") if view == "labels" else ("Sourced", "Unanimous")
    assert (row["Label"], row["Resolved"]) == expected
