"""Who waits for which picture: one drawing for equal orders, turns of documents, bounds, and what is remembered."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps
from pathlib import Path
from typing import Any

import pytest

from service.pictures.failures import MOST, SECONDS, FailedPages, PageId
from service.pictures.jobs import MAX_LINE, MAX_PNG, Job, NoPicture
from service.pictures.painter import NoPainter, PageFailed, Saying
from service.pictures.studio import MOST_WAITING, Studio, TooManyWaiting


class Brush:
    """Draws what it is told to, when it is told to; says what it began."""

    def __init__(self, begun: list[Job]) -> None:
        self.begun = begun
        self.allowed = asyncio.Semaphore(0)
        self.outcome: bytes | Exception = b"png"
        self.closed = False

    async def draw(self, job: Job) -> bytes:
        self.begun.append(job)
        await self.allowed.acquire()
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome

    async def close(self) -> None:
        self.closed = True


def page(document: str, number: int = 1) -> PageId:
    return PageId("edition", document, number)


def job(document: str, number: int = 1, width: int = 900) -> Job:
    return Job(document, number, width)


def ordered(studio: Studio, document: str, number: int = 1, width: int = 900, client: str = "") -> asyncio.Task[bytes]:
    return asyncio.create_task(studio.picture(page(document, number), job(document, number, width), client))


async def until(holds: Callable[[], bool]) -> None:
    """Let the others work until something holds."""
    for _ in range(1000):
        if holds():
            return
        await asyncio.sleep(0)
    raise AssertionError


def in_a_loop(work: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Make a test of a coroutine, which ends within bounds."""

    @wraps(work)
    def test(*given: Any, **named: Any) -> None:
        async def bounded() -> None:
            async with asyncio.timeout(20):
                await work(*given, **named)

        asyncio.run(bounded())

    return test


@in_a_loop
async def test_equal_orders_are_drawn_once() -> None:
    brush = Brush([])
    studio = Studio([brush])
    orders = [ordered(studio, "a") for _ in range(20)]
    await until(lambda: len(brush.begun) == 1)
    brush.allowed.release()
    assert await asyncio.gather(*orders) == [b"png"] * 20
    assert brush.begun == [job("a")]
    again = ordered(studio, "a")
    brush.allowed.release()
    assert await again == b"png"
    assert len(brush.begun) == 2


@in_a_loop
async def test_a_document_of_many_pages_lets_others_pass() -> None:
    begun: list[Job] = []
    brush = Brush(begun)
    studio = Studio([brush])
    orders = [ordered(studio, "heavy", number) for number in range(1, 6)]
    await until(lambda: len(begun) == 1)
    orders += [ordered(studio, "light"), ordered(studio, "other")]
    for _ in orders:
        brush.allowed.release()
    await asyncio.gather(*orders)
    assert [one.path for one in begun] == ["heavy", "light", "other", *["heavy"] * 4]


@in_a_loop
async def test_a_page_is_drawn_by_one_at_a_time_and_fails_at_every_width() -> None:
    begun: list[Job] = []
    brushes = [Brush(begun), Brush(begun)]
    studio = Studio(brushes)
    orders = [ordered(studio, "heavy", width=width) for width in (300, 400, 500)]
    await until(lambda: len(begun) == 1)
    other = ordered(studio, "heavy", number=2)
    await until(lambda: len(begun) == 2)
    assert begun == [job("heavy", width=300), job("heavy", 2)]
    for brush in brushes:
        brush.outcome = PageFailed("länger als 6 s", opened=True)
        brush.allowed.release()
    results = await asyncio.gather(*orders, other, return_exceptions=True)
    assert [type(one) for one in results] == [PageFailed] * 4
    assert studio.is_failed(page("heavy")) and studio.is_failed(page("heavy", 2))
    assert not studio.is_failed(page("heavy", 3))
    with pytest.raises(PageFailed):
        await studio.picture(page("heavy"), job("heavy", width=600))
    assert len(begun) == 2


@in_a_loop
async def test_a_document_that_does_not_open_in_time_fails_with_all_its_pages() -> None:
    brush = Brush([])
    brush.outcome = PageFailed("länger als 6 s", opened=False)
    studio = Studio([brush])
    brush.allowed.release()
    with pytest.raises(PageFailed):
        await studio.picture(page("heavy", 7), job("heavy", 7))
    assert studio.is_failed(page("heavy", 8)) and not studio.is_failed(page("light", 7))


@pytest.mark.parametrize("outcome", [NoPicture(), NoPainter()])
@in_a_loop
async def test_what_is_not_the_fault_of_the_page_is_not_remembered(outcome: Exception) -> None:
    brush = Brush([])
    studio = Studio([brush])
    for _ in range(2):
        brush.outcome = outcome
        brush.allowed.release()
        with pytest.raises(type(outcome)):
            await studio.picture(page("a"), job("a"))
    assert len(brush.begun) == 2
    assert not studio.is_failed(page("a"))


@in_a_loop
async def test_an_unexpected_error_leaves_no_half_picture_to_the_next(caplog: pytest.LogCaptureFixture) -> None:
    brush = Brush([])
    studio = Studio([brush])
    brush.outcome = RuntimeError("geheim")
    brush.allowed.release()
    with pytest.raises(NoPainter):
        await studio.picture(page("a"), job("a"))
    assert brush.closed and not studio.is_failed(page("a"))
    assert "RuntimeError" in caplog.text and "geheim" not in caplog.text


@in_a_loop
async def test_waiting_is_bounded_and_who_leaves_makes_room() -> None:
    brush = Brush([])
    studio = Studio([brush])
    orders = [ordered(studio, f"d{number % 40}") for number in range(MOST_WAITING)]
    await until(lambda: len(brush.begun) == 1)
    with pytest.raises(TooManyWaiting):
        await studio.picture(page("late"), job("late"))
    orders[-1].cancel()
    orders[5].cancel()  # alone with its order: nobody draws it any more
    await asyncio.wait([orders[5], orders[-1]])
    orders += [ordered(studio, "late"), ordered(studio, "later")]
    for _ in range(60):
        brush.allowed.release()
    results = await asyncio.gather(*orders, return_exceptions=True)
    assert [type(one) for one in results].count(bytes) == MOST_WAITING
    assert len(brush.begun) == 42


@in_a_loop
async def test_one_client_cannot_fill_the_places_of_others() -> None:
    brush = Brush([])
    studio = Studio([brush])
    greedy = [ordered(studio, f"g{number}", client="greedy") for number in range(MOST_WAITING)]
    await until(lambda: len(brush.begun) == 1)
    polite = [ordered(studio, f"p{number}", client="polite") for number in range(MOST_WAITING)]
    await until(lambda: sum(one.done() for one in (*greedy, *polite)) == MOST_WAITING)
    half = MOST_WAITING // 2
    assert [one.done() for one in greedy] == [False] * half + [True] * half, "the latest give way"
    assert [one.done() for one in polite] == [False] * half + [True] * half, "and nobody takes more than half"
    one, other = ordered(studio, "x", client="x"), ordered(studio, "y", client="y")
    await until(lambda: sum(one.done() for one in (*greedy, *polite)) == MOST_WAITING + 2)
    for _ in range(MOST_WAITING):
        brush.allowed.release()
    results = await asyncio.gather(*greedy, *polite, one, other, return_exceptions=True)
    assert [type(one) for one in results].count(TooManyWaiting) == MOST_WAITING + 2
    assert results[-2:] == [b"png", b"png"] and len(brush.begun) == MOST_WAITING


@in_a_loop
async def test_closing_ends_painters_and_answers_who_waits() -> None:
    brushes = [Brush([]), Brush([])]
    studio = Studio(brushes)
    orders = [ordered(studio, name) for name in "abcdef"]
    await until(lambda: all(brush.begun for brush in brushes))
    await studio.close()
    results = await asyncio.gather(*orders, return_exceptions=True)
    assert [type(one) for one in results] == [NoPainter] * 6
    assert all(brush.closed for brush in brushes)


def test_the_memory_of_failed_pages_is_bounded_in_number_and_time() -> None:
    failed = FailedPages()
    for number in range(1, MOST + 2):
        failed.add(page("a", number), now=float(number))
    assert not failed.has(page("a", 1), now=MOST)
    assert failed.has(page("a", 2), now=MOST) and failed.has(page("a", MOST + 1), now=MOST)
    assert not failed.has(page("a", 2), now=2 + SECONDS)
    assert not failed.has(PageId("other", "a", 2), now=MOST)


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (b"op\x00\x00\x00\x03png", b"png"),
        (b"p\x00\x00\x00\x00", b""),
        (b"on", NoPicture),
        (b"om", MemoryError),
        (b"o", EOFError),
        (b"", EOFError),
        (b"op\x00\x00\x00\x04png", EOFError),
        (b"op" + (MAX_PNG + 1).to_bytes(4) + bytes(100), EOFError),
        (b"ooooooooooooo", EOFError),
        (b"\xff\xff\xff\xff\xff\xff\xff\xff", EOFError),
    ],
)
@in_a_loop
async def test_whatever_a_worker_says_is_bounded(said: bytes, outcome: bytes | type[Exception]) -> None:
    stream = asyncio.StreamReader()
    stream.feed_data(said)
    stream.feed_eof()
    if isinstance(outcome, bytes):
        assert await Saying(stream).picture() == outcome
        return
    with pytest.raises(outcome):
        await Saying(stream).picture()


@pytest.mark.parametrize("quote", ["", "Ärger\n\"mit\" 'Zeilen'\r\x00\u2028", "\ud800", "\U0001f6b2" * 4000])
def test_a_job_is_one_line_of_bounded_length(quote: str) -> None:
    one = Job(str(Path("/" + "ü" * 4000)), 1, 900, quote)
    assert one.line().count(b"\n") == 1 and len(one.line()) <= MAX_LINE
    assert Job.read(one.line()) == one
