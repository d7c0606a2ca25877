"""Errors on pages: shown as sentences, literally, without folders of the server."""

import ast
import re
from pathlib import Path

import pages_support
import pytest
from code_walk import of, tree
from hypothesis import given
from hypothesis import strategies as st
from pages_support import Open
from server_fixtures import Download

from sourcing.errors import StoreError, without_folders
from sourcing.ui import cached_reads
from sourcing.ui.elements.sentences import shown_literally
from sourcing.warehouse.snapshots import Warehouse

pytest_plugins = ("pages_fixtures", "server_fixtures")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Say who, and when (2026-05-31).", "Say who, and when (2026-05-31)."),
        ("![x](http://e.example/x.png)", r"\!\[x\](`http://e.example/x.png`)"),
        ("[here](javascript:alert)", r"\[here\](javascript\:alert)"),
        (
            "see http://e.example/a_b, or www.e.example.",
            "see `http://e.example/a_b`, or `www.e.example`.",
        ),
        ("<img src=x>", r"\<img src=x\>"),
        ("a_b *c* ~~d~~ $e$ | # f", r"a\_b \*c\* \~\~d\~\~ \$e\$ \| \# f"),
        (":red[x] :material/home: x: y", r"\:red\[x\] \:material/home: x: y"),
        ("Run `python -m etl load data/a_b`.", "Run `python -m etl load data/a_b`."),
        ("a ` b ![x](y) `", r"a ` b ![x](y) `"),  # all of it is code, and code is shown literally
        ("` ![x](y)", r"\` \!\[x\](y)"),
        ("first\n\n# second", r"first \# second"),
        ("&lt;b&gt; [a]: b", r"\&lt;b\&gt; \[a\]: b"),
    ],
)
def test_a_sentence_is_shown_literally(text: str, shown: str) -> None:
    assert shown_literally(text) == shown


@given(st.text(alphabet="`![](){}<>:/ahtpw.\\_*$#&~|", max_size=30))
def test_nothing_in_a_sentence_is_an_image_or_a_link(text: str) -> None:
    outside_code = re.sub(r"(?<!\\)`[^`]+`", "", shown_literally(text))
    assert not re.search(r"(?<!\\)(?:\\\\)*[\[\]<!]", outside_code)


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (
            "/srv/desk/house/snapshots/2026.duckdb: cannot be read.",
            "house/snapshots/2026.duckdb: cannot be read.",
        ),
        ("/srv/desk/house holds no snapshot yet.", "house holds no snapshot yet."),
        ('Cannot open "/var/lib/x y/secrets.toml".', 'Cannot open "x y/secrets.toml".'),
        (
            "/etc/desk/secrets.toml: this file cannot be read.",
            "secrets.toml: this file cannot be read.",
        ),
        (
            "The review database sqlite:////srv/desk/house/review.db is locked.",
            "The review database house/review.db is locked.",
        ),
        (
            "The review database sqlite:////var/lib/review.db is locked.",
            "The review database review.db is locked.",
        ),
        (r"C:\desk\house.duckdb is gone", "house.duckdb is gone"),
        ("Sources and/or claims, 1/2, http://localhost:8501/download/a.csv", None),
        ("See /download/shares.csv?topic=a/b, data/sample/claims.csv and source=/a/b.", None),
    ],
)
def test_readers_see_no_folder_of_the_server(message: str, told: str | None) -> None:
    known = (Path("/srv/desk/house"), Path("/var/lib/x y"))
    assert without_folders(message, *known) == (told or message)


def test_an_image_in_an_error_is_not_drawn(
    show: Open, sample: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = show(sample)

    def broken(*_: object) -> object:
        raise StoreError(f"{sample.folder}/x.duckdb: {pages_support.IMAGE}")

    monkeypatch.setattr(cached_reads, "opened", broken)
    page.run()
    [error] = page.error
    assert "](http" not in error.value
    assert (
        pages_support.unescaped(error.value).replace("`", "")
        == f"{sample.folder.name}/x.duckdb: {pages_support.IMAGE}"
    )


def test_a_broken_snapshot_is_named_without_its_folder(
    show: Open, download: Download, warehouse: Warehouse
) -> None:
    name = "20260101T000000Z-00000000"
    warehouse.snapshots_folder.mkdir(parents=True)
    (warehouse.folder / "current").write_text(name)
    warehouse.path(name).write_bytes(b"no database" * 1000)
    answer = download(warehouse, "shares")
    assert answer.body.decode().startswith(f"warehouse/snapshots/{name}.duckdb: cannot be read")
    assert str(warehouse.folder.parent) not in answer.body.decode()
    with pytest.raises(AssertionError, match="cannot be read as a snapshot") as shown:
        show(warehouse)
    assert str(warehouse.folder.parent) not in str(shown.value)


def test_an_empty_warehouse_is_named_without_its_folder(
    show: Open, download: Download, warehouse: Warehouse
) -> None:
    answer = download(warehouse, "shares")
    assert answer.body.decode().startswith("warehouse holds no snapshot yet.")
    page = show(warehouse)
    assert str(warehouse.folder.parent) not in page.info[0].value
    assert "the folder `warehouse` that" in page.info[0].value


@pytest.mark.parametrize("module", [*of("sourcing"), *of("pages"), "dashboard"])
def test_errors_are_drawn_in_one_place(module: str) -> None:
    """Elsewhere, what a message quotes would be drawn as Markdown."""
    drawn = [
        node
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Attribute)
        and node.attr in ("error", "exception")
        and isinstance(node.value, ast.Name)
        and node.value.id == "st"
    ]
    assert len(drawn) == (module == "sourcing.ui.elements.sentences")
