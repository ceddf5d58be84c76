"""What people write into a correction, in the words that tables keep: German statuses and days are understood."""

from __future__ import annotations

import re

from service.pages.labels import STATUSES, status_names
from service.record_filters import fold
from vectorstore.amending.form import Part
from vectorstore.records import ItemStatus

_DAY = re.compile(r"(?:(?:(?P<day>\d{1,2})\.\s?)?(?P<month>\d{1,2})[./]\s?)(?P<year>\d{4})")
_STATUSES = {fold(name): one.value for one in ItemStatus for name in status_names(one)}


def as_kept(part: Part, text: str) -> str:
    """Return a value as tables keep it: "in Bearbeitung" is "in_progress", "1.5.2026" "2026-05-01", others stay."""
    if part is Part.STATUS:
        return _STATUSES.get(fold(text), text)
    if part is Part.DATE and (found := _DAY.fullmatch(text)):
        return "-".join(filter(None, (found["year"], found["month"].zfill(2), found["day"] and found["day"].zfill(2))))
    return text


def misread(part: Part, value: str) -> str:
    """Say in German what a status or a day may be where `value` is none; "" elsewhere."""
    if part is Part.STATUS and value and value not in STATUSES:
        return f"„{value}“ ist kein Status; möglich sind {', '.join(STATUSES.values())}."
    return ""
