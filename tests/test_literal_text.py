"""Texts shown as they are: in charts, as Plotly reads them."""

import re

import pytest
from chart_support import frame_of, source_rows
from hypothesis import given
from hypothesis import strategies as st

from sourcing import charts
from sourcing.literal_text import in_chart, isolated

ENTITIES = {
    "mu": "μ", "amp": "&", "lt": "<", "gt": ">", "nbsp": "\u00a0", "times": "×", "plusmn": "±",
    "deg": "°",
}  # fmt: skip
"""The named entities that Plotly knows; others are drawn as they stand."""
NAMES = [
    'The "Daily"',
    "it's &quot; &amp;lt; &#34;",
    "<b>b</b><br><a href='http://e.example'>x</a>",
    "%{y} {x} 50 % $x^2$",
    'صحيفة <الشرق> "الأوسط"',
    "עיתון & הארץ",
    "📰 Daily & Sons",
]


def drawn(text: str) -> str:
    """The characters that Plotly draws for a text; fails if the text holds a tag."""
    assert not re.search(r"<[^<>]*>", text)
    numbered = re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), text)
    return re.sub(r"&(\w+);", lambda found: ENTITIES.get(found[1], found[0]), numbered)


def read(text: str) -> str:
    """The text as a reader sees it: in one line, without marks of direction."""
    return re.sub("[\u2066-\u2069]", "", " ".join(text.split()))


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_draws_the_characters_of_a_name(name: str) -> None:
    assert read(drawn(in_chart(name))) == name


@given(st.text())
def test_a_chart_draws_any_text_literally(text: str) -> None:
    assert read(drawn(in_chart(text))) == read(text)


@pytest.mark.parametrize("name", NAMES)
def test_bars_points_and_hovers_show_the_name(name: str) -> None:
    frame = frame_of(source_rows("alpha", title=name))
    shown = [
        text
        for figure in (charts.composition(frame, "source_id"), charts.certainty(frame, "source_id"))
        for trace in figure.data
        for text in (*(trace.text or ()), *(trace.hovertext or ()))
        if "claim" in text
    ]
    titles = [re.match(r"<b>(.*?)</b><br>", text) for text in shown]
    assert len(titles) > 8
    assert {read(drawn(found[1])) for found in titles if found} == {name}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Review of May", "Review of May"),
        ("پاسخ ناشر", "\u2068پاسخ ناشر\u2069"),
        ("\u202eyaM", "\u2068\u202eyaM\u2069"),
    ],
)
def test_right_to_left_text_is_isolated(text: str, expected: str) -> None:
    assert isolated(text) == in_chart(text) == expected
