"""The review database, on SQLite and on a real PostgreSQL server."""

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import support
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import URL, func, insert, select, text

from sourcing.codebook import Label
from sourcing.errors import ConflictError, RefusedError, ReviewError
from sourcing.reviews import (
    VARIABLE,
    Person,
    Reviews,
    Role,
    address_of,
    answers,
    decisions,
    meetings,
    recorded_name,
    remarks,
    role_of,
    schema,
    withdrawals,
)
from sourcing.reviews.answers import Answer
from sourcing.reviews.decisions import Decision
from sourcing.reviews.meetings import Item, Plan
from sourcing.reviews.remarks import Reply
from sourcing.reviews.withdrawals import LONGEST_REASON, Withdrawal
from sourcing.warehouse.snapshots import DEFAULT, Warehouse

pytestmark = pytest.mark.slow

pytest_plugins = "review_fixtures"

ADA, BO = Person("Ada", Role.REVIEWER), Person("Bo", Role.REVIEWER)
PLAN = Plan("Review of May", "2026-05-31", "Ada", ("Bo", "Cy „Ö“ 🙂", "O'Hara; --"), "One\nTwo")
SNAPSHOT = "20261121T093000Z-1a2b3c4d"


def rows(reviews: Reviews, table: str) -> int:
    with reviews.reading() as con:
        counted = select(func.count()).select_from(schema.metadata.tables[table])
        return int(con.execute(counted).scalar_one())


def all_rows(reviews: Reviews) -> dict[str, int]:
    return {table: rows(reviews, table) for table in schema.APPEND_ONLY}


def one_of_each(reviews: Reviews) -> int:
    """Write a row to every table; return the meeting."""
    meeting = meetings.create(reviews, ADA, PLAN, SNAPSHOT)
    meetings.add_items(reviews, ADA, meeting, [Item("c", "Annotators are tied.", 0.25)])
    meetings.record_visit(reviews, ADA, meeting, "c", "shown")
    decisions.record(reviews, ADA, Decision("c", "sourced", meeting_id=meeting), 0)
    answers.record(reviews, ADA, Answer("c", "sourced", "sourced"))
    answers.record_skip(reviews, ADA, "c", "later")
    answers.record_suggestion_seen(reviews, ADA, "c")
    remarks.record_comment(reviews, ADA, "c", "Look at paragraph 3.", meeting)
    remarks.record_reply(reviews, ADA, Reply("s", "Who said so?", "2026-05-01"))
    withdrawals.record(reviews, ADA, Withdrawal("c", "A reader's letter."), 0)
    return meeting


# The schema ---------------------------------------------------------------------------------------


def test_migrations_create_the_tables(reviews: Reviews) -> None:
    with reviews.reading() as con:
        assert compare_metadata(MigrationContext.configure(con), schema.metadata) == []


@pytest.mark.parametrize("table", schema.APPEND_ONLY)
def test_nothing_is_changed_or_deleted(reviews: Reviews, table: str) -> None:
    one_of_each(reviews)
    before = all_rows(reviews)
    assert before[table] > 0
    key = next(iter(schema.metadata.tables[table].primary_key)).name
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {key} = {key}"):
        with (
            pytest.raises(ReviewError, match=f"rows of {table} are only ever added"),
            reviews.writing() as con,
        ):
            con.execute(text(statement))
    assert all_rows(reviews) == before


@pytest.mark.parametrize("table", schema.APPEND_ONLY)
def test_no_row_is_replaced_in_sqlite(tmp_path: Path, table: str) -> None:
    """`INSERT OR REPLACE` deletes first, which fires the trigger only if configured to."""
    reviews = Reviews(URL.create("sqlite", database=str(tmp_path / "review.db")))
    one_of_each(reviews)
    with (
        pytest.raises(ReviewError, match=f"rows of {table} are only ever added"),
        reviews.writing() as con,
    ):
        con.execute(text(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"))
    reviews.close()


@pytest.mark.parametrize("table", schema.APPEND_ONLY)
def test_no_row_is_replaced_by_another_program(tmp_path: Path, table: str) -> None:
    """Not even with SQLite's default settings."""
    path = tmp_path / "review.db"
    reviews = Reviews(URL.create("sqlite", database=str(path)))
    one_of_each(reviews)
    before = all_rows(reviews)
    with sqlite3.connect(path) as con:
        result = con.execute(f"SELECT * FROM {table} LIMIT 1")
        names, row = [item[0] for item in result.description], list(result.fetchone())
        marks = ", ".join("?" * len(row))
        with pytest.raises(sqlite3.IntegrityError, match="only ever added"):
            con.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", row)
        if table in (
            "decisions",
            "agenda_items",
            "answers",
            "withdrawals",
        ):  # another key, the same claim
            row[names.index(next(iter(schema.metadata.tables[table].primary_key)).name)] = 99
            with pytest.raises(sqlite3.IntegrityError, match="only ever added"):
                con.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", row)
    con.close()
    assert all_rows(reviews) == before
    reviews.close()


def test_the_file_alone_holds_what_was_written(tmp_path: Path) -> None:
    """A plain copy is a backup, even while the dashboard runs."""
    path = tmp_path / "review.db"
    reviews = Reviews(URL.create("sqlite", database=str(path)))
    one_of_each(reviews)
    (tmp_path / "copy.db").write_bytes(path.read_bytes())
    with sqlite3.connect(tmp_path / "copy.db") as con:
        assert con.execute("SELECT count(*) FROM decisions").fetchone() == (1,)
    con.close()
    reviews.close()


def test_a_reader_sees_one_state(reviews: Reviews) -> None:
    counted = select(func.count()).select_from(schema.decisions)
    with reviews.reading() as con:
        before = con.execute(counted).scalar_one()
        decisions.record(reviews, ADA, Decision("c", "sourced"), 0)
        assert con.execute(counted).scalar_one() == before == 0
    assert decisions.count(reviews) == 1


def test_opened_by_many_at_once(url: URL) -> None:
    """Every opener finds the complete schema and the same database."""
    result: list[str] = []

    def open_it() -> None:
        reviews = Reviews(url)
        result.append(reviews.identity)
        reviews.close()

    threads = [threading.Thread(target=open_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(result) == 8
    assert len(set(result)) == 1


def test_a_newer_database_is_refused(reviews: Reviews) -> None:
    with reviews.writing() as con:
        con.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ReviewError, match="version '9999', which this program does not know"):
        Reviews(reviews.url)


def test_a_copy_is_kept_before_an_upgrade(tmp_path: Path) -> None:
    """The copy includes the write-ahead log."""
    path = tmp_path / "review.db"
    older = sqlite3.connect(path)
    older.execute("PRAGMA journal_mode = WAL")
    older.execute("CREATE TABLE kept (word TEXT)")
    older.execute("INSERT INTO kept VALUES ('from before')")
    older.commit()
    Reviews(URL.create("sqlite", database=str(path))).close()
    older.close()
    [copy] = tmp_path.glob("review.db.before-*")
    with sqlite3.connect(copy) as con:
        assert con.execute("SELECT word FROM kept").fetchall() == [("from before",)]
        tables_ = {name for (name,) in con.execute("SELECT name FROM sqlite_master")}
    assert "decisions" not in tables_


def test_an_older_version_is_brought_up_to_date(tmp_path: Path) -> None:
    """The first version with rows: the rows stay, and a copy is kept beside it."""
    path = tmp_path / "review.db"
    url = URL.create("sqlite", database=str(path))
    reviews = Reviews(url)
    one_of_each(reviews)
    before = all_rows(reviews)
    with reviews.writing() as con:
        for table in ("people", "suggestions", "drafts", "withdrawals"):
            con.execute(text(f"DROP TABLE {table}"))
        for table in set(schema.APPEND_ONLY) - {"suggestions", "withdrawals"}:
            con.execute(text(f"DROP TRIGGER {table}_no_replace"))
        con.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    reviews.close()
    again = Reviews(url)
    assert all_rows(again) == before | {"suggestions": 0, "withdrawals": 0}
    assert recorded_name(again, "a@b.example", "Anna") == "Anna"
    again.close()
    [copy] = tmp_path.glob("review.db.before-*")
    with sqlite3.connect(copy) as con:
        assert con.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
        assert con.execute("SELECT count(*) FROM decisions").fetchone()[0] > 0


def test_a_new_file_needs_no_copy(tmp_path: Path) -> None:
    url = URL.create("sqlite", database=str(tmp_path / "deep" / "review.db"))
    Reviews(url).close()
    Reviews(url).close()
    assert not list((tmp_path / "deep").glob("*.before-*"))


def test_a_file_that_is_not_a_database(tmp_path: Path) -> None:
    (tmp_path / "review.db").write_text("Dear reader, " * 500)
    with pytest.raises(ReviewError, match="cannot be used"):
        Reviews(URL.create("sqlite", database=str(tmp_path / "review.db")))


def test_times_are_moments(reviews: Reviews) -> None:
    before = datetime.now(UTC)
    record = decisions.record(reviews, ADA, Decision("c", "sourced"), 0)
    assert before <= record.decided_at <= datetime.now(UTC)
    assert decisions.history(reviews, "c") == [record]


# Decisions ----------------------------------------------------------------------------------------


def test_a_change_of_mind_is_a_new_decision(reviews: Reviews) -> None:
    first = decisions.record(reviews, ADA, Decision("c", "sourced", "Named."), 0)
    second = decisions.record(reviews, BO, Decision("c", "unsourced", "Not named."), 1)
    assert (first.number, first.supersedes) == (1, None)
    assert (second.number, second.supersedes) == (2, first.decision_id)
    assert second.decided_at > first.decided_at
    assert decisions.history(reviews, "c") == [first, second]
    assert decisions.newest_of(reviews, "c") == second
    assert decisions.standing(reviews) == {"c": second}
    assert decisions.newest_of(reviews, "other") is None


@pytest.mark.parametrize("label", ["sourced", "unsourced", "not_a_claim", "cannot_say"])
def test_a_dispute_is_kept_of_contested_claims_only(reviews: Reviews, label: str) -> None:
    decision = Decision("c", label, attribution="self_cited", contested_by="The mayor")
    record = decisions.record(reviews, ADA, decision, 0)
    assert (record.attribution, record.contested_by) == (None, None)
    contested = decisions.record(reviews, ADA, replace(decision, label="contested"), 1)
    assert (contested.attribution, contested.contested_by) == ("self_cited", "The mayor")


def test_the_second_of_two_deciders_gets_a_conflict(reviews: Reviews) -> None:
    first = decisions.record(reviews, ADA, Decision("c", "sourced"), 0)
    with pytest.raises(ConflictError, match="Ada has decided this claim in the meantime") as info:
        decisions.record(reviews, BO, Decision("c", "contested"), 0)
    assert info.value.newer == first
    assert decisions.history(reviews, "c") == [first]


def test_undo_is_a_decision_too(reviews: Reviews) -> None:
    every: dict[str, Any] = {"present": ("Ada", "Bo"), "dissent": "Cy", "cause": "hard_case",
             "guideline_gap": True, "guideline_note": "Say so.", "needs_source": "no",
             "attribution": "sourced", "contested_by": "The mayor",
             "evidence_url": "https://example.org/a"}  # fmt: skip
    decisions.record(reviews, ADA, Decision("c", "contested", "One.", **every), 0)
    decisions.record(reviews, ADA, Decision("c", "unsourced", "Two."), 1)
    back = decisions.take_back(reviews, BO, "c", 2, "A slip.")
    assert replace(Decision("c", "contested", "A slip.", **every)) == Decision(
        **{name: getattr(back, name) for name in Decision.__dataclass_fields__}
    )
    again = decisions.take_back(reviews, BO, "c", 3, "")
    assert (again.label, again.rationale) == ("unsourced", "Taken back.")
    assert len(decisions.history(reviews, "c")) == 4


def test_taking_back_the_first_leaves_none(reviews: Reviews) -> None:
    decisions.record(reviews, ADA, Decision("c", "sourced"), 0)
    assert decisions.take_back(reviews, ADA, "c", 1, "").label is None
    assert decisions.standing(reviews) == {}
    with pytest.raises(ReviewError, match="no decision on this claim"):
        decisions.take_back(reviews, ADA, "other", 0, "")
    with pytest.raises(ReviewError, match="no decision on this claim"):
        decisions.record(reviews, ADA, Decision("other", None), 0)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"label": "true"}, "'true' is not a label"),
        ({"cause": "bad luck"}, "'bad luck' is not a cause"),
        ({"evidence_url": "javascript:alert(1)"}, "must be a full web address"),
        ({"evidence_url": "https://[half"}, "must be a full web address"),
        ({"evidence_url": "https://"}, "must be a full web address"),
        ({"evidence_url": "https://x/" + "y" * 20_000}, "at most 20,000 characters"),
        ({"contested_by": "x" * 20_001}, "at most 20,000 characters"),
        ({"rationale": "a\x00b"}, "cannot be stored"),
        ({"rationale": "a\ud800b"}, "cannot be stored"),
        ({"rationale": "x" * 20_001}, "at most 20,000 characters"),
        ({"dissent": "x" * 20_001}, "at most 20,000 characters"),
        ({"label": "contested", "attribution": "rumour"}, "'rumour' is not an attribution"),
        ({"needs_source": "maybe"}, "yes, no or unsure"),
        ({"meeting_id": 99}, "There is no meeting 99"),
    ],
)
def test_an_invalid_decision_is_not_written(
    reviews: Reviews, wrong: dict[str, Any], message: str
) -> None:
    with pytest.raises(ReviewError, match=message):
        decisions.record(reviews, ADA, replace(Decision("c", "sourced"), **wrong), 0)
    assert decisions.count(reviews) == 0


def test_overruling_a_majority_requires_a_rationale(reviews: Reviews) -> None:
    for rationale in ("", "  \n", "22", "…"):
        with pytest.raises(ReviewError, match="Most annotators said self-cited"):
            decisions.record(reviews, ADA, Decision("c", "sourced", rationale), 0, "self_cited")
    decisions.record(reviews, ADA, Decision("c", "self_cited"), 0, "self_cited")
    decisions.record(reviews, ADA, Decision("c", "sourced", "Another owner."), 1, "self_cited")
    assert decisions.count(reviews) == 2


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b"]),
        st.sampled_from([*map(str, Label), "not_a_claim", "back"]),
        st.integers(-1, 1),
    ),
    max_size=20,
)


@settings(max_examples=30)
@given(STEPS)
def test_any_sequence_behaves_like_a_list(steps: list[tuple[str, str, int]]) -> None:
    """A list for each claim: only a writer who has seen its end may append."""
    labels_by_claim: dict[str, list[str | None]] = {"a": [], "b": []}
    with support.new_folder() as folder:
        reviews = Reviews(URL.create("sqlite", database=str(folder / "review.db")))
        for claim, act, off in steps:
            labels, seen = labels_by_claim[claim], max(0, len(labels_by_claim[claim]) + off)
            stale = seen != len(labels)
            try:
                if act == "back":
                    decisions.take_back(reviews, ADA, claim, seen, "")
                    assert labels
                    assert not stale
                    labels.append(labels[-2] if len(labels) > 1 else None)
                else:
                    decisions.record(reviews, BO, Decision(claim, act), seen)
                    assert not stale
                    labels.append(act)
            except ConflictError:
                assert stale
            except ReviewError:
                assert act == "back"
                assert not labels
        for claim, labels in labels_by_claim.items():
            history = decisions.history(reviews, claim)
            assert [item.label for item in history] == labels
            assert [item.number for item in history] == list(range(1, len(labels) + 1))
            assert [item.decided_at for item in history] == sorted(
                {item.decided_at for item in history}
            )
        reviews.close()


# Withdrawals --------------------------------------------------------------------------------------


def test_the_newest_withdrawal_holds(reviews: Reviews) -> None:
    first = withdrawals.record(reviews, ADA, Withdrawal("c", " A reader's letter. "), 0)
    assert (first.number, first.reason, first.back, first.decided_by) == (
        1, "A reader's letter.", False, "Ada",
    )  # fmt: skip
    second = withdrawals.record(reviews, BO, Withdrawal("c", "The paper's own.", back=True), 1)
    assert (second.number, second.back) == (2, True)
    assert second.decided_at > first.decided_at
    assert withdrawals.newest_of(reviews, "c") == second
    assert withdrawals.newest_of(reviews, "other") is None
    assert withdrawals.every(reviews) == [first, second]
    assert withdrawals.count(reviews) == 2


def test_what_files_withdrew_is_brought_back_without_a_record_before(reviews: Reviews) -> None:
    assert withdrawals.record(reviews, ADA, Withdrawal("c", "A mistake.", back=True), 0).back


def test_the_second_of_two_who_withdraw_gets_a_conflict(reviews: Reviews) -> None:
    first = withdrawals.record(reviews, ADA, Withdrawal("c", "Twice."), 0)
    with pytest.raises(ConflictError, match="Ada has withdrawn this claim in the mean") as info:
        withdrawals.record(reviews, BO, Withdrawal("c", "A quote."), 0)
    assert info.value.newer == first
    withdrawals.record(reviews, ADA, Withdrawal("c", "No.", back=True), 1)
    with pytest.raises(ConflictError, match="Ada has brought this claim back in the meantime"):
        withdrawals.record(reviews, BO, Withdrawal("c", "A quote."), 1)
    assert withdrawals.count(reviews) == 2


def test_of_many_who_withdraw_at_once_one_is_first(reviews: Reviews) -> None:
    def attempt(number: int) -> bool:
        try:
            withdrawals.record(reviews, ADA, Withdrawal("c", f"Reason {number}."), 0)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(attempt, range(8))) == 1
    assert withdrawals.count(reviews) == 1


@pytest.mark.parametrize(
    ("claim", "reason", "message"),
    [
        ("c", "", "Say why the claim should not count"),
        ("c", " 22 … ", "Say why the claim should not count"),
        ("c", "x" * (LONGEST_REASON + 1), "at most 2,000 characters"),
        ("c", "a\x00b", "cannot be stored"),
        (" ", "Twice.", "The id of the claim is missing"),
    ],
)
def test_an_invalid_withdrawal_is_not_written(
    reviews: Reviews, claim: str, reason: str, message: str
) -> None:
    with pytest.raises(ReviewError, match=message):
        withdrawals.record(reviews, ADA, Withdrawal(claim, reason), 0)
    assert withdrawals.count(reviews) == 0
    withdrawals.record(reviews, ADA, Withdrawal("c", "x" * LONGEST_REASON), 0)


# Who may ------------------------------------------------------------------------------------------

REPLY = Reply("s", "?", "2026-01-01")
ANSWER = Answer("c", "sourced", "sourced")
WITHDRAWAL = Withdrawal("c", "Twice.")
WRITES: dict[str, tuple[Role, Callable[[Reviews, Person, int], Any]]] = {
    "decide": (Role.REVIEWER, lambda r, p, _: decisions.record(r, p, Decision("x", "sourced"), 0)),
    "take back": (Role.REVIEWER, lambda r, p, _: decisions.take_back(r, p, "c", 1, "")),
    "plan": (Role.REVIEWER, lambda r, p, _: meetings.create(r, p, PLAN, SNAPSHOT)),
    "change": (Role.REVIEWER, lambda r, p, m: meetings.change(r, p, m, PLAN)),
    "close": (Role.REVIEWER, meetings.close),
    "add": (Role.REVIEWER, lambda r, p, m: meetings.add_items(r, p, m, [Item("d", "why")])),
    "visit": (Role.REVIEWER, lambda r, p, m: meetings.record_visit(r, p, m, "c", "shown")),
    "withdraw": (Role.REVIEWER, lambda r, p, _: withdrawals.record(r, p, WITHDRAWAL, 1)),
    "reply": (Role.REVIEWER, lambda r, p, _: remarks.record_reply(r, p, REPLY)),
    "answer": (Role.ANNOTATOR, lambda r, p, _: answers.record(r, p, ANSWER)),
    "see": (Role.ANNOTATOR, lambda r, p, _: answers.record_suggestion_seen(r, p, "d")),
    "skip": (Role.ANNOTATOR, lambda r, p, _: answers.record_skip(r, p, "c", "later")),
    "comment": (Role.ANNOTATOR, lambda r, p, _: remarks.record_comment(r, p, "c", "Hm.")),
}


@pytest.mark.parametrize("act", WRITES)
@pytest.mark.parametrize("role", Role)
def test_roles(reviews: Reviews, role: Role, act: str) -> None:
    needed, write = WRITES[act]
    meeting = one_of_each(reviews)
    before = all_rows(reviews)
    if role >= needed:
        write(reviews, Person("Eve", role), meeting)
        assert all_rows(reviews) != before
        return
    with pytest.raises(RefusedError, match=f"Eve may not .* theirs is {role.name.lower()}"):
        write(reviews, Person("Eve", role), meeting)
    assert all_rows(reviews) == before


@pytest.mark.parametrize("act", WRITES)
@pytest.mark.parametrize("name", ["", " ", "\u200b", "\u2060\u202e"])
def test_nothing_is_on_record_without_a_name(reviews: Reviews, name: str, act: str) -> None:
    meeting = one_of_each(reviews)
    before = all_rows(reviews)
    with pytest.raises(RefusedError, match="goes on record"):
        WRITES[act][1](reviews, Person(name, Role.ADMIN), meeting)
    assert all_rows(reviews) == before


@pytest.mark.parametrize(
    ("email", "role"),
    [
        ("anna@desk.example", Role.ADMIN),
        ("ANNA@Desk.Example ", Role.ADMIN),
        ("bo@desk.example", Role.REVIEWER),
        ("cy@lab.example", Role.ANNOTATOR),
        ("dee@other.example", Role.VIEWER),
        ("dee@sub.desk.example", Role.VIEWER),
        ("evil@x.example@desk.example", Role.VIEWER),
        ("desk.example", Role.VIEWER),
        ("", Role.VIEWER),
    ],
)
def test_role_of_an_address(email: str, role: Role) -> None:
    given_ = {
        "admin": ["anna@desk.example"],
        "reviewer": ["@desk.example"],
        "annotator": ["@lab.example", "bo@desk.example"],
    }
    assert role_of(email, given_) is role


def test_a_name_belongs_to_the_address_that_used_it_first(reviews: Reviews) -> None:
    assert recorded_name(reviews, "Anna@desk.example", "Anna") == "Anna"
    assert recorded_name(reviews, "anna@desk.example ", "Anna B. (renamed)") == "Anna"
    assert recorded_name(reviews, "anna@lab.example", "Anna") == "Anna (anna@lab.example)"
    assert recorded_name(reviews, "anna@lab.example", "Anna") == "Anna (anna@lab.example)"
    assert recorded_name(reviews, "cy@lab.example", " ") == "cy@lab.example"
    assert rows(reviews, "people") == 3


@pytest.mark.parametrize("name", ["Chidi", "chidi", " CHIDI ", "Chi\u200bdi", "Ｃｈｉｄｉ"])
def test_a_name_that_others_have_gets_its_address(reviews: Reviews, name: str) -> None:
    """Taken by an annotator from files, by a writer before sign-in, or by another address."""
    result = recorded_name(reviews, "a@lab.example", name, lambda: ["chidi"])
    assert result.endswith(" (a@lab.example)")
    assert recorded_name(reviews, "a@lab.example", "Other", lambda: ["Other"]) == result
    answers.record(reviews, Person("Bo", Role.ADMIN), Answer("c", "sourced", "sourced"))
    assert recorded_name(reviews, "b@lab.example", "bo") == "bo (b@lab.example)"
    assert recorded_name(reviews, "c@lab.example", "Cy") == "Cy"
    assert recorded_name(reviews, "d@lab.example", "cy") == "cy (d@lab.example)"
    assert recorded_name(reviews, "e@lab.example", "E\nve " + "x" * 900) == "E ve " + "x" * 95


def test_one_person_on_many_pages_has_one_name(reviews: Reviews) -> None:
    result: list[str] = []
    threads = [
        threading.Thread(
            target=lambda: result.append(recorded_name(reviews, "a@b.example", "Anna"))
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert result == ["Anna"] * 8


# Meetings -----------------------------------------------------------------------------------------


def test_a_meeting_keeps_what_was_said_before(reviews: Reviews) -> None:
    meeting = meetings.create(reviews, ADA, PLAN, SNAPSHOT)
    other = meetings.create(reviews, BO, replace(PLAN, title="Another"), SNAPSHOT)
    meetings.change(reviews, BO, meeting, replace(PLAN, notes="Three", participants=()))
    meetings.close(reviews, ADA, meeting)
    result = meetings.find(reviews, meeting)
    assert result.plan == replace(PLAN, notes="Three", participants=(), closed=True)
    assert (result.created_by, result.snapshot_id) == ("Ada", SNAPSHOT)
    assert meetings.find(reviews, other).plan == replace(PLAN, title="Another")
    assert [item.meeting_id for item in meetings.every(reviews)] == [other, meeting]
    assert rows(reviews, "meeting_versions") == 4
    with pytest.raises(ReviewError, match="There is no meeting 99"):
        meetings.find(reviews, 99)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"title": " "}, "needs a title"),
        ({"title": "\u2066\u200b\u2069"}, "needs a title"),
        ({"chair": ""}, "needs a chair"),
        ({"chair": "\u0301"}, "needs a chair"),
        ({"held_on": "31.5.2026"}, "is not a day"),
        ({"minutes": 0}, "between 1 minute and 24 hours"),
    ],
)
def test_an_invalid_plan_is_refused(
    reviews: Reviews, changed: dict[str, Any], message: str
) -> None:
    with pytest.raises(ReviewError, match=message):
        meetings.create(reviews, ADA, replace(PLAN, **changed), SNAPSHOT)
    assert rows(reviews, "meetings") == 0


def test_the_agenda_keeps_its_order(reviews: Reviews) -> None:
    meeting = meetings.create(reviews, ADA, PLAN, SNAPSHOT)
    items = [Item(f"c{n}", f"Why {n}", n / 10) for n in range(3)]
    assert meetings.add_items(reviews, ADA, meeting, items[:2]) == 2
    assert meetings.add_items(reviews, ADA, meeting, [items[0], items[2], items[2]]) == 1
    assert meetings.agenda(reviews, meeting) == items
    meetings.record_visit(reviews, ADA, meeting, "c1", "removed")
    assert meetings.agenda(reviews, meeting) == [items[0], items[2]]
    assert meetings.add_items(reviews, ADA, meeting, [items[1]]) == 1
    assert meetings.agenda(reviews, meeting) == items
    with pytest.raises(ReviewError, match="not on the agenda"):
        meetings.record_visit(reviews, ADA, meeting, "c9", "shown")
    meetings.record_visit(reviews, ADA, meeting, "c2", "skipped")
    assert [(c, kind) for c, kind, _ in meetings.visited(reviews, meeting)] == [
        ("c1", "removed"), ("c1", "restored"), ("c2", "skipped"),
    ]  # fmt: skip


def test_many_add_to_one_agenda_at_once(reviews: Reviews) -> None:
    """Each claim is new to exactly one writer and has its own place."""
    meeting = meetings.create(reviews, ADA, PLAN, SNAPSHOT)
    start = threading.Barrier(6)

    def add(first: int) -> int:
        start.wait()
        items = [Item(f"c{number % 12}", "why") for number in range(first, first + 8)]
        return meetings.add_items(reviews, ADA, meeting, items)

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(add, range(0, 12, 2))) == 12
    with reviews.reading() as con:
        places = con.execute(text("SELECT place FROM agenda_items ORDER BY place")).scalars().all()
    assert places == list(range(1, 13))
    assert {item.claim_id for item in meetings.agenda(reviews, meeting)} == {
        f"c{number}" for number in range(12)
    }


def test_a_claim_named_twice_comes_back_once(reviews: Reviews) -> None:
    meeting = meetings.create(reviews, ADA, PLAN, "s")
    meetings.add_items(reviews, ADA, meeting, [Item("c", "tie")])
    meetings.record_visit(reviews, ADA, meeting, "c", "removed")
    assert meetings.add_items(reviews, ADA, meeting, [Item("c", "tie"), Item("c", "tie")]) == 1
    kinds = [kind for _, kind, _ in meetings.visited(reviews, meeting)]
    assert kinds == ["removed", "restored"]


def test_a_closed_meeting_decides_nothing(reviews: Reviews) -> None:
    meeting = meetings.create(reviews, ADA, PLAN, SNAPSHOT)
    meetings.close(reviews, ADA, meeting)
    with pytest.raises(ReviewError, match="This meeting is closed"):
        decisions.record(reviews, ADA, Decision("c", "sourced", meeting_id=meeting), 0)
    assert decisions.count(reviews) == 0
    meetings.change(reviews, ADA, meeting, PLAN)
    decisions.record(reviews, ADA, Decision("c", "sourced", meeting_id=meeting), 0)


def test_an_agenda_is_limited(reviews: Reviews) -> None:
    meeting = meetings.create(reviews, ADA, PLAN, SNAPSHOT)
    with pytest.raises(ReviewError, match="at most 500 items"):
        meetings.add_items(reviews, ADA, meeting, [Item(f"c{n}", "why") for n in range(501)])
    assert meetings.agenda(reviews, meeting) == []


# Answers, comments, replies -----------------------------------------------------------------------


def test_a_suggestion_that_was_seen_stays_seen(reviews: Reviews) -> None:
    """It marks every later answer of that annotator to that claim, however often it was shown."""
    bo = Person("Bo", Role.ANNOTATOR)
    answers.record_suggestion_seen(reviews, ADA, "c")
    answers.record_suggestion_seen(reviews, ADA, "c")
    assert rows(reviews, "suggestions") == 1
    seen = [
        answers.record(reviews, who, Answer(claim, "sourced", "sourced")).suggestion_seen
        for who in (ADA, bo, ADA)
        for claim in ("c", "d")
    ]
    assert seen == [True, False, False, False, True, False]


@pytest.mark.parametrize("claim", ["", " ", "\u200b", "a\x00"])
def test_an_invalid_claim_is_refused(reviews: Reviews, claim: str) -> None:
    meeting = one_of_each(reviews)
    before = all_rows(reviews)
    for write in (
        lambda: decisions.record(reviews, ADA, Decision(claim, "sourced"), 0),
        lambda: answers.record(reviews, ADA, Answer(claim, "sourced", "sourced")),
        lambda: answers.record_skip(reviews, ADA, claim, "later"),
        lambda: answers.record_suggestion_seen(reviews, ADA, claim),
        lambda: remarks.record_comment(reviews, ADA, claim, "Hm."),
        lambda: meetings.add_items(reviews, ADA, meeting, [Item(claim, "why")]),
    ):
        with pytest.raises(ReviewError, match=r"id of the claim is missing|cannot be stored"):
            write()
    assert all_rows(reviews) == before


def test_an_answer_and_a_change_of_mind(reviews: Reviews) -> None:
    first = answers.record(reviews, ADA, Answer("c", "sourced", "sourced", "independent"))
    second = answers.record(
        reviews, ADA, Answer("c", "contested", "sourced", contested=True, confidence=0.5)
    )
    assert second.answered_at > first.answered_at
    assert answers.every(reviews) == [first, second]
    answers.record_skip(reviews, ADA, "d", "too long")
    assert answers.skipped_by(reviews, "Ada") == ["d"]
    assert answers.skipped_by(reviews, "Bo") == []
    assert answers.answered_claims(reviews) == [("c", "Ada")]
    answers.record(reviews, ADA, Answer("d", "sourced", "sourced"))
    assert answers.skipped_by(reviews, "Ada") == []
    assert [item.claim_id for item in answers.of_annotator(reviews, "Ada")][-1] == "d"
    assert answers.of_annotator(reviews, "Bo") == []


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (Answer("c", "true"), "is not a label"),
        (Answer("c", "sourced"), "Answer question A"),
        (Answer("c", "sourced", "unsourced"), "Answer question A"),
        (Answer("c", "sourced", "sourced", contested=True), "Answer question A"),
        (Answer("c", "contested", "sourced"), "Answer question A"),
        (Answer("c", "cannot_say"), "why there is no label"),
        (Answer("c", "not_a_claim", "sourced", rationale="Hm."), "must not answer question A or B"),
        (Answer("c", "not_a_claim", contested=True, rationale="Hm."), "must not answer question A"),
        (Answer("c", "sourced", "sourced", contested_kind="fact_check"), "question B is not"),
        (Answer("c", "sourced", "sourced", needs_source="maybe"), "yes, no or unsure"),
        (Answer("c", "sourced", "sourced", "vague"), "'vague' is not a kind of sourced"),
        (Answer("c", "contested", "sourced", None, True, "rumour"), "not a kind of dispute"),
        (Answer("c", "sourced", "sourced", confidence=1.5), "from 0 to 1"),
        (Answer("c", "sourced", "sourced", evidence_url="ftp://x"), "web address"),
        (Answer("c", "sourced", "sourced", evidence_url="https://[x"), "web address"),
    ],
)
def test_an_invalid_answer_is_refused(reviews: Reviews, wrong: Answer, message: str) -> None:
    with pytest.raises(ReviewError, match=message):
        answers.record(reviews, ADA, wrong)
    assert rows(reviews, "answers") == 0


def test_comments(reviews: Reviews) -> None:
    remarks.record_comment(reviews, ADA, "c", " One ")
    remarks.record_comment(reviews, BO, "c", "Two")
    remarks.record_comment(reviews, BO, "d", "Other")
    result = remarks.comments_on(reviews, "c")
    assert [(item.author, item.text) for item in result] == [("Ada", "One"), ("Bo", "Two")]
    with pytest.raises(ReviewError, match="empty"):
        remarks.record_comment(reviews, ADA, "c", " ")


def test_a_reply_replaces_the_question(reviews: Reviews) -> None:
    question = remarks.record_reply(reviews, ADA, Reply("s", "Who?", "2026-05-01"))
    reply = replace(question, answer="Us.", answered_on="2026-05-03", supersedes=question.reply_id)
    answered = remarks.record_reply(reviews, BO, reply)
    assert remarks.replies_of(reviews, "s") == [answered]
    assert rows(reviews, "replies") == 2
    with pytest.raises(ConflictError, match="in the meantime"):
        remarks.record_reply(reviews, ADA, reply)
    assert remarks.replies_of(reviews, "other") == []


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (Reply("s", " ", "2026-05-01"), "what the publisher was asked"),
        (Reply("s", "?", "May"), "is not a day"),
        (Reply("s", "?", "20260531"), "is not a day"),
        (Reply("s", "?", ""), "is not a day"),
        (Reply("s", "?", "2026-02-30"), "is not a day"),
        (Reply("s", "?", "2026-05-01", "Us.", ""), "on which day"),
        (Reply("s", "?", "2026-05-01", "Us."), "on which day"),
        (Reply("s", "?", "2026-05-02", "Us.", "2026-05-01"), "before the question"),
    ],
)
def test_an_invalid_reply_is_refused(reviews: Reviews, wrong: Reply, message: str) -> None:
    with pytest.raises(ReviewError, match=message):
        remarks.record_reply(reviews, ADA, wrong)
    assert rows(reviews, "replies") == 0


# Where it is --------------------------------------------------------------------------------------


def test_where_the_database_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(VARIABLE, raising=False)
    assert address_of(Warehouse(DEFAULT)).database == "data/review.db"
    assert address_of(Warehouse(tmp_path / "w")).database == str(tmp_path / "w" / "review.db")
    (tmp_path / ".streamlit").mkdir()
    secrets = tmp_path / ".streamlit" / "secrets.toml"
    secrets.write_text('[connections.reviews]\nurl = "postgresql://me:word@host/name"\n')
    result = address_of(Warehouse(DEFAULT))
    assert (result.drivername, result.host, result.database) == (
        "postgresql+psycopg",
        "host",
        "name",
    )
    assert address_of(Warehouse(tmp_path / "w")).get_backend_name() == "sqlite"
    monkeypatch.setenv(VARIABLE, "postgres://me@other/name")
    assert address_of(Warehouse(tmp_path / "w")).host == "other"
    monkeypatch.delenv(VARIABLE)
    for wrong in ("connections = 'x'", "[connections]\nreviews = 'x'"):
        secrets.write_text(wrong)
        with pytest.raises(ReviewError, match="is not a table"):
            address_of(Warehouse(DEFAULT))
    secrets.write_text("[connections")
    with pytest.raises(ReviewError, match="cannot be read as TOML"):
        address_of(Warehouse(DEFAULT))


@pytest.mark.parametrize(
    "wrong",
    [
        "mysql://me:secret@host/name",
        "secret word",
        "://secret",
        "postgresql://me:secret@host:port/name",
        "postgresql+psycopg2://me:secret@host/name",
        "sqlite+nothing:///secret.db",
    ],
)
def test_an_invalid_address_is_refused(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, wrong)
    with pytest.raises(ReviewError) as info:
        address_of(Warehouse(DEFAULT))
    assert "secret" not in str(info.value)
    assert VARIABLE in str(info.value)


def test_a_folder_that_cannot_be_created(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ReviewError, match="cannot be opened"):
        Reviews(URL.create("sqlite", database=str(tmp_path / "file" / "review.db")))


def test_a_password_is_never_shown(reviews: Reviews) -> None:
    shown = reviews.url.set(password="secret", query={"password": "secret too"})
    with reviews.writing() as con:
        con.execute(insert(schema.comments).values(claim_id="c", text="x", author="a",
                    written_at=datetime.now(UTC)))  # fmt: skip
    reviews.url = shown
    with pytest.raises(ReviewError) as info, reviews.reading() as con:
        con.execute(text("SELECT nothing FROM nowhere"))
    assert "secret" not in str(info.value)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (Reply("t", "?", "2026-01-01", supersedes=1), "not on this source and claim"),
        (Reply("s", "?", "2026-01-01", claim_id="c", supersedes=1), "not on this source and claim"),
        (Reply("s", "?", "2026-01-01", supersedes=99), "not on this source and claim"),
        (Reply("s", "?", "9999-01-01"), "in the future"),
        (Reply("s", "?", "2026-01-01", "No.", "9999-01-01"), "in the future"),
    ],
)
def test_a_reply_that_replaces_another_or_is_in_the_future(
    reviews: Reviews, wrong: Reply, message: str
) -> None:
    one_of_each(reviews)
    before = remarks.replies_of(reviews)
    with pytest.raises(ReviewError, match=message):
        remarks.record_reply(reviews, ADA, wrong)
    assert remarks.replies_of(reviews) == before
