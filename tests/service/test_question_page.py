"""The question page without scripts carries a conversation, which is read as the one of a client."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.service.county import motion, report
from tests.service.fakes import client_over

ASKED = "Welche Projekte gibt es?"
REPORT = "auenland-report"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with client_over(tmp_path_factory.mktemp("asking"), [report(), motion()]) as client:
        yield client


def hidden(page: str, name: str) -> list[str]:
    """The values of the hidden fields of a name."""
    found = re.findall(rf'<input type="hidden" name="{name}" value="([^"]*)">', page)
    return [html.unescape(value) for value in found]


def chat(client: TestClient, **body: Any) -> Any:
    return client.post("/api/v1/chat", json=body).json()


def test_the_next_question_refers_to_the_rows_of_the_answer(client: TestClient) -> None:
    assert hidden(client.get("/ask").text, "zuvor") == []
    page = client.get("/ask", params={"q": ASKED}).text
    rows = chat(client, question=ASKED)["data"]["rows"]
    fields = {"zuvor": hidden(page, "zuvor"), "gezeigt": hidden(page, "gezeigt")}
    assert fields["zuvor"] == [ASKED]
    assert fields["gezeigt"] == [f"{row['document_id']}/{row['key']}" for row in rows]
    following = client.get("/ask", params={"q": "Was ist das zweite?", **fields}).text
    assert rows[1]["title"] in following and 'id="antwort"' in following
    assert hidden(following, "zuvor") == [ASKED, "Was ist das zweite?"]
    assert hidden(following, "gezeigt") == fields["gezeigt"][1:2]


@pytest.mark.parametrize(
    "fields",
    [
        {"zuvor": ["x" * 2_000] * 6, "gezeigt": ["a/b"] * 1_000},
        {"zuvor": [""], "gezeigt": ["/", "a", "a/", "/b", "../../x", "a/b/c"]},
        {"gezeigt": [f"{REPORT}/2.1.2.3"]},
    ],
)
def test_a_made_up_conversation_is_no_error(
    client: TestClient, fields: dict[str, list[str]]
) -> None:
    asked = "Was ist der Lastenradverleih?"
    answered = client.get("/ask", params={"q": asked, **fields})
    assert answered.status_code == 200 and "Lastenradverleih" in answered.text


def test_a_history_adds_no_document_to_those_of_the_request(client: TestClient) -> None:
    cited = [[REPORT, row["key"]] for row in chat(client, question=ASKED)["data"]["rows"]]
    history = [
        {"role": "user", "content": ASKED},
        {"role": "assistant", "content": "2.1.2.3 Radschnellweg Nord [1]", "citations": cited},
    ]
    other = next(
        document["id"]
        for document in client.get("/api/v1/documents").json()["items"]
        if document["id"] != REPORT
    )
    for question in ("Was ist das zweite?", "Wo steht das?", "Welche davon sind nur Ideen?"):
        answer = chat(client, question=question, history=history, documents=[other])
        assert REPORT not in {cited["document_id"] for cited in answer["citations"]}, question
        assert all(record["document_id"] == other for record in answer["nearest"]), question
