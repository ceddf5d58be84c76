"""All values of one text: sums first, then dates, so that no number is read as two things."""

from __future__ import annotations

from collections.abc import Iterable

from ingest.values.amounts import find_amounts
from ingest.values.found import Found, Taken, amount_list, date_list, in_order
from ingest.values.offices import UnitNames, find_offices
from ingest.values.periods import find_dates
from ingest.values.quantities import QuantityFinder
from ingest.values.sdg import find_goals

_NO_NAMES = UnitNames("", ())


def parse(text: str, names: UnitNames = _NO_NAMES, labels: Iterable[str] = ()) -> list[Found]:
    """Return all values of a text but places, in its order.

    `names` are those of its units; `labels` are words that come before the numbers of its records ("MOB").
    """
    taken = Taken(len(text))
    found: list[Found] = []
    for finder in (find_amounts, find_dates, find_goals, lambda whole: find_offices(whole, names)):
        free = [one for one in finder(text) if taken.free(one.value.start, one.value.end)]
        taken.add(free)
        found.extend(free)
    found.extend(QuantityFinder(labels).find(text, taken))
    return in_order(found)


def dates(text: str) -> tuple[str, ...]:
    """Return the dates mentioned, as exact as they are: "2026-05-01", "2026-05" or "2026"; each once, in order."""
    return date_list(find_dates(text))


def amounts(text: str) -> tuple[str, ...]:
    """Return the sums of money mentioned, as printed, each once."""
    return amount_list(find_amounts(text))
