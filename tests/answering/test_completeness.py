"""Counts say how sure they are: "mindestens" where a paper lists more than was read, no number where none is known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from service.answering.service import AnswerService
from service.models import Answer, AnswerStatus, ChatRequest
from service.settings import Settings
from tests.answering.shapes import cited, data, refs
from tests.service.county import report
from tests.service.partly_read import (
    CLIMATE,
    CYCLING,
    SHORT,
    SHORT_ENGLISH,
    UNKNOWN,
    climate,
    cycling,
    partly_read_report,
)
from vectorstore.editions import EditionStore
from vectorstore.records import Family, ItemKind, ParsedDocument

Over = Callable[..., Callable[[str], Answer]]
MEASURES = ["M 1", "M 2", "M 3", "M 4", "M 5"]


@pytest.fixture(scope="module")
def over(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Over]:
    """Ask over these papers, read as they are."""
    services: dict[str, AnswerService] = {}

    with ExitStack() as open_editions:

        def of(*documents: ParsedDocument) -> Callable[[str], Answer]:
            name = repr(documents)
            if name not in services:
                root: Path = tmp_path_factory.mktemp("partly")
                EditionStore(root).publish(list(documents))
                edition = EditionStore(root).open()
                open_editions.callback(edition.close)
                services[name] = AnswerService(edition, Settings(data_dir=root))
            return lambda question: services[name].answer(ChatRequest(question=question))

        yield of


def numbers(answer: Answer) -> list[str]:
    """The numbers that an answer says, but for markers, dates and the numbers of records."""
    bare = re.sub(r"\[\d+\]|\d\d\.\d\d\.\d{4}|\b[MR] \d|\b\d\. |\d+(?:\.\d+)+", "", answer.answer)
    return re.findall(r"\d+", bare)


def test_a_complete_family_is_counted_as_ever(over: Over) -> None:
    answer = over(climate(complete=True))("Wie viele Maßnahmen gibt es?")
    assert ": 5 Maßnahmen" in answer.answer
    assert "mindestens" not in answer.answer
    assert (data(answer).total, data(answer).complete) == (5, True)


def test_a_document_without_families_is_counted_as_ever(over: Over) -> None:
    answer = over(report())("Wie viele Projekte gibt es?")
    assert (data(answer).total, data(answer).complete) == (5, True)


@pytest.mark.parametrize(
    ("question", "said", "why"),
    [
        ("Wie viele Maßnahmen gibt es?", "mindestens 5 Maßnahmen", SHORT),
        ("Welche Maßnahmen gibt es?", "mindestens 5 Maßnahmen", SHORT),
        ("How many measures are there?", "at least 5 measures", SHORT_ENGLISH),
    ],
)
def test_where_a_paper_lists_more_than_was_read_the_number_is_a_lower_bound(
    over: Over, question: str, said: str, why: str
) -> None:
    answer = over(climate())(question)
    assert answer.status is AnswerStatus.ANSWERED
    assert said in answer.answer
    assert why.removesuffix(".") in answer.answer
    assert refs(answer) == MEASURES
    assert set(MEASURES) <= cited(answer)
    assert (data(answer).total, data(answer).complete) == (5, False)


def test_none_of_those_that_were_read_is_no_plain_zero(over: Over) -> None:
    answer = over(climate(), report())("Wie viele Maßnahmen zum Lärmschutz gibt es?")
    assert answer.status is not AnswerStatus.ANSWERED or "soweit gelesen 0" in answer.answer
    assert SHORT.removesuffix(".") in answer.answer


@pytest.mark.parametrize("found", [3, 0])
def test_where_the_structure_was_not_understood_nothing_is_counted(over: Over, found: int) -> None:
    answer = over(cycling(found))("Wie viele Maßnahmen gibt es?")
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS
    assert UNKNOWN in answer.answer
    assert numbers(answer) == []
    assert (data(answer).total, data(answer).complete, data(answer).rows) == (None, None, [])


def test_in_english_too(over: Over) -> None:
    answer = over(cycling())("How many measures are there?")
    assert "How many measures there are cannot be said for sure" in answer.answer
    assert numbers(answer) == []


def test_its_list_stays_and_tells_no_number(over: Over) -> None:
    answer = over(cycling())("Welche Maßnahmen gibt es?")
    assert answer.status is AnswerStatus.ANSWERED
    assert UNKNOWN.removesuffix(".") in answer.answer
    assert numbers(answer) == []
    assert refs(answer) == ["1.", "2.", "3."]
    assert (data(answer).total, data(answer).complete) == (None, None)


def test_what_can_be_counted_is_and_the_gap_is_named(over: Over) -> None:
    answer = over(climate(complete=True), cycling())("Wie viele Maßnahmen gibt es?")
    assert answer.status is AnswerStatus.ANSWERED
    assert f"{CLIMATE} (Stand 15.01.2026): 5 Maßnahmen" in answer.answer
    assert UNKNOWN.removesuffix(".") in answer.answer
    assert refs(answer) == MEASURES
    assert (data(answer).total, data(answer).complete) == (None, None)


def test_a_document_that_was_named_is_not_marked_for_another(over: Over) -> None:
    answer = over(climate(complete=True), cycling())(f"Wie viele Maßnahmen hat das {CLIMATE}?")
    assert CYCLING not in answer.answer
    assert (data(answer).total, data(answer).complete) == (5, True)


def test_another_kind_is_not_marked(over: Over) -> None:
    answer = over(report(), cycling())("Wie viele Projekte gibt es?")
    assert (data(answer).total, data(answer).complete) == (5, True)


def test_the_parts_of_a_sum_are_as_sure_as_their_document(over: Over) -> None:
    other = partly_read_report(True)
    answer = over(climate(), other)("Wie viele Projekte und Maßnahmen gibt es?")
    assert "Insgesamt mindestens 10 " in answer.answer
    assert "): 5 Projekte" in answer.answer
    assert "): mindestens 5 Maßnahmen" in answer.answer


RANKINGS = [
    "Welches Thema hat die meisten Projekte?",
    "Wie viele Projekte gibt es pro Thema?",
    "Wie viele Projekte gibt es je Status?",
    "Welche Abteilung hat die meisten Projekte?",
    "Wie viel Prozent der Projekte sind umgesetzt?",
    "Wie viele Projekte sind umgesetzt?",
]


@pytest.mark.parametrize("question", RANKINGS)
def test_nothing_is_ranked_or_shared_out_that_nobody_may_count(over: Over, question: str) -> None:
    answer = over(partly_read_report(None))(question)
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS
    assert numbers(answer) == []
    assert "nicht sicher erkannt" in answer.answer
    assert (data(answer).total, data(answer).complete) == (None, None)


@pytest.mark.parametrize("question", RANKINGS)
def test_rankings_and_shares_of_what_was_read_say_so(over: Over, question: str) -> None:
    complete = over(partly_read_report(True))(question)
    assert complete.status is AnswerStatus.ANSWERED
    assert "mindestens" not in complete.answer
    answer = over(partly_read_report(False))(question)
    assert answer.status is AnswerStatus.ANSWERED
    assert "mindestens 1" in answer.answer or "mindestens 2" in answer.answer or "mindestens 5" in answer.answer
    assert "selbst nennt 8 Projekte (Projektliste: 8 Zeilen, Seite 2); gelesen wurden 5" in answer.answer
    assert data(answer).complete is False


def test_a_share_is_of_those_that_were_read(over: Over) -> None:
    answer = over(partly_read_report(False))("Wie viel Prozent der Projekte sind umgesetzt?")
    assert "(1 von 5 gelesenen, rund 20 %)" in answer.answer


def test_units_of_a_theme_are_named_without_numbers(over: Over) -> None:
    question = "Wer ist für die Mobilität zuständig?"
    sure = over(partly_read_report(True))(question).answer
    assert "Für die 5 Projekte im Bereich" in sure
    assert "66 Verkehr (1)" in sure
    partly = over(partly_read_report(False))(question).answer
    assert "Für mindestens 5 Projekte im Bereich" in partly
    assert "66 Verkehr (mindestens 1)" in partly
    answer = over(partly_read_report(None))(question)
    assert answer.status is AnswerStatus.ANSWERED
    assert "Für die Projekte im Bereich" in answer.answer
    assert "66 Verkehr [" in answer.answer
    assert {row["projects"] for row in data(answer).rows} == {None}
    assert (data(answer).total, data(answer).complete) == (None, None)


def test_what_is_missing_is_no_answer_where_the_rest_cannot_be_proved(over: Over) -> None:
    one = partly_read_report(False)
    items = tuple(replace(item, table_row="Diese Zeile steht nirgends") for item in one.items)
    answer = over(replace(one, items=items))("Welche Abteilung hat die meisten Projekte?")
    assert answer.status is AnswerStatus.UNAVAILABLE


def test_a_number_past_those_that_were_read_is_not_said_not_to_exist(over: Over) -> None:
    one = report()
    family = Family("{n}.{n}", ItemKind.GOAL, found=1, expected=3, complete=False)
    partly = replace(one, document=replace(one.document, families=(family,)))
    answer = over(partly)("Was ist Ziel 9?")
    assert "gibt es nicht" not in answer.answer
    assert "Ein Ziel 9 steht nicht unter den gelesenen." in answer.answer
    assert "selbst nennt 3 Ziele; gelesen wurde 1." in answer.answer
    assert "Ein Ziel 9 gibt es nicht" in over(one)("Was ist Ziel 9?").answer
