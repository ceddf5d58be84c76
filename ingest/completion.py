"""Items completed by tables and values: units, cooperation, conflicts, archive rows, dates, amounts, places."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.extractors.items import Draft, ItemBuilder, Passage
from ingest.joining import ListRow, digit_conflicts, join, list_rows, with_row
from ingest.tables import Table, TableRow
from ingest.values.items import with_values
from vectorstore.records import Item, ItemKind, ItemStatus, RefTitle


def complete(builder: ItemBuilder, draft: Draft, text: str, front: str) -> tuple[list[Item], list[str]]:
    """Return all items of a document in reading order, and warnings; `front` is the title page's text."""
    rows = list_rows(draft.lists)
    projects = digit_conflicts([item for item in draft.items if item.kind is ItemKind.PROJECT])
    joined, left = join(projects, rows)
    by_key = {p.key: with_row(p, joined[p.key]) if p.key in joined else p for p in projects}
    items = [by_key.get(item.key, item) for item in draft.items]
    items.extend(_archive(builder, draft, items))
    return with_values(items, text, front), _warnings(projects, joined, left)


def _warnings(projects: Sequence[Item], joined: dict[str, ListRow], left: Sequence[ListRow]) -> list[str]:
    warnings = [f"Zeile der Projektliste ohne Projekt im Text: {row.ref} {row.title}" for row in left if joined]
    alone = [project.ref for project in projects if project.key not in joined]
    if alone and joined:
        warnings.append("Projekte ohne Zeile in der Projektliste: " + ", ".join(alone))
    return warnings


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
