"""Sources and annotators that count under other names, on the pages and in addresses."""

import shlex
from pathlib import Path

import pages_support
import pytest
import support
from amended_support import join, load_two_sources, run, words
from pages_support import IMAGE, Open, left_out
from support import BASE, etl

from sourcing.downloads import request
from sourcing.errors import FilterError
from sourcing.ui.elements.commands import etl_command
from sourcing.warehouse.snapshots import Warehouse

pytestmark = pytest.mark.slow

pytest_plugins = ("pages_fixtures", "server_fixtures")


@pytest.fixture
def own(warehouse: Warehouse, files: Path) -> Warehouse:
    """Two sources with a claim each; a third one without articles."""
    load_two_sources(warehouse, files)
    return warehouse


# Joined sources -----------------------------------------------------------------------------------


def test_a_source_says_which_articles_were_loaded_under_another(show: Open, own: Warehouse) -> None:
    assert "loaded under" not in words(show(own, "source", of="s"))
    join(own, "t", "s")
    page = show(own, "source", of="s")
    assert f"Includes 1 article loaded under Other (t): {IMAGE}, by Ada, on 20" in words(page)
    assert not any(IMAGE in item.value for item in page.caption)


@pytest.mark.parametrize(
    ("page", "query", "address"),
    [
        ("source", {"of": "t"}, {"of": "s"}),
        ("source", {"source": "t"}, {"source": ["s"]}),
        ("overview", {"source": "t"}, {"source": ["s"]}),
        ("claims", {"source": ["t", "s"]}, {"source": ["s"]}),
        ("compare", {"a": "t"}, {}),
    ],
)
def test_an_address_of_a_joined_source_leads_to_the_one_that_is_meant(
    show: Open, own: Warehouse, page: str, query: pages_support.Query, address: pages_support.Query
) -> None:
    third = {"sources": [], "articles": [{"article_id": "c", "source_id": "u"}]}
    support.loaded(own, own.folder.parent / "third", third)
    join(own, "t", "s")
    app = show(own, page, **query)
    assert f"“t” counts under **Source**, which is shown: {IMAGE}, by Ada, on 20" in words(app)
    assert left_out(app) == ""
    default = {} if page == "source" and "of" in query else address
    assert pages_support.listed(app.query_params) in (
        pages_support.listed(address), pages_support.listed(default),
    )  # fmt: skip
    app.switch_page("pages/ranking.py")
    assert "counts under" not in words(pages_support.sound(app.run()))


def test_names_that_stand_for_others_form_a_chain(show: Open, own: Warehouse) -> None:
    join(own, "t", "u")
    join(own, "u", "s", "--since", "2026-01-01")
    page = show(own, "source", of="t")
    step = rf"{IMAGE}, by Ada, on 20"
    assert words(page).count(step) >= 4
    assert "; then " in words(page)
    assert "Includes 1 article loaded under Other (t) since 2026-01-01" in words(page)


def test_a_source_joined_in_part_keeps_its_own_page(show: Open, own: Warehouse) -> None:
    join(own, "t", "s", "--since", "2027-01-01")
    page = show(own, "source", of="t")
    assert page.selectbox(key="at of").value == "t"
    assert "counts under" not in words(page)


def test_an_unknown_source_is_still_named(show: Open, own: Warehouse) -> None:
    join(own, "t", "s")
    assert "source=x" in left_out(show(own, "overview", source=["x", "t"]))


def test_a_download_names_the_source_that_is_meant(own: Warehouse) -> None:
    """A spreadsheet gets no other numbers than it asked for."""
    join(own, "t", "s")
    with pytest.raises(FilterError, match=r"Unknown value 'source=t'\. It counts under 's', with"):
        list(request.csv(own, "shares", [("source", "t")]))


def test_a_claim_says_under_which_source_its_article_was_loaded(show: Open, own: Warehouse) -> None:
    join(own, "t", "s", "--since", "2026-01-01")
    page = show(own, "claims", claim="d")
    sentence = f"Loaded as an article of Other (t), counted under Source since 2026-01-01: {IMAGE}"
    assert sentence in words(page)
    assert "Loaded as an article" not in words(show(own, "claims", claim="c"))


def test_a_withdrawn_claim_of_a_joined_source_names_both(show: Open, own: Warehouse) -> None:
    join(own, "t", "s")
    run(own, "withdraw", "sources", "t", "--reason", "Another topic.")
    page = show(own, "claims", claim="d")
    assert "**Its source** Other (t) was withdrawn" in words(page)
    assert pages_support.facts(page)["Source"] == "Source"
    assert page.code[0].value.startswith("python -m etl withdraw sources t --back")


# Joined annotators --------------------------------------------------------------------------------


def test_answers_say_under_which_name_they_were_loaded(show: Open, own: Warehouse) -> None:
    assert "Loaded as" not in show(own, "claims", claim="d").table[0].value
    join(own, "Anna", "anna", kind="annotators")
    answers = show(own, "claims", claim="d").table[0].value
    assert (answers["Annotator"][0], answers["Loaded as"][0]) == ("anna", "Anna")


@pytest.mark.parametrize("names", [("Anna", "anna"), ("-a b", "-A B"), ("it's `x`", "IT'S `X`")])
def test_the_command_that_joins_annotators_joins_them(
    show: Open, warehouse: Warehouse, files: Path, names: tuple[str, str]
) -> None:
    """Word for word as it stands on three pages; the name with most labels is the meant one."""
    label = BASE["labels"][0]
    rows = [{**label, "annotator": name} for name in names]
    more = [{**label, "annotator": names[1], "claim_id": "d"}]
    tables = support.all_tables(claims=[{**BASE["claims"][0], "claim_id": "d"}])
    support.loaded(warehouse, files, {**tables, "labels": [*rows, *more]})
    shown = {
        page: [item.value for item in show(warehouse, page, **query).code]
        for page, query in (
            ("agreement", {"rule": "annotators_alike"}),
            ("method", {}),
            ("claims", {"claim": "c"}),
        )
    }
    [command] = shown["agreement"]
    assert list(shown.values()) == [[command]] * 3
    arguments = shlex.split(command.replace("DIR", str(warehouse.folder)))
    assert arguments[:3] == ["python", "-m", "etl"]
    assert etl(*arguments[3:]).code == 0
    assert set(support.ask(warehouse, "SELECT annotator FROM labels")) == {(names[1],)}
    assert not show(warehouse, "method").code


def test_a_command_quotes_what_a_shell_would_read() -> None:
    assert etl_command("withdraw claims", "a b", "$x", options="--back") == (
        "python -m etl withdraw claims 'a b' '$x' --back"
    )
    assert etl_command("withdraw claims", "-a", options="--back") == (
        "python -m etl withdraw claims --back -- -a"
    )
