"""The rules that a row must meet, which DuckDB evaluates while it reads the file.

A row is rejected for the first rule that it breaks, in column order, and the message names the
other broken rules too. References, duplicates and clashes need more than one row:
`etl.merging.row_conflicts` checks them.
"""

import difflib
from dataclasses import replace
from functools import cache

from etl.reading.cross_rules import BETWEEN, PUBLISHED_PRECISION, Rule, is_one_of
from sourcing.warehouse.contract import TABLES, WEB_ADDRESS, Column, Kind

DECIDES = ("round", "labelled_at", "annotator", "since", "decided_at", "back")
"""Optional columns that decide what counts: without them a row would say something else."""
_REWRITTEN = "[0-9]+([.,][0-9]+)?[eE][+][0-9]+"
"""What a spreadsheet makes of a long number: 1.03506E+15, whose last digits are lost."""
AS_TEXT = (
    "the id itself, which a spreadsheet turned into a rounded number; open the original data again "
    "with this column as text, and save it from there"
)
_TYPES = {
    Kind.INTEGER: "INTEGER",
    Kind.UNIT: "DOUBLE",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.DAY: "DATE",
}
_NO_ID = "NA N/A n/a #N/A <NA> NULL null NaN nan NaT None".split()
NO_ID = (
    "an id; this is how programs write that a value is missing. If it is an id, write it another "
    "way, such as id-NA"
)
_CLOCK = "([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?"
_CLOCK += " ?(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?)?"
_DATE = f"^[1-9][0-9]{{3}}(-[0-9]{{2}}(-[0-9]{{2}}{_CLOCK})?)?$"
_TIME = f"^[12][0-9]{{3}}-[0-9]{{2}}-[0-9]{{2}}{_CLOCK}$"


@cache
def rules(table: str) -> tuple[Rule, ...]:
    """The rules of a table: those of each column, then those between columns."""
    single = tuple(rule for column in TABLES[table] for rule in _column_rules(column))
    return single + BETWEEN.get(table, ())


def fault(table: str, before: str = "") -> str:
    """SQL: the number of the first broken rule (from 1), NULL for a valid row.

    before: branches of the CASE that take precedence.
    """
    cases = " ".join(
        f"WHEN {rule.broken} THEN {number}" for number, rule in enumerate(rules(table), 1)
    )
    return f"CAST(CASE {before} {cases} END AS SMALLINT)"


def also_broken(table: str) -> str:
    """SQL: the numbers of all rules after the first for which the row is rejected."""
    cases = ", ".join(
        f"CASE WHEN {rule.broken} THEN {number} END"
        for number, rule in enumerate(rules(table), 1)
        if not rule.empties
    )
    return f"list_filter([{cases}], lambda number: number IS NOT NULL)[2:]"


def value(column: Column) -> str:
    """SQL: the typed value of a text column; NULL or wrong where a rule is broken."""
    if column.kind in _TYPES:
        return f"TRY_CAST({column.name} AS {_TYPES[column.kind]})"
    if column.kind is Kind.TIME:
        return f"TRY_CAST({column.name} AS TIMESTAMPTZ) AT TIME ZONE 'UTC'"
    if column.name == "published_precision":
        precision = "['unknown', 'year', 'month', 'day'][1 + " + PUBLISHED_PRECISION + "]"
        return f"coalesce(nullif(published_precision, 'unknown'), {precision})"
    return column.name


def expected(rule: Rule, value: str | None) -> str:
    """What the rule expects, with a suggestion if a legal value is close to the value."""
    column = next(
        (c for cs in TABLES.values() for c in cs if c.name == rule.column and c.legal), None
    )
    if not value or column is None or not rule.expected.startswith("one of"):
        return rule.expected
    folded = value.strip().lower().replace("-", "_").replace(" ", "_")
    legal = rule.expected.removeprefix("one of: ").split(", ")
    close = difflib.get_close_matches(folded, legal, n=1, cutoff=0.6) or [
        choice for choice in legal if len(folded) > 2 and folded in choice
    ]
    return f"{rule.expected} (did you mean {close[0]!r}?)" if close else rule.expected


def _column_rules(column: Column) -> list[Rule]:
    name = column.name
    column_rules = []
    if column.required:
        column_rules.append(Rule(name, f"{name} IS NULL OR trim({name}) = ''", "a value"))
    if column.required and column.kind is Kind.ID:
        missing = " OR ".join(f"{name} = '{word}'" for word in _NO_ID)
        column_rules.append(Rule(name, f"strlen({name}) < 5 AND ({missing})", NO_ID))
    if column.legal:
        broken = f"NOT {is_one_of(name, column.legal)}"
        column_rules.append(Rule(name, broken, f"one of: {', '.join(column.legal)}"))
    else:
        column_rules.append(
            Rule(name, f"length({name}) > {column.longest}", f"at most {column.longest} characters")
        )
    column_rules.extend(Rule(name, broken, words) for broken, words in _kind_rules(column))
    if column.required or name in DECIDES:
        return column_rules
    return [replace(rule, empties=(name,)) for rule in column_rules]


def _kind_rules(column: Column) -> list[tuple[str, str]]:
    """The rule of a column's type: when it is broken (SQL), and what is expected (words)."""
    name = column.name
    if column.kind is Kind.ID:
        marked = f"(contains({name}, 'E+') OR contains({name}, 'e+'))"
        rewritten = (f"{marked} AND regexp_full_match({name}, '{_REWRITTEN}')", AS_TEXT)
        if column.refers_to:
            return [rewritten]  # otherwise it must match an id that was checked
        control = f"regexp_matches({name}, '[[:cntrl:]]')"
        return [(control, "an id without control characters"), rewritten]
    number = f"TRY_CAST({name} AS DOUBLE)"
    day = (
        f"CASE length({name}) WHEN 4 THEN {name} || '-01-01' WHEN 7 THEN {name} || '-01' "
        f"ELSE left({name}, 10) END"
    )
    rule = {
        Kind.INTEGER: (
            f"NOT regexp_full_match({name}, '[0-9]+')",
            "a whole number, 0 or more",
        ),
        Kind.UNIT: (
            f"{name} IS NOT NULL AND ({number} IS NULL OR {number} NOT BETWEEN 0 AND 1)",
            "a number from 0 to 1",
        ),
        Kind.BOOLEAN: (
            f"NOT {is_one_of(f'lower({name})', ('true', 'false'))}",
            "true or false",
        ),
        Kind.URL: (
            f"NOT regexp_full_match({name}, '{WEB_ADDRESS}')",
            "a web address that starts with http:// or https://",
        ),
        Kind.TIME: (
            (
                f"{name} IS NOT NULL AND (NOT regexp_matches({name}, '{_TIME}') "
                f"OR TRY_CAST({name} AS TIMESTAMPTZ) IS NULL)"
            ),
            "a valid time, such as 2026-05-31T09:30:00Z",
        ),
        Kind.DAY: (
            (
                f"{name} IS NOT NULL AND (NOT regexp_full_match({name}, '[1-9][0-9]{{3}}-[0-9]{{2}}"
                f"-[0-9]{{2}}') OR TRY_CAST({name} AS DATE) IS NULL)"
            ),
            "a valid date, such as 2018-12-08",
        ),
        Kind.DATE: (
            (
                f"{name} IS NOT NULL AND (NOT regexp_matches({name}, '{_DATE}') "
                f"OR TRY_CAST({day} AS DATE) IS NULL)"
            ),
            "a valid date: 2018, 2018-12 or 2018-12-08",
        ),
    }.get(column.kind)
    return [rule] if rule else []
