"""Run our own scripts in the browser."""

import streamlit as st


def run_script(script: str, key: str) -> None:
    """Run a script, which must not contain user data. key: unique to the script."""
    with st.container(key=f"script-of-ours {key}"):
        st.html(f"<script>{{ {script} }}</script>", unsafe_allow_javascript=True)
