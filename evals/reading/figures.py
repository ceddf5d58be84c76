"""The figures of reading: each a part of a whole, so that papers can be summed up; less is better in some."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

FIELDS = ("responsible", "partners", "period", "cost", "priority", "status")
FRONT = ("title", "publisher", "kind", "status", "date")


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`."""

    part: int = 0
    whole: int = 0

    @property
    def value(self) -> float | None:
        """The share, 0..1; None of nothing."""
        return self.part / self.whole if self.whole else None

    def __add__(self, other: Share) -> Share:
        return Share(self.part + other.part, self.whole + other.whole)

    def __str__(self) -> str:
        return f"{self.part} of {self.whole}"

    @classmethod
    def of(cls, found: Iterable[bool]) -> Share:
        """Count how many are true."""
        several = list(found)
        return cls(sum(several), len(several))


@dataclass(frozen=True, slots=True)
class Figure:
    """What is measured: its name in files, in German for the terminal, in English for the documentation."""

    name: str
    german: str
    english: str
    more_is_better: bool = True


_FIELD_WORDS = {
    "responsible": ("Zuständige", "responsible unit"),
    "partners": ("Beteiligte", "partners"),
    "period": ("Zeitraum", "period"),
    "cost": ("Kosten", "cost"),
    "priority": ("Priorität", "priority"),
    "status": ("Status, wie gedruckt", "status as printed"),
}
_FRONT_WORDS = {
    "title": ("Titel", "title"),
    "publisher": ("Herausgeber", "publisher"),
    "kind": ("Art", "kind"),
    "status": ("Verbindlichkeit", "status"),
    "date": ("Stand", "date"),
}


def _all() -> Iterator[Figure]:
    yield Figure("read", "Papiere gelesen", "papers read")
    yield Figure("right", "Einträge richtig", "records right: number, title and page")
    yield Figure("number", "  Nummer richtig", "number right")
    yield Figure("title", "  Titel richtig", "title right")
    yield Figure("page", "  Seite richtig", "page right")
    yield Figure("false", "falsche Einträge", "false records, of those told", False)
    yield Figure("stray", "  davon ganz fremde", "false records that are none at all", False)
    yield Figure("decoys", "Scheintitel als Einträge", "look-alikes of titles that became records", False)
    for name, (german, english) in _FIELD_WORDS.items():
        yield Figure(name, f"{german} richtig", f"{english} right, where printed")
        yield Figure(f"{name} contained", "  darin enthalten", f"{english}: the printed text is contained")
    yield Figure("counts", "Anzahlen richtig oder bezweifelt", "counts right or marked")
    yield Figure("confident wrong", "Anzahlen falsch und sicher", "counts wrong and not marked", False)
    yield Figure("doubted", "vollständige bezweifelt", "complete families that are marked", False)
    yield Figure("themes", "Handlungsfelder richtig gezählt oder bezweifelt", "fields of action counted or marked")
    yield Figure("lost", "Zeichen verloren", "characters lost", False)
    yield Figure("body", "Sätze auffindbar", "sentences in a passage")
    yield Figure("rows", "Tabellenzeilen auffindbar", "table rows with all cells in a passage")
    yield Figure("furniture", "Passagen mit Seitenbeiwerk", "passages with page furniture", False)
    yield Figure("hidden", "verborgener Text gezeigt", "hidden texts shown", False)
    for name, (german, english) in _FRONT_WORDS.items():
        yield Figure(f"front {name}", f"{german} richtig und sicher", f"front matter: {english} right and sure")
        yield Figure(f"front {name} wrong", "  sicher, aber falsch", f"front matter: {english} sure and wrong", False)


FIGURES: tuple[Figure, ...] = tuple(_all())
BY_NAME: dict[str, Figure] = {one.name: one for one in FIGURES}


@dataclass(frozen=True, slots=True)
class ReadingFigures:
    """The figures of one paper or of several, by name; raises KeyError for a name that is no figure."""

    shares: Mapping[str, Share] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if unknown := self.shares.keys() - BY_NAME.keys():
            raise KeyError(f"no figure: {', '.join(sorted(unknown))}")

    def __getitem__(self, name: str) -> Share:
        return self.shares.get(BY_NAME[name].name, Share())

    def __add__(self, other: ReadingFigures) -> ReadingFigures:
        return ReadingFigures({name: self[name] + other[name] for name in BY_NAME})

    def as_dict(self) -> dict[str, dict[str, int]]:
        """Return plain data, without figures of nothing."""
        return {one: {"part": self[one].part, "whole": self[one].whole} for one in BY_NAME if self[one].whole}


def summed(several: Iterable[ReadingFigures]) -> ReadingFigures:
    """Return the sum of several papers."""
    return sum(several, ReadingFigures())
