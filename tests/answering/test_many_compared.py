"""Comparisons of more papers than anybody reads: passages of those that say most, a row for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from service.answering.service import AnswerService
from service.models import Answer, AnswerMode, ChatRequest
from service.settings import load_settings
from tests.answering.series import paper, project
from tests.answering.shapes import data
from tests.service.county import parsed
from vectorstore.editions import EditionStore
from vectorstore.records import ItemKind, ItemStatus, ParsedDocument

PAPERS, TOLD, SILENT = 60, 50, 5
QUESTION = "Was sagt der Nachhaltigkeitsbericht im Vergleich zum Radschnellweg?"


def _paper(number: int) -> ParsedDocument:
    """A report with a project on the topic and another; the last ones have only the other."""
    front = {
        "kind": ItemKind.SECTION,
        "key": "Titel",
        "ref": "Titel",
        "title": f"Nachhaltigkeitsbericht Ort{number:02}au",
    }
    other = project("2.2", "Lastenradverleih", ItemStatus.PLANNED)
    asked = project("2.1", "Radschnellweg", ItemStatus.IDEA)
    document = replace(
        paper(2024),
        id=f"ort-{number:02}",
        title=str(front["title"]),
        publisher=f"Stadt Ort{number:02}au",
        series=None,
    )
    return parsed(document, [front, other] if number >= PAPERS - SILENT else [front, asked, other])


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnswerService]:
    store = EditionStore(tmp_path_factory.mktemp("many"))
    store.publish([_paper(number) for number in range(PAPERS)])
    edition = store.open()
    yield AnswerService(edition, load_settings(data_dir=store.root))
    edition.close()


@pytest.fixture(scope="module")
def compared(many: AnswerService) -> Answer:
    return many.answer(ChatRequest(question=QUESTION))


def test_every_paper_has_a_row(compared: Answer) -> None:
    assert compared.mode is AnswerMode.EXTRACTIVE
    rows = data(compared).rows
    assert [row["document_id"] for row in rows] == [f"ort-{number:02}" for number in range(PAPERS)]
    assert data(compared).total == PAPERS
    assert [row["silent"] for row in rows] == [False] * (PAPERS - SILENT) + [True] * SILENT


def test_rows_that_are_not_told_are_proven_too(compared: Answer) -> None:
    by_marker = {one.marker: one.document_id for one in compared.citations}
    for row in data(compared).rows:
        assert {by_marker[marker] for marker in row["citations"]} == (set() if row["silent"] else {row["document_id"]})


def test_so_many_are_told_and_the_answer_says_of_how_many(compared: Answer) -> None:
    told = [number for number in range(PAPERS) if f"Nachhaltigkeitsbericht Ort{number:02}au" in compared.answer]
    assert len(told) == TOLD
    assert f"die {TOLD} von {PAPERS} Papieren" in compared.answer
    assert "Dazu steht hier nichts" not in compared.answer  # what says something comes before what is silent


def test_few_that_are_chosen_are_told_whole(many: AnswerService) -> None:
    answer = many.answer(ChatRequest(question=QUESTION, documents=["ort-03", "ort-57"]))
    assert {row["document_id"] for row in data(answer).rows} == {"ort-03", "ort-57"}
    assert "von 60 Papieren" not in answer.answer


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"language": "en"}, "50 of 60 papers"), ({"style": "einfach"}, "Das sagen 50 von 60 Papieren.")],
)
def test_it_is_said_in_english_and_in_easy_words(many: AnswerService, fields: dict[str, str], said: str) -> None:
    assert said in many.answer(ChatRequest.model_validate({"question": QUESTION, **fields})).answer
