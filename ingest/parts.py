"""The labelled parts of a record become its fields: "Kurzbeschreibung", "Laufzeit", "Kosten" below a measure.

A heading below a record is a label where it means a field, or where several records have one of the same name. What
stands under it is the record's text, and no section beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from ingest.extractors.items import Draft, ItemBuilder
from ingest.plan.terms import meaning, normal
from vectorstore.records import Field, Item, ItemKind

_RECORDS = (ItemKind.PROJECT, ItemKind.MEASURE)
_RECURRING = 3  # records that have a heading of one name below them, from which it is a label


def with_parts(builder: ItemBuilder, draft: Draft, items: Sequence[Item], text: str) -> list[Item]:
    """Return the items of a document of this text with the labelled parts of its records as their fields."""
    records = {item.key: item for item in items if item.kind in _RECORDS}
    labels = _labels(items, records)
    parts: dict[str, list[Item]] = defaultdict(list)
    owners: dict[str, str] = {}
    for item in items:
        if item.kind is ItemKind.SECTION and item.parent is not None:
            owner = owners.get(item.parent, item.parent)
            if owner in records and (item.parent in owners or _name(item) in labels):
                parts[owner].append(item)
                owners[item.key] = owner
    if not owners:
        return list(items)
    rename(builder, draft, owners)
    kept = [item for item in items if item.key not in owners]
    moved = [replace(item, parent=owners.get(item.parent or "", item.parent)) for item in kept]
    return [_joined(builder, item, parts[item.key], text) if item.key in parts else item for item in moved]


def rename(builder: ItemBuilder, draft: Draft, keys: Mapping[str, str]) -> None:
    """Give passages and blocks of items to those that take their place."""
    for passage in draft.passages:
        passage.key = keys.get(passage.key, passage.key)
    builder.owners.update({start: keys[key] for start, key in builder.owners.items() if key in keys})


def _labels(items: Iterable[Item], records: Collection[str]) -> frozenset[str]:
    above: dict[str, set[str]] = defaultdict(set)
    for item in items:
        if item.kind is ItemKind.SECTION and item.parent is not None and item.parent in records:
            above[_name(item)].add(item.parent)
    return frozenset(name for name, under in above.items() if meaning(name) or len(under) >= _RECURRING)


def _name(item: Item) -> str:
    return normal(item.heading or item.ref)


def _joined(builder: ItemBuilder, record: Item, parts: Sequence[Item], text: str) -> Item:
    fields = [_field(part, text) for part in parts if part.body.strip()]
    told = [record.body, *(one for part in parts for one in (part.heading, part.body))]
    whole = replace(record, body="\n\n".join(filter(None, told)), end=max(one.end for one in (record, *parts)))
    return builder.sheet_fields.completed(whole, fields)


def _field(part: Item, text: str) -> Field:
    start = text.find(part.body, part.start, part.end)
    return Field(part.heading.rstrip(": ") or part.ref, part.body, meaning(_name(part)), part.page, start)
