"""A few lines of script of ours, run by the browser when a page is drawn."""

import streamlit as st


def run_script(script: str, key: str) -> None:
    """Run a script; it must hold nothing that somebody else wrote. key: its own."""
    with st.container(key=f"script-of-ours {key}"):
        st.html(f"<script>{{ {script} }}</script>", unsafe_allow_javascript=True)
