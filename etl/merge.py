"""From staged rows to facts: references, duplicates, clashes, corrections, and what is new.

Everything is decided over sets of rows, so the order of rows and files never matters.
"""

from etl.lines import LineMap
from etl.stage import Staged
from sourcing.errors import LoadError
from sourcing.tables import KEYS, TABLES, column_names
from sourcing.warehouse import Connection

REFERENCE = 1000  # + the column's place in the table
CLASH = 2000
CLASH_WITH_LOADED = 2001
DUPLICATE = 3000
DUPLICATE_OF_LOADED = 3001

IDENTITY: dict[str, tuple[str, ...]] = {
    "sources": ("source_id",),
    "articles": ("article_id",),
    "claims": ("claim_id",),
    "citations": tuple(column_names("citations")),
    "labels": ("claim_id", "annotator", "labelled_at"),
}
"""What tells two rows apart. A citation has no key: only an identical row is the same."""


def check_references(con: Connection, table: str) -> None:
    """Mark rows that name a source, article or claim that exists nowhere."""
    for place, column in enumerate(TABLES[table]):
        if column.refers_to:
            key = KEYS[column.refers_to]
            con.execute(
                f"UPDATE staged_{table} AS s SET fault = {REFERENCE + place} "
                f"WHERE fault IS NULL AND {column.name} IS NOT NULL AND NOT EXISTS "
                f"(FROM {column.refers_to} AS r WHERE r.{key} = s.{column.name})"
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
    """Mark rows that were loaded before, and labels that clash with a loaded one."""
    if not con.execute(f"SELECT count(*) FROM (FROM {table} LIMIT 1)").fetchall()[0][0]:
        return
    same = [name for name in column_names(table) if name != "labelled_at"]
    equal = " AND ".join(f"t.{name} IS NOT DISTINCT FROM s.{name}" for name in same)
    key = "claim_id" if table in ("citations", "labels") else KEYS[table]
    if table == "labels":
        equal += (
            " AND CASE WHEN t.time_given THEN t.labelled_at END IS NOT DISTINCT FROM s.labelled_at"
        )
    con.execute(
        f"UPDATE staged_{table} AS s SET fault = {DUPLICATE_OF_LOADED} FROM {table} AS t "
        f"WHERE s.fault IS NULL AND t.{key} = s.{key} AND {equal}"
    )
    if table == "labels":
        con.execute(
            f"UPDATE staged_labels AS s SET fault = {CLASH_WITH_LOADED} FROM labels AS t "
            "WHERE s.fault IS NULL AND t.claim_id = s.claim_id AND t.annotator = s.annotator "
            "AND t.time_given AND t.labelled_at = s.labelled_at"
        )


def insert(
    con: Connection, table: str, staged: list[Staged], lines: dict[int, LineMap]
) -> dict[int, int]:
    """Move the fit rows into their table; what they correct goes into `history` first.

    Returns the corrections by file. Raises LoadError where fewer rows arrive than were fit.
    """
    _number_lines(con, staged, lines)
    corrections = _correct(con, table) if table in KEYS else {}
    columns = column_names(table)
    added, joins = _added(con, table)
    inserted = con.execute(
        f"INSERT INTO {table} BY NAME "
        f"SELECT {', '.join(_inserted(table, name) for name in columns)}, "
        f"s.extra, s.file_id, {_line(staged)} AS line{added} "
        f"FROM staged_{table} AS s {joins} {_shift_join(lines)} WHERE s.fault IS NULL"
    ).fetchall()[0][0]
    fit = con.execute(f"SELECT count(*) FROM staged_{table} WHERE fault IS NULL").fetchall()[0][0]
    if inserted != fit:
        raise LoadError(
            f"{table}: {fit} rows were fit to load, but {inserted} arrived. Nothing was loaded. "
            "Please report this."
        )
    return corrections


def _content(table: str, alias: str) -> str:
    fields = ", ".join(f"{name}: {alias}.{name}" for name in column_names(table))
    return f"CAST(to_json({{{fields}}}) AS VARCHAR)"


def _inserted(table: str, name: str) -> str:
    if table == "labels" and name == "labelled_at":
        return "coalesce(s.labelled_at, getvariable('loaded_at')) AS labelled_at"
    return f"s.{name}"


def _added(con: Connection, table: str) -> tuple[str, str]:
    """The ETL's own columns: integer keys, and the joins that give those of the parents.

    A corrected row comes in under its old key, so that what hangs on it stays with it.
    """
    columns, joins = "", ""
    if table in KEYS:
        own = _key_of(table)
        base = con.execute(f"SELECT coalesce(max({own}), -1) + 1 FROM {table}").fetchall()[0][0]
        columns = f", CAST(coalesce(k.own, {base} + s.rowid) AS INTEGER) AS {own}"
        joins = "LEFT JOIN kept AS k ON k.row = s.rowid"
    if table == "labels":
        columns = ", s.labelled_at IS NOT NULL AS time_given"
    if table in _PARENT:
        owner = _PARENT[table]
        columns += f", p.{_key_of(owner)}"
        joins += f" JOIN {owner} AS p ON p.{KEYS[owner]} = s.{KEYS[owner]}"
    return columns, joins


_PARENT = {"articles": "sources", "claims": "articles", "citations": "claims", "labels": "claims"}


def _key_of(table: str) -> str:
    return KEYS[table].replace("_id", "_key")


def _correct(con: Connection, table: str) -> dict[int, int]:
    """Take the older version of what comes again with other content into `history`.

    Returns the corrections by file. `kept` holds the keys under which the new versions come in.
    """
    key, own = KEYS[table], _key_of(table)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE kept AS SELECT s.rowid AS row, s.file_id, t.{own} AS own "
        f"FROM staged_{table} AS s JOIN {table} AS t ON t.{key} = s.{key} WHERE s.fault IS NULL"
    )
    con.execute(
        f"INSERT INTO history SELECT '{table}', t.{key}, {_content(table, 't')}, t.file_id, "
        f"t.line, k.file_id FROM {table} AS t JOIN kept AS k ON k.own = t.{own}"
    )
    con.execute(f"DELETE FROM {table} WHERE {own} IN (SELECT own FROM kept)")
    return dict(con.execute("SELECT file_id, count(*) FROM kept GROUP BY file_id").fetchall())


def _number_lines(con: Connection, staged: list[Staged], lines: dict[int, LineMap]) -> None:
    con.execute(
        "CREATE OR REPLACE TEMP TABLE line_shift (file_id INTEGER, row BIGINT, shift BIGINT)"
    )
    starts = {item.file_id: item.first for item in staged}
    rows = [
        (file_id, starts[file_id] + row, shift)
        for file_id, found in lines.items()
        if file_id in starts and len(found.rows) > 1
        for row, shift in zip(found.rows, found.shifts, strict=True)
    ]
    if rows:
        con.executemany("INSERT INTO line_shift VALUES (?, ?, ?)", rows)


def _shift_join(lines: dict[int, LineMap]) -> str:
    if all(len(found.rows) == 1 for found in lines.values()):
        return "CROSS JOIN (SELECT 0 AS shift) AS x"
    return "ASOF LEFT JOIN line_shift AS x ON x.file_id = s.file_id AND x.row <= s.rowid"


def _line(staged: list[Staged]) -> str:
    cases = " ".join(f"WHEN {item.file_id} THEN {2 - item.first}" for item in staged)
    return f"s.rowid + CASE s.file_id {cases} END + coalesce(x.shift, 0)"
