"""Statuses, kinds, dates and documents in words that people read: German, English, and German in easy words.

A `language` here is that of an answer's own words: "de", "en", or "einfach" for easy German. Statuses and what is said
of documents have words in the languages too in which a model may word answers.
"""

from __future__ import annotations

from datetime import date

from vectorstore.records import Document, DocumentStatus, Item, ItemKind, ItemStatus

EASY = "einfach"
STATUS = {
    "de": {
        ItemStatus.IDEA: "Idee im Ideenspeicher",
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
    EASY: {
        ItemStatus.IDEA: "Idee",
        ItemStatus.PLANNED: "geplant",
        ItemStatus.IN_PROGRESS: "in Arbeit",
        ItemStatus.IMPLEMENTED: "umgesetzt",
        ItemStatus.ARCHIVED: "im Archiv",
    },
}
PREDICATE = {
    "de": {
        ItemStatus.IDEA: "bisher eine Idee (Ideenspeicher)",
        ItemStatus.ARCHIVED: "abgeschlossen und steht im Archiv",
    },
    EASY: {
        ItemStatus.IDEA: "bisher nur eine Idee",
        ItemStatus.ARCHIVED: "abgeschlossen und steht im Archiv",
    },
}
_IDEAS = {"de": ("Idee", "Ideen"), "en": ("idea", "ideas"), EASY: ("Idee", "Ideen")}
STATUS_WORDS: dict[str, frozenset[ItemStatus]] = {
    word: frozenset(statuses)
    for words, *statuses in (
        (("idee", "ideen", "ideenspeicher", "idea", "ideas"), ItemStatus.IDEA),
        (("in planung", "geplant", "planned"), ItemStatus.PLANNED),
        (
            ("in bearbeitung", "in arbeit", "in umsetzung", "laufend", "in progress", "under way"),
            ItemStatus.IN_PROGRESS,
        ),
        (("umgesetzt", "realisiert", "implemented"), ItemStatus.IMPLEMENTED),
        (("abgeschlossen", "fertiggestellt", "completed", "finished"), ItemStatus.IMPLEMENTED, ItemStatus.ARCHIVED),
        (("archiviert", "archived", "im archiv"), ItemStatus.ARCHIVED),
    )
    for word in words
}
_KIND = {
    "de": {
        ItemKind.THEME: ("Themenfeld", "Themenfelder"),
        ItemKind.GOAL: ("Ziel", "Ziele"),
        ItemKind.PROJECT: ("Projekt", "Projekte"),
        ItemKind.MEASURE: ("Maßnahme", "Maßnahmen"),
        ItemKind.PRINCIPLE: ("Leitlinie", "Leitlinien"),
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
_KIND[EASY] = _KIND["de"]  # the papers' own words, by which people find them again
_AUTHORITY = {
    "de": {DocumentStatus.DRAFT: "Entwurf, nicht beschlossen", DocumentStatus.PROPOSED: "Antrag, nicht beschlossen"},
    "en": {
        DocumentStatus.DRAFT: "draft (Entwurf), not decided",
        DocumentStatus.PROPOSED: "motion (Antrag), not decided",
    },
    EASY: {
        DocumentStatus.DRAFT: "ein Entwurf, noch nicht beschlossen",
        DocumentStatus.PROPOSED: "ein Antrag, noch nicht beschlossen",
    },
}
_UNDECIDED = {
    "de": {DocumentStatus.DRAFT: "Entwurf", DocumentStatus.PROPOSED: "beantragt"},
    "en": {DocumentStatus.DRAFT: "draft", DocumentStatus.PROPOSED: "proposed"},
    EASY: {DocumentStatus.DRAFT: "Entwurf", DocumentStatus.PROPOSED: "beantragt"},
}
_AS_OF = {"de": "Stand", "en": "as of", EASY: "Stand"}
_HEADING = 90  # characters up to which the title of a measure is a heading, not its sentence


def status(value: ItemStatus, language: str) -> str:
    """A project status in words."""
    return STATUS[language][value]


def predicate(value: ItemStatus, language: str) -> str:
    """What a record is, by its status."""
    return PREDICATE.get(language, {}).get(value) or status(value, language)


def counted(value: ItemStatus, count: int, language: str) -> str:
    """How many projects have a status: "6 Ideen", "4 in Bearbeitung"."""
    return f"{count} {_IDEAS[language][count != 1] if value is ItemStatus.IDEA else STATUS[language][value]}"


def kind(value: ItemKind, language: str, count: int = 1) -> str:
    """The noun for a kind of record, in the plural unless `count` is 1."""
    return _KIND[language][value][count != 1]


def day(value: date) -> str:
    """A date as German papers print it, which English readers also meet in the source: 01.10.2023."""
    return value.strftime("%d.%m.%Y")


def standing(document: Document, language: str) -> str:
    """The document's date and authority for the brackets behind its name, or "" where it has neither."""
    return ", ".join(part for part in (authority(document, language), dated(document, language)) if part)


def authority(document: Document, language: str) -> str:
    """That a document is a draft or a motion, or "" where it is neither or nothing says it."""
    said = _AUTHORITY[language].get(document.status, "") if document.status else ""
    return confirmed(said, "status", document, language)


def undecided(document: Document, language: str) -> str:
    """One word for a draft or a motion, "" for what is neither: what it says is not decided."""
    return _UNDECIDED[language].get(document.status, "") if document.status else ""


def dated(document: Document, language: str) -> str:
    """The date of a document's contents ("Stand 01.10.2023"), or "" where it gives none."""
    if document.as_of is None:
        return ""
    said = f"{_AS_OF[language]} {day(document.as_of)}"
    return confirmed(said, "as_of", document, language)


def confirmed(said: str, part: str, document: Document, language: str) -> str:
    """A part of a document's front matter, marked where nobody has confirmed it."""
    mark = "unconfirmed" if language == "en" else "unbestätigt"
    return f"{said} – {mark}" if said and part in document.unconfirmed else said


def numbered(item: Item, title: str | None = None) -> str:
    """The number of an item and its title, or what is said for it; the title alone where it has no number."""
    said = item.title if title is None else title
    return said if item.kind is ItemKind.SECTION or item.ref == item.title else f"{item.ref} {said}"


def named(item: Item, language: str = "de") -> str:
    """An item as people name it: "Projekt 5.5.2.1 Aufbau von Mobilstationen"."""
    if item.kind is ItemKind.SECTION or (item.kind is ItemKind.THEME and item.ref == item.title):
        return f"{kind(item.kind, language)} „{item.title}“"
    if item.kind is ItemKind.MEASURE:
        return f"{kind(item.kind, language)} {item.ref}"
    if item.ref == "Archiv":
        return f"{kind(item.kind, language)} „{item.title}“ (Archiv)"
    noun, title = kind(item.kind, language), _unended(item.title)
    if title.startswith(noun):
        return f"{item.ref} {title}"
    return f"{noun} {item.ref} {title}"


def full_name(item: Item, language: str = "de") -> str:
    """An item's name; a measure with its heading, where it has one."""
    name, title = named(item, language), _unended(item.title)
    headed = item.kind is ItemKind.MEASURE and len(title) <= _HEADING and title == item.title and title != item.ref
    return f"{name} {title}" if headed and title not in name else name


def beginning(text: str) -> str:
    """Words at the beginning of a sentence, with a capital letter."""
    return text[:1].upper() + text[1:]


def _unended(title: str) -> str:
    """A title without the full stop that would end the sentence it is named in."""
    return title[:-1] if title.endswith(".") and not title.endswith("..") else title
