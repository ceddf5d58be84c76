"""What sort of paper a document is and how binding, in words, German and English."""

from __future__ import annotations

from service.answering.wording import EASY
from vectorstore.records import Document, DocumentKind, DocumentStatus

_STATUS = {
    "de": {
        DocumentStatus.ADOPTED: "beschlossen",
        DocumentStatus.DRAFT: "ein Entwurf und nicht beschlossen",
        DocumentStatus.PROPOSED: "ein Antrag und damit ein Vorschlag, kein Beschluss",
        DocumentStatus.PUBLISHED: "veröffentlicht",
    },
    "en": {
        DocumentStatus.ADOPTED: "adopted",
        DocumentStatus.DRAFT: "a draft (Entwurf), not decided",
        DocumentStatus.PROPOSED: "a motion (Antrag) and so a proposal, not decided",
        DocumentStatus.PUBLISHED: "published",
    },
}
_STATUS[EASY] = _STATUS["de"]


_KINDS = {
    DocumentKind.REPORT: "ein Bericht",
    DocumentKind.STRATEGY: "ein Strategiepapier",
    DocumentKind.MOTION: "ein Antrag",
    DocumentKind.GUIDING_PRINCIPLES: "ein Leitbild",
    DocumentKind.PROGRAMME: "die Darstellung eines Programms",
    DocumentKind.CONCEPT: "ein Konzept",
    DocumentKind.PLAN: "ein Plan",
    DocumentKind.STATUTE: "eine Satzung",
    DocumentKind.MINUTES: "eine Niederschrift",
    DocumentKind.ANSWER: "eine Antwort der Verwaltung",
    DocumentKind.BUDGET: "ein Haushaltspapier",
    DocumentKind.OTHER: "ein Dokument",
}


def standing(document: Document, language: str) -> str:
    """How binding a document is, and that nobody has confirmed it where that is so."""
    said = _STATUS[language][document.status] if document.status else ""
    if "status" not in document.unconfirmed:
        return said
    return f"{said} ({'unconfirmed' if language == 'en' else 'unbestätigt'})"


def kind(value: DocumentKind, language: str) -> str:
    """What sort of paper it is, with the article."""
    return _english(value) if language == "en" else _KINDS[value]


def _english(kind: DocumentKind) -> str:
    if kind is DocumentKind.OTHER:
        return "a document"
    return f"{'an' if kind is DocumentKind.ANSWER else 'a'} {kind.value.replace('_', ' ')}"


def publisher(document: Document, language: str) -> str:
    """Who published a document and what of that nobody has confirmed, in brackets."""
    mark = "unconfirmed" if language == "en" else "unbestätigt"
    unsure = {"kind", "publisher"} & set(document.unconfirmed)
    parts = [one for one in (document.publisher, mark if unsure else "") if one]
    return f" ({', '.join(parts)})" if parts else ""
