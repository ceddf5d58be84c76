"""Negation and exception are conditions like others, or the question is not understood."""

from __future__ import annotations

import pytest

from service.answering.reading.negation import find_excluded
from service.answering.reading.nouns import fold_words
from service.answering.reading.statuses import find_statuses
from service.records import AnswerStatus
from tests.answering.conftest import Ask
from tests.answering.truth import projects
from vectorstore.records import ItemStatus

IDEA, PLANNED, RUNNING, DONE = (
    ItemStatus.IDEA,
    ItemStatus.PLANNED,
    ItemStatus.IN_PROGRESS,
    ItemStatus.IMPLEMENTED,
)


@pytest.mark.parametrize(
    ("question", "statuses"),
    [
        ("Welche Projekte laufen?", {RUNNING}),
        ("Welche Projekte laufen nicht?", {IDEA, PLANNED, DONE}),
        ("Welche Projekte laufen derzeit noch nicht?", {IDEA, PLANNED, DONE}),
        ("Welche Projekte sind nicht umgesetzt?", {IDEA, PLANNED, RUNNING}),
        ("Welche laufen nicht und sind umgesetzt?", {IDEA, PLANNED, DONE}),
        ("Welche Projekte sind noch nicht begonnen?", {IDEA, PLANNED}),
        ("Welche Projekte laufen nicht in Auental?", {RUNNING}),
    ],
)
def test_a_negated_status_stands_for_the_others(question: str, statuses: set[ItemStatus]) -> None:
    assert set(find_statuses(fold_words(question), (), dated=False).statuses) == statuses


@pytest.mark.parametrize(
    ("question", "excluded"),
    [
        ("Für welche Projekte ist nicht das Bauamt zuständig?", ("unit",)),
        ("Welche Projekte außer denen vom Bauamt gibt es?", ("unit",)),
        ("Für welche Projekte ist das Bauamt zuständig?", ()),
        ("Welche Projekte des Bauamts wurden nicht gefördert?", ()),
    ],
)
def test_an_exception_belongs_to_the_condition_behind_it(
    question: str, excluded: tuple[str, ...]
) -> None:
    conditions = {"unit": {"bauamt", "bauamts"}}
    assert find_excluded(fold_words(question), conditions, {"projekte"})[0] == excluded


def test_what_is_excluded_is_not_listed(ask: Ask) -> None:
    answer = ask("Für welche Projekte ist nicht die Abteilung 66 zuständig?")
    assert answer.data is not None
    refs = {row["ref"] for row in answer.data.rows}
    assert refs and refs.isdisjoint(projects(unit="66"))
    assert "für die nicht 66 zuständig ist" in answer.answer


def test_themes_but_one(ask: Ask) -> None:
    answer = ask("Welche Themenfelder gibt es außer Mobilität?")
    assert answer.data is not None and answer.status is AnswerStatus.ANSWERED
    titles = {row["title"] for row in answer.data.rows}
    assert len(titles) >= 4 and "Mobilität" not in titles


def test_a_negation_of_nothing_known_is_told(ask: Ask) -> None:
    answer = ask("Welche Projekte in Planung wurden nicht gefördert?")
    assert answer.status is not AnswerStatus.ANSWERED
