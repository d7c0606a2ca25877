"""Notes shown before numbers or instead of them."""

import streamlit as st

from sourcing.ui.view import end_page


def provisional_note(claims: int, resolved: int) -> None:
    """Say that model labels are provisional, above the numbers based on them."""
    if not claims:
        return
    subject = "All" if claims == resolved else f"{claims:,} of"
    st.info(
        f"**Provisional.** {subject} {resolved:,} resolved claims are labelled by models only. "
        f"No person has confirmed {'them' if claims == resolved else 'those'}.",
        icon=":material/smart_toy:",
    )


def nothing_left() -> None:
    """Say what to do if no claim matches the filters, and end the page."""
    st.info("**No claim matches these filters.** Widen the period or clear a filter on the left.")
    end_page()
