"""What was put right: every load, what is withdrawn, and names that count under another one."""

import streamlit as st

from sourcing.ui.blocks.record_list import record_list
from sourcing.ui.view import View

_WHOLE = "of the whole snapshot; filters do not apply."


def put_right(view: View) -> None:
    """The loads, withdrawals and joined names of a snapshot, each with a download."""
    st.markdown(
        "Nothing that was loaded is ever deleted. What is put right is added, and can be taken "
        "back (README, *Put it right*)."
    )
    if not view.snapshot.has_table("undone_loads"):
        st.info(
            "An earlier version made this snapshot and did not keep this. `python -m etl publish` "
            "makes one that does."
        )
        return
    st.markdown("**Loads**, with their files, and whether they count:")
    record_list(view, "loads", f"Every load and file {_WHOLE}", "Nothing has been loaded.")
    st.markdown("**Withdrawn**, which does not count:")
    record_list(view, "withdrawn", f"What is withdrawn {_WHOLE}", "Nothing is withdrawn.")
    st.markdown("**Counted under another name:** sources and annotators that were joined.")
    record_list(
        view,
        "joined",
        f"Every name that counts under another one {_WHOLE}",
        "Every source and annotator counts under the name that was loaded.",
    )
