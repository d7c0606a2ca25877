"""Every row rule: a broken one is reported with column, expected value and line."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from support import BASE, Row, ask, load, write

from etl.reading import row_rules
from etl.report import LoadReport
from sourcing.warehouse.contract import TABLES, Kind
from sourcing.warehouse.snapshots import Warehouse

GOOD: dict[str, dict[str, Any]] = {
    **{table: dict(rows[0]) for table, rows in BASE.items()},
    "citations": {"claim_id": "c", "cited_name": "Somebody"},
    "withdrawals": {"table_name": "claims", "id": "c", "reason": "wrong", "back": "true"},
    "source_aliases": {"alias": "t", "source": "s", "reason": "one", "back": "true"},
    "annotator_aliases": {"alias": "Anna", "annotator": "anna", "reason": "one", "back": "true"},
}

KINDS = "one of: news_agency, newspaper, broadcaster, magazine, advocacy, government, think_tank, "
LABELS = "one of: sourced, self_cited, unsourced, contested, not_a_claim, cannot_say"
DATE = "a valid date: 2018, 2018-12 or 2018-12-08"
TIME = "a valid time, such as 2026-05-31T09:30:00Z"
CONTESTED = "contested = true where the label is contested"
SAME = "the same answer as the label, which is not contested"
PRECISION = "a precision no finer than that of `published`"
REWRITTEN = row_rules.AS_TEXT
LINK = "a web address that starts with http:// or https://"


@dataclass(frozen=True)
class Bad:
    """A row with these values is rejected for this column, with these words."""

    table: str
    column: str
    expected: str
    values: Row
    found: str | None = None

    def __str__(self) -> str:
        text = ", ".join(f"{k}={str(v)[:20]!r}" for k, v in self.values.items())
        return f"{self.table}: {text}"


def bad(table: str, column: str, value: str, expected: str, **others: str) -> Bad:
    return Bad(table, column, expected, {**others, column: value})


def longest(table: str, column: str, length: int) -> Bad:
    return bad(table, column, "é" * (length + 1), f"at most {length} characters")


BAD = [
    bad("sources", "source_id", "", "a value"),
    bad("sources", "source_id", "  ", "a value"),
    bad("sources", "source_id", "a\tb", "an id without control characters"),
    longest("sources", "source_id", 200),
    bad("sources", "name", "", "a value"),
    longest("sources", "name", 500),
    bad("sources", "kind", "newspapr", KINDS),
    bad("sources", "kind", "newspapers", "(did you mean 'newspaper'?)"),
    bad("sources", "source_id", "1.03506E+15", REWRITTEN),
    bad("articles", "source_id", "1,03506E+15", REWRITTEN),
    bad("articles", "article_id", "7e+22", REWRITTEN),
    bad("claims", "claim_id", "1.2E+17", REWRITTEN),
    bad("claims", "article_id", "1.2E+17", REWRITTEN),
    bad("claims", "statement_id", "1.2E+17", REWRITTEN),
    bad("citations", "claim_id", "1.2E+17", REWRITTEN),
    bad("citations", "cited_source_id", "1.2E+17", REWRITTEN),
    bad("labels", "claim_id", "1.2E+17", REWRITTEN),
    longest("sources", "affiliation", 200),
    longest("sources", "domain", 300),
    longest("sources", "country", 100),
    longest("sources", "notes", 10_000),
    bad("articles", "article_id", "", "a value"),
    bad("articles", "article_id", "a\x7f", "an id without control characters"),
    longest("articles", "article_id", 200),
    bad("articles", "source_id", "", "a value"),
    longest("articles", "source_id", 200),
    longest("articles", "title", 2_000),
    longest("articles", "author", 1_000),
    bad("articles", "published", "2018-1", DATE),
    bad("articles", "published", "18-12-08", DATE),
    bad("articles", "published", "08.12.2018", DATE),
    bad("articles", "published", "2018-13", DATE),
    bad("articles", "published", "2018-02-30", DATE),
    bad("articles", "published", "2019-02-29T10:00:00Z", DATE),
    bad("articles", "published", "2018-12-08T25:99", DATE),
    bad("articles", "published", "2018-12-08 at noon", DATE),
    bad("articles", "published", "2018-12-08T29:00", DATE),
    bad("articles", "published", "2018-12-08T10:00+15:00", DATE),
    bad("articles", "published", "0000", DATE),
    bad("articles", "published", "0999-12-08", DATE),
    bad("articles", "published", "2018-12-08" + "0" * 40, "at most 40 characters"),
    bad("articles", "published_precision", "days", "(did you mean 'day'?)"),
    bad("articles", "published_precision", "day", PRECISION, published="2018"),
    bad("articles", "published_precision", "day", PRECISION, published="2018-12"),
    bad("articles", "published_precision", "month", PRECISION, published="2018"),
    bad("articles", "published_precision", "year", PRECISION),
    bad("articles", "url", "ftp://example.org/a", LINK),
    bad("articles", "url", "javascript:alert(1)", LINK),
    bad("articles", "url", "https://", LINK),
    bad("articles", "url", "https://example.org/a b", LINK),
    bad("articles", "url", "http://[bad", LINK),
    bad("articles", "url", "http://[bad]/", LINK),
    bad("articles", "url", "http://?a", LINK),
    bad("articles", "url", "https://" + "a" * 4_000, "at most 4000 characters"),
    longest("articles", "language", 35),
    bad("articles", "genre", "opinoin", "(did you mean 'opinion'?)"),
    bad("articles", "genre", "editorial", "one of: news, opinion, press_release, blog, unknown"),
    bad("articles", "origin", "wired", "(did you mean 'wire'?)"),
    bad("articles", "word_count", "12.5", "a whole number, 0 or more"),
    bad("articles", "word_count", "-1", "a whole number, 0 or more"),
    bad("articles", "word_count", "1,200", "a whole number, 0 or more"),
    bad("articles", "word_count", "1234567890", "at most 9 characters"),
    longest("articles", "text_sha256", 64),
    longest("articles", "document", 1_000),
    longest("articles", "sample_batch", 200),
    bad("claims", "claim_id", "", "a value"),
    bad("claims", "claim_id", "c\n1", "an id without control characters"),
    longest("claims", "claim_id", 200),
    bad("claims", "article_id", "", "a value"),
    longest("claims", "article_id", 200),
    bad("claims", "claim", " ", "a value"),
    longest("claims", "claim", 5_000),
    bad("claims", "paragraph", "first", "a whole number, 0 or more"),
    bad("claims", "paragraph", "0", "a paragraph number from 1"),
    bad("claims", "paragraph", "1000000000", "at most 9 characters"),
    bad("claims", "char_start", "x", "a whole number, 0 or more", char_end="9"),
    bad("claims", "char_start", "1234567890", "at most 9 characters", char_end="9"),
    bad("claims", "char_end", "x", "a whole number, 0 or more", char_start="1"),
    bad("claims", "char_end", "1234567890", "at most 9 characters", char_start="1"),
    bad("claims", "char_end", "5", "an end after char_start", char_start="5"),
    bad("claims", "char_end", "5", "an end after char_start"),
    bad("claims", "char_start", "5", "a char_end as well"),
    longest("claims", "quote", 20_000),
    longest("claims", "topic", 200),
    bad("claims", "statement_id", "s\x01", "an id without control characters"),
    longest("claims", "statement_id", 200),
    bad("claims", "level", "contents", "(did you mean 'content'?)"),
    bad("citations", "claim_id", "", "a value"),
    longest("citations", "claim_id", 200),
    bad("citations", "cited_name", "", "a value"),
    longest("citations", "cited_name", 1_000),
    longest("citations", "cited_source_id", 200),
    bad("citations", "kind", "persons", "(did you mean 'person'?)"),
    bad("citations", "url", "www.example.org", LINK),
    bad("citations", "url", "http://" + "a" * 4_000, "at most 4000 characters"),
    longest("citations", "locator", 1_000),
    bad("citations", "relation", "affilate", "(did you mean 'affiliate'?)"),
    bad("labels", "claim_id", "", "a value"),
    longest("labels", "claim_id", 200),
    bad("labels", "annotator", "", "a value"),
    longest("labels", "annotator", 200),
    bad("labels", "label", "", "a value"),
    bad("labels", "label", "unsorced", LABELS + " (did you mean 'unsourced'?)"),
    bad("labels", "label", "true", LABELS),
    bad("labels", "attribution", "contested", "one of: sourced, self_cited, unsourced"),
    bad("labels", "attribution_kind", "vage", "(did you mean 'vague'?)"),
    bad("labels", "contested", "maybe", "true or false"),
    bad("labels", "contested", "falsey", "at most 5 characters"),
    bad("labels", "contested_kind", "factcheck", "(did you mean 'fact_check'?)"),
    longest("labels", "contested_by", 1_000),
    bad("labels", "method", "", "a value"),
    bad("labels", "method", "humans", "(did you mean 'human'?)"),
    bad("labels", "round", "adjudicated", "(did you mean 'adjudication'?)"),
    bad("labels", "labelled_at", "yesterday", TIME),
    bad("labels", "labelled_at", "2026-02-30", TIME),
    bad("labels", "labelled_at", "2026-05-31T25:00:00Z", TIME),
    bad("labels", "labelled_at", "2026-05", TIME),
    bad("labels", "labelled_at", "31.05.2026 09:30", TIME),
    bad("labels", "labelled_at", "infinity", TIME),
    bad("labels", "labelled_at", "2026-05-31T09:30:00+25:00", TIME),
    bad("labels", "labelled_at", "2026-05-31T09:30:00+05:75", TIME),
    bad("labels", "labelled_at", "0001-01-01T00:00:00+14:00", TIME),
    bad("labels", "labelled_at", "9999-12-31T23:59:59-14:00", TIME),
    bad("labels", "labelled_at", "2026-05-31T09:30:00." + "0" * 30, "at most 40 characters"),
    longest("labels", "codebook_version", 50),
    bad("labels", "needs_source", "maybe", "one of: yes, no, unsure"),
    bad("labels", "suggestion_seen", "never", "true or false"),
    bad("labels", "suggestion_seen", "falsely", "at most 5 characters"),
    bad("labels", "confidence", "1.01", "a number from 0 to 1"),
    bad("labels", "confidence", "-0.1", "a number from 0 to 1"),
    bad("labels", "confidence", "95%", "a number from 0 to 1"),
    bad("labels", "confidence", "0." + "9" * 40, "at most 40 characters"),
    longest("labels", "rationale", 20_000),
    bad("labels", "evidence_url", "see above", LINK),
    bad("labels", "evidence_url", "https://" + "a" * 4_000, "at most 4000 characters"),
    bad("labels", "contested", "false", CONTESTED, label="contested"),
    bad("labels", "contested", "true", "the label contested where contested = true"),
    bad("labels", "attribution", "unsourced", SAME),
    bad(
        "labels",
        "attribution",
        "sourced",
        "no attribution where the label is not_a_claim or cannot_say",
        label="not_a_claim",
    ),
    bad(
        "labels",
        "attribution",
        "unsourced",
        "no attribution where the label is not_a_claim or cannot_say",
        label="cannot_say",
    ),
    bad(
        "labels",
        "attribution_kind",
        "vague",
        "a kind that belongs to the attribution",
        attribution="sourced",
    ),
    bad(
        "labels",
        "attribution_kind",
        "affiliate",
        "a kind that belongs to the attribution",
        attribution="unsourced",
        label="contested",
    ),
    bad(
        "labels",
        "contested_kind",
        "fact_check",
        "no contested_kind where the label is not contested",
    ),
    bad("withdrawals", "table_name", "", "a value"),
    bad("withdrawals", "table_name", "citation", "one of: sources, articles, claims, labels"),
    bad("withdrawals", "id", "", "a value"),
    longest("withdrawals", "id", 200),
    bad("withdrawals", "id", "c\n1", "an id without control characters"),
    bad("withdrawals", "id", "1.2E+17", REWRITTEN),
    bad("withdrawals", "id", "d", "the id of a row in the table claims"),
    bad("withdrawals", "id", "c", "the id of a row in the table sources", table_name="sources"),
    bad(
        *("withdrawals", "id", "c", "the id of a claim with such a label"),
        table_name="labels",
        annotator="Anna",
    ),
    longest("withdrawals", "annotator", 200),
    bad(
        *("withdrawals", "annotator", "anna"),
        "no annotator: only labels have one, and the whole thing would be withdrawn",
    ),
    bad(
        *("withdrawals", "labelled_at", "2026-01-01"),
        "no time: only labels have one, and the whole thing would be withdrawn",
    ),
    bad(
        *("source_aliases", "source", "s", "another source than the alias; `back` ends a join"),
        alias="s",
    ),
    bad(
        *("annotator_aliases", "annotator", "anna"),
        "another name than the alias; `back` ends a join",
        alias="anna",
    ),
    bad("withdrawals", "labelled_at", "2026-13-01", TIME),
    longest("withdrawals", "labelled_at", 40),
    bad("source_aliases", "alias", "", "a value"),
    longest("source_aliases", "alias", 200),
    bad("source_aliases", "alias", "a\x7f", "an id without control characters"),
    bad("source_aliases", "alias", "1.2E+17", REWRITTEN),
    bad("source_aliases", "source", "", "a value"),
    longest("source_aliases", "source", 200),
    bad("source_aliases", "source", "1.2E+17", REWRITTEN),
    bad("source_aliases", "source", "S", "the id of a row in the table sources"),
    bad("source_aliases", "since", "2020", "a valid date, such as 2018-12-08"),
    bad("source_aliases", "since", "2020-02-30", "a valid date, such as 2018-12-08"),
    longest("source_aliases", "since", 10),
    bad("annotator_aliases", "alias", "", "a value"),
    longest("annotator_aliases", "alias", 200),
    bad("annotator_aliases", "annotator", "", "a value"),
    longest("annotator_aliases", "annotator", 200),
    *(
        row
        for table in ("withdrawals", "source_aliases", "annotator_aliases")
        for row in (
            bad(table, "reason", "", "a value"),
            longest(table, "reason", 2_000),
            longest(table, "decided_by", 200),
            bad(table, "decided_at", "yesterday", TIME),
            longest(table, "decided_at", 40),
            bad(
                table,
                "decided_at",
                "2999-01-01",
                "a time that is not in the future, as the newest decision holds",
            ),
            bad(table, "back", "maybe", "true or false"),
            bad(table, "back", "falsey", "at most 5 characters"),
        )
    ),
    *(
        bad(table, column, word, row_rules.NO_ID)
        for table, column, word in (
            ("sources", "source_id", "NULL"),
            ("articles", "article_id", "NA"),
            ("articles", "source_id", "nan"),
            ("claims", "claim_id", "None"),
            ("claims", "article_id", "#N/A"),
            ("citations", "claim_id", "NaN"),
            ("labels", "claim_id", "<NA>"),
            ("withdrawals", "id", "null"),
            ("source_aliases", "alias", "N/A"),
            ("source_aliases", "source", "NaT"),
        )
    ),
    Bad("sources", "name", "a value", {"name": "", "kind": "nothing"}),
]
"""One bad value each; the last breaks two rules and is rejected for the first."""

VALID: list[tuple[str, Row]] = [
    ("sources", {"source_id": "é" * 200, "name": "=1+1"}),
    ("sources", {"source_id": "#x", "kind": "unknown", "notes": 'a "b"\n\nc'}),
    ("articles", {"published": "2018", "published_precision": "unknown"}),
    ("articles", {"published": "2018-12-08T10:00:00+02:00", "published_precision": "year"}),
    ("articles", {"published": "2020-02-29", "url": "HTTPS://example.org/é?a=b#c"}),
    ("articles", {"word_count": "0", "title": "x" * 2_000}),
    ("claims", {"paragraph": "1", "char_start": "0", "char_end": "1"}),
    ("claims", {"claim": "é" * 5_000, "level": "utterance"}),
    ("labels", {"labelled_at": "2026-05-31 09:30", "confidence": "1e-3"}),
    ("labels", {"labelled_at": "2026-05-31T09:30:00.123456+02:00", "confidence": "1"}),
    ("labels", {"labelled_at": "2026-05-31T09:30:00-05:30"}),
    ("labels", {"labelled_at": "2026-05-31T09:30+1400"}),
    ("articles", {"url": "http://[2001:db8::1]:80/a"}),
    ("articles", {"url": "https://user@example.org?a#b"}),
    ("labels", {"labelled_at": "", "contested": "FALSE", "attribution": "sourced"}),
    ("labels", {"label": "contested", "attribution": "unsourced", "attribution_kind": "vague"}),
    ("labels", {"label": "contested", "contested": "True", "contested_kind": "denied_in_article"}),
    ("labels", {"label": "not_a_claim", "contested": "false"}),
]


def numbered(rows: list[tuple[str, Row]]) -> dict[str, list[Row]]:
    """Rows by table, each filled in with valid values and given its own key."""
    tables: dict[str, list[Row]] = {table: [GOOD[table]] for table in TABLES}
    keys = {"sources": "source_id", "articles": "article_id", "claims": "claim_id"}
    keys |= {"citations": "cited_name", "labels": "annotator", "withdrawals": "reason"}
    keys |= {"source_aliases": "alias", "annotator_aliases": "alias"}
    for number, (table, values) in enumerate(rows):
        tables[table].append({**GOOD[table], keys[table]: f"row {number}", **values})
    return tables


Fault = tuple[str, str, str, str | None]
"""Column, value found, value expected, text of the row (None where a cell is emptied)."""


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[int, Fault]]:
    """Table → line → the rejected row or emptied cell there, for all bad rows."""
    folder = tmp_path_factory.mktemp("bad")
    tables = numbered([(row.table, row.values) for row in BAD])
    warehouse = Warehouse(folder / "warehouse")
    report = load(warehouse, write(folder / "files", tables))
    by_table: dict[str, dict[int, Fault]] = {}
    for file in report.files:
        place = f"WHERE file = '{file.file}'"
        emptied = ask(
            warehouse, f'SELECT line, "column", found, expected, NULL FROM emptied_cells {place}'
        )
        refused = ask(
            warehouse, f'SELECT line, "column", found, expected, row FROM rejects {place}'
        )
        assert len(refused) == file.rejected
        assert file.rows_loaded == 1 + len({line for line, *_ in emptied}), file.table
        # The first fault of a row counts: an emptied cell may make another one meaningless.
        by_table[file.table] = {line: fault for line, *fault in reversed([*refused, *emptied])}
    return by_table


@pytest.mark.parametrize("number", range(len(BAD)), ids=[str(row) for row in BAD])
def test_bad_value_is_named(number: int, faults: dict[str, dict[int, Fault]]) -> None:
    row = BAD[number]
    before = [earlier for earlier in BAD[:number] if earlier.table == row.table]
    breaks = sum(str(value).count("\n") for earlier in before for value in earlier.values.values())
    column, value_found, expected, text = faults[row.table][3 + len(before) + breaks]
    assert column == row.column
    assert value_found == row.values[row.column]
    assert row.expected in expected
    if text is not None:
        assert all(str(value)[:50] in text for value in row.values.values())


def test_a_bad_optional_cell_costs_only_itself(faults: dict[str, dict[int, Fault]]) -> None:
    """But for those that decide whether a label counts, and cells that contradict each other."""
    contradictions = {CONTESTED, SAME, "the label contested where contested = true"}
    for table, by_line in faults.items():
        required = {column.name for column in TABLES[table] if column.required}
        for column, _, expected, text in by_line.values():
            decides = column in required or column in row_rules.DECIDES
            decides |= expected in contradictions or expected.startswith("no attribution where")
            assert (text is not None) == decides, (table, column, expected)


FORMS: list[tuple[str, str, str, Any]] = [
    ("sources", "kind", "Newspaper", "newspaper"),
    ("sources", "kind", "news agency", "news_agency"),
    ("sources", "kind", "News-Agency\u00a0", "news_agency"),
    ("sources", "name", "\ufeff The  Herald\t", "The  Herald"),
    ("sources", "name", "Jose\u0301", "José"),
    ("sources", "name", "NA", "NA"),
    ("sources", "country", "NA", "NA"),
    ("sources", "affiliation", "N/A", None),
    ("sources", "notes", "NULL", None),
    ("sources", "notes", " kept ", " kept "),
    ("sources", "notes", "'=1+1", "=1+1"),
    ("sources", "notes", "'Tis", "'Tis"),
    ("sources", "domain", "?", None),
    ("articles", "title", "None", "None"),
    ("articles", "title", "'- live -", "- live -"),
    ("articles", "author", "nan", None),
    ("articles", "language", "na", "na"),
    ("articles", "word_count", "512.0", 512),
    ("articles", "word_count", "NA", None),
    ("articles", "published", "2026/5/2", "2026-05-02"),
    ("articles", "published", "20260502", "2026-05-02"),
    ("articles", "published", "2 May 2026", "2026-05-02"),
    ("articles", "published", "May 2, 2026", "2026-05-02"),
    ("articles", "published", "Sat, 02 May 2026 10:00:00 +0200", "2026-05-02T08:00:00.000000Z"),
    ("articles", "published", "-", None),
    ("claims", "claim", "-", "-"),
    ("claims", "claim", " 'twas", " 'twas"),
    ("claims", "statement_id", "NA", None),
    ("claims", "topic", " rain ", "rain"),
    ("claims", "paragraph", "3.00", 3),
    ("citations", "cited_name", " Reuters ", "Reuters"),
    ("citations", "locator", "–", None),
    ("labels", "label", "self-cited", "self_cited"),
    ("labels", "label", "Sourced ", "sourced"),
    ("labels", "label", "UNSOURCED\u200b", "unsourced"),
    ("labels", "method", "Human", "human"),
    ("labels", "attribution_kind", "None", None),
    ("labels", "contested", "no", False),
    ("labels", "suggestion_seen", "1", True),
    ("labels", "suggestion_seen", "1.0", True),
    ("labels", "suggestion_seen", "FALSE", False),
    ("labels", "confidence", "0,8", 0.8),
    ("labels", "confidence", "nan", None),
    ("labels", "labelled_at", "1717236000", "2024-06-01 10:00:00"),
    ("labels", "labelled_at", "1717236000.5", "2024-06-01 10:00:00.5"),
    ("labels", "labelled_at", "1717236000123", "2024-06-01 10:00:00.123"),
    ("labels", "labelled_at", "2025-06-01 10:00:00 UTC", "2025-06-01 10:00:00"),
    ("labels", "labelled_at", "2025-06-01T10:00 GMT", "2025-06-01 10:00:00"),
    ("labels", "labelled_at", "Sun, 01 Jun 2025 10:00:00 GMT", "2025-06-01 10:00:00"),
    ("labels", "labelled_at", "2025-06-01T10:00:00,5Z", "2025-06-01 10:00:00.5"),
    ("labels", "labelled_at", "2025-06-01 10:00:00.123456789", "2025-06-01 10:00:00.123456"),
    ("labels", "labelled_at", "NaT", None),
]
"""Other ways to write a value, and what is loaded."""


@pytest.fixture(scope="module")
def read_otherwise(tmp_path_factory: pytest.TempPathFactory) -> tuple[Warehouse, LoadReport]:
    folder = tmp_path_factory.mktemp("forms")
    warehouse = Warehouse(folder / "warehouse")
    tables = numbered([(table, {column: text}) for table, column, text, _ in FORMS])
    return warehouse, load(warehouse, write(folder / "files", tables))


@pytest.mark.parametrize("number", range(len(FORMS)), ids=[f"{f[1]}={f[2]!a}" for f in FORMS])
def test_other_forms_are_understood(
    number: int, read_otherwise: tuple[Warehouse, LoadReport]
) -> None:
    warehouse, report = read_otherwise
    table, column, _, expected = FORMS[number]
    assert (report.rejected, report.emptied) == (0, 0)
    line = 3 + sum(form[0] == table for form in FORMS[:number])
    ((value,),) = ask(warehouse, f"SELECT {column} FROM {table} WHERE line = {line}")
    assert (str(value) if column == "labelled_at" and value else value) == (
        expected
        if column != "labelled_at" or expected is None
        else str(datetime.fromisoformat(expected))
    )


def test_every_cell_read_otherwise_is_counted(
    read_otherwise: tuple[Warehouse, LoadReport],
) -> None:
    _, report = read_otherwise
    counted: Counter[tuple[str, str]] = Counter()
    for form in report.forms:
        counted[Path(form["file"]).stem, form["column"]] += form["cells"]
    changed = Counter(
        (table, column)
        for table, column, text, expected in FORMS
        if text != expected and (column, text) != ("suggestion_seen", "FALSE")
    )
    changed["labels", "labelled_at"] -= 1  # nanoseconds are a valid time
    for place, cells in changed.items():
        assert counted[place] >= cells, place
    assert set(counted) == {place for place, cells in changed.items() if cells}


DATES = [
    ("dmy", "22/05/2026", "2026-05-22"),
    ("dmy", "1.2.2026", "2026-02-01"),
    ("dmy", "01-02-2026 9:30", "2026-02-01T09:30:00"),
    ("mdy", "05/22/2026", "2026-05-22"),
    ("mdy", "1/2/2026 09:30 PM", "2026-01-02T21:30:00"),
]


def test_dates_that_do_not_fit_the_named_order_get_no_advice_to_name_the_other(
    tmp_path: Path,
) -> None:
    tables = {**BASE, "articles": [{**BASE["articles"][0], "published": "05/22/2026"}]}
    warehouse = Warehouse(tmp_path / "warehouse")
    report = load(warehouse, write(tmp_path / "files", tables), order="dmy")
    assert "no dates as --dates dmy says (day/month/year)" in report.causes[0].expected
    assert "mdy" not in report.causes[0].expected


@pytest.mark.parametrize(("order", "text", "expected"), DATES)
def test_dates_are_read_in_the_order_that_a_person_names(
    order: str, text: str, expected: str, tmp_path: Path
) -> None:
    tables = {**BASE, "articles": [{**BASE["articles"][0], "published": text}]}
    warehouse = Warehouse(tmp_path / "warehouse")
    report = load(warehouse, write(tmp_path / "files", tables))
    (cause,) = report.causes
    assert (cause.column, cause.rows, cause.emptied) == ("published", 1, True)
    assert f"--dates {order}" in cause.expected
    report = load(warehouse, write(tmp_path / "files", tables), order=order)
    assert (report.causes, report.emptied) == ([], 0)
    assert ask(warehouse, "SELECT published, published_precision FROM articles") == [
        (expected, "day")
    ]


@pytest.mark.parametrize("table", TABLES)
def test_every_rule_has_a_bad_value(table: str) -> None:
    covered = {(row.column, row.expected) for row in BAD if row.table == table}
    for rule in row_rules.rules(table):
        words = rule.expected if rule.expected.startswith("one of") else None
        assert any(
            column == rule.column
            and (
                expected == rule.expected
                or (words and ("did you mean" in expected or expected[:30] == words[:30]))
            )
            for column, expected in covered
        ), rule


@pytest.mark.parametrize("table", TABLES)
def test_every_column_has_a_rule_for_its_type(table: str) -> None:
    ruled = {rule.column for rule in row_rules.rules(table)}
    assert ruled == {column.name for column in TABLES[table]}
    for column in TABLES[table]:
        own_rules = [rule for rule in row_rules.rules(table) if rule.column == column.name]
        plain = column.kind in (Kind.TEXT, Kind.CHOICE) or (
            column.kind is Kind.ID and column.refers_to
        )
        assert len(own_rules) >= 1 + column.required + (not plain)


def test_valid_rows_are_loaded(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    report = load(warehouse, write(tmp_path / "files", numbered(VALID)))
    assert report.rejects == []
    assert sum(file.rows_loaded for file in report.files) == len(VALID) + len(TABLES)


def test_values_are_stored_unchanged_and_typed(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "warehouse")
    load(warehouse, write(tmp_path / "files", numbered(VALID)))
    assert ask(
        warehouse,
        "SELECT published, published_precision FROM articles WHERE published IS NOT NULL "
        "ORDER BY article_id",
    ) == [
        ("2018", "year"),
        ("2018-12-08T10:00:00+02:00", "year"),
        ("2020-02-29", "day"),
    ]
    assert ask(warehouse, "SELECT DISTINCT published_precision FROM articles "
                          "WHERE published IS NULL") == [("unknown",)]  # fmt: skip
    assert ask(
        warehouse,
        "SELECT strftime(labelled_at, '%Y-%m-%dT%H:%M:%S.%f'), confidence FROM labels "
        "WHERE confidence IS NOT NULL ORDER BY confidence",
    ) == [("2026-05-31T09:30:00.000000", 0.001), ("2026-05-31T07:30:00.123456", 1.0)]
    assert ask(warehouse, "SELECT contested FROM labels WHERE contested IS NOT NULL "
                          "ORDER BY annotator") == [(False,), (True,), (False,)]  # fmt: skip
    assert ask(warehouse, "SELECT notes FROM sources WHERE notes IS NOT NULL") == [('a "b"\n\nc',)]
