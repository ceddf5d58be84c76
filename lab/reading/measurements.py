"""The measurements of reading: each a part of a whole, so that documents can be summed; for some,
less is better.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

FIELDS = ("responsible", "partners", "period", "cost", "priority", "status")
FRONT = ("title", "publisher", "kind", "status", "date")
_REPORTED = ("right", "false", "responsible", "counts", "body", "lost")


@dataclass(frozen=True, slots=True)
class Share:
    """A share as counts: `part` of `whole`."""

    part: int = 0
    whole: int = 0

    @property
    def value(self) -> float | None:
        """The share, 0..1; None if `whole` is 0."""
        return self.part / self.whole if self.whole else None

    def __add__(self, other: Share) -> Share:
        return Share(self.part + other.part, self.whole + other.whole)

    def __str__(self) -> str:
        return f"{self.part} of {self.whole}"

    @classmethod
    def of(cls, hits: Iterable[bool]) -> Share:
        """Return the share of true values."""
        flags = list(hits)
        return cls(sum(flags), len(flags))


@dataclass(frozen=True, slots=True)
class Figure:
    """A measurement: its name in files, and its description."""

    name: str
    english: str
    more_is_better: bool = True


_FIELD_LABELS = {"responsible": "responsible unit"}  # by field, if named otherwise
FIGURES: tuple[Figure, ...] = (
    Figure("read", "papers read"),
    Figure("right", "records right: number, title and page"),
    Figure("number", "number right"),
    Figure("title", "title right"),
    Figure("page", "page right"),
    Figure("false", "false records, of those told", False),
    Figure("stray", "false records that are none at all", False),
    Figure("decoys", "look-alikes of titles that became records", False),
    *(Figure(name, f"{_FIELD_LABELS.get(name, name)} right, where printed") for name in FIELDS),
    Figure("counts", "counts right or marked"),
    Figure("confident wrong", "counts wrong and not marked", False),
    Figure("doubted", "complete families with numbers that are marked", False),
    Figure("themes", "fields of action counted or marked"),
    Figure("lost", "characters lost", False),
    Figure("body", "sentences in a passage"),
    Figure("rows", "table rows with all cells in a passage"),
    Figure("furniture", "passages with page furniture", False),
    Figure("hidden", "hidden texts shown", False),
    *chain.from_iterable(
        (
            Figure(f"front {name}", f"front matter: {name} right"),
            Figure(f"front {name} wrong", f"front matter: {name} sure and wrong", False),
        )
        for name in FRONT
    ),
)
BETTER: Mapping[str, bool | None] = {figure.name: figure.more_is_better for figure in FIGURES}


@dataclass(frozen=True, slots=True)
class ReadingFigures:
    """The measurements of one document or of several, by name; raises KeyError for an unknown
    name.
    """

    shares: Mapping[str, Share] = field(default_factory=dict)

    def __post_init__(self) -> None:
        unknown = self.shares.keys() - BETTER.keys()
        if unknown:
            raise KeyError(f"no figure: {', '.join(sorted(unknown))}")

    def __getitem__(self, name: str) -> Share:
        if name not in BETTER:
            raise KeyError(f"no figure: {name}")
        return self.shares.get(name, Share())

    def __add__(self, other: ReadingFigures) -> ReadingFigures:
        return ReadingFigures({name: self[name] + other[name] for name in BETTER})

    def format_line(self) -> str:
        """Return the main measurements in one line."""
        return ", ".join(f"{name} {self[name]}" for name in _REPORTED)


def add_up(figures: Iterable[ReadingFigures]) -> ReadingFigures:
    """Return the sum of the measurements of documents."""
    return sum(figures, ReadingFigures())


def find_shares(
    groups: Mapping[str, ReadingFigures],
) -> Callable[[str, str, frozenset[str]], float | None]:
    """Return the function that gives the gate a measurement of a group, None if nothing was
    measured. The gate also names cases to leave out; of reading none can be, so they are ignored.
    """
    return lambda group, figure, _left_out: groups.get(group, ReadingFigures())[figure].value
