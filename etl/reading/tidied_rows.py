"""The rows of a file that needs it, read with every accepted form; optional cells emptied.

Most files need none of this and are read in one pass (`stage`). Where a text may be meant otherwise
or breaks a rule, the file's texts go through the forms of `accepted_forms`, and what then still
breaks a rule of an optional cell costs that cell only. Every change is counted.
"""

from dataclasses import dataclass

from etl.reading import accepted_forms, row_rules
from sourcing.warehouse.contract import TABLES, Column
from sourcing.warehouse.snapshots import Connection


@dataclass(frozen=True)
class FormUse:
    """Cells of one column that were read by one form. row: the first one (from 0)."""

    column: str
    form: str
    cells: int
    row: int
    found: str
    read_as: str


@dataclass(frozen=True)
class EmptiedCell:
    """An optional cell that broke a rule. row: its row (from 0)."""

    row: int
    column: str
    found: str
    expected: str


def tidy(
    con: Connection, table: str, raw: str, tidied: str, present: list[str], order: str
) -> tuple[list[FormUse], list[EmptiedCell]]:
    """Make the table `tidied` from the texts in the table `raw`, row by row in the same order.

    present: the columns of the contract that the file has. order: how dates are written, if a
    person has said so (`accepted_forms.ORDERS`).
    """
    columns = [column for column in TABLES[table] if column.name in present]
    _apply_forms(con, raw, tidied, columns, order)
    uses = _form_uses(con, raw, tidied, columns, order)
    return uses, _empty(con, table, tidied, present)


def _apply_forms(con: Connection, raw: str, tidied: str, columns: list[Column], order: str) -> None:
    """Apply the forms one after the other. `<column> forms` holds a bit for each that fitted."""
    forms = {column.name: accepted_forms.of_column(column, order) for column in columns}
    layer = f"SELECT *, {', '.join(f'0 AS {_bits(name)}' for name in forms)} FROM {raw}"
    for place in range(max(map(len, forms.values()))):
        steps = []
        for name, its_forms in forms.items():
            if place < len(its_forms):
                macro = _macro(con, its_forms[place])
                steps.append(f"{macro}({name}) AS {name}")
                steps.append(
                    f"{_bits(name)} + CASE WHEN {macro}({name}) IS DISTINCT FROM {name} "
                    f"THEN {1 << place} ELSE 0 END AS {_bits(name)}"
                )
        layer = f"SELECT * REPLACE ({', '.join(steps)}) FROM ({layer})"
    con.execute(f"CREATE OR REPLACE TEMP TABLE {tidied} AS {layer}")


def _bits(name: str) -> str:
    return f'"{name} forms"'


def _macro(con: Connection, form: accepted_forms.Form) -> str:
    """A macro of a form: an expression that uses the text several times stays short."""
    name = f"form_{abs(hash(form))}"
    con.execute(f"CREATE OR REPLACE TEMP MACRO {name}(x) AS ({form.value})")
    return name


def _form_uses(
    con: Connection, raw: str, tidied: str, columns: list[Column], order: str
) -> list[FormUse]:
    uses = []
    for column in columns:
        name = column.name
        fitted = con.execute(
            f"SELECT bit, count(*), min(t.rowid) FROM {tidied} AS t, "
            f"(SELECT unnest(range({len(accepted_forms.of_column(column, order))})) AS bit) "
            f"WHERE {_bits(name)} > 0 AND ({_bits(name)} >> bit) & 1 = 1 GROUP BY bit ORDER BY bit"
        ).fetchall()
        for bit, cells, row in fitted:
            found, read_as = con.execute(
                f"SELECT r.{name}, t.{name} FROM {raw} AS r, {tidied} AS t "
                "WHERE r.rowid = $row AND t.rowid = $row",
                {"row": row},
            ).fetchall()[0]
            form = accepted_forms.of_column(column, order)[bit].name
            uses.append(FormUse(name, form, cells, row, found, read_as or ""))
    return uses


def _empty(con: Connection, table: str, tidied: str, present: list[str]) -> list[EmptiedCell]:
    """Empty the optional cells that break a rule, rule by rule, and list them."""
    cells = []
    for rule in row_rules.rules(table):
        if not rule.empties or rule.column not in present:
            continue
        rows = con.execute(
            f"SELECT rowid, {rule.column} FROM {tidied} WHERE {rule.broken} ORDER BY rowid"
        ).fetchall()
        if not rows:
            continue
        emptied = ", ".join(f"{name} = NULL" for name in rule.empties if name in present)
        con.execute(f"UPDATE {tidied} SET {emptied} WHERE {rule.broken}")
        cells += [
            EmptiedCell(row, rule.column, found, row_rules.expected(rule, found))
            for row, found in rows
        ]
    return cells
