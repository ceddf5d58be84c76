"""Nouns that name records: which kind, one or many, and what a compound has in front."""

from __future__ import annotations

import pytest

from service.answering.understanding.nouns import record_nouns
from vectorstore.records import ItemKind, ItemStatus

MANY = [
    ("Welche Projekte gibt es?", ItemKind.PROJECT),
    ("alle Vorhaben", ItemKind.PROJECT),
    ("Ideen für Spielplätze", ItemKind.PROJECT),
    ("which projects", ItemKind.PROJECT),
    ("Nenne die Ziele", ItemKind.GOAL),
    ("list the goals", ItemKind.GOAL),
    ("sämtliche Thesen", ItemKind.THESIS),
    ("die Leitsätze", ItemKind.THESIS),
    ("Handlungsprinzipien", ItemKind.PRINCIPLE),
    ("Grundsätze", ItemKind.PRINCIPLE),
    ("Beschlusspunkte", ItemKind.RESOLUTION),
    ("Forderungen der Fraktion", ItemKind.RESOLUTION),
    ("Maßnahmen", ItemKind.MEASURE),
    ("Themenfelder", ItemKind.THEME),
]
ONE = ["ein Projekt", "das Vorhaben", "welches Ziel", "die These", "dieses Projekt", "a project", "jedes Vorhaben"]
COMPOUNDS = [
    ("Mobilitätsprojekte", "mobilitaets"),
    ("Radweg-Projekte", "radweg"),
    ("RADWEG-PROJEKTE", "radweg"),
    ("Klimaziele", "klima"),
    ("Energiemaßnahmen", "energie"),
    ("Mobilitätsideen", "mobilitaets"),
]
NONE = ["Projektor", "Zielscheibe", "Spielplatz", "Ideenreichtum", "Themse", "", "5.1.2.1", "Planung"]


@pytest.mark.parametrize(("text", "kind"), MANY)
def test_plural_nouns_name_their_kind(text: str, kind: ItemKind) -> None:
    noun = record_nouns(text)[0]
    assert noun.plural
    assert noun.kinds[0] is kind


@pytest.mark.parametrize("text", ONE)
def test_one_record_is_not_many(text: str) -> None:
    assert [noun.plural for noun in record_nouns(text)] == [False]


@pytest.mark.parametrize(("text", "head"), COMPOUNDS)
def test_a_compound_keeps_what_it_has_in_front(text: str, head: str) -> None:
    assert [noun.head for noun in record_nouns(text)] == [head]


@pytest.mark.parametrize("text", NONE)
def test_other_words_are_none(text: str) -> None:
    assert record_nouns(text) == []


def test_ideas_are_projects_with_a_status() -> None:
    for text in ("Ideen", "Mobilitätsideen", "ideas"):
        assert record_nouns(text)[0].status is ItemStatus.IDEA


def test_documents_are_no_items() -> None:
    noun = record_nouns("Welche Dokumente gibt es?")[0]
    assert noun.document and noun.kinds == ()


def test_nouns_come_in_the_order_of_the_text() -> None:
    nouns = record_nouns("Welche Projekte gehören zu den Zielen im Themenfeld?")
    assert [noun.kinds[0] for noun in nouns] == [ItemKind.PROJECT, ItemKind.GOAL, ItemKind.THEME]
    assert [noun.place for noun in nouns] == sorted(noun.place for noun in nouns)
