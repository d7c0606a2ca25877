"""A few lines of script of ours, run by the browser when a page is drawn."""

import streamlit as st


def run_script(script: str) -> None:
    """Run a script; it must hold nothing that somebody else wrote."""
    with st.container(key="script-of-ours"):
        st.html(f"<script>{{ {script} }}</script>", unsafe_allow_javascript=True)
