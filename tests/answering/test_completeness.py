"""Counts say how sure they are: "mindestens" where a paper lists more than was read, no number
where none is known.
"""

from __future__ import annotations

import re

import pytest

from service.answering import AnswerService
from service.records import Answer, AnswerStatus, ChatRequest
from tests.answering.conftest import OverDocuments
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
from vectorstore.records import ParsedDocument

MEASURES = ["M 1", "M 2", "M 3", "M 4", "M 5"]
SURE, PARTLY, UNSURE = (partly_read_report(item) for item in (True, False, None))
HOW_MANY, MANY, WHICH = (
    "Wie viele Maßnahmen gibt es?",
    "How many measures are there?",
    "Welche Maßnahmen gibt es?",
)
TOLD = [  # the papers, what is asked, what is said, the total and whether it is complete
    ([climate(complete=True)], HOW_MANY, ["5 Maßnahmen"], 5, True),
    ([report()], "Wie viele Projekte gibt es?", [], 5, True),
    ([climate()], HOW_MANY, ["mindestens 5 Maßnahmen", SHORT], 5, False),
    ([climate()], WHICH, ["mindestens 5 Maßnahmen", SHORT], 5, False),
    ([climate()], MANY, ["at least 5 measures", SHORT_ENGLISH], 5, False),
    ([cycling()], HOW_MANY, [UNKNOWN], None, None),
    ([cycling()], WHICH, [UNKNOWN], None, None),  # its list stays and tells no number
    ([climate(complete=True), cycling()], HOW_MANY, [UNKNOWN], None, None),
    ([climate(complete=True), cycling()], f"Wie viele Maßnahmen hat das {CLIMATE}?", [], 5, True),
    (
        [report(), cycling()],
        "Wie viele Projekte gibt es?",
        [],
        5,
        True,
    ),  # another kind is not marked
]


def ask(service: AnswerService, question: str) -> Answer:
    return service.answer(ChatRequest(question=question))


def numbers(answer: Answer) -> list[str]:
    """The numbers that an answer says, but for markers, dates and the numbers of records."""
    bare = re.sub(r"\[\d+\]|\d\d\.\d\d\.\d{4}|\b[MR] \d|\b\d\. |\d+(?:\.\d+)+", "", answer.answer)
    return re.findall(r"\d+", bare)


@pytest.mark.parametrize(("papers", "question", "said", "total", "complete"), TOLD)
def test_a_count_is_as_sure_as_what_was_read(
    over_documents: OverDocuments,
    papers: list[ParsedDocument],
    question: str,
    said: list[str],
    total: int | None,
    complete: bool | None,
) -> None:
    answer = ask(over_documents(*papers), question)
    sure = AnswerStatus.ANSWERED if complete else AnswerStatus.FOUND
    assert answer.status is sure
    assert all(item.removesuffix(".") in answer.answer for item in said)
    assert (data(answer).total, data(answer).complete) == (total, complete)
    assert set(refs(answer)) <= cited(answer) and ("mindestens" in answer.answer) <= (
        complete is False
    )
    if len(papers) == 1 and papers[0].document.title == CYCLING:
        assert (refs(answer), numbers(answer)) == (["1.", "2.", "3."], [])


def test_counts_by_status_say_how_sure_they_are(over_documents: OverDocuments) -> None:
    question = "Wie viele Projekte sind umgesetzt?"
    sure, partly, unsure = (ask(over_documents(item), question) for item in (SURE, PARTLY, UNSURE))
    assert sure.status is AnswerStatus.ANSWERED and partly.status is AnswerStatus.FOUND
    assert "mindestens" not in sure.answer and data(partly).complete is False
    assert re.search(r"mindestens [125]\b", partly.answer)
    assert (
        "selbst nennt 8 Projekte (Projektliste: 8 Zeilen, Seite 2); gelesen wurden 5"
        in partly.answer
    )
    assert "nicht sicher erkannt" in unsure.answer
    assert (data(unsure).total, data(unsure).complete) == (None, None)


def test_where_not_all_was_read_the_papers_own_words_stand_before_the_count(
    over_documents: OverDocuments,
) -> None:
    answer = ask(over_documents(PARTLY), "Wie viele Projekte zum Radweg gibt es?")
    short, passage, count = ("selbst nennt", "Der Bau beginnt", "mindestens 1 Projekt")
    assert answer.answer.index(short) < answer.answer.index(passage) < answer.answer.index(count)
