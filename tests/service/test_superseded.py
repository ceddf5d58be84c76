"""Papers that another replaces answer only when asked for; what nobody confirmed is marked wherever
it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from starlette.testclient import TestClient

from prompts import say
from tests.replies import rows_of
from tests.service.county import report
from tests.service.fakes import client_over
from tests.service.partly_read import GUESSED, NEW, OLD, expired, guessed, new, old
from vectorstore.records import Catalogue

OLD_ID, NEW_ID = "auenland-wohnen-alt", "auenland-wohnen-neu"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    documents = [report(), guessed(), old(), new(), expired()]
    with client_over(
        tmp_path_factory.mktemp("superseded"), documents, staff_access="public"
    ) as client:
        yield client


def _asked(client: TestClient, question: str, **more: Any) -> Any:
    return client.post("/api/v1/chat", json={"question": question, **more}).json()


def _cited(answer: dict[str, Any]) -> set[str]:
    return {item["document_id"] for item in answer["citations"]}


def test_documents_tell_what_replaces_them(client: TestClient) -> None:
    documents = {item["id"]: item for item in client.get("/api/v1/documents").json()["items"]}
    assert documents[OLD_ID]["superseded"] and documents[OLD_ID]["replaced_by"] == {
        "ref": NEW_ID,
        "title": NEW,
    }
    assert (documents[NEW_ID]["superseded"], documents[NEW_ID]["series"]) == (False, "wohnen")
    assert documents[NEW_ID]["replaces"] == OLD_ID
    gone = documents["auenland-foerderung"]
    assert (gone["superseded"], gone["replaced_by"], gone["valid_until"]) == (
        True,
        None,
        "2020-12-31",
    )


@pytest.mark.parametrize("path", ["/api/v1/items?kind=measure", "/api/v1/facets?kind=measure"])
def test_lists_and_counts_leave_them_out(client: TestClient, path: str) -> None:
    assert client.get(path).json()["total"] == 2
    assert client.get(f"{path}&document={OLD_ID}").json()["total"] == 2
    assert client.get(f"{path}&document=auenland-foerderung").json()["total"] == 1
    assert client.get(f"{path}&document={NEW_ID}").json()["total"] == 1


def test_facets_and_the_staff_catalogue_leave_them_out(client: TestClient) -> None:
    values = [item["value"] for item in client.get("/api/v1/facets").json()["facets"]["document"]]
    assert values == ["auenland-hochwasser", "auenland-report", NEW_ID]
    assert "Zeltplatz" not in client.get("/staff/catalogue?kind=measure").text
    assert "Zeltplatz" in client.get(f"/staff/catalogue?document={OLD_ID}").text
    assert client.get("/api/v1/config").json()["documents"] == 3
    found = client.get("/api/v1/lookup", params={"q": "Wohnungstausch"}).json()
    assert {hit["document_id"] for hit in found["items"]} == {NEW_ID}


@pytest.mark.parametrize(
    "question",
    [
        "Was ist mit dem Wohnungstausch?",
        "Was wird für Gründächer getan?",
        "Gibt es einen Zeltplatz am Weiher?",
        "Was ist für 2015 geplant?",
        "Welche Maßnahmen stehen im Wohnraumkonzept?",
    ],
)
def test_questions_are_answered_from_what_is_in_force(client: TestClient, question: str) -> None:
    assert not _cited(_asked(client, question)) & {OLD_ID, "auenland-foerderung"}


def test_both_may_be_compared(client: TestClient) -> None:
    question = "Vergleiche die Maßnahmen im Wohnraumkonzept 2015 und im Wohnraumkonzept 2026 zum Wohnungstausch."
    assert _cited(_asked(client, question)) == {OLD_ID, NEW_ID}


@pytest.mark.parametrize(
    "question",
    [
        f"Welche Maßnahmen stehen im {OLD}?",
        "Welche Maßnahmen stehen im alten Wohnraumkonzept?",
    ],
)
def test_who_names_them_is_answered_and_told(client: TestClient, question: str) -> None:
    answer = _asked(client, question)
    assert _cited(answer) == {OLD_ID} and "Zeltplatz am Weiher" in answer["answer"]
    assert f"„{OLD}“ ist ersetzt durch „{NEW}“." in [item["text"] for item in answer["notices"]]


def test_who_chooses_or_names_what_is_not_in_force_is_answered(client: TestClient) -> None:
    chosen = _asked(client, "Gibt es einen Zeltplatz am Weiher?", documents=[OLD_ID])
    assert _cited(chosen) == {OLD_ID}, "the client may name them"
    expired = _asked(client, "Welche Maßnahmen hat das Förderprogramm Dachgrün?")
    assert _cited(expired) == {"auenland-foerderung"}
    assert say("answers.out_of_force", title="Förderprogramm Dachgrün") in [
        item["text"] for item in expired["notices"]
    ]


def test_papers_in_a_circle_and_of_unknown_successors_stay() -> None:
    first, second = old(), new()
    circle = replace(first, document=replace(first.document, replaces=NEW_ID))
    assert Catalogue([circle, second]).superseded == {}
    alone = Catalogue([second])
    assert alone.superseded == {} and alone.in_force is alone


def test_a_chain_leaves_the_last() -> None:
    last = replace(
        new(), document=replace(new().document, id="dritte", replaces=NEW_ID), items=(), chunks=()
    )
    assert Catalogue([old(), new(), last]).superseded == {OLD_ID: NEW_ID, NEW_ID: "dritte"}


@pytest.mark.parametrize(
    ("day", "gone"), [(date(2020, 12, 31), False), (date(2021, 1, 1), True), (None, False)]
)
def test_a_paper_is_valid_through_its_last_day(day: date | None, gone: bool) -> None:
    assert bool(Catalogue([expired()], day).superseded) is gone


ID = "auenland-hochwasser"


def test_documents_say_what_is_unconfirmed_and_what_is_not_known(client: TestClient) -> None:
    documents = {item["id"]: item for item in client.get("/api/v1/documents").json()["items"]}
    item = documents[ID]
    assert item["unconfirmed"] == ["title", "publisher", "status", "as_of"]
    assert (item["kind"], item["status"], item["as_of"]) == ("concept", None, "2025-05-04")
    assert documents["auenland-report"]["unconfirmed"] == []
    rows = {row["id"]: row for row in rows_of(client.get("/api/v1/documents?format=csv"))}
    row = rows[ID]
    assert (row["status"], row["unconfirmed"]) == ("", "title | publisher | status | as_of")


LINE = (
    "Titel unbestätigt · Kreis Auenland (unbestätigt) · Konzept · Verbindlichkeit nicht bekannt · "
    "Stand 04.05.2025 (unbestätigt)"
)


@pytest.mark.parametrize("path", ["/documents", f"/documents/{ID}", "/"])
def test_pages_mark_it(client: TestClient, path: str) -> None:
    assert LINE in client.get(path).text


def test_citations_carry_it(client: TestClient) -> None:
    answer = _asked(client, "Was ist mit dem Deichbau an der Aue?")
    (first, *_) = answer["citations"]
    assert first["document_id"] == ID and first["document_status"] is None
    assert first["unconfirmed"] == ["title", "publisher", "status", "as_of"]
    page = client.get("/ask", params={"q": "Was ist mit dem Deichbau an der Aue?"}).text
    assert "Verbindlichkeit nicht bekannt · Stand 04.05.2025 (unbestätigt)" in page


def test_answers_about_the_document_claim_nothing(client: TestClient) -> None:
    for question, statement in (
        (f"Von wann ist das {GUESSED}?", "04.05.2025"),
        (f"Von wem stammt das {GUESSED}?", "herausgegeben von Kreis Auenland – unbestätigt"),
    ):
        answer = _asked(client, question)
        assert answer["status"] == "answered" and statement in str(answer["answer"])
        assert "veröffentlicht" not in str(answer["answer"])
    answer = _asked(client, f"Ist das {GUESSED} schon beschlossen?")
    assert answer["status"] in ("found", "not_in_documents") and GUESSED in str(answer["answer"])
    assert not str(answer["answer"]).startswith(("Ja", "Noch nicht"))
