"""Fields of records: as right as printed, or at least containing what is printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evals.comparing import all_in, plain, same_list, same_parts
from evals.reading.catalogue import KnownRecord
from evals.reading.figures import FIELDS, Share
from evals.reading.matching import Pair
from vectorstore.records import Item


def field_shares(known: Sequence[KnownRecord], found: Sequence[Pair]) -> Iterator[tuple[str, Share]]:
    """Yield a share for every field, of the certain records that print it; what was not found has no field."""
    items = {id(pair.known): pair.item for pair in found}
    for name in FIELDS:
        printed = [(one, items.get(id(one))) for one in known if getattr(one, name) and not one.uncertain]
        yield name, Share.of(item is not None and _same(name, one, item) for one, item in printed)
        yield f"{name} contained", Share.of(item is not None and _contained(name, one, item) for one, item in printed)


def _same(name: str, known: KnownRecord, item: Item) -> bool:
    """Tell whether a field was read as it is printed: units and partners as sets, the others as texts."""
    if name == "responsible":
        return same_parts(item.responsible, known.responsible)
    if name == "partners":
        return same_list("; ".join(_told(name, item)[:1]), known.partners)
    return plain(getattr(known, name)) in map(plain, _told(name, item))


def _contained(name: str, known: KnownRecord, item: Item) -> bool:
    printed = getattr(known, name)
    return all_in((printed,) if isinstance(printed, str) else printed, "\n".join(_told(name, item)))


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
