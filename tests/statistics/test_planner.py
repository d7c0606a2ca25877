"""The planner against the interval at each number of articles."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import found_moments

from sourcing import statistics
from sourcing.statistics.intervals import design, sized
from sourcing.statistics.planner import MOST

articles = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=2, max_size=12)


def reach(moments: statistics.Moments, row: int, all_articles: int) -> float:
    """Half the length of the interval with this many articles."""
    n_eff, freedom = design(moments)
    grown = all_articles / moments.articles[row]
    share = moments.label_weight[row] / moments.weight[row]
    size = sized(n_eff[row] * grown, freedom[row] * grown)
    low, high = statistics.wilson(np.array([share]), np.array([size]))
    return float(high[0] - low[0]) / 2


@given(articles, st.sampled_from([0.03, 0.05, 0.1, 0.2]))
def test_the_number_of_articles_is_the_smallest_that_suffices(
    rows: list[tuple[int, int]], half_width: float
) -> None:
    moments = found_moments([sum(row) for row in rows], [list(row) for row in rows])
    for row, more in enumerate(statistics.articles_needed(moments, half_width)):
        if moments.articles[row] < 2:
            assert math.isnan(more)
            continue
        articles = int(moments.articles[row] + more)
        assert reach(moments, row, articles) <= half_width
        if more:
            assert reach(moments, row, articles - 1) > half_width


def test_a_precise_share_needs_no_more_articles() -> None:
    moments = found_moments([10] * 60, [[5, 5]] * 60)
    assert statistics.articles_needed(moments, 0.2).tolist() == [0, 0]


def test_one_article_gives_no_answer() -> None:
    moments = found_moments([10], [[5, 5]])
    assert all(math.isnan(more) for more in statistics.articles_needed(moments, 0.1))


def test_beyond_a_million_there_is_no_answer() -> None:
    moments = found_moments([2, 2], [[2, 0], [0, 2]])
    assert all(math.isnan(more) for more in statistics.articles_needed(moments, 1e-5))
    assert (statistics.articles_needed(moments, 0.05) < MOST).all()


def test_similar_claims_within_articles_need_more_articles() -> None:
    mixed = found_moments([10] * 20, [[5, 5], [4, 6]] * 10)
    alike = found_moments([10] * 20, [[10, 0], [0, 10]] * 10)
    one, other = (statistics.articles_needed(moments, 0.05)[0] for moments in (mixed, alike))
    assert one < other
    # Ten claims that are all alike tell as much as one, or as 19/20 of one where the mean is not
    # known either; Wilson's ± 5 % needs some 381.
    assert 20 + other == pytest.approx(381 * 20 / 19, abs=4)
