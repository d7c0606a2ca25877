"""The names of sources for readers: no two look alike, in full or cut short."""

import unicodedata
from collections.abc import Mapping

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sourcing.source_names import Source, short_names, unique_names

LONGEST = 46


def look(text: str) -> str:
    """What a reader sees: without invisible characters, in one width, in one line."""
    seen = "".join(mark for mark in text if unicodedata.category(mark) not in ("Cf", "Cc"))
    return " ".join(unicodedata.normalize("NFKC", seen).split())


def all_differ(names: Mapping[str, str]) -> bool:
    return len({look(name) for name in names.values()}) == len(names)


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ([("a", "Post"), ("b", "Herald")], ["Post", "Herald"]),
        (
            [("a", "Kent", "", "", "blog"), ("b", "Kent", "", "", "news_agency")],
            ["Kent (blog)", "Kent (news agency)"],
        ),
        (
            [
                ("a", "Post", "one.example", "FR", "blog"),
                ("b", "Post", "two.example", "FR", "blog"),
            ],
            ["Post (one.example)", "Post (two.example)"],
        ),
        (
            [
                ("a", "Post", "one.example", "FR", "blog"),
                ("b", "Post", "one.example", "DE", "blog"),
            ],
            ["Post (FR)", "Post (DE)"],
        ),
        (
            [
                ("a", "Post", "one.example", "FR"),
                ("b", "Post", "one.example", "DE"),
                ("c", "Post", "two.example", "DE"),
            ],
            ["Post (one.example, FR)", "Post (one.example, DE)", "Post (two.example, DE)"],
        ),
        ([("a", "Post", "one.example"), ("b", "Post")], ["Post (a)", "Post (b)"]),
        ([("a", "Post"), ("b", "Post"), ("c", "Post (a)")], None),
        ([("a", "Daily  Post"), ("b", "Daily Post"), ("c", "Daily\u200b Post")], None),
        ([("a", "Ｐost"), ("b", "Post")], ["Ｐost (a)", "Post (b)"]),
        ([("x\u200b", "Post"), ("x", "Post")], None),
        ([("a", "صحيفة"), ("b", "صحيفة")], ["صحيفة (a)", "صحيفة (b)"]),
        ([("a", "\u200b"), ("b", " ")], None),
    ],
)
def test_sources_of_one_name_are_told_apart(
    sources: list[tuple[str, ...]], expected: list[str] | None
) -> None:
    names = unique_names(Source(*source) for source in sources)
    assert list(names) == [source[0] for source in sources]
    assert all_differ(names)
    assert expected is None or list(names.values()) == expected


@given(
    st.lists(
        st.builds(
            Source,
            st.sampled_from(["1", "2", "01", "1, no. 1", "1\u200b", "3", "4"]),
            st.sampled_from(["Post", "post", "Post (1)", "Post (1, no. 1)", "Post ", "Ｐost", ""]),
            st.sampled_from([None, "", "a.example", "1"]),
            st.sampled_from([None, "FR", "DE"]),
            st.sampled_from([None, "news_agency", "blog"]),
        ),
        unique_by=lambda source: source.source_id,
    )
)
def test_no_two_names_look_alike(sources: list[Source]) -> None:
    names = unique_names(sources)
    assert list(names) == [source.source_id for source in sources]
    assert all_differ(names)
    for source in sources:
        assert names[source.source_id].startswith(" ".join(source.name.split()))


NORTH = "Ministry of Foreign Affairs of the Republic of Northland"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Post", NORTH], ["Post", "Ministry of Foreign Affairs of the Republic o…"]),
        (
            [NORTH, NORTH.replace("North", "South")],
            [
                "Ministry of Foreign Affairs of…ic of Northland",
                "Ministry of Foreign Affairs of…ic of Southland",
            ],
        ),
    ],
)
def test_a_long_name_loses_its_end_or_its_middle(names: list[str], expected: list[str]) -> None:
    assert list(short_names(names, LONGEST).values()) == expected


FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
WORDS = st.sampled_from(["of the ", "North", "South", "a", "صحيفة ", "新聞", FAMILY, "e\u0301"])


@given(st.lists(st.lists(WORDS, min_size=1, max_size=30).map("".join), unique_by=look))
@example([f"{'Long ' * 20}{middle}{' name' * 20}" for middle in ("one", "two", "three")])
@example([f"{'Long ' * 20}{end}" for end in ("one", "two", "three")])
@example([f"{number}{' long' * 20}" for number in range(3)])
@example([NORTH, "Ministry of Foreign Affairs of…ic of Northland", NORTH.replace("North", "South")])
def test_short_names_fit_and_differ(names: list[str]) -> None:
    short = short_names(names, LONGEST)
    assert list(short) == names
    assert all_differ(short)
    for name, text in short.items():
        assert sum(1 + (unicodedata.east_asian_width(m) in "WF") for m in text if m.isalpha()) <= 46
        assert text == name or "…" in text


@pytest.mark.parametrize(
    "whole", [FAMILY, "\U0001f1eb\U0001f1f7", "e\u0301", "\U0001f44d\U0001f3fd", "\u2764\ufe0f"]
)
def test_a_character_of_several_parts_is_never_cut(whole: str) -> None:
    for before in range(30, 50):
        text = short_names(["x" * before + whole * 12], LONGEST)["x" * before + whole * 12]
        assert text.rstrip("…").removeprefix("x" * min(before, 45)).replace(whole, "") == ""
