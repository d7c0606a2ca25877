"""A review meeting in a real browser: agenda, decisions by key, effect, publishing, crashes."""

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pages_support
import pytest
import support
from driver import WAIT_MS, Server, barriers, open_page, settled, start, wait_for
from playwright.sync_api import Page, expect

from sourcing.analysis.shares import shares_by_source
from sourcing.codebook import Label
from sourcing.filters import Filters
from sourcing.meetings import label_events, preview
from sourcing.reviews import Reviews, address_of, decisions, meetings
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Warehouse, reading

pytest_plugins = "pages_fixtures"

KEYS = {**dict(zip(map(str, Label), "1234", strict=True)), "not_a_claim": "5"}


@pytest.fixture(params=[("sample", 5), ("demo_corpus", 10)], ids=["sample", "demo"])
def own(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Warehouse, int]:
    """A warehouse that the test may publish to, and the number of items of its meeting."""
    name, items = request.param
    warehouse: Warehouse = request.getfixturevalue(name)
    shutil.copytree(warehouse.folder, tmp_path / "own")
    return Warehouse(tmp_path / "own"), items


class Running:
    """A server that a test may kill; its successor listens on the same port."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse
        self.server: Server = start(warehouse)
        self.url = self.server.url

    def kill(self) -> None:
        self.server.process.kill()
        self.server.process.wait()

    def start_again(self) -> None:
        port = self.url.rpartition(":")[2]
        self.server = start(self.warehouse, "--server.port", port)
        assert self.server.url == self.url or self.url in "".join(self.server.log)


@pytest.fixture
def running(own: tuple[Warehouse, int], page: Page) -> Iterator[Running]:
    server = Running(own[0])
    yield server
    page.goto("about:blank")  # otherwise the browser logs that the server is gone
    server.kill()


@pytest.fixture
def reviews(own: tuple[Warehouse, int]) -> Iterator[Reviews]:
    database = Reviews(address_of(own[0]))
    yield database
    database.close()


def say_who(page: Page) -> None:
    page.get_by_label("Your name").fill("Ada Lovelace")
    page.get_by_role("button", name="Keep this name").click()
    expect(page.get_by_role("button", name="Plan this meeting")).to_be_visible(timeout=WAIT_MS)
    settled(page)


def plan(page: Page, url: str, items: int) -> None:
    """Plan a meeting with this number of items on its agenda."""
    open_page(page, f"{url}/review")
    say_who(page)
    page.get_by_label("Participants, separated by commas").fill("Bo, Cy")
    page.get_by_label("Minutes").fill(str(3 * items))
    page.get_by_label("Minutes").press("Tab")
    page.get_by_role("button", name="Plan this meeting").click()
    fill = page.get_by_role("button", name=f"Fill {3 * items} minutes: add the first {items}")
    fill.click(timeout=WAIT_MS)
    expect(page.get_by_text(f"0 of {items} items decided")).to_be_visible(timeout=WAIT_MS)
    settled(page)


def at_item(page: Page, number: int, items: int) -> None:
    expect(page.get_by_text(f"Item {number} of {items}")).to_be_visible(timeout=WAIT_MS)
    settled(page)


def press(page: Page, key: str) -> None:
    """Press a key that decides, once it counts again."""
    wait_for(page, "() => performance.now() - window.lastKey.at >= 500")
    page.keyboard.press(key)


def decide(page: Page, label: str, rationale: str) -> None:
    """Say why, leave the field, press the label's key."""
    page.get_by_label("Rationale").fill(rationale)
    page.get_by_label("Rationale").press("Control+Enter")
    settled(page)
    page.get_by_role("heading", level=1).click()  # a key typed into a field is no shortcut
    press(page, KEYS[label])


def test_from_agenda_to_published_shares(
    page: Page, running: Running, own: tuple[Warehouse, int], reviews: Reviews
) -> None:
    """Decide every item; a crash in between loses nothing; shares equal the preview."""
    warehouse, items = own
    plan(page, running.url, items)
    [meeting] = meetings.every(reviews)
    assert meeting.snapshot_id in warehouse.pinned()
    assert meeting.plan.participants == ("Bo", "Cy")
    page.get_by_role("button", name="Hold this meeting").click()
    expected_labels = {}
    agenda = [item.claim_id for item in meetings.agenda(reviews, meeting.meeting_id)]
    for number, claim in enumerate(agenda, 1):
        at_item(page, number, items)
        label = list(KEYS)[number % len(KEYS)]
        decide(page, label, f"Because of {number}.")
        expected_labels[claim] = label
        if number < items:
            at_item(page, number + 1, items)
        if number in (2, items - 1):
            page.goto("about:blank")  # otherwise the browser logs that the server is gone
            running.kill()
            assert {k: v.label for k, v in decisions.standing(reviews).items()} == expected_labels
            running.start_again()
            open_page(page, f"{running.url}/meeting")
            at_item(page, number + 1, items)
    expect(page.get_by_text("That was the last item")).to_be_visible(timeout=WAIT_MS)
    standing = decisions.standing(reviews, meeting.meeting_id)
    assert {claim: item.label for claim, item in standing.items()} == expected_labels
    assert {item.rationale for item in standing.values()} == {
        f"Because of {n}." for n in range(1, items + 1)
    }
    assert {item.present for item in standing.values()} == {("Ada Lovelace", "Bo", "Cy")}

    before = warehouse.current()
    with reading(warehouse) as snapshot:
        expected = preview.effect(snapshot, label_events.unpublished(snapshot, reviews), Filters())
    assert not expected.empty
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Review").click()
    page.get_by_role("button", name="Publish", exact=False).click(timeout=WAIT_MS)
    expect(page.get_by_text("Published snapshot")).to_be_visible(timeout=WAIT_MS)
    assert warehouse.current() != before
    with reading(warehouse) as snapshot:
        shares = shares_by_source(snapshot, Filters()).set_index(["source_id", "label"])
        for row in expected.itertuples():
            now = shares.loc[(row.source_id, row.label)]
            assert (now["claims"], now["resolved_claims"]) == (
                row.claims_after, row.resolved_after,
            )  # fmt: skip
            assert now["share"] == row.share_after or row.share_after != row.share_after
        for claim, label in expected_labels.items():
            details = queries.claim(snapshot, claim)
            assert details is not None
            assert (details.claim["label"], details.claim["state"]) == (label, "adjudicated")


def test_overruling_needs_a_rationale_and_can_be_taken_back(
    page: Page, running: Running, own: tuple[Warehouse, int], reviews: Reviews
) -> None:
    items = own[1]
    plan(page, running.url, items)
    page.get_by_role("button", name="Hold this meeting").click()
    at_item(page, 1, items)
    [meeting] = meetings.every(reviews)
    claim = meetings.agenda(reviews, meeting.meeting_id)[0].claim_id
    with pages_support.opened(own[0]) as snapshot:
        details = queries.claim(snapshot, claim)
    assert details is not None
    other = next(label for label in KEYS if label != details.claim["label"])
    press(page, KEYS[other])
    expect(page.get_by_text("Say why the decision differs")).to_be_visible(timeout=WAIT_MS)
    assert decisions.count(reviews) == 0
    decide(page, other, "The text says so.")
    at_item(page, 2, items)
    page.keyboard.press("ArrowLeft")
    at_item(page, 1, items)
    page.keyboard.press("u")
    expect(page.get_by_text("The decision is taken back")).to_be_visible(timeout=WAIT_MS)
    assert [item.label for item in decisions.history(reviews, claim)] == [other, None]
    page.keyboard.press("s")
    at_item(page, 2, items)
    kinds = [(c, kind) for c, kind, _ in meetings.visited(reviews, meeting.meeting_id)]
    assert (claim, "skipped") in kinds


def test_two_decide_at_once(
    page: Page, running: Running, own: tuple[Warehouse, int], reviews: Reviews
) -> None:
    """The second person is shown the first's decision; nothing is overwritten."""
    items = own[1]
    plan(page, running.url, items)
    page.get_by_role("button", name="Hold this meeting").click()
    at_item(page, 1, items)
    [meeting] = meetings.every(reviews)
    claim = meetings.agenda(reviews, meeting.meeting_id)[0].claim_id
    other = decisions.Decision(claim, "cannot_say", "Seen elsewhere.")
    decisions.record(reviews, pages_support.reviewer("Bo"), other, 0)
    decide(page, "sourced", "I think so.")
    expect(page.get_by_text("Bo has decided this claim in the meantime")).to_be_visible(
        timeout=WAIT_MS
    )
    assert [item.label for item in decisions.history(reviews, claim)] == ["cannot_say"]
    settled(page)
    decide(page, "sourced", "Still.")
    at_item(page, 2, items)
    assert [item.label for item in decisions.history(reviews, claim)] == ["cannot_say", "sourced"]


@pytest.mark.parametrize("own", [("sample", 5)], indirect=True)
def test_the_pack_is_downloaded(
    page: Page, running: Running, own: tuple[Warehouse, int], reviews: Reviews
) -> None:
    """From the page, which is accessible in both colour schemes."""
    items = own[1]
    plan(page, running.url, items)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert barriers(page) == []
    with page.expect_download() as minutes:
        page.get_by_role("link", name="Minutes (HTML)").click()
    assert "Review of " in minutes.value.path().read_text(encoding="utf-8")
    with page.expect_download() as packed:
        page.get_by_role("link", name="Pack (minutes, CSV, wikitext)").click()
    with zipfile.ZipFile(packed.value.path()) as package:
        agenda = package.read("agenda.csv").decode("utf-8-sig").splitlines()
    assert len(agenda) == 1 + items
    page.get_by_role("button", name="Hold this meeting").click()
    at_item(page, 1, items)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert barriers(page) == []
    assert decisions.count(reviews) == 0


@pytest.mark.parametrize("own", [("sample", 5)], indirect=True)
def test_an_open_page_offers_the_newer_snapshot(
    page: Page, running: Running, own: tuple[Warehouse, int], reviews: Reviews
) -> None:
    """The page checks regularly without a click; the reader decides when to load it."""
    open_page(page, running.url)
    before = page.locator("dl.figures").inner_text()
    first = decisions.Decision("seed-001-c001", "not_a_claim", "An opinion.")
    decisions.record(reviews, pages_support.reviewer("Bo"), first, 0)
    assert support.etl("publish", "--warehouse", own[0].folder).code == 0
    expect(page.get_by_text("A newer snapshot has been published.")).to_be_visible(timeout=WAIT_MS)
    assert page.locator("dl.figures").inner_text() == before
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_text("A newer snapshot has been published.")).to_have_count(0)
    expect(page.locator("dl.figures")).to_contain_text("1 not a claim", timeout=WAIT_MS)


@pytest.mark.parametrize("own", [("sample", 5)], indirect=True)
def test_names_and_titles_run_nothing(
    page: Page, running: Running, own: tuple[Warehouse, int], reviews: Reviews
) -> None:
    """Markdown and HTML that people enter are shown literally; no other host is contacted."""
    hostile = "![x](https://elsewhere.example/a.png) <img src=https://elsewhere.example/b> **b**"
    bo = pages_support.reviewer(hostile)
    plan_ = meetings.Plan(hostile, "2026-05-31", hostile, (hostile,), hostile)
    meeting_id = meetings.create(reviews, bo, plan_, str(own[0].current()))
    meetings.add_items(reviews, bo, meeting_id, [meetings.Item("seed-001-c001", hostile)])
    decision = decisions.Decision(
        "seed-001-c001", "sourced", hostile, dissent=hostile, meeting_id=meeting_id
    )
    decisions.record(reviews, bo, decision, 0)
    page.context.add_cookies(
        [{"name": "sourcing-name", "value": quote(hostile), "url": running.url}]
    )
    for address in ("review", "meeting"):
        open_page(page, f"{running.url}/{address}")
        assert page.locator('[data-testid="stMain"] img').count() == 0
        expect(page.get_by_text("![x](https://elsewhere.example/a.png)").first).to_be_visible()


@pytest.mark.parametrize("own", [("sample", 5)], indirect=True)
def test_a_key_counts_once_for_the_claim_on_the_screen(
    page: Page, running: Running, own: tuple[Warehouse, int], reviews: Reviews
) -> None:
    """Pressed twice or held down, a key decides one claim; in a field it types a character."""
    items = own[1]
    plan(page, running.url, items)
    page.get_by_role("button", name="Hold this meeting").click()
    at_item(page, 1, items)
    [meeting] = meetings.every(reviews)
    first, second, *_ = [item.claim_id for item in meetings.agenda(reviews, meeting.meeting_id)]
    with pages_support.opened(own[0]) as snapshot:
        details = queries.claim(snapshot, first)
    assert details is not None
    same = KEYS[details.claim["label"]]
    page.keyboard.press(same)
    page.keyboard.down(same)
    page.keyboard.press(other_key := next(key for key in "1234" if key != same))
    at_item(page, 2, items)
    assert len(decisions.history(reviews, first)) == 1
    assert decisions.history(reviews, second) == []
    for _ in range(9):
        page.keyboard.down(same)  # still held: a repeat
    page.keyboard.up(same)
    settled(page)
    assert decisions.history(reviews, second) == []

    press(page, other_key)  # overrules without a reason: what is typed next is the reason
    expect(page.get_by_text("Say why the decision differs")).to_be_visible(timeout=WAIT_MS)
    expect(page.get_by_label("Rationale")).to_be_focused(timeout=WAIT_MS)
    page.keyboard.type("Sus 12s")
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Item 2 of")).to_be_visible()
    kinds = [kind for _, kind, _ in meetings.visited(reviews, meeting.meeting_id)]
    assert "skipped" not in kinds
    assert len(decisions.every(reviews)) == 1


@pytest.mark.parametrize("own", [("sample", 5)], indirect=True)
def test_the_end_of_a_meeting_lists_open_items(
    page: Page, running: Running, own: tuple[Warehouse, int]
) -> None:
    """Clocks continue after a reload, and a key without effect does not block other keys."""
    items = own[1]
    plan(page, running.url, items)
    page.get_by_role("button", name="Hold this meeting").click()
    at_item(page, 1, items)
    for nothing in ("u", "Enter", "6", "ArrowLeft"):
        page.keyboard.press(nothing, delay=70)
    page.keyboard.press("s")
    at_item(page, 2, items)
    since = page.locator(".clock").get_attribute("data-since")
    page.reload()
    at_item(page, 2, items)
    assert page.locator(".clock").get_attribute("data-since") == since
    decide(page, "not_a_claim", "An opinion.")
    at_item(page, 3, items)
    for number in range(3, items + 1):
        at_item(page, number, items)
        wait_for(page, "() => performance.now() - window.lastKey.at >= 500")
        page.keyboard.press("s")
    expect(page.get_by_text("Not decided: 1, 3, 4, 5.")).to_be_visible(timeout=WAIT_MS)
    settled(page)
    page.get_by_label("Go to item").click()
    page.get_by_role("option", name="2. not a claim").click()
    at_item(page, 2, items)


@pytest.mark.parametrize("own", [("sample", 5)], indirect=True)
def test_the_last_decision_is_taken_back_from_the_next_item(
    page: Page, running: Running, own: tuple[Warehouse, int], reviews: Reviews
) -> None:
    items = own[1]
    plan(page, running.url, items)
    page.get_by_role("button", name="Hold this meeting").click()
    at_item(page, 1, items)
    [meeting] = meetings.every(reviews)
    first = meetings.agenda(reviews, meeting.meeting_id)[0].claim_id
    decide(page, "not_a_claim", "An opinion.")
    at_item(page, 2, items)
    expect(page.get_by_text("Item 1: not a claim.")).to_be_visible(timeout=WAIT_MS)
    page.keyboard.press("u")
    page.keyboard.press("u")
    expect(page.get_by_text("The claim has no decision now")).to_be_visible(timeout=WAIT_MS)
    settled(page)
    assert [item.label for item in decisions.history(reviews, first)] == ["not_a_claim", None]
    page.keyboard.press("ArrowLeft")
    at_item(page, 1, items)
    expect(page.get_by_text("Decision taken back")).to_be_visible(timeout=WAIT_MS)


def killed(page: Page, running: Running, address: str) -> None:
    """Kill the server, restart it, and open one of its pages."""
    page.goto("about:blank")  # otherwise the browser logs that the server is gone
    running.kill()
    running.start_again()
    open_page(page, f"{running.url}/{address}")


def planned_through_kills(page: Page, running: Running, reviews: Reviews, items: int) -> list[str]:
    """Plan a meeting and fill its agenda, with a crash in between; returns its claims."""
    page.get_by_label("Minutes").fill(str(3 * items))
    page.get_by_label("Minutes").press("Tab")
    page.get_by_role("button", name="Plan this meeting").click()
    fill = f"Fill {3 * items} minutes: add the first {items}"
    expect(page.get_by_role("button", name=fill)).to_be_visible(timeout=WAIT_MS)
    killed(page, running, "review")
    page.get_by_role("button", name=fill).click(timeout=WAIT_MS)
    expect(page.get_by_text(f"0 of {items} items decided")).to_be_visible(timeout=WAIT_MS)
    [meeting] = meetings.every(reviews)
    agenda = [item.claim_id for item in meetings.agenda(reviews, meeting.meeting_id)]
    assert len(agenda) == items
    return agenda


@pytest.mark.parametrize("own", [("sample", 5)], indirect=True)
def test_a_crash_between_any_two_steps_loses_nothing(
    page: Page, running: Running, own: tuple[Warehouse, int], reviews: Reviews
) -> None:
    """From planning to publishing: nothing is lost if the server is killed after a step."""
    warehouse, items = own

    def crash(address: str) -> None:
        killed(page, running, address)

    open_page(page, f"{running.url}/review")
    say_who(page)
    crash("review")  # the name is kept
    agenda = planned_through_kills(page, running, reviews, items)
    crash("review")
    page.get_by_role("button", name="Hold this meeting").click(timeout=WAIT_MS)
    at_item(page, 1, items)
    crash("meeting")
    at_item(page, 1, items)
    decide(page, "not_a_claim", "An opinion.")
    at_item(page, 2, items)
    crash("meeting")
    at_item(page, 2, items)
    page.keyboard.press("s")
    at_item(page, 3, items)
    crash("meeting")
    at_item(page, 3, items)
    decide(page, "contested", "A dispute.")
    at_item(page, 4, items)
    with reading(warehouse) as snapshot:
        contested = queries.claim(snapshot, agenda[2])
    assert contested is not None
    assert contested.claim["attribution"] in ("sourced", "self_cited", "unsourced")
    [decision] = decisions.history(reviews, agenda[2])
    # A key alone records the annotators' attribution.
    assert decision.attribution == contested.claim["attribution"]
    page.keyboard.press("u")
    expect(page.get_by_text("The claim has no decision now")).to_be_visible(timeout=WAIT_MS)
    crash("meeting")
    at_item(page, 4, items)
    assert [item.claim_id for item in decisions.every(reviews)] == [agenda[0], agenda[2], agenda[2]]
    assert set(decisions.standing(reviews)) == {agenda[0]}
    crash("review")
    before = warehouse.current()
    page.get_by_role("button", name="Publish", exact=False).click(timeout=WAIT_MS)
    expect(page.get_by_text("Published snapshot")).to_be_visible(timeout=WAIT_MS)
    crash("review")
    assert warehouse.current() != before
    with reading(warehouse) as snapshot:
        assert all(frame.empty for frame in label_events.unpublished(snapshot, reviews).values())
        details = queries.claim(snapshot, agenda[0])
    assert details is not None
    assert (details.claim["label"], details.claim["state"]) == ("not_a_claim", "adjudicated")
