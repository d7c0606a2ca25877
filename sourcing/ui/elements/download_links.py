"""Links that download a table as CSV, and the button that copies the page's link."""

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
    other_side: Sequence[tuple[str, str]] = (),
    snapshot: Snapshot | None = None,
) -> None:
    """The link that downloads a table; spreadsheets can read the same address.

    In print, the snapshot and the codebook version replace it.
    """
    target = html.escape(download_address(view, name, filters, other_side, snapshot), quote=True)
    st.html(
        f'<p class="links"><a href="{target}" download="{name}.csv" class="csv" target="_self">'
        'Download this table as CSV</a> <button type="button" class="copy">Copy link</button>'
        f'<span class="printed">Snapshot {_snapshot_names(view, other_side, snapshot)}, '
        f"codebook version {view.status()['codebook_version']}</span></p>"
    )


def _snapshot_names(
    view: View, other_side: Sequence[tuple[str, str]], snapshot: Snapshot | None
) -> str:
    """The snapshot that a block shows, or both if it compares two."""
    second = [value for name, value in other_side if name == "other_snapshot"]
    return " and ".join([(snapshot or view.snapshot).id, *second])


def download_address(
    view: View,
    name: str,
    filters: Filters,
    other_side: Sequence[tuple[str, str]] = (),
    snapshot: Snapshot | None = None,
) -> str:
    """The address of a table's CSV, under the server's own base path.

    other_side: pairs of the second side of a comparison. snapshot: if it is not the one on show.
    """
    pairs = filters.without(tables.unused(name, filters)).pairs()
    if snapshot is not None and snapshot.id != view.snapshot.id:
        pairs.insert(0, ("snapshot", snapshot.id))
    elif url_state.text("snapshot"):
        pairs.insert(0, ("snapshot", view.snapshot.id))
    return url_state.page_address(f"download/{name}.csv", _signed(name, [*pairs, *other_side]))


def paper_address(name: str) -> str:
    """The address of a meeting's file, under the server's own base path."""
    return url_state.page_address(f"download/{name}", _signed(name, []))


def _signed(name: str, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pairs of an address; with sign-in, one signed permission that contains them."""
    access_settings = sign_in.access()
    if not access_settings.sign_in:
        return pairs
    return [(SIGNED, access_settings.sign(name, pairs, sign_in.user()))]
