"""Withdrawing, joining, undoing: any order gives what the remaining loads give, loaded fresh."""

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import amendment_oracle
import duckdb
import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import TIMES, Tables, corpora
from support import (
    BASE,
    SAMPLE,
    Row,
    all_tables,
    ask,
    etl,
    exported,
    in_table_order,
    load,
    loaded,
    new_folder,
    write,
)

from etl import publication
from etl.amendments import aliases, undo
from etl.amendments.aliases import AliasDecision
from etl.progress import Progress
from sourcing.errors import LoadError
from sourcing.reviews import Person, Reviews, Role, address_of, decisions
from sourcing.reviews.decisions import Decision
from sourcing.warehouse import seals
from sourcing.warehouse.contract import TABLES, column_names
from sourcing.warehouse.snapshots import Warehouse

pytestmark = pytest.mark.slow

ADA = Person("Ada", Role.REVIEWER)
LOADS = 3
DAYS = ("", "2023-06-15", "2024-01-01", "2025-03-01")


def full(table: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows with every column of the contract, empty cells as ""."""
    return [{name: row.get(name) or "" for name in column_names(table)} for row in rows]


@st.composite
def amendments(draw: st.DrawFn, tables: Tables) -> dict[str, list[dict[str, Any]]]:
    """Withdrawals, and aliases of sources and annotators, some of nothing that is there."""
    ids = {
        table: [row[key] for row in tables[table][:2]] or ["nowhere"]
        for table, key in {**amendment_oracle.KEYS, "labels": "claim_id"}.items()
    }
    decided = st.fixed_dictionaries(
        {
            "reason": st.sampled_from(("wrong", "twice")),
            "decided_at": st.sampled_from(("", "", *TIMES)),
            "back": st.sampled_from(("", "", "true")),
        }
    )
    withdrawals = []
    for _ in range(draw(st.integers(1, 6))):
        table = draw(st.sampled_from(tuple(ids)))
        row = {"table_name": table, "id": draw(st.sampled_from(ids[table])), **draw(decided)}
        if table == "labels":
            row["annotator"] = draw(st.sampled_from(("", *"abcd")))
            row["labelled_at"] = draw(st.sampled_from(("", "", *TIMES)))
        withdrawals.append(row)
    sources = [*(row["source_id"] for row in tables["sources"]), "elsewhere"]
    source_aliases = [
        {
            "alias": draw(st.sampled_from(sources)),
            "source": draw(st.sampled_from(sources)),
            "since": draw(st.sampled_from(DAYS)),
            **draw(decided),
        }
        for _ in range(draw(st.integers(0, 4)))
    ]
    annotator_aliases = [
        {
            "alias": draw(st.sampled_from("abcde")),
            "annotator": draw(st.sampled_from("abcde")),
            **draw(decided),
        }
        for _ in range(draw(st.integers(0, 2)))
    ]
    return {
        "withdrawals": withdrawals,
        "source_aliases": source_aliases,
        "annotator_aliases": annotator_aliases,
    }


@st.composite
def histories(draw: st.DrawFn) -> list[Tables]:
    """A corpus in several loads: rows in any of them, some corrected later, and decisions."""
    first, other = draw(corpora(claims=8, labels=4, timeless=False)), draw(corpora(claims=8))
    cited = ["", "nowhere", *(row["source_id"] for row in first["sources"])]
    first["citations"] = [
        {
            "claim_id": row["claim_id"],
            "cited_name": draw(st.sampled_from("xy")),
            "cited_source_id": draw(st.sampled_from(cited)),
        }
        for row in first["claims"]
        if draw(st.booleans())
    ]
    loads: list[Tables] = [{table: [] for table in TABLES} for _ in range(LOADS)]
    places = st.sampled_from((0, 0, 0, 0, 1, 2))
    for table, rows in first.items():
        for row in rows:
            loads[draw(places)][table].append(row)
    for table, key in amendment_oracle.KEYS.items():
        for row in other[table]:
            tables = loads[draw(places)]
            if row[key] not in [own[key] for own in tables[table]]:
                tables[table].append(row)
    for tables in loads:
        tables.update(draw(amendments(first)))
    return [{table: full(table, rows) for table, rows in tables.items()} for tables in loads]


def loads_of(warehouse: Warehouse) -> list[int]:
    """The loads of files that count."""
    question = "SELECT load_id FROM loads WHERE command <> 'publish' ORDER BY load_id"
    return [load_id for (load_id,) in ask(warehouse, question)]


def facts(warehouse: Warehouse) -> dict[str, list[tuple[Any, ...]]]:
    """The rows that count, by table, and all that follows from them."""
    counted = {}
    for table in TABLES:
        columns = ", ".join(column_names(table))
        if table == "labels":  # the fresh warehouse decides again, later
            columns = "* REPLACE (CASE WHEN annotator <> 'Ada' THEN labelled_at END AS labelled_at)"
        question = f"SELECT {columns} FROM (SELECT {', '.join(column_names(table))} FROM {table})"
        counted[table] = sorted(ask(warehouse, question), key=str)
    for table in ("resolved", "findings", "shares", "shares_by_month", "withdrawn", "joined"):
        timeless = (
            tuple(value for name, value in row.items() if name != "decided_at")
            for row in exported(warehouse, table)
        )
        counted[table] = sorted(timeless, key=str)
    return counted


def assert_as_the_oracle_says(warehouse: Warehouse, loads: list[Tables]) -> None:
    tables = amendment_oracle.counted([in_table_order(tables) for tables in loads])
    articles = {row["article_id"]: row["source_id"] for row in tables["articles"]}
    assert dict(ask(warehouse, "SELECT article_id, source_id FROM articles")) == articles
    rows = ask(
        warehouse,
        "SELECT a.article_id, s.source_id FROM articles AS a JOIN sources AS s USING (source_key)",
    )
    assert dict(rows) == articles
    assert sorted(ask(warehouse, "SELECT claim_id, article_id, claim FROM claims")) == sorted(
        (row["claim_id"], row["article_id"], row["claim"]) for row in tables["claims"]
    )
    columns = ("claim_id", "cited_name", "cited_source_id")
    assert sorted(
        ask(warehouse, "SELECT claim_id, cited_name, coalesce(cited_source_id, '') FROM citations")
    ) == sorted(tuple(row[name] for name in columns) for row in tables["citations"])
    assert sorted(ask(warehouse, "SELECT claim_id, annotator, label FROM labels")) == sorted(
        (row["claim_id"], row["annotator"], row["label"]) for row in tables["labels"]
    )
    resolved = {
        row["claim_id"]: (row["label"], row["state"]) for row in exported(warehouse, "resolved")
    }
    assert resolved == {
        claim.claim_id: (claim.resolved.label or "", claim.resolved.state)
        for claim in oracle.claims_of(tables)
    }


def take_back(warehouse: Warehouse, load_id: int, *, undone: bool) -> None:
    action = undo.undo if undone else undo.redo
    action(warehouse, undo.Options(load_id), Progress(shown=False))


def apart(row: dict[str, Any], number: int) -> dict[str, Any]:
    """A row with the number of its corpus behind every id and every annotator's name."""
    names = ("id", "alias", "source", "annotator")
    return {
        name: f"{value}-{number}" if value and (name in names or name.endswith("_id")) else value
        for name, value in row.items()
    }


@given(st.lists(histories(), min_size=8, max_size=8), st.data())
@settings(max_examples=5)
def test_any_order_gives_what_the_remaining_loads_give(
    corpora_of_loads: list[list[Tables]], data: st.DataObject
) -> None:
    """Eight corpora side by side, so that one load tries eight things."""
    history: list[Tables] = [
        {
            table: [
                apart(row, number)
                for number, loads in enumerate(corpora_of_loads)
                for row in loads[place][table]
            ]
            for table in TABLES
        }
        for place in range(LOADS)
    ]
    claims = decidable(history)
    with new_folder() as folder:
        warehouse, fresh = Warehouse(folder / "warehouse"), Warehouse(folder / "fresh")
        by_id: dict[int, tuple[Path, Tables]] = {}
        undone: set[int] = set()
        steps: list[int | list[str]] = []
        decided: Tables = {"labels": []}
        for number, tables in enumerate(history):
            files = write(folder / f"load-{number}", tables)
            if load(warehouse, files).published:
                by_id[max(loads_of(warehouse))] = (files, tables)
                steps.append(max(by_id))
            if by_id and claims and data.draw(st.booleans(), label="decide and publish"):
                steps.append(data.draw(st.lists(st.sampled_from(claims), max_size=3)))
                decided["labels"] += published(warehouse, steps[-1])
            if by_id and data.draw(st.booleans(), label="take one back"):
                load_id = data.draw(st.sampled_from(sorted(by_id)))
                take_back(warehouse, load_id, undone=load_id not in undone)
                undone ^= {load_id}
        if not by_id:
            return
        assert loads_of(warehouse) == [load_id for load_id in by_id if load_id not in undone]
        published(warehouse, [])
        remaining = [tables for load_id, (_, tables) in by_id.items() if load_id not in undone]
        assert_as_the_oracle_says(warehouse, [*remaining, decided])
        for step in steps:
            if isinstance(step, list):
                published(fresh, step)
            elif step not in undone:
                load(fresh, by_id[step][0])
        if remaining and fresh.current():
            published(fresh, [])
            assert facts(warehouse) == facts(fresh)


def decidable(history: list[Tables]) -> list[str]:
    """Claims to decide: not those of which a load withdraws labels, which may be those decided."""
    withdrawn = {
        row["id"]
        for tables in history
        for row in tables["withdrawals"]
        if row["table_name"] == "labels"
    }
    return sorted({row["claim_id"] for t in history for row in t["claims"]} - withdrawn)


def published(warehouse: Warehouse, claims: Sequence[str]) -> list[Row]:
    """Decide these claims and publish. Returns the decisions as rows of labels."""
    warehouse.folder.mkdir(exist_ok=True)
    reviews = Reviews(address_of(warehouse))
    made = [
        decisions.record(
            reviews,
            ADA,
            Decision(claim, "unsourced", "Why."),
            len(decisions.history(reviews, claim)),
        )
        for claim in claims
    ]
    reviews.close()
    if warehouse.current():
        publication.publish(warehouse, Progress(shown=False))
    rows = [
        {
            "claim_id": decision.claim_id,
            "annotator": "Ada",
            "label": "unsourced",
            "method": "human",
            "round": "adjudication",
            "labelled_at": decision.decided_at.isoformat(),
        }
        for decision in made
    ]
    return full("labels", rows)


names = st.sampled_from("abcd")


@given(st.lists(st.tuples(names, names, st.booleans()), max_size=12))
def test_names_form_chains_without_circles(decided: list[tuple[str, str, bool]]) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    rows = [
        AliasDecision("sources", alias, name, None, "why", None, moment + timedelta(days=day), back)
        for day, (alias, name, back) in enumerate(decided)
    ]
    links = {row.alias: row.name for row in aliases.in_force(rows)}
    plain = [
        {"alias": row.alias, "source": row.name, "back": row.back, "moment": row.decided_at}
        for row in rows
    ]
    wanted = amendment_oracle.links_of(plain, "source")
    assert links == {alias: row["source"] for alias, row in wanted.items()}
    for name in links:
        seen = [name]
        while seen[-1] in links:
            seen.append(links[seen[-1]])
            assert len(set(seen)) == len(seen)


# Undo ---------------------------------------------------------------------------------------------


def test_an_undone_load_is_listed_and_can_be_redone(warehouse: Warehouse, files: Path) -> None:
    loaded(warehouse, files, BASE)
    more = write(files.parent / "more", {"claims": [{**BASE["claims"][0], "claim_id": "d"}]})
    load(warehouse, more)
    result = etl("undo", "--reason", "wrong file", "--by", "Ada", "--warehouse", warehouse.folder)
    assert result.code == 0
    assert "claims: 2 before, 1 now" in result.text
    assert f"Load 2 ({more / 'claims.csv'}: 1 row) is undone." in result.text
    assert "`python -m etl redo 2`" in result.text
    rows = exported(warehouse, "loads")
    assert [(row["load_id"], row["counts"], row["undone_by"]) for row in rows] == [
        *[("1", "true", "")] * 4,
        ("2", "false", "Ada"),
    ]
    listing = etl("loads", "--warehouse", warehouse.folder).text
    assert "1 row (does not count)" in listing
    assert etl("redo", "--warehouse", warehouse.folder).code == 0
    assert ask(warehouse, "SELECT claim_id FROM claims ORDER BY 1") == [("c",), ("d",)]
    events = ask(warehouse, "SELECT load_id, undone, person, reason FROM undo_events")
    assert [event[:2] for event in events] == [(2, True), (2, False)]
    assert events[0][2:] == ("Ada", "wrong file")


def test_check_says_what_would_go_and_changes_nothing(warehouse: Warehouse, files: Path) -> None:
    loaded(warehouse, files, BASE)
    before = warehouse.current()
    report = undo.undo(warehouse, undo.Options(check=True), Progress(shown=False))
    assert report.changes["claims"] == (1, 0)
    assert (report.published, warehouse.current()) == (False, before)
    assert report.message.startswith("Dry run: nothing was published.")


def test_rows_that_depended_on_an_undone_load_are_counted(
    warehouse: Warehouse, files: Path
) -> None:
    loaded(warehouse, files, {t: BASE[t] for t in ("sources", "articles", "claims")})
    loaded(warehouse, files.parent / "labels", {"labels": BASE["labels"]})
    report = undo.undo(warehouse, undo.Options(1), Progress(shown=False))
    assert "Of load 2, 0 of 1 row count now." in report.message
    report = undo.redo(warehouse, undo.Options(1), Progress(shown=False))
    assert "Of load 2, 1 row counts now, instead of 0." in report.message
    assert ask(warehouse, "SELECT count(*) FROM labels") == [(1,)]


def test_decisions_are_kept_and_wait_for_their_claims(warehouse: Warehouse, files: Path) -> None:
    claims = [{**BASE["claims"][0], "claim_id": "d"}]
    loaded(warehouse, files, BASE)
    loaded(warehouse, files.parent / "more", {"claims": claims})
    reviews = Reviews(address_of(warehouse))
    for claim in "cd":
        decisions.record(reviews, ADA, Decision(claim, "contested", "Why."), 0)
    reviews.close()
    publication.publish(warehouse, Progress(shown=False))
    report = undo.undo(warehouse, undo.Options(), Progress(shown=False))
    assert "1 event of the review database waits" in report.message
    resolved = (
        "SELECT claim_id, label, state FROM resolved JOIN claims USING (claim_key) ORDER BY 1"
    )
    assert ask(warehouse, resolved) == [("c", "contested", "adjudicated")]
    publication.publish(warehouse, Progress(shown=False))
    undo.redo(warehouse, undo.Options(2), Progress(shown=False))
    assert ask(warehouse, resolved) == [
        ("c", "contested", "adjudicated"),
        ("d", "contested", "adjudicated"),
    ]
    assert ask(warehouse, "SELECT count(*) FROM labels WHERE round = 'adjudication'") == [(2,)]


def test_the_sample_is_back_when_the_load_that_replaced_it_is_undone(
    warehouse: Warehouse, files: Path
) -> None:
    load(warehouse, SAMPLE)
    sample = facts(warehouse)
    loaded(warehouse, files, BASE)
    assert ask(warehouse, "SELECT count(*) FROM claims") == [(1,)]
    with pytest.raises(LoadError, match="Load 1 made room for load 2"):
        undo.undo(warehouse, undo.Options(1), Progress(shown=False))
    undo.undo(warehouse, undo.Options(), Progress(shown=False))
    assert facts(warehouse) == sample
    undo.redo(warehouse, undo.Options(), Progress(shown=False))
    assert ask(warehouse, "SELECT claim_id FROM claims") == [("c",)]
    assert loads_of(warehouse) == [2]


def test_a_load_is_undone_without_any_earlier_snapshot(warehouse: Warehouse, files: Path) -> None:
    """The kept files are enough; rejects keep the names of the files they came from."""
    bad = {**BASE["labels"][0], "label": "sorced"}
    loaded(warehouse, files, {**BASE, "labels": [*BASE["labels"], bad]})
    before = exported(warehouse, "rejects")
    loaded(warehouse, files.parent / "more", {"sources": [{"source_id": "t", "name": "T"}]})
    for snapshot_id in warehouse.ids()[1:]:
        warehouse.path(snapshot_id).unlink()
    for path in files.glob("*.csv"):
        path.unlink()
    undo.undo(warehouse, undo.Options(), Progress(shown=False))
    assert exported(warehouse, "rejects") == before
    assert before[0]["file"] == str(files / "labels.csv")


def test_loads_of_an_earlier_version_stand_on_their_snapshot(
    warehouse: Warehouse, files: Path
) -> None:
    """It kept no files: its snapshot is never pruned, and what came later can be undone."""
    loaded(warehouse, files, BASE)
    first = str(warehouse.current())
    with duckdb.connect(str(warehouse.path(first))) as con:
        for column in ("kept", "person", "replaces"):
            con.execute(f"ALTER TABLE loads DROP COLUMN {column}")
        for table in ("undone_loads", "undone_files", "undo_events", "withdrawn", "joined"):
            con.execute(f"DROP TABLE {table}")
    seals.path_of(warehouse.path(first)).unlink()
    before = facts_of_old(warehouse)
    listing = etl("loads", "--warehouse", warehouse.folder).text
    assert "4 rows (files not kept)" in listing
    for source_id in "tu":
        folder = files.parent / source_id
        loaded(warehouse, folder, {"sources": [{"source_id": source_id, "name": source_id}]})
    assert warehouse.pinned() == {first}
    undo.undo(warehouse, undo.Options(2), Progress(shown=False))
    undo.undo(warehouse, undo.Options(3), Progress(shown=False))
    assert facts_of_old(warehouse) == before
    undo.undo(warehouse, undo.Options(1), Progress(shown=False))
    assert ask(warehouse, "SELECT count(*) FROM sources") == [(0,)]
    undo.redo(warehouse, undo.Options(1), Progress(shown=False))
    assert facts_of_old(warehouse) == before
    undo.redo(warehouse, undo.Options(2), Progress(shown=False))
    for snapshot_id in warehouse.ids()[1:]:
        warehouse.path(snapshot_id).unlink()
    with pytest.raises(LoadError, match="The files of load 1 were not kept"):
        undo.undo(warehouse, undo.Options(2), Progress(shown=False))


def facts_of_old(warehouse: Warehouse) -> list[list[tuple[Any, ...]]]:
    return [ask(warehouse, f"SELECT * FROM {table}") for table in ("sources", "claims", "labels")]


@pytest.mark.parametrize("what", ["damaged", "gone"])
def test_kept_files_that_are_lost_are_named(what: str, warehouse: Warehouse, files: Path) -> None:
    loaded(warehouse, files, BASE)
    loaded(warehouse, files.parent / "more", {"sources": [{"source_id": "t", "name": "T"}]})
    warehouse.path(warehouse.ids()[1]).unlink()
    first = (
        warehouse.folder / "loads" / ask(warehouse, "SELECT min_by(kept, load_id) FROM loads")[0][0]
    )
    if what == "gone":
        shutil.rmtree(first)
    else:
        (first / "000001" / "sources.csv.zst").write_bytes(b"x")
    before = warehouse.current()
    result = etl("undo", "--warehouse", warehouse.folder)
    assert result.code == 1
    assert result.err.startswith(f"Error: {first}")
    assert "backup" in result.err
    assert warehouse.current() == before


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["undo", "9"], "There is no load 9. `python -m etl loads` lists them."),
        (["redo"], "There is no load that could be redone: `python -m etl loads`."),
        (["redo", "1"], "Load 1 was not undone, so there is nothing to redo."),
        (["withdraw", "claims", "CLAIM", "--reason", "x"], "(did you mean 'claim'?)"),
        (["withdraw", "labels", "c", "--annotator", "Ana", "--reason", "x"], "with such a label"),
        (["join", "sources", "t", "z", "--reason", "x"], "the id of a row in the table sources"),
        (
            ["join", "sources", "t", "s", "--since", "May", "--reason", "x"],
            "a valid date, such as 2018-12-08",
        ),
    ],
)
def test_what_cannot_be_put_right_is_a_sentence(
    arguments: list[str], sentence: str, warehouse: Warehouse, files: Path
) -> None:
    loaded(warehouse, files, all_tables(claims=[{**BASE["claims"][0], "claim_id": "claim"}]))
    before = warehouse.current()
    result = etl(*arguments, "--warehouse", warehouse.folder)
    assert result.code == 1
    assert sentence in result.err
    assert "/tmp" not in result.err.replace(str(warehouse.folder), "")
    assert warehouse.current() == before


def test_the_check_speaks_of_what_would_be(warehouse: Warehouse, files: Path) -> None:
    loaded(warehouse, files, BASE)
    text = etl("undo", "--check", "--warehouse", warehouse.folder).text
    assert "would no longer count." in text
    assert "redo" not in text


def test_a_load_without_its_files_is_not_promised_back(warehouse: Warehouse, files: Path) -> None:
    loaded(warehouse, files, BASE)
    shutil.rmtree(warehouse.folder / "loads")
    assert etl("verify", "--warehouse", warehouse.folder).code == 1
    report = undo.undo(warehouse, undo.Options(), Progress(shown=False))
    assert "it can count again only if they are loaded again" in report.message
    assert "redo" not in report.message


@pytest.mark.parametrize("what", ["damaged", "gone"])
def test_verify_reads_the_kept_files(what: str, warehouse: Warehouse, files: Path) -> None:
    loaded(warehouse, files, BASE)
    assert etl("verify", "--warehouse", warehouse.folder).code == 0
    (kept,) = (warehouse.folder / "loads").glob("*/000001/sources.csv.zst")
    if what == "gone":
        kept.unlink()
    else:
        kept.write_bytes(kept.read_bytes()[:-5])
    result = etl("verify", "--warehouse", warehouse.folder)
    assert result.code == 1
    assert f"load 1  damaged: {kept}" in result.text


def test_a_number_of_a_load_is_never_used_twice(warehouse: Warehouse, files: Path) -> None:
    loaded(warehouse, files, BASE)
    first = warehouse.current()
    for source_id in "tu":
        folder = files.parent / source_id
        loaded(warehouse, folder, {"sources": [{"source_id": source_id, "name": source_id}]})
    result = etl("snapshots", "--use", first, "--warehouse", warehouse.folder)
    assert "Not counted in this snapshot: load 2, 3." in result.err
    assert f"--use {warehouse.ids()[0]}" in result.err
    loaded(warehouse, files.parent / "v", {"sources": [{"source_id": "v", "name": "V"}]})
    assert loads_of(warehouse) == [1, 4]


def test_decisions_cannot_be_undone_as_a_load(warehouse: Warehouse, files: Path) -> None:
    loaded(warehouse, files, BASE)
    publication.publish(warehouse, Progress(shown=False))
    result = etl("undo", "2", "--warehouse", warehouse.folder)
    assert result.code == 1
    assert "Load 2 published decisions, answers and withdrawals" in result.err


def test_an_empty_warehouse_has_nothing_to_undo(warehouse: Warehouse) -> None:
    result = etl("undo", "--warehouse", warehouse.folder)
    assert (result.code, result.err) == (1, f"Error: {warehouse.folder} has no load yet.\n")


def test_a_load_that_publishes_nothing_keeps_no_files(warehouse: Warehouse, files: Path) -> None:
    loaded(warehouse, files, BASE)
    loaded(warehouse, files, BASE)
    load(warehouse, files, check=True)
    assert len(list((warehouse.folder / "loads").iterdir())) == 1


# Withdraw and join --------------------------------------------------------------------------------


def test_what_is_withdrawn_is_counted_and_listed(warehouse: Warehouse, files: Path) -> None:
    other = {"claim_id": "d", "article_id": "a", "claim": "It snowed."}
    label = {**BASE["labels"][0], "claim_id": "d"}
    loaded(warehouse, files, all_tables(claims=[other], labels=[label]))
    done = etl(
        *("withdraw", "claims", "d", "--reason", "no claim", "--by", "Ada"),
        *("--warehouse", warehouse.folder),
    )
    assert "withdrawn and not counted: 1 claim and 1 label" in done.text
    (row,) = exported(warehouse, "withdrawn")
    assert (row["table_name"], row["id"], row["about"], row["reason"], row["decided_by"]) == (
        *("claims", "d", "It snowed.", "no claim", "Ada"),
    )
    status = etl("status", "--warehouse", warehouse.folder).text
    assert "withdrawn          1 claim and 1 label" in status
    assert [row["claim_id"] for row in exported(warehouse, "claims")] == ["c"]
    late = [{**label, "annotator": "bo"}]
    report = loaded(warehouse, files.parent / "late", {"labels": late})
    assert report.withdrawn == {"claims": 1, "labels": 2}
    etl("withdraw", "claims", "d", "--back", "--reason", "is one", "--warehouse", warehouse.folder)
    assert [row["annotator"] for row in exported(warehouse, "labels")] == ["anna", "anna", "bo"]


def test_two_names_of_one_annotator_are_one(warehouse: Warehouse, files: Path) -> None:
    twice = [{**BASE["labels"][0], "annotator": "Anna", "labelled_at": "2026-02-01"}]
    loaded(warehouse, files, all_tables(labels=twice))
    question = "SELECT state, votes FROM resolved"
    assert ask(warehouse, question) == [("unanimous", 2)]
    done = etl(
        "join", "annotators", "Anna", "anna", "--reason", "x", "--warehouse", warehouse.folder
    )
    assert "counted under another name: 1 annotator" in done.text
    assert ask(warehouse, question) == [("single", 1)]
    alike = "SELECT count(*) FROM findings WHERE rule = 'annotators_alike'"
    assert ask(warehouse, alike) == [(0,)]
    later = [
        {
            **BASE["labels"][0],
            "annotator": "Anna",
            "label": "unsourced",
            "labelled_at": "2027-01-01",
        }
    ]
    loaded(warehouse, files.parent / "later", {"labels": later})
    assert ask(warehouse, "SELECT DISTINCT annotator FROM labels") == [("anna",)]
    assert ask(warehouse, "SELECT label FROM resolved") == [("unsourced",)]


def test_withdraw_and_join_say_what_changed(warehouse: Warehouse, files: Path) -> None:
    sources = [{"source_id": "t", "name": "T"}]
    loaded(warehouse, files, all_tables(sources=sources))
    where = ("--reason", "x", "--warehouse", warehouse.folder)
    assert "claims: 1 before, 0 now" in etl("withdraw", "claims", "c", *where).text
    again = etl("withdraw", "claims", "c", *where).text
    assert "Nothing that counts has changed." in again
    assert "claims: 0 before, 1 now" in etl("withdraw", "claims", "c", "--back", *where).text
    joined = etl("join", "sources", "s", "t", *where).text
    assert "articles under another source: 0 before, 1 now" in joined
    typo = etl("join", "sources", "nowhere", "t", *where).text
    assert "Nothing that counts has changed." in typo
    named = etl("join", "annotators", "anna", "Anna", *where).text
    assert "labels under another annotator: 0 before, 1 now" in named


def test_what_went_with_something_withdrawn_is_counted(warehouse: Warehouse, files: Path) -> None:
    loaded(warehouse, files, BASE)
    for table, item in (("sources", "s"), ("articles", "a"), ("claims", "c"), ("labels", "c")):
        etl("withdraw", table, item, "--reason", "x", "--warehouse", warehouse.folder)
        rows = exported(warehouse, "withdrawn")
        mine = next(row for row in rows if row["table_name"] == table)
        assert (mine["claims"], mine["labels"]) == ("0" if table == "labels" else "1", "1")


def test_an_empty_warehouse_has_nothing_to_withdraw(warehouse: Warehouse) -> None:
    result = etl("withdraw", "claims", "c", "--reason", "x", "--warehouse", warehouse.folder)
    assert (result.code, result.out) == (1, b"")
    assert result.err.startswith(f"Error: {warehouse.folder} holds no snapshot yet")


@pytest.mark.parametrize(("first", "left"), [("withdraw", ["anna"]), ("join", [])])
def test_an_annotator_means_whom_the_name_meant_when_it_was_decided(
    first: str, left: list[str], warehouse: Warehouse, files: Path
) -> None:
    """A join that comes later takes no further label with it."""
    twice = [{**BASE["labels"][0], "annotator": "Anna", "labelled_at": "2026-02-01"}]
    loaded(warehouse, files, all_tables(labels=twice))
    commands = {
        "withdraw": ("withdraw", "labels", "c", "--annotator", "anna"),
        "join": ("join", "annotators", "Anna", "anna"),
    }
    for name in sorted(commands, key=lambda name: name != first):
        assert etl(*commands[name], "--reason", "x", "--warehouse", warehouse.folder).code == 0
    assert [name for (name,) in ask(warehouse, "SELECT annotator FROM labels")] == left


def test_decisions_are_exported_and_load_back_as_they_were(
    warehouse: Warehouse, files: Path
) -> None:
    time = "2026-01-01T10:00:00Z"
    decided: dict[str, list[Row]] = {
        "withdrawals": [
            {"table_name": "claims", "id": "c", "reason": "'=x", "decided_at": time, "back": "true"}
        ],
        "source_aliases": [{"alias": "t", "source": "s", "reason": "one", "since": "2020-01-02"}],
        "annotator_aliases": [{"alias": "-A", "annotator": "anna", "reason": "one"}],
    }
    loaded(warehouse, files, {**BASE, **decided})
    exports = files.parent / "exports"
    exports.mkdir()
    for table in decided:
        path = exports / f"{table}.csv"
        assert etl("export", table, "--output", path, "--warehouse", warehouse.folder).code == 0
    report = load(warehouse, exports)
    assert [(file.rows_read, file.duplicates) for file in report.files] == [(1, 1)] * 3
