"""Items completed by tables and values: units, cooperation, conflicts, archive rows, dates, amounts, places."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ingest.extractors.items import Draft, ItemBuilder, Passage
from ingest.extractors.tables import witnesses
from ingest.merging import Merged, merge
from ingest.parts import with_parts
from ingest.plan.form import ReadingPlan
from ingest.plan.statements import stated_counts
from ingest.tables import Table, TableRow
from ingest.values.items import with_values
from vectorstore.records import Conflict, Item, ItemKind, ItemStatus, RefTitle


def complete(builder: ItemBuilder, draft: Draft, text: str, front: str, plan: ReadingPlan) -> Merged:
    """Return all items of a document in reading order, merged; `front` is the title page's text.

    What a plan says about columns and status words wins over the table of terms.
    """
    checked = {item.key: item for item in _digit_conflicts([i for i in draft.items if i.kind is ItemKind.PROJECT])}
    items = [checked.get(item.key, item) for item in draft.items]
    merged = merge(builder, draft, items, witnesses(draft.lists, plan, stated_counts(text)))
    items = with_parts(builder, draft, merged.items, text)
    return replace(merged, items=with_values([*items, *_archive(builder, draft, items)], text, front))


def _digit_conflicts(projects: Sequence[Item]) -> list[Item]:
    """Note projects whose number puts them into another status group than the heading above them."""
    votes: dict[str, Counter[ItemStatus]] = {}
    for project in projects:
        if (digit := _group_digit(project)) and project.status:
            votes.setdefault(digit, Counter())[project.status] += 1
    usual = {digit: counts.most_common(1)[0][0] for digit, counts in votes.items() if max(counts.values()) >= 3}
    return [_checked(project, usual.get(_group_digit(project) or "")) for project in projects]


def _checked(project: Item, usual: ItemStatus | None) -> Item:
    printed = re.match(r"^[\d.]+", project.status_heading or "")
    agrees = printed is None or project.ref.startswith(printed[0].rstrip(".") + ".")
    if usual is None or project.status is None or usual is project.status or agrees:
        return project
    return replace(project, conflicts=(*project.conflicts, Conflict("status", project.status.value, usual.value)))


def _group_digit(project: Item) -> str | None:
    parts = project.ref.split(".")
    return parts[2] if len(parts) == 4 else None


def _archive(builder: ItemBuilder, draft: Draft, items: Sequence[Item]) -> list[Item]:
    themes = {item.title.casefold(): RefTitle(item.ref, item.title) for item in items if item.kind is ItemKind.THEME}
    return [
        _archived(builder, draft, table, row, themes, len(items))
        for table in draft.archives
        for row in table.rows
        if table.cell(row, "title")
    ]


def _archived(
    builder: ItemBuilder, draft: Draft, table: Table, row: TableRow, themes: dict[str, RefTitle], before: int
) -> Item:
    title = " ".join(table.cell(row, "title").split())
    named = table.cell(row, "theme")
    page, label = builder.page_of(row.start)
    key = builder.keys.make("Archiv", first_suffix=True)
    end = row.start + len(row.text)
    draft.passages.append(Passage(key, row.start, end, ("Archiv", named)))
    return Item(
        document_id=builder.document_id,
        key=key,
        ref="Archiv",
        kind=ItemKind.PROJECT,
        title=title,
        order=before + int(key.rpartition("~")[2]) - 1,
        heading=title,
        body=row.text,
        start=row.start,
        end=end,
        path=("Archiv",),
        theme=themes.get(named.casefold()) or (RefTitle("", named) if named else None),
        status=ItemStatus.ARCHIVED,
        table_row=row.text,
        table_start=row.start,
        former_ref=" ".join(table.cell(row, "ref").split()) or None,
        page=page,
        page_label=label,
    )
