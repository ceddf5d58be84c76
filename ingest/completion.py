"""Items of the simple reader completed by tables, parts and values."""

from __future__ import annotations

from dataclasses import replace

from ingest.extractors.items import Draft, ItemBuilder
from ingest.extractors.tables import witnesses
from ingest.joining import ListRow
from ingest.merging import Merged, archived, merge
from ingest.parts import with_parts
from ingest.plan.form import ReadingPlan
from ingest.plan.statements import stated_counts
from ingest.values.items import with_values


def complete(builder: ItemBuilder, draft: Draft, text: str, front: str, plan: ReadingPlan) -> Merged:
    """Return all items of a document in reading order, merged; `front` is the title page's text.

    What a plan says about columns and status words wins over the table of terms.
    """
    merged = merge(builder, draft, draft.items, witnesses(draft.lists, plan, stated_counts(text)))
    items = with_parts(builder, draft, merged.items, text)
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
