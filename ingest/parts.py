"""The labelled parts of a record become its fields: "Kurzbeschreibung", "Laufzeit", "Kosten" below a measure.

A heading below a record is a label where it means a field, or where several records have one of the same name. What
stands under it is the record's text, and no section beside it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from ingest.extractors.items import Draft, ItemBuilder
from ingest.keys import RECORDS
from ingest.merging import rename
from ingest.plan.terms import meaning, normal
from vectorstore.records import Field, Item, ItemKind

_RECURRING = 3  # records that have a heading of one name below them, from which it is a label


def with_parts(builder: ItemBuilder, draft: Draft, items: Sequence[Item], text: str) -> list[Item]:
    """Return the items of a document of this text with the labelled parts of its records as their fields."""
    records = {item.key for item in items if item.kind in RECORDS}
    labels = _labels(items, records)
    parts: dict[str, list[Item]] = defaultdict(list)
    owners: dict[str, str] = {}
    for item in items:
        if item.kind is ItemKind.SECTION and item.parent is not None:
            owner = owners.get(item.parent, item.parent)
            if owner in records and (item.parent in owners or _name(item) in labels):
                parts[owner].append(item)
                owners[item.key] = owner
    rename(builder, draft, owners)
    kept = [item for item in items if item.key not in owners]
    moved = [replace(item, parent=owners.get(item.parent or "", item.parent)) for item in kept]
    return [_whole(builder, item, parts[item.key], text) if item.key in parts else item for item in moved]


def _labels(items: Iterable[Item], records: Collection[str]) -> frozenset[str]:
    below = {(_name(item), item.parent) for item in items if item.kind is ItemKind.SECTION and item.parent in records}
    counts = Counter(name for name, _ in below)
    return frozenset(name for name, count in counts.items() if meaning(name) or count >= _RECURRING)


def _name(item: Item) -> str:
    return normal(item.heading or item.ref)


def _whole(builder: ItemBuilder, record: Item, parts: Sequence[Item], text: str) -> Item:
    fields = [_field(part, text) for part in parts if part.body.strip()]
    told = [record.body, *(one for part in parts for one in (part.heading, part.body))]
    whole = replace(record, body="\n\n".join(filter(None, told)), end=max(one.end for one in (record, *parts)))
    return builder.sheet_fields.completed(whole, fields)


def _field(part: Item, text: str) -> Field:
    start = text.find(part.body, part.start, part.end)
    return Field(part.heading.rstrip(": ") or part.ref, part.body, meaning(_name(part)), part.page, start)
