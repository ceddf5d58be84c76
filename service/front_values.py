"""What people type for a document's title, publisher, kind, status and date, as values; None where it says nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from service.labels import DOCUMENT_KINDS, DOCUMENT_STATUSES
from vectorstore.records import DocumentKind, DocumentStatus

DATES = ("%d.%m.%Y", "%Y-%m-%d")


def _one_of(values: type[StrEnum], words: Mapping[str, str]) -> Callable[[str], StrEnum | None]:
    """Return what reads the one value whose name or word begins with what was typed."""

    def read(typed: str) -> StrEnum | None:
        folded = typed.casefold()
        exact = [value for value, word in words.items() if folded in (value.casefold(), word.casefold())]
        results = exact or [value for value, word in words.items() if word.casefold().startswith(folded)]
        return values(results[0]) if len(results) == 1 else None

    return read


def _date(typed: str) -> date | None:
    for form in DATES:
        with suppress(ValueError):
            return datetime.strptime(typed, form).date()
    return None


READ: dict[str, Callable[[str], Any]] = {
    "title": str,
    "publisher": str,
    "kind": _one_of(DocumentKind, DOCUMENT_KINDS),
    "status": _one_of(DocumentStatus, DOCUMENT_STATUSES),
    "as_of": _date,
}
