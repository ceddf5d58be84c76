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


SURE, PARTLY, UNSURE = (partly_read_report(one) for one in (True, False, None))
HOW_MANY, MANY, WHICH = "Wie viele Maßnahmen gibt es?", "How many measures are there?", "Welche Maßnahmen gibt es?"
TOLD = [  # the papers, what is asked, what is said, the total and whether it is complete
    ([climate(complete=True)], HOW_MANY, [": 5 Maßnahmen"], 5, True),
    ([report()], "Wie viele Projekte gibt es?", [], 5, True),
    ([climate()], HOW_MANY, ["mindestens 5 Maßnahmen", SHORT], 5, False),
    ([climate()], WHICH, ["mindestens 5 Maßnahmen", SHORT], 5, False),
    ([climate()], MANY, ["at least 5 measures", SHORT_ENGLISH], 5, False),
    ([cycling()], WHICH, [UNKNOWN], None, None),  # its list stays and tells no number
    (
        [climate(complete=True), cycling()],
        HOW_MANY,
        [f"{CLIMATE} (Stand 15.01.2026): 5 Maßnahmen", UNKNOWN],
        None,
        None,
    ),
    ([climate(complete=True), cycling()], f"Wie viele Maßnahmen hat das {CLIMATE}?", [], 5, True),
    ([report(), cycling()], "Wie viele Projekte gibt es?", [], 5, True),  # another kind is not marked
]


@pytest.mark.parametrize(("papers", "question", "said", "total", "complete"), TOLD)
def test_a_count_is_as_sure_as_what_was_read(
    over: Over, papers: list[ParsedDocument], question: str, said: list[str], total: int | None, complete: bool | None
) -> None:
    answer = over(*papers)(question)
    assert answer.status is AnswerStatus.ANSWERED
    assert all(one.removesuffix(".") in answer.answer for one in said)
    assert (data(answer).total, data(answer).complete) == (total, complete)
    assert set(refs(answer)) <= cited(answer) and ("mindestens" in answer.answer) <= (complete is False)
    if papers[0].document.title == CLIMATE:
        assert refs(answer) == MEASURES
    else:
        assert CYCLING not in answer.answer or (refs(answer), numbers(answer)) == (["1.", "2.", "3."], [])


@pytest.mark.parametrize(("found", "question"), [(3, HOW_MANY), (0, HOW_MANY), (3, MANY)])
def test_where_the_structure_was_not_understood_nothing_is_counted(over: Over, found: int, question: str) -> None:
    answer = over(cycling(found))(question)
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS and numbers(answer) == []
    assert (UNKNOWN if question == HOW_MANY else "How many measures there are cannot be said for sure") in answer.answer
    assert (data(answer).total, data(answer).complete, data(answer).rows) == (None, None, [])


def test_none_of_those_that_were_read_is_no_plain_zero(over: Over) -> None:
    answer = over(climate(), report())("Wie viele Maßnahmen zum Lärmschutz gibt es?")
    assert answer.status is not AnswerStatus.ANSWERED or "soweit gelesen 0" in answer.answer
    assert SHORT.removesuffix(".") in answer.answer


def test_the_parts_of_a_sum_are_as_sure_as_their_document(over: Over) -> None:
    answer = over(climate(), SURE)("Wie viele Projekte und Maßnahmen gibt es?").answer
    assert all(one in answer for one in ("Insgesamt mindestens 10 ", "): 5 Projekte", "): mindestens 5 Maßnahmen"))


@pytest.mark.parametrize(
    "question",
    [
        "Welches Thema hat die meisten Projekte?",
        "Wie viele Projekte gibt es pro Thema?",
        "Wie viele Projekte gibt es je Status?",
        "Welche Abteilung hat die meisten Projekte?",
        "Wie viel Prozent der Projekte sind umgesetzt?",
        "Wie viele Projekte sind umgesetzt?",
    ],
)
def test_rankings_and_shares_say_how_sure_they_are_and_nobody_ranks_what_may_not_be_counted(
    over: Over, question: str
) -> None:
    sure, partly, unsure = (over(one)(question) for one in (SURE, PARTLY, UNSURE))
    assert sure.status is partly.status is AnswerStatus.ANSWERED
    assert "mindestens" not in sure.answer and data(partly).complete is False
    assert re.search(r"mindestens [125]\b", partly.answer)
    assert "selbst nennt 8 Projekte (Projektliste: 8 Zeilen, Seite 2); gelesen wurden 5" in partly.answer
    assert "Prozent" not in question or "(1 von 5 gelesenen, rund 20 %)" in partly.answer
    assert unsure.status is AnswerStatus.NOT_IN_DOCUMENTS and numbers(unsure) == []
    assert "nicht sicher erkannt" in unsure.answer
    assert (data(unsure).total, data(unsure).complete) == (None, None)


def test_units_of_a_theme_are_named_without_numbers(over: Over) -> None:
    sure, partly, unsure = (over(one)("Wer ist für die Mobilität zuständig?") for one in (SURE, PARTLY, UNSURE))
    assert "Für die 5 Projekte im Bereich" in sure.answer and "66 Verkehr (1)" in sure.answer
    assert "Für mindestens 5 Projekte im Bereich" in partly.answer and "66 Verkehr (mindestens 1)" in partly.answer
    assert unsure.status is AnswerStatus.ANSWERED
    assert "Für die Projekte im Bereich" in unsure.answer and "66 Verkehr [" in unsure.answer
    assert {row["projects"] for row in data(unsure).rows} == {None}
    assert (data(unsure).total, data(unsure).complete) == (None, None)


def test_what_is_missing_is_no_answer_where_the_rest_cannot_be_proved(over: Over) -> None:
    items = tuple(replace(item, table_row="Diese Zeile steht nirgends") for item in PARTLY.items)
    answer = over(replace(PARTLY, items=items))("Welche Abteilung hat die meisten Projekte?")
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS


def test_a_number_past_those_that_were_read_is_not_said_not_to_exist(over: Over) -> None:
    one = report()
    family = Family("{n}.{n}", ItemKind.GOAL, found=1, expected=3, complete=False)
    partly = replace(one, document=replace(one.document, families=(family,)))
    answer = over(partly)("Was ist Ziel 9?")
    assert "gibt es nicht" not in answer.answer
    assert "Ein Ziel 9 steht nicht unter den gelesenen." in answer.answer
    assert "selbst nennt 3 Ziele; gelesen wurde 1." in answer.answer
    assert "Ein Ziel 9 gibt es nicht" in over(one)("Was ist Ziel 9?").answer
