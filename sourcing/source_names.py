"""The names under which sources are shown: unique, and short enough for a chart. Pure.

Tables for download keep each source's name as loaded and tell sources apart by `source_id`. Texts
for readers use these names, so that two sources of one name are never taken for one.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, combinations, count, takewhile
from typing import NamedTuple


class Source(NamedTuple):
    """What can tell a source from others of its name."""

    source_id: str
    name: str
    domain: str | None = None
    country: str | None = None
    kind: str | None = None


_DETAILS = ("domain", "country", "kind")


def unique_names(sources: Iterable[Source]) -> dict[str, str]:
    """The name of each source by its id; no two look alike.

    Sources of one name are followed by the first detail that tells them all apart: domain, country,
    kind, several of these, or the id.
    """
    groups: dict[str, list[Source]] = {}
    names = {}
    for source in sources:
        line = " ".join(source.name.split()) or source.source_id
        names[source.source_id] = line
        groups.setdefault(_look(line), []).append(source._replace(name=line))
    taken = set(groups)
    for members in groups.values():
        if len(members) > 1:
            told_apart = _first_unique(_extended(members), taken)
            names |= zip((source.source_id for source in members), told_apart, strict=True)
    return names


def _extended(members: Sequence[Source]) -> Iterator[list[str]]:
    """The names of sources with one name, in ever less readable ways to tell them apart."""
    for number in range(1, len(_DETAILS) + 1):
        for details in combinations(_DETAILS, number):
            values = [[getattr(source, detail) for detail in details] for source in members]
            if all(all(value) for value in values):
                yield [
                    f"{source.name} ({', '.join(value).replace('_', ' ')})"
                    for source, value in zip(members, values, strict=True)
                ]
    yield [f"{source.name} ({source.source_id})" for source in members]
    for first in count(1):  # ids may look alike, too
        yield [
            f"{source.name} ({source.source_id}, no. {place})"
            for place, source in enumerate(members, first)
        ]


def short_names(names: Iterable[str], longest: int) -> dict[str, str]:
    """Each name cut to `longest` columns of a font of fixed width; different names stay different.

    A long name loses its end. Names that would then look alike lose their middle instead, or what
    they share; as a last resort they are numbered.
    """
    characters = {name: _characters(name) for name in names}
    short = {name: _start(text, longest) for name, text in characters.items()}
    groups: dict[str, list[str]] = {}
    for name, text in short.items():
        groups.setdefault(_look(text), []).append(name)
    taken = set(groups)
    for members in groups.values():
        if len(members) > 1 and any(short[name] != name for name in members):
            ways = _shortened([characters[name] for name in members], longest)
            short |= zip(members, _first_unique(ways, taken), strict=True)
    return short


def _shortened(names: Sequence[list[str]], longest: int) -> Iterator[list[str]]:
    """Names with one beginning, in ever less readable ways to tell them apart."""
    for tail in (longest // 3, longest // 2, 3 * longest // 4):
        yield [
            "".join(name)
            if _width(name) <= longest
            else _start(name, longest - tail, cut=True) + _end(name, tail)
            for name in names
        ]
    head = longest // 3
    after = max(head, _shared(names) - 3)
    yield [_start(name, head, cut=True) + _start(name[after:], longest - head) for name in names]
    for first in count(1):
        ends = [f" [{number}]" for number in range(first, first + len(names))]
        yield [
            _start(name, longest - len(end), cut=True) + end
            for name, end in zip(names, ends, strict=True)
        ]


def _first_unique(ways: Iterable[list[str]], taken: set[str]) -> list[str]:
    """The first names that look alike neither to each other nor to those taken; then taken, too."""
    names = next(
        names
        for names in ways
        if len(looks := set(map(_look, names))) == len(names) and not looks & taken
    )
    taken.update(map(_look, names))
    return names


def _look(text: str) -> str:
    """The same for texts that a reader cannot tell apart: spaces, width, invisible characters."""
    if text.isascii() and text.isprintable():  # most names, and a hundred times as fast
        return " ".join(text.split())
    visible = (mark for mark in text if unicodedata.category(mark) not in ("Cf", "Cc"))
    return " ".join(unicodedata.normalize("NFKC", "".join(visible)).split())


_JOINED = {"\u200d", "\ufe0e", "\ufe0f", *map(chr, range(0x1F3FB, 0x1F400))}
"""Joiner, forms and skin tones: they belong to the emoji before them."""
_JOINER = "\u200d"


def _characters(text: str) -> list[str]:
    """The characters as a reader sees them: with their marks, and emoji of several parts whole."""
    if text.isascii():
        return list(text)
    characters: list[str] = []
    for mark in text:
        if characters and _belongs(mark, characters[-1]):
            characters[-1] += mark
        else:
            characters.append(mark)
    return characters


def _belongs(mark: str, last: str) -> bool:
    """Whether a mark is part of the character before it, or the second letter of a flag."""
    flag = len(last) == 1 and all("\U0001f1e6" <= one <= "\U0001f1ff" for one in (last, mark))
    part = mark in _JOINED or unicodedata.category(mark).startswith("M")
    return part or flag or last.endswith(_JOINER)


def _width(characters: Iterable[str]) -> int:
    """The columns of a fixed-width font: two for a Chinese character or an emoji."""
    return sum(1 + (unicodedata.east_asian_width(one[0]) in "WF") for one in characters)


def _start(characters: Sequence[str], room: int, *, cut: bool = False) -> str:
    """As many characters as fit, with an ellipsis if some are left out, or in any case (cut)."""
    if not cut and _width(characters) <= room:
        return "".join(characters)
    return "".join(_fitting(characters, room - 1)).rstrip() + "…"


def _end(characters: Sequence[str], room: int) -> str:
    """As many of the last characters as fit."""
    return "".join(reversed(_fitting(list(reversed(characters)), room))).lstrip()


def _fitting(characters: Sequence[str], room: int) -> list[str]:
    """The first characters, as many as fit."""
    used = accumulate(_width([one]) for one in characters)
    return [one for one, width in zip(characters, used, strict=True) if width <= room]


def _shared(names: Sequence[Sequence[str]]) -> int:
    """How many characters these names have in common from the start."""
    together = zip(*names, strict=False)
    return sum(1 for _ in takewhile(lambda marks: len(set(marks)) == 1, together))
