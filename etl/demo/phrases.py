"""Phrases composed of the word lists, so that ten million claims need only look-ups.

A claim is opening + act + ending, each a code; its passage in the article adds a lead-in that shows
the attribution ("According to the audit office, …"). Lengths are in characters, for true offsets.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from etl.demo.random_draws import Array
from etl.demo.word_lists import ENDINGS, PLACES, SLOTS, TIMELESS_ENDINGS, TOPICS

SAID = " said that it"

# For each kind of attribution, in the order of the codebook: how a text may express it.
LEAD_INS = {
    "independent": (
        "According to the audit office, ",
        "The statistics bureau found that ",
        "A report by the inspectorate says that ",
    ),
    "interested_party": (
        "In a statement of its own, ",
        "A spokesperson for it confirmed that ",
        "By its own account, ",
    ),
    "own_witness": (
        "As our reporter saw, ",
        "Our correspondent was told on the spot that ",
        "In front of our camera, ",
    ),
    "own_record": (
        "Our own count shows that ",
        "Documents in our hands show that ",
        "In an interview with us it emerged that ",
    ),
    "own_earlier_article": (
        "As we reported, ",
        "Our earlier article said that ",
        "We wrote last month that ",
    ),
    "affiliate": (
        "Our publisher says that ",
        "Our group has announced that ",
        "On our own account we posted that ",
    ),
    "none": ("", "In fact, ", "Meanwhile, "),
    "vague": ("Reports say that ", "It is understood that ", "Many say that "),
    "anonymous_described": (
        "An official who asked not to be named said that ",
        "A person close to the talks said that ",
        "A former member of the board said that ",
    ),
}
LEAD_INS_PER_KIND = 3

_HEADLINES = (
    ("{} under review", "New figures on {}", "What is known about {}", "Dispute over {}"),
    ("{} auf dem Prüfstand", "Neue Zahlen: {}", "Was bekannt ist: {}", "Streit: {}"),
    ("{} : le point", "Nouveaux chiffres : {}", "Ce que l'on sait : {}", "Débat : {}"),
    ("{}: el balance", "Nuevas cifras: {}", "Lo que se sabe: {}", "Debate: {}"),
)
HEADLINES_PER_TOPIC = 4


@dataclass(frozen=True)
class Phrases:
    """Phrases by code (from 1), grouped by topic: topic t has starts[t-1]+1 to starts[t]."""

    words: tuple[str, ...]
    starts: Array

    @property
    def lengths(self) -> Array:
        """The length of each phrase by its code; 0 for code 0."""
        return lengths(self.words)


def lengths(words: tuple[str, ...]) -> Array:
    """The length of each word by its code from 1; 0 for code 0."""
    return np.array([0, *(len(word) for word in words)], dtype=np.int16)


@cache
def openings() -> Phrases:
    """Who acts, such as "the health board of Velmora": every body of a topic in every place."""
    by_topic = [
        [
            f"the {body} of {place}" if (row + column) % 2 else f"{place}'s {body}"
            for row, body in enumerate(topic.bodies.split(", "))
            for column, place in enumerate(PLACES)
        ]
        for topic in TOPICS
    ]
    return _by_topic(by_topic)


@cache
def acts() -> Phrases:
    """What is done, such as "recruited 14 nurses from abroad": every act with every number."""
    return _by_topic([[act for form in topic.acts for act in _filled(form)] for topic in TOPICS])


@cache
def headlines() -> tuple[str, ...]:
    """Headlines ordered by language, topic and form, as `headline_code` numbers them."""
    return tuple(
        _capital(form.format(topic.nouns[language]))
        for language, forms in enumerate(_HEADLINES)
        for topic in TOPICS
        for form in forms
    )


def headline_code(language: Array, topic: Array, form: Array) -> Array:
    """The code in `headlines` (from 1) for codes of language, topic and form."""
    row = (language.astype(np.int16) - 1) * len(TOPICS) + topic - 1
    return row * HEADLINES_PER_TOPIC + form


def endings() -> tuple[str, ...]:
    """The endings of claims, with the leading space and the full stop."""
    return tuple(f" {ending}." if ending else "." for ending in ENDINGS)


def fitting(ending: Array, act: Array) -> Array:
    """The endings, made timeless for acts with "may", which "last year" does not fit."""
    hedged = np.array([False, *(word.startswith("may ") for word in acts().words)])
    timeless = (ending - 1) % len(TIMELESS_ENDINGS) + 1
    return np.where(hedged[act], timeless, ending)


def lead_ins() -> tuple[str, ...]:
    """All lead-ins, three for each kind of attribution, in order."""
    return tuple(lead_in for kind in LEAD_INS.values() for lead_in in kind)


def capitals(words: tuple[str, ...]) -> tuple[str, ...]:
    """The same phrases, capitalised for the start of a sentence."""
    return tuple(_capital(word) for word in words)


def _capital(word: str) -> str:
    """The word with its first letter in upper case and the rest unchanged."""
    return word[:1].upper() + word[1:]


def _filled(form: str) -> list[str]:
    """The form filled in with each value of its slot."""
    (slot,) = (name for name in SLOTS if f"{{{name}}}" in form)
    return [form.format(**{slot: value}) for value in SLOTS[slot]]


def _by_topic(by_topic: list[list[str]]) -> Phrases:
    """All topics' phrases in one list, with the index at which each topic starts."""
    starts = np.cumsum([0, *(len(words) for words in by_topic)]).astype(np.int32)
    return Phrases(tuple(word for words in by_topic for word in words), starts)
