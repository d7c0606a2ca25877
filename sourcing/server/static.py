"""Static files: compressing scripts and styles, and preloading scripts. Plain ASGI."""

import asyncio
import gzip
from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class CompressedStatic:
    """Serve scripts and styles under /static/ compressed, from memory after the first request.

    Streamlit sends them uncompressed, 7 MB for the first view. Their names contain a hash of their
    content, so a compressed file stays valid as long as the server runs.
    """

    _TYPES = (b"javascript", b"text/css", b"application/json", b"image/svg")

    def __init__(self, app: ASGIApp, prefix: str = "/static/") -> None:
        self.app = app
        self.prefix = prefix
        self._compressed: dict[str, tuple[list[tuple[bytes, bytes]], bytes]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Compress the answer to a request for a static file; pass on everything else."""
        if not self._is_ours(scope):
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        if path not in self._compressed:
            answer = await self._ask(scope)
            if not self._can_keep(answer):
                for message in answer:
                    await send(message)
                return
            self._compressed[path] = await run_in_threadpool(self._compress, answer)
        headers, body = self._compressed[path]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _is_ours(self, scope: Scope) -> bool:
        if scope["type"] != "http" or scope["method"] != "GET":
            return False
        headers = dict(scope["headers"])
        accepted = headers.get(b"accept-encoding", b"").replace(b" ", b"").split(b",")
        return (
            scope["path"].startswith(self.prefix)
            and any(item == b"gzip" or item.startswith(b"gzip;q=1") for item in accepted)
            and b"range" not in headers
            and b"if-none-match" not in headers
        )

    async def _ask(self, scope: Scope) -> list[Message]:
        """The whole answer, even if the client disconnects, as partial answers must not be kept."""
        answer: list[Message] = []

        async def wait() -> Message:
            await asyncio.Event().wait()
            return {"type": "http.disconnect"}

        async def take(message: Message) -> None:
            answer.append(message)

        await self.app(scope, wait, take)
        return answer

    def _can_keep(self, answer: list[Message]) -> bool:
        headers = dict(answer[0]["headers"])
        kind = headers.get(b"content-type", b"")
        return (
            answer[0]["status"] == 200
            and any(name in kind for name in self._TYPES)
            and b"content-encoding" not in headers
        )

    @staticmethod
    def _compress(answer: list[Message]) -> tuple[list[tuple[bytes, bytes]], bytes]:
        body = gzip.compress(b"".join(part.get("body", b"") for part in answer[1:]), 6, mtime=0)
        changed: dict[bytes, bytes] = {
            b"content-encoding": b"gzip",
            b"content-length": str(len(body)).encode(),
            b"vary": b"Accept-Encoding",
        }
        headers: list[tuple[bytes, bytes]] = [
            (name, value) for name, value in answer[0]["headers"] if name not in changed
        ]
        return headers + list(changed.items()), body


class Preloaded:
    """Announce scripts that a page needs late in the header of the page itself.

    The browser then fetches them together with the first scripts, not after those have asked the
    server what to draw. paths: the addresses of the scripts.
    """

    def __init__(self, app: ASGIApp, paths: Sequence[str]) -> None:
        self.app = app
        self._links = [
            (b"link", f"<{path}>; rel=modulepreload; crossorigin".encode()) for path in paths
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, adding the header to pages."""

        async def with_links(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                if any(name == b"content-type" and b"html" in value for name, value in headers):
                    message = {**message, "headers": [*headers, *self._links]}
            await send(message)

        await self.app(scope, receive, with_links)
