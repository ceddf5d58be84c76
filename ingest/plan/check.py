"""A plan and what came of it, in words for people: what was found where, what is missing, what nobody understood."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.plan.form import Maker, Place, PlanFamily, ReadingPlan
from vectorstore.records import Document, Family, ItemKind, ItemStatus

_MAKERS = {Maker.INDUCED: "erkannt", Maker.STAFF: "von Beschäftigten", Maker.MODEL: "von einem Modell"}
PLACES = {
    Place.HEADINGS: "unter Überschriften",
    Place.SHEETS: "auf Blättern",
    Place.BULLETS: "in Aufzählungen",
    Place.LABELS: "auf Blättern, Nummer und Titel hinter eigenen Angaben",
}
_ONE_EACH = {
    Place.HEADINGS: "je eine Überschrift mit ihrem Text",
    Place.SHEETS: "je ein Blatt",
    Place.BULLETS: "je ein Punkt einer Aufzählung",
    Place.LABELS: "je ein Blatt, Nummer und Titel hinter eigenen Angaben",
}
FIELDS = {
    "ref": "Nummer",
    "title": "Titel",
    "theme": "Handlungsfeld",
    "goal": "Ziel",
    "status": "Status",
    "state": "Sachstand",
    "situation": "Ausgangslage",
    "description": "Beschreibung",
    "partners": "Mitwirkende",
    "responsible": "zuständige Stelle",
    "funding": "Finanzierung",
    "cost": "Kosten",
    "period": "Zeitraum",
    "priority": "Priorität",
    "indicator": "Messgröße",
    "steps": "nächste Schritte",
    "target_group": "Zielgruppe",
    "effect": "Wirkung",
    "obstacles": "Hemmnisse",
    "links": "Verweise",
    "remarks": "Bemerkungen",
}
STATUSES = {
    ItemStatus.IDEA: "Idee",
    ItemStatus.PLANNED: "in Planung",
    ItemStatus.IN_PROGRESS: "in Bearbeitung",
    ItemStatus.IMPLEMENTED: "umgesetzt",
    ItemStatus.ARCHIVED: "archiviert",
}
NAMES = {
    ItemKind.THEME: ("Handlungsfeld", "Handlungsfelder"),
    ItemKind.GOAL: ("Ziel", "Ziele"),
    ItemKind.PROJECT: ("Projekt", "Projekte"),
    ItemKind.MEASURE: ("Maßnahme", "Maßnahmen"),
    ItemKind.PRINCIPLE: ("Grundsatz", "Grundsätze"),
    ItemKind.THESIS: ("These", "Thesen"),
    ItemKind.RESOLUTION: ("Beschlusspunkt", "Beschlusspunkte"),
    ItemKind.SECTION: ("Abschnitt", "Abschnitte"),
}


def plan_in_words(plan: ReadingPlan) -> list[str]:
    """Return what a plan says, a sentence each: families with their form and place, labels with their meaning."""
    told = [_family(family) for family in plan.families]
    known = [f"„{label.label}“ = {label.field}" for label in plan.labels if label.field]
    unknown = [f"„{label.label}“" for label in plan.labels if not label.field]
    if known:
        told.append(f"Angaben: {', '.join(known)}.")
    if unknown:
        told.append(f"Angaben ohne bekannte Bedeutung: {', '.join(unknown)}.")
    told += [f"Statuswort „{one.word}“ = {one.status or 'keiner'}." for one in plan.statuses]
    return [*told, *plan.notes] or ["Das Dokument wird nach seiner Gliederung gelesen; einen Plan braucht es nicht."]


def places_in_words(plan: ReadingPlan) -> dict[str, str]:
    """Return by the form of their numbers as what the records of each family stand there: "je ein Blatt"."""
    return {family.label: _ONE_EACH[family.place] for family in plan.families}


def labels_in_words(plan: ReadingPlan) -> list[str]:
    """Return what a plan says of labels and status words, for people who never saw a plan; then what it left open."""
    known = [f"„{one.label}“ ({FIELDS.get(one.field, one.field)})" for one in plan.labels if one.field]
    unknown = [f"„{one.label}“" for one in plan.labels if not one.field]
    told = [f"Bezeichnete Angaben: {', '.join(known)}."] if known else []
    if unknown:
        told.append(f"Angaben, deren Bedeutung nicht bekannt ist; ihr Text ist da: {', '.join(unknown)}.")
    meant = [f"„{one.word}“ heißt {STATUSES[one.status]}" for one in plan.statuses if one.status]
    unmeant = [f"„{one.word}“" for one in plan.statuses if not one.status]
    if meant:
        told.append(f"Statuswörter: {', '.join(meant)}.")
    if unmeant:
        told.append(f"Statuswörter, die keinem Status zugeordnet sind: {', '.join(unmeant)}.")
    return [*told, *plan.notes]


def outcome_in_words(document: Document) -> list[str]:
    """Return what came of a document's plan: every family with how many were found of how many, and what was lost."""
    told = [_found(family) for family in document.families]
    coverage = document.coverage
    if coverage is not None and coverage.lost:
        told.append(f"{coverage.lost} Zeichen stehen in keiner Textstelle.")
    return told or ["Es wurden keine nummerierten Einträge gefunden."]


def is_complete(document: Document) -> bool:
    """Tell whether every family is known to be complete and no character was lost."""
    lost = document.coverage.lost if document.coverage is not None else 0
    return not lost and all(family.complete for family in document.families)


def problems(plan: ReadingPlan) -> Iterator[str]:
    """Yield what in a plan contradicts itself: forms and labels that are said twice, families above that are none."""
    labels = [family.label for family in plan.families]
    for label in sorted({one for one in labels if labels.count(one) > 1}):
        yield f"Die Nummernform „{label}“ kommt zweimal vor."
    for family in plan.families:
        if family.above is not None and family.above not in labels:
            yield f"Über „{family.label}“ soll „{family.above}“ stehen; diese Form gibt es im Plan nicht."
    names = [label.label.casefold() for label in plan.labels]
    for name in sorted({one for one in names if names.count(one) > 1}):
        yield f"Die Angabe „{name}“ kommt zweimal vor."


def _family(family: PlanFamily) -> str:
    count = family.evidence[0].count if family.evidence else 0
    name = NAMES[family.kind][count != 1]
    form = f"Form „{family.label}“" if family.label else "ohne Nummern"
    seen = f"{count} " if count else ""
    pages = f", zuerst auf Seite {family.evidence[0].pages[0]}" if family.evidence and family.evidence[0].pages else ""
    return f"{seen}{name}, {form}, {PLACES[family.place]}{pages} ({_MAKERS[family.by]})."


def _found(family: Family) -> str:
    name = NAMES[family.kind][family.found != 1]
    form = f" der Form „{family.label}“" if family.label else ""
    evidence = f" ({family.evidence[0].what})" if family.evidence else ""
    if family.complete:
        return f"{family.found} {name}{form}: vollständig{evidence}."
    if family.complete is False:
        return f"mindestens {family.found} von {family.expected} {NAMES[family.kind][1]}{form}{evidence}."
    return f"{NAMES[family.kind][1]}{form}: nicht sicher verstanden, daher ohne Anzahl{evidence}."
