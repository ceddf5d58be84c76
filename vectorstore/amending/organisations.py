"""Names beside the codes of units: the table that people keep, `organisations.csv`, and records that show them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from vectorstore.amending.form import Amendments, Correction, Organisation
from vectorstore.csv_tables import Refused, RejectedRow, Row, TableError, read_table
from vectorstore.errors import say
from vectorstore.kept_texts import Texts
from vectorstore.records import Item, ParsedDocument, Value, ValueKind

COLUMNS = ("code", "name", "contact_email", "phone", "url", "aliases")
ORGANISATIONS = "organisations.csv"
_WORD = re.compile(
    r"(?i)^(?:dez(?:ernat|\.)?|abteilung|abt\.?|amt|fachbereich|fb|fachdienst|fd|sachgebiet|sg|referat)\s*"
)
_FORMS = {  # of each cell that may not be anything
    "code": r"[\w.\-/ ]{1,40}",
    "name": r".+",
    "contact_email": r"([^@\s<>\"';,]+@[^@\s<>\"';,]+\.[^@\s<>\"';,]+)?",
    "phone": r"([+(]?\d[\d\s()/\-–]{2,40})?",
    "url": r"(https?://[^\s<>\"']{3,300})?",
}


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
        shown = tuple(dict.fromkeys(map(self.shown, item.responsible)))
        values = tuple(map(self._value, item.values))
        if shown == item.responsible and values == item.values:
            return item
        return replace(item, responsible=shown, values=values)

    def _value(self, value: Value) -> Value:
        found = self.of(value.value) if value.kind is ValueKind.UNIT and not value.thing else None
        return replace(value, thing=found.name) if found else value


def _code_of(printed: str) -> str:
    """The code in front of a name: "66.01" of "66.01 Straßenbau"; "" where there is none."""
    match = re.match(r"\s*(\d[\d.]*\d|\d)\.?\s+\S", printed)
    return match[1] if match else ""


def _plain(text: str) -> str:
    return " ".join(re.sub(r"\.\s+", ".", text).casefold().split())


@dataclass(frozen=True, slots=True)
class Loaded:
    """What stands in the kept table, and its rows that say nothing usable, as sentences."""

    organisations: tuple[Organisation, ...] = ()
    rejected: tuple[str, ...] = ()


def kept_organisations(texts: Texts) -> Loaded:
    """Everything that the kept table says, of one code the first, nothing where there is none.

    Raises TableError, StoreAway.
    """
    try:
        content = texts.get(ORGANISATIONS)
    except OSError as error:
        raise TableError(say("store.unreadable", organisations=ORGANISATIONS, strerror=error.strerror)) from error
    rows = read_table(content, ORGANISATIONS, COLUMNS, 2, _organisation) if content is not None else []
    by_code = {row.said.code: row.said for row in reversed(rows) if isinstance(row, Row)}
    rejected = (f"{ORGANISATIONS}, {row}" for row in rows if isinstance(row, RejectedRow))
    return Loaded(tuple(sorted(by_code.values(), key=lambda one: one.code)), tuple(rejected))


def amendments_with(texts: Texts, corrections: Sequence[Correction]) -> Amendments:
    """Corrections with the organisations that are kept; raises TableError, StoreAway."""
    return Amendments(tuple(corrections), kept_organisations(texts).organisations)


def _refused(name: str, value: str) -> str:
    """What is wrong with a cell."""
    match name:
        case "code":
            return say("store.no_id")
        case "name":
            return say("store.no_name")
        case "contact_email":
            return say("store.no_mail", value=value)
        case "phone":
            return say("store.no_phone", value=value)
    return say("store.no_address", value=value)


def _organisation(cells: Sequence[str]) -> Organisation:
    said = dict(zip(COLUMNS, (" ".join(cell.split()) for cell in cells), strict=True))
    for name, form in _FORMS.items():
        if not re.fullmatch(form, said[name]):
            raise Refused(_refused(name, said[name]))
    named = (part.strip() for part in said.pop("aliases").split("|"))
    return Organisation(**said, aliases=tuple(dict.fromkeys(filter(None, named))))
