"""Where a table is to be had as CSV, and the link of the page."""

import html
from collections.abc import Sequence

import streamlit as st

from sourcing import frames
from sourcing.access import SIGNED
from sourcing.filters import Filters
from sourcing.ui import address, signin
from sourcing.ui.page import View
from sourcing.warehouse import Snapshot


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
        f'<span class="printed">Snapshot {(snapshot or view.snapshot).id}, codebook version '
        f"{view.status()['codebook_version']}</span></p>"
    )


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
    pairs = filters.without(frames.unused(name, filters)).pairs()
    if snapshot is not None and snapshot.id != view.snapshot.id:
        pairs.insert(0, ("snapshot", snapshot.id))
    elif address.text("snapshot"):
        pairs.insert(0, ("snapshot", view.snapshot.id))
    pairs += other
    if (allowed := signin.access()).sign_in:
        pairs = [(SIGNED, allowed.sign(name, pairs))]
    return address.page_address(f"download/{name}.csv", pairs)
