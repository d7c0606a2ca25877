"""Our own scripts in the browser: all of them stand here, so that the server can name them.

The content security policy lets a page run these scripts, by their hashes, and no other.
"""

import base64
import hashlib
import html
import re
from pathlib import Path

import streamlit as st

_PAGE = Path(__file__).parents[1].joinpath("page.js").read_text(encoding="utf-8")
_STREAMLIT_PAGE = Path(st.__file__).parent / "static" / "index.html"

SCRIPTS = {
    "page": _PAGE,
    # Signing in opens the first page; "back" goes back to the page that was requested.
    "wanted": "{ sessionStorage.setItem('wanted', location.href); }",
    "back": """{
const wanted = sessionStorage.getItem("wanted");
sessionStorage.removeItem("wanted");
if (wanted && wanted !== location.href) location.replace(wanted);
}""",
    # After a refusal, what is typed is the rationale, not a shortcut.
    "rationale": "{ document.querySelector('[class*=\"st-key-rationale\"] textarea')?.focus(); }",
    "cookie": """{
const {cookie} = document.querySelector("[data-cookie]").dataset;
const secure = location.protocol === "https:" ? "; Secure" : "";
document.cookie = `${cookie}; path=/; max-age=31536000; SameSite=Lax${secure}`;
}""",
}
"""Scripts by name. None holds anything that a user entered."""


def run_script(name: str) -> None:
    """Run one of the scripts."""
    _run(name, "")


def keep_cookie(name: str, value: str) -> None:
    """Store a cookie for a year. value: with no character that a cookie cannot hold."""
    cookie = html.escape(f"{name}={value}", quote=True)
    _run("cookie", f'<span hidden data-cookie="{cookie}"></span>')


def _run(name: str, before: str) -> None:
    with st.container(key=f"script-of-ours {name}"):
        st.html(f"{before}<script>{SCRIPTS[name]}</script>", unsafe_allow_javascript=True)


def script_hashes() -> list[str]:
    """What a content security policy calls the scripts, and those in Streamlit's own page."""
    page = _STREAMLIT_PAGE.read_text(encoding="utf-8")
    of_streamlit = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    return [_hash(text) for text in (*SCRIPTS.values(), *of_streamlit)]


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
