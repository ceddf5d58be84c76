"""Questions to begin with: an overview, a list, a record, a paper; of different themes, from the records alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from service.pages.start_questions import start_questions
from tests.service.county import motion, parsed, report
from vectorstore.catalogue import Catalogue
from vectorstore.questions import ItemQuestion
from vectorstore.records import DocumentStatus, ItemKind, ItemStatus, RefTitle


def project(place: int, theme: str, status: ItemStatus | None, **more: Any) -> dict[str, Any]:
    return {"kind": ItemKind.PROJECT, "ref": str(place), "title": f"{theme} {place}", "status": status,
            "theme": RefTitle("", theme), **more}  # fmt: skip


def catalogue(*specs: dict[str, Any], status: DocumentStatus = DocumentStatus.PUBLISHED) -> Catalogue:
    return Catalogue.of([parsed(replace(report().document, status=status), list(specs))])


def begun(
    made: Catalogue, language: str = "de", written: Sequence[str] = (), unanswered: Sequence[str] = ()
) -> list[str]:
    """The first questions where all are answered but those that hold a word of `unanswered`."""
    items = [ItemQuestion(item.document_id, item.key, one) for item, one in zip(made.items, written, strict=False)]
    return start_questions(made, language, items, lambda one: not any(word in one for word in unanswered))


def test_what_people_wrote_stands_among_them_in_their_own_words() -> None:
    some = catalogue(*(project(place, "Soziales", ItemStatus.IN_PROGRESS) for place in range(3)))
    everyday = "Wo finde ich einen Platz für mein Kind?"
    assert begun(some, written=[everyday])[:2] == ["Was tut der Kreis beim Thema Soziales?", everyday]
    assert everyday not in begun(some, "en", written=[everyday])


def test_only_what_is_answered_is_offered_and_others_stand_in_for_it() -> None:
    some = Catalogue.of([report(), motion()])
    assert begun(some, unanswered=["Wie weit ist"])[2] != begun(some)[2]
    assert len(begun(some, unanswered=["Wie weit ist"])) == 4
    assert begun(some, unanswered=["?"]) == []


def test_units_places_and_counts_stand_in_where_there_is_little_else() -> None:
    bare = project(1, "", None, responsible=("Amt 3",), municipalities=("Bergheim",))
    bare |= {"kind": ItemKind.MEASURE, "theme": None, "title": "Das ist ein ganzer Satz."}
    some = catalogue(bare, status=DocumentStatus.PROPOSED)
    assert begun(some) == [
        "Welche Maßnahmen verantwortet Amt 3?",
        "Welche Maßnahmen gibt es in Bergheim?",
        "Wie viele Maßnahmen gibt es?",
    ]


def test_each_is_of_another_theme_and_the_broadest_comes_first() -> None:
    idea, doing = ItemStatus.IDEA, ItemStatus.IN_PROGRESS
    three = catalogue(
        project(1, "Klima", doing), project(2, "Handel", doing), project(3, "Handel", idea), project(4, "Handel", idea),
        project(5, "Abfall", idea), project(6, "Abfall", doing), project(7, "Abfall", doing),
        status=DocumentStatus.DRAFT,
    )  # fmt: skip
    assert begun(three) == [
        "Was tut der Kreis beim Thema Handel?",
        "Welche Projekte zum Thema Abfall werden gerade bearbeitet?",
        "Wie weit ist „Klima 1“?",
        "Ist „Nachhaltigkeitsbericht Kreis Auenland“ schon beschlossen?",
    ]
    assert begun(three, "en")[:2] == [
        "What is the county doing about Handel?",
        "Which projects on Abfall are in progress?",
    ]


def test_one_theme_serves_for_all() -> None:
    assert begun(Catalogue.of([report(), motion()])) == [
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
    assert begun(goals)[0] == "Was tut der Kreis beim Thema Wohnen und Bauen?"


def test_without_statuses_who_is_responsible_is_asked() -> None:
    assert begun(catalogue(project(1, "Bus", None), project(2, "Bus", None, responsible=("Amt 3",)))) == [
        "Was tut der Kreis beim Thema Bus?",
        "Wer ist für „Bus 2“ zuständig?",
        "Worum geht es in „Nachhaltigkeitsbericht Kreis Auenland“?",
        "Welche Projekte verantwortet Amt 3?",
    ]


def test_of_a_motion_alone_nothing_is_asked() -> None:
    assert begun(Catalogue.of([motion()])) == []
