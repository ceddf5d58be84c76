"""Counts say how sure they are: "mindestens" where a paper lists more than was read, no number
where none is known.
"""

from __future__ import annotations

import re

from service.answering import AnswerService
from service.records import Answer, AnswerStatus, ChatRequest
from tests.answering.conftest import OverDocuments
from tests.answering.shapes import cited, data, refs
from tests.ingest.cases import cases
from tests.service.county import report
from tests.service.partly_read import (
    climate,
    cycling,
    partly_read_report,
)

SURE, PARTLY, UNSURE = (partly_read_report(item) for item in (True, False, None))
PAPERS = {
    "report": report(),
    "climate": climate(),
    "whole climate": climate(complete=True),
    "cycling": cycling(),
}


def ask(service: AnswerService, question: str) -> Answer:
    return service.answer(ChatRequest(question=question))


def numbers(answer: Answer) -> list[str]:
    """The numbers that an answer says, but for markers, dates and the numbers of records."""
    bare = re.sub(r"\[\d+\]|\d\d\.\d\d\.\d{4}|\b[MR] \d|\b\d\. |\d+(?:\.\d+)+", "", answer.answer)
    return re.findall(r"\d+", bare)


@cases("papers", "question", "said", "total", "complete")
def test_a_count_is_as_sure_as_what_was_read(
    over_documents: OverDocuments,
    papers: tuple[str, ...],
    question: str,
    said: tuple[str, ...],
    total: int | str,
    complete: bool | str,
) -> None:
    answer = ask(over_documents(*(PAPERS[name] for name in papers)), question)
    assert answer.status is (AnswerStatus.ANSWERED if complete is True else AnswerStatus.FOUND)
    assert all(item.removesuffix(".") in answer.answer for item in said)
    told = [
        value if value is not None else "" for value in (data(answer).total, data(answer).complete)
    ]
    assert told == [total, complete]
    assert set(refs(answer)) <= cited(answer)
    assert complete is False or "mindestens" not in answer.answer
    if papers == ("cycling",):
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
