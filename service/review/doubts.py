"""What a person should look at before a paper is published: everything that the reader is not sure of, a line each."""

from __future__ import annotations

from service.pages import labels
from service.review.changes import Changes
from service.review.paper import Paper
from service.staff.words import counted
from vectorstore.records import ItemKind


def doubts(paper: Paper, changed: Changes | None) -> list[str]:
    """Return what is unconfirmed, incomplete, contradictory, lost or odd in a paper; nothing where all is sure."""
    return [*_front(paper), *_families(paper), *_text(paper), *_gone(changed)]


def _front(paper: Paper) -> list[str]:
    unsure = [labels.FRONT[part] for part in paper.document.unconfirmed]
    return [f"Unbestätigt: {', '.join(unsure)}."] if unsure else []


def _families(paper: Paper) -> list[str]:
    told = []
    for family in paper.document.families:
        nouns = labels.KINDS_MANY[family.kind]
        if family.complete is None:
            told.append(f"{nouns}: Der Aufbau wurde nicht sicher verstanden; es wird keine Anzahl genannt.")
        elif family.complete is False and family.expected is not None:
            told.append(f"{nouns}: {family.found} von {family.expected} gefunden.")
        elif family.complete is False:
            told.append(f"{nouns}: Es wurden nicht alle gefunden.")
    if all(one.kind is ItemKind.SECTION for one in paper.parsed.items):
        told.append("Es wurden keine zählbaren Einträge gefunden; das Dokument ist nur als Text da.")
    return told


def _text(paper: Paper) -> list[str]:
    told = []
    if number := sum(len(one.conflicts) for one in paper.parsed.items):
        told.append(f"{counted(number, 'Widerspruch', 'Widersprüche')} im Dokument selbst.")
    if paper.document.coverage is not None and paper.document.coverage.lost:
        told.append(f"{counted(paper.document.coverage.lost, 'Zeichen ging', 'Zeichen gingen')} verloren.")
    return [*told, *(f"{one}." for one in paper.page_doubts)]


def _gone(changed: Changes | None) -> list[str]:
    if changed is None or not changed.gone:
        return []
    gone = len(changed.gone)
    return [f"{counted(gone, 'Eintrag', 'Einträge')} der Ausgabe davor {'fehlt' if gone == 1 else 'fehlen'} jetzt."]
