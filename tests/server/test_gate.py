"""Which hosts are answered, and which addresses are closed."""

import pytest
from server_fixtures import Answer, ask
from starlette.types import Receive, Scope, Send

from sourcing.server.gate import Gate, host_of, listed_hosts


async def dashboard(scope: Scope, receive: Receive, send: Send) -> None:
    """Stands in for the dashboard: it answers everything."""
    del receive
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"numbers"})


def asked(host: str, *more: str, path: str = "/", base: str = "", kind: str = "http") -> Answer:
    gate = Gate(dashboard, lambda: more, base)
    return ask(gate, path, headers={"host": host}, kind=kind)


HOME = ["localhost", "LOCALHOST:8501", "127.0.0.1:8501", "127.8.9.1", "[::1]:8501", "localhost."]
FOREIGN = [
    "evil.example",
    "evil.example:8501",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "evil.example@localhost",
    "localhost@evil.example",
    "0.0.0.0:8501",
    "192.168.1.5",
    "10.0.0.1:8501",
    "[fe80::1]",
    "2130706433",
    "0x7f.1",
    "",
    "localhost evil.example",
    "http://localhost",
    "[::1",
    "localhost:8501:1",
    "lоcalhost",  # with a Cyrillic letter
]


@pytest.mark.parametrize("host", HOME)
def test_this_machine_is_answered(host: str) -> None:
    assert asked(host).body == b"numbers"
    assert asked(host, kind="websocket").raw == [{"type": "websocket.accept"}]


@pytest.mark.parametrize("host", FOREIGN)
def test_a_foreign_name_is_refused(host: str) -> None:
    """Otherwise a page elsewhere whose name leads here could read everything."""
    answer = asked(host)
    assert answer.status == 400
    assert b"numbers" not in answer.body
    assert answer.body.endswith(b"\n")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    [refusal] = asked(host, kind="websocket").raw
    assert refusal["type"] == "websocket.close"


def test_a_refusal_says_what_to_do() -> None:
    assert asked("sources.example:8501").body.decode() == (
        "This dashboard does not answer to the name 'sources.example', only to localhost and to "
        "names that its administrator allows. If this is its name, start it with "
        "SOURCING_HOSTS=sources.example, or make it the host of redirect_uri in [auth].\n"
    )


@pytest.mark.parametrize(
    "allowed", ["sources.example", "Sources.Example.", "https://sources.example/oauth2callback"]
)
def test_more_names_can_be_allowed(allowed: str) -> None:
    """As a name or as an address, with any port: the port is not what a foreign page can forge."""
    assert asked("sources.example", allowed).status == 200
    assert asked("SOURCES.example:443", "other.example", allowed).status == 200
    assert asked("a.sources.example", allowed).status == 400
    assert asked("sources.example.evil.example", allowed).status == 400
    assert asked("evil.example", allowed).status == 400


@pytest.mark.parametrize("nothing", ["", "/", "https://", ":8501", "*"])
def test_a_setting_that_names_no_host_allows_none(nothing: str) -> None:
    assert asked("evil.example", nothing).status == 400
    assert asked("", nothing).status == 400


def test_a_request_must_name_one_host() -> None:
    answer = ask(Gate(dashboard), "/")
    assert (answer.status, answer.body[:30]) == (400, b"A request must name one host. ")


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        (None, []),
        ("", []),
        (" , ", []),
        ("a.example", ["a.example"]),
        (
            "a.example, b.example;c.example d.example,",
            "a.example b.example c.example d.example".split(),
        ),
    ],
)
def test_the_variable_lists_hosts(text: str | None, hosts: list[str]) -> None:
    assert listed_hosts(text) == hosts


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("[::1]:80", "::1"),
        ("A.b:", "a.b"),
        ("https://a.b:1/c?d=http://e", "a.b"),
        ("a.b/c", "a.b"),
        ("", None),
        ("*/", "*"),
    ],
)
def test_the_host_of_a_text(text: str, host: str | None) -> None:
    assert host_of(text) == host


@pytest.mark.parametrize(
    "path", ["/_stcore/metrics", "/_stcore/metrics/", "//_stcore//metrics", "/_stcore/metrics//"]
)
def test_the_metrics_are_closed(path: str) -> None:
    """They tell how many sessions there are and what they hold in memory."""
    assert asked("localhost", path=path).status == 404
    assert asked("localhost", path=f"/sources{path}", base="/sources").status == 404
    assert asked("localhost", path="/_stcore/health").status == 200
