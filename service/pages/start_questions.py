"""Questions to begin with, made from the records of the edition."""

from __future__ import annotations

from collections.abc import Iterator

from vectorstore.catalogue import Catalogue
from vectorstore.records import DocumentStatus, ItemKind, ItemStatus

MAX_QUESTIONS = 4
MAX_TITLE = 60
WORDS = {
    "de": {
        "ideas": "Welche Projekte zum Thema {} sind noch Ideen?",
        "implemented": "Wie viele Projekte sind umgesetzt?",
        "responsible": "Wer ist für das Projekt „{}“ zuständig?",
        "decided": "Ist „{}“ schon beschlossen?",
    },
    "en": {
        "ideas": "Which projects on {} are still ideas?",
        "implemented": "How many projects are implemented?",
        "responsible": "Who is responsible for the project “{}”?",
        "decided": "Has “{}” been decided?",
    },
}


def start_questions(catalogue: Catalogue, language: str = "de") -> list[str]:
    """Return up to four questions that the documents can answer, in "de" or "en"."""
    words = WORDS[language]
    asked = (words[name].format(title) for name, title in _questions(catalogue))
    return [question for question, _ in zip(asked, range(MAX_QUESTIONS), strict=False)]


def _questions(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield what can be asked, each with the title that it asks about."""
    projects = [item for item in catalogue.items if item.kind is ItemKind.PROJECT]
    ideas = [item for item in projects if item.status is ItemStatus.IDEA and item.theme]
    if ideas and ideas[0].theme:
        yield "ideas", ideas[0].theme.title
    if any(item.status is ItemStatus.IMPLEMENTED for item in projects):
        yield "implemented", ""
    responsible = [item for item in projects if item.responsible and len(item.title) <= MAX_TITLE]
    if responsible:
        yield "responsible", responsible[0].title
    drafts = [one for one in catalogue.documents.values() if one.status is DocumentStatus.DRAFT]
    if drafts:  # of motions nobody says what became of them
        yield "decided", drafts[0].title
