"""The made-up corpus follows the table contract and has the documented properties.

One corpus of the default size is generated for the whole module and read back as text.
"""

from collections.abc import Iterator
from filecmp import cmpfiles
from pathlib import Path
from typing import Any

import duckdb
import pytest

from etl.demo import Summary, make

pytestmark = pytest.mark.slow

COLUMNS = {
    "sources": "source_id name kind affiliation domain country notes",
    "articles": "article_id source_id title author published published_precision url language "
    "genre origin word_count text_sha256 document sample_batch",
    "claims": "claim_id article_id claim paragraph char_start char_end quote topic statement_id "
    "level",
    "citations": "claim_id cited_name cited_source_id kind url locator relation",
    "labels": "claim_id annotator label attribution attribution_kind contested contested_kind "
    "contested_by method round labelled_at codebook_version needs_source suggestion_seen "
    "confidence rationale evidence_url",
}
FILES = [f"{table}.csv" for table in COLUMNS]

# The codebook's values, written out again on purpose: the generator has its own lists.
LEGAL = {
    ("sources", "kind"): "news_agency newspaper broadcaster magazine advocacy government "
    "think_tank blog social unknown",
    ("articles", "genre"): "news opinion press_release blog unknown",
    ("articles", "origin"): "staff wire syndicated press_release sponsored user unknown",
    ("articles", "published_precision"): "day month year unknown",
    ("articles", "language"): "en de fr es",
    ("claims", "level"): "content utterance",
    ("citations", "kind"): "person organisation document media social_post official_statement "
    "unknown",
    ("citations", "relation"): "independent interested_party affiliate unknown",
    ("labels", "label"): "sourced self_cited unsourced contested not_a_claim cannot_say",
    ("labels", "attribution"): "sourced self_cited unsourced",
    ("labels", "attribution_kind"): "independent interested_party own_witness own_record "
    "own_earlier_article affiliate none vague anonymous_described",
    ("labels", "contested"): "true false",
    ("labels", "contested_kind"): "denied_in_article disputed_in_article fact_check "
    "court_or_regulator correction other_publication",
    ("labels", "method"): "human model rule",
    ("labels", "round"): "independent after_discussion adjudication",
    ("labels", "needs_source"): "yes no unsure",
    ("labels", "suggestion_seen"): "true false",
    ("labels", "codebook_version"): "1.0",
    ("labels", "annotator"): "anna bela chidi dora emil fatou model-1 model-2 rule-links "
    "review-meeting",
}
OPTIONAL_LEGAL = {"language", "relation", "round", "attribution", "attribution_kind", "contested"}
OPTIONAL_LEGAL |= {"contested_kind", "needs_source", "suggestion_seen"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    summary = make(folder, threads=2)
    assert (summary.articles, summary.claims) == (3000, 60_000)
    return folder


@pytest.fixture(scope="module")
def con(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        read(con, folder)
        yield con


def read(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Read all files into tables of text."""
    for table in COLUMNS:
        con.execute(
            f"CREATE TABLE {table} AS SELECT * FROM "
            f"read_csv('{folder / table}.csv', all_varchar = true, header = true)"
        )


def number(con: duckdb.DuckDBPyConnection, query: str) -> float:
    """The single number that a query returns."""
    row = con.execute(query).fetchone()
    assert row is not None
    return float(row[0])


def rows(con: duckdb.DuckDBPyConnection, table: str, condition: str) -> int:
    """The number of rows of a table that meet a condition."""
    return int(number(con, f"SELECT count(*) FROM {table} WHERE {condition}"))


# --- the files


def test_same_arguments_same_bytes_with_any_number_of_threads(folder: Path, tmp_path: Path) -> None:
    make(tmp_path, threads=1)
    assert cmpfiles(folder, tmp_path, FILES, shallow=False) == (FILES, [], [])


def test_another_seed_is_another_corpus(tmp_path: Path) -> None:
    for seed in (1, 2):
        make(tmp_path / str(seed), sources=5, articles=20, claims=100, seed=seed)
    same, different, _ = cmpfiles(tmp_path / "1", tmp_path / "2", FILES, shallow=False)
    assert same == ["sources.csv"], "links to a source of the demo work for every seed"
    assert len(different) == 4


@pytest.mark.parametrize("table", COLUMNS)
def test_columns_are_the_contract(folder: Path, table: str) -> None:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        assert file.readline() == COLUMNS[table].replace(" ", ",") + "\n"


@pytest.mark.parametrize(("table", "column"), LEGAL)
def test_values_are_legal_and_all_of_them_occur(
    con: duckdb.DuckDBPyConnection, table: str, column: str
) -> None:
    values = {row[0] for row in con.execute(f"SELECT DISTINCT {column} FROM {table}").fetchall()}
    if column in OPTIONAL_LEGAL:
        values -= {None}
    assert values == set(LEGAL[table, column].split())


@pytest.mark.parametrize(
    ("table", "key"), [("sources", "source_id"), ("articles", "article_id"), ("claims", "claim_id")]
)
def test_ids_are_unique_and_short(con: duckdb.DuckDBPyConnection, table: str, key: str) -> None:
    assert number(con, f"SELECT count(*) - count(DISTINCT {key}) FROM {table}") == 0
    assert number(con, f"SELECT max(length({key})) FROM {table}") <= 200
    assert rows(con, table, f"NOT starts_with({key}, 'demo-')") == 0


@pytest.mark.parametrize(
    ("table", "key", "target", "target_key"),
    [
        ("articles", "source_id", "sources", "source_id"),
        ("claims", "article_id", "articles", "article_id"),
        ("citations", "claim_id", "claims", "claim_id"),
        ("citations", "cited_source_id", "sources", "source_id"),
        ("labels", "claim_id", "claims", "claim_id"),
    ],
)
def test_every_reference_exists(
    con: duckdb.DuckDBPyConnection, table: str, key: str, target: str, target_key: str
) -> None:
    assert rows(con, table, f"{key} NOT IN (SELECT {target_key} FROM {target})") == 0


def test_no_row_is_repeated(con: duckdb.DuckDBPyConnection) -> None:
    for table in COLUMNS:
        distinct = number(con, f"SELECT count(*) FROM (SELECT DISTINCT * FROM {table})")
        assert distinct == rows(con, table, "true"), table


def test_addresses_never_resolve(con: duckdb.DuckDBPyConnection) -> None:
    for table, column in (
        ("articles", "url"),
        ("citations", "url"),
        ("labels", "evidence_url"),
    ):
        pattern = r"^https://[a-z0-9-]+(\.[a-z0-9-]+)*\.example/[a-z]/[0-9]+$"
        assert rows(con, table, f"NOT regexp_matches({column}, '{pattern}')") == 0, table
        assert rows(con, table, f"{column} IS NOT NULL") > 0, table


# --- sources and articles


def test_every_source_is_marked_as_made_up(con: duckdb.DuckDBPyConnection) -> None:
    assert rows(con, "sources", "name NOT LIKE '%_ (made up)'") == 0
    assert number(con, "SELECT count(*) - count(DISTINCT name) FROM sources") == 0
    assert rows(con, "sources", "domain NOT LIKE '%.example'") == 0
    assert rows(con, "citations", "cited_name NOT LIKE '% (made up)'") == 0
    assert rows(con, "labels", "contested_by NOT LIKE '% (made up)'") == 0


def test_publishers_cited_sources_and_groups_of_both(
    con: duckdb.DuckDBPyConnection,
) -> None:
    con.execute(
        "CREATE OR REPLACE TEMP VIEW who AS SELECT *, source_id IN (SELECT source_id FROM articles)"
        " AS publishes FROM sources"
    )
    assert rows(con, "who", "publishes") == 40
    assert 20 <= rows(con, "who", "NOT publishes") <= 30
    groups = con.execute(
        "SELECT count(*) FILTER (publishes), count(*) FILTER (NOT publishes) FROM who "
        "WHERE affiliation IS NOT NULL GROUP BY affiliation"
    ).fetchall()
    assert len(groups) == 3
    assert all(2 <= publishers <= 4 and cited >= 1 for publishers, cited in groups)


def test_self_citation_does_not_apply_to_two_unknown_publishers(
    con: duckdb.DuckDBPyConnection,
) -> None:
    answers = con.execute(
        "SELECT source_id, count(*) FILTER ("
        "'self_cited' IN (coalesce(label, ''), coalesce(attribution, ''))), count(*) FROM labels "
        "JOIN claims USING (claim_id) JOIN articles USING (article_id) "
        "JOIN sources USING (source_id) "
        "WHERE sources.kind = 'unknown' AND affiliation IS NULL GROUP BY source_id"
    ).fetchall()
    assert len(answers) == 2
    assert all(self_cited == 0 and labels > 100 for _, self_cited, labels in answers)


def test_sizes_are_skewed_and_some_sources_are_too_few_to_compare(
    con: duckdb.DuckDBPyConnection,
) -> None:
    sizes = con.execute(
        "SELECT count(DISTINCT article_id) AS articles, count(*) AS claims "
        "FROM articles JOIN claims USING (article_id) GROUP BY source_id ORDER BY articles DESC"
    ).fetchall()
    assert sum(articles for articles, _ in sizes[:4]) > 700
    assert 2 <= sum(articles < 10 for articles, _ in sizes) <= 12
    assert any(articles >= 10 and claims < 30 for articles, claims in sizes)


def test_claims_of_an_article_are_about_log_normal(con: duckdb.DuckDBPyConnection) -> None:
    shape = con.execute(
        "SELECT avg(n), median(n), min(n), max(n), skewness(ln(n)) "
        "FROM (SELECT count(*) AS n FROM claims GROUP BY article_id)"
    ).fetchone()
    assert shape is not None
    mean, median, smallest, largest, skew = shape
    assert mean == 20
    assert 12 < median < 18
    assert smallest <= 2
    assert 100 <= largest <= 120
    assert abs(skew) < 0.5


def test_dates_are_valid_and_match_their_precision(con: duckdb.DuckDBPyConnection) -> None:
    shapes = {
        "day": "try_cast(published AS DATE) BETWEEN '2023-11-01' AND '2026-10-31'",
        "month": "regexp_matches(published, '^20[0-9]{2}-[0-9]{2}$')",
        "year": "published IN ('2023', '2024', '2025', '2026')",
        "unknown": "published IS NULL",
    }
    for precision, shape in shapes.items():
        wrong = f"published_precision = '{precision}' AND ({shape}) IS NOT TRUE"
        assert rows(con, "articles", wrong) == 0, precision
    assert 0.04 < rows(con, "articles", "published IS NULL") / 3000 < 0.08
    assert number(con, "SELECT count(DISTINCT published[:7]) FROM articles") >= 36


def test_wire_copies_share_text_and_statements(con: duckdb.DuckDBPyConnection) -> None:
    groups = con.execute(
        "SELECT count(*), count(DISTINCT source_id), count(DISTINCT title), "
        "count(DISTINCT statements) FROM (SELECT article_id, "
        "list(statement_id ORDER BY claim_id) AS statements FROM claims GROUP BY article_id) "
        "JOIN articles USING (article_id) GROUP BY text_sha256 HAVING count(*) > 1"
    ).fetchall()
    assert len(groups) > 50
    for articles, sources, titles, statements in groups:
        assert (articles, statements) == (sources, 1)
        assert titles <= 1, "a title may be missing, but never differs"


# --- claims


def test_claims_are_short_sentences(con: duckdb.DuckDBPyConnection) -> None:
    assert rows(con, "claims", "len(string_split(claim, ' ')) NOT BETWEEN 5 AND 25") == 0
    assert rows(con, "claims", "NOT regexp_matches(claim, '^[A-Z][^{}|]*[^ ]\\.$')") == 0
    assert rows(con, "claims", "claim LIKE '%  %'") == 0
    assert number(con, "SELECT count(DISTINCT claim) / count(*) FROM claims") > 0.75


def test_one_statement_has_one_wording(con: duckdb.DuckDBPyConnection) -> None:
    several = (
        "SELECT count(*) FROM (SELECT statement_id FROM claims WHERE statement_id IS NOT NULL "
        "GROUP BY statement_id HAVING count(DISTINCT claim) > 1)"
    )
    assert number(con, several) == 0


def test_positions_are_in_text_order(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "CREATE OR REPLACE TEMP VIEW placed AS SELECT *, "
        "lag(char_end::INT) OVER article AS before, lag(paragraph::INT) OVER article AS above "
        "FROM claims JOIN articles USING (article_id) "
        "WINDOW article AS (PARTITION BY article_id ORDER BY claim_id)"
    )
    assert rows(con, "placed", "char_end::INT <= char_start::INT") == 0
    assert rows(con, "placed", "char_start::INT < before OR paragraph::INT < above") == 0
    assert rows(con, "placed", "paragraph::INT < 1 OR char_start::INT < 0") == 0
    assert rows(con, "placed", "char_end::INT > word_count::INT * 6.2 + 10") == 0
    assert rows(con, "placed", "length(quote) <> char_end::INT - char_start::INT") == 0


def test_shares_of_claims_with_quotes_repeats_and_utterances(
    con: duckdb.DuckDBPyConnection,
) -> None:
    repeated = (
        "statement_id IN (SELECT statement_id FROM claims GROUP BY statement_id "
        "HAVING count(*) > 1 AND statement_id IS NOT NULL)"
    )
    assert 0.20 < rows(con, "claims", repeated) / 60_000 < 0.30
    assert 0.28 < rows(con, "claims", "quote IS NOT NULL") / 60_000 < 0.40
    assert 0.02 < rows(con, "claims", "level = 'utterance'") / 60_000 < 0.06


# --- labels


def test_label_attribution_and_contested_agree(con: duckdb.DuckDBPyConnection) -> None:
    no_answer = "label IN ('not_a_claim', 'cannot_say')"
    wrong = {
        "contested": "(label = 'contested') <> (coalesce(contested, 'false') = 'true')",
        "attribution": f"NOT {no_answer} AND label <> 'contested' "
        "AND label IS DISTINCT FROM attribution",
        "no answer": f"{no_answer} AND (rationale IS NULL OR "
        "coalesce(attribution, attribution_kind, contested, contested_kind) IS NOT NULL)",
        "answer": f"NOT {no_answer} AND contested IS NULL",
        "dispute": "label <> 'contested' AND "
        "coalesce(contested_kind, contested_by, evidence_url) IS NOT NULL",
        "kind": "attribution_kind IS NOT NULL AND NOT coalesce(CASE attribution "
        "WHEN 'sourced' THEN attribution_kind IN ('independent', 'interested_party') "
        "WHEN 'self_cited' THEN attribution_kind LIKE 'own_%' OR attribution_kind = 'affiliate' "
        "ELSE attribution_kind IN ('none', 'vague', 'anonymous_described') END "
        "AND attribution IS NOT NULL, false)",
    }
    for rule, condition in wrong.items():
        assert rows(con, "labels", condition) == 0, rule
    with_attribution = rows(con, "labels", "label = 'contested' AND attribution IS NOT NULL")
    assert 0.85 < with_attribution / rows(con, "labels", "label = 'contested'") < 0.98


def test_no_annotator_labels_a_claim_twice_at_one_time(con: duckdb.DuckDBPyConnection) -> None:
    twice = (
        "SELECT count(*) FROM (SELECT 1 FROM labels "
        "GROUP BY claim_id, annotator, labelled_at HAVING count(*) > 1)"
    )
    assert number(con, twice) == 0


def test_times_are_full_and_after_the_article(con: duckdb.DuckDBPyConnection) -> None:
    pattern = "^2026-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z$"
    assert rows(con, "labels", f"regexp_matches(labelled_at, '{pattern}') IS NOT TRUE") == 0
    assert rows(con, "labels", "try_cast(labelled_at AS TIMESTAMPTZ) IS NULL") == 0
    assert rows(con, "labels", "labelled_at >= '2026-11-21'") == 0
    early = (
        "labels JOIN claims USING (claim_id) JOIN articles USING (article_id)",
        "labelled_at[:10] <= published",
    )
    assert rows(con, *early) == 0


def test_methods_belong_to_annotators_and_rounds(con: duckdb.DuckDBPyConnection) -> None:
    assert rows(con, "labels", "(method = 'model') <> (annotator LIKE 'model-%')") == 0
    assert rows(con, "labels", "(method = 'rule') <> (annotator LIKE 'rule-%')") == 0
    meeting = "annotator = 'review-meeting'"
    assert rows(con, "labels", f"({meeting}) <> (coalesce(round, '') = 'adjudication')") == 0
    assert rows(con, "labels", f"{meeting} AND (method <> 'human' OR rationale IS NULL)") == 0
    assert rows(con, "labels", "method = 'model' AND confidence IS NULL") == 0
    assert rows(con, "labels", "confidence::DOUBLE NOT BETWEEN 0.5 AND 1") == 0


def test_shares_of_claims_by_number_and_kind_of_annotators(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "CREATE OR REPLACE TEMP VIEW answered AS SELECT claim_id, count(DISTINCT annotator) "
        "FILTER (method = 'human' AND round <> 'adjudication') AS humans, "
        "count(*) FILTER (method = 'model') AS models, "
        "count(*) FILTER (round = 'adjudication') AS decisions "
        "FROM claims LEFT JOIN labels USING (claim_id) GROUP BY claim_id"
    )
    expected = {
        "humans = 2": 0.55,
        "humans = 3": 0.12,
        "humans = 1": 0.10,
        "humans = 0 AND models BETWEEN 1 AND 2": 0.18,
        "humans + models = 0": 0.05,
        "decisions = 1": 0.01,
    }
    for condition, share in expected.items():
        actual = rows(con, "answered", condition) / 60_000
        assert abs(actual - share) < min(0.025, share / 2), (condition, actual)


def test_some_answers_are_changed_later(con: duckdb.DuckDBPyConnection) -> None:
    changed = number(
        con,
        "SELECT count(*) - count(DISTINCT (claim_id, annotator)) FROM labels "
        "WHERE method = 'human' AND round <> 'adjudication'",
    )
    assert 0.02 < changed / rows(con, "labels", "method = 'human'") < 0.04
    early = (
        "SELECT count(*) FROM (SELECT min_by(round, labelled_at) AS first_round FROM labels "
        "WHERE method = 'human' AND round <> 'adjudication' GROUP BY claim_id, annotator) "
        "WHERE first_round <> 'independent'"
    )
    assert number(con, early) == 0


def test_humans_agree_as_trained_annotators_do_and_models_less(
    con: duckdb.DuckDBPyConnection,
) -> None:
    agreement = (
        "WITH first_labels AS (SELECT * FROM labels WHERE round = 'independent' "
        "QUALIFY row_number() OVER (PARTITION BY claim_id, annotator ORDER BY labelled_at) = 1) "
        "SELECT avg((a.label = b.label)::INT) FROM first_labels a JOIN first_labels b "
        "ON a.claim_id = b.claim_id AND a.annotator < b.annotator "
        "WHERE a.method = '{}' AND b.method = '{}'"
    )
    humans = number(con, agreement.format("human", "human"))
    models = number(con, agreement.format("model", "model"))
    assert 0.80 < humans < 0.88
    assert 0.60 < models < humans


# --- citations


def test_citations_match_the_labels_with_a_few_errors(
    con: duckdb.DuckDBPyConnection,
) -> None:
    con.execute(
        "CREATE OR REPLACE TEMP VIEW agreed AS SELECT claim_id, any_value(label) AS label "
        "FROM labels WHERE method = 'human' GROUP BY claim_id "
        "HAVING count(DISTINCT label) = 1 AND count(*) > 1"
    )
    con.execute(
        "CREATE OR REPLACE TEMP VIEW cited AS SELECT claim_id, count(citations.claim_id) AS n, "
        "count(*) FILTER (coalesce(body.affiliation, body.source_id) = "
        "coalesce(outlet.affiliation, outlet.source_id)) AS inside "
        "FROM claims JOIN articles USING (article_id) JOIN sources outlet USING (source_id) "
        "LEFT JOIN citations USING (claim_id) "
        "LEFT JOIN sources body ON body.source_id = cited_source_id GROUP BY claim_id"
    )
    errors = {
        "sourced": "n = 0",
        "self_cited": "n = 0",
        "unsourced": "n > 0",
        "sourced ": "n > 0 AND inside = n",
    }
    for label, error in errors.items():
        claims = f"agreed JOIN cited USING (claim_id) WHERE label = '{label.strip()}'"
        share = number(con, f"SELECT avg(({error})::INT) FROM {claims}")
        assert 0.003 < share < 0.04, (label, error, share)


# --- sizes


def test_labels_per_claim_is_exact(tmp_path: Path) -> None:
    summary = make(tmp_path, sources=30, articles=500, claims=10_000, labels_per_claim=1.5, seed=3)
    assert summary == Summary(55, 500, 10_000, summary.citations, 15_000)
    with duckdb.connect() as con:
        read(con, tmp_path)
        for table in COLUMNS:
            assert rows(con, table, "true") == getattr(summary, table), table
        kinds = "SELECT count(DISTINCT (method, round)) FROM labels"
        assert number(con, kinds) == 5, "all kinds of labels are left"


def test_more_publishers_than_names_are_numbered(tmp_path: Path) -> None:
    make(tmp_path, sources=1500, articles=3000, claims=4000, labels_per_claim=4.0)
    with duckdb.connect() as con:
        read(con, tmp_path)
        assert number(con, "SELECT count(DISTINCT source_id) FROM articles") == 1500
        assert number(con, "SELECT count(*) - count(DISTINCT source_id) FROM sources") == 0
        assert rows(con, "sources", "name NOT LIKE '% (made up)'") == 0
        assert rows(con, "labels", "true") == 16_000


@pytest.mark.parametrize(
    "sizes", [(1, 1, 1), (3, 3, 3), (1, 2, 240), (12, 40, 900), (2, 60, 400), (4, 99, 500)]
)
def test_small_corpora(tmp_path: Path, sizes: tuple[int, int, int]) -> None:
    sources, articles, claims = sizes
    summary = make(tmp_path, sources=sources, articles=articles, claims=claims)
    assert (summary.articles, summary.claims) == (articles, claims)


@pytest.mark.parametrize(
    "wrong",
    [
        {"sources": 0},
        {"articles": 39},
        {"claims": 2999},
        {"claims": 3000 * 121},
        {"labels_per_claim": 7.0},
        {"labels_per_claim": 0.0},
        {"seed": -1},
    ],
)
def test_impossible_sizes_are_refused_and_nothing_is_written(
    tmp_path: Path, wrong: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=r"[Ee]xpected|too (many|few)"):
        make(tmp_path, **wrong)
    assert not list(tmp_path.iterdir())
