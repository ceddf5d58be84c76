"""What people amend of what was read: corrections of records, and names and contacts of the administration's units.

An edition keeps them beside the records as they were read (`amendments.json`); units stand in the table that people
keep, `organisations.csv`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from pydantic import TypeAdapter

from vectorstore.csv_tables import Refused, RejectedRow, TableError, read_table
from vectorstore.errors import say
from vectorstore.kept_texts import Texts
from vectorstore.records import Item, ParsedDocument, ValueKind


class Part(StrEnum):
    """What of an item can be corrected; `unit`, `date` and `text` change one of several: what they stand instead of.

    `record` takes away that it is a record: its text stays as a section. `split` has a second one of the title `value`
    begin at a passage. `item`, `kind` and `page` added one that was not read, in earlier versions: no longer done.
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
NO_LONGER = (Part.ITEM, Part.KIND, Part.PAGE)


@dataclass(frozen=True, slots=True)
class Correction:
    """`value` of the field `part` instead of `instead_of`, the value as read.

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
        """What it corrects: no two corrections of one place hold at a time; what is added stands beside the rest."""
        which = (self.instead_of or f"+{self.value}") if self.part in OF_SEVERAL else ""
        return self.document_id, self.key, self.part.value, which

    @property
    def item(self) -> tuple[str, str]:
        """The item that it is about: document and key."""
        return self.document_id, self.key


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

    def dumped(self) -> bytes:
        """As JSON; equal ones give equal bytes."""
        return _AMENDMENTS.dump_json(self)

    def save(self, folder: Path) -> None:
        """Write them below an edition's folder, nothing where there are none."""
        if self:
            (folder / _STORED).parent.mkdir()
            (folder / _STORED).write_bytes(self.dumped())


_AMENDMENTS = TypeAdapter(Amendments)
_STORED = "amendments/amendments.json"  # in an edition's folder; one without amendments has none


def read_amendments(folder: Path) -> Amendments:
    """The amendments below an edition's folder, none where it has none; raises OSError, ValueError."""
    file = folder / _STORED
    return _AMENDMENTS.validate_json(file.read_bytes()) if file.parent.exists() else Amendments()


class Directory:
    """The organisations of a county, found by what papers print of them."""

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        self.organisations = tuple(organisations)
        self._by_code = {_plain(one.code): one for one in reversed(self.organisations)}
        names = [(name, one) for one in reversed(self.organisations) for name in (one.name, *one.aliases, one.shown)]
        self._by_name = {_plain(name): one for name, one in names}

    def of(self, printed: str) -> Organisation | None:
        """The organisation that a printed unit means, by its code, by both, or by one of its names; None for others."""
        plain = _plain(printed)
        codes = (plain, _plain(_WORD.sub("", printed)), _plain(_code_of(printed)))
        first, *others = (self._by_code.get(code) for code in codes)
        return first or self._by_name.get(plain) or next(filter(None, others), None)

    def shown(self, printed: str) -> str:
        """A unit as lists show it: with its code and its name where it is known, else as printed.

        What a paper prints behind the code stays where it says more than the code.
        """
        found = self.of(printed)
        if found is None or (_code_of(printed) and _plain(printed) != _plain(found.code)):
            return printed
        return found.shown

    def named(self, parsed: ParsedDocument) -> ParsedDocument:
        """A document whose records show their units with their names."""
        return replace(parsed, items=tuple(map(self._item, parsed.items))) if self.organisations else parsed

    def _item(self, item: Item) -> Item:
        values = []
        for one in item.values:
            found = self.of(one.value) if one.kind is ValueKind.UNIT and not one.thing else None
            values.append(replace(one, thing=found.name) if found else one)
        return replace(item, responsible=tuple(dict.fromkeys(map(self.shown, item.responsible))), values=tuple(values))


_WORD = re.compile(
    r"(?i)^(?:dez(?:ernat|\.)?|abteilung|abt\.?|amt|fachbereich|fb|fachdienst|fd|sachgebiet|sg|referat)\s*"
)


def _code_of(printed: str) -> str:
    """The code in front of a name: "66.01" of "66.01 Straßenbau"; "" where there is none."""
    match = re.match(r"\s*(\d[\d.]*\d|\d)\.?\s+\S", printed)
    return match[1] if match else ""


def _plain(text: str) -> str:
    return " ".join(re.sub(r"\.\s+", ".", text).casefold().split())


ORGANISATIONS = "organisations.csv"
_FORMS = {  # of each column: what its cells may be, and what is said of others
    "code": (r"[\w.\-/ ]{1,40}", "store.no_id"),
    "name": (r".+", "store.no_name"),
    "contact_email": (r"([^@\s<>\"';,]+@[^@\s<>\"';,]+\.[^@\s<>\"';,]+)?", "store.no_mail"),
    "phone": (r"([+(]?\d[\d\s()/\-–]{2,40})?", "store.no_phone"),
    "url": (r"(https?://[^\s<>\"']{3,300})?", "store.no_address"),
    "aliases": (r".*", ""),
}


def kept_organisations(texts: Texts) -> tuple[tuple[Organisation, ...], tuple[str, ...]]:
    """What the kept table says, of one code the first, nothing where there is none; and its unusable rows as sentences.

    Raises TableError, StoreAway.
    """
    try:
        content = texts.get(ORGANISATIONS)
    except OSError as error:
        raise TableError(say("store.unreadable", organisations=ORGANISATIONS, strerror=error.strerror)) from error
    rows = read_table(content, ORGANISATIONS, tuple(_FORMS), 2, _organisation) if content is not None else []
    by_code = {row.said.code: row.said for row in reversed(rows) if not isinstance(row, RejectedRow)}
    rejected = (f"{ORGANISATIONS}, {row}" for row in rows if isinstance(row, RejectedRow))
    return tuple(sorted(by_code.values(), key=lambda one: one.code)), tuple(rejected)


def amendments_with(texts: Texts, corrections: Sequence[Correction]) -> Amendments:
    """Corrections with the organisations that are kept; raises TableError, StoreAway."""
    return Amendments(tuple(corrections), kept_organisations(texts)[0])


def _organisation(cells: Sequence[str]) -> Organisation:
    said = dict(zip(_FORMS, (" ".join(cell.split()) for cell in cells), strict=True))
    for name, (form, refusal) in _FORMS.items():
        if not re.fullmatch(form, said[name]):
            raise Refused(say(refusal, value=said[name]))
    named = (part.strip() for part in said.pop("aliases").split("|"))
    return Organisation(**said, aliases=tuple(dict.fromkeys(filter(None, named))))
