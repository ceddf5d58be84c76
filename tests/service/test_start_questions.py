"""Questions to begin with: an overview, a list, a record, a paper; of different themes, from the records alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from service.pages.start_questions import start_questions
from tests.service.county import motion, parsed, report
from vectorstore.catalogue import Catalogue
from vectorstore.records import DocumentStatus, ItemKind, ItemStatus, RefTitle


def project(place: int, theme: str, status: ItemStatus | None, **more: Any) -> dict[str, Any]:
    return {"kind": ItemKind.PROJECT, "ref": str(place), "title": f"{theme} {place}", "status": status,
            "theme": RefTitle("", theme), **more}  # fmt: skip


def catalogue(*specs: dict[str, Any], status: DocumentStatus = DocumentStatus.PUBLISHED) -> Catalogue:
    return Catalogue.of([parsed(replace(report().document, status=status), list(specs))])


def test_everyday_topics_come_first_where_there_are_enough_records() -> None:
    doing = ItemStatus.IN_PROGRESS
    titles = (
        "Frühe Hilfen für Familien",
        "Kindertagespflege",
        "Familienkarte",
        "Radwege",
        "Fahrradboxen",
        "Radverkehr im Ort",
    )
    some = catalogue(*(project(place, "Soziales", doing) | {"title": title} for place, title in enumerate(titles)))
    assert start_questions(some) == [
        "Was wird für Familien mit Kindern getan?",
        "Was wird für den Radverkehr getan?",
        "Wie weit ist „Frühe Hilfen für Familien“?",
        "Welche Projekte zum Thema Soziales werden gerade bearbeitet?",
    ]
    assert start_questions(some, "en")[:2] == [
        "What is being done for families?",
        "What is the status of “Frühe Hilfen für Familien”?",
    ]


@pytest.mark.parametrize("title", ["Business-Plan", "Einwohnerzahl", "Schuldenabbau", "Schulung der Mitarbeitenden"])
def test_a_word_that_only_looks_like_a_topic_is_none(title: str) -> None:
    some = catalogue(*(project(place, "Bus", None) | {"title": f"{title} {place}"} for place in range(4)))
    everyday = [one for one in start_questions(some) if one.startswith("Was wird für")]
    assert everyday == []


def test_each_is_of_another_theme_and_the_broadest_comes_first() -> None:
    idea, doing = ItemStatus.IDEA, ItemStatus.IN_PROGRESS
    three = catalogue(
        project(1, "Klima", doing), project(2, "Handel", doing), project(3, "Handel", idea), project(4, "Handel", idea),
        project(5, "Abfall", idea), project(6, "Abfall", doing), project(7, "Abfall", doing),
        status=DocumentStatus.DRAFT,
    )  # fmt: skip
    assert start_questions(three) == [
        "Was tut der Kreis beim Thema Handel?",
        "Welche Projekte zum Thema Abfall werden gerade bearbeitet?",
        "Wie weit ist „Klima 1“?",
        "Ist „Nachhaltigkeitsbericht Kreis Auenland“ schon beschlossen?",
    ]
    assert start_questions(three, "en")[:2] == [
        "What is the county doing about Handel?",
        "Which projects on Abfall are in progress?",
    ]


def test_one_theme_serves_for_all() -> None:
    assert start_questions(Catalogue.of([report(), motion()])) == [
        "Was tut der Kreis beim Thema Mobilität?",
        "Welche Projekte zum Thema Mobilität werden gerade bearbeitet?",
        "Wie weit ist „Radschnellweg Nord“?",
        "Worum geht es in „Nachhaltigkeitsbericht Kreis Auenland“?",
    ]


def test_without_themes_a_goal_is_the_subject_if_it_is_no_sentence() -> None:
    goals = catalogue(
        {"kind": ItemKind.GOAL, "ref": "1", "title": "Alle Wege werden sicher."},
        {"kind": ItemKind.GOAL, "ref": "1.1", "title": "Schulwege", "parent": "1"},
        {"kind": ItemKind.GOAL, "ref": "2", "title": "Wohnen und Bauen"},
        {"kind": ItemKind.GOAL, "ref": "2.1", "title": "Baulücken", "parent": "2"},
    )
    assert start_questions(goals)[0] == "Was tut der Kreis beim Thema Wohnen und Bauen?"


def test_without_statuses_who_is_responsible_is_asked() -> None:
    assert start_questions(catalogue(project(1, "Bus", None), project(2, "Bus", None, responsible=("Amt 3",)))) == [
        "Was tut der Kreis beim Thema Bus?",
        "Wer ist für „Bus 2“ zuständig?",
        "Worum geht es in „Nachhaltigkeitsbericht Kreis Auenland“?",
    ]


def test_of_a_motion_alone_nothing_is_asked() -> None:
    assert start_questions(Catalogue.of([motion()])) == []
