"""Publishers' answers and comments on the pages, and that reading writes nothing."""

import re
from collections.abc import Iterator
from pathlib import Path

import pages_support
import pytest
from pages_support import Open, sound
from streamlit.testing.v1 import AppTest

from sourcing.filters import Filters
from sourcing.literal_text import isolated
from sourcing.reviews import Person, Reviews, Role, address_of, meetings, remarks
from sourcing.reviews.remarks import Reply
from sourcing.ui.elements import markdown
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Warehouse

pytest_plugins = ("pages_fixtures", "review_fixtures")


@pytest.fixture
def own(sample: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reviews]:
    monkeypatch.setenv("SOURCING_REVIEWS_URL", f"sqlite:///{tmp_path}/review.db")
    reviews = Reviews(address_of(sample))
    yield reviews
    reviews.close()


def first_claim(warehouse: Warehouse) -> tuple[str, str]:
    with pages_support.opened(warehouse) as snapshot:
        row = queries.listed(snapshot, "claims", Filters(), 1).iloc[0]
    return row["source_id"], row["claim_id"]


def markdown_text(page: AppTest) -> str:
    return "\n".join(pages_support.unescaped(item.value) for item in page.markdown)


def open_form(page: AppTest, key: str) -> AppTest:
    page.session_state[key] = True
    return sound(page.run())


def test_reading_creates_no_database(
    show: Open, sample: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCING_REVIEWS_URL", f"sqlite:///{tmp_path}/none.db")
    source, claim = first_claim(sample)
    show(sample, "source", of=source)
    show(sample, "claims", claim=claim)
    assert not list(tmp_path.iterdir())


def test_a_question_and_its_answer_are_shown_with_the_shares(
    show: Open, sample: Warehouse, own: Reviews
) -> None:
    source, _ = first_claim(sample)
    page = open_form(show(sample, "source", of=source), f"reply {source} ")
    page.text_area[0].set_value("Who *said* so?")
    next(item for item in page.button if item.label == "Record").click()
    sound(page.run())
    [reply] = remarks.replies_of(own, source)
    assert (reply.asked, reply.answer, reply.recorded_by) == ("Who *said* so?", "", "Ada")
    assert "Who *said* so?" in markdown_text(page)
    assert "No answer so far." in markdown_text(page)

    page = open_form(page, f"reply {source} ")
    page.selectbox(key=f"which reply {source} ").set_value(reply.reply_id)
    sound(page.run())
    assert page.text_area[0].value == "Who *said* so?"
    page.text_area[1].set_value("We did.")
    next(item for item in page.button if item.label == "Record").click()
    page.run()
    assert [item.value for item in page.error] == ["Say on which day the publisher answered."]
    page.date_input[1].set_value(page.date_input[0].value)
    next(item for item in page.button if item.label == "Record").click()
    sound(page.run())
    [reply_now] = remarks.replies_of(own, source)
    assert (reply_now.answer, reply_now.supersedes) == ("We did.", reply.reply_id)
    assert "We did." in markdown_text(show(sample, "source", of=source))


def test_a_reply_on_a_claim_is_shown_with_the_claim(
    show: Open, sample: Warehouse, own: Reviews
) -> None:
    source, claim = first_claim(sample)
    bo = Person("Bo", Role.REVIEWER)
    remarks.record_reply(own, bo, Reply(source, "Which report?", "2026-05-01", claim_id=claim))
    page = show(sample, "claims", claim=claim)
    assert "Which report?" in markdown_text(page)
    page = show(sample, "source", of=source)
    assert "Which report?" not in markdown_text(page)
    captions = [item.value for item in page.caption]
    assert any("On single claims of this source: 1 question" in item for item in captions)


def test_comments_are_added_and_run_no_markdown(
    show: Open, sample: Warehouse, own: Reviews
) -> None:
    _, claim = first_claim(sample)
    page = open_form(show(sample, "claims", claim=claim), f"comments {claim}")
    page.text_area[-1].set_value(pages_support.IMAGE)
    next(item for item in page.button if item.label == "Add").click()
    sound(page.run())
    [comment] = remarks.comments_on(own, claim)
    assert (comment.text, comment.author) == (pages_support.IMAGE, "Ada")
    assert pages_support.IMAGE in markdown_text(page)  # still open: the comment appears at once
    page = open_form(show(sample, "claims", claim=claim), f"comments {claim}")
    assert pages_support.IMAGE in markdown_text(page)
    assert not any(pages_support.IMAGE in item.value for item in page.markdown)


def test_a_text_that_is_too_long_is_refused_and_stays(
    show: Open, sample: Warehouse, own: Reviews
) -> None:
    """A field that truncates would silently lose the end of a pasted text."""
    _, claim = first_claim(sample)
    page = open_form(show(sample, "claims", claim=claim), f"comments {claim}")
    page.text_area[-1].set_value("x" * 20_001)
    next(item for item in page.button if item.label == "Add").click()
    page.session_state[f"comments {claim}"] = True
    page.run()
    message = "A text is too long: at most 20,000 characters are allowed."
    assert [item.value for item in page.error] == [message]
    assert page.text_area[-1].value == "x" * 20_001
    assert not remarks.comments_on(own, claim)
    page.text_area[-1].set_value("x" * 20_000)
    next(item for item in page.button if item.label == "Add").click()
    sound(page.run())
    page = open_form(page, f"comments {claim}")
    assert page.text_area[-1].value == ""
    assert [item.text for item in remarks.comments_on(own, claim)] == ["x" * 20_000]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Review of May", "Review of May"),
        ("پاسخ ناشر", "\u2068پاسخ ناشر\u2069"),
        ("\u202eyaM", "\u2068\u202eyaM\u2069"),
    ],
)
def test_right_to_left_text_moves_nothing_beside_it(text: str, expected: str) -> None:
    assert markdown.plain(text) == isolated(text) == expected


def test_a_refused_meeting_leaves_nothing_behind(
    show: Open, sample: Warehouse, own: Reviews
) -> None:
    before = sample.pinned()
    page = show(sample, "review")
    next(item for item in page.text_input if item.label == "Title").set_value(" ")
    next(item for item in page.button if item.label == "Plan this meeting").click()
    page.run()
    assert "A meeting needs a title" in page.error[0].value
    assert sample.pinned() == before
    assert not meetings.every(own)


def test_snapshots_of_the_same_minute_and_content_have_distinct_names() -> None:
    """Streamlit treats two options with the same text as one, and would choose the older."""
    ids = [f"20261126T0713{second}Z-a1a15cd6" for second in ("03", "04")]
    names = markdown.moments([*ids, "20261125T071304Z-a1a15cd6"])
    assert len(set(names.values())) == 3
    assert names["20261125T071304Z-a1a15cd6"] == "2026-11-25 07:13 UTC · a1a15cd6"


@pytest.mark.parametrize(
    "name", ["East -> West", "a <- b", "Radio -- News", "x >= y ~= z", ":streamlit:"]
)
def test_what_streamlit_replaces_even_if_escaped_stays(name: str) -> None:
    shown = pages_support.unescaped(markdown.plain(name))
    assert shown.replace("\u2060", "") == name
    assert not re.search(r"(?:^|\s)(?:<->|->|<-|--|>=|<=|~=)(?:\s|$)|:streamlit:", shown)


def test_dashes_and_addresses_within_words_stay() -> None:
    for name in ("x->y", "one--two", "https://x.example/a--b"):
        assert "\u2060" not in markdown.plain(name)
