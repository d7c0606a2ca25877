"""Find unknown references, duplicates, clashes and corrections among staged rows.

All checks work on sets of rows, so the order of rows and files never matters.
"""

from sourcing.warehouse.contract import KEYS, TABLES, WITHDRAWABLE, column_names
from sourcing.warehouse.snapshots import Connection

REFERENCE = 1000  # + the column's place in the table
CLASH = 2000
CLASH_WITH_LOADED = 2001
DUPLICATE = 3000
DUPLICATE_OF_LOADED = 3001
BLANK = 4000
"""The fault of a row without any value, which is skipped."""

IDENTITY: dict[str, tuple[str, ...]] = {
    "sources": ("source_id",),
    "articles": ("article_id",),
    "claims": ("claim_id",),
    "citations": tuple(column_names("citations")),
    "labels": ("claim_id", "annotator", "labelled_at"),
    **{
        table: tuple(column_names(table))
        for table in ("withdrawals", "source_aliases", "annotator_aliases")
    },
}
"""The columns that identify a row. Without a key, only an identical row is the same."""
_MATCHED_BY = {table: KEYS.get(table, columns[0]) for table, columns in IDENTITY.items()} | {
    "withdrawals": "id"
}
"""A column of many different values by which equal rows are found."""


def check_references(con: Connection, table: str) -> None:
    """Mark rows that refer to an unknown source, article or claim.

    An optional reference is left to `etl.merging.id_matches`, which empties the cell.
    """
    for place, column in enumerate(TABLES[table]):
        if column.refers_to:
            con.execute(
                f"UPDATE staged_{table} AS s SET fault = {REFERENCE + place} "
                f"WHERE fault IS NULL AND {column.name} IS NOT NULL AND NOT EXISTS "
                f"(FROM {column.refers_to} AS r WHERE r.{KEYS[column.refers_to]} = s.{column.name})"
            )
    if table == "withdrawals":
        _check_withdrawn(con)


def withdrawn_rows(kind: str) -> str:
    """SQL: the rows `r` of a table that the withdrawal `w` means."""
    if kind != "labels":
        return f"{kind} AS r WHERE r.{KEYS[kind]} = w.id"
    return (
        "labels AS r WHERE r.claim_id = w.id AND coalesce(w.annotator = r.annotator, true) "
        "AND coalesce(w.labelled_at = r.labelled_at, true)"
    )


def _check_withdrawn(con: Connection) -> None:
    """Mark withdrawals of what is not loaded."""
    mark = REFERENCE + column_names("withdrawals").index("id")
    for kind in WITHDRAWABLE:
        con.execute(
            f"UPDATE staged_withdrawals AS w SET fault = {mark} WHERE fault IS NULL "
            f"AND table_name = '{kind}' AND NOT EXISTS (FROM {withdrawn_rows(kind)})"
        )


def check_repeats(con: Connection, table: str) -> None:
    """Mark identical rows as duplicates and rows that clash, within this load."""
    identity = ", ".join(IDENTITY[table])
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE repeated AS WITH hashes AS ("
        f"SELECT hash({identity}) AS h FROM staged_{table} WHERE fault IS NULL "
        f"GROUP BY h HAVING count(*) > 1) "
        f"SELECT rowid AS row, {identity}, {_content(table, 's')} AS content "
        f"FROM staged_{table} AS s WHERE fault IS NULL AND hash({identity}) IN (FROM hashes)"
    )
    if not con.execute("SELECT count(*) FROM repeated").fetchall()[0][0]:
        return
    con.execute(
        f"UPDATE staged_{table} SET fault = m.fault FROM (SELECT row, CASE "
        f"WHEN count(DISTINCT content) OVER same > 1 THEN {CLASH} "
        f"WHEN row > min(row) OVER same THEN {DUPLICATE} END AS fault "
        f"FROM repeated WINDOW same AS (PARTITION BY {identity})) AS m "
        f"WHERE staged_{table}.rowid = m.row AND m.fault IS NOT NULL"
    )


def check_against_loaded(con: Connection, table: str) -> None:
    """Mark rows that are already loaded, and labels that clash with a loaded one."""
    if not con.execute(f"SELECT count(*) FROM (FROM {table} LIMIT 1)").fetchall()[0][0]:
        return
    equal = " AND ".join(f"t.{name} IS NOT DISTINCT FROM s.{name}" for name in column_names(table))
    key = _MATCHED_BY[table]
    con.execute(
        f"UPDATE staged_{table} AS s SET fault = {DUPLICATE_OF_LOADED} FROM {table} AS t "
        f"WHERE s.fault IS NULL AND t.{key} = s.{key} AND {equal}"
    )
    if table == "labels":
        con.execute(
            f"UPDATE staged_labels AS s SET fault = {CLASH_WITH_LOADED} FROM labels AS t "
            "WHERE s.fault IS NULL AND t.claim_id = s.claim_id AND t.annotator = s.annotator "
            "AND t.labelled_at = s.labelled_at"
        )


def correct(con: Connection, table: str) -> None:
    """Move the loaded versions of corrected rows to `history`; a table without a key has none.

    The temporary table `kept` holds the integer keys of the corrected rows, which the new versions
    take over.
    """
    if table not in KEYS:
        return
    key, number = KEYS[table], key_column(table)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE kept AS SELECT s.rowid AS row, s.file_id, t.{number} AS own "
        f"FROM staged_{table} AS s JOIN {table} AS t ON t.{key} = s.{key} WHERE s.fault IS NULL"
    )
    con.execute(
        f"INSERT INTO history SELECT '{table}', t.{key}, {_content(table, 't')}, t.file_id, "
        f"t.line, k.file_id FROM {table} AS t JOIN kept AS k ON k.own = t.{number}"
    )
    con.execute(f"DELETE FROM {table} WHERE {number} IN (SELECT own FROM kept)")


def key_column(table: str) -> str:
    """The integer key of a table, which stays the same when a row is corrected."""
    return KEYS[table].replace("_id", "_key")


def _content(table: str, alias: str) -> str:
    fields = ", ".join(f"{name}: {alias}.{name}" for name in column_names(table))
    return f"CAST(to_json({{{fields}}}) AS VARCHAR)"
