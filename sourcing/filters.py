"""Filters: which claims are counted and how, as SQL parameters, a sentence and an address query.

Screen, CSV and minutes take the sentence from here, so they agree. `sourcing.query_string` reads
filters from an address.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from sourcing.codebook import BASIS_NAMES, LOOKS, STATE_NAMES, VIEWS, NoAnswer
from sourcing.statistics import Weighting

COUNTED = (
    "source", "kind", "genre", "origin", "language", "topic", "needs_source", "state", "basis",
)  # fmt: skip
"""Filters on what is counted that take several values, by their names in an address."""
ON_ARTICLES = ("source", "kind", "genre", "origin", "language", "since", "until")
"""Filters that choose articles; only these apply to annotators' answers."""
LISTED = ("label", "article", "claim", "statement")
"""Filters on which rows a list shows; they have no effect on shares."""
LISTS = COUNTED + LISTED
PARAMETERS = {
    **{name: f"{name}s" for name in LISTS},
    "basis": "bases",
    **{name: name for name in ("since", "until", "search")},
}
"""Filters and the SQL parameters that hold their values."""
OPEN = "open"
"""Stands for claims without a resolved label, in the filter `label`."""
NONE = "(none)"
"""Stands for a missing topic, language or needs_source."""


@dataclass(frozen=True)
class Filters:
    """Which claims are counted and how; an empty tuple or None means no limit.

    since and until are months (YYYY-MM), inclusive: an article counts if every date that it may
    have lies between them. ignored: the parts of an address that cannot be used.
    """

    source: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    genre: tuple[str, ...] = ()
    origin: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    needs_source: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    label: tuple[str, ...] = ()
    article: tuple[str, ...] = ()
    claim: tuple[str, ...] = ()
    statement: tuple[str, ...] = ()
    search: str | None = None
    since: str | None = None
    until: str | None = None
    view: str = "labels"
    weighting: Weighting = Weighting.CLAIM
    ignored: tuple[str, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether no filter is set, apart from source, view and weighting."""
        return not (self._articles_limited or self.needs_cells)

    @property
    def _articles_limited(self) -> bool:
        limits = (self.kind, self.genre, self.origin, self.language, self.since, self.until)
        return any(limits)

    @property
    def needs_cells(self) -> bool:
        """Whether claims are filtered individually, not only by article."""
        return bool(self.topic or self.needs_source or self.state or self.basis)

    def parameters(self) -> dict[str, Any]:
        """The named parameters of the SQL in `article_filter` and `counted_cells`."""
        return {
            **self.article_parameters(),
            "topics": _database_values(self.topic),
            "needs_sources": _database_values(self.needs_source),
            "states": list(self.state) or None,
            "bases": list(self.basis) or None,
            "view": self.view,
        }

    def article_parameters(self) -> dict[str, Any]:
        """The parameters of `article_filter`; the caller must turn `sources` into keys."""
        return {
            "sources": list(self.source) or None,
            "kinds": list(self.kind) or None,
            "genres": list(self.genre) or None,
            "origins": list(self.origin) or None,
            "languages": _database_values(self.language),
            "since": f"{self.since}-01" if self.since else None,
            "until": f"{self.until}-01" if self.until else None,
        }

    def list_parameters(self, limit: int | None = None, offset: int = 0) -> dict[str, Any]:
        """The parameters of lists of claims: filters, limit and offset."""
        return {
            **self.parameters(),
            "labels": list(self.label) or None,
            "articles": list(self.article) or None,
            "claims": list(self.claim) or None,
            "statements": list(self.statement) or None,
            "search": self.search,
            "limit": limit,
            "offset": offset,
        }

    def without(self, names: Iterable[str]) -> "Filters":
        """The same filters with these, by name, reset to their defaults."""
        defaults = Filters()
        return replace(self, **{name: getattr(defaults, name) for name in names})

    def query(self) -> str:
        """The filters as an address query, without defaults."""
        return urlencode(self.pairs())

    def pairs(self) -> list[tuple[str, str]]:
        """The filters as name and value, in a fixed order, without defaults."""
        pairs = [(name, value) for name in LISTS for value in getattr(self, name)]
        pairs += [
            (name, value) for name in ("since", "until", "search") if (value := getattr(self, name))
        ]
        if self.view != VIEWS[0]:
            pairs.append(("view", self.view))
        if self.weighting is not Weighting.CLAIM:
            pairs.append(("weighting", str(self.weighting)))
        return pairs

    def sentence(self, sources: Mapping[str, str] | None = None) -> str:
        """What is counted, as a sentence: the same on screen, in the CSV and in print."""
        limits = self._limits(sources)
        if self.state or self.basis:
            limits.append("other resolutions count as open")
        return "; ".join([_QUESTION[self.weighting], _VIEW[self.view], *limits]) + "."

    def list_sentence(self, sources: Mapping[str, str] | None = None) -> str:
        """Which rows a list shows, as a sentence."""
        limits = self._limits(sources)
        if self.label:
            axis = "label" if self.view == "labels" else "attribution"
            limits.append(f"{axis}: {_enumeration(_READABLE.get(v, v) for v in self.label)}")
        limits += [
            f"{name}: {_enumeration(v)}" for name in LISTED[1:] if (v := getattr(self, name))
        ]
        if self.search:
            limits.append(f"text contains “{self.search}”")
        return "; ".join(limits) + "." if limits else "All."

    def _limits(self, sources: Mapping[str, str] | None) -> list[str]:
        parts = []
        if self.source:
            names = [(sources or {}).get(value, value) for value in self.source]
            parts.append(f"sources: {_enumeration(names)}")
        if self.since or self.until:
            parts.append(f"articles dated {_period(self.since, self.until)}; undated ones left out")
        for name, words in _WORDS.items():
            if values := getattr(self, name):
                parts.append(f"{words}: {_enumeration(_READABLE.get(v, v) for v in values)}")
        return parts


_QUESTION = {
    Weighting.CLAIM: "Each claim counts the same",
    Weighting.ARTICLE: "Each article counts the same",
    Weighting.STATEMENT: "Each distinct statement of a source counts once",
}
_VIEW = {
    "labels": "by label",
    "attribution": "by attribution (contested claims under where they come from)",
}
_WORDS = {
    "kind": "kind of source",
    "genre": "genre",
    "origin": "origin of the article",
    "language": "language",
    "topic": "topic",
    "needs_source": "needs a source",
    "state": "state",
    "basis": "labelled by",
}
_READABLE: dict[str, str] = {
    **{str(key): name.lower() for key, name in STATE_NAMES.items()},
    **{str(key): name.lower() for key, name in BASIS_NAMES.items()},
    **{str(key): look.name.lower() for key, look in LOOKS.items()},
    NoAnswer.NOT_A_CLAIM: "not a claim",
}


GRAINS = {"month": "Months", "quarter": "Quarters", "year": "Years"}
"""The period lengths by which shares are shown."""


def months_of(period: str) -> tuple[str, str]:
    """The first and last month of a month (2026-05), quarter (2026-Q2) or year (2026)."""
    year, _, rest = period.partition("-")
    if not rest:
        return f"{year}-01", f"{year}-12"
    if rest.startswith("Q"):
        last = 3 * int(rest[1:])
        return f"{year}-{last - 2:02}", f"{year}-{last:02}"
    return period, period


def only_source(filters: Filters, source_id: str) -> Filters:
    """The same filters for one source."""
    return replace(filters, source=(source_id,))


def with_values(filters: Filters, name: str, values: tuple[str, ...]) -> Filters:
    """The same filters with these values for one that takes several."""
    changed: dict[str, Any] = {name: values}
    return replace(filters, **changed)


def on_articles(filters: Filters) -> Filters:
    """The same filters with only those that choose articles."""
    every = (*COUNTED, *LISTED, "search", "view", "weighting", "ignored")
    return filters.without(name for name in every if name not in ON_ARTICLES)


def _database_values(values: tuple[str, ...]) -> list[str] | None:
    return ["" if value == NONE else value for value in values] or None


def _period(since: str | None, until: str | None) -> str:
    if since and until:
        return since if since == until else f"{since} to {until}"
    return f"since {since}" if since else f"until {until}"


def _enumeration(values: Iterable[str], limit: int = 8) -> str:
    names = list(values)
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(names[:limit]) + more
