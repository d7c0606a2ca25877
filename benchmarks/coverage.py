"""A simulation: how often the 95 % intervals of shares and differences contain the true value.

Claims within an article are drawn to be correlated. The functions of sourcing.statistics compute
shares, intervals and differences, and the simulation counts how often the interval contains the
true value. A cell is an ICC, a number of articles, a distribution of article sizes and a share p.
An article's probability of the label is drawn from the Beta distribution with mean p and that ICC,
its claims with that probability, and its size independently, so p is the true value both for claims
and for articles.

For distinct statements, a claim repeats with probability 0.3 a statement that the source makes 2
to 4 times, at random places (the last one of a source may have fewer). Its first occurrence is
labelled with the probability of its article; each other one has the same label with probability
0.9, and otherwise a label drawn with the probability of its own article. Places and numbers of
repeats do not depend on labels, and each label is drawn with mean p, so the true value is again p.

A difference is between two independent sources with the same ICC, sizes and number of articles.

A cell with a coverage below its target plus half a point is run again with ten times as many runs,
and only that figure counts. Writes benchmarks/results/DATE-coverage.json and prints the Markdown
tables of docs/method.md. The same seed and versions give the same figures.

    python -m benchmarks.coverage
"""

import json
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
import pandas as pd

from sourcing import statistics
from sourcing.statistics import Counts, Floats, Ints, Moments, Shares, Weighting

ICCS = (0.0, 0.05, 0.1, 0.3)
ARTICLES = (2, 3, 5, 10, 20, 50, 150)
SIZES = ("even", "varied", "log-normal")
SHARES = (0.01, 0.02, 0.05, 0.1, 0.3, 0.5, 0.9, 0.98)
PAIRS = tuple((p, q) for p in (0.02, 0.1, 0.3, 0.5, 0.9) for q in (p, round(p + 0.1, 2)) if q < 1)
SEED = 20261121
REPEATED, SAME = 0.3, 0.9
NEAR, TIMES = 0.005, 10


class Kind(NamedTuple):
    """One kind of interval: what is compared, the target coverage (`line`) and runs per cell."""

    weighting: Weighting
    pairs: bool
    line: float
    runs: int

    @property
    def name(self) -> str:
        """Its name in tables and results."""
        return f"{'differences' if self.pairs else 'shares'} by {self.weighting}"

    @property
    def truths(self) -> tuple[tuple[float, ...], ...]:
        """The true shares (0–1) of a cell's one or two sources."""
        return PAIRS if self.pairs else tuple((share,) for share in SHARES)


KINDS = (
    Kind(Weighting.CLAIM, pairs=False, line=0.94, runs=10_000),
    Kind(Weighting.ARTICLE, pairs=False, line=0.92, runs=4_000),
    Kind(Weighting.STATEMENT, pairs=False, line=0.92, runs=4_000),
    Kind(Weighting.CLAIM, pairs=True, line=0.92, runs=4_000),
    Kind(Weighting.ARTICLE, pairs=True, line=0.92, runs=4_000),
    Kind(Weighting.STATEMENT, pairs=True, line=0.92, runs=4_000),
)


@dataclass(frozen=True)
class Cell:
    """The parameters of one source; share is the true value (0–1)."""

    icc: float
    articles: int
    sizes: str
    share: float


Case = tuple[Cell, ...]
"""One cell for a share, two for a difference."""


def _articles(cell: Cell, runs: int, rng: np.random.Generator) -> tuple[Ints, Ints, Floats]:
    """For each article: its run, its number of claims, its probability of the label."""
    total = runs * cell.articles
    run = np.repeat(np.arange(runs), cell.articles)
    if cell.sizes == "even":
        claims = np.full(total, 10, np.int64)
    elif cell.sizes == "varied":
        claims = rng.integers(1, 21, total)
    else:
        claims = np.maximum(np.rint(rng.lognormal(np.log(6), 1, total)), 1).astype(np.int64)
    if cell.icc == 0:
        return run, claims, np.full(total, cell.share)
    precision = (1 - cell.icc) / cell.icc
    return run, claims, rng.beta(cell.share * precision, (1 - cell.share) * precision, total)


def draw(cell: Cell, runs: int, rng: np.random.Generator) -> Counts:
    """Counts of claims without repeats; a group is a run."""
    run, claims, chance = _articles(cell, runs, rng)
    yes, ones = rng.binomial(claims, chance), np.ones_like(claims)
    labels = np.column_stack([yes, claims - yes])
    return Counts(run, np.arange(len(run)), claims, labels, ones, ones, runs)


def draw_repeats(cell: Cell, runs: int, rng: np.random.Generator) -> Counts:
    """Counts of claims, some of which repeat statements of their source; a group is a run."""
    run, claims, chance = _articles(cell, runs, rng)
    places = rng.binomial(claims, REPEATED)
    place = np.repeat(np.arange(len(run)), places)
    place = place[np.argsort(run[place] + rng.random(len(place)))]
    first = np.diff(run[place], prepend=-1) > 0
    ends = np.cumsum(rng.integers(2, 5, len(place) // 2 + 1))
    first[ends[ends < len(place)]] = True
    statement = np.cumsum(first) - 1
    label = rng.random(len(place)) < chance[place]
    label = np.where(rng.random(len(place)) < SAME, label[first][statement], label)
    row = 4 * place + np.bincount(statement)[statement] - 1
    counted = np.bincount(row, minlength=4 * len(run))
    yes = np.bincount(row[label], minlength=4 * len(run))
    counted[::4] += claims - places
    yes[::4] += rng.binomial(claims - places, chance)
    cells = np.flatnonzero(counted)
    article, repeats = cells // 4, cells % 4 + 1
    labels = np.column_stack([yes[cells], counted[cells] - yes[cells]])
    return Counts(run[article], article, counted[cells], labels, repeats, repeats, runs)


def intervals(
    cell: Cell,
    weighting: Weighting,
    runs: int,
    rng: np.random.Generator,
    method: Callable[[Moments], Shares] = statistics.shares,
) -> Shares:
    """Shares of the first label with their intervals; a row for each run and label."""
    counts = (draw_repeats if weighting is Weighting.STATEMENT else draw)(cell, runs, rng)
    return method(statistics.moments(counts, weighting))


def coverage(
    case: Case,
    weighting: Weighting,
    runs: int,
    rng: np.random.Generator,
    method: Callable[[Moments], Shares] = statistics.shares,
) -> float:
    """How often (0–1) the interval contains the share, or the second share minus the first."""
    shares_by_cell = [intervals(cell, weighting, runs, rng, method) for cell in case]
    truth = case[-1].share - (case[0].share if len(case) > 1 else 0)
    bounds = statistics.differences(*shares_by_cell) if len(case) > 1 else shares_by_cell[0]
    low, high = bounds.low[::2], bounds.high[::2]
    if np.isnan(low).any():
        raise ValueError(f"{case}: a run has no interval, although it has two or more articles")
    return float(np.mean((low <= truth) & (truth <= high)))


def figure(kind: Kind, case: Case) -> tuple[float, bool]:
    """Coverage (0–1) of a cell, and whether it was run again for being close to the target."""
    rng = np.random.default_rng([SEED, crc32(f"{kind.name} {case}".encode())])
    value = coverage(case, kind.weighting, kind.runs, rng)
    if value >= kind.line + NEAR:
        return round(value, 5), False
    values = [coverage(case, kind.weighting, kind.runs, rng) for _ in range(TIMES)]
    return round(sum(values) / TIMES, 5), True


def measure(kind: Kind) -> dict[str, Any]:
    """Coverage (0–1) in all cells of a kind; one row for each sizes, ICC and number of articles."""
    rows, reruns = [], 0
    for sizes, icc, articles in product(SIZES, ICCS, ARTICLES):
        cases = [tuple(Cell(icc, articles, sizes, p) for p in shares) for shares in kind.truths]
        figures = [figure(kind, case) for case in cases]
        rows.append([sizes, icc, articles, [value for value, _ in figures]])
        reruns += sum(repeated for _, repeated in figures)
    shares = [" and ".join(map(str, shares)) for shares in kind.truths]
    return {**kind._asdict(), "run_again": reruns, "shares": shares, "coverage": rows}


def _percent(value: float) -> str:
    """A share (0–1) in per cent, rounded down to one decimal."""
    return f"{round(value * 100_000) // 100 / 10:.1f}"


def _table(head: Iterable[object], lines: Iterable[Iterable[object]]) -> str:
    """A Markdown table; floats are coverages (0–1)."""
    rows = [[str(value) for value in head]]
    rows.append(["---"] * len(rows[0]))
    rows += [[_percent(v) if isinstance(v, float) else str(v) for v in line] for line in lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def tables(result: dict[str, Any]) -> list[str]:
    """Markdown: a summary, the lowest by articles, ICC and sizes, and all cells below target."""
    cells = pd.DataFrame(
        [
            (name, *map(str, row[:3]), share, value)
            for name, coverages in result["kinds"].items()
            for row in coverages["coverage"]
            for share, value in zip(coverages["shares"], row[3], strict=True)
        ],
        columns=["intervals of", "sizes", "ICC", "articles", "share", "coverage"],
    )
    summary, below = [], []
    for name, kind in result["kinds"].items():
        figures = cells.loc[cells["intervals of"] == name, "coverage"]
        short = cells.loc[figures.index[figures < kind["line"]]]
        below += short.to_numpy().tolist()
        counted = (f"{kind['runs']:,}", len(figures), kind["line"], len(short))
        summary.append((name, *counted, figures.min(), figures.median()))
    head = ("intervals of", "runs", "cells", "line", "below", "lowest", "median")
    markdown = [_table(head, summary)]
    for word in ("articles", "ICC", "sizes"):
        lowest = cells.pivot_table("coverage", "intervals of", word, "min", sort=False)
        rows = lowest.reset_index().to_numpy()
        markdown.append(_table((f"lowest by {word}", *lowest.columns), rows))
    return [*markdown, _table(cells.columns, below)] if below else markdown


def main() -> None:
    """Simulate, write the results and print the tables."""
    print(f"seed {SEED}", file=sys.stderr)
    versions = {name: version(name) for name in ("numpy", "scipy")}
    result: dict[str, Any] = {"what": "coverage", "seed": SEED, "versions": versions, "kinds": {}}
    for kind in KINDS:
        started = time.perf_counter()
        result["kinds"][kind.name] = measure(kind)
        print(f"{kind.name}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
    target = Path(__file__).parent / "results" / f"{datetime.now(UTC):%Y-%m-%d}-coverage.json"
    target.write_text(json.dumps(result).replace(', ["', ',\n["').replace('"}, "', '"},\n"') + "\n")
    print("\n\n".join(tables(result)))


if __name__ == "__main__":
    main()
