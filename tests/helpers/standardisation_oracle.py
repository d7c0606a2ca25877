"""Standardised shares, written out in plain Python."""

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from fractions import Fraction

import oracle
from scipy import stats

from sourcing.statistics import Weighting

Claim = tuple[int, str | None, str | None]
"""The cell, the resolved label (None if open) and the statement of a claim."""


Articles = list[list[Claim]]


@dataclass
class Cell:
    """An article's weight in a cell, in total and by label, and the worst case."""

    n: Fraction = Fraction()
    everything: Fraction = Fraction()
    still_open: Fraction = Fraction()

    def __post_init__(self) -> None:
        self.k: dict[str, Fraction] = defaultdict(Fraction)
        self.low: dict[str, Fraction] = defaultdict(Fraction)


def by_cell(articles: Articles, weighting: Weighting) -> dict[int, dict[int, Cell]]:
    """Cell → article → weights; repeats of a statement are counted within a cell."""
    all_claims = [claim for article in articles for claim in article]
    repeats = Counter((cell, statement) for cell, answer, statement in all_claims if answer)
    repeats_all = Counter((cell, statement) for cell, _, statement in all_claims)
    cells: dict[int, dict[int, Cell]] = defaultdict(lambda: defaultdict(Cell))
    for number, article in enumerate(articles):
        for cell in {cell for cell, _, _ in article}:
            members = [claim for claim in article if claim[0] == cell]
            resolved = sum(claim[1] is not None for claim in members)
            at = cells[cell][number]
            for claim in members:
                resolved_weight = weight = Fraction(1)
                if weighting is Weighting.ARTICLE:
                    resolved_weight, weight = (
                        Fraction(1, max(resolved, 1)),
                        Fraction(1, len(members)),
                    )
                elif weighting is Weighting.STATEMENT and claim[2]:
                    resolved_weight = Fraction(1, max(repeats[cell, claim[2]], 1))
                    weight = Fraction(1, repeats_all[cell, claim[2]])
                at.everything += weight
                if claim[1] is None:
                    at.still_open += weight
                else:
                    at.n += resolved_weight
                    at.k[claim[1]] += resolved_weight
                    at.low[claim[1]] += weight
    return cells


@dataclass(frozen=True)
class Plain:
    """The result of `standardised`, and the interval."""

    articles: int
    share: Fraction
    squares: float
    fourths: float
    lowest: Fraction
    highest: Fraction
    low: float
    high: float


def plain(
    articles: Articles,
    weighting: Weighting,
    mix: list[Fraction],
    label: str,
    corrected: bool = True,
) -> Plain:
    """Direct standardisation; the article is the sampling unit."""
    cells = by_cell(articles, weighting)
    used = [cell for cell in range(len(mix)) if mix[cell] > 0]
    weights = {cell: sum((at.n for at in cells[cell].values()), Fraction()) for cell in used}
    total = sum(weights.values(), Fraction())
    share = lowest = highest = Fraction()
    residual: dict[int, float] = {}
    for cell in used:
        by_article = cells[cell]
        p = sum((at.k[label] for at in by_article.values()), Fraction()) / weights[cell]
        share += mix[cell] * p
        everything_weight = sum((at.everything for at in by_article.values()), Fraction())
        low = sum((at.low[label] for at in by_article.values()), Fraction())
        unknown = sum((at.still_open for at in by_article.values()), Fraction())
        lowest += mix[cell] * low / everything_weight
        highest += mix[cell] * (low + unknown) / everything_weight
        m = sum(at.n > 0 for at in by_article.values())
        spread = math.sqrt(m / (m - 1)) if corrected else 1.0
        for number, at in by_article.items():
            if at.n:
                linear = total * mix[cell] / weights[cell] * (at.k[label] - p * at.n)
                residual[number] = residual.get(number, 0.0) + spread * float(linear)
    squares = sum(r**2 for r in residual.values())
    fourths = sum(r**4 for r in residual.values())
    size = len(residual)
    v = size / (size - 1) * squares / float(total) ** 2
    n_eff, freedom = float(size), float(size - 1)
    if v > 1e-20:
        n_eff = min(float(total), float(share * (1 - share)) / v)
        freedom = min(freedom, squares**2 / fourths)
    low_, high_ = oracle.wilson(
        float(share), n_eff * (stats.norm.ppf(0.975) / stats.t.ppf(0.975, freedom)) ** 2
    )
    return Plain(size, share, squares, fourths, lowest, highest, low_, high_)
