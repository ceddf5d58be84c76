"""A follow-up is the query before with what the new question changes."""

from __future__ import annotations

import pytest

from service.answering.query import AnswerType, Intent, Query
from service.answering.reading.follow_up import read_in_conversation
from service.answering.service import AnswerService
from service.models import Turn
from tests.answering.truth import REPORT

PLANNED = "Welche Projekte sind in Planung?"
BUS, STREETS = "5.1.1.1", "5.2.3.1"


def read(
    service: AnswerService, question: str, *history: str, cited: tuple[str, ...] = ()
) -> Query:
    turns = [
        Turn(role="assistant" if place % 2 else "user", content=text)
        for place, text in enumerate(history)
    ]
    if cited:
        turns.append(
            Turn(
                role="assistant", content="Gefunden.", citations=[(REPORT, item) for item in cited]
            )
        )
    return read_in_conversation(question, turns, service.parts.reader, None, ()).query


def test_a_new_place_is_added_to_the_list_before(service: AnswerService) -> None:
    query = read(service, "Und in Hohenquelm?", "Welche Projekte gibt es?")
    assert query.intent is Intent.LIST and query.conditions.place == "Hohenquelm"
    assert query.conditions.kinds == read(service, "Welche Projekte gibt es?").conditions.kinds


@pytest.mark.parametrize(
    ("question", "ref"),
    [
        ("Wer ist für das erste zuständig?", BUS),
        ("Wer ist für das zweite zuständig?", STREETS),
        ("Wer ist dafür zuständig?", BUS),
    ],
)
def test_ordinals_and_pronouns_point_to_what_was_cited(
    service: AnswerService, question: str, ref: str
) -> None:
    for cited in ((BUS, STREETS), ("gibt-es-nicht", BUS, STREETS)):
        query = read(service, question, "Was ist der Nachtbus?", cited=cited)
        assert query.entries == ((REPORT, ref),) and query.answer_type is AnswerType.RESPONSIBLE


@pytest.mark.xfail(strict=True, reason="a marker is read as a number")
def test_entries_of_an_answer_are_read_in_its_text_where_no_citation_is_told(
    service: AnswerService,
) -> None:
    text = "Zwei: 5.2.2.1 Radschnellverbindung Lauterfeld – Dornquell [1] und 5.2.2.2 Radwege an Kreisstraßen [2]."
    assert read(
        service, "Wer ist für das zweite zuständig?", "Welche Radprojekte laufen?", text
    ).entries == ((REPORT, "5.2.2.2"),)


def test_without_a_question_before_nothing_leans(service: AnswerService) -> None:
    turns = [Turn(role="assistant", content="Guten Tag.")]
    assert read_in_conversation(PLANNED, turns, service.parts.reader, None, ()).query == read(
        service, PLANNED
    )
