"""Shares and intervals match the codebook's formulas, written out in the oracle."""

import math
import random
from collections import Counter
from fractions import Fraction
from typing import Any

import numpy as np
import oracle
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from sourcing import statistics
from sourcing.codebook import Label, too_few
from sourcing.statistics import Counts, Moments, Weighting, share_frames

LABELS = [str(label) for label in Label]
NUMBERS = ("share", "low", "high", "lowest", "highest", "coverage")

answers = st.sampled_from([*LABELS, "sourced", "sourced", None])
claims = st.tuples(answers, st.sampled_from([None, None, "x", "y"]), st.booleans())
groups = st.lists(st.lists(claims, max_size=6), max_size=14)
"""Articles of one group, each a list of claims: answer, statement, whether a model gave it."""


def counted(articles: list[list[tuple[Any, ...]]]) -> list[oracle.Counted]:
    return [
        oracle.Counted(f"a{number}", "s", statement, answer, bool(answer and model))
        for number, article in enumerate(articles)
        for answer, statement, model in article
    ]


def counts_frame(groups: list[list[list[tuple[Any, ...]]]]) -> pd.DataFrame:
    """The rows that queries would return: by article and repeats of its statements."""
    rows = []
    for key, articles in enumerate(groups):
        every = [claim for article in articles for claim in article]
        repeats_all = Counter(statement for _, statement, _ in every)
        repeats = Counter(statement for answer, statement, _ in every if answer)
        for number, article in enumerate(articles):
            parts: dict[tuple[int, int], Counter[str]] = {}
            for answer, statement, model in article:
                times = (1, 1)
                if statement:
                    times = (max(repeats[statement], 1), repeats_all[statement])
                part = parts.setdefault(times, Counter())
                part["claims"] += 1
                part["provisional"] += bool(answer and model)
                if answer:
                    part[answer] += 1
            rows += [
                {
                    "grp": f"g{key}",
                    "article_key": 1000 * key + number,
                    **{name: part[name] for name in ("claims", *LABELS, "provisional")},
                    "repeats": times[0],
                    "repeats_all": times[1],
                }
                for times, part in parts.items()
            ]
    columns = ["grp", "article_key", "claims", *LABELS, "provisional", "repeats", "repeats_all"]
    return pd.DataFrame(rows, columns=columns)


def merged(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per article, as for weightings that ignore repeats."""
    summed = frame.groupby(["grp", "article_key"], as_index=False).sum()
    return summed.assign(repeats=1, repeats_all=1)


def found_shares(groups: list[list[list[tuple[Any, ...]]]], weighting: Weighting) -> pd.DataFrame:
    frame = counts_frame(groups)
    if weighting is not Weighting.STATEMENT:
        frame = merged(frame)
    return share_frames.with_shares(share_frames.summed(frame, weighting, "labels"))


def assert_same(row: Any, share: oracle.Share) -> None:
    """One row of shares equals the oracle's; NaN stands for undefined."""
    for name in NUMBERS:
        value, expected = getattr(row, name), getattr(share, name)
        if expected is None:
            assert math.isnan(value), name
        else:
            assert value == pytest.approx(expected, rel=1e-9, abs=1e-9), name
    assert row.articles == share.articles
    assert row.resolved_claims == share.resolved_claims
    assert row.open_claims == share.open_claims
    assert row.provisional_claims == share.provisional_claims
    assert bool(row.too_few) == share.too_few


@pytest.mark.parametrize("weighting", Weighting)
@given(st.lists(groups, min_size=1, max_size=3))
def test_shares_match_the_codebook(
    weighting: Weighting, groups: list[list[list[tuple[Any, ...]]]]
) -> None:
    result = found_shares(groups, weighting)
    keys = [key for key, articles in enumerate(groups) if any(articles)]
    assert list(result["grp"]) == [f"g{key}" for key in keys for _ in LABELS]
    assert list(result["label"]) == LABELS * len(keys)
    rows = iter(result.itertuples())
    for key in keys:
        shares = oracle.shares(counted(groups[key]), weighting, LABELS)
        for label in LABELS:
            row = next(rows)
            assert row.label_claims == shares[label].claims
            assert_same(row, shares[label])


@pytest.mark.parametrize("weighting", Weighting)
@given(groups)
def test_properties(weighting: Weighting, articles: list[list[tuple[Any, ...]]]) -> None:
    result = found_shares([articles], weighting)
    if result.empty:
        return
    resolved = int(result["resolved_claims"].iloc[0])
    assert result["label_claims"].sum() == resolved
    for row in result.itertuples():
        assert 0 <= row.lowest <= row.highest <= 1
        if not resolved:
            assert math.isnan(row.share)
            assert math.isnan(row.low)
            continue
        assert row.lowest - 1e-12 <= row.share <= row.highest + 1e-12
        assert math.isnan(row.low) == math.isnan(row.high) == (row.articles < 2)
        if row.articles >= 2:
            assert 0 <= row.low <= row.share <= row.high <= 1
            assert row.low < row.high
    if resolved:
        assert result["share"].sum() == pytest.approx(1)
        assert result["lowest"].sum() <= 1 + 1e-12


@given(st.lists(groups, min_size=1, max_size=2), st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_other_groups_matter(
    groups: list[list[list[tuple[Any, ...]]]], rnd: random.Random
) -> None:
    frame = counts_frame(groups)
    before = frame.copy()
    order = rnd.sample(range(len(frame)), len(frame))
    one = share_frames.with_shares(share_frames.summed(frame, Weighting.STATEMENT, "labels"))
    other = share_frames.with_shares(
        share_frames.summed(frame.iloc[order], Weighting.STATEMENT, "labels")
    )
    pd.testing.assert_frame_equal(one, other)
    pd.testing.assert_frame_equal(frame, before)
    alone = found_shares(groups[:1], Weighting.STATEMENT)
    assert one[one["grp"] == "g0"].to_csv() == alone.to_csv()


@given(st.lists(st.tuples(st.integers(0, 1_000_000), st.integers(1, 1_000_000)), min_size=1))
def test_wilson_matches_statsmodels(pairs: list[tuple[int, int]]) -> None:
    share = np.array([min(k, n) / n for k, n in pairs])
    size = np.array([float(n) for _, n in pairs])
    low, high = statistics.wilson(share, size)
    expected = proportion_confint(share * size, size, alpha=0.05, method="wilson")
    np.testing.assert_allclose(low, expected[0], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(high, expected[1], rtol=1e-9, atol=1e-12)


@given(st.floats(0, 1), st.floats(1e-6, 1e9))
def test_wilson_with_fractional_sizes(share: float, size: float) -> None:
    low, high = (float(b[0]) for b in statistics.wilson(np.array([share]), np.array([size])))
    assert 0 <= low <= share <= high <= 1
    expected = oracle.wilson(share, size)
    assert (low, high) == pytest.approx(expected, rel=1e-7, abs=1e-9)


def moments_of(n: list[int], k: list[int]) -> Moments:
    counts = Counts(
        group=np.zeros(len(n), np.int64),
        article=np.arange(len(n), dtype=np.int64),
        claims=np.array(n, np.int64),
        labels=np.array([[a, b - a] for a, b in zip(k, n, strict=True)], np.int64),
        repeats=np.ones(len(n), np.int64),
        repeats_all=np.ones(len(n), np.int64),
        groups=1,
    )
    return statistics.moments(counts, Weighting.CLAIM)


def interval(n: list[int], k: list[int]) -> tuple[float, float]:
    result = statistics.shares(moments_of(n, k))
    return float(result.low[0]), float(result.high[0])


def test_an_interval_computed_by_hand() -> None:
    # p = 9/20; r = 0.5, -2.25, 1.75; sum r² = 8.375; v = 3/2 · 8.375 / 400 = 0.03140625;
    # n_eff = 0.2475 / v = 7.8806; f = min(2, 8.375² / 35.0703) = 2; t = 4.30265;
    # n* = 7.8806 · (1.95996 / 4.30265)² = 1.6353.
    n, k = [10, 5, 5], [5, 0, 4]
    p, residuals = 9 / 20, [5 - 4.5, 0 - 2.25, 4 - 2.25]
    squares = sum(r**2 for r in residuals)
    v = 3 / 2 * squares / 400
    freedom = min(2, squares**2 / sum(r**4 for r in residuals))
    size = min(20, p * (1 - p) / v) * (1.959963984540054 / t_975(freedom)) ** 2
    expected = proportion_confint(p * size, size, method="wilson")
    assert interval(n, k) == pytest.approx(expected)
    assert interval(n, k) == pytest.approx(oracle.interval(*map(fractions, (n, k))))
    assert interval(n, k) == pytest.approx((0.0669430, 0.9031988), abs=1e-7)


def fractions(values: list[int]) -> list[Fraction]:
    return [Fraction(value) for value in values]


def t_975(freedom: float) -> float:
    """The quantile by bisection of the density's integral, without our code or SciPy."""
    scale = math.gamma((freedom + 1) / 2) / math.sqrt(freedom * math.pi) / math.gamma(freedom / 2)

    def above_zero(t: float, steps: int = 4_000) -> float:
        width = t / steps
        density = [
            scale * (1 + (i * width) ** 2 / freedom) ** (-(freedom + 1) / 2)
            for i in range(steps + 1)
        ]
        return (
            width
            / 3
            * (density[0] + density[-1] + 4 * sum(density[1:-1:2]) + 2 * sum(density[2:-1:2]))
        )

    low, high = 0.0, 100.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if above_zero(middle) < 0.475 else (low, middle)
    return low


def test_no_interval_from_one_article() -> None:
    assert all(math.isnan(bound) for bound in interval([50], [20]))
    assert not any(math.isnan(bound) for bound in interval([25, 25], [10, 10]))


@pytest.mark.parametrize(("k", "n"), [(0, 5), (5, 5)])
def test_equal_claims_in_each_article_count_as_articles(k: int, n: int) -> None:
    few, many = interval([n] * 12, [k] * 12), interval([100 * n] * 12, [100 * k] * 12)
    assert few == pytest.approx(many)
    size = 12 * (1.959963984540054 / t_975(11)) ** 2
    assert few == pytest.approx(proportion_confint(k / n * size, size, method="wilson"))


def test_the_interval_is_never_narrower_than_for_independent_claims() -> None:
    low, high = interval([1] * 40, [1] * 20 + [0] * 20)
    plain = proportion_confint(20, 40, method="wilson")
    assert low <= plain[0]
    assert high >= plain[1]


@given(st.lists(st.lists(st.integers(1, 60), max_size=35), min_size=1, max_size=3))
def test_largest_tenth(sizes: list[list[int]]) -> None:
    counts = Counts(
        group=np.array([g for g, own in enumerate(sizes) for _ in own], np.int64),
        article=np.arange(sum(map(len, sizes)), dtype=np.int64),
        claims=np.array([n for own in sizes for n in own], np.int64),
        labels=np.array([[n, 0] for own in sizes for n in own], np.int64).reshape(-1, 2),
        repeats=np.ones(sum(map(len, sizes)), np.int64),
        repeats_all=np.ones(sum(map(len, sizes)), np.int64),
        groups=len(sizes),
    )
    for own, result in zip(sizes, statistics.largest_tenth(counts), strict=True):
        if len(own) < 10:
            assert math.isnan(result)
        else:
            top = sorted(own, reverse=True)[: math.ceil(len(own) / 10)]
            assert result == pytest.approx(sum(top) / sum(own))


def test_no_rows_give_no_shares() -> None:
    for weighting in Weighting:
        result = found_shares([[]], weighting)
        assert result.empty
        assert {"share", "low", "high", "lowest", "highest", "coverage"} <= set(result)


@pytest.mark.parametrize(
    ("articles", "resolved", "few"), [(10, 30, False), (9, 30, True), (10, 29, True), (0, 0, True)]
)
def test_too_few(articles: int, resolved: int, few: bool) -> None:
    assert too_few(articles, resolved) is few
    if articles:
        sizes = [resolved // articles] * articles
        sizes[0] += resolved - sum(sizes)
        group = [[("sourced", None, False)] * size for size in sizes]
        assert list(found_shares([group], Weighting.CLAIM)["too_few"]) == [few] * 4
