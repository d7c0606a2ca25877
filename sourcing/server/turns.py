"""Answers that take memory and a processor, made in turn: so many at once, the others wait.

Fifty tables asked for at the same time would otherwise fill the memory, and keep the server from
answering anything else meanwhile.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Message, Receive, Scope, Send

SLICE = 256 * 1024
"""The most bytes of an answer that are handed to the connection at once."""
_BUSY = "Too many downloads are waiting for their turn. Try again in a minute.\n"


class BusyError(Exception):
    """As many wait as may wait."""


class Turns:
    """Turns for so many at once, and for so many who wait.

    patience_s: the seconds in which a reader must take a slice. A connection that takes nothing
    would otherwise keep its turn for ever.
    """

    def __init__(self, at_once: int = 4, waiting: int = 200, patience_s: float = 60) -> None:
        self.most_waiting = waiting
        self.patience_s = patience_s
        self._waiting = 0
        self._places = asyncio.Semaphore(at_once)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn, and keep it. Raises BusyError if too many wait already."""
        if self._waiting >= self.most_waiting:
            raise BusyError
        self._waiting += 1
        try:
            await self._places.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._places.release()


class InTurn:
    """An answer that is made, and sent, when its turn comes; 503 if too many wait.

    make: makes the answer. It is not called for a reader who has gone while waiting.
    """

    def __init__(self, turns: Turns, make: Callable[[], Awaitable[Response]]) -> None:
        self.turns = turns
        self.make = make

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request. A reader who takes nothing loses the turn and the connection."""

        async def send_in_time(message: Message) -> None:
            async with asyncio.timeout(self.turns.patience_s):
                await send(message)

        try:
            async with self.turns.turn():
                if not await Request(scope, receive).is_disconnected():
                    answer = await self.make()
                    await answer(scope, receive, send_in_time)
        except BusyError:
            busy = PlainTextResponse(_BUSY, 503, headers={"Retry-After": "60"})
            await busy(scope, receive, send)
        except TimeoutError:
            return  # the server closes the connection, as the answer is not complete


def slices(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in slices that are small enough to be sent one by one."""
    for piece in pieces:
        for start in range(0, len(piece), SLICE):
            yield piece[start : start + SLICE]
