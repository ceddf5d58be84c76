"""Every answer says for people and machines that it was made automatically (AI Act, Art. 50)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.models import Answer, AnswerMode, AnswerStatus, GeneratedBy, Receipt
from service.pages import labels
from service.stream import disclosed
from service.terminal.output import out, print_answer

QUESTIONS = ["Was ist der Lastenradverleih?", "Wie wird das Wetter?"]
PLAIN = {"kind": "automatic", "model": None}


def made(model: str | None = None, **fields: Any) -> Answer:
    return Answer(
        answer_id="01J",
        status=AnswerStatus.ANSWERED,
        language="de",
        corpus_edition="1",
        answer="Ja [1].",
        receipt=Receipt(pipeline="1", settings="-", model=model),
        **fields,
    )


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_and_non_answers_bear_the_mark_and_the_header(client: TestClient, question: str) -> None:
    response = client.post("/api/v1/chat", json={"question": question})
    assert response.json()["generated_by"] == PLAIN
    assert response.headers["AI-Disclosure"] == "mode=machine-generated, kind=automatic"


def test_the_stream_bears_both(client: TestClient) -> None:
    response = client.post("/api/v1/chat", json={"question": QUESTIONS[0]}, headers={"Accept": "text/event-stream"})
    done = response.text.strip().split("\n\n")[-1]
    assert response.headers["AI-Disclosure"] == "mode=machine-generated"
    assert done.startswith("event: done")
    assert json.loads(done.partition("data: ")[2])["generated_by"] == PLAIN


def test_the_page_says_it_in_a_sentence_in_its_markup_and_in_the_header(client: TestClient) -> None:
    response = client.get("/ask", params={"q": QUESTIONS[0]})
    assert labels.GENERATED["automatic"] in response.text
    assert 'data-generated-by="automatic"' in response.text
    assert 'content="http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"' in response.text
    assert response.headers["AI-Disclosure"] == "mode=machine-generated, kind=automatic"
    assert "AI-Disclosure" not in client.get("/ask").headers


@pytest.mark.parametrize("mode", [*AnswerMode, None])
def test_a_language_model_is_named_in_every_mode(mode: AnswerMode | None) -> None:
    answer = made("mistral-small", mode=mode)
    assert answer.generated_by == GeneratedBy(kind="language_model", model="mistral-small")
    assert disclosed(answer.generated_by)["AI-Disclosure"].endswith('kind=language_model, model="mistral-small"')
    assert labels.generated_line(answer.generated_by).endswith("mit einem KI-Sprachmodell (mistral-small).")


def test_a_models_name_cannot_break_the_header() -> None:
    header = disclosed(GeneratedBy(kind="language_model", model='a"\r\nX: y'))["AI-Disclosure"]
    assert header.endswith('model="a%22%0D%0AX: y"')


def test_the_command_line_says_it() -> None:
    with out.capture() as said:
        print_answer(made("mistral-small"))
    assert "mit einem KI-Sprachmodell (mistral-small)" in said.get().replace("\n", " ")
