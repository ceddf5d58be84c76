"""How an answer names a document."""

from __future__ import annotations

from service.answering import wording
from vectorstore.records import Document


def titled(document: Document, language: str) -> str:
    """A document's title with its date and authority in brackets."""
    standing = wording.standing(document, language)
    return f"{document.title} ({standing})" if standing else document.title


def source(document: Document, language: str) -> str:
    """A document's title with its date and authority behind commas, for brackets around the whole."""
    return ", ".join(part for part in (document.title, wording.standing(document, language)) if part)
