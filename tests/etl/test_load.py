"""Loading files: reading, rejects, unknown columns, corrections; no row is ever lost."""

import csv
import io
import os
import random
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import BASE, SAMPLE, Row, all_tables, ask, csv_text, load, loaded, new_folder, write

from sourcing.errors import LoadError
from sourcing.warehouse.contract import TABLES, column_names
from sourcing.warehouse.snapshots import Warehouse

pytestmark = pytest.mark.slow

SOURCES = b"source_id,name,notes\n"


def one_file(
    warehouse: Warehouse, files: Path, content: bytes, name: str = "sources.csv"
) -> list[tuple[Any, ...]]:
    """Load one file; returns its rejects as line, column, value found, row."""
    (files / name).write_bytes(content)
    report = load(warehouse, files)
    assert len(report.files) == 1
    if not report.published:
        return []
    return ask(warehouse, 'SELECT line, "column", found, row FROM rejects ORDER BY line')


def lines_of(
    warehouse: Warehouse, table: str = "sources", key: str = "source_id"
) -> dict[str, int]:
    return dict(ask(warehouse, f"SELECT {key}, line FROM {table}"))


# Line numbers, malformed rows, line endings.

LINES: dict[str, tuple[bytes, dict[str, int], list[int]]] = {
    # content below the header (@ makes ids differ by file); lines of valid rows; lines of rejects
    "plain": (b"@a,A,\n@b,,\n@c,C,\n", {"a": 2, "c": 4}, [3]),
    "no last line break": (b"@a,A,\n@b,,", {"a": 2}, [3]),
    "blank lines": (b"\n@a,A,\n\n\n@b,,\n@c,C,\n\n", {"a": 3, "c": 7}, [6]),
    "line breaks in fields": (
        b'@a,A,"1\n2\n\n4"\n@b,,\n@c,"C\nC",\n@d,,"\n"\n',
        {"a": 2, "c": 7},
        [6, 9],
    ),
    "too few fields first": (b"@a,A\n@b,B,\n@c,,\n", {"b": 3}, [2, 4]),
    "too many fields": (b"@a,A,x,y\n@b,B,\n@c,,\n", {"b": 3}, [2, 4]),
    "too many with line breaks": (b'@a,A,"x\nx",y\n@b,B,\n@c,,\n', {"b": 4}, [2, 5]),
    "too few with line breaks": (b'@a,"A\nA"\n@b,B,\n@c,,\n', {"b": 4}, [2, 5]),
    "bad quoting": (b'@a,"A"x,\n@b,B,\n@c,,\n', {"b": 3}, [2, 4]),
    "bad quoting, line breaks": (
        b'@a,"A"x,"1\n2"\n@b,B,\n@c,,"\n\n"\n@d,D,\n@e,,\n',
        {"b": 4, "d": 8},
        [2, 5, 9],
    ),
    "malformed after blank lines": (
        b"\n\n@a,A\n\n@b,B,\n\n\n@c,C,c,c\n@d,,\n",
        {"b": 6},
        [4, 9, 10],
    ),
    "malformed in a row": (b"@a\n\n@b\n@c,C,c,c\n@d,D,\n@e,,\n", {"d": 6}, [2, 4, 5, 7]),
    "a line of spaces": (b"@a,A,\n  \n@b,B,\n@c,,\n", {"a": 2, "b": 4}, [5]),
    "rows without a value": (b'@a,A,\n,,\n , ,"" \n@b,B,\n@c,,\n', {"a": 2, "b": 5}, [6]),
    "never closed": (b'@a,A,\n@b,"B,\n@c,C,\n@d,D,\n', {"a": 2}, [3, 4, 5]),
    "never closed at the end": (b'@a,A,\n@b,,\n@c,C,"', {"a": 2}, [3, 4]),
    "quotation marks within": (
        b'@a,A "B" C,\n@b,"say ""b""",\n@c,"","x"\n',
        {"a": 2, "b": 3},
        [4],
    ),
    "space before a quotation mark": (
        b'@a, "A, B",\n@b, "B\nB",\n@c,,\n',
        {"a": 2, "b": 3},
        [5],
    ),
    "more than 10,000 characters": (
        b'@a,A,"' + b"x\n" * 6_000 + b'",y\n@b,B,\n@c,,\n',
        {"b": 6003},
        [2, 6004],
    ),
}
VARIANTS = {
    "LF": (b"", b"\n"),
    "CRLF": (b"", b"\r\n"),
    "CR": (b"", b"\r"),
    "BOM": (b"\xef\xbb\xbf", b"\n"),
}


@pytest.fixture(scope="module", params=VARIANTS)
def odd_files(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Warehouse, dict[str, Path]]:
    """Every content of LINES in its own file, all loaded at once."""
    folder = tmp_path_factory.mktemp("odd")
    mark, ending = VARIANTS[request.param]
    paths = {}
    for number, (name, (content, _, _)) in enumerate(LINES.items()):
        paths[name] = folder / f"sources-{number}.csv"
        text = mark + SOURCES + content.replace(b"@", b"%d-" % number)
        paths[name].write_bytes(text.replace(b"\n", ending))
    warehouse = Warehouse(folder / "warehouse")
    load(warehouse, folder)
    return warehouse, paths


@pytest.mark.parametrize("name", LINES)
def test_lines(name: str, odd_files: tuple[Warehouse, dict[str, Path]]) -> None:
    warehouse, paths = odd_files
    _, valid, reject_lines = LINES[name]
    number = list(LINES).index(name)
    place = f"file = '{paths[name]}'"
    stored = ask(
        warehouse, f"SELECT source_id, line FROM sources JOIN files USING (file_id) WHERE {place}"
    )
    assert dict(stored) == {f"{number}-{key}": line for key, line in valid.items()}
    rejects = ask(warehouse, f"SELECT line, found, row FROM rejects WHERE {place} ORDER BY line")
    assert [line for line, *_ in rejects] == reject_lines
    text = paths[name].read_bytes().decode("utf-8-sig", errors="replace")
    lines = io.StringIO(text, newline="").readlines()
    for line, value, row in rejects:
        assert value is not None
        assert "".join(lines[line - 1 :]).replace("\ufffd", "?").startswith(row[:9_000])


def test_malformed_rows_say_what_is_wrong(warehouse: Warehouse, files: Path) -> None:
    content = b'a,A\nb,B,b,b\nc,"C"c,\ne,"E\n'
    (files / "sources.csv").write_bytes(SOURCES + content)
    reasons = [(reject["line"], reject["expected"]) for reject in load(warehouse, files).rejects]
    assert reasons == [
        (2, "3 fields, as the header has (found 2)"),
        (3, "3 fields, as the header has (found 4)"),
        (4, "a quoted field that ends with a quotation mark (double those inside it)"),
        (5, "a quoted field that ends with a quotation mark (double those inside it)"),
    ]


def test_a_row_beyond_four_mebibytes_is_refused(warehouse: Warehouse, files: Path) -> None:
    content = b'a,A,"' + b"x\n" * 3_000_000 + b'"\nb,B,\nc,,\n'
    (files / "sources.csv").write_bytes(SOURCES + content)
    report = load(warehouse, files)
    assert (report.files[0].rows_read, report.files[0].rows_loaded) == (3, 1)
    assert lines_of(warehouse) == {"b": 3_000_003}
    assert "4 MiB" in report.rejects[0]["expected"]
    assert [reject["line"] for reject in report.rejects] == [2, 3_000_004]


@pytest.mark.usefixtures("all_threads")
def test_lines_of_a_large_file(warehouse: Warehouse, files: Path) -> None:
    """Several threads read it, but its rows must stay in order."""
    rnd = random.Random(5)
    lines = ["source_id,name,kind,notes"]
    expected, reject_lines = {}, []
    for number in range(400_000):
        at, what = len(lines) + 1, rnd.random()
        if what < 0.00002:
            reject_lines.append(at)
            lines.append(rnd.choice([f"x{number},x", f"x{number},x,blog,x,x", f'x{number},"x"y,,']))
        elif what < 0.0001:
            lines.append("")
        elif what < 0.02:
            expected[f"s{number}"] = at
            lines += [f's{number},"Source', f'{number}",blog,']
        else:
            expected[f"s{number}"] = at
            lines.append(f"s{number},Source {number},newspaper," + "note " * 12)
    (files / "sources.csv").write_text("\n".join(lines), encoding="utf-8")
    report = load(warehouse, files)
    assert report.files[0].rows_loaded == len(expected)
    assert [reject["line"] for reject in report.rejects] == reject_lines
    assert lines_of(warehouse) == expected


def test_mixed_line_endings_are_refused(warehouse: Warehouse, files: Path) -> None:
    sentence = "line 2 ends with CRLF, but line 1 with LF; expected one kind of line ending"
    with pytest.raises(LoadError, match=sentence):
        one_file(warehouse, files, SOURCES + b"a,A,x\r\nb,B,\n")
    assert warehouse.current() is None


# Files that cannot be used as a whole.

REFUSED: dict[str, tuple[str, bytes, str]] = {
    "not text in any encoding": (
        "sources.csv",
        b"source_id,name\ns,S\nt,A\x8f\x81\xff\n",
        "line 3: not UTF-8, and",
    ),
    "two encodings": (
        "sources.csv",
        "source_id,name\ns,été\n".encode() + "t,café\n".encode("cp1252"),
        "line 3: not UTF-8, although other lines are, such as 's,été'",
    ),
    "UTF-16 cut off": ("sources.csv", b"\xfe\xff\x00s\x00", "cannot be read as utf-16"),
    "as many columns as rows": (
        "sources.csv",
        b"source_id,name," + b",".join(b"c%d" % n for n in range(20_000)) + b"\n",
        "20,002 columns, which cannot be meant",
    ),
    "binary": ("sources.csv", b"PK\x03\x04\x00\x00", "line 1: a NUL byte"),
    "missing column": (
        "labels.csv",
        b"claim_id,annotator,lable,method\n",
        "the table labels needs the column 'label' (did you mean to rename 'lable'?)",
    ),
    "missing columns": (
        "labels.csv",
        b"claim_id,label\n",
        "needs the columns 'annotator', 'method'",
    ),
    "duplicate column": (
        "sources.csv",
        b"source_id,name,kind,kind\n",
        "column 'kind' appears twice",
    ),
    "duplicate in capitals": ("sources.csv", b"source_id,name,Name\n", "appears twice"),
    "no known column": ("sources.csv", b"a,b\n1,2\n", "no known column name (found: a, b)"),
    "never closed header": (
        "sources.csv",
        b'source_id,"name\n' + b"s,S\n" * 50_000,
        "(found: no readable header)",
    ),
    "nameless, ambiguous": (
        "data.csv",
        b"article_id,source_id,title,claim_id,claim\n",
        "could be articles or claims. Name it",
    ),
    "nameless, none": ("data.csv", b"name,url\n", "is none of the tables. Name it after its table"),
    "blank first line": ("sources.csv", b"\nsource_id,name\n", "no known column name"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_file_is_refused_by_name(name: str, warehouse: Warehouse, files: Path) -> None:
    file, content, words = REFUSED[name]
    write(files, BASE)
    (files / file).write_bytes(content)
    with pytest.raises(LoadError) as error:
        load(warehouse, files)
    assert str(error.value).startswith(str(files / file))
    assert words in str(error.value)
    assert "Nothing was loaded." in str(error.value)
    assert warehouse.current() is None


def test_one_unusable_file_changes_nothing(warehouse: Warehouse, files: Path) -> None:
    loaded(warehouse, files, BASE)
    before = warehouse.current()
    new_files = write(files.parent / "more", {"sources": [{"source_id": "t", "name": "T"}]})
    (new_files / "labels.csv").write_bytes(b"claim_id\n")
    with pytest.raises(LoadError):
        load(warehouse, new_files)
    assert warehouse.current() == before
    assert ask(warehouse, "SELECT count(*) FROM sources") == [(1,)]
    assert {path.stem for path in warehouse.snapshots_folder.iterdir()} == {before}


def test_every_unusable_file_is_named_at_once(warehouse: Warehouse, files: Path) -> None:
    write(files, BASE)
    (files / "articles.csv").write_bytes(b"")  # an empty file stops only itself
    (files / "sources.csv").write_bytes(b"\0")
    (files / "labels.csv").write_bytes(b"claim_id\n")
    (files / "claims-2.csv").symlink_to(files / "gone")
    with pytest.raises(LoadError) as error:
        load(warehouse, files, files / "nothing.csv")
    message = str(error.value)
    assert message.startswith("4 files or folders cannot be used, so nothing was loaded: (1) ")
    for name in ("sources.csv", "labels.csv", "claims-2.csv", "nothing.csv"):
        assert message.count(f"{files / name}") == 1
    assert "a link to a missing file" in message
    assert warehouse.current() is None


def test_the_line_of_a_nul_byte_is_named(warehouse: Warehouse, files: Path) -> None:
    (files / "sources.csv").write_bytes(SOURCES + b"a,A,\nb,\0,\n")
    with pytest.raises(LoadError, match=r"sources\.csv line 3: a NUL byte"):
        load(warehouse, files)


def test_a_nul_byte_after_the_part_that_is_judged_is_refused_too(
    warehouse: Warehouse, files: Path
) -> None:
    rows = b"".join(b"s%d,Source,%s\n" % (number, b"note " * 20) for number in range(12_000))
    (files / "sources.csv").write_bytes(SOURCES + rows + b"last,La\0st,\n")
    with pytest.raises(LoadError, match=r"sources\.csv line 12002: a NUL byte"):
        load(warehouse, files)
    assert warehouse.current() is None


@pytest.mark.parametrize("name", ["labels.xlsx", "Claims-2026.tsv", "sources.csv.gz", "labels"])
def test_a_table_that_is_not_csv_is_skipped_with_a_message(
    name: str, warehouse: Warehouse, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(files, BASE)
    (files / name).write_bytes(b"x")
    (files / "notes.txt").write_text("x")
    assert load(warehouse, files).published
    assert capsys.readouterr().err == (f"{files / name} was skipped: only .csv files are loaded.\n")


def test_path_that_does_not_exist(warehouse: Warehouse, files: Path) -> None:
    for path in (files / "nothing.csv", files / ("x" * 300), files / "a\0b"):
        with pytest.raises(LoadError, match="no such file or folder"):
            load(warehouse, path)


def test_a_folder_without_csv_files_names_what_it_holds(warehouse: Warehouse, files: Path) -> None:
    for name in ("labels.xlsx", "a.jsonl", "b.jsonl", "sources.csv.gz", "README"):
        (files / name).write_text("x")
    words = (
        "1 file without an ending, 1 .csv.gz file, 2 .jsonl files, 1 .xlsx file. Save the tables"
    )
    with pytest.raises(LoadError, match=re.escape(f"contains no .csv file, but {words} as CSV")):
        load(warehouse, files)


def test_an_empty_file_stops_only_itself(
    warehouse: Warehouse, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(files, BASE)
    (files / "labels-2.csv").write_bytes(b" \n\n")
    report = load(warehouse, files)
    assert (report.published, report.claims["resolved"]) == (True, 1)
    assert [(item.path.name, item.reason) for item in report.skipped] == [
        ("labels-2.csv", "the file is empty")
    ]
    assert "labels-2.csv was skipped: the file is empty." in capsys.readouterr().err
    with pytest.raises(LoadError, match=r"labels-2\.csv: the file is empty"):
        load(warehouse, files / "labels-2.csv")


def test_folder_without_files_and_folder_named_like_a_file(
    warehouse: Warehouse, files: Path
) -> None:
    (files / "sources.csv").mkdir()
    for path in (files, files / "sources.csv"):
        with pytest.raises(LoadError, match=r"this folder contains no \.csv file"):
            load(warehouse, path)
    write(files, {"articles": []})
    assert load(warehouse, files).files[0].table == "articles"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_file_without_permission(warehouse: Warehouse, files: Path) -> None:
    write(files, BASE)
    (files / "sources.csv").chmod(0)
    with pytest.raises(LoadError, match="cannot be read \\(Permission denied\\)"):
        load(warehouse, files)


def test_file_that_cannot_be_read(warehouse: Warehouse) -> None:
    with pytest.raises(LoadError, match="cannot be read"):
        load(warehouse, Path("/proc/self/mem"))


def test_file_whose_name_is_not_text(warehouse: Warehouse, files: Path) -> None:
    name = os.fsdecode(os.fsencode(files) + b"/sources-\xff.csv")
    Path(name).write_bytes(SOURCES + b"a,A,\n")
    with pytest.raises(LoadError, match="the file name is not UTF-8"):
        load(warehouse, files)


def test_header_only(warehouse: Warehouse, files: Path) -> None:
    (files / "sources.csv").write_bytes(SOURCES)
    report = load(warehouse, files)
    assert (report.files[0].rows_read, report.rejects) == (0, [])
    assert not report.published


# Which table, which columns.


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("labels.csv", "labels"),
        ("labels-2026-05.csv", "labels"),
        ("LABELS_anna.CSV", "labels"),
        ("labels 2.csv", "labels"),
        ("labels.v2.csv", "labels"),
        ("labelsx.csv", "labels"),
        ("data.csv", "labels"),
        ("my-labels.csv", "labels"),
    ],
)
def test_table_is_recognised_by_name_or_columns(
    name: str, table: str, warehouse: Warehouse, files: Path
) -> None:
    loaded(warehouse, files, {t: BASE[t] for t in ("sources", "articles", "claims")})
    (files.parent / name).write_text(csv_text(BASE["labels"]), encoding="utf-8")
    report = load(warehouse, files.parent / name)
    assert [(file.table, file.rows_loaded) for file in report.files] == [(table, 1)]


@pytest.mark.parametrize("table", TABLES)
def test_every_table_is_recognised_by_its_columns(
    table: str, warehouse: Warehouse, files: Path
) -> None:
    (files / "data.csv").write_text(",".join(column_names(table)) + "\n", encoding="utf-8")
    assert [file.table for file in load(warehouse, files).files] == [table]


def test_the_file_name_takes_precedence_over_the_columns(warehouse: Warehouse, files: Path) -> None:
    (files / "sources.csv").write_text(csv_text(BASE["labels"]), encoding="utf-8")
    with pytest.raises(LoadError, match="the table sources needs the columns 'source_id', 'name'"):
        load(warehouse, files)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_and_order_of_columns(delimiter: str, warehouse: Warehouse, files: Path) -> None:
    header = ["notes", "name", "source_id", "kind"]
    rows = [["a;b,c\td|e", "A", "a", "blog"], ["", 'B "b"', "b", ""]]
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter).writerows([header, *rows])
    assert one_file(warehouse, files, buffer.getvalue().encode()) == []
    assert ask(warehouse, "SELECT source_id, name, kind, notes FROM sources ORDER BY 1") == [
        ("a", "A", "blog", "a;b,c\td|e"),
        ("b", 'B "b"', None, None),
    ]


def test_unknown_columns_are_stored_as_json(warehouse: Warehouse, files: Path) -> None:
    content = b'source_id,name,mood,Kind,"o""dd",\na,A,fine,blog,"1,2",last\nb,B,,,,\n'
    (files / "sources.csv").write_bytes(content)
    report = load(warehouse, files)
    assert report.files[0].unknown_columns == ("mood", 'o"dd', "column 6")
    assert ask(
        warehouse,
        "SELECT kind, extra ->> '$.mood', "
        """json_extract_string(extra, '$."column 6"') FROM sources ORDER BY source_id""",
    ) == [("blog", "fine", "last"), (None, None, None)]


# Duplicates, clashes, corrections, references.


def outcome(
    warehouse: Warehouse, folder: Path, tables: dict[str, list[Row]]
) -> dict[str, tuple[int, ...]]:
    """Loaded, duplicates, rejected, corrections by table."""
    report = loaded(warehouse, folder, tables)
    return {
        file.table: (file.rows_loaded, file.duplicates, file.rejected, file.corrections)
        for file in report.files
    }


CITATION = {"claim_id": "c", "cited_name": "Somebody"}
DECISIONS: dict[str, list[Row]] = {
    "withdrawals": [{"table_name": "labels", "id": "c", "reason": "wrong"}],
    "source_aliases": [{"alias": "t", "source": "s", "reason": "one outlet"}],
    "annotator_aliases": [{"alias": "Anna", "annotator": "anna", "reason": "one person"}],
}
FULL = {**all_tables(), "citations": [CITATION]}
EVERY = {**FULL, **DECISIONS}


@pytest.mark.parametrize("table", TABLES)
def test_duplicates_in_one_file(table: str, warehouse: Warehouse, files: Path) -> None:
    tables = {**EVERY, table: [*EVERY[table]] * 3}
    assert outcome(warehouse, files, tables)[table] == (1, 2, 0, 0)
    assert ask(warehouse, f"SELECT in_this_load, loaded_before FROM duplicates "
                          f"WHERE table_name = '{table}'") == [(2, 0)]  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_duplicates_across_files(table: str, warehouse: Warehouse, files: Path) -> None:
    write(files, EVERY)
    write(files, {table: EVERY[table]}, "-again")
    report = load(warehouse, files)
    mine = [file for file in report.files if file.table == table]
    assert sorted((file.rows_loaded, file.duplicates) for file in mine) == [(0, 1), (1, 0)]


@pytest.mark.parametrize("table", TABLES)
def test_duplicates_of_earlier_loads(table: str, warehouse: Warehouse, files: Path) -> None:
    loaded(warehouse, files, EVERY)
    report = load(warehouse, write(files.parent / "again", {table: EVERY[table]}))
    assert [(file.rows_loaded, file.duplicates) for file in report.files] == [(0, 1)]
    assert not report.published


def test_duplicates_are_compared_by_value(warehouse: Warehouse, files: Path) -> None:
    label = BASE["labels"][0]
    same = [
        {**label, "labelled_at": "2026-01-01T00:00:00Z", "confidence": "0.5"},
        {**label, "labelled_at": "2026-01-01 02:00:00+02:00", "confidence": "5e-1"},
    ]
    assert outcome(warehouse, files, {**FULL, "labels": same})["labels"] == (1, 1, 0, 0)


CLASHES: dict[str, Row] = {
    "sources": {"name": "Other"},
    "articles": {"title": "Other"},
    "claims": {"claim": "Other."},
    "labels": {"label": "unsourced"},
}


@pytest.mark.parametrize("table", CLASHES)
@pytest.mark.parametrize("apart", [False, True], ids=["one file", "two files"])
def test_clashing_rows_are_rejected_and_name_each_other(
    table: str, apart: bool, warehouse: Warehouse, files: Path
) -> None:
    first, second = FULL[table][0], {**FULL[table][0], **CLASHES[table]}
    if apart:
        write(files, {table: [first]}, "-1")
        write(files, {table: [second]}, "-2")
        places = [f"{files / table}-{n}.csv line 2" for n in (1, 2)]
    else:
        write(files, {table: [first, second]})
        places = [f"{files / table}.csv line {n}" for n in (2, 3)]
    for unchanged, rows in FULL.items():
        if unchanged != table:
            write(files, {unchanged: rows})
    report = load(warehouse, files)
    clashes = [r for r in report.rejects if "it clashes with" in r["expected"]]
    assert [f"{reject['file']} line {reject['line']}" for reject in clashes] == places
    for reject, other_place in zip(clashes, reversed(places), strict=True):
        assert reject["expected"].endswith(f"it clashes with {other_place}")
    assert ask(warehouse, f"SELECT count(*) FROM {table}") == [(0,)]


def test_three_rows_clash_and_one_is_repeated(warehouse: Warehouse, files: Path) -> None:
    label = BASE["labels"][0]
    rows = [label, {**label, "label": "unsourced"}, label]
    assert outcome(warehouse, files, {**FULL, "labels": rows})["labels"] == (0, 0, 3, 0)


def test_label_that_clashes_with_a_loaded_one(warehouse: Warehouse, files: Path) -> None:
    loaded(warehouse, files, FULL)
    late = {**BASE["labels"][0], "label": "unsourced", "labelled_at": "2026-01-01T00:00:00+00:00"}
    report = load(warehouse, write(files.parent / "late", {"labels": [late]}))
    assert (report.files[0].rows_loaded, report.files[0].rejected) == (0, 1)
    assert "it clashes with a label that was already loaded" in report.rejects[0]["expected"]
    assert ask(warehouse, "SELECT label FROM labels") == [("sourced",)]


def test_labels_without_a_time_get_the_time_of_their_load(
    warehouse: Warehouse, files: Path
) -> None:
    label = {**BASE["labels"][0], "labelled_at": ""}
    assert outcome(warehouse, files, {**FULL, "labels": [label]})["labels"] == (1, 0, 0, 0)
    changed = {**label, "label": "unsourced"}
    assert load(warehouse, write(files.parent / "2", {"labels": [label]})).files[0].duplicates == 1
    assert load(warehouse, write(files.parent / "3", {"labels": [changed]})).published
    assert ask(warehouse, "SELECT label, state FROM resolved") == [("unsourced", "single")]
    assert ask(warehouse, "SELECT count(*) FROM labels") == [(2,)]


def test_two_labels_without_a_time_in_one_load_clash(warehouse: Warehouse, files: Path) -> None:
    label = {**BASE["labels"][0], "labelled_at": ""}
    rows = [label, {**label, "label": "unsourced"}]
    assert outcome(warehouse, files, {**FULL, "labels": rows})["labels"] == (0, 0, 2, 0)


@pytest.mark.parametrize("table", ["sources", "articles", "claims"])
def test_a_correction_moves_the_older_row_to_history(
    table: str, warehouse: Warehouse, files: Path
) -> None:
    loaded(warehouse, files, FULL)
    before = ask(warehouse, "SELECT claim_id, label FROM resolved JOIN claims USING (claim_key)")
    new = {**FULL[table][0], **CLASHES[table]}
    results = outcome(warehouse, files.parent / "new", {table: [new]})
    assert results[table] == (1, 0, 0, 1)
    ((column, value),) = CLASHES[table].items()
    assert ask(warehouse, f"SELECT {column} FROM {table}") == [(value,)]
    old = FULL[table][0].get(column)
    (older,) = ask(warehouse, f"SELECT table_name, id, row ->> '{column}', line FROM history")
    assert older == (table, "sac"[["sources", "articles", "claims"].index(table)], old, 2)
    assert (
        ask(warehouse, "SELECT claim_id, label FROM resolved JOIN claims USING (claim_key)")
        == before
    )
    back = outcome(warehouse, files.parent / "back", {table: FULL[table]})
    assert back[table] == (1, 0, 0, 1)
    assert ask(warehouse, f"SELECT {column} FROM {table}") == [(old,)]
    assert ask(warehouse, "SELECT count(*) FROM history") == [(2,)]


def test_a_corrected_claim_moves_with_its_labels(warehouse: Warehouse, files: Path) -> None:
    tables = all_tables(
        sources=[{"source_id": "t", "name": "T"}], articles=[{"article_id": "b", "source_id": "t"}]
    )
    loaded(warehouse, files, tables)
    moved = {"claims": [{**BASE["claims"][0], "article_id": "b"}]}
    loaded(warehouse, files.parent / "new", moved)
    assert ask(warehouse, "SELECT source_id, a.article_id FROM resolved JOIN claims AS c "
                          "USING (claim_key) JOIN articles AS a ON a.article_id = c.article_id"
               ) == [("t", "b")]  # fmt: skip
    assert ask(warehouse, "SELECT sum(sourced) FROM article_counts JOIN articles "
                          "USING (article_key) WHERE article_id = 'b'") == [(1,)]  # fmt: skip


REFERENCES: list[tuple[str, str, Row, str]] = [
    ("articles", "source_id", {"article_id": "b", "source_id": "S"}, "sources"),
    ("claims", "article_id", {"claim_id": "d", "article_id": "x", "claim": "x"}, "articles"),
    ("citations", "claim_id", {"claim_id": "x", "cited_name": "x"}, "claims"),
    ("labels", "claim_id", {**BASE["labels"][0], "claim_id": "C"}, "claims"),
]


@pytest.mark.parametrize(("table", "column", "row", "owner"), REFERENCES)
def test_missing_reference(
    table: str, column: str, row: Row, owner: str, warehouse: Warehouse, files: Path
) -> None:
    report = loaded(warehouse, files, {**FULL, table: [*FULL[table], row]})
    assert report.rejects == [
        {
            "file": str(files / f"{table}.csv"),
            "line": 3,
            "column": column,
            "found": row[column],
            "expected": f"the id of a row in the table {owner}",
        }
    ]


def test_a_missing_optional_reference_costs_only_its_cell(
    warehouse: Warehouse, files: Path
) -> None:
    citation = {**CITATION, "cited_source_id": "x", "cited_name": "Y"}
    report = loaded(warehouse, files, {**FULL, "citations": [CITATION, citation]})
    assert report.rejects == []
    assert report.emptied_cells == [
        {
            "file": str(files / "citations.csv"),
            "line": 3,
            "column": "cited_source_id",
            "found": "x",
            "expected": "the id of a row in the table sources",
        }
    ]
    assert ask(warehouse, "SELECT cited_name, cited_source_id FROM citations ORDER BY 1") == [
        ("Somebody", None),
        ("Y", None),
    ]


def test_a_missing_reference_names_the_rejected_row(warehouse: Warehouse, files: Path) -> None:
    article = {**BASE["articles"][0], "source_id": ""}
    report = load(warehouse, write(files, {**BASE, "articles": [article]}))
    expected = {Path(r["file"]).name: r["expected"] for r in report.rejects}
    assert expected["articles.csv"].startswith("a value")
    for table, needed in (("claims", "articles"), ("labels", "claims")):
        assert expected[f"{table}.csv"] == (
            f"the id of a row in the table {needed}; "
            f"{files / needed}.csv line 2 has it, but was itself rejected"
        )


def test_every_fault_of_a_row_is_named_once(warehouse: Warehouse, files: Path) -> None:
    label = {
        **BASE["labels"][0],
        "annotator": " ",
        "method": "humn",
        "labelled_at": "2026-13-01",
        "attribution": "sourced",
        "confidence": "2",
        "label": "unsourced",
    }
    report = load(warehouse, write(files, {**BASE, "labels": [label]}))
    (reject,) = report.rejects
    assert (reject["column"], reject["found"]) == ("annotator", " ")
    assert reject["expected"] == (
        "a value; also method: found 'humn', expected one of: human, model, rule (did you mean "
        "'human'?); also labelled_at: found '2026-13-01', expected a valid time, such as "
        "2026-05-31T09:30:00Z; also attribution: found 'sourced', expected the same answer as the "
        "label, which is not contested"
    )


def test_an_unknown_reference_is_named_beside_another_fault(
    warehouse: Warehouse, files: Path
) -> None:
    citation = {"claim_id": "nothing", "cited_name": "", "url": "x", "cited_source_id": "nobody"}
    report = load(warehouse, write(files, {**BASE, "citations": [citation]}))
    (reject,) = report.rejects
    assert reject["column"] == "cited_name"
    assert reject["expected"].endswith(
        "; also claim_id: found 'nothing', expected the id of a row in the table claims"
        "; also cited_source_id: found 'nobody', expected the id of a row in the table sources"
    )


def test_rows_that_refer_to_a_rejected_row_are_rejected(warehouse: Warehouse, files: Path) -> None:
    tables = {**FULL, "sources": [{"source_id": "s", "name": ""}]}
    report = loaded(warehouse, files, tables)
    columns = ["name", "source_id", "article_id", "claim_id", "claim_id"]
    assert [reject["column"] for reject in report.rejects] == columns
    assert report.claims["all"] == 0


def test_references_may_be_in_earlier_loads_or_any_file(warehouse: Warehouse, files: Path) -> None:
    loaded(warehouse, files / "1", {"sources": FULL["sources"], "articles": FULL["articles"]})
    write(files / "2", {"labels": FULL["labels"]})
    write(files / "3", {"claims": FULL["claims"]})
    assert load(warehouse, files / "2", files / "3").rejected == 0


def test_a_file_named_twice_is_read_once(warehouse: Warehouse, files: Path) -> None:
    write(files, BASE)
    report = load(warehouse, files, files / "sources.csv", files / "." / "sources.csv")
    assert len(report.files) == len(BASE)


# Reports, dry runs, strict loads.


def test_the_same_rejects_again_publish_nothing(warehouse: Warehouse, files: Path) -> None:
    tables = all_tables(sources=[{"source_id": "t", "name": ""}])
    loaded(warehouse, files, tables)
    report = load(warehouse, files)
    assert not report.published
    assert report.rejected == 1
    assert ask(warehouse, "SELECT count(*) FROM rejects") == [(1,)]


def test_new_rejects_are_recorded(warehouse: Warehouse, files: Path) -> None:
    loaded(warehouse, files, BASE)
    report = load(
        warehouse, write(files.parent / "2", {"sources": [{"source_id": "t", "name": ""}]})
    )
    assert report.published
    assert ask(warehouse, "SELECT count(*) FROM rejects") == [(1,)]


def test_the_report_shows_the_first_hundred_rejects(warehouse: Warehouse, files: Path) -> None:
    rows = [{"source_id": f"t{n}", "name": ""} for n in range(130)]
    report = loaded(warehouse, files, {"sources": rows})
    assert report.rejected == 130
    assert [reject["line"] for reject in report.rejects] == list(range(2, 102))
    assert ask(warehouse, "SELECT count(*) FROM rejects") == [(130,)]


def test_check_publishes_nothing_but_reports(warehouse: Warehouse, files: Path) -> None:
    write(files, all_tables(sources=[{"source_id": "t", "name": ""}]))
    report = load(warehouse, files, check=True)
    assert (report.published, report.snapshot, report.rejected) == (False, None, 1)
    assert report.claims["resolved"] == 1
    assert warehouse.current() is None
    assert not warehouse.folder.exists()


def test_strict_fails_on_a_reject_and_only_then(warehouse: Warehouse, files: Path) -> None:
    write(files, BASE)
    assert load(warehouse, files, strict=True).published
    before = warehouse.current()
    new_files = write(files.parent / "more", {"sources": [{"source_id": "t", "name": ""}]})
    report = load(warehouse, new_files, strict=True)
    assert report.failed
    assert "sources.csv line 2, column name: found '', expected a value" in report.message
    assert warehouse.current() == before


def test_sources_alone_can_be_loaded(warehouse: Warehouse, files: Path) -> None:
    report = loaded(warehouse, files, {"sources": BASE["sources"]})
    assert report.published
    assert report.claims["all"] == 0


def test_the_origin_of_a_row(warehouse: Warehouse, files: Path) -> None:
    loaded(warehouse, files, BASE)
    loaded(warehouse, files.parent / "more", {"sources": [{"source_id": "t", "name": "T"}]})
    assert ask(
        warehouse,
        "SELECT source_id, f.file, line, load_id, command FROM sources "
        "JOIN files AS f USING (file_id) JOIN loads USING (load_id) ORDER BY source_id",
    ) == [
        ("s", str(files / "sources.csv"), 2, 1, "load"),
        ("t", str(files.parent / "more" / "sources.csv"), 2, 2, "load"),
    ]


def test_the_sample_loads_completely(sample: Warehouse) -> None:
    counts = {table: ask(sample, f"SELECT count(*) FROM {table}")[0][0] for table in TABLES}
    decided = [counts.pop(table) for table in DECISIONS]
    assert decided == [0, 0, 0]
    for table, count in counts.items():
        with (SAMPLE / f"{table}.csv").open(encoding="utf-8-sig", newline="") as stream:
            assert count == sum(1 for _ in csv.DictReader(stream)), table
    assert ask(sample, "SELECT count(*) FROM rejects") == [(0,)]


# Conservation: rows read = rows loaded + duplicates + rejects, each reject on its line.

GOOD_NOTES = ("", "x", '"1\n2"', '"a ""b"" c"', '" "', "é")
BAD_ROWS = {
    "empty": "{},",
    "long": "{}" + "x" * 300 + ",N",
    "few": "{}",
    "many": "{},N,,,,",
    "quote": '{},"N"x,,',
    "quoted breaks": '{},"N\n\n"x,,',
}
UNTIDY = {"kind": "{},N,blogg,", "capitals": "{},N,Blog,", "spaces": "{} ,N,,"}
"""Rows that are loaded, although a cell is emptied or read otherwise."""


@st.composite
def mixtures(draw: st.DrawFn) -> list[tuple[str, str]]:
    """Records of a file: kind and text of each."""
    records = []
    for number in range(draw(st.integers(0, 25))):
        what = draw(st.sampled_from(["good"] * 3 + ["again", "blank", *BAD_ROWS, *UNTIDY]))
        if what == "good":
            records.append((what, f"s{number},Name,blog,{draw(st.sampled_from(GOOD_NOTES))}"))
        elif what == "again":
            good = [record for record in records if record[0] == "good"]
            records += [(what, draw(st.sampled_from(good))[1])] if good else []
        elif what == "blank":
            records.append((what, draw(st.sampled_from(["", ",,,", ' ,"", ,']))))
        elif what in UNTIDY:
            records.append((what, UNTIDY[what].format(f"s{number}")))
        else:
            text = BAD_ROWS[what].format(f"s{number}")
            if what in ("empty", "long"):
                text += "," * (3 - text.count(","))
            elif what == "many":
                text += "x"
            records.append((what, text))
    return records


@given(mixtures(), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans(), st.booleans())
@settings(max_examples=30)
def test_no_row_is_lost(
    records: list[tuple[str, str]], ending: str, bom: bool, last_break: bool
) -> None:
    lines = [("header", "source_id,name,kind,notes"), *records]
    text = ending.join(record.replace("\n", ending) for _, record in lines)
    text += ending if last_break else ""
    content = (b"\xef\xbb\xbf" if bom else b"") + text.encode()
    with new_folder() as folder:
        path = folder / "sources.csv"
        path.write_bytes(content)
        warehouse = Warehouse(folder / "warehouse")
        (file,) = load(warehouse, path).files
        kinds = [kind for kind, _ in records]
        rows = len(kinds) - kinds.count("blank")
        assert file.rows_read == rows
        assert file.rows_loaded == sum(kind == "good" or kind in UNTIDY for kind in kinds)
        assert file.duplicates == kinds.count("again")
        assert file.rejected == sum(kind in BAD_ROWS for kind in kinds)
        if rows == 0:
            return
        at, expected_rejects, expected_rows = 1, [], {}
        for kind, record in lines:
            if kind in BAD_ROWS:
                expected_rejects.append((at, record.replace("\n", ending)))
            elif kind == "good" or kind in UNTIDY:
                expected_rows[record.split(",")[0].strip()] = at
            at += 1 + record.count("\n")
        rejects = ask(warehouse, "SELECT line, row FROM rejects ORDER BY line")
        assert rejects == expected_rejects
        assert lines_of(warehouse) == expected_rows


@given(
    st.lists(st.sampled_from(["a", "b", ",", ",", "\n", "\n", '"', '""', '",', ',"']), max_size=40)
)
@settings(max_examples=12)
def test_every_row_of_any_text_is_loaded_or_rejected(pieces: list[str]) -> None:
    with new_folder() as folder:
        path = folder / "sources.csv"
        path.write_text("source_id,name\nfirst,F\n" + "".join(pieces), encoding="utf-8")
        warehouse = Warehouse(folder / "warehouse")
        (file,) = load(warehouse, path).files
        assert file.rows_read == file.rows_loaded + file.duplicates + file.rejected
        rejected = ask(warehouse, "SELECT count(*), count(row), count(line) FROM rejects")
        assert rejected == [(file.rejected,) * 3]
        assert ("first", 2) in ask(
            warehouse, "SELECT source_id, line FROM sources"
        ) or file.rejected
