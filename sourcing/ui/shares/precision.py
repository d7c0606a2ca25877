"""How sure the shares of a source are, and how many more articles would make them surer."""

import pandas as pd
import streamlit as st

from sourcing import codebook
from sourcing.analysis.precision import HALF_WIDTHS
from sourcing.filters import Filters
from sourcing.formatting import percent
from sourcing.frame_rows import rows_of
from sourcing.ui.blocks.table import table
from sourcing.ui.view import View


def more_articles(view: View, filters: Filters) -> None:
    """Folded away until a reader asks for it; nothing is counted before."""
    words = "How sure, and how many more articles would make it surer"
    folded = st.expander(words, key="planned", on_change="rerun")
    if not folded.open:
        return
    found = view.precision(filters)
    shown = pd.DataFrame(
        {
            "Label": [codebook.name(label) for label in found["label"]],
            "Share": [percent(share) for share in found["share"]],
            "95 %, each by itself": [_bounds(row.low, row.high) for row in rows_of(found)],
            "95 %, all labels together": [
                _bounds(row.joint_low, row.joint_high) for row in rows_of(found)
            ],
            "Tells as much as": [
                "–" if pd.isna(size) else f"{size:,.0f} independent claims"
                for size in found["effective_size"]
            ],
            **{
                f"More articles for ±{half_width * 100:.0f} points": [
                    "–" if pd.isna(more) else f"{more:,}" for more in found[name]
                ]
                for name, half_width in HALF_WIDTHS.items()
            },
        }
    )
    with folded:
        st.table(shown, hide_index=True)
        st.caption(
            "If more articles are like those so far. A dash: not defined with one article, or not "
            "within a million articles."
        )
        table(view, "precision", None, filters)


def _bounds(low: float, high: float) -> str:
    return "–" if pd.isna(low) else f"{percent(low)} to {percent(high)}"
