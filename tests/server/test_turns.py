"""Answers in turn: so many at once, the others wait, and nobody keeps a turn for ever."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from server_fixtures import ask
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import Message, Receive, Scope

from sourcing.server.turns import SLICE, InTurn, Turns, slices

SCOPE: Scope = {"type": "http", "method": "GET", "headers": [], "path": "/"}


async def present() -> Message:
    """A reader who has asked and waits."""
    await asyncio.Event().wait()
    return {"type": "http.disconnect"}


async def gone() -> Message:
    return {"type": "http.disconnect"}


class Reader:
    """Takes an answer, when it is let."""

    def __init__(self, receive: Receive = present) -> None:
        self.receive = receive
        self.taken: list[Message] = []

    async def send(self, message: Message) -> None:
        self.taken.append(message)

    async def reads(self, answer: InTurn) -> None:
        await answer(SCOPE, self.receive, self.send)


class Work:
    """Makes answers that are ready when they are told so, and counts those at work."""

    def __init__(self) -> None:
        self.made = self.at_once = self.most_at_once = 0
        self.ready = asyncio.Event()

    async def __call__(self) -> Response:
        self.made += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await self.ready.wait()
        self.at_once -= 1
        return PlainTextResponse("numbers")


async def idle() -> None:
    """Let everything run that can run."""
    for _ in range(100):
        await asyncio.sleep(0)


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def whole() -> None:
        await test()

    asyncio.run(whole())


def test_so_many_at_once_and_all_in_the_end() -> None:
    async def test() -> None:
        turns, work, readers = Turns(at_once=3, waiting=50), Work(), [Reader() for _ in range(50)]
        tasks = [asyncio.create_task(reader.reads(InTurn(turns, work))) for reader in readers]
        await idle()
        assert (work.made, work.at_once) == (3, 3)
        work.ready.set()
        await asyncio.gather(*tasks)
        assert (work.made, work.most_at_once) == (50, 3)
        assert all(reader.taken[0]["status"] == 200 for reader in readers)

    run(test)


def test_too_many_are_told_to_come_back() -> None:
    async def test() -> None:
        turns, work, readers = Turns(at_once=1, waiting=2), Work(), [Reader() for _ in range(4)]
        tasks = [asyncio.create_task(reader.reads(InTurn(turns, work))) for reader in readers]
        await idle()
        refused = readers[3].taken
        assert refused[0]["status"] == 503
        assert (b"retry-after", b"60") in refused[0]["headers"]
        assert refused[1]["body"].startswith(b"Too many downloads are waiting")
        work.ready.set()
        await asyncio.gather(*tasks)
        assert [reader.taken[0]["status"] for reader in readers] == [200, 200, 200, 503]
        last = Reader()
        await last.reads(InTurn(turns, work))
        assert last.taken[0]["status"] == 200

    run(test)


def test_nothing_is_made_for_a_reader_who_has_gone() -> None:
    async def test() -> None:
        turns, work, reader = Turns(), Work(), Reader(gone)
        await reader.reads(InTurn(turns, work))
        assert (work.made, reader.taken) == (0, [])

    run(test)


@pytest.mark.parametrize("pieces", [[b"a" * 10], [b"a" * SLICE] * 5])
def test_a_reader_who_takes_nothing_loses_the_turn(pieces: list[bytes]) -> None:
    async def test() -> None:
        turns = Turns(at_once=1, patience_s=0)

        async def stream() -> Response:
            return StreamingResponse(iter(pieces))

        async def never(message: Message) -> None:
            del message
            await asyncio.Event().wait()

        await InTurn(turns, stream)(SCOPE, present, never)
        async with turns.turn():
            pass

    run(test)


@pytest.mark.parametrize("error", [RuntimeError, asyncio.CancelledError])
def test_a_failure_gives_the_turn_back(error: type[BaseException]) -> None:
    async def test() -> None:
        turns = Turns(at_once=1)

        async def broken() -> Response:
            raise error

        for _ in range(3):
            with pytest.raises(error):
                await Reader().reads(InTurn(turns, broken))

    run(test)


@pytest.mark.parametrize("size", [0, 1, SLICE, SLICE + 1, 3 * SLICE])
def test_slices_are_small_and_lose_nothing(size: int) -> None:
    pieces = [bytes([n]) * size for n in range(3)]
    sliced = list(slices(pieces))
    assert b"".join(sliced) == b"".join(pieces)
    assert all(0 < len(item) <= SLICE for item in sliced)


def test_an_answer_in_turn_is_the_answer() -> None:
    async def make() -> Response:
        return PlainTextResponse("numbers", 418)

    answer = ask(InTurn(Turns(), make), "/")
    assert (answer.status, answer.body) == (418, b"numbers")
