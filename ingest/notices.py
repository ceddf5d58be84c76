"""What people are told of text that is not to be seen, or that a picture's text recognition says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ingest.layout.lines import RawDocument
from prompts import say

_OF_PAGES = ("without_text", "hidden", "hidden_on", "recognised", "unchecked")


def without_text(numbers: Iterable[int]) -> str:
    """Return what is told of pages (from 1) that have no text."""
    return say("reading.without_text", pages=", ".join(map(str, numbers)))


def is_of_pages(warning: str) -> bool:
    """Tell whether a warning of a document names pages that somebody should look at."""
    return warning.startswith(tuple(say(f"reading.{name}").partition("{")[0].rstrip(" (") for name in _OF_PAGES))


def notices(raw: RawDocument) -> Iterator[str]:
    """Yield a sentence each for hidden text, recognised text and pages that could not be checked."""
    if (hidden := raw.hidden.total()) and raw.page_count:
        yield say("reading.hidden_on", pages=_in_words(raw.hidden), count=hidden)
    elif hidden:
        yield say("reading.hidden", count=hidden)
    if raw.recognised:
        yield say("reading.recognised", pages=_in_words(raw.recognised))
    if raw.unchecked:
        yield say("reading.unchecked", pages=_in_words(raw.unchecked))


def _in_words(numbers: Iterable[int]) -> str:
    """Return pages (from 0) as people say them (from 1): "Seite 3", "den Seiten 1, 3 und 5-9"."""
    runs: list[list[int]] = []
    for number in sorted({number + 1 for number in numbers}):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = [part for run in runs for part in ([f"{run[0]}-{run[-1]}"] if len(run) > 2 else map(str, run))]
    *first, last = parts
    if not first and "-" not in last:
        return say("reading.page", number=last)
    return say("reading.pages", numbers=say("reading.and_last", numbers=", ".join(first), last=last) if first else last)
