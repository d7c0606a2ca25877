"""Publishers and sources that are only cited: invented outlets, ministries and persons.

Forty publishers are written out, so that the demo has known groups, doubtful notes and odd cases.
Further ones combine a place and a word, with a number when the pairs run out. Every name ends in
"(made up)".
"""

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from etl.demo.names import CITED_ONLY, OUTLET_WORDS, OUTLETS
from etl.demo.random_draws import Array
from etl.demo.word_lists import PLACES

MARK = " (made up)"
ID_PREFIX = "demo-"
LANGUAGES = ("en", "de", "fr", "es")
KINDS = (
    "news_agency",
    "newspaper",
    "broadcaster",
    "magazine",
    "advocacy",
    "government",
    "think_tank",
    "blog",
    "social",
    "unknown",
)


@dataclass(frozen=True)
class Outlet:
    """A row of `sources.csv`; empty text is an empty field."""

    name: str
    kind: str
    affiliation: str
    country: str
    language: str
    notes: str

    @property
    def slug(self) -> str:
        """The name in lower case with hyphens, for URLs and ids."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")

    @property
    def domain(self) -> str:
        """A domain that is reserved and never resolves; persons have none."""
        return "" if self.kind == "unknown" else f"{self.slug}.example"


@dataclass(frozen=True)
class Sources:
    """All sources: first the publishers, then those only cited. Arrays have the same order."""

    outlets: tuple[Outlet, ...]
    publishers: int

    @cached_property
    def kind(self) -> Array:
        """The index of each source's kind in `KINDS`."""
        return np.array([KINDS.index(outlet.kind) for outlet in self.outlets], dtype=np.int8)

    @cached_property
    def group(self) -> Array:
        """The number of each source's group; a source without an affiliation is its own group."""
        first: dict[str, int] = {}
        keys = (outlet.affiliation or outlet.slug for outlet in self.outlets)
        return np.array([first.setdefault(key, len(first)) for key in keys], dtype=np.int32)

    @cached_property
    def nameless(self) -> Array:
        """True for sources of unknown kind without a group.

        As publishers they cannot cite themselves (codebook section 2).
        """
        return np.array(
            [outlet.kind == "unknown" and not outlet.affiliation for outlet in self.outlets]
        )

    @cached_property
    def language(self) -> Array:
        """The code of each source's main language in `LANGUAGES`, from 1."""
        return np.array(
            [LANGUAGES.index(outlet.language) + 1 for outlet in self.outlets], dtype=np.int8
        )

    def columns(self) -> dict[str, list[str]]:
        """The columns of `sources.csv`, one text per source."""
        return {
            "source_id": [ID_PREFIX + outlet.slug for outlet in self.outlets],
            "source_name": [outlet.name + MARK for outlet in self.outlets],
            "source_kind": [outlet.kind for outlet in self.outlets],
            "source_affiliation": [outlet.affiliation for outlet in self.outlets],
            "source_domain": [outlet.domain for outlet in self.outlets],
            "source_country": [outlet.country for outlet in self.outlets],
            "source_notes": [outlet.notes for outlet in self.outlets],
        }


def sources(publishers: int) -> Sources:
    """The first `publishers` publishers, and the sources that are only cited.

    The list is the same for every seed, so that links to a source of the demo keep working.
    """
    listed = [_outlet(line) for line in OUTLETS[:publishers]]
    listed += [_combined(number) for number in range(publishers - len(listed))]
    cited = [_outlet(line) for line in CITED_ONLY]
    return Sources(tuple(listed + cited), publishers)


def _outlet(line: str) -> Outlet:
    """One line of the lists in `names`: name|kind|affiliation|country|language|notes."""
    name, kind, affiliation, country, language, notes = line.split("|")
    return Outlet(name, kind, affiliation, country, language or "en", notes)


def _combined(number: int) -> Outlet:
    """The outlet for a number from 0: a place and a word, and a running number if pairs repeat."""
    turn, pair = divmod(number, len(PLACES) * len(OUTLET_WORDS))
    row, column = divmod(pair, len(OUTLET_WORDS))
    word, kind = OUTLET_WORDS[column].split("|")
    # The place moves on by five for each word: neighbours differ in both parts, no pair repeats.
    place = PLACES[(row + 5 * column) % len(PLACES)]
    name = f"{place} {word}" if turn == 0 else f"{place} {word} {turn + 1}"
    language = LANGUAGES[number % 4] if number % 5 == 0 else "en"
    country = {"de": "DE", "fr": "FR", "es": "ES"}.get(language, ("GB", "IE", "CA", "")[number % 4])
    return Outlet(name, kind, "", country, language, "")
