"""Made programmes of measures with known truth, in invented words: layout x numbering x format, the
same for a seed.

They are files to store, harm, measure memory with and try a reader on that knows nothing of them.
How well papers are read is measured over real ones: made papers teach their own rules. `python -m
tests.papers FOLDER` writes some.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any

from lab.reading.catalogue import KnownDocument, KnownMetadata, KnownRecord
from tests.papers.setting import HIDDEN, SETTERS, Field, Part, Row, Sheet

FORMATS = tuple(SETTERS)
LAYOUTS = ("lines", "boxes", "rows", "overview and sheets")
NUMBERINGS = ("M {n}", "K-{n:02}", "{field}.{at}", "Maßnahme {n}", "none")
_FIELDS = (
    "Wege und Straßen",
    "Wasser und Moor",
    "Dächer und Strom",
    "Schulen und Vereine",
    "Wald und Feld",
)
_WHAT = (
    "Radweg",
    "Steg",
    "Solardach",
    "Leihrad",
    "Hecke",
    "Rufbus",
    "Werkstatt",
    "Lastenrad",
    "Mehrweg",
    "Baumreihe",
)
_WHERE = (
    "Auental",
    "Bruchfeld",
    "Dehausen",
    "Ellernbrok",
    "Füchtorf",
    "Gallwitz",
    "Hohnsee",
    "Immekath",
    "Jeddeloh",
)
_UNITS = (
    "Tiefbauamt",
    "Amt für Mobilität",
    "Umweltamt",
    "Gebäudewirtschaft",
    "Schulamt",
    "Amt 66 Straßen",
)
_PARTNERS = ("Sportbund", "Kreisbauernschaft", "Verkehrsverein", "Forstamt Quonau", "Stadtwerke")
_PERIODS = ("2026 bis 2028", "ab 2027", "bis Ende 2030", "dauerhaft", "kurzfristig")
_STATES = ("geplant", "in Umsetzung", "umgesetzt")
_SENTENCES = (
    "Der Kreis stellt dafür Personal ab und holt die Gemeinden dazu.",
    "Im zweiten Halbjahr wird ausgewertet, was daraus geworden ist.",
    "Wer mitmachen will, meldet sich bei der Geschäftsstelle.",
    "Die Größe der Flächen wird vorher mit allen abgestimmt, die dort wohnen.",
    "Gebaut wird, sobald die Mittel für den ersten Abschnitt zugesagt sind.",
)
_DECOY = "Seilbahn über den Markt"
_REJECTED = f"Nicht aufgenommen wurde M 99 {_DECOY}, weil sie zu teuer ist."
_LABELS = (
    {"text": "Beschreibung", "responsible": "Zuständig", "partners": "Beteiligte", "period": "Zeitraum",
     "cost": "Kosten", "status": "Status"},
    {"text": "Worum geht es?", "responsible": "Federführung", "partners": "Kooperationspartner", "period": "Laufzeit",
     "cost": "Finanzbedarf", "status": "Umsetzungsstatus"},
)  # fmt: skip


@dataclass(frozen=True)
class Paper:
    """A paper that can be written; `size` is the number of its measures."""

    name: str
    layout: str
    numbering: str
    format: str
    size: int
    seed: int

    @property
    def file_name(self) -> str:
        return f"{self.name}.{self.format}"

    @property
    def content(self) -> bytes:
        return self._made[0]

    @property
    def truth(self) -> KnownDocument:
        return self._made[1]

    def write(self, folder: Path) -> Path:
        path = folder / self.file_name
        path.write_bytes(self.content)
        return path

    @cached_property
    def _made(self) -> tuple[bytes, KnownDocument]:
        chance = Random(f"{self.seed}/{self.name}")
        title, publisher = f"Klimaplan {chance.choice(_WHERE)}", f"Kreis {chance.choice(_WHERE)}"
        records = list(_records(self, chance))
        rows = (
            [Row(_cells(record)) for record, _ in records]
            if "lines" != self.layout != "boxes"
            else []
        )
        parts: list[Part] = [
            f"# {title}",
            f"Herausgeber: {publisher}",
            "## 1 Einleitung",
            *chance.sample(_SENTENCES, 3),
            _REJECTED,
        ]
        if rows:
            parts += [
                "## 2 Übersicht der Maßnahmen",
                Row(("Nr.", "Maßnahme", "Zuständig", "Zeitraum"), head=True),
                *rows,
            ]
        if self.layout != "rows":
            for place, (record, fields) in enumerate(records):
                parts += _sheet(record, fields, place, self)
        content, pages = SETTERS[self.format](parts, title)
        return content, KnownDocument(
            records=tuple(
                replace(record, pages=(pages[place],) if place in pages else ())
                for place, (record, _) in enumerate(records)
            ),
            front=KnownMetadata(
                title=title, publisher=publisher, kind="plan", status=None, date=None
            ),
            body=tuple(part for part in parts if isinstance(part, str) and part.endswith(".")),
            table_rows=tuple(row.cells for row in rows),
            furniture=("Seite {n}",) if self.format == "pdf" else (),
            hidden=(HIDDEN,) if self.format == "html" else (),
            not_records=(_DECOY,),
        )


def _records(paper: Paper, chance: Random) -> Iterator[tuple[KnownRecord, dict[str, str]]]:
    """Yield each record with its texts by their labels."""
    names = chance.sample([f"{what} {where}" for what in _WHAT for where in _WHERE], paper.size)
    labels = chance.choice(_LABELS)
    for place, name in enumerate(names):
        field, at = divmod(place, 6)
        ref = paper.numbering.format(n=place + 1, field=field + 3, at=at + 1).removeprefix(
            "Maßnahme "
        )
        message: dict[str, str] = {
            "text": " ".join(chance.sample(_SENTENCES, 2)), "responsible": chance.choice(_UNITS),
            "partners": chance.choice(_PARTNERS), "period": chance.choice(_PERIODS),
            "cost": f"{chance.randint(2, 90)}.000 Euro", "status": chance.choice(_STATES),
        }  # fmt: skip
        if paper.layout == "rows":
            message = {name: message[name] for name in ("responsible", "period")}
        short: dict[str, Any] = {name: message.get(name) for name in ("period", "cost", "status")}
        record = KnownRecord(
            kind="measure", ref=None if paper.numbering == "none" else ref, title=name,
            responsible=(message["responsible"],), partners=(message["partners"],) if "partners" in message else (),
            **short,
        )  # fmt: skip
        yield record, {labels[name]: text for name, text in message.items()}


def _cells(record: KnownRecord) -> tuple[str, ...]:
    return record.ref or "", record.title, record.responsible[0], record.period or ""


def _sheet(record: KnownRecord, fields: dict[str, str], place: int, paper: Paper) -> Iterator[Part]:
    """Yield a sheet on a page of its own; the first of a field of action has its heading above."""
    number = f"Maßnahme {record.ref}:" if paper.numbering.startswith("Maßnahme") else record.ref
    yield Sheet(place)
    if place % 6 == 0:
        yield f"## {place // 6 + 3} {_FIELDS[place // 6 % len(_FIELDS)]}"
    yield f"### {number} {record.title}" if number else f"### {record.title}"
    for label, text in fields.items():
        yield Field(label, text, boxed=paper.layout == "boxes")


def papers(seed: int, count: int = 80) -> tuple[Paper, ...]:
    """Return so many papers of a seed, of every layout, numbering and format."""
    found = []
    for place in range(count):
        layout, form = LAYOUTS[place % len(LAYOUTS)], FORMATS[place // len(LAYOUTS) % len(FORMATS)]
        numbering = NUMBERINGS[place * 3 % len(NUMBERINGS)]
        name = f"{place:02}-{layout.replace(' ', '-')}-{seed}"
        found.append(Paper(name, layout, numbering, form, 4 + place * 7 % 21, seed))
    return tuple(found)


def few(seed: int, count: int = 20) -> tuple[Paper, ...]:
    """Return the first papers of a seed: every layout in every format."""
    return papers(seed, count)
