"""The forms of what people amend: a correction of one field of one item, a unit with its name and public contact."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from pydantic import TypeAdapter

from vectorstore.records import ItemKind, ItemStatus

LONGEST = 4000  # characters of a cell


class Part(StrEnum):
    """What of an item can be corrected; `item` adds one that the reader did not find, `kind` and `page` belong to it.

    `record` takes away that it is a record: its text stays as a section. `split` has a second one of the title `value`
    begin at a passage. `unit`, `date` and `text` change one of several: which, says what they stand instead of.
    """

    ITEM = "item"
    KIND = "kind"
    PAGE = "page"
    TITLE = "title"
    STATUS = "status"
    UNIT = "unit"
    DATE = "date"
    PERIOD = "period"
    COST = "cost"
    TEXT = "text"
    RECORD = "record"
    SPLIT = "split"


OF_SEVERAL = (Part.UNIT, Part.DATE, Part.TEXT)
_EMPTIED = (*OF_SEVERAL, Part.PERIOD, Part.COST, Part.STATUS, Part.RECORD)  # what may be taken away
PART_WORDS = {
    Part.ITEM: "Eintrag",
    Part.KIND: "Art",
    Part.PAGE: "Seite",
    Part.TITLE: "Titel",
    Part.STATUS: "Status",
    Part.UNIT: "Zuständig",
    Part.DATE: "Termin",
    Part.PERIOD: "Zeitraum",
    Part.COST: "Kosten",
    Part.TEXT: "Textstelle",
    Part.RECORD: "Ist kein eigener Eintrag",
    Part.SPLIT: "Zweiter Eintrag ab Textstelle",
}
_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_CODE = re.compile(r"[\w.\-/ ]{1,40}")
_MAIL = re.compile(r"[^@\s<>\"';,]+@[^@\s<>\"';,]+\.[^@\s<>\"';,]+")
_PHONE = re.compile(r"[+(]?\d[\d\s()/\-–]{2,40}")
_URL = re.compile(r"https?://[^\s<>\"']{3,300}")


@dataclass(frozen=True, slots=True)
class Correction:
    """One row of the table of corrections: `value` of the field `part` instead of `instead_of`, the value as read.

    Where nothing was read `instead_of` is ""; an empty `value` takes away what was read.
    """

    document_id: str
    key: str
    part: Part
    value: str
    instead_of: str = ""
    reason: str = ""
    person: str = ""
    day: date | None = None

    @property
    def place(self) -> tuple[str, str, str, str]:
        """What it corrects: no two corrections of one place hold at a time."""
        which = self.instead_of if self.part in OF_SEVERAL else ""
        if self.part in OF_SEVERAL and not which:
            which = f"+{self.value}"  # what is added stands beside what else is added
        return self.document_id, self.key, self.part.value, which

    @property
    def item(self) -> tuple[str, str]:
        """The item that it is about: document and key."""
        return self.document_id, self.key


@dataclass(frozen=True, slots=True)
class Organisation:
    """A unit of the administration: its code as papers print it, its name, how people reach it, other names for it."""

    code: str
    name: str
    contact_email: str = ""
    phone: str = ""
    url: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """Code and name as lists show them: "66.01 Straßenbau"."""
        return f"{self.code} {self.name}"


@dataclass(frozen=True, slots=True)
class Amendments:
    """All that people amended, in a fixed order, so that equal ones are equal."""

    corrections: tuple[Correction, ...] = ()
    organisations: tuple[Organisation, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.corrections or self.organisations)


_AMENDMENTS = TypeAdapter(Amendments)
_STORED = "amendments/amendments.json"  # in an edition's folder; one without amendments has none


class State(StrEnum):
    """What became of a correction."""

    APPLIED = "applied"
    NEEDLESS = "needless"
    NO_DOCUMENT = "no_document"
    NO_ITEM = "no_item"
    READ_OTHERWISE = "read_otherwise"
    AMBIGUOUS = "ambiguous"
    CUT = "cut"
    OVERTAKEN = "overtaken"
    TAKEN = "taken"


STATE_WORDS = {
    State.APPLIED: "angewandt",
    State.NEEDLESS: "nicht mehr nötig: Das Papier sagt es jetzt selbst",
    State.NO_DOCUMENT: "nicht angewandt: Das Dokument gibt es nicht mehr",
    State.NO_ITEM: "nicht angewandt: Den Eintrag gibt es nicht mehr",
    State.READ_OTHERWISE: "nicht angewandt: Gelesen ist etwas anderes als das, was ersetzt werden sollte",
    State.AMBIGUOUS: "nicht angewandt: Die Stelle steht mehrmals im Eintrag und braucht mehr Wortlaut",
    State.CUT: "nicht angewandt: Die Stelle reicht über einen Absatz des Eintrags hinaus",
    State.OVERTAKEN: "nicht angewandt: Eine andere Korrektur derselben Stelle gilt",
    State.TAKEN: "nicht angewandt: Diesen Eintrag gibt es schon",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a correction; `read` is what the paper says where that is another value than expected."""

    correction: Correction
    state: State
    read: str = ""

    @property
    def applies(self) -> bool:
        """Whether it is carried out, or the paper says the same itself."""
        return self.state in (State.APPLIED, State.NEEDLESS)

    def __str__(self) -> str:
        one = self.correction
        told = f"{one.document_id} {one.key}, {PART_WORDS[one.part]}: {STATE_WORDS[self.state]}"
        return f"{told} („{self.read}“)." if self.read else f"{told}."


def wrong(correction: Correction) -> str | None:
    """Return why a correction can be none, as a German sentence; None where its form is right."""
    one = correction
    if not one.document_id or not one.key:
        return "Es fehlt das Dokument oder der Eintrag."
    if not one.value and not (one.instead_of and one.part in _EMPTIED):
        return "Es fehlt der neue Wert."
    if not one.reason:
        return "Es fehlt die Begründung."
    if one.value == one.instead_of and one.part is not Part.SPLIT:  # the second may be called as its passage is
        return "Der neue Wert ist der alte."
    if any(len(text) > LONGEST for text in (one.value, one.instead_of, one.reason)):
        return f"Ein Feld hat mehr als {LONGEST} Zeichen."
    return _wrong_value(one)


def _wrong_value(one: Correction) -> str | None:
    if one.part is Part.STATUS and one.value not in ("", *(status.value for status in ItemStatus)):
        return f"„{one.value}“ ist kein Status; möglich sind {', '.join(status.value for status in ItemStatus)}."
    if one.part is Part.DATE and one.value and not _DATE.fullmatch(one.value):
        return f"„{one.value}“ ist kein Datum der Form 2026-05-01, 2026-05 oder 2026."
    if one.part is Part.KIND and one.value not in {kind.value for kind in ItemKind}:
        return f"„{one.value}“ ist keine Art; möglich sind {', '.join(kind.value for kind in ItemKind)}."
    if one.part is Part.PAGE and not (one.value.isascii() and one.value.isdigit() and int(one.value) > 0):
        return "Die Seite ist eine Zahl ab 1."
    if one.part is Part.ITEM and not re.fullmatch(r"[\w.~\-]{1,80}", one.key):
        return "Der Schlüssel eines neuen Eintrags hat nur Buchstaben, Ziffern, Punkt, Strich und ~."
    return None


def wrong_organisation(one: Organisation) -> str | None:
    """Return why an organisation can be none, as a German sentence; None where its form is right."""
    if not _CODE.fullmatch(one.code):
        return "Die Kennung fehlt oder enthält mehr als Buchstaben, Ziffern, Punkt, Strich und Leerzeichen."
    if not one.name:
        return "Es fehlt der Name."
    if one.contact_email and not _MAIL.fullmatch(one.contact_email):
        return f"„{one.contact_email}“ ist keine E-Mail-Adresse."
    if one.phone and not _PHONE.fullmatch(one.phone):
        return f"„{one.phone}“ ist keine Telefonnummer."
    if one.url and not _URL.fullmatch(one.url):
        return f"„{one.url}“ ist keine Adresse mit http oder https."
    return None


def dump_amendments(amendments: Amendments) -> bytes:
    """Amendments as JSON; equal ones give equal bytes."""
    return _AMENDMENTS.dump_json(amendments)


def save_amendments(amendments: Amendments, folder: Path) -> None:
    """Write amendments below an edition's folder, nothing where there are none."""
    if amendments:
        (folder / _STORED).parent.mkdir()
        (folder / _STORED).write_bytes(dump_amendments(amendments))


def read_amendments(folder: Path) -> Amendments:
    """The amendments below an edition's folder, none where it has none; raises OSError, ValueError."""
    file = folder / _STORED
    return _AMENDMENTS.validate_json(file.read_bytes()) if file.parent.exists() else Amendments()
