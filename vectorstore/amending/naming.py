"""Names beside the codes of units: what a record says of who is responsible, with the name of the organisation file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from vectorstore.amending.form import Organisation
from vectorstore.records import Item, ParsedDocument, Value, ValueKind

_WORD = re.compile(
    r"(?i)^(?:dez(?:ernat|\.)?|abteilung|abt\.?|amt|fachbereich|fb|fachdienst|fd|sachgebiet|sg|referat)\s*"
)


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
        found = (
            self._by_code.get(plain) or self._by_name.get(plain) or self._by_code.get(_plain(_WORD.sub("", printed)))
        )
        return found or self._by_code.get(_plain(_code_of(printed)))

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
        if not self.organisations:
            return parsed
        return replace(parsed, items=tuple(map(self._item, parsed.items)))

    def _item(self, item: Item) -> Item:
        shown = tuple(dict.fromkeys(map(self.shown, item.responsible)))
        values = tuple(map(self._value, item.values))
        if shown == item.responsible and values == item.values:
            return item
        return replace(item, responsible=shown, values=values)

    def _value(self, value: Value) -> Value:
        if value.kind is not ValueKind.UNIT or value.thing:
            return value
        found = self.of(value.value)
        return replace(value, thing=found.name) if found else value


def _code_of(printed: str) -> str:
    """The code in front of a name: "66.01" of "66.01 Straßenbau"; "" where there is none."""
    match = re.match(r"\s*(\d[\d.]*\d|\d)\.?\s+\S", printed)
    return match[1] if match else ""


def _plain(text: str) -> str:
    return " ".join(re.sub(r"\.\s+", ".", text).casefold().split())
