"""No regular expression of the reader takes long on a line that repeats one piece without end."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator, Mapping
from itertools import cycle

import pytest

import ingest

pytestmark = pytest.mark.long
LENGTH = 3_000  # characters; what grows with their square takes up to a second, what is right a millisecond
TIMES = 20  # what a pattern may take, of the time of a simple search that grows with the square, in the same run
PIECES = (
    ".", ". ", "·", "…", "_", "-", "- ", "–", "|", "| ", " ", "\t", "\u00a0", "1", "1.", "1.1 ", "1 ", "0", "12.000 ",
    "2020-", "01.01.2024 ", "Januar 2024, ", "M", "M-1 ", "I", "IV. ", "a", "Ä", "a b ", "(", "( ", "[", "](", "**",
    "*a ", "`", "#", "<", "<b>", "<!--", "&", "\\", "/", "Stadt/", ": ", "Ziel: ", "Nr. ", "und ", "und/oder ", ", ",
    "Amt; ", "Kreis-", "€ ", "ca. ", "Seite 1 ", "1 von 2 ", "„", "'", "Maßnahme ", "siehe 1.1 ", "\n", " \n", ";", "=",
)  # fmt: skip
LEADS = (
    "",
    "Ziel: ",
    "1.2 ",
    "M-07: ",
    "Laufzeit ",
    "Lfd. Nr. ",
    "Seite 3",
    "<p style='",
    "color:",
    "opacity:",
    "[x]: ",
)
ENDS = ("", " x", "!", "\t7", ")")


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield every pattern for text that a module of the reader holds, with its name."""
    for found in pkgutil.walk_packages(ingest.__path__, "ingest."):
        for name, value in vars(importlib.import_module(found.name)).items():
            for pattern in flat(value):
                if isinstance(pattern.pattern, str):
                    yield f"{found.name}.{name}", pattern


def flat(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, (tuple, list)):
        for one in value:
            yield from flat(one)
    elif isinstance(value, Mapping):
        yield from flat(list(value.values()))


@pytest.fixture(scope="module")
def limit() -> float:
    """The processor time in seconds that a pattern may take on this machine, as busy as it is."""
    return TIMES * max(measured(re.compile("a+b"), "a" * LENGTH) for _ in range(3))


def slowest(pattern: re.Pattern[str], limit: float) -> tuple[float, str]:
    """Return the longest processor time in seconds, and the beginning of the text that took it."""
    times = [(0.0, "")]
    for piece in PIECES:
        body = piece * (LENGTH // len(piece))
        for lead, end in zip(LEADS, cycle(ENDS)):
            text = lead + body + end
            if (seconds := measured(pattern, text)) > limit:  # again: anything may have come between
                seconds = min(seconds, *(measured(pattern, text) for _ in range(3)))
            times.append((seconds, f"{text[:20]!r} .. {text[-5:]!r}"))
            if seconds > limit:
                return times[-1]
    return max(times)


def measured(pattern: re.Pattern[str], text: str) -> float:
    begun = time.process_time()
    for _ in pattern.finditer(text):
        pass
    return time.process_time() - begun


def named() -> list[tuple[str, re.Pattern[str]]]:
    """Return each pattern once, with the names by which modules know it."""
    names: dict[re.Pattern[str], list[str]] = {}
    for name, pattern in dict.fromkeys(patterns()):
        names.setdefault(pattern, []).append(name)
    return [(", ".join(several), pattern) for pattern, several in names.items()]


@pytest.mark.parametrize(("name", "pattern"), named(), ids=lambda value: str(value)[:60])
def test_no_pattern_is_slow(name: str, pattern: re.Pattern[str], limit: float) -> None:
    seconds, text = slowest(pattern, limit)
    assert seconds <= limit, f"{name}: {seconds:.2f} of {limit:.2f} s on {text}"


def test_a_slow_pattern_is_found(limit: float) -> None:
    seconds, _ = slowest(re.compile(r"[\d.,]*\d|" + "|".join(rf"(?:\s|\w)*{end}" for end in "xyzvwq")), limit)
    assert seconds > limit
