"""Numbers and words as a reader sees them."""

import pytest

from sourcing.formatting import listed, plural


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and c"),
        (["a", "b", "c", "d"], "a, b, c and d"),
    ],
)
def test_words_in_a_row(words: list[str], text: str) -> None:
    assert listed(words) == text


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 claims"), (1, "1 claim"), (2, "2 claims"), (2000, "2,000 claims")]
)
def test_plurals(count: int, text: str) -> None:
    assert plural(count, "claim") == text


def test_an_irregular_plural() -> None:
    assert (plural(1, "reply", "replies"), plural(2, "reply", "replies")) == (
        "1 reply",
        "2 replies",
    )
