"""Statuses, kinds, dates and documents in words that people read, German and English."""

from __future__ import annotations

from datetime import date

from vectorstore.records import Document, DocumentStatus, Item, ItemKind, ItemStatus

STATUS = {
    "de": {
        ItemStatus.IDEA: "Idee (Ideenspeicher)",
        ItemStatus.PLANNED: "in Planung",
        ItemStatus.IN_PROGRESS: "in Bearbeitung",
        ItemStatus.IMPLEMENTED: "umgesetzt",
        ItemStatus.ARCHIVED: "archiviert",
    },
    "en": {
        ItemStatus.IDEA: "an idea (Ideenspeicher)",
        ItemStatus.PLANNED: "planned (in Planung)",
        ItemStatus.IN_PROGRESS: "in progress (in Bearbeitung)",
        ItemStatus.IMPLEMENTED: "implemented (umgesetzt)",
        ItemStatus.ARCHIVED: "archived",
    },
}
_KIND = {
    "de": {
        ItemKind.THEME: ("Themenfeld", "Themenfelder"),
        ItemKind.GOAL: ("Ziel", "Ziele"),
        ItemKind.PROJECT: ("Projekt", "Projekte"),
        ItemKind.MEASURE: ("Maßnahme", "Maßnahmen"),
        ItemKind.PRINCIPLE: ("Prinzip", "Prinzipien"),
        ItemKind.THESIS: ("These", "Thesen"),
        ItemKind.RESOLUTION: ("Beschlusspunkt", "Beschlusspunkte"),
        ItemKind.SECTION: ("Abschnitt", "Abschnitte"),
    },
    "en": {
        ItemKind.THEME: ("theme", "themes"),
        ItemKind.GOAL: ("goal", "goals"),
        ItemKind.PROJECT: ("project", "projects"),
        ItemKind.MEASURE: ("measure", "measures"),
        ItemKind.PRINCIPLE: ("principle", "principles"),
        ItemKind.THESIS: ("thesis", "theses"),
        ItemKind.RESOLUTION: ("resolution point", "resolution points"),
        ItemKind.SECTION: ("section", "sections"),
    },
}
_AUTHORITY = {
    "de": {DocumentStatus.DRAFT: "Entwurf, nicht beschlossen", DocumentStatus.PROPOSED: "Antrag, nicht beschlossen"},
    "en": {
        DocumentStatus.DRAFT: "draft (Entwurf), not decided",
        DocumentStatus.PROPOSED: "motion (Antrag), not decided",
    },
}


def status(value: ItemStatus, language: str) -> str:
    """A project status in words."""
    return STATUS[language][value]


def kind(value: ItemKind, language: str, count: int = 1) -> str:
    """The noun for a kind of record, in the plural unless `count` is 1."""
    return _KIND[language][value][count != 1]


def day(value: date) -> str:
    """A date as German papers print it, which English readers also meet in the source: 01.10.2023."""
    return value.strftime("%d.%m.%Y")


def standing(document: Document, language: str) -> str:
    """The document's date and authority for the brackets behind its name, or "" where it has neither."""
    parts = [_AUTHORITY[language][document.status]] if document.status in _AUTHORITY[language] else []
    if document.as_of:
        parts.append(f"{'Stand' if language == 'de' else 'as of'} {day(document.as_of)}")
    return ", ".join(parts)


def named(item: Item, language: str = "de") -> str:
    """An item as people name it: "Projekt 5.5.2.1 Aufbau von Mobilstationen"."""
    if item.kind is ItemKind.SECTION:
        return f"{kind(item.kind, language)} „{item.title}“"
    if item.kind is ItemKind.MEASURE:
        return f"{kind(item.kind, language)} {item.ref}"
    if item.ref == "Archiv":
        return f"{kind(item.kind, language)} „{item.title}“ (Archiv)"
    noun = kind(item.kind, language)
    if item.title.startswith(noun):
        return f"{item.ref} {item.title}"
    return f"{noun} {item.ref} {item.title}"
