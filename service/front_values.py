"""What people type for a document's title, publisher, kind, status and date, as values; None where it says nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from service.pages.labels import DOCUMENT_KINDS, DOCUMENT_STATUSES
from vectorstore.records import DocumentKind, DocumentStatus

DATES = ("%d.%m.%Y", "%Y-%m-%d")


def _named(typed: str, words: Mapping[str, str]) -> str | None:
    """Return the one value whose name or word begins with what was typed."""
    folded = typed.casefold()
    exact = [value for value, word in words.items() if folded in (value.casefold(), word.casefold())]
    begun = [value for value, word in words.items() if word.casefold().startswith(folded)]
    found = exact or begun
    return found[0] if len(found) == 1 else None


def _kind(typed: str) -> DocumentKind | None:
    value = _named(typed, DOCUMENT_KINDS)
    return DocumentKind(value) if value else None


def _status(typed: str) -> DocumentStatus | None:
    value = _named(typed, DOCUMENT_STATUSES)
    return DocumentStatus(value) if value else None


def _date(typed: str) -> date | None:
    for form in DATES:
        try:
            return datetime.strptime(typed, form).date()
        except ValueError:
            continue
    return None


READ: dict[str, Callable[[str], Any]] = {
    "title": str,
    "publisher": str,
    "kind": _kind,
    "status": _status,
    "as_of": _date,
}
