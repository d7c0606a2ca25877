"""The SQL files: the schema agrees with the table contract, and every file parses."""

import re
from pathlib import Path

import duckdb
import pytest
from support import ask

from sourcing import sql
from sourcing.codebook import Label
from sourcing.filters import Filters
from sourcing.warehouse.contract import KEYS, TABLES, Kind, column_names, required_names
from sourcing.warehouse.snapshots import Warehouse, reading

FOLDER = Path(str(sql.__file__)).parent
FILES = sorted(str(path.relative_to(FOLDER).with_suffix("")) for path in FOLDER.rglob("*.sql"))
SCRIPTS = tuple(
    "schema/facts schema/additions resolve/resolve agreement/marts resolve/patterns "
    "resolve/latent resolve/marts resolve/findings meetings/publish_events "
    "meetings/publish_withdrawals meetings/rehearsal "
    "changes/changed amendments/withdraw amendments/bring_back amendments/join_once "
    "amendments/join_annotators amendments/move_aliases amendments/separate".split()
)
OF_TWO = ("changes/parts", "changes/claims", "changes/counts")
"""Queries over two snapshots at once (tests/analysis/test_changes.py)."""
INCLUDED = re.compile(r'{% include "(\S+)\.sql" %}')
RAW = {name: (FOLDER / f"{name}.sql").read_text(encoding="utf-8") for name in FILES}
PARTS = {part for text in RAW.values() for part in INCLUDED.findall(text)}
QUERIES = tuple(name for name in FILES if name not in (*SCRIPTS, *PARTS, *OF_TWO))

TYPES = {
    Kind.INTEGER: "INTEGER",
    Kind.UNIT: "DOUBLE",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.TIME: "TIMESTAMP",
    Kind.DAY: "DATE",
}

# The contract, written out again on purpose.
CONTRACT = {
    "sources": "source_id, name, kind?, affiliation?, domain?, country?, notes?",
    "articles": "article_id, source_id, title?, author?, published?, published_precision, url?, "
    "language?, genre?, origin?, word_count?, text_sha256?, document?, sample_batch?",
    "claims": "claim_id, article_id, claim, paragraph?, char_start?, char_end?, quote?, topic?, "
    "statement_id?, level?",
    "citations": "claim_id, cited_name, cited_source_id?, kind?, url?, locator?, relation?",
    "labels": "claim_id, annotator, label, attribution?, attribution_kind?, contested?, "
    "contested_kind?, contested_by?, method, round?, labelled_at?, codebook_version?, "
    "needs_source?, suggestion_seen?, confidence?, rationale?, evidence_url?",
    "withdrawals": "table_name, id, annotator?, labelled_at?, reason, decided_by?, decided_at?, "
    "back?",
    "source_aliases": "alias, source, since?, reason, decided_by?, decided_at?, back?",
    "annotator_aliases": "alias, annotator, reason, decided_by?, decided_at?, back?",
}


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    for statement in (*sql.statements("schema/facts"), *sql.statements("schema/additions")):
        con.execute(statement)
    return con


def columns(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, tuple[str, bool]]:
    """Type, and whether a value is required, by column."""
    rows = con.execute(
        "SELECT column_name, data_type, NOT is_nullable FROM duckdb_columns() "
        "WHERE table_name = ? AND schema_name = 'main' ORDER BY column_index",
        [table],
    ).fetchall()
    return {name: (kind, required) for name, kind, required in rows}


@pytest.mark.parametrize("table", CONTRACT)
def test_tables_follow_the_contract(table: str) -> None:
    names = [name.strip() for name in CONTRACT[table].split(",")]
    assert column_names(table) == [name.rstrip("?") for name in names]
    required = [name for name in names if not name.endswith("?")]
    # published_precision is derived if it is empty.
    assert required_names(table) == [name for name in required if name != "published_precision"]


@pytest.mark.parametrize("table", TABLES)
def test_schema_agrees_with_the_contract(table: str, con: duckdb.DuckDBPyConnection) -> None:
    schema = columns(con, table)
    assert list(schema)[: len(TABLES[table])] == column_names(table)
    for column in TABLES[table]:
        kind, required = schema[column.name]
        assert kind == TYPES.get(column.kind, "VARCHAR"), column.name
        assert required == (column.required or column.name == "published_precision"), column.name
    added = set(schema) - set(column_names(table))
    assert {"file_id", "line", "extra"} <= added
    if table in KEYS:
        assert KEYS[table].replace("_id", "_key") in added


def test_schema_of_the_etl_tables(con: duckdb.DuckDBPyConnection) -> None:
    assert list(columns(con, "rejects")) == ("file_id file line column found expected row".split())
    for table in ("loads", "files", "rejects", "duplicates", "history", *TABLES):
        assert columns(con, table), table


@pytest.mark.parametrize("table", TABLES)
def test_a_snapshot_has_the_tables_of_the_schema(
    table: str, con: duckdb.DuckDBPyConnection, sample: Warehouse
) -> None:
    """The columns and types are the same however a load fills the tables."""
    rows = ask(
        sample,
        f"SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = '{table}'",
    )
    assert dict(rows) == {name: kind for name, (kind, _) in columns(con, table).items()}


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_parses(name: str) -> None:
    statements = sql.statements(name)
    assert statements
    for statement in statements:
        assert len(duckdb.extract_statements(statement)) == 1


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_parses_and_runs(name: str, sample: Warehouse) -> None:
    text = sql.text(name)
    assert "{%" not in text
    assert "{{" not in text
    (statement,) = duckdb.extract_statements(text)
    values = {
        **Filters().list_parameters(),
        "by": "source",
        "weighting": "claim",
        "claim": "x",
        "source": "x",
        "article": "x",
        "key": 0,
        "limit": 1,
        "without": [],
    }
    with reading(sample) as snapshot:
        parameters = {key: values.get(key) for key in statement.named_parameters}
        frame = snapshot.frame(name, parameters)
    assert len(frame.columns) == len(set(frame.columns)) > 0


@pytest.mark.parametrize("name", FILES)
def test_parameters_are_named(name: str) -> None:
    code = re.sub(r"--.*|'[^']*'", "", sql.text(name))
    assert not re.search(r"\$\d|\?", code)


ABOUT_ONE_LABEL = {
    ("resolve/findings", "sourced"),
    ("resolve/findings", "self_cited"),
    ("resolve/findings", "unsourced"),
    ("resolve/findings", "contested"),
    ("resolve/marts", "self_cited"),
}
"""Where the codebook has a rule for a single label."""


@pytest.mark.parametrize("name", FILES)
def test_labels_are_never_listed_by_hand(name: str) -> None:
    """A fifth label must be counted everywhere, so columns come from the codebook's list."""
    code = re.sub(r"--.*", "", RAW[name])
    listed = {
        label
        for label in map(str, Label)
        if re.search(rf"= '{label}'|'{label}',|, '{label}'|(?<!BOOLEAN\)) AS {label}\b", code)
    }
    assert {(name, label) for label in listed} <= ABOUT_ONE_LABEL


def test_statements_splits_and_leaves_out_comments() -> None:
    assert len(sql.statements("schema/facts")) == sum(
        line.startswith("CREATE TABLE") for line in sql.text("schema/facts").splitlines()
    )
