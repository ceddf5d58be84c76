"""A number as printed and as a ref, the numbers of a whole paper, and a way to number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

TENS = ("", "X")
ONES = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
ROMAN = tuple(ten + one for ten in TENS for one in ONES if ten + one)


@dataclass(frozen=True, slots=True)
class Number:
    """A number: `printed` with its label word, `ref` without; `child_of` is the ref of the measure it belongs to.

    `after` stands between number and title.
    """

    printed: str
    ref: str | None
    family: str
    also: tuple[str, ...] = ()
    child_of: str | None = None
    kind: str = "measure"
    after: str = " "


@dataclass(frozen=True, slots=True)
class Numbered:
    """The numbers of all fields and of their measures; `running` where the highest number tells how many there are."""

    fields: tuple[Number, ...]
    measures: tuple[tuple[Number, ...], ...]
    running: bool = False


def parted(numbered: Numbered, after: str) -> Numbered:
    """Return the numbers with what stands between them and their titles."""
    rows = (tuple(replace(one, after=after) for one in row) for row in numbered.measures)
    return replace(numbered, measures=tuple(rows))


@dataclass(frozen=True, slots=True)
class Numbering:
    """A way to number; `make(sizes, letters)` gets the number of measures and a short code of every field."""

    name: str
    make: Callable[[Sequence[int], Sequence[str]], Numbered] = field(repr=False)
    numbered: bool = True
