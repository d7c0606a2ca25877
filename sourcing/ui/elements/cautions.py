"""Notes shown before numbers or instead of them."""

from collections.abc import Mapping

import streamlit as st

from sourcing.formatting import plural
from sourcing.ui.view import end_page


def provisional_note(claims: int, resolved: int) -> None:
    """Say that model labels are provisional, above the numbers based on them."""
    if not claims:
        return
    if claims < resolved:
        subject = f"{claims:,} of {plural(resolved, 'resolved claim')}"
    else:
        subject = "The only resolved claim" if claims == 1 else f"All {claims:,} resolved claims"
    verb, pronoun = ("is", "it") if claims == 1 else ("are", "them")
    st.info(
        f"**Provisional.** {subject} {verb} labelled by models only. "
        f"No person has confirmed {pronoun}.",
        icon=":material/smart_toy:",
    )


def nothing_left(reasons: Mapping[str, str] | None = None) -> None:
    """Say why no claim is counted, and end the page. reasons: by source, from View.uncounted."""
    if reasons:
        words = "; ".join(dict.fromkeys(reasons.values()))
        st.info(f"**Nothing is counted:** {words}.")
    else:
        st.info(
            "**No claim matches these filters.** Widen the period or clear a filter on the left."
        )
    end_page()
