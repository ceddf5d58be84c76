"""The values of one text: sums first, then dates, so that no number is read as two things."""

from __future__ import annotations

from ingest.values.amounts import find_amounts
from ingest.values.found import Found, amount_list, date_list, in_order
from ingest.values.periods import find_dates


def parse(text: str) -> list[Found]:
    """Return the sums, dates and periods of a text, in its order."""
    sums = find_amounts(text)
    taken = {place for one in sums for place in range(one.value.start, one.value.end)}
    dated = (one for one in find_dates(text) if taken.isdisjoint(range(one.value.start, one.value.end)))
    return in_order([*sums, *dated])


def dates(text: str) -> tuple[str, ...]:
    """Return the dates mentioned, as exact as they are: "2026-05-01", "2026-05" or "2026"; each once, in order."""
    return date_list(find_dates(text))


def amounts(text: str) -> tuple[str, ...]:
    """Return the sums of money mentioned, as printed, each once."""
    return amount_list(find_amounts(text))
