"""Who waits for which picture: so many at once, bounds, what is remembered; each by a real
process.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Awaitable, Callable
from functools import wraps
from pathlib import Path
from typing import Any

import pytest

from service.web.pictures import (
    NoPicture,
    PageFailed,
    PageRenderer,
    PictureRequest,
    RendererBusy,
    page_renderer,
)
from service.web.pictures.page_renderer import (
    FAILED_SECONDS,
    MORE_TIME,
    MOST_OF_CLIENT,
    MOST_WAITING,
    SLOW_SECONDS,
    PageSlow,
    draw,
)
from tests.service.printed_papers import damaged, printed, slow_shading
from vectorstore import ProcessLimits, processes

LIMITS = ProcessLimits(3.0, 128_000_000)


class Brush:
    """Draws what it is told to, when it is told to; says what it began."""

    def __init__(self) -> None:
        self.begun: list[PictureRequest] = []
        self.seconds: list[float] = []
        self.allowed = asyncio.Semaphore(0)
        self.outcome: bytes | Exception = b"png"

    async def draw(self, job: PictureRequest, limits: ProcessLimits) -> bytes:
        self.begun.append(job)
        self.seconds.append(limits.seconds)
        await self.allowed.acquire()
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


@pytest.fixture
def brush(monkeypatch: pytest.MonkeyPatch) -> Brush:
    brush = Brush()
    monkeypatch.setattr(page_renderer, "draw", brush.draw)
    return brush


def ordered(
    renderer: PageRenderer, document: str, width: int = 900, client: str = ""
) -> asyncio.Task[bytes]:
    return asyncio.create_task(renderer.picture(PictureRequest(document, 1, width), client))


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
            async with asyncio.timeout(60):
                await work(*given, **named)

        asyncio.run(bounded())

    return test


@in_a_loop
async def test_a_page_that_was_too_much_fails_at_every_width_for_a_day(brush: Brush) -> None:
    passed = 0.0
    renderer = PageRenderer(LIMITS, 1, lambda: passed)
    brush.outcome = PageFailed("mehr als 6 MB")
    orders = [ordered(renderer, "heavy", width) for width in (300, 400)]
    brush.allowed.release()
    assert [type(item) for item in await asyncio.gather(*orders, return_exceptions=True)] == [
        PageFailed
    ] * 2
    assert (
        len(brush.begun) == 1
        and renderer.is_failed("heavy", 1)
        and not renderer.is_failed("heavy", 2)
    )
    passed = FAILED_SECONDS + 1
    assert not renderer.is_failed("heavy", 1)


@in_a_loop
async def test_a_page_that_was_slow_is_tried_again_soon_and_with_more_time(brush: Brush) -> None:
    passed = 0.0
    renderer = PageRenderer(LIMITS, 1, lambda: passed)
    brush.outcome = PageSlow("länger als 3 s")
    for wait in (SLOW_SECONDS, 2 * SLOW_SECONDS):
        brush.allowed.release()
        with pytest.raises(PageSlow):
            await ordered(renderer, "plan")
        passed += wait - 10
        with pytest.raises(PageFailed):
            await ordered(renderer, "plan")
        passed += 11
    brush.outcome = b"png"
    brush.allowed.release()
    assert await ordered(renderer, "plan") == b"png"
    assert brush.seconds == [3.0, 3.0 * MORE_TIME, 3.0 * MORE_TIME]
    assert not renderer.is_failed("plan", 1)


@in_a_loop
async def test_waiting_is_bounded_for_one_client_and_for_all(brush: Brush) -> None:
    renderer = PageRenderer(LIMITS, 1)
    greedy = [
        ordered(renderer, f"g{number}", client="greedy") for number in range(MOST_OF_CLIENT + 1)
    ]
    with pytest.raises(RendererBusy):
        await greedy[-1]
    others = range(MOST_WAITING - MOST_OF_CLIENT + 1)
    remaining = [ordered(renderer, f"o{number}", client=str(number)) for number in others]
    with pytest.raises(RendererBusy):
        await remaining[-1]
    for _ in range(MOST_WAITING):
        brush.allowed.release()
    assert await asyncio.gather(*greedy[:-1], *remaining[:-1]) == [b"png"] * MOST_WAITING
    brush.allowed.release()
    assert await ordered(renderer, "again", client="greedy") == b"png"


@in_a_loop
async def test_one_picture_at_a_time_for_a_client_and_the_other_place_for_others(
    brush: Brush,
) -> None:
    renderer = PageRenderer(LIMITS, 2)
    greedy = [ordered(renderer, f"g{number}", client="greedy") for number in range(5)]
    await until(lambda: bool(brush.begun))
    other = ordered(renderer, "o", client="other")
    await until(lambda: len(brush.begun) > 1)
    assert [begun.path for begun in brush.begun] == ["g0", "o"]
    for _ in range(6):
        brush.allowed.release()
    assert await asyncio.gather(*greedy, other) == [b"png"] * 6


@in_a_loop
async def test_who_had_no_picture_goes_before_all_who_had_one(brush: Brush) -> None:
    renderer = PageRenderer(LIMITS, 1)
    greedy = [
        ordered(renderer, f"g{number % 8}", client=str(number % 8)) for number in range(8 * 4)
    ]
    for _ in range(8):
        brush.allowed.release()
    await until(lambda: len(brush.begun) == 9)
    other = ordered(renderer, "o", client="other")
    left = ordered(renderer, "left", client="gone")
    await asyncio.sleep(0)
    left.cancel()
    brush.allowed.release()
    await until(lambda: len(brush.begun) == 10)
    assert brush.begun[-1].path == "o"
    for _ in range(8 * 3 + 1):
        brush.allowed.release()
    assert await asyncio.gather(*greedy, other) == [b"png"] * 33
    assert "left" not in [begun.path for begun in brush.begun]


@in_a_loop
async def test_who_waits_for_one_goes_before_those_who_wait_for_many(brush: Brush) -> None:
    renderer = PageRenderer(LIMITS, 1)
    greedy = [ordered(renderer, "g", client=str(number % 8)) for number in range(8 * 4)]
    await until(lambda: len(brush.begun) == 1)
    other = ordered(renderer, "o", client="other")
    await asyncio.sleep(0)
    brush.allowed.release()
    await until(lambda: len(brush.begun) == 2)
    assert brush.begun[-1].path == "o"
    for _ in range(8 * 4):
        brush.allowed.release()
    assert await asyncio.gather(*greedy, other) == [b"png"] * 33


@in_a_loop
async def test_places_are_left_for_those_who_wait_for_nothing(brush: Brush) -> None:
    renderer = PageRenderer(LIMITS, 1)
    greedy = [ordered(renderer, "g", client=str(number % 4)) for number in range(64)]
    await until(lambda: sum(order.done() for order in greedy) > 0)
    refused = [order for order in greedy if order.done()]
    others = [ordered(renderer, "o", client=f"o{number}") for number in range(len(refused))]
    await until(lambda: len(brush.begun) == 1)
    assert len(refused) == 21 and not any(order.done() for order in others)
    for _ in range(MOST_WAITING):
        brush.allowed.release()
    results = await asyncio.gather(*greedy, *others, return_exceptions=True)
    assert [type(result) for result in results].count(RendererBusy) == 21


@in_a_loop
async def test_a_process_draws_and_says_why_it_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = printed(tmp_path / "a.pdf")
    quoting = PictureRequest(str(path), 1, 300, "Ärger\n\"mit\" 'Zeilen' \U0001f6b2")
    assert (await draw(quoting, LIMITS)).startswith(b"\x89PNG")
    for order in (
        PictureRequest(str(path), 99, 300),
        PictureRequest(str(damaged(tmp_path / "b.pdf")), 1, 300),
    ):
        with pytest.raises(NoPicture):
            await draw(order, LIMITS)
    (tmp_path / "slow.pdf").write_bytes(slow_shading())
    with pytest.raises(PageFailed, match="länger als 1 s"):
        await draw(
            PictureRequest(str(tmp_path / "slow.pdf"), 1, 900), ProcessLimits(1.0, 128_000_000)
        )
    with pytest.raises(PageFailed, match="mehr als 8 MB"):
        await draw(PictureRequest(str(path), 1, 2000), ProcessLimits(3.0, 8_000_000))

    def start_none(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(processes._limited_context.Process, "start", start_none)
    with pytest.raises(RendererBusy):
        await draw(PictureRequest(str(path), 1, 300), LIMITS)


@in_a_loop
async def test_who_leaves_ends_the_drawing(tmp_path: Path) -> None:
    (tmp_path / "slow.pdf").write_bytes(slow_shading())
    drawing = asyncio.create_task(
        draw(PictureRequest(str(tmp_path / "slow.pdf"), 1, 900), ProcessLimits(60.0, 10**9))
    )
    while not multiprocessing.active_children():
        await asyncio.sleep(0.01)
    drawing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await drawing
    while multiprocessing.active_children():
        await asyncio.sleep(0.01)
