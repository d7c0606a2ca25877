"""What each annotator answers: the true label, with that annotator's confusions.

Two humans agree on about 83 of 100 claims, as trained annotators do; models agree less. Dora
labels claims contested most readily; model-1 sees sources too often, model-2 too rarely. Hard
claims are hard for every annotator, so their errors are correlated.
"""

from dataclasses import dataclass

import numpy as np

from etl.demo.annotation_rounds import HUMANS, MEETING, MODEL_1, RULE, Rounds
from etl.demo.random_draws import Array, by_rows, code, coin, sparse, uniform, weighted
from etl.demo.rationales import DECISIONS, DISPUTED_BY, RATIONALES, RATIONALES_PER_ANSWER
from etl.demo.true_labels import SELF_CITED, UNSOURCED, Truth, kind_of

LABELS = ("sourced", "self_cited", "unsourced", "contested", "not_a_claim", "cannot_say")
CONTESTED, NOT_A_CLAIM, CANNOT_SAY = 4, 5, 6
FALSE, TRUE = 1, 2  # codes of a flag; 0 is an empty field
CONTESTED_KINDS = (
    *("denied_in_article", "disputed_in_article", "fact_check", "court_or_regulator"),
    *("correction", "other_publication"),
)
_ON_RECORD = 3  # kinds of dispute from this code on have a record outside the article
NEEDS_SOURCE = ("yes", "no", "unsure")

# Of 100 lines with the row's true attribution, how many get the column's answer.
_CONFUSIONS = {
    "anna": ((98, 0.5, 1.5), (2, 97, 1), (2, 0.5, 97.5)),
    "bela": ((97, 1, 2), (3, 95, 2), (3, 1, 96)),
    "chidi": ((95, 0.5, 4.5), (2, 95, 3), (1, 0.5, 98.5)),
    "dora": ((97.5, 1, 1.5), (2.5, 96, 1.5), (2, 0.5, 97.5)),
    "emil": ((97, 1, 2), (6, 92, 2), (4, 1, 95)),
    "fatou": ((95, 2.5, 2.5), (1.5, 97, 1.5), (3, 2, 95)),
    "model-1": ((94, 2, 4), (19, 75, 6), (14, 2, 84)),
    "model-2": ((83, 2, 15), (8, 77, 15), (3, 1, 96)),
    "rule-links": ((78, 10, 12), (20, 66, 14), (12, 4, 84)),
    "review-meeting": ((99, 0, 1), (1, 98, 1), (1, 0, 99)),
}
# Of 100 contested and of 100 uncontested lines, how many each annotator calls contested.
_DISPUTES = np.array(
    [
        *((0, 0), (91, 0.4), (89, 0.4), (87, 0.3), (97, 2.2), (88, 0.4), (89, 0.6)),
        *((52, 0.6), (60, 1.5), (20, 0.2), (98, 0.2)),
    ]
)
_CANNOT_SAY = 0.007  # of all answers
_HARDER = 0.2  # the share of answers to hard lines that are guesses


@dataclass(frozen=True)
class Answers:
    """One element per answer; codes start at 1, 0 is an empty field."""

    label: Array
    attribution: Array
    attribution_kind: Array
    contested: Array
    contested_kind: Array
    contested_by: Array
    needs_source: Array
    suggestion_seen: Array
    confidence: Array
    rationale: Array
    decision: Array  # the rationale of a review meeting
    evidence: Array  # number of a record


def answers(
    rng: np.random.Generator, truth: Truth, nameless: Array, rounds: Rounds, rule: Array
) -> Answers:
    """The answers to all claims; `truth`, `nameless` and `rule` have one element per claim.

    `nameless`: the publisher cannot cite itself, and no annotator answers that it did.
    `rule`: a rule suggested an answer.
    """
    claim = rounds.claim
    attribution = _attributions(rng, truth, rounds)
    attribution[nameless[claim] & (attribution == SELF_CITED)] = UNSOURCED
    disputed = _disputes(rng, truth, rounds)
    label = np.where(disputed, CONTESTED, attribution).astype(np.int8)
    _without_answer(rng, truth, rounds, label)
    none = label > CONTESTED
    attribution[none | ((label == CONTESTED) & coin(rng, len(claim), 0.08))] = 0
    kind = kind_of(attribution, _tastes(rng, truth, claim))
    contested = np.where(none, 0, np.where(label == CONTESTED, TRUE, FALSE)).astype(np.int8)
    contested_kind, contested_by, evidence = _records(rng, len(truth.hard), claim, label)
    meeting = rounds.annotator == MEETING
    return Answers(
        label=label,
        attribution=attribution,
        attribution_kind=sparse(rng, kind, 0.88),
        contested=contested,
        contested_kind=contested_kind,
        contested_by=contested_by,
        needs_source=_needs(rng, label),
        suggestion_seen=_suggestions_seen(rng, rounds, rule),
        confidence=_confidence(rng, rounds.annotator, truth.hard[claim]),
        rationale=np.where(meeting, 0, _rationales(rng, label)),
        decision=np.where(meeting, code(rng, len(claim), len(DECISIONS)), 0),
        evidence=evidence,
    )


def _attributions(rng: np.random.Generator, truth: Truth, rounds: Rounds) -> Array:
    """The attribution that each annotator sees; mostly wrong if it is changed later."""
    tables = np.array([((1, 0, 0),) * 3, *_CONFUSIONS.values()], dtype=float)
    easy = tables / tables.sum(axis=2, keepdims=True)
    confusions = np.stack([easy, easy * (1 - _HARDER) + _HARDER / 3]).reshape(-1, 3)
    true = truth.attribution[rounds.claim]
    seen_by = np.where(rounds.change, MEETING, rounds.annotator).astype(np.int16)
    row = (truth.hard[rounds.claim] * len(tables) + seen_by) * 3 + true - 1
    attribution = by_rows(uniform(rng, len(row)), confusions, row)
    wrong = np.flatnonzero(rounds.first & coin(rng, len(row), 0.85))
    attribution[wrong] = (true[wrong] - 1 + rng.integers(1, 3, len(wrong), dtype=np.int8)) % 3 + 1
    return attribution


def _disputes(rng: np.random.Generator, truth: Truth, rounds: Rounds) -> Array:
    """True where the annotator calls the claim contested."""
    chances = (_DISPUTES / 100).astype(np.float32)
    seen_by = np.where(rounds.change, MEETING, rounds.annotator)
    chance = chances[seen_by, np.where(truth.contested[rounds.claim], 0, 1)]
    return np.asarray(uniform(rng, len(chance)) < chance)


def _without_answer(rng: np.random.Generator, truth: Truth, rounds: Rounds, label: Array) -> None:
    """Set some labels to `not_a_claim`, mostly for lines that are not claims, or `cannot_say`."""
    draws = uniform(rng, len(label))
    no_claim = truth.no_claim[rounds.claim]
    sure = rounds.annotator == MEETING
    likely = np.where(sure, np.float32(1), np.float32(0.75))
    label[draws < np.where(no_claim, likely, np.where(sure, np.float32(0), np.float32(0.003)))] = (
        NOT_A_CLAIM
    )
    label[(draws > 1 - _CANNOT_SAY) & ~sure & (rounds.annotator != RULE)] = CANNOT_SAY


def _tastes(rng: np.random.Generator, truth: Truth, claim: Array) -> Array:
    """The finer kind that each annotator sees: the line's own, or in one of six cases random."""
    taste = truth.taste[claim]
    return np.where(
        coin(rng, len(taste), 1 / 6), rng.integers(0, 100, len(taste), dtype=np.int8), taste
    )


def _records(
    rng: np.random.Generator, claims: int, claim: Array, label: Array
) -> tuple[Array, Array, Array]:
    """For the label `contested`: the kind of dispute, who disputes, and the record number.

    Drawn per claim, so that its annotators mean the same dispute; some leave a field empty.
    """
    disputed = label == CONTESTED
    kind = weighted(rng, claims, (40, 26, 12, 8, 6, 8))[claim]
    by = code(rng, claims, len(DISPUTED_BY))[claim]
    on_record = disputed & (kind >= _ON_RECORD)
    record = np.where(on_record, rng.integers(1, 900_000, claims, dtype=np.int32)[claim], 0)
    return (
        np.where(disputed, sparse(rng, kind, 0.93), 0),
        np.where(disputed, sparse(rng, by, 0.93), 0),
        sparse(rng, record, 0.85),
    )


def _needs(rng: np.random.Generator, label: Array) -> Array:
    """Whether the claim needs a source, in the annotator's view; one in three is left empty."""
    weights = np.array(
        [(20, 70, 10), (45, 40, 15), (72, 16, 12), (60, 25, 15), (1, 1, 1), (1, 1, 1)]
    )
    need = by_rows(uniform(rng, len(label)), weights, label - 1)
    return np.where(label > CONTESTED, 0, sparse(rng, need, 0.66))


def _suggestions_seen(rng: np.random.Generator, rounds: Rounds, rule: Array) -> Array:
    """Whether a person saw a suggestion: empty for programs and about one in three people."""
    human = rounds.annotator <= len(HUMANS)
    suggested = rule[rounds.claim] & coin(rng, len(human), 0.8)
    recorded = human & (suggested | coin(rng, len(human), 0.65))
    return np.where(recorded, np.where(suggested, TRUE, FALSE), 0).astype(np.int8)


def _confidence(rng: np.random.Generator, annotator: Array, hard: Array) -> Array:
    """Codes for 0.50 to 1.00 in steps of 0.01, for models and two in five human answers."""
    draws = uniform(rng, len(annotator))
    steps = 51 - (draws * draws * np.where(hard, np.float32(45), np.float32(28))).astype(np.int8)
    model = (annotator >= MODEL_1) & (annotator < RULE)
    stated = model | ((annotator <= len(HUMANS)) & coin(rng, len(annotator), 0.4))
    return np.where(stated, steps, 0).astype(np.int8)


def _rationales(rng: np.random.Generator, label: Array) -> Array:
    """A reason: always if there is no attribution, often for a dispute, else for one in five."""
    reason = (label - 1) * RATIONALES_PER_ANSWER + code(rng, len(label), len(RATIONALES[0]))
    chance = np.array([0, 0.2, 0.2, 0.2, 0.45, 1.1, 1.1], dtype=np.float32)[label]
    return np.where(uniform(rng, len(label)) < chance, reason, 0).astype(np.int8)
