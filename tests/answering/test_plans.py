"""What is planned: plans of any kind, or records in the status of planning."""

from __future__ import annotations

import pytest

from service.models import AnswerStatus
from tests.answering.conftest import Ask
from tests.answering.shapes import data, refs

ANYTHING = ["Was ist in Bad Lauven geplant?", "Was wird in Bad Lauven geplant?", "What is planned in Bad Lauven?"]
STATUS = [
    ("Welche Projekte sind in Planung?", 15),
    ("Welche Projekte sind geplant?", 15),
    ("Welche Projekte sind in Bad Lauven geplant?", 2),
    ("Was ist in Bad Lauven erst geplant?", 2),
    ("Was ist in Bad Lauven in Planung?", 2),
    ("Was ist alles geplant?", 15),
]


@pytest.mark.parametrize("question", ANYTHING)
def test_what_is_planned_in_a_place_is_all_that_goes_on_there(ask: Ask, question: str) -> None:
    assert refs(ask(question)) == refs(ask("Welche Projekte gibt es in Bad Lauven?"))


def test_what_the_county_has_in_mind_for_a_place(ask: Ask) -> None:
    assert refs(ask("Was haben sie in Ostermarn vor?")) == refs(ask("Welche Projekte gibt es in Ostermarn?"))


@pytest.mark.parametrize(("question", "total"), STATUS)
def test_a_status_that_is_asked_for_is_kept(ask: Ask, question: str, total: int) -> None:
    assert data(ask(question)).total == total


@pytest.mark.parametrize(
    ("question", "among"),
    [
        ("What is planned for cycling?", {"5.2", "5.2.2.1", "5.2.2.2", "5.2.3.1"}),
        ("What is planned for housing?", {"B.IX", "B.IX.1", "3.3"}),
        ("What is being done about cycling?", {"5.2", "5.2.2.1", "5.2.2.2", "5.2.3.1"}),
        ("Was ist zum Radverkehr geplant?", {"5.2", "5.2.2.1", "5.2.2.2", "5.3.4.1", "5.1.4.1", "B.IX.5"}),
    ],
)
def test_what_is_planned_for_a_topic(ask: Ask, question: str, among: set[str]) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.ANSWERED
    assert answer.citations[0].ref in among


@pytest.mark.parametrize(
    "question",
    [
        pytest.param(
            "What is planned for nuclear power?",
            marks=pytest.mark.xfail(strict=True, reason="the translation of one word bears it out"),
        ),
        "What is planned for the airport?",
    ],
)
def test_no_plan_for_what_no_document_names(ask: Ask, question: str) -> None:
    assert ask(question).status is AnswerStatus.NOT_IN_DOCUMENTS


def test_what_is_done_is_a_status_where_nothing_else_is_asked(ask: Ask) -> None:
    for question in ("Which projects are done?", "What has the county already done?"):
        data = ask(question).data
        assert data is not None and {row["status"] for row in data.rows} == {"implemented"}
