"""Which items a list holds: the filters of the contract, and the notices that say what a filter did."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from service.completeness import Completeness, figure
from service.models import Notice
from service.record_terms import ANY_TIME, Range, terms_of
from vectorstore.catalogue import Catalogue
from vectorstore.records import Item, ItemKind, ItemStatus, RefTitle

TERMS = {"deadline": "einer Frist", "start": "eines Beginns"}
SPELLINGS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What to keep; None keeps everything. Archive rows stay out unless `status` asks for them.

    `among` are the document ids and keys of the items on a topic. `deadline` and `start` are about what a record's
    fields say (`service.record_terms`), `as_of` about the date of its document.
    """

    kind: ItemKind | None = None
    document: str | None = None
    theme: str | None = None
    goal: str | None = None
    status: ItemStatus | None = None
    unit: str | None = None
    municipality: str | None = None
    year: int | None = None
    q: str | None = None
    among: frozenset[tuple[str, str]] | None = None
    deadline: Range = ANY_TIME
    start: Range = ANY_TIME
    as_of: Range = ANY_TIME


def asked_of(catalogue: Catalogue, filters: Filters) -> Catalogue:
    """Return what a list is over: a superseded document only where it is the one that is asked for.

    Documents of other dates than those asked for are none of it.
    """
    asked = catalogue if filters.document in catalogue.superseded else catalogue.in_force
    if not filters.as_of:
        return asked
    dates = {one.id: one.as_of.isoformat() if one.as_of else None for one in asked.documents.values()}
    kept = {one for one, when in dates.items() if filters.as_of.holds(when)}
    documents = [one for one in asked.documents.values() if one.id in kept]
    return Catalogue(
        documents,
        [item for item in asked.items if item.document_id in kept],
        [chunk for chunk in asked.chunks if chunk.document_id in kept],
    )


def matching(items: Iterable[Item], filters: Filters) -> list[Item]:
    """Return the items that pass every filter, in the given order."""
    return [item for item in items if _matches(item, filters)]


def completeness(catalogue: Catalogue, filters: Filters, kinds: Iterable[ItemKind] = ItemKind) -> Completeness:
    """Tell how complete a list is: by the families of its kind, else of `kinds`, in the documents that it is over.

    A theme or a goal that is asked for stands in some documents only; families of others do not matter.
    """
    documents = catalogue.documents
    if filters.theme is not None or filters.goal is not None:
        scope = Filters(theme=filters.theme, goal=filters.goal)
        documents = {one.document_id: documents[one.document_id] for one in matching(catalogue.items, scope)}
    asked = [one for one in documents.values() if filters.document in (None, one.id)]
    return Completeness.of(asked, kinds if filters.kind is None else (filters.kind,))


def notices(items: Iterable[Item], filters: Filters, complete: bool | None = True) -> list[Notice]:
    """Say which narrower units a unit filter took along, and how many more items concern all municipalities."""
    found: list[Notice] = []
    if filters.unit is not None:
        found.extend(_unit_notices(matching(items, filters), filters.unit))
    if filters.municipality is not None:
        rest = matching(items, replace(filters, municipality=None))
        more = sum(item.all_municipalities and not _in_municipality(item, filters.municipality) for item in rest)
        found.extend(left_out(more, complete=complete))
    found.extend(_unsaid(items, filters, complete))
    return found


def _unsaid(items: Iterable[Item], filters: Filters, complete: bool | None) -> Iterator[Notice]:
    """Say how many records the other filters would give that do not say when they begin or have to be done."""
    items = list(items)
    for name, words in TERMS.items():
        if not getattr(filters, name):
            continue
        cleared: dict[str, Any] = {name: ANY_TIME}
        rest = matching(items, replace(filters, **cleared))
        without = sum(getattr(terms_of(item), name) is None for item in rest)
        if without:
            number = figure(without, complete, "de")
            noun = "Eintrag" if without == 1 else "Einträge"
            counted = "Einträge" if complete is None else f"{number} {noun}"
            yield Notice(code=f"no_{name}", text=f"Nicht mitgezählt: {counted} ohne Angabe {words}.")


def left_out(more: int, language: str = "de", *, complete: bool | None = True) -> list[Notice]:
    """Say how many more records concern all municipalities, without naming the one asked for."""
    if not more:
        return []
    number = "" if complete is None else f"{figure(more, complete, language)} "
    german = (
        f"Nicht mitgezählt: {number}weiterer Eintrag, der alle Kommunen betrifft, ohne diese zu nennen."
        if more == 1 and complete is not None
        else f"Nicht mitgezählt: {number}weitere Einträge, die alle Kommunen betreffen, ohne diese zu nennen."
    )
    english = f"Not counted: {number}more entries that concern all municipalities without naming this one."
    return [Notice(code="all_municipalities", text=english if language == "en" else german)]


def unit_matches(printed: str, unit: str) -> bool:
    """Tell whether a printed unit ("66.01 Straßenbau") is what is asked for ("66", "66.01", "Straßenbau")."""
    printed, unit = unit_key(printed), unit_key(unit)
    if printed.startswith(unit):
        rest = printed[len(unit) :]
        return not rest or not rest[0].isalnum()
    return len(unit) > 2 and unit[0].isalpha() and re.search(rf"(?<!\w){re.escape(unit)}", printed) is not None


def pointer_matches(target: RefTitle, asked: str) -> bool:
    """Tell whether a theme or goal is what is asked for: its number, or words of its title."""
    return fold(target.ref) == fold(asked) or (not asked[0].isdigit() and fold(asked) in fold(target.title))


def fold(text: str) -> str:
    """Make spellings equal: case, umlauts, ß, white space."""
    return " ".join(text.casefold().translate(SPELLINGS).split())


def _matches(item: Item, filters: Filters) -> bool:
    return (
        (item.status is ItemStatus.ARCHIVED) == (filters.status is ItemStatus.ARCHIVED)
        and (filters.kind is None or item.kind is filters.kind)
        and (filters.document is None or item.document_id == filters.document)
        and (filters.status is None or item.status is filters.status)
        and (filters.theme is None or _points_to(item, ItemKind.THEME, item.theme, filters.theme))
        and (filters.goal is None or _points_to(item, ItemKind.GOAL, item.goal, filters.goal))
        and (filters.unit is None or any(unit_matches(printed, filters.unit) for printed in item.responsible))
        and (filters.municipality is None or _in_municipality(item, filters.municipality))
        and (filters.year is None or any(when.startswith(f"{filters.year:04d}") for when in item.dates))
        and (filters.q is None or _speaks_of(item, filters.q))
        and (filters.among is None or (item.document_id, item.key) in filters.among)
        and (not (filters.deadline or filters.start) or _in_time(item, filters))
    )


def _in_time(item: Item, filters: Filters) -> bool:
    terms = terms_of(item)
    return (not filters.deadline or filters.deadline.holds(terms.deadline)) and (
        not filters.start or filters.start.holds(terms.start)
    )


def _points_to(item: Item, kind: ItemKind, pointer: RefTitle | None, asked: str) -> bool:
    target = RefTitle(item.ref, item.title) if item.kind is kind else pointer
    return target is not None and pointer_matches(target, asked)


def _in_municipality(item: Item, asked: str) -> bool:
    return fold(asked) in map(fold, item.municipalities)


def _speaks_of(item: Item, query: str) -> bool:
    text = fold(" ".join(filter(None, (item.ref, item.title, item.table_title, item.heading, item.body))))
    return all(word in text for word in fold(query).split())


@lru_cache(maxsize=16_384)
def unit_key(unit: str) -> str:
    """Return a unit as units are compared: folded, without spaces behind full stops."""
    return re.sub(r"\.\s+", ".", fold(unit))


def narrower_units(items: Iterable[Item], unit: str) -> list[str]:
    """Return the units of records, as printed, that lie below the one asked for."""
    printed = {name for item in items for name in item.responsible if unit_matches(name, unit)}
    return sorted(name for name in printed if re.match(rf"{re.escape(unit_key(unit))}\.\w", unit_key(name)))


def _unit_notices(items: list[Item], unit: str) -> list[Notice]:
    narrower = narrower_units(items, unit)
    if not narrower:
        return []
    return [Notice(code="unit_includes", text=f"Einheit {unit} umfasst hier auch: {', '.join(narrower)}.")]
