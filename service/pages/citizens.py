"""What the citizens' page says beside the chat: whose papers these are, of which day, where to turn."""

from __future__ import annotations

from datetime import date
from typing import Any

from service.authorities import told_authorities
from service.models import MAX_QUESTION
from service.records import document_view
from service.settings import Settings
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document

SHOWN = 6  # documents that stand beside the chat; the rest is one link away
LINKS = {"accessibility_url": "Barrierefreiheit", "privacy_url": "Datenschutz", "imprint_url": "Impressum"}


def citizens_values(settings: Settings, catalogue: Catalogue, first: list[str]) -> dict[str, Any]:
    """Return the values of the page's template; `catalogue` holds what is in force, `first` questions to begin with."""
    newest = sorted(catalogue.documents.values(), key=_day, reverse=True)
    links = {text: getattr(settings, name) for name, text in LINKS.items() if getattr(settings, name)}
    return {
        "name": settings.name,
        "county": told_authorities(catalogue),
        "documents": [document_view(catalogue, one) for one in newest[:SHOWN]],
        "number": len(newest),
        "questions": first,
        "contact": settings.contact,
        "links": links,
        "max_question": MAX_QUESTION,
    }


def _day(document: Document) -> date:
    return document.as_of or date.min
