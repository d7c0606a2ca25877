"""Filters read from an address or a command and checked against what a snapshot holds. Pure.

Unknown values are dropped and named, never guessed.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields

from sourcing.codebook import VIEWS, Basis, Label, NoAnswer, State
from sourcing.filters import LISTS, OPEN, Filters
from sourcing.statistics import Weighting

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_LONGEST = 200
_NAMES = tuple(field.name for field in fields(Filters) if field.name != "ignored")
_SHOWN = 12


@dataclass(frozen=True)
class Choices:
    """The filter values that a snapshot offers: sources by id, other values by filter.

    `present` also holds the first and last month that an article may date from (`month`). aliases:
    ids that stand for one of the sources and are none themselves.
    """

    sources: Mapping[str, str]
    present: Mapping[str, tuple[str, ...]]
    aliases: Mapping[str, str] = field(default_factory=dict)

    def legal(self, name: str) -> frozenset[str]:
        """The valid values of a filter that takes several."""
        return frozenset(
            {
                "source": tuple(self.sources),
                "state": tuple(State),
                "basis": tuple(Basis),
                "label": (*Label, OPEN, NoAnswer.NOT_A_CLAIM),
            }.get(name)
            or self.present.get(name, ())
        )

    def union(self, other: "Choices") -> "Choices":
        """The values that either of two snapshots offers."""
        names = dict.fromkeys((*self.present, *other.present))
        present = {
            name: tuple(dict.fromkeys((*self.present.get(name, ()), *other.present.get(name, ()))))
            for name in names
        }
        sources = {**other.sources, **self.sources}
        aliases = {**other.aliases, **self.aliases}
        aliases = {alias: name for alias, name in aliases.items() if alias not in sources}
        return Choices(sources, present, aliases)

    def takes(self, name: str, value: str) -> bool:
        """Whether a filter accepts the value. Ids of articles and claims are not looked up."""
        if name in ("article", "claim", "statement"):
            return _is_text(value)
        return value in self.legal(name)


def from_query(pairs: Iterable[tuple[str, str]], choices: Choices) -> Filters:
    """Read filters from an address. Unknown names and values are dropped and put in `ignored`."""
    lists: dict[str, list[str]] = {name: [] for name in LISTS}
    single: dict[str, str] = {}
    ignored = []
    for name, value in pairs:
        if name in LISTS and choices.takes(name, value):
            if value not in lists[name]:
                lists[name].append(value)
        elif name in _NAMES and name not in LISTS and _fits(name, value) and name not in single:
            single[name] = value
        else:
            ignored.append(f"{name[:_LONGEST]}={value[:_LONGEST]}")
    if single.get("since", "") > single.get("until", "9999-99"):
        ignored += [f"since={single.pop('since')}", f"until={single.pop('until')}"]
    return Filters(
        **{name: tuple(values) for name, values in lists.items()},
        search=single.get("search"),
        since=single.get("since"),
        until=single.get("until"),
        view=single.get("view", VIEWS[0]),
        weighting=Weighting(single.get("weighting", Weighting.CLAIM)),
        ignored=tuple(ignored),
    )


OTHER = ("other_source", "other_since", "other_until", "other_snapshot", "mix")
"""Parameters of a comparison besides filters: how the second side differs from the first."""
SAME_MIX = "same"


def sides(
    pairs: Iterable[tuple[str, str]],
) -> tuple[list[tuple[str, str]], list[tuple[str, str]], dict[str, str]]:
    """Split the parameters into the first side's filters, the second's, and the rest by name.

    The rest: snapshot, other_snapshot, mix. The second side has the first one's filters, except
    for its own sources and its own period. It is empty if nothing asks for a second side.
    """
    first: list[tuple[str, str]] = []
    changed: list[tuple[str, str]] = []
    rest: dict[str, str] = {}
    for name, value in pairs:
        if name in ("other_source", "other_since", "other_until"):
            changed.append((name.removeprefix("other_"), value))
        elif name in ("snapshot", "other_snapshot", "mix"):
            rest.setdefault(name, value)
        else:
            first.append((name, value))
    own = {name for name, _ in changed}
    if own & {"since", "until"}:
        own |= {"since", "until"}
    second = [pair for pair in first if pair[0] not in own] + changed
    return first, second if changed or "other_snapshot" in rest else [], rest


def refusal(term: str, choices: Choices) -> str:
    """Why an entry of `ignored` cannot be used and what can, in one to three sentences."""
    name, _, value = term.partition("=")
    if name not in _NAMES:
        return f"Unknown filter {name!r}. Filters: {', '.join(_NAMES)}."
    if name in ("since", "until"):
        if _fits(name, value):
            return f"Cannot use {term!r}: give it once, with since not after until."
        return f"Invalid value {term!r}. Write a month such as 2026-05."
    if name in ("search", "article", "claim", "statement"):
        return f"Invalid value {term!r}. Write one text of 1 to {_LONGEST} characters."
    if name not in LISTS and _fits(name, value):
        return f"Cannot use {term!r}: {name} may be given only once."
    legal = sorted(map(str, _options(name, choices)))
    close = difflib.get_close_matches(value, legal, n=1, cutoff=0.6)
    hint = f" Did you mean {close[0]!r}?" if close else ""
    if name == "source" and (meant := choices.aliases.get(value)):
        hint = f" It counts under {meant!r}, with which it was joined."
    more = f" and {len(legal) - _SHOWN} more" if len(legal) > _SHOWN else ""
    listing = ", ".join(legal[:_SHOWN]) + more
    values = f"Values: {listing}." if legal else "This snapshot has no values for it."
    return f"Unknown value {term!r}.{hint} {values}"


def _options(name: str, choices: Choices) -> Iterable[str]:
    if name in LISTS:
        return choices.legal(name)
    return VIEWS if name == "view" else tuple(Weighting)


def _fits(name: str, value: str) -> bool:
    if name in ("since", "until"):
        return bool(_MONTH.fullmatch(value)) and value[:4] >= "1000"
    if name == "search":
        return _is_text(value)
    return value in (VIEWS if name == "view" else tuple(Weighting))


def _is_text(value: str) -> bool:
    """Whether a text has 1 to 200 characters, all of which can be encoded in UTF-8."""
    return 0 < len(value) <= _LONGEST and value.encode(errors="replace").decode() == value
