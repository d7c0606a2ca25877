"""Whoever lost the role writes nothing: every writing function asks for the role itself."""

import ast
from collections.abc import Callable, Iterator

import pytest
from code_walk import of, tree
from sqlalchemy import func, select

from sourcing.errors import RefusedError
from sourcing.reviews import (
    Person,
    Reviews,
    Role,
    address_of,
    answers,
    decisions,
    drafts,
    remarks,
    schema,
    withdrawals,
)
from sourcing.reviews import meetings as meeting_records
from sourcing.reviews.meetings import Item, Plan
from sourcing.warehouse.snapshots import Warehouse

PLAN = Plan("Review of May", "2026-05-31", "Rob")
DECISION = decisions.Decision("c1", "sourced", "Named.")
ANSWER = answers.Answer("c1", "sourced", attribution="sourced", contested=False)
REPLY = remarks.Reply("s", "Who said so?", "2026-05-01")
WITHDRAWAL = withdrawals.Withdrawal("c1", "A reader's letter.")

WRITES: dict[str, Callable[[Reviews, Person], object]] = {
    "answers.record": lambda r, who: answers.record(r, who, ANSWER),
    "answers.record_skip": lambda r, who: answers.record_skip(r, who, "c1", "Later."),
    "answers.record_suggestion_seen": lambda r, who: answers.record_suggestion_seen(r, who, "c1"),
    "decisions.record": lambda r, who: decisions.record(r, who, DECISION, 1),
    "decisions.take_back": lambda r, who: decisions.take_back(r, who, "c1", 1, ""),
    "drafts.save": lambda r, who: drafts.save(r, who, "meeting 1", "c1", {"rationale": "Hm."}),
    "meetings.add_items": lambda r, who: meeting_records.add_items(r, who, 1, [Item("c2", "tie")]),
    "meetings.change": lambda r, who: meeting_records.change(r, who, 1, PLAN),
    "meetings.close": lambda r, who: meeting_records.close(r, who, 1),
    "meetings.create": lambda r, who: meeting_records.create(r, who, PLAN, "snapshot"),
    "meetings.record_visit": lambda r, who: meeting_records.record_visit(r, who, 1, "c1", "shown"),
    "remarks.record_comment": lambda r, who: remarks.record_comment(r, who, "c1", "Why?"),
    "remarks.record_reply": lambda r, who: remarks.record_reply(r, who, REPLY),
    "withdrawals.record": lambda r, who: withdrawals.record(r, who, WITHDRAWAL, 0),
}


@pytest.fixture
def reviews(warehouse: Warehouse) -> Iterator[Reviews]:
    """A review database with one meeting, which holds one decided claim."""
    database = Reviews(address_of(warehouse))
    rob = Person("Rob", Role.REVIEWER)
    meeting_id = meeting_records.create(database, rob, PLAN, "snapshot")
    meeting_records.add_items(database, rob, meeting_id, [Item("c1", "tie")])
    decisions.record(database, rob, DECISION, 0)
    yield database
    database.close()


def row_counts(reviews: Reviews) -> dict[str, int]:
    with reviews.reading() as con:
        return {
            table.name: con.execute(select(func.count()).select_from(table)).scalar_one()
            for table in schema.database.metadata.sorted_tables
        }


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("held", [Role.VIEWER, None])
def test_a_lost_role_writes_nothing(reviews: Reviews, name: str, held: Role | None) -> None:
    """The person is as a page that is still open drew them; the role is read when it writes."""
    before = row_counts(reviews)
    who = Person("Rob", Role.ADMIN, "rob@desk.example", lambda: held)
    with pytest.raises(RefusedError, match=r"Rob may not .+\. Nothing was recorded\."):
        WRITES[name](reviews, who)
    assert row_counts(reviews) == before


@pytest.mark.parametrize("name", WRITES)
def test_a_role_that_was_given_meanwhile_writes(reviews: Reviews, name: str) -> None:
    """So the refusals above are because of the role, and a new role needs no new page."""
    before = row_counts(reviews)
    WRITES[name](reviews, Person("Rob", Role.VIEWER, "rob@desk.example", lambda: Role.ADMIN))
    assert row_counts(reviews) != before


def writing_functions(module: str) -> dict[str, ast.FunctionDef]:
    """Public functions of a module that a person writes with."""
    return {
        f"{module.rpartition('.')[2]}.{node.name}": node
        for node in tree(module).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and "person" in [argument.arg for argument in node.args.args]
    }


def test_every_writing_function_is_replayed_above() -> None:
    found = {name for module in of("sourcing.reviews") for name in writing_functions(module)}
    assert found == set(WRITES)


@pytest.mark.parametrize("module", of("sourcing.reviews"))
def test_a_writing_function_asks_for_the_role_first(module: str) -> None:
    """Before it reads: whoever lost the role does not learn what the database holds."""
    for name, node in writing_functions(module).items():
        assert ast.unparse(node.body[1]).startswith("person.must_be(Role."), name


def test_only_the_review_database_is_written_by_these_modules() -> None:
    """A page that wrote by itself would bypass the check."""
    writers = {
        module
        for module in [*of("sourcing"), *of("pages"), *of("etl")]
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Attribute) and node.attr == "writing"
    }
    assert writers == {
        f"sourcing.reviews.{name}"
        for name in (
            *("answers", "decisions", "drafts", "meetings", "people", "remarks", "withdrawals"),
        )
    }
