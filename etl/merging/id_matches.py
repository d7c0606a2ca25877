"""Ids that mean the same although one of them was written as a number with decimals (1 and 1.0).

Pandas turns a column of whole numbers with a gap into decimals, so one table has 1.0 where another
has 1. They are matched where only one of the two exists. An optional reference that matches nothing
costs only its cell.
"""

from etl.merging.row_conflicts import REFERENCE
from etl.reading.stage import Staged
from etl.reading.tidied_rows import EmptiedCell, FormUse
from sourcing.warehouse.contract import KEYS, TABLES, Column
from sourcing.warehouse.snapshots import Connection

_FORM = "number with or without .0, matched to the known id"
_OTHER = (
    "CASE WHEN regexp_full_match({0}, '[0-9]+[.]0+') THEN regexp_replace({0}, '[.]0+$', '') "
    "WHEN regexp_full_match({0}, '[0-9]+') THEN {0} || '.0' END"
)
"""SQL: the same number written the other way; NULL for any other id."""


def match_keys(con: Connection, table: str, staged: list[Staged]) -> None:
    """Give rows the ids under which they were loaded before."""
    key = KEYS.get(table)
    if (
        key is None
        or not con.execute(f"SELECT count(*) FROM (FROM {table} LIMIT 1)").fetchall()[0][0]
    ):
        return
    same = (
        f"fault IS NULL AND {_OTHER.format(key)} IN (SELECT {key} FROM {table}) "
        f"AND {key} NOT IN (SELECT {key} FROM {table})"
    )
    decimals = con.execute(
        f"SELECT EXISTS (FROM staged_{table} WHERE suffix({key}, '.0')) "
        f"OR EXISTS (FROM {table} WHERE suffix({key}, '.0'))"
    ).fetchall()
    if decimals[0][0]:
        _rewrite(con, table, key, same, staged)


def match_references(con: Connection, table: str, staged: list[Staged]) -> None:
    """Match the marked references of a table, and empty the optional ones without a match."""
    for place, column in enumerate(TABLES[table]):
        if not column.refers_to:
            continue
        mark = REFERENCE + place
        marked = con.execute(f"SELECT EXISTS (FROM staged_{table} WHERE fault = {mark})")
        if not marked.fetchall()[0][0]:
            continue
        known = f"SELECT {KEYS[column.refers_to]} FROM {column.refers_to}"
        same = f"fault = {mark} AND {_OTHER.format(column.name)} IN ({known})"
        _rewrite(con, table, column.name, same, staged)
        if not column.required:
            _empty(con, table, column, mark, staged)


def _rewrite(con: Connection, table: str, column: str, where: str, staged: list[Staged]) -> None:
    for item in staged:
        rows = con.execute(
            f"SELECT count(*), min(rowid), arg_min({column}, rowid), "
            f"arg_min({_OTHER.format(column)}, rowid) FROM staged_{table} "
            f"WHERE file_id = {item.file_id} AND {where}"
        ).fetchall()
        cells, row, found, read_as = rows[0]
        if cells:
            item.forms.append(FormUse(column, _FORM, cells, row - item.first, found, read_as))
    con.execute(
        f"UPDATE staged_{table} SET {column} = {_OTHER.format(column)}, fault = NULL WHERE {where}"
    )


def _empty(con: Connection, table: str, column: Column, mark: int, staged: list[Staged]) -> None:
    for item in staged:
        rows = con.execute(
            f"SELECT rowid, {column.name} FROM staged_{table} WHERE fault = {mark} "
            f"AND file_id = {item.file_id} ORDER BY rowid"
        ).fetchall()
        expected = f"the id of a row in the table {column.refers_to}"
        item.emptied.extend(
            EmptiedCell(row - item.first, column.name, found, expected) for row, found in rows
        )
    con.execute(
        f"UPDATE staged_{table} SET {column.name} = NULL, fault = NULL WHERE fault = {mark}"
    )
