"""How many answers each claim gets, who gives them, in which round and when.

Six humans work article by article in small teams; two models run at the start of a month; some
answers are changed after a discussion; a review meeting decides a few claims. In the file, the
answers to one claim are grouped: humans, models, changes, rule, meeting.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from etl.demo.articles import DATES, FIRST_DAY, Articles
from etl.demo.random_draws import Array, coin, uniform, within
from etl.demo.true_labels import Truth

HUMANS = ("anna", "bela", "chidi", "dora", "emil", "fatou")
ANNOTATORS = (*HUMANS, "model-1", "model-2", "rule-links", "review-meeting")
MODEL_1, RULE, MEETING = 7, 9, 10
MOST_LABELS = len(HUMANS)  # the most labels per claim that can be requested
METHODS = ("human", "model", "rule")
METHOD_OF = np.array([0, 1, 1, 1, 1, 1, 1, 2, 2, 3, 1], dtype=np.int8)  # by annotator
ROUNDS = ("independent", "after_discussion", "adjudication")
INDEPENDENT, AFTER_DISCUSSION, ADJUDICATION = 1, 2, 3

YEAR_START = date(2026, 1, 1)  # labelling days count from 1 on this day
_FROM_ARTICLE_DAY = (FIRST_DAY - YEAR_START).days + 1
_FIRST_LABELS = 5  # people and rules start on 5 January
_LAST_SESSION = 310  # a team starts on an article on 6 November at the latest
_SESSIONS = 5  # days in which a team labels one article
_CHANGES = 6  # the most days after which an answer is changed
_MEETING = 12  # days from the team's start to the meeting, later than any change

# Shares of the claims with two, three or one human answers, with only model answers, with none.
_STATES = ((0.55, 2), (0.12, 3), (0.10, 1), (0.18, 0), (0.05, 0))
_MODELS_ONLY = 3  # its place in _STATES


@dataclass(frozen=True)
class Counts:
    """The number of answers of each kind, one element per claim."""

    human: Array
    model: Array
    change: Array  # 1 where the first annotator changes the answer
    rule: Array
    meeting: Array

    def total(self) -> Array:
        """All answers of each claim."""
        return self.human + self.model + self.change + self.rule + self.meeting


@dataclass(frozen=True)
class Rounds:
    """One element per answer, ordered by claim; codes start at 1."""

    claim: Array  # from 0
    annotator: Array
    round: Array
    day: Array  # of 2026
    second: Array  # of the day, from 0
    first: Array  # true for an answer that its annotator changes later
    change: Array  # true for the new answer


def counts(rng: np.random.Generator, truth: Truth, article: Array, labels: int | None) -> Counts:
    """Draw the number of answers of each claim; exactly `labels` in total, if given.

    The number depends mostly on the article, as in real batches: each article has a place on an
    even grid of the states, and its claims scatter closely around it.
    """
    claims, articles = len(article), int(article[-1]) + 1
    grid = rng.permutation(articles).astype(np.float32) / articles
    state = (grid[article] + rng.normal(0, 0.04, claims).astype(np.float32)) % 1
    limits = np.cumsum([share for share, _ in _STATES])
    state = np.minimum(np.searchsorted(limits, state, side="right"), len(_STATES) - 1)
    human = np.array([number for _, number in _STATES], dtype=np.int8)[state]
    pre_labelled = coin(rng, articles, 0.25)[article]
    model = np.where(
        (state == _MODELS_ONLY) | ((human > 0) & pre_labelled), 1 + coin(rng, claims, 0.5), 0
    )
    likely = np.where(truth.hard, np.float32(0.25), np.float32(0.032))
    change = (uniform(rng, claims) < likely) & (human > 0)
    likely = np.where(truth.hard, np.float32(0.075), np.float32(0.002))
    meeting = (uniform(rng, claims) < likely) & (human > 1)
    answers = Counts(
        human=human,
        model=model.astype(np.int8),
        change=change.astype(np.int8),
        rule=coin(rng, claims, 0.02).astype(np.int8),
        meeting=meeting.astype(np.int8),
    )
    if labels is not None:
        _fit(rng, answers, labels)
    return answers


def _fit(rng: np.random.Generator, counts: Counts, labels: int) -> None:
    """Add or remove human and model answers at random until there are exactly `labels`."""
    missing = labels - int(counts.total().sum(dtype=np.int64))
    while missing > 0:
        room = np.flatnonzero(counts.human < len(HUMANS))
        if not len(room):
            raise ValueError(f"{labels} labels are too many: a claim has {len(HUMANS)} annotators.")
        counts.human[_some(rng, room, missing)] += 1
        missing -= min(missing, len(room))
    while missing < 0:
        spare = np.flatnonzero((counts.human > counts.change) | (counts.model > 0))
        if not len(spare):
            raise ValueError(f"{labels} labels are too few for the changes and decisions drawn.")
        reduced = _some(rng, spare, -missing)
        human = counts.human[reduced] > counts.change[reduced]
        counts.human[reduced] -= human
        counts.model[reduced] -= ~human
        missing += len(reduced)


def _some(rng: np.random.Generator, values: Array, number: int) -> Array:
    """A random choice of at most `number` of the values, without replacement."""
    if number >= len(values):
        return values
    return np.asarray(rng.choice(values, number, replace=False, shuffle=False))


def rounds(
    rng: np.random.Generator,
    counts: Counts,
    articles: Articles,
    start: Array,
    positions: tuple[Array, Array],
) -> Rounds:
    """One element for each answer, with annotator, round and time.

    `start` is the team's first day on each article (`team_starts`); `positions` are each claim's
    article and its place there.
    """
    article, place_in_article = positions
    total = counts.total()
    claim = np.repeat(np.arange(len(total), dtype=np.int32), total)
    place = within(total).astype(np.int8)
    human, model = counts.human[claim], counts.human[claim] + counts.model[claim]
    change = (place == model) & (counts.change[claim] == 1)
    meeting = (place == total[claim] - 1) & (counts.meeting[claim] == 1)
    is_human, is_model = place < human, (place >= human) & (place < model)
    teams = np.tile(np.arange(1, len(HUMANS) + 1, dtype=np.int8), (len(articles.day), 1))
    teams = rng.permuted(teams, axis=1)
    seat = np.where(is_human, place, 0)
    models_from = rng.integers(0, 2, len(total), dtype=np.int8)[claim]
    annotator = np.where(is_human | change, teams[article[claim], seat], RULE).astype(np.int8)
    annotator[is_model] = (MODEL_1 + (models_from + place - human) % 2)[is_model]
    annotator[meeting] = MEETING
    turn = np.where(is_human | is_model, INDEPENDENT, 0).astype(np.int8)
    turn[change] = np.where(coin(rng, int(change.sum()), 0.75), AFTER_DISCUSSION, INDEPENDENT)
    turn[meeting] = ADJUDICATION
    day, second = _times(rng, articles, start, article[claim], annotator)
    day[change] += rng.integers(1, _CHANGES + 1, int(change.sum()), dtype=np.int16)
    second += place_in_article[claim] * 60
    first = is_human & (place == 0) & (counts.change[claim] == 1)
    return Rounds(claim, annotator, turn, day, second, first, change)


def team_starts(rng: np.random.Generator, articles: Articles) -> Array:
    """The day of 2026 on which a team starts on each article, always after publication."""
    earliest = _earliest(articles)
    room = _LAST_SESSION + 1 - earliest
    return np.asarray(earliest + uniform(rng, len(earliest)) * room, dtype=np.int16)


def _earliest(articles: Articles) -> Array:
    """The first day of 2026 on which people or rules can label each article."""
    return np.asarray(np.maximum(articles.day + _FROM_ARTICLE_DAY + 1, _FIRST_LABELS))


def _times(
    rng: np.random.Generator, articles: Articles, start: Array, article: Array, annotator: Array
) -> tuple[Array, Array]:
    """The day of 2026 and the second of the day at which the annotator starts on the article."""
    shape = (len(start), len(HUMANS) + 1)
    days = rng.integers(0, _SESSIONS, shape, dtype=np.int16)
    seconds = rng.integers(8 * 3600, 17 * 3600, shape, dtype=np.int32)
    seat = np.where(annotator <= len(HUMANS), annotator, 0)
    day, second = start[article] + days[article, seat], seconds[article, seat]
    run = _next_month()[articles.day]
    for model in (MODEL_1, MODEL_1 + 1):
        rows = np.flatnonzero(annotator == model)
        day[rows] = run[article[rows]]
        second[rows] = (2 + model - MODEL_1) * 3600 + article[rows] % 3000
    rows = np.flatnonzero(annotator == RULE)
    day[rows], second[rows] = _earliest(articles)[article[rows]], 3600
    rows = np.flatnonzero(annotator == MEETING)
    day[rows], second[rows] = start[article[rows]] + _MEETING, 14 * 3600
    return day, second


def _next_month() -> Array:
    """For each publication day, the day of 2026 of the next model run, on the first of a month."""
    following = [date(day.year + day.month // 12, day.month % 12 + 1, 1) for day in DATES]
    runs = [max(run, YEAR_START) for run in following]
    return np.array([(run - YEAR_START).days + 1 for run in runs], dtype=np.int16)
