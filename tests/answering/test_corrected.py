"""A value that people corrected is told as one, wherever an answer says it; units have the names
that a paper gives.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest

from prompts import say
from service import load_settings
from service.answering import AnswerService
from service.records import ChatRequest
from tests.answering.conftest import Ask
from tests.ingest.cases import cases
from tests.service.county import report
from vectorstore import EditionStore
from vectorstore.records import CorrectableField, Correction, Field

NORTH = "2.1.2.3"
COST = "Die Kosten betragen 1,2 Mio. Euro."


def correction(field: CorrectableField, value: str) -> Correction:
    return Correction("auenland-report", NORTH, field, value, None, "Beschluss", date(2026, 5, 1))


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnswerService]:
    """Answers over a report of which status, unit and cost of one project were corrected."""
    document = report()
    start = document.document.text.index(COST)
    costs = Field("Kosten", COST, "cost", 1, start)
    items = tuple(
        replace(item, fields=(costs,), cost=COST) if item.key == NORTH else item
        for item in document.items
    )
    corrections = (
        correction(CorrectableField.STATUS, "implemented"),
        correction(CorrectableField.UNIT, "70 Umwelt"),
        correction(CorrectableField.COST, "1,5 Mio. Euro"),
        correction(CorrectableField.DATE, "2028-03-01"),
        correction(CorrectableField.PLACE, "Auental\nWeidenau"),
    )
    store = EditionStore(tmp_path_factory.mktemp("corrected"))
    store.publish((replace(document, items=items),))
    with closing(store.open().apply_decisions(corrections, ())) as edition:
        yield AnswerService(edition, load_settings(data_dir=store.root))


@cases("question", "said")
def test_what_was_corrected_says_so_and_is_no_quote(
    corrected: AnswerService, question: str, said: str
) -> None:
    answer = corrected.answer(ChatRequest(question=question))
    assert (
        said in answer.answer
        and COST not in answer.answer
        and say("wording.corrected") in answer.answer
    )
    assert all(cited.corrected for cited in answer.citations if cited.key == NORTH)
    values = {"1,5 Mio. Euro", "2028-03-01"}
    assert not any(cited.verbatim for cited in answer.citations if cited.quote in values)


def test_a_unit_has_the_name_that_the_report_gives_it_with_the_passage(ask: Ask) -> None:
    answer = ask("Wer ist für 5.1.2.1 zuständig?")
    assert "80.02 Mobilität, VLT" in answer.answer
    assert "80.02 Mobilität" in [citation.quote for citation in answer.citations]
