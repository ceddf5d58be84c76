"""The query is a closed form: it round-trips through JSON, and nothing behind it reads the question."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.answering.corpus import Corpus
from service.answering.pipeline import (
    check,
    claim,
    compose,
    fall_back,
    find,
    judge_scope,
    run,
    understand_question,
    verify,
)
from service.answering.query_schema import from_json, query_schema, to_json
from service.answering.service import AnswerService
from service.answering.understanding.conversation import understood
from service.models import AnswerStatus, ChatRequest, Turn
from tests.answering.conftest import Understand

CASES = Path(__file__).parent / "cases"
LINES = [line for path in sorted(CASES.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
QUESTIONS = [json.loads(line)["ask"] for line in LINES]
WORDED = [
    "Wie viele Projekte sind nicht umgesetzt und wer ist dafür zuständig?",
    "Welche drei Kommunen bekommen bis 2027 mehr als 1,5 Mio. Euro?",
    "Was fordert Punkt II, und wie weit ist 5.1.2.1?",
    "Vergleiche, was der Leitbild-Entwurf und die Strategischen Ziele zur Pflege sagen.",
    "Welches Thema hat die meisten Wohnprojekte, und wie hoch ist ihr Anteil in Prozent?",
    "Wann wurde das Leitbild beschlossen und von wem ist der Antrag?",
    "",
    "?!",
]


def test_a_query_survives_json(read: Understand, corpus: Corpus) -> None:
    for question in (*QUESTIONS[::3], *WORDED):
        query = read(question)
        assert from_json(to_json(query)) == query, question
    history = [
        Turn(role="user", content="Welche Mobilitätsprojekte sind geplant?"),
        Turn(role="assistant", content="Eines: 5.1.3.1 Reaktivierung der Bahnstrecke nach Mühlenranft [1]."),
    ]
    query = understood("Und welche in Bildung?", history, corpus, "de", None).query
    assert from_json(to_json(query)) == query


@pytest.mark.parametrize(
    "change", [{"text": "Was?"}, {"intent": "poem"}, {"topic": [{"text": "Bus"}]}, {"refs": ["1"]}]
)
def test_what_is_not_in_the_form_is_refused(change: dict[str, object]) -> None:
    form: dict[str, object] = {"searched": "Bus", "language": "de", "spoken": "de", "intent": "fact"}
    assert from_json(json.dumps(form)).searched == "Bus"
    with pytest.raises(ValueError, match="validation error"):
        from_json(json.dumps({**form, **change}))


def test_the_form_is_closed_and_described() -> None:
    schema = query_schema()
    for one in _objects(schema):
        assert one["additionalProperties"] is False and one.get("description")


def _objects(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    yield from (one for one in schema["$defs"].values() if one["type"] == "object")


def test_names_of_documents_and_counties_are_not_searched(read: Understand) -> None:
    query = read("Was sagt der Nachhaltigkeitsbericht des Kreises Lauterfeld zum Radverkehr?")
    assert "Lauterfeld" not in query.searched and "Nachhaltigkeitsbericht" not in query.searched
    assert "Radverkehr" in query.searched


def test_the_answer_is_made_from_the_form_alone(service: AnswerService) -> None:
    for question in (*QUESTIONS[::12], *WORDED[:6]):
        told, blind = service.work(ChatRequest(question=question)), service.work(ChatRequest(question=question))
        for step in (check, understand_question):
            step(blind)
        if blind.query is not None:
            blind.query = from_json(to_json(blind.query))
        blind.request = ChatRequest(question="?")
        for step in (find, judge_scope, compose):
            if blind.draft is None:
                step(blind)
        claim(blind)
        verify(blind)
        if blind.draft is not None and blind.draft.status is AnswerStatus.UNAVAILABLE:
            fall_back(blind)
        assert blind.draft == run(told), question
