"""How precise the shares of a source are, and how many more articles would help."""

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
    """Show the precision in an expander; nothing is computed before it is opened."""
    words = "Precision, and how many more articles would improve it"
    expander = st.expander(words, key="planned", on_change="rerun")
    if not expander.open:
        return
    precision = view.precision(filters)
    rows = pd.DataFrame(
        {
            "Label": [codebook.name(label) for label in precision["label"]],
            "Share": [percent(share) for share in precision["share"]],
            "95 %, each label by itself": [
                _bounds(row.low, row.high) for row in rows_of(precision)
            ],
            "95 %, all labels together": [
                _bounds(row.joint_low, row.joint_high) for row in rows_of(precision)
            ],
            "Effective sample size": [
                "–" if pd.isna(size) else f"{size:,.0f}" for size in precision["effective_size"]
            ],
            **{
                f"More articles for ±{half_width * 100:.0f} points": [
                    "–" if pd.isna(more) else f"{more:,}" for more in precision[name]
                ]
                for name, half_width in HALF_WIDTHS.items()
            },
        }
    )
    with expander:
        st.table(rows, hide_index=True)
        st.caption(
            "Assumes that more articles are like those so far. The effective sample size is the "
            "number of independent claims that would be as precise. A dash means undefined, as "
            "with one article, or more than a million articles."
        )
        table(view, "precision", None, filters)


def _bounds(low: float, high: float) -> str:
    return "–" if pd.isna(low) else f"{percent(low)} to {percent(high)}"
