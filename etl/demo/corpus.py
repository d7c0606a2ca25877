"""The whole corpus in one call."""

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

FEWEST = 0.2  # labels a claim: fewer would leave no room for decisions, changes and rules


@dataclass(frozen=True)
class Summary:
    """What was written: the rows of each file, without the header."""

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

    `sources` counts publishers; some 25 bodies that are only cited come on top. `articles` and
    `claims` are exact. `labels_per_claim` fixes the number of labels (about 2.1 a claim without
    it). Same arguments, same bytes: `threads` changes only how long it takes. Files of the same
    names are replaced.

    Raises ValueError where the sizes cannot go together, and before anything is written.
    """
    _check(sources, articles, claims, labels_per_claim, seed)
    who = outlets(sources)
    what = plan(stream(seed, Part.ARTICLES), who, articles, claims)
    truth = truth_of_lines(stream(seed, Part.TRUTH), who, what)
    lines = write_lines(stream(seed, Part.CLAIMS), what, truth)
    article, place = positions(what)
    line = lines.starts[what.text][article] + place
    corpus = _Corpus(seed, who, what, article, place, for_claims(truth, who, what, article, line))
    labels = None if labels_per_claim is None else round(labels_per_claim * claims)
    rng = stream(seed, Part.ROUNDS)
    counts = turns.counts(rng, corpus.truth, article, labels)
    start = turns.team_starts(rng, what)
    with writer(folder, who, claims, threads) as out:
        out.write("sources", {"code": np.arange(1, len(who.outlets) + 1, dtype=np.int32)})
        out.write("articles", _article_codes(corpus, lines, start))
        out.write("claims", _claim_codes(corpus, lines, line))
        cited = _write_citations(out, corpus)
        given = _write_labels(out, corpus, counts, start)
    return Summary(len(who.outlets), articles, claims, cited, given)


@dataclass(frozen=True)
class _Corpus:
    """What the files are written from; `article`, `place` (in the article) and `truth` by claim."""

    seed: int
    sources: Sources
    articles: Articles
    article: Array
    place: Array
    truth: Truth


def _check(
    sources: int, articles: int, claims: int, labels_per_claim: float | None, seed: int
) -> None:
    """Refuse numbers that no corpus can have, with the number in the sentence."""
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
    """The columns of `sql/articles.sql`; `start` is the day on which a team starts on each."""
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
    """Write `citations.csv`; the number of its rows."""
    rng = stream(corpus.seed, Part.CITATIONS)
    cited = cite(rng, corpus.sources, corpus.articles, corpus.article, corpus.truth)
    codes = {"article": corpus.article[cited.claim], "place": corpus.place[cited.claim]}
    out.write("citations", {**codes, **vars(cited)})
    return len(cited.claim)


def _write_labels(out: Writer, corpus: _Corpus, counts: turns.Counts, start: Array) -> int:
    """Write `labels.csv`; the number of its rows. `start` as in `_article_codes`."""
    rng = stream(corpus.seed, Part.TURNS)
    rounds = turns.rounds(rng, counts, corpus.articles, start, (corpus.article, corpus.place))
    nameless = corpus.sources.nameless[corpus.articles.source][corpus.article]
    rng = stream(corpus.seed, Part.ANSWERS)
    given = answer(rng, corpus.truth, nameless, rounds, counts.rule > 0)
    codes = {
        "article": corpus.article[rounds.claim],
        "place": corpus.place[rounds.claim],
        "method": turns.METHOD_OF[rounds.annotator],
        "annotator": rounds.annotator,
        "round": rounds.round,
        "day": rounds.day,
        "second": rounds.second,
    }
    out.write("labels", {**codes, **vars(given)})
    return len(rounds.claim)
