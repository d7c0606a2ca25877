"""Labels where annotators err each in their own way (Dawid & Skene 1979). Pure.

A claim has one true label, unknown; an annotator turns it into each label with probabilities of
their own, independently of the others. Both are estimated together. The estimate starts from the
labels given, without chance: where most annotators err alike, so does it.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from sourcing.statistics.counts import Floats, Ints

_SMOOTHING = 0.01
"""Labels added to each cell of a confusion matrix: what was never seen stays possible, and a row
without labels is even."""


@dataclass(frozen=True)
class Latent:
    """What the labels say about claims and annotators; P patterns, A annotators, q labels.

    posterior: (P, q), probability (0–1) of each label; NaN where a pattern has no vote.
    prevalence: (q,), how often (0–1) a claim has each label; NaN without votes.  confusion: (A, q,
    q), how often (0–1) an annotator answers the last label where the middle one is true; rows sum
    to 1.  iterations: rounds taken.  converged: whether the last one changed no posterior by 1e-6.
    """

    posterior: Floats
    prevalence: Floats
    confusion: Floats
    iterations: int
    converged: bool


def dawid_skene(votes: Ints, times: Ints, labels: int, most: int = 500) -> Latent:
    """Estimate by expectation–maximisation from the shares of votes, in `most` rounds at most.

    votes: (P, A), the label (0 … labels − 1) that each annotator gave to claims of a pattern, −1
    where none.  times: (P,), how many claims look like that, 0 or more.  Patterns without votes
    play no part.  Each pattern may stand in several rows; that changes nothing.

    Raises ValueError where shapes do not fit, a vote is no label, or a count is negative.
    """
    if votes.ndim != 2 or times.shape != votes.shape[:1]:
        raise ValueError(f"Votes of shape {votes.shape} do not fit counts of shape {times.shape}.")
    if votes.size and not -1 <= votes.min() <= votes.max() < labels:
        raise ValueError(f"Votes must be -1 to {labels - 1}.")
    if times.min(initial=0) < 0:
        raise ValueError("A pattern cannot occur fewer than 0 times.")
    pattern, annotator = np.nonzero(votes >= 0)
    cell = annotator * labels + votes[pattern, annotator]
    shape = (len(votes), votes.shape[1] * labels)
    given = csr_array((np.ones(len(cell)), (pattern, cell)), shape=shape)
    return _estimated(given, times, labels, most)


def _estimated(given: csr_array, times: Ints, labels: int, most: int) -> Latent:
    """As `dawid_skene`; given: (P, A · q), how often an annotator gave a pattern each label."""
    counts = given.sum(axis=1)
    used = (counts > 0) & (times > 0)
    kept, weight = given[np.flatnonzero(used)], times[used, None].astype(float)
    start = kept @ np.tile(np.eye(labels), (given.shape[1] // labels, 1))
    posterior = start / counts[used, None]
    rounds, converged = 0, not used.any()
    prevalence, confusion = _maximised(kept, posterior * weight)
    while not converged and rounds < most:
        rounds += 1
        before, posterior = posterior, _expected(kept, prevalence, confusion)
        converged = bool(np.abs(posterior - before).max() < 1e-6)
        prevalence, confusion = _maximised(kept, posterior * weight)
    everywhere = np.where(counts[:, None] > 0, _expected(given, prevalence, confusion), np.nan)
    by_annotator = confusion.reshape(labels, -1, labels).swapaxes(0, 1)
    return Latent(everywhere, prevalence, by_annotator, rounds, converged)


def _maximised(given: csr_array, weight: Floats) -> tuple[Floats, Floats]:
    """Prevalence (q,) and confusion (q, A · q) that fit claims of these weights (P, q) best."""
    labels, total = weight.shape[1], weight.sum()
    prevalence = weight.sum(axis=0) / (total if total > 0 else np.nan)
    cells = (given.T @ weight).T.reshape(labels, -1, labels) + _SMOOTHING
    return prevalence, (cells / cells.sum(axis=2, keepdims=True)).reshape(labels, -1)


def _expected(given: csr_array, prevalence: Floats, confusion: Floats) -> Floats:
    """Posterior (P, q) under this prevalence and confusion."""
    with np.errstate(divide="ignore"):
        log = given @ np.log(confusion).T + np.log(prevalence)
    scaled = np.exp(log - log.max(axis=1, keepdims=True, initial=-np.inf))
    # Rounding must not grow, from round to round, into a preference where the votes have none.
    return np.asarray(np.round(scaled / scaled.sum(axis=1, keepdims=True), 10))


def decided(posterior: Floats) -> Ints:
    """The most probable label (P,) of each row of posterior (P, q).

    −1 where the two most probable lie within 1e-9 of each other (ties are never broken), or where
    the posterior is NaN.
    """
    if posterior.shape[1] < 2:
        return np.where(np.isnan(posterior).any(axis=1), -1, 0)
    second, first = np.sort(posterior, axis=1)[:, -2:].T
    clear = first - second > 1e-9  # never where they are NaN
    return np.where(clear, np.argmax(np.nan_to_num(posterior), axis=1), -1).astype(np.int64)
