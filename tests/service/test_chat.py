"""POST /chat, GET /lookup and the start page: shapes as the contract prints them; all is told as
made automatically.
"""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from prompts import say
from service.records import (
    Answer,
    AnswerData,
    AnswerMode,
    AnswerStatus,
    DataKind,
    GeneratedBy,
    Receipt,
    labels,
)
from service.web import disclosure_header
from tests.ingest.cases import cases
from tests.wording import words_of

QUESTION = {"question": "Was ist der Lastenradverleih?"}
PLAIN = {"kind": "automatic", "model": None}
ANSWER_FIELDS = {
    "answer_id", "status", "mode", "language", "corpus_edition", "answer", "citations", "data", "nearest",
    "suggestions", "notices", "receipt", "generated_by", "timings_ms",
}  # fmt: skip
CITATION_FIELDS = {
    "marker", "document_id", "document_title", "publisher", "document_status", "as_of", "kind", "ref", "key", "title",
    "item_status", "page", "page_label", "quote", "url", "source_url", "unconfirmed",
}  # fmt: skip


def ask(client: TestClient, **body: Any) -> Any:
    return client.post("/api/v1/chat", json=body)


def events(text: str) -> list[tuple[str, Any]]:
    """Read server-sent events."""
    blocks = [block.split("\n") for block in text.strip().split("\n\n")]
    return [
        (name.removeprefix("event: "), json.loads(data.removeprefix("data: ")))
        for name, data in blocks
    ]


def test_answer_has_exactly_the_fields_of_the_contract(client: TestClient) -> None:
    response = ask(client, **QUESTION)
    answer = response.json()
    assert set(answer) == ANSWER_FIELDS and answer["generated_by"] == PLAIN
    assert response.headers["AI-Disclosure"] == "mode=machine-generated, kind=automatic"
    (citation,) = answer["citations"]
    assert set(citation) == CITATION_FIELDS
    assert (
        citation["url"] == "/documents/auenland-report/2.1.4.1"
        and citation["as_of"] == "2026-03-01"
    )
    assert (citation["kind"], citation["item_status"], citation["page"]) == ("project", "idea", 2)
    assert set(answer["receipt"]) == {"pipeline", "settings", "model", "prompts"}


def test_non_answer_has_no_mode_and_no_citations_and_is_told_as_made_automatically_too(
    client: TestClient,
) -> None:
    response = ask(client, question="Wie wird das Wetter?")
    answer = response.json()
    assert (answer["status"], answer["mode"], answer["citations"]) == ("not_in_documents", None, [])
    assert answer["generated_by"] == PLAIN
    assert response.headers["AI-Disclosure"] == "mode=machine-generated, kind=automatic"


@pytest.mark.parametrize(
    "extra",
    [
        {
            "history": [{"role": "user", "content": "Und?"}] * 30,
            "language": "uk",
            "style": "einfach",
        },
        {"language": None, "documents": None},
        {"documents": []},
        {"question": "ä" * 500, "documents": ["auenland-report"], "something": "else"},
    ],
)
def test_optional_fields(client: TestClient, extra: dict[str, Any]) -> None:
    assert ask(client, **QUESTION | extra).status_code == 200


@cases("body", "field")
def test_invalid_input_names_the_field(client: TestClient, body: Any, field: str) -> None:
    response = client.post("/api/v1/chat", json=body)
    assert response.status_code == 422
    streamed = client.post("/api/v1/chat", json=body, headers={"Accept": "text/event-stream"})
    assert streamed.status_code == 422, "a stream does not begin"
    assert field in [error["field"] for error in response.json()["errors"]]


def test_stream_sends_each_citation_before_its_sentence_and_ends_with_the_answer(
    client: TestClient,
) -> None:
    response = client.post("/api/v1/chat", json=QUESTION, headers={"Accept": "text/event-stream"})
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["AI-Disclosure"] == "mode=machine-generated"
    found = events(response.text)
    assert [name for name, _ in found] == ["citation", "sentence", "sentence", "done"]
    whole = found[-1][1]
    assert set(whole) == ANSWER_FIELDS and whole["generated_by"] == PLAIN
    assert "".join(data["text"] for name, data in found if name == "sentence") == whole["answer"]
    assert (found[0][1], found[1][1]["markers"]) == (whole["citations"][0], [1])


def test_stream_sends_steps_in_one_short_line_before_the_answer(
    client: TestClient,
) -> None:
    question = {"question": f"{QUESTION['question']} nacheinander"}
    response = client.post("/api/v1/chat", json=question, headers={"Accept": "text/event-stream"})
    found = events(response.text)
    assert [name for name, _ in found] == ["step", "citation", "sentence", "sentence", "done"]
    (_, step), *_ = found
    assert step["tool"] == "search" and step["text"].startswith(
        "sucht nach „Lastenradverleih“ und mehr"
    )
    assert len(step["text"]) <= 120 and step["text"].endswith(" …")
    assert (
        "".join(data["text"] for name, data in found if name == "sentence")
        == found[-1][1]["answer"]
    )


def test_stream_tells_an_unexpected_error_as_an_event(client: TestClient) -> None:
    response = client.post(
        "/api/v1/chat", json={"question": "kaputt"}, headers={"Accept": "text/event-stream"}
    )
    ((name, problem),) = events(response.text)
    assert (name, problem["status"]) == ("error", 500)
    assert "kaputt" not in response.text


def test_lookup_gives_records_with_reasons(client: TestClient) -> None:
    result = client.get("/api/v1/lookup", params={"q": "lastenrad"}).json()
    assert set(result) == {
        "query",
        "covered",
        "items",
        "nearest",
        "total",
        "page",
        "page_size",
        "corpus_edition",
    }
    assert result["covered"] is True
    assert {"score", "why", "passage", "ref", "url"} <= set(result["items"][0])


COLUMNS = ["ref", "title", "kind", "status", "theme", "document"]


def row(place: int, status: str | None, theme: str | None, document: str) -> dict[str, Any]:
    return {"document_id": document.lower(), "ref": str(place), "title": f"Vorhaben {place}", "kind": "project",
            "status": status, "theme": theme, "document": document, "citations": []}  # fmt: skip


ROWS = [
    row(1, "implemented", "Klima", "Bericht"),
    row(2, "idea", "Bus", "Strategie"),
    row(3, None, None, "Strategie"),
    row(4, "idea", "Klima", "Strategie"),
]


def counted(groups: list[Any]) -> list[tuple[str, str, int]]:
    return [(group.id, group.title, group.count) for group in groups]


def test_an_overview_counts_its_rows() -> None:
    groups = AnswerData(kind=DataKind.OVERVIEW, columns=COLUMNS, rows=ROWS, total=4).groups
    assert groups is not None
    assert counted(groups.document) == [("strategie", "Strategie", 3), ("bericht", "Bericht", 1)]
    assert counted(groups.theme) == [("Klima", "Klima", 2), ("Bus", "Bus", 1)]
    assert counted(groups.status) == [("idea", "idea", 2), ("implemented", "implemented", 1)]


def test_the_page_says_it_in_a_sentence_in_its_markup_and_in_the_header(client: TestClient) -> None:
    response = client.get("/ask", params={"q": QUESTION["question"]})
    assert labels.GENERATED["automatic"] in response.text
    assert 'data-generated-by="automatic"' in response.text
    assert (
        'content="http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"' in response.text
    )
    assert response.headers["AI-Disclosure"] == "mode=machine-generated, kind=automatic"
    assert "AI-Disclosure" not in client.get("/ask").headers


@pytest.mark.parametrize("mode", [AnswerMode.COMPUTED, None])
def test_a_language_model_is_named_in_every_mode(mode: AnswerMode | None) -> None:
    receipt = Receipt(pipeline="1", settings="-", model="mistral-small")
    answer = Answer(
        answer_id="01J", status=AnswerStatus.ANSWERED, mode=mode, language="de", corpus_edition="1", answer="Ja [1].",
        receipt=receipt,
    )  # fmt: skip
    assert answer.generated_by == GeneratedBy(kind="language_model", model="mistral-small")
    assert disclosure_header(answer.generated_by)["AI-Disclosure"].endswith(
        'kind=language_model, model="mistral-small"'
    )
    assert labels.format_disclosure(answer.generated_by).endswith(
        "mit einem KI-Sprachmodell (mistral-small)."
    )


def test_a_models_name_cannot_break_the_header() -> None:
    header = disclosure_header(GeneratedBy(kind="language_model", model='a"\r\nX: y'))[
        "AI-Disclosure"
    ]
    assert header.endswith('model="a%22%0D%0AX: y"')


def test_the_chat_is_what_a_normal_installation_shows(client: TestClient) -> None:
    page = client.get("/").text
    assert '<strategielotse-chat mode="page"' in page and 'src="/widget.js"' in page
    assert client.get("/chat").text == page
    statement = words_of(page)
    for part in (
        "Kreis Auenland",
        "Nachhaltigkeitsbericht Kreis Auenland",
        "Stand 01.03.2026",
        "Beispieldaten",
    ):
        assert part in statement
    assert say("settings.default_contact") in statement


def test_without_scripts_a_form_asks_and_the_server_answers(client: TestClient) -> None:
    page = client.get("/").text
    assert re.search(r'<form[^>]* action="/" method="get"', page) and 'name="frage"' in page
    answered = client.get("/", params={"frage": QUESTION["question"]})
    assert answered.status_code == 200
    assert 'class="answer-text"' in answered.text and "Lastenradverleih" in words_of(answered.text)
    assert words_of(answered.text) == words_of(
        client.get("/ask", params={"q": QUESTION["question"]}).text
    )
    assert client.get("/", params={"frage": "x" * 501}).status_code == 422
    links = [html.unescape(match) for match in re.findall(r'<li><a href="(/\?frage=[^"]+)"', page)]
    assert links and client.get(links[-1]).status_code == 200
