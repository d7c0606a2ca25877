"""The true attribution of each line, which the annotators try to recognise.

An outlet's mix depends on its kind, drifts over time and differs by topic and genre. A random
effect for each text makes the lines of one article similar (codebook section 5). Codes start at 1,
in the codebook's order: attributions sourced, self_cited, unsourced; the nine kinds as in
`phrases.LEAD_INS`.
"""

from dataclasses import dataclass

import numpy as np

from etl.demo.articles import DAYS, Articles
from etl.demo.outlets import Sources
from etl.demo.random_draws import Array, coin, uniform
from etl.demo.word_lists import TOPICS

SOURCED, SELF_CITED, UNSOURCED = 1, 2, 3
ATTRIBUTIONS = ("sourced", "self_cited", "unsourced")
ARTICLE_EFFECT = 0.8  # standard deviation on the log-odds; gives an ICC of about 0.1
CONTESTED_EFFECT = 0.9

# Sourced, self-cited, unsourced and contested in percent, by kind of outlet in the order of KINDS.
_MIX = np.array(
    [
        *([70, 11, 19, 3], [57, 13, 30, 5], [54, 18, 28, 5], [47, 18, 35, 6], [24, 36, 40, 14]),
        *([14, 66, 20, 8], [46, 36, 18, 7], [24, 12, 64, 9], [14, 22, 64, 12], [32, 1, 67, 10]),
    ]
)
# Added to the log-odds of the three attributions, by genre in the order of GENRES.
_GENRE_EFFECT = np.array([[0.2, 0, 0], [-0.5, 0, 0.5], [-0.6, 0.9, 0], [-0.3, 0.2, 0.3], [0, 0, 0]])
# The kinds of each attribution in percent: two, four and three kinds.
_KINDS = {SOURCED: (56, 44), SELF_CITED: (22, 38, 18, 22), UNSOURCED: (58, 30, 12)}
_FIRST_KIND = {SOURCED: 1, SELF_CITED: 3, UNSOURCED: 7}


@dataclass(frozen=True)
class Truth:
    """One element per line, or one per claim in the result of `for_claims`."""

    attribution: Array
    contested: Array
    kind: Array  # of the attribution
    taste: Array  # 0 to 99: selects the kind of whatever attribution an annotator sees
    hard: Array  # annotators err more often here
    no_claim: Array  # should not have been recorded as a claim


def lines(rng: np.random.Generator, sources: Sources, articles: Articles) -> Truth:
    """The truth of every line of every text, for the outlet that published it first."""
    text = np.repeat(np.arange(len(articles.sizes), dtype=np.int32), articles.sizes)
    odds, contested = _log_odds(rng, sources, articles)
    shares = np.exp(odds)
    limits = (np.cumsum(shares, axis=1) / shares.sum(axis=1, keepdims=True)).astype(np.float32)
    draws = uniform(rng, len(text))
    attribution = np.ones(len(text), dtype=np.int8)
    attribution += draws >= limits[text, 0]
    attribution += draws >= limits[text, 1]
    chance = (1 / (1 + np.exp(-contested))).astype(np.float32)
    taste = rng.integers(0, 100, len(text), dtype=np.int8)
    return Truth(
        attribution=attribution,
        contested=uniform(rng, len(text)) < chance[text],
        kind=kind_of(attribution, taste),
        taste=taste,
        hard=coin(rng, len(text), 0.14),
        no_claim=coin(rng, len(text), 0.015),
    )


def for_claims(
    truth: Truth, sources: Sources, articles: Articles, article: Array, line: Array
) -> Truth:
    """The truth of each claim; a line self-cited by its first outlet is sourced elsewhere.

    "According to the agency's own count" is self-cited in the agency's article only.
    """
    group = sources.group[articles.source]
    elsewhere = group[articles.owner][articles.text] != group
    attribution = truth.attribution[line]
    moved = elsewhere[article] & (attribution == SELF_CITED)
    attribution[moved] = SOURCED
    taste = truth.taste[line]
    return Truth(
        attribution=attribution,
        contested=truth.contested[line],
        kind=kind_of(attribution, taste),
        taste=taste,
        hard=truth.hard[line],
        no_claim=truth.no_claim[line],
    )


def kind_of(attribution: Array, taste: Array) -> Array:
    """The kind for an attribution and a taste; 0 for no attribution."""
    table = np.zeros((4, 100), dtype=np.int8)
    for code, weights in _KINDS.items():
        table[code] = np.repeat(np.arange(len(weights)) + _FIRST_KIND[code], weights)
    return np.asarray(table[attribution, taste])


def _log_odds(
    rng: np.random.Generator, sources: Sources, articles: Articles
) -> tuple[Array, Array]:
    """For each text, the log-odds of the three attributions and of being contested."""
    owner, publishers, topics = articles.owner, sources.publishers, len(TOPICS)
    source, topic = articles.source[owner], articles.topic[owner] - 1
    mix = np.log(_MIX[sources.kind[:publishers], :3] / 100)
    base = mix + rng.normal(0, 0.3, (publishers, 3))
    drift = rng.normal(0, 0.35, (publishers, 3))
    by_topic = rng.normal(0, 0.2, (topics, 3))
    time = (articles.day[owner] / (DAYS - 1) * 2 - 1)[:, None]
    odds = base[source] + drift[source] * time + by_topic[topic]
    odds += _GENRE_EFFECT[articles.genre[owner] - 1]
    odds += rng.normal(0, ARTICLE_EFFECT, odds.shape)
    odds[sources.nameless[source], SELF_CITED - 1] = -np.inf
    share = _MIX[sources.kind[:publishers], 3] / 100
    contested = np.log(share / (1 - share)) + rng.normal(0, 0.25, publishers)
    return odds, (
        contested[source]
        + rng.normal(0, 0.3, topics)[topic]
        + rng.normal(0, CONTESTED_EFFECT, len(owner))
    )
