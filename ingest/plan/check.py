"""A plan and what came of it, in words for people: what was found where, what is missing, what nobody understood."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.plan.form import Maker, Place, PlanFamily, ReadingPlan
from vectorstore.records import Document, Family, ItemKind

_MAKERS = {Maker.INDUCED: "erkannt", Maker.STAFF: "von Beschäftigten", Maker.MODEL: "von einem Modell"}
_PLACES = {
    Place.HEADINGS: "unter Überschriften",
    Place.SHEETS: "auf Blättern",
    Place.ROWS: "in Tabellenzeilen",
    Place.BULLETS: "in Aufzählungen",
    Place.LABELS: "auf Blättern, Nummer und Titel hinter eigenen Angaben",
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
    return f"{seen}{name}, {form}, {_PLACES[family.place]}{pages} ({_MAKERS[family.by]})."


def _found(family: Family) -> str:
    name = NAMES[family.kind][family.found != 1]
    form = f" der Form „{family.label}“" if family.label else ""
    evidence = f" ({family.evidence[0].what})" if family.evidence else ""
    if family.complete:
        return f"{family.found} {name}{form}: vollständig{evidence}."
    if family.complete is False:
        return f"mindestens {family.found} von {family.expected} {NAMES[family.kind][1]}{form}{evidence}."
    return f"{NAMES[family.kind][1]}{form}: nicht sicher verstanden, daher ohne Anzahl{evidence}."
