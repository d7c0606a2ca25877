"""Where a table is to be had as CSV, and the link of the page."""

import html
from collections.abc import Sequence

import streamlit as st

from sourcing.downloads import tables
from sourcing.filters import Filters
from sourcing.server.access import SIGNED
from sourcing.ui import sign_in, url_state
from sourcing.ui.view import View
from sourcing.warehouse.snapshots import Snapshot


def links(
    view: View,
    name: str,
    filters: Filters,
    other: Sequence[tuple[str, str]] = (),
    snapshot: Snapshot | None = None,
) -> None:
    """The link that downloads a table; the same address serves spreadsheets.

    On paper the snapshot and the codebook version stand in its place.
    """
    target = html.escape(download_address(view, name, filters, other, snapshot), quote=True)
    st.html(
        f'<p class="links"><a href="{target}" download="{name}.csv" class="csv" target="_self">'
        'Download this table as CSV</a> <button type="button" class="copy">Copy link</button>'
        f'<span class="printed">Snapshot {_named(view, other, snapshot)}, codebook version '
        f"{view.status()['codebook_version']}</span></p>"
    )


def _named(view: View, other: Sequence[tuple[str, str]], snapshot: Snapshot | None) -> str:
    """The snapshot that a block shows, or both where it compares two."""
    second = [value for name, value in other if name == "other_snapshot"]
    return " and ".join([(snapshot or view.snapshot).id, *second])


def download_address(
    view: View,
    name: str,
    filters: Filters,
    other: Sequence[tuple[str, str]] = (),
    snapshot: Snapshot | None = None,
) -> str:
    """Where the CSV of a table is to be had, under the server's own base path.

    other: what makes the second side of a comparison. snapshot: where it is not the one on show.
    """
    pairs = filters.without(tables.unused(name, filters)).pairs()
    if snapshot is not None and snapshot.id != view.snapshot.id:
        pairs.insert(0, ("snapshot", snapshot.id))
    elif url_state.text("snapshot"):
        pairs.insert(0, ("snapshot", view.snapshot.id))
    return url_state.page_address(f"download/{name}.csv", _allowed(name, [*pairs, *other]))


def paper_address(name: str) -> str:
    """Where a paper of a meeting is to be had, under the server's own base path."""
    return url_state.page_address(f"download/{name}", _allowed(name, []))


def _allowed(name: str, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What an address asks for, as a permission that holds it where people sign in."""
    found = sign_in.access()
    return [(SIGNED, found.sign(name, pairs))] if found.sign_in else pairs
