"""Turn codes and word lists into CSV files, in DuckDB.

Every query in `sql/` reads one table of codes row by row and looks words up in lists, never by a
join, so rows stay in order with any number of threads and the same codes give the same bytes.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import duckdb

from etl.demo import (
    annotation_rounds,
    answers,
    citations,
    names,
    phrases,
    rationales,
    true_labels,
    word_lists,
)
from etl.demo import articles as article_words
from etl.demo.outlets import LANGUAGES, Sources
from etl.demo.random_draws import Array

_SQL = Path(__file__).parent / "sql"
TABLES = ("sources", "articles", "claims", "citations", "labels")
LEVELS = ("content", "utterance")


class Writer:
    """Writes the tables of one corpus to a folder."""

    def __init__(self, con: duckdb.DuckDBPyConnection, folder: Path) -> None:
        """con: a connection that has the word lists; `writer` opens one."""
        self._con = con
        self._folder = folder

    def write(self, table: str, codes: Mapping[str, Array]) -> None:
        """Write `<table>.csv`: one row for each element of the arrays, which have equal length."""
        query = (_SQL / f"{table}.sql").read_text(encoding="utf-8")
        path = str(self._folder / f"{table}.csv").replace("'", "''")
        self._con.register("codes", dict(codes))
        try:
            self._con.execute(f"COPY ({query}) TO '{path}' (FORMAT csv, HEADER true)")
        finally:
            self._con.unregister("codes")


@contextmanager
def writer(folder: Path, sources: Sources, highest: int, threads: int | None) -> Iterator[Writer]:
    """A writer with all word lists; the folder is created if it is missing.

    `highest` is the highest number in any id. Without `threads`, DuckDB uses all cores.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as con:
        con.execute("SET preserve_insertion_order = true")
        if threads is not None:
            con.execute(f"SET threads = {int(threads)}")
        con.execute((_SQL / "words.sql").read_text(encoding="utf-8"))
        for name, words in {**_word_lists(highest), **sources.columns()}.items():
            con.execute(f"SET VARIABLE {name} = $words", {"words": list(words)})
        yield Writer(con, folder)


def _word_lists(highest: int) -> dict[str, Sequence[str]]:
    """The word lists by their names in the queries."""
    thousands = max(1000, highest // 1000 + 1)
    return {
        "thousands": [f"{number:03d}" for number in range(thousands)],
        "flag": ("false", "true"),
        "day": [
            f"{annotation_rounds.YEAR_START + timedelta(days):%Y-%m-%d}" for days in range(365)
        ],
        "second": [_time(second) for second in range(24 * 3600)],
        "topic": [topic.slug for topic in word_lists.TOPICS],
        "place": word_lists.PLACES,
        "headline": phrases.headlines(),
        "author": names.AUTHORS,
        "published": article_words.PUBLISHED,
        "precision": article_words.PRECISIONS,
        "language": LANGUAGES,
        "genre": article_words.GENRES,
        "origin": article_words.ORIGINS,
        "level": LEVELS,
        "said": (phrases.SAID,),
        "opening": phrases.openings().words,
        "capital": phrases.capitals(phrases.openings().words),
        "act": phrases.acts().words,
        "ending": phrases.endings(),
        "lead_in": phrases.lead_ins(),
        "witness": names.WITNESSES,
        "document": names.DOCUMENTS,
        "citation_kind": citations.KINDS,
        "locator": citations.LOCATORS,
        "relation": citations.RELATIONS,
        "annotator": annotation_rounds.ANNOTATORS,
        "method": annotation_rounds.METHODS,
        "round": annotation_rounds.ROUNDS,
        "label": answers.LABELS,
        "attribution": true_labels.ATTRIBUTIONS,
        "attribution_kind": tuple(phrases.LEAD_INS),
        "contested_kind": answers.CONTESTED_KINDS,
        "disputed_by": rationales.DISPUTED_BY,
        "needs_source": answers.NEEDS_SOURCE,
        "confidence": [f"{percent / 100:.2f}" for percent in range(50, 101)],
        "rationale": [text for of_answer in rationales.RATIONALES for text in of_answer],
        "decision": rationales.DECISIONS,
    }


def _time(second: int) -> str:
    """The end of a UTC time: "T08:15:00Z" for a second of the day."""
    return f"T{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}Z"
