"""Minutes and package: they hold every decision and escape all text."""

import csv
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
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

pytestmark = pytest.mark.slow

ADA = Person("Ada", Role.REVIEWER)
HOSTILE = "<script>alert(1)</script> & {{ 7 * 7 }} =cmd() | }} {{!"
AT = datetime(2026, 5, 31, 14, 30, tzinfo=UTC)
CLAIMS = [f"seed-001-c{n:03}" for n in range(1, 6)]


@pytest.fixture
def reviewed(sample: Warehouse, warehouse: Warehouse) -> Iterator[tuple[Warehouse, Reviews, int]]:
    """A meeting on five claims of the sample: four decided (one taken back), one skipped."""
    shutil.copytree(sample.folder, warehouse.folder)
    reviews = Reviews(address_of(warehouse))
    plan = Plan(f"Review {HOSTILE}", "2026-05-31", "Ada", ("Bo", HOSTILE), "Two\nlines")
    meeting_id = meetings.create(reviews, ADA, plan, str(warehouse.current()))
    meetings.add_items(reviews, ADA, meeting_id, [Item(c, f"Why {c}.", 0.125) for c in CLAIMS])
    common = {"meeting_id": meeting_id, "present": ("Ada", "Bo")}
    outcomes = {
        CLAIMS[0]: Decision(CLAIMS[0], "sourced", "The text says so.", dissent="Bo: no.",
                            cause="codebook_gap", **common),
        CLAIMS[1]: Decision(CLAIMS[1], "contested", HOSTILE, attribution="sourced",
                            contested_by="The mayor", evidence_url="https://example.org/a?b=1&c=2",
                            guideline_gap=True, guideline_note="Say what “denied” is.", **common),
        CLAIMS[2]: Decision(CLAIMS[2], "not_a_claim", "An opinion.", **common),
        CLAIMS[3]: Decision(CLAIMS[3], "self_cited", "Own post.", **common),
    }  # fmt: skip
    for decision in outcomes.values():
        decisions.record(reviews, ADA, decision, 0)
    decisions.take_back(reviews, ADA, CLAIMS[3], 1, "Too quick.")
    meetings.record_visit(reviews, ADA, meeting_id, CLAIMS[4], "skipped")
    remarks.record_reply(
        reviews, ADA, remarks.Reply("mehr-news", HOSTILE, "2026-05-01", "No.", "2026-05-02")
    )
    yield warehouse, reviews, meeting_id
    reviews.close()


def minutes_of(reviewed: tuple[Warehouse, Reviews, int]) -> Minutes:
    warehouse, reviews, meeting_id = reviewed
    meeting = meetings.find(reviews, meeting_id)
    with reading(warehouse, meeting.snapshot_id) as snapshot:
        return minutes.of_meeting(reviews, snapshot, meeting)


def test_those_present_are_named_if_somebody_was_missing(
    reviewed: tuple[Warehouse, Reviews, int],
) -> None:
    """Four decisions lacked one participant; the one that takes back names nobody."""
    page = minutes.html(minutes_of(reviewed), "today")
    assert page.count("<dt>Present</dt><dd>Ada; Bo</dd>") == page.count("<dt>Present</dt>") == 4
    _, reviews, meeting_id = reviewed
    plan = replace(meetings.find(reviews, meeting_id).plan, participants=("Bo",))
    meetings.change(reviews, ADA, meeting_id, plan)
    assert "<dt>Present</dt>" not in minutes.html(minutes_of(reviewed), "today")


def test_without_their_snapshot_minutes_lose_only_their_shares(
    reviewed: tuple[Warehouse, Reviews, int],
) -> None:
    warehouse, reviews, meeting_id = reviewed
    before = minutes_of(reviewed)
    assert support.etl("publish", "--warehouse", warehouse.folder).code == 0
    warehouse.path(before.meeting.snapshot_id).unlink()
    page, _ = meeting_files.paper(warehouse, meeting_files.name_of(meeting_id, "html"))
    assert b"is gone, so the shares can no longer be computed" in page
    assert b"<svg viewBox" not in page
    with reading(warehouse) as snapshot:
        after = minutes.of_meeting(reviews, snapshot, before.meeting)
    assert after.gone
    assert after.effect.empty
    assert after.agenda.equals(before.agenda)
    assert after.decisions.equals(before.decisions)
    files, _ = meeting_files.paper(warehouse, meeting_files.name_of(meeting_id, "zip"))
    with zipfile.ZipFile(io.BytesIO(files)) as packed:
        assert packed.testzip() is None
        assert len(packed.read("decisions.csv").splitlines()) == 1 + len(before.decisions)


def test_what_the_minutes_hold(reviewed: tuple[Warehouse, Reviews, int]) -> None:
    result = minutes_of(reviewed)
    assert result.agenda["claim_id"].tolist() == CLAIMS
    assert result.agenda["outcome"].tolist() == [
        "sourced", "contested", "not_a_claim", "taken back", "skipped",
    ]  # fmt: skip
    assert result.decisions["label"].tolist() == [
        "sourced", "contested", "not_a_claim", "self_cited", "(taken back)",
    ]  # fmt: skip
    assert result.decisions["holds"].tolist() == [True, True, True, False, False]
    assert result.decisions["then"].tolist() == ["", "", "", "taken back", ""]
    assert result.replies["answer"].tolist() == ["No."]
    assert set(result.effect["source_id"]) == {"mehr-news"}


def test_shares_reflect_only_the_meeting(reviewed: tuple[Warehouse, Reviews, int]) -> None:
    """Decisions made elsewhere are not in the minutes; the snapshot is the meeting's."""
    warehouse, reviews, _ = reviewed
    before = minutes_of(reviewed)
    decisions.record(reviews, ADA, Decision("seed-001-c020", "sourced", "Later."), 0)
    support.etl("publish", "--warehouse", warehouse.folder)
    after = minutes_of(reviewed)
    assert after.effect.equals(before.effect)
    with reading(warehouse, before.meeting.snapshot_id) as snapshot:
        shares = shares_by_source(snapshot, Filters(source=("mehr-news",)))
        holding = list(decisions.standing(reviews, before.meeting.meeting_id).values())
        expected = preview.effect(snapshot, {"x": label_events.of_decisions(holding)}, Filters())
    assert before.effect["share_before"].tolist() == shares["share"].tolist()
    assert before.effect.equals(expected)


def test_minutes_stay_when_another_meeting_decides_again(
    reviewed: tuple[Warehouse, Reviews, int],
) -> None:
    """The meeting's own decisions and effect stay; later decisions are mentioned."""
    reviews = reviewed[1]
    before = minutes_of(reviewed)
    plan = Plan("Again", "2026-06-30", "Ada")
    other = meetings.create(reviews, ADA, plan, before.meeting.snapshot_id)
    claim = before.agenda["claim_id"].iloc[0]
    anew = Decision(claim, "unsourced", "Anew.", meeting_id=other)
    decisions.record(reviews, ADA, anew, len(decisions.history(reviews, claim)))
    after = minutes_of(reviewed)
    assert after.effect.equals(before.effect)
    assert after.agenda["outcome"].tolist() == before.agenda["outcome"].tolist()
    assert after.agenda["then"].iloc[0] == f"decided again in meeting no. {other}"
    assert [*after.decisions["holds"]] == [False, *before.decisions["holds"][1:]]
    assert f"later decided again in meeting no. {other}" in minutes.html(after, "now")


def page(reviewed: tuple[Warehouse, Reviews, int]) -> str:
    return minutes.html(minutes_of(reviewed), "2026-05-31 14:30 UTC")


def test_the_page_is_self_contained(reviewed: tuple[Warehouse, Reviews, int]) -> None:
    """No scripts or requests: the only addresses are evidence that somebody cites."""
    text = page(reviewed)
    assert "<script" not in text
    assert "{{ 7 * 7 }}" in text  # never taken for a template
    assert "49" not in re.sub(r"&#\d+;|[\d.]+", "", text)
    for attribute in ("src", "srcset", "xlink:href", "@import"):
        assert f"{attribute}=" not in text
    assert set(re.findall(r'href="([^"]+)"', text)) == {"https://example.org/a?b=1&amp;c=2"}
    assert set(re.findall(r"url\(([^)]*)\)", text)) <= {
        "#p-lines", "#p-dots", "#p-crosses",
    }  # fmt: skip


def test_the_page_holds_everything(reviewed: tuple[Warehouse, Reviews, int]) -> None:
    text = page(reviewed)
    result = minutes_of(reviewed)
    for text_part in (
        "Bo: no.", "The text says so.", "Say what “denied” is.", "The mayor", "Too quick.",
        "Two\nlines", result.meeting.snapshot_id, "version 1.0", "2026-05-31", "Ada",
        "later taken back", "too few to compare", "Each claim counts the same",
        "The codebook does not say",
    ):  # fmt: skip
        assert text_part in text, text_part
    for row in result.effect.itertuples():
        assert f"{row.share_after * 100:.1f} %" in text
        assert f"{row.claims_before} → {row.claims_after}" in text


def test_bars_are_as_wide_as_shares(reviewed: tuple[Warehouse, Reviews, int]) -> None:
    widths = [float(w) for w in re.findall(r'width="([\d.]+)" height="20" fill="#', page(reviewed))]
    effect = minutes_of(reviewed).effect
    shares = [*effect["share_before"], *effect["share_after"]]
    assert widths == pytest.approx([645 * share for share in shares if share])


# The pack -----------------------------------------------------------------------------------------


def test_the_package_is_valid(reviewed: tuple[Warehouse, Reviews, int], tmp_path: Path) -> None:
    for name, content in package.files(minutes_of(reviewed), AT).items():
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


def test_the_zip_is_the_files(reviewed: tuple[Warehouse, Reviews, int]) -> None:
    result = minutes_of(reviewed)
    zipped = package.zipped(result, AT)
    assert zipped == package.zipped(result, AT)
    with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == package.files(
            result, AT
        )


def test_tables_hold_every_decision(reviewed: tuple[Warehouse, Reviews, int]) -> None:
    content = package.files(minutes_of(reviewed), AT)["decisions.csv"]
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    history = decisions.every(reviewed[1])
    assert [row["rationale"] for row in rows] == [item.rationale for item in history]
    assert {row["snapshot"] for row in rows} == {minutes_of(reviewed).meeting.snapshot_id}
    assert rows[1]["present"] == "Ada; Bo"
    assert rows[0]["decided_at"].endswith("Z")


def test_wikitext_leaves_reliability_blank(reviewed: tuple[Warehouse, Reviews, int]) -> None:
    effect = minutes_of(reviewed).effect
    text = package.wikitext(
        effect.assign(source="A [[link]] | }} x"), "Ada {{subst:x}}", "of }} May"
    )
    assert text.count("{{") == text.count("}}") == 2
    for field in ("independence", "reliability", "significance"):
        assert f"| {field} = |" in text
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


@pytest.mark.parametrize(
    "name",
    [
        "AT&T &amp; Co",
        "Signed ~~~~",
        "__NOTOC__",
        "* one",
        "# 1 News",
        "; a : b",
        "https://x.example",
    ],
)
def test_wikitext_shows_a_name_as_it_is(
    reviewed: tuple[Warehouse, Reviews, int], name: str
) -> None:
    text = package.wikitext(minutes_of(reviewed).effect.assign(source=name), "Ada", "May")
    [written] = set(re.findall(r"source = (.*?) \| independence", text))
    assert unescape(written) == name
    assert not set(re.sub(r"&#\d+;", "", written)) & set("{}[]|<>='&~_*#:;")


def test_an_empty_meeting(sample: Warehouse, warehouse: Warehouse, tmp_path: Path) -> None:
    shutil.copytree(sample.folder, warehouse.folder)
    reviews = Reviews(address_of(warehouse))
    plan = Plan("Nothing", "2026-05-31", "Ada")
    meeting_id = meetings.create(reviews, ADA, plan, str(warehouse.current()))
    result = minutes_of((warehouse, reviews, meeting_id))
    text = minutes.html(result, "now")
    assert "Nothing was on the agenda." in text
    assert "Nothing was decided." in text
    assert "No source is affected." in text
    for name, content in package.files(result, AT).items():
        (tmp_path / name).write_bytes(content)
    assert frictionless.validate(str(tmp_path / "datapackage.json")).valid
    reviews.close()
