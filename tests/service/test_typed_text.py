"""Text from outside: composed and bounded at every entrance as search will see it, whatever Unicode
makes of it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Literal
from unicodedata import combining, normalize

import pytest
from httpx2 import Response
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from service import Settings
from service.app.application import create_app
from service.composition import make_holder
from service.office.uploads.receiving import LONGEST_NAME, safe_name
from tests.staff.signing_in import signed_in
from vectorstore import EditionStore

EXPANDING = [
    char for char in map(chr, range(sys.maxunicode + 1)) if len(normalize("NFKC", char)) > 1
]
SHORT, LONG = 500, 4000  # characters that an entrance takes
Send = Callable[[TestClient, str], Response]


def asked(**body: object) -> Send:
    return lambda client, text: client.post(
        "/api/v1/chat", json=json.loads(json.dumps(body).replace("TEXT", json.dumps(text)[1:-1]))
    )


def sought(path: str, name: str) -> Send:
    return lambda client, text: client.get(path, params={name: text})


def called(tool: str, name: str) -> Send:
    def send(client: TestClient, text: str) -> Response:
        call = {"name": tool, "arguments": {name: text}}
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
        return client.post("/mcp", json=message, headers={"Accept": "application/json"})

    return send


ENTRANCES: dict[str, Send] = {
    "question": asked(question="TEXT"),
    "turn": asked(question="Und dort?", history=[{"role": "user", "content": "TEXT"}]),
    "document": asked(question="Was?", documents=["TEXT"]),
    "question on the page": sought("/", "frage"),
    "search": sought("/api/v1/search", "q"),
    "lookup": sought("/api/v1/lookup", "q"),
    "topic": sought("/api/v1/items", "topic"),
    "words": sought("/api/v1/projects", "q"),
    "unit": sought("/api/v1/facets", "unit"),
    "progress": sought("/api/v1/progress", "theme"),
    "quote": sought("/documents/auenland-report/2.1.2.3", "quote"),
    "staff": sought("/staff/catalogue", "topic"),
    "staff's form": sought("/staff/decisions/new", "question"),
    "tool": called("search", "text"),
    "theme of a tool": called("records", "theme"),
}


@pytest.fixture(scope="module")
def client(store: EditionStore) -> Iterator[TestClient]:
    chosen = Settings(data_dir=store.root, rate_per_minute=0, mcp=True)
    app = create_app(chosen, make_holder(chosen))
    with TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 1)) as client:
        yield signed_in(client)


@given(st.text(EXPANDING, min_size=1, max_size=20), st.floats(0, 1))
@example("\ufdfa", 1.0)
@example("a \ufdfa", 0.0)
@example("\u0f73", 0.1)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@pytest.mark.parametrize("name", ENTRANCES)
def test_no_entrance_takes_more_than_search_will_see(
    client: TestClient, name: str, piece: str, share: float
) -> None:
    most = LONG if name in ("turn", "quote") else SHORT
    text = (piece * most)[: 1 + round(share * (most - 1))]
    response = ENTRANCES[name](client, text)
    assert response.status_code in (200, 422)
    seen = normalize("NFKC", text.strip())
    is_refused = re.search(rf"{most} (Zeichen|characters)", response.text) is not None
    if len(seen) > most:
        assert is_refused
    else:
        has_many_words = len(re.findall(r"\w+", seen)) > most / 2.5
        assert not is_refused or has_many_words or _longest_run_of_marks(seen) > 30


def _longest_run_of_marks(text: str) -> int:
    runs = groupby(text, key=lambda char: combining(char) > 0)
    return max((len(list(run)) for is_mark, run in runs if is_mark), default=0)


def test_what_is_too_long_is_said_in_both_languages(client: TestClient) -> None:
    question = {"question": "\ufdfa" * 28}
    response = client.post("/api/v1/chat", json=question)
    assert response.status_code == 422
    (error,) = response.json()["errors"]
    assert error["field"] == "question"
    assert error["message"].startswith("Höchstens 500 Zeichen und 200 Wörter")
    english = client.post("/api/v1/chat", json=question, headers={"Accept-Language": "en"})
    assert "At most 500 characters and 200 words" in english.text
    assert client.post("/api/v1/chat", json={"question": "a " * 201}).status_code == 422


def test_marks_without_end_are_refused_before_they_are_sorted(client: TestClient) -> None:
    marks = "\u0301\u0316" * 2000
    turn = {"role": "user", "content": marks}
    for body in ({"question": f"a{marks[:40]}"}, {"question": "Und?", "history": [turn]}):
        assert client.post("/api/v1/chat", json=body).status_code == 422


def test_a_wording_is_bounded_too(client: TestClient) -> None:
    form = {"kind": "gap", "wordings": "\ufdfa" * 20}
    response = client.post("/staff/decisions/new", data=form)
    assert response.status_code == 422 and "möglich sind 300" in response.text
    form = {"kind": "gap", "wordings": "\ufdfa" * 500}
    assert client.post("/staff/decisions/new", data=form).status_code == 422


def test_decomposed_umlauts_are_read_as_composed_ones(client: TestClient) -> None:
    def answers(form: Literal["NFC", "NFD"]) -> list[str]:
        topic = normalize(form, "Ladesäulen")
        turn = {"role": "user", "content": normalize(form, "Gibt es Ladesäulen für alle?")}
        chat = {"question": normalize(form, "Wer ist für das zuständig?"), "history": [turn]}
        found = client.get("/api/v1/items", params={"topic": topic}).json()
        named = client.get("/api/v1/items", params={"theme": normalize(form, "Mobilität")}).json()
        answer = client.post("/api/v1/chat", json=chat).json()
        refs = [item["ref"] for item in (*found["items"], *named["items"])]
        return [*refs, answer["answer"], client.get("/api/v1/lookup", params={"q": topic}).text]

    assert answers("NFD") == answers("NFC")
    assert len(answers("NFC")) > 3


@given(st.text(EXPANDING, max_size=1200))
def test_a_file_name_does_not_grow_either(text: str) -> None:
    name = safe_name(f"{text}.pdf")
    assert 0 < len(normalize("NFKC", name)) <= LONGEST_NAME
