"""Downloads as the server sends them, without running a server.

A plugin: test modules load it with `pytest_plugins = "server_fixtures"`.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Scope

from sourcing.server import routes
from sourcing.warehouse.snapshots import VARIABLE, Warehouse

Pairs = list[tuple[str, str]]


@dataclass
class Answer:
    """The response of an application, with the pieces of its body."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    pieces: list[bytes] = field(default_factory=list)
    raw: list[Message] = field(default_factory=list)

    @property
    def body(self) -> bytes:
        return b"".join(self.pieces)


def ask(
    app: ASGIApp,
    path: str,
    query: str = "",
    method: str = "GET",
    headers: dict[str, str] | None = None,
    kind: str = "http",
    disconnects: bool = False,
) -> Answer:
    """Call an ASGI application as a server does, in its own loop; `disconnects`: leave at once."""
    return asyncio.run(asking(app, path, query, method, headers, kind, disconnects))


async def asking(
    app: ASGIApp,
    path: str,
    query: str = "",
    method: str = "GET",
    headers: dict[str, str] | None = None,
    kind: str = "http",
    disconnects: bool = False,
) -> Answer:
    """The same, in the loop that runs."""
    answer = Answer()
    scope: Scope = {
        "type": kind,
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": quote(path).encode(),
        "query_string": query.encode(),
        "root_path": "",
        "scheme": "http",
        "server": ("localhost", 80),
        "client": ("localhost", 1),
        "headers": [(k.encode(), v.encode()) for k, v in (headers or {}).items()],
    }
    never = asyncio.Event()
    requested = False

    async def receive() -> Message:
        nonlocal requested
        if disconnects:
            return {"type": "http.disconnect"}
        if requested:
            await never.wait()
        requested = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        answer.raw.append(message)
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {k.decode(): v.decode() for k, v in message["headers"]}
        elif message["type"] == "http.response.body" and message.get("body"):
            answer.pieces.append(message["body"])

    await app(scope, receive, send)
    return answer


Download = Callable[..., Answer]


DOWNLOADS = Starlette(routes=routes.routes())


@pytest.fixture
def download(monkeypatch: pytest.MonkeyPatch) -> Download:
    """Request the CSV of a table of a warehouse."""

    def fetch(warehouse: Warehouse, table: str, query: Pairs | str = (), **options: Any) -> Answer:
        monkeypatch.setenv(VARIABLE, str(warehouse.folder))
        text = query if isinstance(query, str) else urlencode(query)
        return ask(DOWNLOADS, f"/download/{table}.csv", text, **options)

    return fetch
