"""Questions to begin with, made from the records of the edition."""

from __future__ import annotations

from collections.abc import Iterator

from vectorstore.catalogue import Catalogue
from vectorstore.records import DocumentStatus, ItemKind, ItemStatus

MAX_QUESTIONS = 4
MAX_TITLE = 60
UNDECIDED = (DocumentStatus.DRAFT, DocumentStatus.PROPOSED)


def start_questions(catalogue: Catalogue) -> list[str]:
    """Return up to four questions that the documents can answer."""
    return [question for question, _ in zip(_questions(catalogue), range(MAX_QUESTIONS), strict=False)]


def _questions(catalogue: Catalogue) -> Iterator[str]:
    projects = [item for item in catalogue.items if item.kind is ItemKind.PROJECT]
    ideas = [item for item in projects if item.status is ItemStatus.IDEA and item.theme]
    if ideas and ideas[0].theme:
        yield f"Welche Projekte zum Thema {ideas[0].theme.title} sind noch Ideen?"
    if any(item.status is ItemStatus.IMPLEMENTED for item in projects):
        yield "Wie viele Projekte sind umgesetzt?"
    responsible = [item for item in projects if item.responsible and len(item.title) <= MAX_TITLE]
    if responsible:
        yield f"Wer ist für das Projekt „{responsible[0].title}“ zuständig?"
    undecided = [one for one in catalogue.documents.values() if one.status in UNDECIDED]
    if undecided:
        yield f"Ist „{undecided[0].title}“ schon beschlossen?"
