"""The front matter of a document as staff check it: each part with its value, its proof, and who made it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.pages.labels import DOCUMENT_KINDS, DOCUMENT_STATUSES, FRONT, MADE_BY, shown_date
from vectorstore.records import Document


@dataclass(frozen=True, slots=True)
class FrontPart:
    """One part in words; `value` is "" where it is not known, `page` counts from 1."""

    label: str
    value: str
    by: str
    sure: bool
    quote: str
    page: int | None


def front_parts(document: Document) -> list[FrontPart]:
    """Return the parts of which the edition keeps where they come from, in the order in which papers print them."""
    values = _values(document)
    return [
        FrontPart(FRONT[one.field], values[one.field], MADE_BY[one.by], one.sure, one.quote, one.page)
        for one in document.front
    ]


def _values(document: Document) -> Mapping[str, str]:
    return {
        "title": document.title,
        "publisher": document.publisher,
        "kind": DOCUMENT_KINDS[document.kind],
        "status": DOCUMENT_STATUSES[document.status] if document.status else "",
        "as_of": shown_date(document.as_of) if document.as_of else "",
    }
