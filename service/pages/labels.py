"""German words for what the contract names in English, and how values of records are shown."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from service.completeness import counted, kinds_counted
from service.models import Citation, GeneratedBy
from service.record_models import CorrectedView, DocumentView, FamilyView
from vectorstore.amending.form import PART_WORDS, Part
from vectorstore.records import Corrected, Document, DocumentKind, DocumentStatus, ItemKind, ItemStatus

KINDS: dict[str, str] = {
    ItemKind.THEME: "Thema",
    ItemKind.GOAL: "Ziel",
    ItemKind.PROJECT: "Projekt",
    ItemKind.MEASURE: "Maßnahme",
    ItemKind.PRINCIPLE: "Grundsatz",
    ItemKind.THESIS: "These",
    ItemKind.RESOLUTION: "Beschlusspunkt",
    ItemKind.SECTION: "Abschnitt",
}
KINDS_MANY: dict[str, str] = {
    ItemKind.THEME: "Themen",
    ItemKind.GOAL: "Ziele",
    ItemKind.PROJECT: "Projekte",
    ItemKind.MEASURE: "Maßnahmen",
    ItemKind.PRINCIPLE: "Grundsätze",
    ItemKind.THESIS: "Thesen",
    ItemKind.RESOLUTION: "Beschlusspunkte",
    ItemKind.SECTION: "Abschnitte",
}
MOMENT = re.compile(r"\d{4}(?:-\d\d){0,2}")
ROWS: dict[bool | None, str] = {False: "unvollständig", None: "Anzahl unsicher"}
NOUNS: dict[str, tuple[str, str]] = {kind: (one, KINDS_MANY[kind]) for kind, one in KINDS.items()}
STATUSES: dict[str, str] = {
    ItemStatus.IDEA: "Idee",
    ItemStatus.PLANNED: "in Planung",
    ItemStatus.IN_PROGRESS: "in Bearbeitung",
    ItemStatus.IMPLEMENTED: "umgesetzt",
    ItemStatus.ARCHIVED: "archiviert",
}
IDEAS = "Ideenspeicher"  # what reports call the list of ideas
STATUSES_LONG: dict[str, str] = {**STATUSES, ItemStatus.IDEA: f"{STATUSES[ItemStatus.IDEA]} ({IDEAS})"}
DOCUMENT_KINDS: dict[str, str] = {
    DocumentKind.STRATEGY: "Strategie",
    DocumentKind.REPORT: "Bericht",
    DocumentKind.GUIDING_PRINCIPLES: "Leitbild",
    DocumentKind.MOTION: "Antrag",
    DocumentKind.PROGRAMME: "Programm",
    DocumentKind.CONCEPT: "Konzept",
    DocumentKind.PLAN: "Plan",
    DocumentKind.STATUTE: "Satzung",
    DocumentKind.MINUTES: "Niederschrift",
    DocumentKind.ANSWER: "Antwort der Verwaltung",
    DocumentKind.BUDGET: "Haushalt",
    DocumentKind.OTHER: "Sonstiges",
}
DOCUMENT_STATUSES: dict[str, str] = {
    DocumentStatus.ADOPTED: "beschlossen",
    DocumentStatus.DRAFT: "Entwurf, nicht beschlossen",
    DocumentStatus.PROPOSED: "Antrag, nicht beschlossen",
    DocumentStatus.PUBLISHED: "veröffentlicht",
}
NO_STATUS = "Verbindlichkeit nicht bekannt"
UNCONFIRMED = "unbestätigt"
FRONT: dict[str, str] = {
    "title": "Titel",
    "publisher": "Herausgeber",
    "kind": "Art",
    "status": "Verbindlichkeit",
    "as_of": "Stand",
}
MADE_BY: dict[str, str] = {
    "register": "aus dem Register",
    "staff": "beim Einlesen bestätigt",
    "found": "im Dokument gefunden",
    "model": "von einem Sprachmodell im Dokument gefunden",
}
COLUMNS: dict[str, str] = {
    "ref": "Nr.",
    "title": "Titel",
    "status": "Status",
    "kind": "Art",
    "theme": "Thema",
    "goal": "Ziel",
    "responsible": "Zuständig",
    "cooperation": "Mitwirkung",
    "municipalities": "Kommunen",
    "document": "Dokument",
    "document_id": "Dokument",
    "document_title": "Dokument",
    "as_of": "Stand",
    "page": "Seite",
    "field": "Angabe",
    "value": "Wert",
    "fact": "Angabe",
    "text": "Text",
    "quote": "Wortlaut",
    "description": "Beschreibung",
    "state": "Sachstand",
    "dates": "Termine",
    "amounts": "Beträge",
    "count": "Anzahl",
    "silent": "ohne Aussage",
    "change": "Änderung",
    "ref_before": "Nr. vorher",
    "title_before": "Titel vorher",
    "status_before": "Status vorher",
    "citations": "Quellen",
}
TABLE_ROW = "Zeile der Projektliste"
FIELDS: dict[str, str] = {
    "status": "Status",
    "ref": "Nummer",
    "responsible": "Zuständig",
    "period": "Zeitraum",
    "cost": "Kosten",
    "priority": "Priorität",
}
SHORT_FIELDS = ("funding", "indicator", "target_group", "effect", "obstacles", "links", "remarks")
VALUES: dict[str, str] = {**KINDS, **STATUSES, **DOCUMENT_STATUSES}
ANSWER_STATUSES: dict[str, str] = {
    "answered": "Antwort",
    "found": "Das passt dazu",
    "not_in_documents": "In den Dokumenten nicht gefunden",
    "out_of_scope": "Das kann der Strategielotse nicht beantworten",
    "refused": "Diese Anfrage wird nicht bearbeitet",
    "needs_clarification": "Die Frage wurde nicht verstanden",
    "about_service": "Ihr Assistent",
    "emergency": "Im Notfall",
    "unavailable": "Zurzeit nicht möglich",
}

MODES: dict[str, str] = {
    "computed": "aus allen Einträgen berechnet",
    "extractive": "wörtlich aus den Dokumenten",
    "generated": "formuliert und an den Quellen geprüft",
    "curated": "von der Verwaltung geprüft",
}
GENERATED: dict[str, str] = {
    "automatic": "Automatisch zusammengestellt, ohne KI-Sprachmodell.",
    "language_model": "Automatisch erstellt mit einem KI-Sprachmodell{model}.",
}
SUGGESTIONS: dict[str, str] = {"needs_clarification": "Meinen Sie …", "about_service": "Zum Beispiel"}
NEXT = "Weiter fragen"  # where a status has no word of its own for suggestions
GROUPS: dict[str, str] = {"status": "Status", "theme": "Thema", "document": "Dokument"}


def generated_line(made: GeneratedBy) -> str:
    """Return the sentence by which people see that a text was made automatically (AI Act, Art. 50)."""
    return GENERATED[made.kind].format(model=f" ({made.model})" if made.model else "")


def shown(value: object) -> str:
    """Return a value of a record or of a row as people read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, list | tuple):
        return ", ".join(shown(one) for one in value)
    if isinstance(value, dict):
        return " ".join(shown(one) for one in value.values())
    return VALUES.get(str(value), str(value))


def status_names(status: ItemStatus) -> set[str]:
    """Return everything that a status may be called where people or programs name one."""
    return {status.value, STATUSES[status], STATUSES_LONG[status], *([IDEAS] if status is ItemStatus.IDEA else [])}


def document_counted(document: DocumentView, *, sections: bool = True) -> str:
    """Return what was read of a document: "33 Ziele, mindestens 58 von 60 Maßnahmen, Projekte (Anzahl unsicher)"."""
    counts = {kind: number for kind, number in document.counts.items() if sections or kind != ItemKind.SECTION}
    return ", ".join(kinds_counted(counts, document.families, NOUNS))


def entries_counted(number: int, complete: bool | None) -> str:
    """Return a number of records of any kind: "57 Einträge", "mindestens 58 Einträge", "Einträge (Anzahl unsicher)"."""
    return counted(number, ("Eintrag", "Einträge"), complete, "de")


def rows_counted(number: int, complete: bool | None) -> str:
    """Return how many rows a table of an answer has, and that there are more where it is not complete."""
    rows = f"{number} {'Zeile' if number == 1 else 'Zeilen'}"
    return {True: rows, False: f"{rows}, {ROWS[False]}", None: ROWS[None]}[complete]


def family_counted(family: FamilyView) -> str:
    """Return how many records of one numbering there are: "mindestens 58 von 60 Maßnahmen"."""
    return counted(family.found, NOUNS[family.kind], family.complete, "de", family.expected)


def family_form(label: str) -> str:
    """Return the shape of a numbering as an example, "M {n}" as "M 1"."""
    return label.replace("{n}", "1")


def number_of(ref: str, title: str) -> str:
    """Return the number to print before a title, "" where it only repeats it."""
    return "" if ref == title or title.startswith(f"{ref} ") else ref


def document_status(status: str | None) -> str:
    """Return how binding a document is, in words."""
    return NO_STATUS if status is None else DOCUMENT_STATUSES[status]


def marked(text: str, part: str, unconfirmed: Collection[str]) -> str:
    """Return a part of a document's front matter as people read it: with a mark where nobody has confirmed it."""
    return f"{text} ({UNCONFIRMED})" if text and part in unconfirmed else text


def front_line(document: DocumentView | Document, *, status: bool = True, kind: bool = True) -> str:
    """Return who published a document, what it is, how binding and of which day, as far as that is known."""
    unsure = document.unconfirmed
    parts = (
        f"{FRONT['title']} {UNCONFIRMED}" if "title" in unsure else "",
        marked(document.publisher, "publisher", unsure),
        marked(DOCUMENT_KINDS[document.kind], "kind", unsure) if kind else "",
        _status(document) if status else "",
        _dated(document),
    )
    return " · ".join(filter(None, parts))


def _status(document: DocumentView | Document) -> str:
    return marked(document_status(document.status), "status", document.unconfirmed if document.status else ())


def _dated(document: DocumentView | Document) -> str:
    return marked(as_of_words(document.as_of), "as_of", document.unconfirmed if document.as_of else ())


def superseded(document: DocumentView) -> str:
    """Return what became of a document that is no longer valid, "" for others."""
    if document.replaced_by:
        return f"ersetzt durch „{document.replaced_by.title}“"
    return f"galt bis {shown_date(document.valid_until)}" if document.superseded else ""


def cited_line(citation: Citation) -> str:
    """Return document, publisher, standing and page of a citation in one line."""
    unsure, page = citation.unconfirmed, citation.page_label or citation.page
    names = (marked(citation.document_title, "title", unsure), marked(citation.publisher, "publisher", unsure))
    status = marked(document_status(citation.document_status), "status", unsure if citation.document_status else ())
    date_ = marked(as_of_words(citation.as_of), "as_of", unsure if citation.as_of else ())
    return " · ".join([", ".join(filter(None, names)), status, date_, *([f"Seite {page}"] if page else [])])


def corrected_line(one: Corrected | CorrectedView) -> str:
    """Return what was corrected, what was read before, why and when, in one line."""
    value, read = shown(one.value), shown(one.read)
    part = PART_WORDS[Part(one.field)]
    now = f"{part} „{value}“" if value else f"{part} entfernt"
    before = f", gelesen war „{read}“" if read else ""
    when = f" ({shown_date(one.day)})" if one.day else ""
    return f"{now}{before}. Grund: {one.reason.rstrip('.')}{when}."


def shown_date(when: date | None) -> str:
    """Return a date as Germans write it, "ohne Datum" for None."""
    return when.strftime("%d.%m.%Y") if when else "ohne Datum"


def as_of_words(when: date | None) -> str:
    """Return "Stand 31.12.2027", "ohne Datum" for None."""
    return f"Stand {shown_date(when)}" if when else shown_date(when)


def shown_moment(moment: str) -> str:
    """Return "31.12.2027", "12.2027" or "2027" for a day, month or year of a record (ISO); anything else as it is."""
    return ".".join(reversed(moment.split("-"))) if MOMENT.fullmatch(moment) else moment
