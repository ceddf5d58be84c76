"""Fields of records, front matter and counts: as right as printed, or wrong though told as sure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evals.comparing import plain, same_list, same_parts
from evals.reading.catalogue import RECORDS, THEME, Catalogue, KnownFront, KnownRecord
from evals.reading.figures import FIELDS, FRONT, Share
from evals.reading.matching import Pair
from service.completeness import worst
from vectorstore.records import Document, Family, Item

_PARTS = {"date": "as_of"}  # as a document calls them


def field_shares(known: Sequence[KnownRecord], found: Sequence[Pair]) -> Iterator[tuple[str, Share]]:
    """Yield a share for every field, of the certain records that print it; what was not found has no field."""
    items = {id(pair.known): pair.item for pair in found}
    for name in FIELDS:
        printed = [(one, items.get(id(one))) for one in known if getattr(one, name) and not one.uncertain]
        yield name, Share.of(item is not None and _same(name, one, item) for one, item in printed)


def _same(name: str, known: KnownRecord, item: Item) -> bool:
    """Tell whether a field was read as it is printed: units and partners as sets, the others as texts."""
    if name == "responsible":
        return same_parts(item.responsible, known.responsible)
    if name == "partners":
        return same_list("; ".join(_told(name, item)[:1]), known.partners)
    return plain(getattr(known, name)) in map(plain, _told(name, item))


def _told(name: str, item: Item) -> list[str]:
    """Return what a record says of a field: its own part of the record first, then labelled fields that mean it."""
    own = {
        "responsible": "; ".join(item.responsible),
        "partners": item.cooperation,
        "period": item.period,
        "cost": item.cost,
        "priority": item.priority,
        "status": item.status_heading,
    }[name]
    return [*([own] if own else []), *(one.text for one in item.fields if one.field == name)]


def front_shares(document: Document | None, known: KnownFront) -> Iterator[tuple[str, Share]]:
    """Yield for every part whether it is right and sure where printed, and whether it is wrong where it is sure."""
    sure = {fact.field for fact in document.front if fact.sure} if document else set[str]()
    for name in FRONT:
        printed, told = getattr(known, name), _front(document, name)
        is_sure = told is not None and _PARTS.get(name, name) in sure
        right = printed is not None and told is not None and _as_printed(name, told, printed)
        yield f"front {name}", Share(int(is_sure and right), int(printed is not None))
        yield f"front {name} wrong", Share(int(is_sure and not right), int(is_sure))


def _front(document: Document | None, name: str) -> str | None:
    if document is None:
        return None
    value = getattr(document, _PARTS.get(name, name))
    return str(value) if value else None


def _as_printed(name: str, told: str, printed: str) -> bool:
    """Tell whether a part is as printed; of a date that the paper prints as a month only the month is judged."""
    return told.startswith(printed) if name == "date" else plain(told) == plain(printed)


@dataclass(frozen=True, slots=True)
class Count:
    """How many records of a kind there are (uncertain ones may be counted or not), were told, and how surely.

    `complete` is as the families say: true, false ("mindestens"), None (no number).
    """

    kind: str
    least: int
    most: int
    told: int
    complete: bool | None

    @property
    def exact(self) -> bool:
        """Whether the number is right."""
        return self.least <= self.told <= self.most

    @property
    def confident_wrong(self) -> bool:
        """Whether a wrong number is told as if it were right."""
        return self.complete is True and not self.exact


def counts(catalogue: Catalogue, families: Sequence[Family], kinds: Sequence[str]) -> list[Count]:
    """Return a count for each of the kinds that the paper has or that was told."""
    found = []
    for kind in kinds:
        known = [one for one in catalogue.records if one.kind == kind]
        own = [one for one in families if one.kind == kind]
        certain = sum(not one.uncertain for one in known)
        if known or own:
            found.append(Count(kind, certain, len(known), sum(one.found for one in own), worst(own)))
    return found


def count_shares(catalogue: Catalogue, families: Sequence[Family] | None) -> dict[str, Share]:
    """Return the figures of counting; a paper that was not read (None) is counted as nothing, and marked so."""
    if families is None:
        return {}
    found = counts(catalogue, families, RECORDS)
    themes = counts(catalogue, families, (THEME,)) if catalogue.themes else []
    return {
        "counts": Share.of(not one.confident_wrong for one in found),
        "confident wrong": Share.of(one.confident_wrong for one in found),
        "doubted": Share.of(one.complete is not True for one in found if one.told and one.exact),
        "themes": Share.of(not one.confident_wrong for one in themes),
    }
