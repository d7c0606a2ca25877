"""Dawid and Skene's model against their published figures and against loops over claims."""

import math
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from sourcing.statistics.counts import Ints
from sourcing.statistics.dawid_skene import Latent, _estimated, dawid_skene, decided

LABELS = 3
Claim = tuple[int, ...]

# Dawid & Skene 1979, table 1: a patient a word; three answers of the first observer, then one of
# each other.
ANAESTHETISTS = """
1111111 3334334 1122122 2223121 2223222 2223322 1222111 3333433 2222223 2322223 4444444 2223343
1111111 2223212 1211111 1112111 1111111 1111111 2222221 2221322 2222222 2222221 2223222 2212222
1111111 1111111 2322222 1111111 1111111 1121121 1111111 3333233 1111111 2222222 2223232 4334343
2212232 2323233 3333432 1111111 1111111 1212111 2322222 1211111 2222222
""".split()
# The same, tables of estimates: by observer and true class, how often each answer is given (%).
PUBLISHED = [
    [[89, 11, 0, 0], [7, 88, 5, 0], [0, 34, 66, 0], [0, 0, 56, 44]],
    [[83, 17, 0, 0], [5, 63, 31, 0], [0, 0, 100, 0], [0, 0, 0, 100]],
    [[100, 0, 0, 0], [11, 79, 11, 0], [0, 40, 20, 40], [0, 0, 67, 33]],
    [[94, 6, 0, 0], [5, 84, 10, 0], [0, 0, 80, 20], [0, 0, 33, 67]],
    [[100, 0, 0, 0], [16, 73, 11, 0], [0, 21, 79, 0], [0, 0, 33, 67]],
]


def test_estimates_match_the_published_example() -> None:
    given = np.zeros((45, 5, 4))
    for patient, answers in enumerate(ANAESTHETISTS):
        for place, answer in enumerate(answers):
            given[patient, max(place - 2, 0), int(answer) - 1] += 1
    estimate = _estimated(csr_array(given.reshape(45, 20)), np.ones(45, np.int64), 4, 500)
    assert estimate.converged
    assert estimate.prevalence == pytest.approx([0.40, 0.42, 0.11, 0.07], abs=0.006)
    assert estimate.confusion == pytest.approx(np.array(PUBLISHED) / 100, abs=0.012)


def rows(claims: list[Claim]) -> Ints:
    return np.array(claims, np.int64)


def estimated(claims: list[Claim], labels: int = LABELS) -> Latent:
    return dawid_skene(rows(claims), np.ones(len(claims), np.int64), labels)


def plain(claims: list[Claim], rounds: int) -> list[list[float]]:
    """The model by its definition, claim by claim, for this many rounds; every claim has a vote."""
    voted = [{a: v for a, v in enumerate(claim) if v >= 0} for claim in claims]
    belief = [
        [sum(v == true for v in votes.values()) / len(votes) for true in range(LABELS)]
        for votes in voted
    ]
    for _ in range(rounds):
        prevalence = [sum(row[true] for row in belief) / len(claims) for true in range(LABELS)]
        seen: dict[tuple[int, int, int], float] = defaultdict(lambda: 0.01)
        for votes, row in zip(voted, belief, strict=True):
            for annotator, vote in votes.items():
                for true in range(LABELS):
                    seen[annotator, true, vote] = seen[annotator, true, vote] + row[true]
        belief = []
        for votes in voted:
            joint = list(prevalence)
            for annotator, vote in votes.items():
                for true in range(LABELS):
                    every = sum(seen[annotator, true, other] for other in range(LABELS))
                    joint[true] *= seen[annotator, true, vote] / every
            belief.append([value / sum(joint) for value in joint])
    return belief


some = st.lists(
    st.tuples(*[st.integers(-1, LABELS - 1)] * 4).filter(lambda claim: max(claim) >= 0),
    min_size=1,
    max_size=15,
)


@given(some, st.integers(0, 8))
def test_each_round_follows_the_definition(claims: list[Claim], rounds: int) -> None:
    estimate = dawid_skene(rows(claims), np.ones(len(claims), np.int64), LABELS, most=rounds)
    assert estimate.iterations <= rounds
    if not estimate.converged:
        assert estimate.iterations == rounds
    # One step more turns prevalence and confusion into what they say about claims.
    assert estimate.posterior == pytest.approx(
        np.array(plain(claims, estimate.iterations + 1)), abs=1e-6
    )


@given(some)
def test_probabilities_add_up(claims: list[Claim]) -> None:
    estimate = estimated(claims)
    assert estimate.posterior.shape == (len(claims), LABELS)
    assert estimate.confusion.shape == (4, LABELS, LABELS)
    for values in (estimate.posterior, estimate.prevalence, estimate.confusion):
        assert (values >= 0).all()
        assert values.sum(axis=-1) == pytest.approx(1)


@given(some, st.lists(st.integers(0, 5), min_size=15, max_size=15))
def test_patterns_give_the_same_as_one_row_per_claim(claims: list[Claim], often: list[int]) -> None:
    times = np.array(often[: len(claims)], np.int64)
    if not times.any():
        return
    together = dawid_skene(rows(claims), times, LABELS)
    apart = dawid_skene(
        np.repeat(rows(claims), times, axis=0), np.ones(times.sum(), np.int64), LABELS
    )
    assert together.iterations == apart.iterations
    assert np.repeat(together.posterior, times, axis=0) == pytest.approx(apart.posterior, abs=1e-6)
    assert together.confusion == pytest.approx(apart.confusion, abs=1e-6)
    assert together.prevalence == pytest.approx(apart.prevalence, abs=1e-6)


@given(some, st.randoms(use_true_random=False))
def test_order_has_no_effect(claims: list[Claim], random: np.random.Generator) -> None:
    people, order = list(range(4)), list(range(len(claims)))
    random.shuffle(people)
    random.shuffle(order)
    one = estimated(claims)
    two = dawid_skene(rows(claims)[np.ix_(order, people)], np.ones(len(claims), np.int64), LABELS)
    assert one.posterior[order] == pytest.approx(two.posterior, abs=1e-6)
    assert one.confusion[people] == pytest.approx(two.confusion, abs=1e-6)
    assert (decided(one.posterior)[order] == decided(two.posterior)).all()


def test_rounding_does_not_grow_into_a_decision() -> None:
    """Votes so balanced that the last digit of a sum, and so the order, would decide."""
    votes = rows(
        [(2, 0, 1, 1), (-1, 1, 1, 1), (0, -1, -1, 2), (1, 1, 0, 2), (1, 1, 1, -1), (2, -1, -1, 0)]
    )
    order, people = [1, 5, 0, 3, 4, 2], [3, 1, 0, 2]
    once = np.ones(len(votes), np.int64)
    one = dawid_skene(votes, once, LABELS)
    two = dawid_skene(votes[np.ix_(order, people)], once, LABELS)
    assert one.iterations == two.iterations
    assert (decided(one.posterior)[order] == decided(two.posterior)).all()


@given(some, st.permutations(range(LABELS)))
def test_labels_are_treated_alike(claims: list[Claim], renamed: list[int]) -> None:
    one = estimated(claims)
    two = estimated([tuple(renamed[vote] if vote >= 0 else -1 for vote in row) for row in claims])
    assert one.posterior == pytest.approx(two.posterior[:, renamed], abs=1e-6)


def voted(truth: Ints, right: list[float], seed: int) -> Ints:
    """Votes of annotators with these rates of correct answers, whose errors are drawn at random."""
    rng = np.random.default_rng(seed)
    columns = [
        np.where(
            rng.random(len(truth)) < often,
            truth,
            (truth + rng.integers(1, LABELS, len(truth))) % LABELS,
        )
        for often in right
    ]
    return np.column_stack(columns)


def test_bad_annotators_are_outvoted() -> None:
    """Two good annotators and three who guess: the majority is often wrong, the model rarely."""
    truth = np.random.default_rng(5).choice(LABELS, 2_000, p=[0.6, 0.3, 0.1])
    right = [0.95, 0.9, 0.4, 0.4, 0.4]
    votes = voted(truth, right, 6)
    estimate = dawid_skene(votes, np.ones(len(votes), np.int64), LABELS)
    counts = np.stack([(votes == label).sum(axis=1) for label in range(LABELS)], axis=1)
    by_majority = (decided(counts.astype(float)) == truth).mean()
    by_model = (decided(estimate.posterior) == truth).mean()
    assert by_model > 0.93
    assert by_model > by_majority + 0.05
    assert estimate.prevalence == pytest.approx(np.bincount(truth) / len(truth), abs=0.03)
    for annotator, often in enumerate(right):
        assert estimate.confusion[annotator, 0, 0] == pytest.approx(often, abs=0.05)


def test_an_annotator_who_swaps_two_labels_is_corrected() -> None:
    truth = np.random.default_rng(7).integers(0, LABELS, 1_000)
    votes = voted(truth, [0.85, 0.85, 0.85, 1.0], 8)
    votes[:, 3] = np.array([1, 0, 2])[votes[:, 3]]
    estimate = dawid_skene(votes, np.ones(len(votes), np.int64), LABELS)
    assert estimate.confusion[3] == pytest.approx(np.eye(LABELS)[[1, 0, 2]], abs=0.03)
    assert (decided(estimate.posterior) == truth).mean() > 0.98


def test_a_tie_stays_a_tie() -> None:
    claims = [(0, 0), (1, 1), (0, 1), (1, 0)]
    estimate = dawid_skene(rows(claims), np.array([50, 50, 7, 7], np.int64), 2)
    assert decided(estimate.posterior).tolist() == [0, 1, -1, -1]


def test_two_of_three_equal_annotators_decide() -> None:
    claims = [
        (0, 0, 0),
        (1, 1, 1),
        (0, 0, 1),
        (0, 1, 0),
        (1, 0, 0),
        (1, 1, 0),
        (1, 0, 1),
        (0, 1, 1),
    ]
    estimate = dawid_skene(rows(claims), np.array([50, 50, *[5] * 6], np.int64), 2)
    assert decided(estimate.posterior).tolist() == [0, 1, 0, 0, 0, 1, 1, 1]
    assert estimate.prevalence == pytest.approx([0.5, 0.5])


def test_decided() -> None:
    nan = math.nan
    posterior = [
        [0.2, 0.5, 0.3],
        [0.4, 0.2, 0.4],
        [0.4 + 1e-10, 0.2, 0.4 - 1e-10],
        [0.4 + 1e-8, 0.2, 0.4 - 1e-8],
        [nan, nan, nan],
        [0, 0, 1],
    ]
    assert decided(np.array(posterior)).tolist() == [1, -1, -1, 0, -1, 2]
    assert decided(np.zeros((0, 3))).tolist() == []
    assert decided(np.ones((2, 1))).tolist() == [0, 0]


def test_patterns_without_votes_have_no_effect() -> None:
    claims = [(0, 0, 1), (1, 1, 1), (0, 0, 0)]
    alone, beside = estimated(claims), estimated([*claims, (-1, -1, -1)])
    assert (beside.posterior[:3] == alone.posterior).all()
    assert (beside.prevalence == alone.prevalence).all()
    assert np.isnan(beside.posterior[3]).all()
    assert decided(beside.posterior)[3] == -1


@pytest.mark.parametrize("shape", [(0, 0), (0, 2), (3, 2), (3, 0)])
def test_no_votes(shape: tuple[int, int]) -> None:
    estimate = dawid_skene(np.full(shape, -1), np.ones(shape[0], np.int64), LABELS)
    assert np.isnan(estimate.prevalence).all()
    assert np.isnan(estimate.posterior).all()
    assert estimate.posterior.shape == (shape[0], LABELS)
    assert estimate.confusion == pytest.approx(np.full((shape[1], LABELS, LABELS), 1 / LABELS))
    assert (estimate.iterations, estimate.converged) == (0, True)


def test_an_annotator_without_labels_has_uniform_rows() -> None:
    estimate = estimated([(0, 0, -1), (1, 1, -1), (1, 0, -1)])
    assert estimate.confusion[2] == pytest.approx(np.full((LABELS, LABELS), 1 / LABELS))


def test_too_few_rounds_are_reported() -> None:
    claims = [(0, 0, 1), (1, 1, 1), (0, 2, 0), (1, 0, 0)]
    estimate = dawid_skene(rows(claims), np.ones(4, np.int64), LABELS, most=1)
    assert (estimate.iterations, estimate.converged) == (1, False)
    assert estimated(claims).converged


def test_many_patterns_fit() -> None:
    """A hundred thousand patterns of fifty annotators, with five votes each."""
    rng = np.random.default_rng(9)
    truth = rng.integers(0, LABELS, 100_000)
    votes = np.full((len(truth), 50), -1)
    people = rng.integers(0, 50, (len(truth), 5))
    votes[np.arange(len(truth))[:, None], people] = voted(truth, [0.8] * 5, 10)
    estimate = dawid_skene(votes, rng.integers(1, 100, len(truth)), LABELS)
    assert estimate.converged
    assert (decided(estimate.posterior) == truth).mean() > 0.9


@pytest.mark.parametrize(
    ("votes", "times", "sentence"),
    [
        ([[0, 3]], [1], "Votes must be -1 to 2"),
        ([[0, -2]], [1], "Votes must be -1 to 2"),
        ([[0, 1]], [-1], "fewer than 0"),
        ([[0, 1]], [1, 2], "do not fit"),
        ([0, 1], [1, 2], "do not fit"),
    ],
)
def test_invalid_input_is_refused(votes: list[list[int]], times: list[int], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        dawid_skene(np.array(votes, np.int64), np.array(times, np.int64), LABELS)
