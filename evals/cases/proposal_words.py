"""The German words of proposed cases: how questions are put, and how records are named in them."""

from __future__ import annotations

import re
from datetime import date

from vectorstore.records import Document, Item, ItemKind, ItemStatus

LONGEST = 80
STATUS = (
    "Wie ist der Stand beim Projekt {title}?",
    "Wie weit ist das Projekt {title}?",
    "Ist {title} schon umgesetzt, oder ist das noch in Arbeit?",
    "In welchem Stadium befindet sich {title}?",
)
UNIT = (
    "Wer ist für das Projekt {title} zuständig?",
    "Welche Stelle verantwortet {title}?",
    "An wen im Kreishaus wende ich mich wegen {title}?",
)
AMOUNT = (
    "Welcher Betrag wird {place} genannt?",
    "Um wie viel Geld geht es {place}?",
    "Welche Summe steht {place}?",
)
DATE = ("Welches Datum wird {place} genannt?", "Welcher Termin steht {place}?")
COUNT = ("Wie viele {said}{where}?", "Bitte nachzählen: Wie viele {said}{where}?")
LIST = ("Welche {said}{where}?", "Bitte eine Liste: Welche {said}{where}?")
WHOLE_LIST = ("Welche {noun} enthält {title}?", "Zähl bitte alle {noun} aus {title} auf.")
COMPARE = (
    "Was steht in {first} und in {second} zum Thema {word}?",
    "Vergleiche, was {first} und {second} zu {word} sagen.",
)
COST = ("Was kostet das Projekt {title}?", "Wie viel Geld ist für {title} vorgesehen?")
ABSENT = (
    "Worum geht es beim Projekt {number}?",
    "Wer ist für das Projekt {number} zuständig?",
    "Wann wurde das Projekt {number} beschlossen?",
)
STATUS_FACTS = {
    ItemStatus.IDEA: ("Ideenspeicher", "Idee"),
    ItemStatus.PLANNED: ("in Planung", "geplant"),
    ItemStatus.IN_PROGRESS: ("in Bearbeitung",),
    ItemStatus.IMPLEMENTED: ("umgesetzt",),
    ItemStatus.ARCHIVED: ("archiviert", "Archiv"),
}
STATUS_SAID = {
    ItemStatus.IDEA: "sind bisher nur Ideen",
    ItemStatus.PLANNED: "sind in Planung",
    ItemStatus.IN_PROGRESS: "sind in Bearbeitung",
    ItemStatus.IMPLEMENTED: "sind umgesetzt",
}
WHOLE = {ItemKind.PRINCIPLE: "Handlungsprinzipien", ItemKind.THESIS: "Thesen", ItemKind.RESOLUTION: "Beschlusspunkte"}
COMPARED = (ItemKind.THEME, ItemKind.GOAL, ItemKind.PROJECT, ItemKind.PRINCIPLE, ItemKind.THESIS)
MONEY = re.compile(r"€|\bEUR\b|Euro|[Kk]ost|Mio|Summe|Mittel|[Ff]örder|[Bb]udget")
_NOUN = re.compile(r"\b[A-ZÄÖÜ][a-zäöüß]{5,}\b")
_EVERYWHERE = frozenset({"Kreises", "Kreise", "Menschen", "Projekt", "Projekte", "Konzept", "Aufbau", "Ausbau"})
_PLACES = {
    ItemKind.GOAL: "beim Ziel {ref} in {document}",
    ItemKind.MEASURE: "bei der Maßnahme {ref} in {document}",
    ItemKind.PRINCIPLE: "beim Handlungsprinzip {ref} in {document}",
    ItemKind.PROJECT: "beim Projekt {title}",
    ItemKind.RESOLUTION: "beim Beschlusspunkt {ref} in {document}",
    ItemKind.SECTION: "im Abschnitt {ref} von {document}",
    ItemKind.THESIS: "bei der These {ref} in {document}",
}
_MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
    "November", "Dezember",
)  # fmt: skip


def quoted(title: str) -> str:
    """A title in quotation marks, those inside it single."""
    return f"„{title.replace('„', '‚').replace('“', '‘')}“"


def place(item: Item, document: Document) -> str | None:
    """Where a fact stands, as a question says it; None for themes, the archive and title pages."""
    pattern = _PLACES.get(item.kind)
    if pattern is None or item.status is ItemStatus.ARCHIVED or item.title == document.title:
        return None
    ref = quoted(item.ref) if item.kind is ItemKind.SECTION else item.ref
    return pattern.format(ref=ref, title=quoted(item.title), document=quoted(document.title))


def days(when: str) -> tuple[str, ...]:
    """The spellings of an ISO date in German papers."""
    day = date.fromisoformat(when)
    spelled = f"{day.day}. {_MONTHS[day.month - 1]} {day.year}"
    return tuple(dict.fromkeys((f"{day:%d.%m.%Y}", f"{day.day}.{day.month}.{day.year}", spelled)))


def nouns(title: str) -> list[str]:
    """The nouns of a title by which documents can be compared, each once; its first word may be none."""
    return [word for word in dict.fromkeys(_NOUN.findall(title)) if word not in _EVERYWHERE]
