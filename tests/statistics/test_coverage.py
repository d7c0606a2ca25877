"""In the hardest cells of the simulation, intervals reach the coverage that the method claims."""

import json

import numpy as np
import pytest
from support import ROOT

from benchmarks import coverage
from benchmarks.coverage import KINDS, SHARES, Cell, Kind
from sourcing import statistics
from sourcing.statistics import Moments, Shares, Weighting

pytestmark = pytest.mark.slow

METHOD = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")
NEWEST = max((ROOT / "benchmarks" / "results").glob("*-coverage.json"))
RESULT = json.loads(NEWEST.read_text(encoding="utf-8"))


def seeded(number: int = 1) -> np.random.Generator:
    return np.random.default_rng([coverage.SEED, number])


def hardest(kind: Kind, cells: int) -> list[coverage.Case]:
    """The cells of a kind with the lowest coverage."""
    result = [
        (value, tuple(Cell(icc, articles, sizes, share) for share in shares))
        for sizes, icc, articles, values in RESULT["kinds"][kind.name]["coverage"]
        for shares, value in zip(kind.truths, values, strict=True)
    ]
    return [case for _, case in sorted(result, key=lambda pair: pair[0])[:cells]]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_hardest_cells_reach_the_line(kind: Kind) -> None:
    for case in hardest(kind, 3):
        result = coverage.coverage(case, kind.weighting, kind.runs, seeded())
        assert result >= kind.line, case


def naive(result: Moments) -> Shares:
    """Wilson's interval on the number of claims, as if they were independent."""
    share = result.label_weight / result.weight
    low, high = statistics.wilson(share, result.weight)
    return Shares(share, low, high, low, high, result.weight)


@pytest.mark.parametrize("articles", [10, 50])
def test_the_check_can_fail(articles: int) -> None:
    case = (Cell(0.3, articles, "even", 0.3),)
    assert coverage.coverage(case, Weighting.CLAIM, 2_000, seeded()) >= 0.94
    assert coverage.coverage(case, Weighting.CLAIM, 2_000, seeded(), naive) < 0.75


@pytest.mark.parametrize("icc", coverage.ICCS)
def test_claims_are_drawn_with_the_share_and_the_icc_of_the_cell(icc: float) -> None:
    cell = Cell(icc, 20, "even", 0.3)
    drawn = coverage.draw(cell, 5_000, seeded())
    shares = drawn.labels[:, 0] / drawn.claims
    assert set(drawn.claims) == {10}
    assert shares.mean() == pytest.approx(0.3, abs=0.005)
    assert shares.var() == pytest.approx(0.21 * (icc + (1 - icc) / 10), rel=0.02)


@pytest.mark.parametrize("sizes", coverage.SIZES)
def test_repeats_are_counted_over_whole_statements(sizes: str) -> None:
    runs = 3_000
    drawn = coverage.draw_repeats(Cell(0.1, 10, sizes, 0.3), runs, seeded())
    assert set(drawn.repeats) == {1, 2, 3, 4}
    pairs = np.column_stack([drawn.article, drawn.repeats])
    assert len(np.unique(pairs, axis=0)) == len(pairs)
    for times in range(1, 5):
        chosen = drawn.repeats == times
        claims = np.bincount(drawn.group[chosen], drawn.claims[chosen], runs)
        assert not (claims % times).any()
    repeated = drawn.claims[drawn.repeats > 1].sum() / drawn.claims.sum()
    assert repeated == pytest.approx(0.3, abs=0.02)
    result = statistics.moments(drawn, Weighting.STATEMENT)
    truth = result.label_weight[::2].sum() / result.weight[::2].sum()
    assert truth == pytest.approx(0.3, abs=0.01)


def test_the_results_come_from_this_simulation() -> None:
    assert RESULT["seed"] == coverage.SEED
    kind = KINDS[0]
    values = {tuple(row[:3]): row[3] for row in RESULT["kinds"][kind.name]["coverage"]}
    result, _ = coverage.figure(kind, (Cell(0.1, 5, "varied", 0.3),))
    assert result == pytest.approx(values["varied", 0.1, 5][SHARES.index(0.3)], abs=0.01)


def test_the_method_shows_the_newest_results() -> None:
    tables = coverage.tables(RESULT)
    for table in tables:
        assert table in METHOD, table
    below = [
        value
        for kind in RESULT["kinds"].values()
        for *_, values in kind["coverage"]
        for value in values
        if value < kind["line"]
    ]
    assert ("No cell is below its line" in METHOD) == (not below)
    assert len(tables) == (5 if below else 4)
    assert f"seed {RESULT['seed']}" in METHOD
    assert NEWEST.name in METHOD
