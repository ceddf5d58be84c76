"""Names of units that records print as numbers alone ("80.02"), from a passage of the same document that lists them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from service.answering.draft import Proof
from vectorstore.catalogue import Catalogue
from vectorstore.records import Item

_NUMBER = re.compile(r"\d{2}(?:\.\d{2})?")
_WORD = r"[A-ZÄÖÜ][\w-]+"
_NAMED = re.compile(rf"(?<![\w.,])({_NUMBER.pattern})[\s:–-]+({_WORD}(?:(?: (?:und|für|der|des))* {_WORD})*)")
_LEAST = 3  # units that an item names before it is a list of them

UnitNames = Mapping[tuple[str, str], tuple[str, Proof]]


def unit_names(catalogue: Catalogue) -> UnitNames:
    """The name and the passage that states it, by document id and the number of the unit as records print it."""
    numbers: dict[str, set[str]] = {}
    for item in catalogue.items:
        numbers.setdefault(item.document_id, set()).update(filter(_NUMBER.fullmatch, item.responsible))
    names: dict[tuple[str, str], tuple[str, Proof]] = {}
    for item in catalogue.items:
        matches = [match for match in _NAMED.finditer(item.body) if match[1] in numbers[item.document_id]]
        if len({match[1] for match in matches}) >= _LEAST:
            for match in matches:
                names.setdefault((item.document_id, match[1]), (match[2], Proof(item, match[0])))
    return names


def name_units(item: Item, names: UnitNames) -> tuple[str, tuple[Proof, ...]]:
    """The units responsible for an item, numbers with their names where these are known, and what states the names."""
    known = {unit: names[item.document_id, unit] for unit in item.responsible if (item.document_id, unit) in names}
    units = (f"{unit} {known[unit][0]}" if unit in known else unit for unit in item.responsible)
    return ", ".join(units), tuple(proof for _, proof in known.values())
