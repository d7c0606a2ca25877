"""Filters survive their way through an address; what does not exist is dropped and named."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.codebook import Basis, Label, State
from sourcing.filters import (
    COUNTED,
    LISTS,
    NONE,
    OPEN,
    PARAMETERS,
    VIEWS,
    Filters,
    months_of,
    only_source,
)
from sourcing.query_string import Choices, from_query, refusal
from sourcing.statistics import Weighting
from sourcing.warehouse.contract import GENRES, SOURCE_KINDS

CHOICES = Choices(
    sources={"s&1": "Alpha", "s 2": "=Beta", "é": "Gamma"},
    present={
        "topic": ("rain", "a,b", NONE),
        "language": ("en", "pt-BR", NONE),
        "kind": tuple(SOURCE_KINDS),
        "genre": GENRES,
        "origin": ("staff", "wire"),
    },
)

text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)
months = st.builds("{:04d}-{:02d}".format, st.integers(1000, 9999), st.integers(1, 12))


def some(values: Any) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from([*values]), max_size=3, unique=True).map(tuple)


def free() -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(text, max_size=3, unique=True).map(tuple)


all_filters = st.builds(
    Filters,
    source=some(CHOICES.sources),
    kind=some(SOURCE_KINDS),
    genre=some(GENRES),
    origin=some(CHOICES.present["origin"]),
    language=some(CHOICES.present["language"]),
    topic=some(CHOICES.present["topic"]),
    state=some(map(str, State)),
    basis=some(map(str, Basis)),
    label=some([*map(str, Label), OPEN, "not_a_claim"]),
    article=free(),
    claim=free(),
    statement=free(),
    search=st.none() | text,
    since=st.none() | months,
    until=st.none() | months,
    view=st.sampled_from(VIEWS),
    weighting=st.sampled_from(list(Weighting)),
).filter(lambda f: not (f.since and f.until and f.since > f.until))


def read(query: str) -> Filters:
    return from_query(parse_qsl(query, keep_blank_values=True), CHOICES)


@given(all_filters)
def test_round_trip(filters: Filters) -> None:
    query = filters.query()
    assert query.isascii()
    again = read(query)
    assert again == filters
    assert again.ignored == ()
    assert again.query() == query


def test_defaults_are_left_out() -> None:
    assert Filters().query() == ""
    assert read("") == Filters()
    assert Filters(source=("s&1",), since="2026-05").query() == "source=s%261&since=2026-05"


IGNORED = [
    ("source", "nobody"),
    ("source", ""),
    ("kind", "newspapr"),
    ("genre", "News"),
    ("origin", "wire "),
    ("origin", "syndicated"),
    ("language", "xx"),
    ("topic", "sun"),
    ("state", "ties"),
    ("basis", "rule"),
    ("label", "cannot_say"),
    ("claim", ""),
    ("claim", "x" * 201),
    ("article", "\ud800"),
    ("statement", "\udcff"),
    ("search", ""),
    ("search", "x" * 201),
    ("search", "\ud800"),
    ("since", "2026"),
    ("since", "2026-00"),
    ("since", "2026-13"),
    ("since", "2026-1"),
    ("since", "2026-01\n"),
    ("since", " 2026-01"),
    ("since", "٢٠٢٦-01"),
    ("since", "0999-12"),
    ("until", "2026-05-31"),
    ("until", "99999-01"),
    ("view", "label"),
    ("weighting", "Claim"),
    ("weighting", ""),
    ("ignored", "x"),
    ("plain", "x"),
    ("__class__", "x"),
    ("", "x"),
    ("utm_source", "mail"),
    ("sources", "s&1"),
]


@pytest.mark.parametrize(("name", "value"), IGNORED)
def test_what_does_not_exist_is_dropped_and_named(name: str, value: str) -> None:
    filters = from_query([("source", "s 2"), (name, value), ("view", "attribution")], CHOICES)
    assert filters == Filters(
        source=("s 2",), view="attribution", ignored=(f"{name}={value[:200]}",)
    )


@given(
    st.lists(st.tuples(st.sampled_from([*PARAMETERS, "view", "weighting"]) | st.text(), st.text()))
)
def test_any_address_gives_filters_that_survive(pairs: list[tuple[str, str]]) -> None:
    filters = from_query(pairs, CHOICES)
    assert read(filters.query()) == replace(filters, ignored=())
    kept = len(filters.pairs())
    assert kept + len(filters.ignored) <= len(pairs)
    assert filters.sentence(CHOICES.sources).endswith(".")
    assert filters.list_sentence(CHOICES.sources).endswith(".")


def test_values_given_twice_count_once_and_a_second_single_value_is_named() -> None:
    filters = read("source=é&source=é&view=attribution&view=labels&since=2026-01&since=2026-02")
    assert (filters.source, filters.view, filters.since) == (("é",), "attribution", "2026-01")
    assert filters.ignored == ("view=labels", "since=2026-02")


def test_a_period_that_ends_before_it_begins_is_named() -> None:
    filters = read("since=2026-05&until=2026-04&search=x")
    assert filters == Filters(search="x", ignored=("since=2026-05", "until=2026-04"))
    assert read("since=2026-05&until=2026-05").ignored == ()


def test_long_names_and_values_are_cut_in_what_is_named() -> None:
    filters = from_query([("n" * 5_000, "v" * 5_000)], CHOICES)
    assert filters.ignored == ("n" * 200 + "=" + "v" * 200,)


def test_sentence() -> None:
    assert Filters().sentence() == "Each claim counts the same; by label."
    filters = Filters(
        source=("s&1", "gone"),
        kind=("news_agency",),
        genre=("news", "opinion"),
        topic=(NONE,),
        state=("unanimous",),
        basis=("model",),
        since="2026-01",
        until="2026-03",
        view="attribution",
        weighting=Weighting.STATEMENT,
    )
    sentence = filters.sentence(CHOICES.sources)
    assert sentence.startswith(
        "Each distinct statement of a source counts once; by attribution (contested claims under "
        "where they come from); sources: Alpha, gone; articles dated 2026-01 to 2026-03; undated "
        "ones left out; "
    )
    for words in ("genre: news, opinion", "topic: (none)", "state: unanimous"):
        assert words in sentence
    assert sentence.endswith("other resolutions count as open.")


@pytest.mark.parametrize(
    ("filters", "sentence"),
    [
        (Filters(), "All."),
        (Filters(since="2026-01"), "articles dated since 2026-01; undated ones left out."),
        (Filters(until="2026-01"), "articles dated until 2026-01; undated ones left out."),
        (
            Filters(since="2026-01", until="2026-01"),
            "articles dated 2026-01; undated ones left out.",
        ),
        (Filters(label=("self_cited", "open")), "label: self-cited, open."),
        (Filters(label=("contested",), view="attribution"), "attribution: contested."),
        (Filters(article=("a", "b"), search="x"), "article: a, b; text contains “x”."),
        (Filters(source=tuple("abcdefghij")), "sources: a, b, c, d, e, f, g, h and 2 more."),
    ],
)
def test_list_sentence(filters: Filters, sentence: str) -> None:
    assert filters.list_sentence() == sentence


@given(all_filters)
def test_every_filter_is_in_a_sentence(filters: Filters) -> None:
    counted = filters.sentence()
    listed = filters.list_sentence()
    for name in COUNTED:
        if getattr(filters, name):
            assert filters.without((name,)).sentence() != counted
            assert filters.without((name,)).list_sentence() != listed
    for name in ("label", "article", "claim", "statement", "search"):
        assert filters.without((name,)).sentence() == counted
        if getattr(filters, name):
            assert filters.without((name,)).list_sentence() != listed


def test_parameters_are_lists_or_nothing() -> None:
    assert set(Filters().list_parameters().values()) == {None, "labels", 0}
    filters = Filters(source=("s",), topic=(NONE, "rain"), since="2026-02", until="2026-03")
    parameters = filters.list_parameters(limit=5, offset=10)
    assert parameters["sources"] == ["s"]
    assert parameters["topics"] == ["", "rain"]
    assert (parameters["since"], parameters["until"]) == ("2026-02-01", "2026-03-01")
    assert (parameters["limit"], parameters["offset"], parameters["kinds"]) == (5, 10, None)
    assert set(PARAMETERS) == {*LISTS, "since", "until", "search"}
    assert set(PARAMETERS.values()) | {"view", "limit", "offset"} == set(parameters)


def test_plain_and_cells() -> None:
    assert Filters().plain
    assert Filters(source=("s",), view="attribution", label=("open",), search="x").plain
    for name in ("kind", "genre", "origin", "language"):
        assert not Filters(**{name: ("x",)}).plain
        assert not Filters(**{name: ("x",)}).needs_cells
    assert not Filters(since="2026-01").plain
    assert not Filters(until="2026-01").plain
    for name in ("topic", "state", "basis"):
        assert Filters(**{name: ("x",)}).needs_cells
        assert not Filters(**{name: ("x",)}).plain


def test_only_source_and_without() -> None:
    filters = Filters(source=("a", "b"), topic=("rain",), since="2026-01")
    assert only_source(filters, "c") == Filters(source=("c",), topic=("rain",), since="2026-01")
    assert filters.without(("source", "since")) == Filters(topic=("rain",))
    assert filters.without(()) == filters


REFUSALS = {
    "colour=red": "Unknown filter 'colour'. Filters: source, kind, ",
    "genre=opinon": (
        "Unknown value 'genre=opinon'. Did you mean 'opinion'? Values: blog, news, opinion, "
    ),
    "kind=x": "Unknown value 'kind=x'. Values: advocacy, blog, broadcaster, ",
    "weighting=clam": (
        "Unknown value 'weighting=clam'. Did you mean 'claim'? Values: article, claim, statement."
    ),
    "view=x": "Unknown value 'view=x'. Values: attribution, labels.",
    "since=2025-13": "Invalid value 'since=2025-13'. Write a month such as 2026-05.",
    "since=2025-06": "Cannot use 'since=2025-06': give it once, with since not after until.",
    "weighting=claim": "Cannot use 'weighting=claim': weighting may be given only once.",
    "search=": "Invalid value 'search='. Write one text of 1 to 200 characters.",
}


@pytest.mark.parametrize("term", REFUSALS)
def test_a_refusal_names_the_values_that_can_be_used(term: str) -> None:
    assert refusal(term, CHOICES).startswith(REFUSALS[term])


def test_a_refusal_for_a_filter_without_values_in_the_snapshot() -> None:
    none = Choices(sources={}, present={})
    assert refusal("topic=x", none).endswith("This snapshot has no values for it.")
    many = replace(CHOICES, present={"topic": tuple(f"t{n:02d}" for n in range(30))})
    assert refusal("topic=x", many).endswith("t10, t11 and 18 more.")


@given(st.integers(1000, 9999), st.integers(1, 12))
def test_the_months_of_a_period(year: int, month: int) -> None:
    """A period is the set of months whose name it is: by month, quarter and year."""
    name = f"{year:04}-{month:02}"
    quarter, every = f"{year:04}-Q{(month + 2) // 3}", range(1, 13)
    assert months_of(name) == (name, name)
    alike = [n for n in every if (n + 2) // 3 == (month + 2) // 3]
    assert months_of(quarter) == (f"{year:04}-{alike[0]:02}", f"{year:04}-{alike[-1]:02}")
    assert months_of(f"{year:04}") == (f"{year:04}-01", f"{year:04}-12")
