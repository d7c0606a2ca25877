"""The origins that articles name: they match the true attributions, with a few errors.

The consistency checks (codebook section 7) need something to find, so one to two in a hundred
claims break a rule: sourced without a citation, unsourced with one, or sourced only by the outlet's
own group.
"""

from dataclasses import dataclass

import numpy as np

from etl.demo.articles import Articles
from etl.demo.names import DOCUMENTS, WITNESSES
from etl.demo.outlets import KINDS as SOURCE_KINDS
from etl.demo.outlets import Sources
from etl.demo.random_draws import Array, code, coin, sparse, uniform
from etl.demo.true_labels import SELF_CITED, SOURCED, UNSOURCED, Truth

KINDS = (
    *(
        "person",
        "organisation",
        "document",
        "media",
        "social_post",
        "official_statement",
        "unknown",
    ),
)
PERSON, ORGANISATION, DOCUMENT, MEDIA, SOCIAL_POST, OFFICIAL, UNKNOWN = range(1, 8)
RELATIONS = ("independent", "interested_party", "affiliate", "unknown")
INDEPENDENT, INTERESTED_PARTY, AFFILIATE, RELATION_UNKNOWN = range(1, 5)
LOCATORS = (
    *(
        "second paragraph",
        "first sentence",
        "closing paragraph",
        "box beside the text",
        "footnote 2",
    ),
    *("press briefing, morning", "annual report, chapter 3", "table 4", "page 12", "page 31"),
    *("interview, second part", "minute 14", "pinned post", "annex", "press release, first line"),
)
# The errors, as shares of the claims with that attribution.
_SOURCED_WITHOUT, _SELF_CITED_WITHOUT, _UNSOURCED_WITH, _SOURCED_INSIDE = 0.015, 0.01, 0.012, 0.012
_KIND_BY_SOURCE = {
    "government": OFFICIAL,
    "social": SOCIAL_POST,
    "advocacy": ORGANISATION,
    "think_tank": ORGANISATION,
    "unknown": UNKNOWN,
}


@dataclass(frozen=True)
class Citations:
    """One element per citation, ordered by claim; codes start at 1.

    Exactly one of `source`, `person` and `document` is not 0.
    """

    claim: Array  # from 0
    source: Array
    person: Array
    document: Array
    kind: Array
    relation: Array
    link: Array  # number of a page
    locator: Array


def citations(
    rng: np.random.Generator, sources: Sources, articles: Articles, article: Array, truth: Truth
) -> Citations:
    """The citations of all claims: one for most attributed claims, for some a document as well."""
    attribution, slip = truth.attribution, uniform(rng, len(article))
    sourced = (attribution == SOURCED) & (slip > _SOURCED_WITHOUT)
    self_cited = (attribution == SELF_CITED) & (slip > _SELF_CITED_WITHOUT)
    unsourced = (attribution == UNSOURCED) & (slip < _UNSOURCED_WITH)
    second = sourced & coin(rng, len(article), 0.16)
    number = (sourced | self_cited | unsourced) + second.astype(np.int8)
    claim = np.repeat(np.arange(len(article), dtype=np.int32), number)
    document = np.zeros(len(claim), dtype=bool)
    document[1:] = claim[1:] == claim[:-1]
    publisher = articles.source[article[claim]]
    inside = self_cited[claim] | (
        sourced[claim] & ~second[claim] & coin(rng, len(claim), _SOURCED_INSIDE)
    )
    cited = np.where(
        inside, _inside(rng, sources, publisher), _outside(rng, sources, publisher)
    ).astype(np.int32)
    person = ~inside & ~document & coin(rng, len(claim), 0.24)
    cited[document | person] = -1
    return Citations(
        claim=claim,
        source=cited + 1,
        person=np.where(person, code(rng, len(claim), len(WITNESSES)), 0),
        document=np.where(document, code(rng, len(claim), len(DOCUMENTS)), 0),
        kind=np.where(document, DOCUMENT, np.where(person, PERSON, _kinds(sources)[cited])),
        relation=_relations(rng, truth.kind[claim], inside, document),
        link=sparse(rng, rng.integers(1, 900_000, len(claim), dtype=np.int32), 0.35),
        locator=sparse(rng, code(rng, len(claim), len(LOCATORS)), 0.4),
    )


def _inside(rng: np.random.Generator, sources: Sources, publisher: Array) -> Array:
    """The outlet itself, or in three of ten cases a member of its group."""
    group = sources.group
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(group.max() + 2))
    low, high = starts[group[publisher]], starts[group[publisher] + 1]
    member = order[low + (rng.random(len(publisher)) * (high - low)).astype(np.int64)]
    return np.where(coin(rng, len(publisher), 0.3), member, publisher)


def _outside(rng: np.random.Generator, sources: Sources, publisher: Array) -> Array:
    """A source that is only cited, or in one of six cases a publisher; never the outlet's group."""
    total, group = len(sources.outlets), sources.group
    cited = rng.integers(sources.publishers, total, len(publisher), dtype=np.int32)
    publishers_cited = rng.integers(0, sources.publishers, len(publisher), dtype=np.int32)
    cited = np.where(coin(rng, len(publisher), 1 / 6), publishers_cited, cited)
    neutral = np.array(
        [
            place
            for place in range(sources.publishers, total)
            if not sources.outlets[place].affiliation
        ]
    )
    instead = neutral[code(rng, len(publisher), len(neutral)) - 1]
    return np.where(group[cited] == group[publisher], instead, cited)


def _kinds(sources: Sources) -> Array:
    """The kind of a citation of each source; the last element stands for no source."""
    kinds = [_KIND_BY_SOURCE.get(SOURCE_KINDS[kind], MEDIA) for kind in sources.kind]
    return np.array([*kinds, 0], dtype=np.int8)


def _relations(rng: np.random.Generator, kind: Array, inside: Array, document: Array) -> Array:
    """Affiliate inside the group, else by the attribution's kind; some are unknown or empty."""
    outside = np.where(document | (kind > INTERESTED_PARTY), INDEPENDENT, kind)
    relation = np.where(inside, AFFILIATE, outside)
    relation = np.where(coin(rng, len(kind), 0.1), RELATION_UNKNOWN, relation)
    return sparse(rng, relation, 0.85).astype(np.int8)
