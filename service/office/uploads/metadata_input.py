"""Parses what people type for a document's title, publisher, kind, status and date; None for what
is no such value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from typing import Any

from service.records import labels
from vectorstore.records import DocumentKind, DocumentStatus

DATES = ("%d.%m.%Y", "%Y-%m-%d")


def _parse_enum(values: type[StrEnum], words: Mapping[str, str], typed: str) -> StrEnum | None:
    """Return the value that a person typed, or None if no single value fits.

    A person may type the value ("adopted"), its German word ("beschlossen"), or the beginning of a
    word if no other word begins so ("besch").
    """
    folded = typed.casefold()
    exact = [
        value for value, word in words.items() if folded in (value.casefold(), word.casefold())
    ]
    beginning = [value for value, word in words.items() if word.casefold().startswith(folded)]
    matches = exact or beginning
    if len(matches) != 1:
        return None
    return values(matches[0])


def _parse_date(typed: str) -> date | None:
    """Return the day that a person typed ("1.5.2026" or "2026-05-01"), None for anything else."""
    for form in DATES:
        with suppress(ValueError):
            return datetime.strptime(typed, form).date()
    return None


METADATA_PARSERS: dict[str, Callable[[str], Any]] = {  # of what was typed, by part of the metadata
    "title": str,
    "publisher": str,
    "kind": partial(_parse_enum, DocumentKind, labels.DOCUMENT_KINDS),
    "status": partial(_parse_enum, DocumentStatus, labels.DOCUMENT_STATUSES),
    "as_of": _parse_date,
}
