"""Other ways to write a value that are understood: what they are called, and how they are read.

A value is changed only where its meaning is certain; every change is counted, and the load reports
it. A form is an SQL expression over the text `x` of a cell: the text as the contract writes it, or
`x` itself where the form does not fit.
"""

from dataclasses import dataclass

from sourcing.csv_format import GUARDED
from sourcing.warehouse.contract import Column, Kind

BLANK = r"[\s\p{Z}\x{200b}\x{2060}\x{feff}]"
"""A space of any kind, also one without a width, as DuckDB writes a pattern."""
MISSING = "NA N/A n/a #N/A <NA> NULL null NaN nan NaT None - – ?".split()
"""Words with which programs write that there is no value. `na` is a language, `none` an answer."""
_PROSE = ("title", "claim", "quote", "notes", "rationale", "locator", "document")
"""Texts that keep their outer spaces and their characters."""
_NEVER_MISSING = ("title", "country", "annotator")
"""Optional columns that keep such a word: NA is Namibia, and withdrawals without an annotator
are of everybody's labels."""


@dataclass(frozen=True)
class Form:
    """A way to write values. name: how the report calls it. value: SQL over `x`."""

    name: str
    value: str


def _where(condition: str, value: str) -> str:
    return f"CASE WHEN {condition} THEN {value} ELSE x END"


def _parsed(pattern: str, formats: tuple[str, ...], result: str, text: str = "x") -> str:
    """SQL: a text of this pattern, parsed by the first format that fits, written as `result`."""
    listed = ", ".join(f"'{form}'" for form in formats)
    parsed = f"strftime(try_strptime({text}, [{listed}]), '{result}')"
    return _where(f"regexp_full_match(x, '{pattern}')", f"coalesce({parsed}, x)")


_GUARDED = "regexp_matches(x, '{}')".format(GUARDED.replace("'", "''"))
GUARD = Form("apostrophe before a formula, removed", _where(_GUARDED, "x[2:]"))
_SPACES = Form("outer spaces, removed", f"regexp_replace(x, '^{BLANK}+|{BLANK}+$', '', 'g')")
_NORMAL = Form("decomposed characters, composed (NFC)", "nfc_normalize(x)")
_NO_VALUE = Form(
    "word for a missing value, read as empty",
    _where("strlen(x) < 5 AND x IN (" + ", ".join(f"'{word}'" for word in MISSING) + ")", "NULL"),
)
_WHOLE = Form(
    "whole number with a decimal point",
    r"regexp_replace(x, '^([0-9]+)[.]0+$', '\1')",
)
_COMMA = Form("decimal comma", r"regexp_replace(x, '^([01]),([0-9]+)$', '\1.\2')")
_TRUTH = Form(
    "other word for true or false",
    "CASE lower(x) WHEN 'yes' THEN 'true' WHEN '1' THEN 'true' WHEN '1.0' THEN 'true' "
    "WHEN 'no' THEN 'false' WHEN '0' THEN 'false' WHEN '0.0' THEN 'false' ELSE x END",
)
_CLOCK = "[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?"
_DAY, _SECOND, _LOCAL = "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%S"
_MONTH = "[A-Za-z]{3,9}[.]?"
_MOMENTS = (
    Form("decimal comma in a time", rf"regexp_replace(x, '({_CLOCK}),([0-9]+)', '\1.\3')"),
    Form(
        "time zone written as UTC or GMT",
        rf"regexp_replace(x, '^([0-9].*{_CLOCK}[.0-9]*) ?(UTC|GMT)$', '\1Z')",
    ),
    Form(
        "seconds since 1970",
        _where(
            "regexp_full_match(x, '[0-9]{9,10}([.][0-9]+)?')",
            f"strftime(to_timestamp(TRY_CAST(x AS DOUBLE)) AT TIME ZONE 'UTC', '{_SECOND}')",
        ),
    ),
    Form(
        "milliseconds since 1970",
        _where(
            "regexp_full_match(x, '[0-9]{12,13}')",
            f"strftime(epoch_ms(TRY_CAST(x AS BIGINT)), '{_SECOND}')",
        ),
    ),
    Form(
        "time of an e-mail (RFC 2822)",
        _parsed(
            f"([A-Z][a-z]{{2}}, )?[0-9]{{1,2}} {_MONTH} [0-9]{{4}} [0-9:]{{5,8}} "
            "([+-][0-9]{4}|GMT|UTC|Z)",
            (
                "%a, %d %b %Y %H:%M:%S %z",
                "%d %b %Y %H:%M:%S %z",
                "%a, %d %b %Y %H:%M %z",
                "%d %b %Y %H:%M %z",
            ),
            _SECOND,
            "regexp_replace(x, '(GMT|UTC|Z)$', '+0000')",
        ),
    ),
    Form(
        "year first, but not written as 2026-05-22",
        _parsed(
            "[0-9]{4}[/.][0-9]{1,2}[/.][0-9]{1,2}|[0-9]{4}-([0-9]-[0-9]{1,2}|[0-9]{2}-[0-9])"
            "|(19|20)[0-9]{6}",
            ("%Y/%m/%d", "%Y.%m.%d", "%Y-%m-%d", "%Y%m%d"),
            _DAY,
        ),
    ),
    Form(
        "name of a month",
        _parsed(
            f"[0-9]{{1,2}}[.]? {_MONTH},? [0-9]{{4}}|{_MONTH} [0-9]{{1,2}}, ?[0-9]{{4}}",
            ("%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y"),
            _DAY,
            "regexp_replace(replace(x, '.', ''), ', *', ' ')",
        ),
    ),
)
ORDERS = {"dmy": "day", "mdy": "month"}
"""The orders of a date that a person can name, and what comes first in them."""
NUMERIC_DATE = "([0-9]{1,2})[/.-]([0-9]{1,2})[/.-][0-9]{4}"
"""A date whose day and month only a person can tell apart."""


def _in_order(order: str) -> tuple[Form, Form]:
    """Dates with the day or the month first, without and with a time."""
    days = [mark.join(f"%{part}" for part in order).replace("y", "Y") for mark in "/.-"]
    clocks = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p")
    name = f"{ORDERS[order]} first, as --dates {order} says"
    clock = "[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?( [AaPp][Mm])?"
    moments = tuple(f"{day} {clock_form}" for day in days for clock_form in clocks)
    return (
        Form(name, _parsed(NUMERIC_DATE, tuple(days), _DAY)),
        Form(name, _parsed(f"{NUMERIC_DATE},? {clock}", moments, _LOCAL, "replace(x, ',', '')")),
    )


def _legal(column: Column) -> Form:
    """Valid values in other capitals, with spaces or hyphens: `Self-cited`."""
    folded = r"lower(regexp_replace(x, '[\s_-]+', '_', 'g'))"
    fits = f"regexp_full_match({folded}, '{'|'.join(column.legal)}')"
    return Form("value in other capitals, or with spaces or hyphens", _where(fits, folded))


def of_column(column: Column, order: str = "") -> tuple[Form, ...]:
    """The forms that are understood in a column, in the order in which they are applied.

    order: a key of ORDERS where a person has said how the dates are written.
    """
    forms = [GUARD]
    if column.name not in _PROSE:
        forms += [_SPACES, _NORMAL]
    if not column.required and column.name not in _NEVER_MISSING:
        forms.append(_NO_VALUE)
    if column.legal:
        forms.append(_legal(column))
    forms += _BY_KIND.get(column.kind, ())
    if order and column.kind in (Kind.TIME, Kind.DATE, Kind.DAY):
        forms += _in_order(order)
    return tuple(forms)


_BY_KIND: dict[Kind, tuple[Form, ...]] = {
    Kind.INTEGER: (_WHOLE,),
    Kind.UNIT: (_COMMA,),
    Kind.BOOLEAN: (_TRUTH,),
    Kind.TIME: _MOMENTS,
    Kind.DATE: _MOMENTS,
    Kind.DAY: _MOMENTS,
}


def untidy(column: Column) -> list[str]:
    """SQL conditions, cheap to check: a form may fit a text that breaks no rule.

    A text that breaks a rule is read by its forms in any case. These are the others, which would
    otherwise be loaded as they are.
    """
    name = column.name
    if column.legal or column.kind not in (Kind.ID, Kind.TEXT):
        return []
    guarded = _GUARDED.replace("(x,", f"({name},")
    conditions = [f"starts_with({name}, '''') AND {guarded}"]
    if name not in _PROSE:
        beyond_ascii = f"strlen({name}) <> length({name})"
        conditions += [
            f"{name} < '!'",  # starts with a space or a control character
            f"ends_with({name}, ' ') OR ends_with({name}, chr(9))",
            f"{beyond_ascii} AND (trim({name}) <> {name} OR nfc_normalize({name}) <> {name})",
        ]
    if not column.required and name not in _NEVER_MISSING:
        words = " OR ".join(f"{name} = '{word}'" for word in MISSING)
        conditions.append(f"(strlen({name}) < 5 AND ({words}))")
    return conditions
