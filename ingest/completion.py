"""Items of the simple reader completed: rows of tables, the labelled parts of records as their fields, and values."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from ingest.extractors.items import Draft, ItemBuilder
from ingest.extractors.tables import witnesses
from ingest.joining import ListRow
from ingest.keys import RECORDS
from ingest.merging import Merged, archived, merge, rename
from ingest.plan.form import ReadingPlan
from ingest.plan.words import meaning, normal, stated_counts
from ingest.values.items import with_values
from vectorstore.records import Field, Item, ItemKind

_RECURRING = 3  # records that have a heading of one name below them, from which it is a label


def complete(builder: ItemBuilder, draft: Draft, text: str, front: str, plan: ReadingPlan) -> Merged:
    """Return all items of a document in reading order, merged; `front` is the title page's text.

    What a plan says about columns and status words wins over the table of terms.
    """
    merged = merge(builder, draft, draft.items, witnesses(draft.lists, plan, stated_counts(text)))
    items = _with_parts(builder, draft, merged.items, text)
    items = [*items, *archived(builder, draft, _archive(draft), items)]
    return replace(merged, items=with_values(items, text, front))


def _archive(draft: Draft) -> list[ListRow]:
    """Return the rows of archives as merging takes them."""
    return [
        ListRow(ref, title, None, None, (), row, table, theme=table.cell(row, "theme") or None)
        for table in draft.archives
        for row in table.rows
        if (title := " ".join(table.cell(row, "title").split()))
        for ref in (" ".join(table.cell(row, "ref").split()),)
    ]


def _with_parts(builder: ItemBuilder, draft: Draft, items: Sequence[Item], text: str) -> list[Item]:
    """Return the items with the labelled parts of records ("Laufzeit", "Kosten") as fields, no sections beside them.

    A heading below a record is a label where it means a field, or where several records have one of the same name.
    """
    records = {item.key for item in items if item.kind in RECORDS}
    below = {(_name(item), item.parent) for item in items if item.kind is ItemKind.SECTION and item.parent in records}
    counts = Counter(name for name, _ in below)
    parts: dict[str, list[Item]] = defaultdict(list)
    owners: dict[str, str] = {}
    for item in items:
        if item.kind is ItemKind.SECTION and item.parent is not None:
            owner = owners.get(item.parent, item.parent)
            label = meaning(_name(item)) or counts[_name(item)] >= _RECURRING
            if owner in records and (item.parent in owners or label):
                parts[owner].append(item)
                owners[item.key] = owner
    rename(builder, draft, owners)
    kept = [
        replace(item, parent=owners.get(item.parent or "", item.parent)) for item in items if item.key not in owners
    ]
    return [_whole(builder, item, parts[item.key], text) if item.key in parts else item for item in kept]


def _name(item: Item) -> str:
    return normal(item.heading or item.ref)


def _whole(builder: ItemBuilder, record: Item, parts: Sequence[Item], text: str) -> Item:
    fields = [
        Field(part.heading.rstrip(": ") or part.ref, part.body, meaning(_name(part)), part.page,
              text.find(part.body, part.start, part.end))
        for part in parts
        if part.body.strip()
    ]  # fmt: skip
    told = [record.body, *(one for part in parts for one in (part.heading, part.body))]
    whole = replace(record, body="\n\n".join(filter(None, told)), end=max(one.end for one in (record, *parts)))
    return builder.sheet_fields.completed(whole, fields)
