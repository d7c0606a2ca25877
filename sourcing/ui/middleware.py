"""What every request and every answer of the server passes through."""

import os
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from sourcing.errors import AccessError
from sourcing.server.gate import VARIABLE, Gate, listed_hosts
from sourcing.server.headers import SecurityHeaders
from sourcing.server.static import CompressedStatic, Preloaded
from sourcing.ui import sign_in
from sourcing.ui.elements.scripts import script_hashes

_STATIC = Path(st.__file__).parent / "static" / "static"


def middleware(base: str) -> list[Middleware]:
    """The middleware under a base path, the outermost first: also refusals get the headers."""
    charts = _STATIC.glob("js/PlotlyChart.*.js")
    scripts = [f"{base}/static/js/{script.name}" for script in charts]
    return [
        Middleware(SecurityHeaders, script_hashes=script_hashes(), by_tls=_by_tls),
        Middleware(Gate, more=_hosts, base=base),
        Middleware(CompressedStatic, folder=_STATIC, prefix=f"{base}/static/"),
        Middleware(Preloaded, paths=scripts),
    ]


def _hosts() -> list[str]:
    """The hosts that the environment, the options of the server and the sign-in allow."""
    options = [st.get_option(name) for name in ("server.address", "browser.serverAddress")]
    return [*listed_hosts(os.environ.get(VARIABLE)), *filter(None, options), _redirect_uri()]


def _by_tls() -> bool:
    """Whether the sign-in sends people back to an address with TLS."""
    return _redirect_uri().lower().startswith("https://")


def _redirect_uri() -> str:
    """Where the sign-in sends people back to; empty without it, or if it cannot be read."""
    try:
        return sign_in.access().redirect_uri
    except AccessError:
        return ""
