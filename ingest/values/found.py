"""What a parser finds: a value, and how it counts for the plain lists of an item."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vectorstore.records import Value


@dataclass(frozen=True, slots=True)
class Found:
    """A value with the dates printed in it ("3. Quartal 2025": "2025").

    `whole` is false for a sum that the plain list leaves out: one that borrows its currency from the next
    ("3.000 bis 5.000 Euro": "3.000"), or is written in words.
    """

    value: Value
    dates: tuple[str, ...] = ()
    whole: bool = True


def in_order(found: Iterable[Found]) -> list[Found]:
    """Return values in the order of the text, those that begin alike the longer first."""
    return sorted(found, key=lambda one: (one.value.start, -one.value.end, one.value.kind, one.value.value))


def date_list(found: Sequence[Found]) -> tuple[str, ...]:
    """Return the dates, each once, in order; a month or a year is left out where a day of it is there."""
    dates = list(dict.fromkeys(day for one in found for day in one.dates))
    return tuple(day for day in dates if len(day) > 4 or not any(other.startswith(day + "-") for other in dates))


def amount_list(found: Sequence[Found]) -> tuple[str, ...]:
    """Return the sums of money as printed with their currency, each once, in order."""
    return tuple(
        dict.fromkeys(" ".join(one.value.text.split()) for one in found if one.whole and one.value.kind == "amount")
    )
