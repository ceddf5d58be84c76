"""What was read of the part of an item that a correction is about."""

from __future__ import annotations

from vectorstore.amending.form import Part
from vectorstore.records import Item


def read_values(item: Item, part: Part) -> tuple[str, ...]:
    """The values of a part of an item as corrections name them; none where nothing was read, and none of a text."""
    if part is Part.UNIT:
        return item.responsible
    if part is Part.DATE:
        return item.dates
    single = {
        Part.TITLE: item.title,
        Part.STATUS: item.status.value if item.status else "",
        Part.PERIOD: item.period or "",
        Part.COST: item.cost or "",
    }
    return (single[part],) if single.get(part) else ()
