"""Annotation: queues, recorded answers, and that other people's answers stay hidden."""

from collections import defaultdict
from collections.abc import Iterator

import pages_support
import pytest
from pages_support import Open, sound
from streamlit.testing.v1 import AppTest

from sourcing.filters import Filters
from sourcing.meetings import annotation_queue
from sourcing.reviews import Person, Reviews, Role, address_of, answers, decisions
from sourcing.reviews.answers import Answer
from sourcing.warehouse import queries
from sourcing.warehouse.snapshots import Warehouse

pytest_plugins = ("pages_fixtures", "review_fixtures")

ADA, BO = Person("Ada", Role.ANNOTATOR), Person("Bo", Role.ANNOTATOR)
EVERY = 100_000


def by_hand(snapshot: queries.Snapshot, reviews: Reviews, who: str) -> dict[str, list[str]]:
    """The queues in plain Python, from the tables."""
    people: dict[str, set[str]] = defaultdict(set)
    for claim, annotator, method, round_ in snapshot.rows(
        "SELECT claim_id, annotator, method, round FROM labels"
    ):
        if method == "human" and round_ != "adjudication":
            people[claim].add(annotator)
    for claim, annotator in answers.answered_claims(reviews):
        people[claim].add(annotator)
    later = set(answers.skipped_by(reviews, who))
    decided = {c for (c,) in snapshot.rows(
        "SELECT claim_id FROM resolved JOIN claims USING (claim_key) WHERE state = 'adjudicated'"
    )}  # fmt: skip
    ids = [c for (c,) in snapshot.rows("SELECT claim_id FROM claims ORDER BY claim_key")]
    mine = [c for c in ids if who not in people[c] and c not in decided]
    now = [c for c in mine if c not in later]
    return {
        "new": [c for c in now if not people[c]],
        "second": [c for c in now if len(people[c]) == 1],
        "any": now,
        "later": [c for c in mine if c in later],
    }


def test_queues_match_plain_python(demo_corpus: Warehouse, reviews: Reviews) -> None:
    with pages_support.opened(demo_corpus) as snapshot:
        annotator = snapshot.rows(
            "SELECT annotator FROM labels WHERE method = 'human' GROUP BY 1 ORDER BY count(*) DESC"
        )[0][0]
        first = by_hand(snapshot, reviews, annotator)
        assert all(first[which] for which in ("new", "second", "any"))
        me = Person(annotator, Role.ANNOTATOR)
        answers.record(reviews, me, Answer(first["new"][0], "sourced", "sourced"))
        answers.record(reviews, BO, Answer(first["new"][1], "sourced", "sourced"))
        answers.record(reviews, BO, Answer(first["second"][0], "sourced", "sourced"))
        answers.record_skip(reviews, me, first["second"][1], "too hard")
        answers.record_skip(reviews, me, first["new"][2], "too hard")
        for name in (annotator, "Bo", "Nobody yet"):
            expected = by_hand(snapshot, reviews, name)
            for which in annotation_queue.QUEUES:
                result = annotation_queue.queue(snapshot, reviews, Filters(), name, which, EVERY)
                assert result.claims == expected[which], (name, which)
                assert result.waiting == len(expected[which])
                some = annotation_queue.queue(snapshot, reviews, Filters(), name, which, 3)
                assert (some.claims, some.waiting) == (expected[which][:3], len(expected[which]))


def test_filters_choose_claims(demo_corpus: Warehouse, reviews: Reviews) -> None:
    with pages_support.opened(demo_corpus) as snapshot:
        choices = queries.choices(snapshot)
        source, topic = next(iter(choices.sources)), choices.present["topic"][0]
        filters = Filters(source=(source,), topic=(topic,))
        result = annotation_queue.queue(snapshot, reviews, filters, "Ada", "any", EVERY)
        rows = queries.listed(snapshot, "claims", Filters(claim=tuple(result.claims)))
        assert result.claims
        assert set(rows["source_id"]) == {source}
        assert set(rows["topic"]) == {topic}


# The page -----------------------------------------------------------------------------------------


@pytest.fixture
def own(sample: Warehouse, monkeypatch: pytest.MonkeyPatch, url: object) -> Iterator[Reviews]:
    """The review database that the page uses, of either kind."""
    monkeypatch.setenv("SOURCING_REVIEWS_URL", url.render_as_string(hide_password=False))
    result = Reviews(address_of(sample))
    yield result
    result.close()


def press(page: AppTest, label: str) -> AppTest:
    next(item for item in page.button if item.label == label).click()
    return page.run()


def test_claims_come_one_after_another(show: Open, sample: Warehouse, own: Reviews) -> None:
    page = show(sample, "annotate")
    with pages_support.opened(sample) as snapshot:
        first, second = by_hand(snapshot, own, "Ada")["new"][:2]
        texts = {c: queries.claim(snapshot, c).claim["claim"] for c in (first, second)}
    assert texts[first] in "".join(pages_support.bodies(page))
    sound(press(page, "Sourced"))
    page.pills(key=f"attribution_kind of the answer to {first}").set_value("interested_party")
    sound(press(sound(page.run()), "No"))
    page.text_input(key=f"contested_by of the answer to {first}").set_value("The ministry")
    sound(press(sound(page.run()), "Save and next"))
    assert texts[second] in "".join(pages_support.bodies(page))
    [answer] = answers.of_annotator(own, "Ada")
    assert (answer.claim_id, answer.label, answer.attribution) == (first, "contested", "sourced")
    assert (answer.attribution_kind, answer.contested_by) == ("interested_party", "The ministry")
    assert (answer.suggestion_seen, answer.round) == (False, "independent")

    page.selectbox(key="answer to change").set_value(first)
    sound(page.run())
    assert texts[first] in "".join(pages_support.bodies(page))
    assert page.query_params == {"item": first}
    assert page.session_state[f"attribution_kind of the answer to {first}"] == "interested_party"
    sound(press(page, "Unsourced"))
    sound(press(page, "Yes, contested"))
    sound(press(page, "Save and next"))
    newest = answers.of_annotator(own, "Ada")[-1]
    assert (newest.claim_id, newest.label, newest.attribution_kind) == (first, "unsourced", None)
    assert newest.contested_by is None


def test_an_invalid_answer_is_reported_and_kept(
    show: Open, sample: Warehouse, own: Reviews
) -> None:
    page = show(sample, "annotate")
    press(page, "Save and next")
    assert [pages_support.unescaped(item.value) for item in page.error] == [
        "Answer question A first: press 1, 2, 3, 5 or 6."
    ]
    press(page, "Cannot say")
    press(page, "Save and next")
    assert "Say why there is no label" in page.error[0].value
    press(page, "Leave it")
    assert "Say why the claim is left for later" in page.error[0].value
    assert answers.every(own) == []


def test_a_claim_left_for_later_comes_back(show: Open, sample: Warehouse, own: Reviews) -> None:
    page = show(sample, "annotate")
    with pages_support.opened(sample) as snapshot:
        first = by_hand(snapshot, own, "Ada")["new"][0]
    page.text_input(key=f"later of the answer to {first}").set_value("Needs the photo.")
    sound(press(sound(page.run()), "Leave it"))
    assert answers.skipped_by(own, "Ada") == [first]
    page.selectbox(key="at which").set_value("later")
    sound(page.run())
    assert "1 claim left in this list" in page.caption[0].value
    sound(press(page, "Sourced"))
    sound(press(page, "Save and next"))
    assert answers.skipped_by(own, "Ada") == []
    assert "No claims left in this list" in page.info[0].value


def test_others_answers_stay_hidden_and_a_suggestion_is_noted(
    show: Open, sample: Warehouse, own: Reviews
) -> None:
    page = show(sample, "annotate")
    with pages_support.opened(sample) as snapshot:
        first, second = by_hand(snapshot, own, "Ada")["new"][:2]
        labels_ = queries.claim(snapshot, first).labels
    words = set(labels_["rationale"].dropna()) | set(labels_["annotator"])
    assert words

    def everything() -> str:
        return "".join(
            item.value
            for item in [*page.markdown, *page.info, *page.caption, *page.get("html")]
            if isinstance(getattr(item, "value", None), str)
        ) + "".join(pages_support.bodies(page))

    assert not [word for word in words if word in everything()]
    page.toggle(key="suggest").set_value(True)
    sound(page.run())
    assert any("Suggestion:" in item.value for item in page.info)
    page.toggle(key="suggest").set_value(False)
    sound(page.run())
    sound(press(page, "Sourced"))
    sound(press(page, "Save and next"))
    sound(press(page, "Sourced"))
    sound(press(page, "Save and next"))
    seen = {item.claim_id: item.suggestion_seen for item in answers.every(own)}
    assert seen == {first: True, second: False}


def test_after_a_decision_an_answer_is_not_independent(
    show: Open, sample: Warehouse, own: Reviews
) -> None:
    page = show(sample, "annotate")
    with pages_support.opened(sample) as snapshot:
        first = by_hand(snapshot, own, "Ada")["new"][0]
    decisions.record(
        own, pages_support.reviewer("Cy"), decisions.Decision(first, "sourced", "So."), 0
    )
    sound(press(page, "Unsourced"))
    sound(press(page, "Save and next"))
    assert answers.every(own)[0].round == "after_discussion"
