"""Minutes and pack: everything that was decided is in them, and nothing of it can do harm."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import frictionless
import pytest
import support
from frictionless.resources import TableResource

from sourcing.analysis.shares import shares_by_source
from sourcing.downloads import meeting_files
from sourcing.filters import Filters
from sourcing.meetings import label_events, minutes, package, preview
from sourcing.meetings.minutes import Minutes
from sourcing.reviews import Person, Reviews, Role, address_of, decisions, meetings, remarks
from sourcing.reviews.decisions import Decision
from sourcing.reviews.meetings import Item, Plan
from sourcing.warehouse.snapshots import Warehouse, reading

ADA = Person("Ada", Role.REVIEWER)
HOSTILE = "<script>alert(1)</script> & {{ 7 * 7 }} =cmd() | }} {{!"
AT = datetime(2026, 5, 31, 14, 30, tzinfo=UTC)
CLAIMS = [f"seed-001-c{n:03}" for n in range(1, 6)]


@pytest.fixture
def held(warehouse: Warehouse) -> Iterator[tuple[Warehouse, Reviews, int]]:
    """A meeting of five on the sample: four decided, of which one taken back; one skipped."""
    assert support.load(warehouse, support.SAMPLE).published
    reviews = Reviews(address_of(warehouse))
    plan = Plan(f"Review {HOSTILE}", "2026-05-31", "Ada", ("Bo", HOSTILE), "Two\nlines")
    made = meetings.create(reviews, ADA, plan, str(warehouse.current()))
    meetings.add_items(reviews, ADA, made, [Item(c, f"Why {c}.", 0.125) for c in CLAIMS])
    common = {"meeting_id": made, "present": ("Ada", "Bo")}
    said = {
        CLAIMS[0]: Decision(CLAIMS[0], "sourced", "The text says so.", dissent="Bo: no.",
                            cause="slip", **common),
        CLAIMS[1]: Decision(CLAIMS[1], "contested", HOSTILE, attribution="sourced",
                            contested_by="The mayor", evidence_url="https://example.org/a?b=1&c=2",
                            guideline_gap=True, guideline_note="Say what “denied” is.", **common),
        CLAIMS[2]: Decision(CLAIMS[2], "not_a_claim", "An opinion.", **common),
        CLAIMS[3]: Decision(CLAIMS[3], "self_cited", "Own post.", **common),
    }  # fmt: skip
    for decision in said.values():
        decisions.record(reviews, ADA, decision, 0)
    decisions.take_back(reviews, ADA, CLAIMS[3], 1, "Too quick.")
    meetings.record_visit(reviews, ADA, made, CLAIMS[4], "skipped")
    remarks.record_reply(
        reviews, ADA, remarks.Reply("mehr-news", HOSTILE, "2026-05-01", "No.", "2026-05-02")
    )
    yield warehouse, reviews, made
    reviews.close()


def told(held: tuple[Warehouse, Reviews, int]) -> Minutes:
    warehouse, reviews, made = held
    meeting = meetings.find(reviews, made)
    with reading(warehouse, meeting.snapshot_id) as snapshot:
        return minutes.of_meeting(reviews, snapshot, meeting)


def test_who_was_present_is_said_where_somebody_was_missing(
    held: tuple[Warehouse, Reviews, int],
) -> None:
    """Four decisions were made without one participant; whoever takes back notes nobody."""
    page = minutes.html(told(held), "today")
    assert page.count("<dt>Present</dt><dd>Ada; Bo</dd>") == page.count("<dt>Present</dt>") == 4
    _, reviews, made = held
    plan = replace(meetings.find(reviews, made).plan, participants=("Bo",))
    meetings.change(reviews, ADA, made, plan)
    assert "<dt>Present</dt>" not in minutes.html(told(held), "today")


def test_without_their_snapshot_minutes_lose_their_shares_only(
    held: tuple[Warehouse, Reviews, int],
) -> None:
    warehouse, reviews, made = held
    before = told(held)
    assert support.etl("publish", "--warehouse", warehouse.folder).code == 0
    warehouse.path(before.meeting.snapshot_id).unlink()
    page, _ = meeting_files.paper(warehouse, meeting_files.name_of(made, "html"))
    assert b"is gone, so the shares can no longer be computed" in page
    assert b"<svg viewBox" not in page
    with reading(warehouse) as snapshot:
        after = minutes.of_meeting(reviews, snapshot, before.meeting)
    assert after.gone
    assert after.effect.empty
    assert after.agenda.equals(before.agenda)
    assert after.decisions.equals(before.decisions)
    files, _ = meeting_files.paper(warehouse, meeting_files.name_of(made, "zip"))
    with zipfile.ZipFile(io.BytesIO(files)) as packed:
        assert packed.testzip() is None
        assert len(packed.read("decisions.csv").splitlines()) == 1 + len(before.decisions)


def test_what_the_minutes_hold(held: tuple[Warehouse, Reviews, int]) -> None:
    found = told(held)
    assert found.agenda["claim_id"].tolist() == CLAIMS
    assert found.agenda["outcome"].tolist() == [
        "sourced", "contested", "not_a_claim", "taken back", "skipped",
    ]  # fmt: skip
    assert found.decisions["label"].tolist() == [
        "sourced", "contested", "not_a_claim", "self_cited", "(taken back)",
    ]  # fmt: skip
    assert found.decisions["holds"].tolist() == [True, True, True, False, False]
    assert found.decisions["then"].tolist() == ["", "", "", "taken back", ""]
    assert found.replies["answer"].tolist() == ["No."]
    assert set(found.effect["source_id"]) == {"mehr-news"}


def test_shares_are_those_of_the_meeting_only(held: tuple[Warehouse, Reviews, int]) -> None:
    """A decision made elsewhere is not in its minutes; before is the meeting's snapshot."""
    warehouse, reviews, _ = held
    before = told(held)
    decisions.record(reviews, ADA, Decision("seed-001-c020", "sourced", "Later."), 0)
    support.etl("publish", "--warehouse", warehouse.folder)
    after = told(held)
    assert after.effect.equals(before.effect)
    with reading(warehouse, before.meeting.snapshot_id) as snapshot:
        shares = shares_by_source(snapshot, Filters(source=("mehr-news",)))
        holding = list(decisions.standing(reviews, before.meeting.meeting_id).values())
        wanted = preview.effect(snapshot, {"x": label_events.of_decisions(holding)}, Filters())
    assert before.effect["share_before"].tolist() == shares["share"].tolist()
    assert before.effect.equals(wanted)


def test_minutes_stay_when_another_meeting_decides_anew(
    held: tuple[Warehouse, Reviews, int],
) -> None:
    """What the meeting decided and did stays; what came later is said."""
    reviews = held[1]
    before = told(held)
    plan = Plan("Again", "2026-06-30", "Ada")
    other = meetings.create(reviews, ADA, plan, before.meeting.snapshot_id)
    claim = before.agenda["claim_id"].iloc[0]
    anew = Decision(claim, "unsourced", "Anew.", meeting_id=other)
    decisions.record(reviews, ADA, anew, len(decisions.history(reviews, claim)))
    after = told(held)
    assert after.effect.equals(before.effect)
    assert after.agenda["outcome"].tolist() == before.agenda["outcome"].tolist()
    assert after.agenda["then"].iloc[0] == f"decided again in meeting no. {other}"
    assert [*after.decisions["holds"]] == [False, *before.decisions["holds"][1:]]
    assert f"later decided again in meeting no. {other}" in minutes.html(after, "now")


def page(held: tuple[Warehouse, Reviews, int]) -> str:
    return minutes.html(told(held), "2026-05-31 14:30 UTC")


def test_the_page_needs_nothing_else(held: tuple[Warehouse, Reviews, int]) -> None:
    """No script, no request: the only addresses are the evidence that somebody cites."""
    text = page(held)
    assert "<script" not in text
    assert "{{ 7 * 7 }}" in text  # never taken for a template
    assert "49" not in re.sub(r"&#\d+;|[\d.]+", "", text)
    for attribute in ("src", "srcset", "xlink:href", "@import"):
        assert f"{attribute}=" not in text
    assert set(re.findall(r'href="([^"]+)"', text)) == {"https://example.org/a?b=1&amp;c=2"}
    assert set(re.findall(r"url\(([^)]*)\)", text)) <= {
        "#p-self_cited", "#p-unsourced", "#p-contested",
    }  # fmt: skip


def test_the_page_says_all(held: tuple[Warehouse, Reviews, int]) -> None:
    text = page(held)
    found = told(held)
    for said in (
        "Bo: no.", "The text says so.", "Say what “denied” is.", "The mayor", "Too quick.",
        "Two\nlines", found.meeting.snapshot_id, "version 1.0", "2026-05-31", "Ada",
        "later taken back", "too few to compare", "Each claim counts the same",
    ):  # fmt: skip
        assert said in text, said
    for row in found.effect.itertuples():
        assert f"{row.share_after * 100:.1f} %" in text
        assert f"{row.claims_before} → {row.claims_after}" in text


def test_bars_are_as_wide_as_shares(held: tuple[Warehouse, Reviews, int]) -> None:
    widths = [float(w) for w in re.findall(r'width="([\d.]+)" height="20" fill="#', page(held))]
    effect = told(held).effect
    shares = [*effect["share_before"], *effect["share_after"]]
    assert widths == pytest.approx([645 * share for share in shares if share])


# The pack -----------------------------------------------------------------------------------------


def test_the_package_is_valid(held: tuple[Warehouse, Reviews, int], tmp_path: Path) -> None:
    for name, content in package.files(told(held), AT).items():
        (tmp_path / name).write_bytes(content)
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])
    described = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert [item["name"] for item in described["resources"]] == [
        "agenda", "decisions", "shares", "replies",
    ]  # fmt: skip
    for item in described["resources"]:
        with TableResource(path=str(tmp_path / item["path"]), encoding="utf-8-sig") as table:
            assert table.header.labels == [field["name"] for field in item["schema"]["fields"]]


def test_the_zip_is_the_files(held: tuple[Warehouse, Reviews, int]) -> None:
    found = told(held)
    zipped = package.zipped(found, AT)
    assert zipped == package.zipped(found, AT)
    with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == package.files(found, AT)


def test_tables_hold_every_decision(held: tuple[Warehouse, Reviews, int]) -> None:
    content = package.files(told(held), AT)["decisions.csv"]
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    made = decisions.every(held[1])
    assert [row["rationale"] for row in rows] == [item.rationale for item in made]
    assert {row["snapshot"] for row in rows} == {told(held).meeting.snapshot_id}
    assert rows[1]["present"] == "Ada; Bo"
    assert rows[0]["decided_at"].endswith("Z")


def test_wikitext_leaves_reliability_blank(held: tuple[Warehouse, Reviews, int]) -> None:
    effect = told(held).effect
    text = package.wikitext(
        effect.assign(source="A [[link]] | }} x"), "Ada {{subst:x}}", "of }} May"
    )
    assert text.count("{{") == text.count("}}") == 2
    for asked in ("independence", "reliability", "significance"):
        assert f"| {asked} = |" in text
    first, *rows, last = text.splitlines()
    assert first.endswith(" |")  # all rows are its one unnamed parameter
    assert [row for row in rows if not row.startswith("{{source assess | source = ")] == []
    assert last == "}}"
    assert "[[" not in text
    assert "too few to compare" in text
    first = effect[effect["label"] == "unsourced"].iloc[0]
    assert f"unsourced {first['share_after'] * 100:.0f} %" in text
    assert first["articles_after"] == 1
    assert f"{first['resolved_after']} claims in 1 article;" in text


def test_a_meeting_of_nothing(warehouse: Warehouse, tmp_path: Path) -> None:
    assert support.load(warehouse, support.SAMPLE).published
    reviews = Reviews(address_of(warehouse))
    plan = Plan("Nothing", "2026-05-31", "Ada")
    made = meetings.create(reviews, ADA, plan, str(warehouse.current()))
    found = told((warehouse, reviews, made))
    text = minutes.html(found, "now")
    assert "Nothing was on the agenda." in text
    assert "Nothing was decided." in text
    assert "No source is affected." in text
    for name, content in package.files(found, AT).items():
        (tmp_path / name).write_bytes(content)
    assert frictionless.validate(str(tmp_path / "datapackage.json")).valid
    reviews.close()
