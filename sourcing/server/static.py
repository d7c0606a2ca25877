"""Static files: compressing scripts and styles, and preloading scripts. Plain ASGI."""

import asyncio
import gzip
import posixpath
import stat
from collections.abc import Sequence
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_File = tuple[int, int]
"""What a file is to the system, whatever it is called: its device and its number there."""


class CompressedStatic:
    """Serve scripts and styles under /static/ compressed, from memory after the first request.

    Streamlit sends them uncompressed, 7 MB for the first view. Their names contain a hash of their
    content, so a compressed file stays valid as long as the server runs. It is kept for the file,
    not for the address, which can be spelled in any number of ways. folder: where the files are.
    """

    _TYPES = (b"javascript", b"text/css", b"application/json", b"image/svg")

    def __init__(self, app: ASGIApp, folder: Path, prefix: str = "/static/") -> None:
        self.app = app
        self.folder = folder.resolve()
        self.prefix = prefix
        self._compressed: dict[_File, tuple[list[tuple[bytes, bytes]], bytes]] = {}
        self._at_work: dict[_File, asyncio.Lock] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Compress the answer to a request for a static file; pass on everything else."""
        file = self._file(scope["path"]) if self._is_ours(scope) else None
        if file is None:
            await self.app(scope, receive, send)
            return
        answer: list[Message] = []
        async with self._at_work.setdefault(file, asyncio.Lock()):  # read and compressed once
            if file not in self._compressed:
                answer = await self._ask(scope)
                if self._can_keep(answer):
                    self._compressed[file] = await run_in_threadpool(self._compress, answer)
        if file not in self._compressed:
            for message in answer:
                await send(message)
            return
        headers, body = self._compressed[file]
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

    def _file(self, path: str) -> _File | None:
        """The file that a path names, whatever its name; None unless the path is spelled plainly.

        Streamlit itself decides what it answers to other spellings.
        """
        name = path.removeprefix(self.prefix)
        if posixpath.normpath(path) != path or "\\" in name:
            return None
        try:
            file = self.folder.joinpath(name).resolve(strict=True)
            found = file.stat()
        except (OSError, ValueError):  # the latter for characters that no name can hold
            return None
        inside = file.is_relative_to(self.folder) and stat.S_ISREG(found.st_mode)
        return (found.st_dev, found.st_ino) if inside else None

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
