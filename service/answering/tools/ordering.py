"""In which order records come, and by what they are counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal, InvalidOperation

from service.answering.query import Group, Sort
from service.answering.tools.forms import GroupCount
from service.answering.verifying.verbatim import squash
from service.pages.labels import STATUSES
from service.record_terms import last_day, terms_of
from vectorstore.catalogue import Catalogue
from vectorstore.records import Item, RefTitle, Value, ValueKind

_EUROS = ("EUR", "EUR/a")
Named = tuple[str, str]  # id and title of a group


def ordered(items: Sequence[Item], sort: Sort) -> tuple[Item, ...]:
    """The items, the most or the latest first; those that do not state it come last, in the order given."""
    if sort is Sort.PAPER:
        return tuple(items)
    stated = [(value, item) for item in items if (value := stated_by(item, sort)) is not None]
    kept = {id(item) for _, item in stated}
    best = [item for _, item in sorted(stated, key=lambda one: one[0], reverse=True)]
    return (*best, *(item for item in items if id(item) not in kept))


def stated_by(item: Item, sort: Sort) -> Decimal | None:
    """What a record states that it can be ranked by: euros, its begin or its end as a day's number."""
    if sort is Sort.AMOUNT:
        largest = largest_amount(item)
        return largest[0] if largest else None
    terms = terms_of(item)
    when = terms.start if sort is Sort.START else terms.deadline
    return Decimal(last_day(when).toordinal()) if when else None


def largest_amount(item: Item) -> tuple[Decimal, Value] | None:
    """The largest amount in euros that a record states, of its field for costs where it has one."""
    values = [one for one in item.values if one.kind is ValueKind.AMOUNT and one.unit in _EUROS]
    if item.cost:
        said = squash(item.cost)
        values = [one for one in values if squash(one.text) in said]
    found = []
    for one in values:
        try:
            found.append((Decimal(one.value), one))
        except InvalidOperation:
            continue
    return max(found, key=lambda pair: pair[0], default=None)


def grouped(items: Iterable[Item], group: Group, catalogue: Catalogue) -> tuple[GroupCount, ...]:
    """How many records each value has, in the papers' order; one with several values counts for each of them."""
    if group is Group.NOTHING:
        return ()
    counts: dict[Named, int] = {}
    for item in items:
        for name in dict.fromkeys(_NAMES[group](item, catalogue)) or {("", ""): None}:
            counts[name] = counts.get(name, 0) + 1
    return tuple(GroupCount(id=name, title=title, count=count) for (name, title), count in counts.items())


def _pointed(pointer: RefTitle | None) -> Iterable[Named]:
    return ((pointer.ref, pointer.title),) if pointer else ()


_NAMES: dict[Group, Callable[[Item, Catalogue], Iterable[Named]]] = {
    Group.THEME: lambda item, _: _pointed(item.theme),
    Group.GOAL: lambda item, _: _pointed(item.goal),
    Group.STATUS: lambda item, _: ((item.status.value, STATUSES[item.status]),) if item.status else (),
    Group.UNIT: lambda item, _: ((one, one) for one in item.responsible),
    Group.PLACE: lambda item, _: ((one, one) for one in item.municipalities),
    Group.DOCUMENT: lambda item, catalogue: ((item.document_id, catalogue.documents[item.document_id].title),),
}
