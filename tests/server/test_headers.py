"""Headers that limit what a browser lets a page do."""

import re

import pytest
from server_fixtures import Answer, ask
from starlette.responses import Response
from starlette.types import ASGIApp

from sourcing.server.headers import SecurityHeaders
from sourcing.ui.elements import scripts

COOKIE = "_streamlit_user=abc; HttpOnly; Path=/; SameSite=lax"


def app(*cookies: str, **headers: str) -> ASGIApp:
    """Stands in for Streamlit: a page with headers and cookies."""
    response = Response("page", headers=headers, media_type="text/html")
    for cookie in cookies:
        response.headers.append("set-cookie", cookie)
    return response


def policy(answer: Answer) -> dict[str, list[str]]:
    parts = [part.split() for part in answer.headers["content-security-policy"].split(";")]
    return {name: values for name, *values in parts}


def cookies(answer: Answer) -> list[str]:
    [start] = [item for item in answer.raw if item["type"] == "http.response.start"]
    return [value.decode() for name, value in start["headers"] if name == b"set-cookie"]


def test_every_answer_has_the_headers_once() -> None:
    wrapped = SecurityHeaders(app(**{"X-Content-Type-Options": "other"}))
    answer = ask(wrapped, "/", headers={"host": "localhost"})
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "camera=()" in answer.headers["permissions-policy"]
    [start] = [item for item in answer.raw if item["type"] == "http.response.start"]
    names = [name.lower() for name, _ in start["headers"]]
    assert len(names) == len(set(names))


def test_only_our_own_scripts_run() -> None:
    answer = ask(SecurityHeaders(app(), ["sha256-abc"]), "/", headers={"host": "localhost:8501"})
    assert policy(answer)["script-src"] == ["'self'", "'sha256-abc'"]
    assert policy(answer)["default-src"] == ["'none'"]
    assert policy(answer)["frame-ancestors"] == ["'none'"]
    assert policy(answer)["connect-src"] == [
        "'self'",
        "ws://localhost:8501",
        "wss://localhost:8501",
    ]


@pytest.mark.parametrize("host", ["", "a; script-src *", "a b", "a,b", "a'b", "a\x00"])
def test_a_host_cannot_widen_the_policy(host: str) -> None:
    answer = ask(SecurityHeaders(app()), "/", headers={"host": host})
    assert policy(answer)["connect-src"] == ["'self'"]
    assert policy(answer)["script-src"] == ["'self'"]


def test_the_hashes_are_of_our_scripts_and_of_the_page_of_streamlit() -> None:
    hashes = scripts.script_hashes()
    assert len(hashes) == len(scripts.SCRIPTS) + 1
    assert all(re.fullmatch(r"sha256-[A-Za-z0-9+/]{43}=", item) for item in hashes)


@pytest.mark.parametrize(
    ("asked", "configured", "secure"),
    [
        ({}, False, False),
        ({"x-forwarded-proto": "https"}, False, True),
        ({"x-forwarded-proto": "HTTPS"}, False, True),
        ({"x-forwarded-proto": "http"}, False, False),
        ({}, True, True),
        ({"x-forwarded-proto": "http"}, True, True),
    ],
)
def test_cookies_travel_over_tls_only_behind_tls(
    asked: dict[str, str], configured: bool, secure: bool
) -> None:
    wrapped = SecurityHeaders(app(COOKIE, "_xsrf=1; Path=/"), by_tls=lambda: configured)
    answer = ask(wrapped, "/oauth2callback", headers={"host": "localhost", **asked})
    suffix = "; Secure" if secure else ""
    assert cookies(answer) == [COOKIE + suffix, "_xsrf=1; Path=/" + suffix]


def test_a_secure_cookie_stays_as_it_is() -> None:
    wrapped = SecurityHeaders(app("a=1; secure; Path=/"), by_tls=lambda: True)
    assert cookies(ask(wrapped, "/", headers={"host": "localhost"})) == ["a=1; secure; Path=/"]
