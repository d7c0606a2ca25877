"""Labels estimated under annotators' individual error rates (Dawid & Skene 1979). Pure.

Each claim has one unknown true label. Each annotator turns it into an answer with probabilities of
their own, independently of the others. Labels and probabilities are estimated together, starting
from the votes and without random numbers. If most annotators err alike, so does the estimate.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from sourcing.statistics.counts import Floats, Ints

_SMOOTHING = 0.01
"""Added to each cell of a confusion matrix, so that unseen answers stay possible and a row without
labels is uniform."""


@dataclass(frozen=True)
class Latent:
    """The estimates for claims and annotators; P patterns, A annotators, q labels.

    posterior: (P, q), the probability (0–1) of each label; NaN for a pattern without votes.
    prevalence: (q,), the proportion (0–1) of claims with each label; NaN without votes.  confusion:
    (A, q, q), the probability (0–1) that an annotator (first axis) answers the label of the last
    axis if that of the middle axis is true; rows sum to 1.  iterations: the number of rounds.
    converged: whether the last round changed every posterior by less than 1e-6.
    """

    posterior: Floats
    prevalence: Floats
    confusion: Floats
    iterations: int
    converged: bool


def dawid_skene(votes: Ints, times: Ints, labels: int, most: int = 500) -> Latent:
    """Estimate by expectation–maximisation, starting from the shares of votes.

    votes: (P, A), the label (0 … labels − 1) that each annotator gave to claims of a pattern, −1
    for none.  times: (P,), the number of claims with the pattern, 0 or more.  most: the largest
    number of rounds.  Patterns without votes have no effect. A pattern may occur in several rows,
    which changes nothing.

    Raises ValueError if shapes do not fit, a vote is not a label, or a count is negative.
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
    indicators = csr_array((np.ones(len(cell)), (pattern, cell)), shape=shape)
    return _estimated(indicators, times, labels, most)


def _estimated(votes: csr_array, times: Ints, labels: int, most: int) -> Latent:
    """As `dawid_skene`; votes: (P, A · q), 1 where an annotator gave a pattern the label."""
    counts = votes.sum(axis=1)
    used = (counts > 0) & (times > 0)
    used_votes, weight = votes[np.flatnonzero(used)], times[used, None].astype(float)
    start = used_votes @ np.tile(np.eye(labels), (votes.shape[1] // labels, 1))
    posterior = start / counts[used, None]
    rounds, converged = 0, not used.any()
    prevalence, confusion = _maximised(used_votes, posterior * weight)
    while not converged and rounds < most:
        rounds += 1
        before, posterior = posterior, _expected(used_votes, prevalence, confusion)
        converged = bool(np.abs(posterior - before).max() < 1e-6)
        prevalence, confusion = _maximised(used_votes, posterior * weight)
    everywhere = np.where(counts[:, None] > 0, _expected(votes, prevalence, confusion), np.nan)
    by_annotator = confusion.reshape(labels, -1, labels).swapaxes(0, 1)
    return Latent(everywhere, prevalence, by_annotator, rounds, converged)


def _maximised(votes: csr_array, weight: Floats) -> tuple[Floats, Floats]:
    """The prevalence (q,) and confusion (q, A · q) that best fit these label weights (P, q)."""
    labels, total = weight.shape[1], weight.sum()
    prevalence = weight.sum(axis=0) / (total if total > 0 else np.nan)
    cells = (votes.T @ weight).T.reshape(labels, -1, labels) + _SMOOTHING
    return prevalence, (cells / cells.sum(axis=2, keepdims=True)).reshape(labels, -1)


def _expected(votes: csr_array, prevalence: Floats, confusion: Floats) -> Floats:
    """The posterior (P, q) under this prevalence and confusion."""
    with np.errstate(divide="ignore"):
        log = votes @ np.log(confusion).T + np.log(prevalence)
    scaled = np.exp(log - log.max(axis=1, keepdims=True, initial=-np.inf))
    # Rounding error must not grow over the rounds into a preference that the votes do not have.
    return np.asarray(np.round(scaled / scaled.sum(axis=1, keepdims=True), 10))


def decided(posterior: Floats) -> Ints:
    """The most probable label (P,) of each row of posterior (P, q).

    −1 if the two most probable lie within 1e-9 of each other (ties are not broken), or if the
    posterior is NaN.
    """
    if posterior.shape[1] < 2:
        return np.where(np.isnan(posterior).any(axis=1), -1, 0)
    second, first = np.sort(posterior, axis=1)[:, -2:].T
    clear = first - second > 1e-9  # False if they are NaN
    return np.where(clear, np.argmax(np.nan_to_num(posterior), axis=1), -1).astype(np.int64)
