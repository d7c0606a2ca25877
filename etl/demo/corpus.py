"""Generate the whole corpus in one call."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from etl.demo import annotation_rounds as turns
from etl.demo.answers import answers as answer
from etl.demo.articles import Articles, plan, positions
from etl.demo.citations import citations as cite
from etl.demo.claims import Lines, words_of_articles, write_lines
from etl.demo.csv_files import Writer, writer
from etl.demo.outlets import Sources
from etl.demo.outlets import sources as outlets
from etl.demo.random_draws import Array, Part, stream
from etl.demo.true_labels import Truth, for_claims
from etl.demo.true_labels import lines as truth_of_lines

FEWEST = 0.2  # labels per claim: fewer leave no room for decisions, changes and rules


@dataclass(frozen=True)
class Summary:
    """The number of rows in each file, without the header."""

    sources: int
    articles: int
    claims: int
    citations: int
    labels: int


def make(
    folder: Path,
    *,
    sources: int = 40,
    articles: int = 3000,
    claims: int = 60_000,
    labels_per_claim: float | None = None,
    seed: int = 1,
    threads: int | None = None,
) -> Summary:
    """Write a made-up corpus into `folder`: sources, articles, claims, citations and labels as CSV.

    `sources` counts publishers; about 25 sources that are only cited are added. `articles` and
    `claims` are exact. `labels_per_claim` fixes the number of labels (default: about 2.1 per
    claim). The same arguments give the same bytes; `threads` affects only the speed. Existing
    files of the same names are replaced.

    Raises ValueError, before anything is written, if the sizes are not compatible.
    """
    _check(sources, articles, claims, labels_per_claim, seed)
    corpus_sources = outlets(sources)
    corpus_articles = plan(stream(seed, Part.ARTICLES), corpus_sources, articles, claims)
    truth = truth_of_lines(stream(seed, Part.TRUTH), corpus_sources, corpus_articles)
    lines = write_lines(stream(seed, Part.CLAIMS), corpus_articles, truth)
    article, place = positions(corpus_articles)
    line = lines.starts[corpus_articles.text][article] + place
    corpus = _Corpus(
        seed,
        corpus_sources,
        corpus_articles,
        article,
        place,
        for_claims(truth, corpus_sources, corpus_articles, article, line),
    )
    labels = None if labels_per_claim is None else round(labels_per_claim * claims)
    rng = stream(seed, Part.ROUNDS)
    counts = turns.counts(rng, corpus.truth, article, labels)
    start = turns.team_starts(rng, corpus_articles)
    with writer(folder, corpus_sources, claims, threads) as out:
        out.write(
            "sources", {"code": np.arange(1, len(corpus_sources.outlets) + 1, dtype=np.int32)}
        )
        out.write("articles", _article_codes(corpus, lines, start))
        out.write("claims", _claim_codes(corpus, lines, line))
        citation_count = _write_citations(out, corpus)
        label_count = _write_labels(out, corpus, counts, start)
    return Summary(len(corpus_sources.outlets), articles, claims, citation_count, label_count)


@dataclass(frozen=True)
class _Corpus:
    """The data for the files; `article`, `place` (in the article) and `truth` are per claim."""

    seed: int
    sources: Sources
    articles: Articles
    article: Array
    place: Array
    truth: Truth


def _check(
    sources: int, articles: int, claims: int, labels_per_claim: float | None, seed: int
) -> None:
    """Raise ValueError for sizes that no corpus can have."""
    if not 1 <= sources <= articles <= claims:
        msg = (
            f"{sources} sources, {articles} articles, {claims} claims: expected at least one "
            "source, an article for each source and a claim for each article."
        )
        raise ValueError(msg)
    if labels_per_claim is not None and not FEWEST <= labels_per_claim <= turns.MOST_LABELS:
        msg = f"labels_per_claim is {labels_per_claim}; expected {FEWEST} to {turns.MOST_LABELS}."
        raise ValueError(msg)
    if seed < 0:
        raise ValueError(f"seed is {seed}; expected 0 or more.")


def _article_codes(corpus: _Corpus, lines: Lines, start: Array) -> dict[str, Array]:
    """The columns of `sql/articles.sql`; `start` is the day on which a team starts on each one."""
    articles = corpus.articles
    count = len(articles.source)
    rng = stream(corpus.seed, Part.WORDS)
    columns = (
        *("source", "text", "published", "precision", "language", "genre", "origin", "author"),
        *("place", "headline"),
    )
    return {
        "article": np.arange(count, dtype=np.int32),
        "seed": np.full(count, corpus.seed, dtype=np.int64),
        "start": start,
        "words": words_of_articles(rng, articles, lines),
        **{name: getattr(articles, name) for name in columns},
    }


def _claim_codes(corpus: _Corpus, lines: Lines, line: Array) -> dict[str, Array]:
    """The columns of `sql/claims.sql`; `line` is the line of each claim."""
    columns = (
        *("topic", "opening", "act", "ending", "level", "statement", "lead_in", "quoted"),
        *("paragraph", "char_start", "char_end"),
    )
    of_lines = {name: getattr(lines, name)[line] for name in columns}
    return {"article": corpus.article, "place": corpus.place, **of_lines}


def _write_citations(out: Writer, corpus: _Corpus) -> int:
    """Write `citations.csv`; returns the number of rows."""
    rng = stream(corpus.seed, Part.CITATIONS)
    citations = cite(rng, corpus.sources, corpus.articles, corpus.article, corpus.truth)
    codes = {"article": corpus.article[citations.claim], "place": corpus.place[citations.claim]}
    out.write("citations", {**codes, **vars(citations)})
    return len(citations.claim)


def _write_labels(out: Writer, corpus: _Corpus, counts: turns.Counts, start: Array) -> int:
    """Write `labels.csv`; returns the number of rows. `start`: as in `_article_codes`."""
    rng = stream(corpus.seed, Part.TURNS)
    rounds = turns.rounds(rng, counts, corpus.articles, start, (corpus.article, corpus.place))
    nameless = corpus.sources.nameless[corpus.articles.source][corpus.article]
    rng = stream(corpus.seed, Part.ANSWERS)
    answers = answer(rng, corpus.truth, nameless, rounds, counts.rule > 0)
    codes = {
        "article": corpus.article[rounds.claim],
        "place": corpus.place[rounds.claim],
        "method": turns.METHOD_OF[rounds.annotator],
        "annotator": rounds.annotator,
        "round": rounds.round,
        "day": rounds.day,
        "second": rounds.second,
    }
    out.write("labels", {**codes, **vars(answers)})
    return len(rounds.claim)
