"""Files that other programs wrote: they mean what was meant, or are refused by name."""

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import BASE, Row, all_tables, ask, etl, exported, load, new_folder, write

from etl.reading import text_encoding
from sourcing.errors import LoadError
from sourcing.warehouse.contract import column_names
from sourcing.warehouse.snapshots import Warehouse

pytestmark = pytest.mark.slow


def claims_of(warehouse: Warehouse) -> list[str]:
    return [text for (text,) in ask(warehouse, "SELECT claim FROM claims ORDER BY claim_id")]


def without(table: str) -> dict[str, list[dict[str, str]]]:
    return {name: rows for name, rows in BASE.items() if name not in (table, "labels")}


# Encodings.

ENCODINGS = [
    ("cp1252", "The café in Köln closed – “for good”."),
    ("cp1252", "naïve façade, Peña"),
    ("cp1250", "Zażółć gęślą jaźń i wszystkie inne polskie litery"),
    ("cp1251", "Президент подписал закон о бюджете на следующий год"),
    ("cp1253", "Η κυβέρνηση ανακοίνωσε νέα μέτρα για την οικονομία"),
    ("cp1256", "أعلنت الحكومة عن إجراءات جديدة في العاصمة"),
    ("shift_jis", "政府は新しい予算案を発表した。"),
    ("utf-16", "Ünïcode – 政府"),
    ("utf-16-le", "\ufeffÜnïcode"),
    ("utf-8-sig", "été"),
]


@pytest.mark.parametrize(("encoding", "text"), ENCODINGS)
def test_the_encoding_of_a_file_is_found(
    encoding: str, text: str, warehouse: Warehouse, files: Path
) -> None:
    write(files, without("claims"))
    mark = text[0] if text[0] == "\ufeff" else ""
    content = f'{mark}claim_id,article_id,claim\nc,a,"{text.removeprefix(mark)}"\n'
    (files / "claims.csv").write_bytes(content.encode(encoding))
    report = load(warehouse, files)
    assert claims_of(warehouse) == [text.removeprefix(mark)]
    found = {Path(file.file).name: file.encoding for file in report.files}["claims.csv"]
    assert found.replace("-", "") == encoding.removesuffix("-sig").removesuffix("-le").replace(
        "-", ""
    )


def test_a_letter_beyond_the_first_mebibyte_decides_for_the_whole_file(
    warehouse: Warehouse, files: Path
) -> None:
    write(files, without("claims"))
    rows = [f"c{number},a,A plain claim of some length about nothing." for number in range(40_000)]
    content = "claim_id,article_id,claim\n" + "\n".join([*rows, "last,a,Un café à Genève."]) + "\n"
    (files / "claims.csv").write_bytes(content.encode("cp1252"))
    report = load(warehouse, files)
    assert (report.rejected, report.files[-1].encoding) == (0, "cp1252")
    assert claims_of(warehouse)[-1] == "Un café à Genève."


def test_the_report_says_that_quotation_marks_enclose_nothing(
    warehouse: Warehouse, files: Path
) -> None:
    write(files, without("claims"))
    (files / "claims.csv").write_text(OPEN.format("\t"), encoding="utf-8")
    text = etl("load", files, "--warehouse", warehouse.folder).text
    assert "  quotation marks read as characters of the texts" in text
    (files / "claims.csv").write_text(OPEN.replace('"', "").format("\t"), encoding="utf-8")
    assert "quotation marks" not in etl("load", files, "--warehouse", warehouse.folder).text


def test_the_report_shows_how_letters_were_read(warehouse: Warehouse, files: Path) -> None:
    write(files, without("claims"))
    (files / "claims.csv").write_bytes("claim_id,article_id,claim\nc,a,Un café.\n".encode("cp1252"))
    text = etl("load", files, "--warehouse", warehouse.folder).text
    assert "  read as cp1252, for example 'café'; if letters are wrong" in text


def test_an_encoding_can_be_named(warehouse: Warehouse, files: Path) -> None:
    write(files, without("claims"))
    (files / "claims.csv").write_bytes("claim_id,article_id,claim\nc,a,Öl\n".encode("mac_roman"))
    load(warehouse, files, encoding="mac_roman")
    assert claims_of(warehouse) == ["Öl"]
    (files / "claims.csv").write_bytes("claim_id,article_id,claim\nd,a,Öl\n".encode("cp1252"))
    with pytest.raises(LoadError, match=r"claims\.csv: cannot be read as utf-8"):
        load(warehouse, files, encoding="utf-8")


def test_an_ambiguous_encoding_is_refused_with_its_readings(tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    path.write_bytes("a,b\nx,İstanbul'da güneşli\n".encode("cp1254"))
    with pytest.raises(LoadError, match=r"line 2: not UTF-8, and either .*cp1254"):
        text_encoding.found_in(path)


# Quotation marks.

OPEN = """claim_id{0}article_id{0}claim
c0{0}a{0}First.
c1{0}a{0}"Opens here
c2{0}a{0}Innocent.
c3{0}a{0}ends here"
c4{0}a{0}Five.
"""


def test_a_tab_file_keeps_its_quotation_marks(warehouse: Warehouse, files: Path) -> None:
    write(files, without("claims"))
    (files / "claims.csv").write_text(OPEN.format("\t"))
    report = load(warehouse, files)
    assert (report.files[-1].rows_read, report.files[-1].rows_loaded) == (5, 5)
    assert claims_of(warehouse) == ["First.", '"Opens here', "Innocent.", 'ends here"', "Five."]


@pytest.mark.parametrize("text", ['"Whole."', 'say "so"', '"', '""', '"a" and "b"'])
def test_quotation_marks_of_a_tab_file_are_text(
    text: str, warehouse: Warehouse, files: Path
) -> None:
    write(files, without("claims"))
    (files / "claims.csv").write_text(f"claim_id\tarticle_id\tclaim\nc\ta\t{text}\nd\ta\tPlain\n")
    load(warehouse, files)
    assert claims_of(warehouse) == [text, "Plain"]


@pytest.mark.parametrize("text", ['a\tb "c"', "two\nlines", 'say "so"', "one, two"])
def test_a_quoted_tab_file_is_read_with_its_quotes(
    text: str, warehouse: Warehouse, files: Path
) -> None:
    write(files, without("claims"))
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter="\t", quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([("claim_id", "article_id", "claim"), ("c", "a", text), ("d", "a", "Plain")])
    (files / "claims.csv").write_text(buffer.getvalue())
    load(warehouse, files)
    assert claims_of(warehouse) == [text, "Plain"]


@pytest.mark.parametrize("delimiter", [",", ";", "|"])
def test_rows_inside_a_field_are_refused_by_name(
    delimiter: str, warehouse: Warehouse, files: Path
) -> None:
    write(files, without("claims"))
    path = files / "claims.csv"
    path.write_text(OPEN.format(delimiter))
    report = load(warehouse, files)
    file = report.files[-1]
    assert (file.rows_read, file.rows_loaded, file.rejected) == (5, 2, 3)
    assert [(reject["line"], reject["column"]) for reject in report.rejects] == [
        (3, "claim"),
        (4, None),
        (5, None),
    ]
    assert "this field contains lines that look like rows" in report.rejects[0]["expected"]
    assert claims_of(warehouse) == ["First.", "Five."]


def test_only_line_breaks_of_a_file_count_as_lines(warehouse: Warehouse, files: Path) -> None:
    """Not those of Unicode, nor a form feed; and a break at the end of a cell is one."""
    write(files, without("claims"))
    text = 'claim_id,topic,article_id,claim\nc,"rain\n",a,"A\u2028B\x0cC\nd,rent,a,Own row."\n'
    (files / "claims.csv").write_text(text, encoding="utf-8")
    report = load(warehouse, files)
    assert [(reject["line"], reject["found"]) for reject in report.rejects][1:] == [
        (4, 'd,rent,a,Own row."')
    ]


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("rows", [40, 3_000])
def test_rows_swallowed_by_a_quotation_mark_without_an_end_are_counted(
    delimiter: str, rows: int, warehouse: Warehouse, files: Path
) -> None:
    """Otherwise one refused row would stand for all that follow, and the rest be published."""
    write(files, without("claims"))
    path = files / "claims.csv"
    lines = [f"c{n};a;Claim {n} of some length." for n in range(1, rows + 1)]
    lines[1] = 'c2;a;"Never closed'
    text = "\n".join(["claim_id;article_id;claim", *lines]) + "\n"
    path.write_text(text.replace(";", delimiter))
    report = load(warehouse, files)
    file = report.files[-1]
    assert (file.rows_read, file.rows_loaded, file.rejected) == (rows, 1, rows - 1)
    assert [reject["line"] for reject in report.rejects[:3]] == [3, 4, 5]
    strict = load(warehouse, path, max_refused=0.5)
    assert (strict.failed, strict.published) == (True, False)


def test_lines_and_rows_that_do_not_agree_are_an_error(warehouse: Warehouse, files: Path) -> None:
    """Here the reader skips all of a file whose line endings are mixed."""
    write(files, without("claims"))
    content = b"sep=;\r\nclaim_id;article_id;claim\nc;a;One\r\nd;a;Two\r\n"
    (files / "claims.csv").write_bytes(content)
    with pytest.raises(LoadError, match=r"claims\.csv: .*line endings"):
        load(warehouse, files)


@pytest.mark.parametrize("header", ["source_id,name,kind", "Source ID,Name,Kind"])
def test_a_header_that_is_repeated_is_no_row(
    header: str, warehouse: Warehouse, files: Path
) -> None:
    """As where files were put together."""
    (files / "sources.csv").write_text(f"{header}\ns,S,blog\n{header}\nt,T,\n")
    report = load(warehouse, files, strict=True)
    assert (report.files[0].rows_loaded, report.files[0].blank_rows) == (2, 1)
    assert ask(warehouse, "SELECT source_id, line FROM sources ORDER BY 1") == [("s", 2), ("t", 4)]


def test_utf_16_without_a_mark_gets_a_hint(warehouse: Warehouse, files: Path) -> None:
    write(files, without("claims"))
    path = files / "claims.csv"
    path.write_bytes("claim_id,article_id,claim\nc,a,One\n".encode("utf-16-le"))
    with pytest.raises(LoadError, match="give --encoding utf-16-le"):
        load(warehouse, files)
    path.rename(files.parent / "claims.csv")
    load(warehouse, files)
    load(warehouse, files.parent / "claims.csv", encoding="utf-16-le")
    assert claims_of(warehouse) == ["One"]


def test_prose_on_several_lines_is_no_row(warehouse: Warehouse, files: Path) -> None:
    text = "Roses, violets, and more\nred, blue, green\n\nx,y\nc9,nowhere,unknown"
    load(
        warehouse,
        write(files, {**without("claims"), "claims": [{**BASE["claims"][0], "claim": text}]}),
    )
    assert claims_of(warehouse) == [text]


# Spreadsheets.


def test_the_separator_line_of_a_spreadsheet_is_skipped(warehouse: Warehouse, files: Path) -> None:
    write(files, without("claims"))
    (files / "claims.csv").write_text(
        "sep=;\nclaim_id;article_id;claim\nc;a;One; two\nd;a;Fine\n;;\n;a;\n"
    )
    report = load(warehouse, files)
    assert report.files[-1].blank_rows == 1
    assert [(reject["line"], reject["found"]) for reject in report.rejects] == [
        (3, "c;a;One; two"),
        (6, ""),
    ]
    assert ask(warehouse, "SELECT claim, line FROM claims") == [("Fine", 4)]


def test_empty_rows_are_skipped_and_counted(warehouse: Warehouse, files: Path) -> None:
    write(files, without("claims"))
    rows = ",,\n" * 500 + " , ,\n" + "\n" * 3
    (files / "claims.csv").write_text(f"claim_id,article_id,claim\nc,a,One\n{rows}d,a,Two\n")
    report = load(warehouse, files, strict=True)
    assert (report.files[-1].rows_read, report.files[-1].blank_rows) == (2, 501)
    assert ask(warehouse, "SELECT claim, line FROM claims ORDER BY line") == [
        ("One", 2),
        ("Two", 507),
    ]


@pytest.mark.parametrize(
    "header", ["Source ID,Name,Kind", "source-id,NAME,kind", "sourceId, name ,KIND"]
)
def test_column_names_are_understood_in_other_forms(
    header: str, warehouse: Warehouse, files: Path
) -> None:
    (files / "sources.csv").write_text(f"{header}\ns,Herald,blog\n")
    report = load(warehouse, files)
    assert ask(warehouse, "SELECT source_id, name, kind FROM sources") == [("s", "Herald", "blog")]
    assert set(report.files[0].renamed_columns.values()) <= {"source_id", "name", "kind"}
    assert report.files[0].renamed_columns


def test_numbers_with_decimals_are_matched_to_the_ids_without(
    warehouse: Warehouse, files: Path
) -> None:
    tables = {
        "sources": [{"source_id": "1", "name": "One"}, {"source_id": "2.0", "name": "Two"}],
        "articles": [
            {"article_id": "7.0", "source_id": "1.0"},
            {"article_id": "8", "source_id": "2"},
        ],
        "claims": [{"claim_id": "c", "article_id": "7", "claim": "X."}],
    }
    report = load(warehouse, write(files, tables))
    assert report.rejected == 0
    assert ask(warehouse, "SELECT article_id, source_id FROM articles ORDER BY 1") == [
        ("7.0", "1"),
        ("8", "2.0"),
    ]
    # Next month the same ids are written the other way round: nothing is new.
    again = {
        "sources": [{"source_id": "1.0", "name": "One"}, {"source_id": "2", "name": "Two"}],
        "claims": [{"claim_id": "c", "article_id": "7.0", "claim": "X."}],
    }
    report = load(warehouse, write(files.parent / "again", again))
    assert [file.duplicates for file in report.files] == [2, 1]
    assert sum(form["cells"] for form in report.forms) == 2


def ids_of(numbers: list[str]) -> dict[str, list[dict[str, str]]]:
    """An article for each number, and a claim in it."""
    return {
        "sources": [{"source_id": "s", "name": "S"}],
        "articles": [{"article_id": number, "source_id": "s"} for number in numbers],
        "claims": [
            {"claim_id": f"c{n}", "article_id": number, "claim": "X."}
            for n, number in enumerate(numbers)
        ],
    }


@pytest.mark.parametrize(
    ("numbers", "refused"),
    [
        (["1035060000000000", "1035070000000000", "1035080000000000"], 3),
        (["103506123456789000", "103506123456790000", "7"], 2),
        (["1035061234567891", "1035061234567892", "1035061234567890"], 0),  # one in ten
        (["1035061234567890", "x"], 0),
        (["100000000000000", "200000000000000"], 0),  # 15 digits are kept exactly
    ],
)
def test_ids_rounded_by_a_spreadsheet_are_refused(
    numbers: list[str], refused: int, warehouse: Warehouse, files: Path
) -> None:
    report = load(warehouse, write(files, ids_of(numbers)))
    articles = [reject for reject in report.rejects if reject["file"].endswith("articles.csv")]
    assert len(articles) == refused
    assert all("rounded the last digits" in reject["expected"] for reject in articles)
    assert report.claims["all"] == len(numbers) - refused


def test_unknown_ids_get_a_suggestion(warehouse: Warehouse, files: Path) -> None:
    claims = [
        {"claim_id": "c1", "article_id": "herald-O1", "claim": "X."},
        {"claim_id": "c2", "article_id": "HERALD-01", "claim": "X."},
        {"claim_id": "c3", "article_id": "something else", "claim": "X."},
    ]
    articles = [{"article_id": "herald-01", "source_id": "s"}]
    report = load(warehouse, write(files, all_tables(articles=articles, claims=claims)))
    expected = "the id of a row in the table articles"
    assert [reject["expected"] for reject in report.rejects] == [
        f"{expected} (did you mean 'herald-01'?)",
        f"{expected} (did you mean 'herald-01'?)",
        expected,
    ]


# Partial corrections.


def test_an_absent_column_keeps_what_is_there_and_an_empty_cell_clears_it(
    warehouse: Warehouse, files: Path
) -> None:
    source = {"source_id": "s", "name": "Source", "kind": "blog", "notes": "Kept.", "country": "DE"}
    article = {"article_id": "a", "source_id": "s", "published": "2020-05", "genre": "news"}
    load(warehouse, write(files, {"sources": [source], "articles": [article]}))
    partial = files.parent / "partial"
    partial.mkdir()
    (partial / "sources.csv").write_text("source_id,name,country\ns,Renamed,\n")
    (partial / "articles.csv").write_text("article_id,source_id,title\na,s,A title\n")
    report = load(warehouse, partial)
    assert [(f.corrections, f.cells_cleared, f.cells_kept) for f in report.files] == [
        (1, 1, 2),
        (1, 0, 3),
    ]
    assert ask(warehouse, "SELECT name, kind, notes, country FROM sources") == [
        ("Renamed", "blog", "Kept.", None)
    ]
    assert ask(warehouse, "SELECT title, published, published_precision, genre FROM articles") == [
        ("A title", "2020-05", "month", "news")
    ]
    assert load(warehouse, partial).files[0].duplicates == 1  # the same file again


def test_a_bad_cell_in_a_correction_clears_nothing(warehouse: Warehouse, files: Path) -> None:
    article = {"article_id": "a", "source_id": "s", "word_count": "500", "published": "2020-05"}
    load(warehouse, write(files, {"sources": BASE["sources"], "articles": [article]}))
    worse = article | {"word_count": "abc", "published": "soon", "title": "T"}
    report = load(warehouse, write(files.parent / "worse", {"articles": [worse]}))
    assert (report.emptied, report.files[0].cells_cleared) == (2, 0)
    assert ask(
        warehouse, "SELECT title, word_count, published, published_precision FROM articles"
    ) == [("T", 500, "2020-05", "month")]


# Export, load back.

STARTS = ["=", "'=", "''+", "-", "@", " =", "\u200b＝", "\ufeff-", "'", "' ", "\t", "'\n", "\r"]
TEXTS = st.one_of(
    st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12
    ),
    st.builds(str.__add__, st.sampled_from(STARTS), st.text(max_size=3, alphabet="ab'=- ")),
).filter(lambda text: re.sub("[\\s\u200b\u2060\ufeff]", "", text) != "")


def save(folder: Path, table: str, rows: Sequence[Row]) -> None:
    """Write the contract's columns of the rows as CSV with the line ends of RFC 4180."""
    folder.mkdir(exist_ok=True)
    columns = [name for name in column_names(table) if name in rows[0]]
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


IDS = st.text("ab-=+@'1 ", min_size=1, max_size=6).filter(lambda text: text == text.strip())


@given(st.lists(TEXTS, min_size=3, max_size=40), st.sets(IDS, min_size=1, max_size=20))
@settings(max_examples=8)
def test_what_is_exported_loads_back_as_it_was(texts: list[str], ids: set[str]) -> None:
    """For every text and every id: all rows are duplicates, and no cell is read otherwise."""
    name, title, *claims = texts
    source, *claim_ids = [*ids, *(f"-c{n}" for n in range(len(claims)))][: len(claims) + 1]
    tables = {
        "sources": [{"source_id": source, "name": "N" + name, "notes": name}],
        "articles": [{"article_id": "=a", "source_id": source, "title": title}],
        "claims": [
            {"claim_id": claim_id, "article_id": "=a", "claim": text, "quote": text}
            for claim_id, text in zip(claim_ids, claims, strict=True)
        ],
        "labels": [
            {**BASE["labels"][0], "claim_id": claim_ids[0], "rationale": title, "annotator": "-x"}
        ],
    }
    with new_folder() as folder:
        warehouse = Warehouse(folder / "warehouse")
        # The first load may read a text otherwise, such as one that carries the guard already.
        for table, rows in tables.items():
            save(folder / "files", table, rows)
        assert load(warehouse, folder / "files").rejected == 0
        for table in ("claims", "labels", "articles"):
            save(folder / "back", table, exported(warehouse, table))
        report = load(warehouse, folder / "back")
        assert [(f.rows_loaded, f.rejected) for f in report.files] == [(0, 0)] * 3, report.rejects
        assert report.emptied == 0
