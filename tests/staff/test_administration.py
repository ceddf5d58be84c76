"""What runs here, what people thought of answers, who did what as page and CSV, and how many hints
are taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, insert
from starlette.testclient import TestClient

from service import Role
from service.people import (
    HINTS_OF_CLIENT,
    HINTS_SHOWN,
    AuditLog,
    FeedbackReason,
    FeedbackRequest,
    FeedbackStore,
    Hints,
)
from service.people.hints import HINTS
from tests.replies import rows_of
from tests.service.county import publish_report
from tests.staff.conftest import ClientFor, client_over
from tests.staff.signing_in import signed_in
from vectorstore import EditionStore
from vectorstore.storage import Database


@pytest.fixture
def own(tmp_path: Path) -> TestClient:
    """A client of a service with editions of its own."""
    return client_over(publish_report(tmp_path))


def test_what_runs_here_is_told(client_for: ClientFor, store: EditionStore) -> None:
    page = signed_in(client_for()).get("/staff/administration").text
    assert "keines; Antworten entstehen ohne" in page and "ollama pull" in page
    assert store.current_name() in page
    with_model = client_for(answer_model="openai:qwen3:8b@http://127.0.0.1:9/v1")
    text = signed_in(with_model).get("/staff/administration").text
    assert "qwen3:8b (127.0.0.1)" in text and "ollama pull" not in text
    reader = signed_in(client_for(), Role.READER).get("/staff/administration").text
    assert str(store.root) not in reader and "Version" in reader


def test_ratings_are_counted_by_day_and_reason(own: TestClient, tmp_path: Path) -> None:
    assert "Es gibt noch keine Bewertungen." in own.get("/staff/ratings").text
    store = FeedbackStore(Database(tmp_path))
    for number, reason in ((1, None), (2, FeedbackReason.WRONG)):
        given = FeedbackRequest(answer_id=f"{number:026}", helpful=number == 1, reason=reason)
        store.store_rating(given, "e", date(2026, 11, number + 2))
    page = own.get("/staff/ratings").text
    assert "1 Antwort hat geholfen, 1 nicht." in page and page.index("04.11.2026") < page.index(
        "03.11.2026"
    )


@pytest.fixture
def filled(client_for: ClientFor, tmp_path: Path) -> ClientFor:
    """Clients of a service whose log has notes of two days."""
    database = Database(tmp_path)
    for day, person, action, subject in (
        (1, "=Ada", "corrected", "klima/5.1"),
        (2, "Bo <b>", "ingested", "2026-11-02-1"),
        (2, "Bo <b>", "corrected", "klima/5.2"),
    ):
        moment = datetime(2026, 11, day, 23, 30, tzinfo=UTC)
        AuditLog(database, lambda moment=moment: moment).note(person, "editor", action, subject)  # type: ignore[misc]

    def made(*args: object, **settings: object) -> object:
        client = client_for(*args, **settings)
        client.app.state.audit = AuditLog(database)  # type: ignore[attr-defined]
        return client

    return made  # type: ignore[return-value]


def test_publishers_read_who_did_what(filled: ClientFor) -> None:
    page = signed_in(filled()).get("/staff/audit").text
    assert (
        "klima/5.1" in page
        and "02.11.2026 23:30:00" in page
        and "eingelesen" in page
        and "Redaktion" in page
    )
    assert "Bo &lt;b&gt;" in page and "Bo <b>" not in page and "angemeldet" in page
    assert "Das Protokoll beginnt am 01.11.2026. Einträge werden nach 730 Tagen gelöscht." in page
    assert page.index("klima/5.2") < page.index("klima/5.1")


def test_others_do_not(filled: ClientFor) -> None:
    for role, word in ((Role.READER, "Lesen"), (Role.EDITOR, "Redaktion")):
        client = signed_in(filled(), role)
        assert f"({word})" in client.get("/staff").text
        assert (
            client.get("/staff/audit").status_code
            == client.get("/staff/audit.csv").status_code
            == 403
        )
        assert "Protokoll</a>" not in client.get("/staff").text
    assert filled(staff_access="public").get("/staff/audit").status_code == 403


def test_the_file_holds_all_and_says_from_when_on(filled: ClientFor) -> None:
    response = signed_in(filled()).get("/staff/audit.csv")
    assert "'=Ada" in response.text and "protokoll" in response.headers["content-disposition"]
    rows = rows_of(response)
    assert [row["subject"] for row in rows][1:] == ["klima/5.2", "2026-11-02-1", "klima/5.1"]
    assert rows[-1]["moment"] == "2026-11-01T23:30:00+00:00"


ITEM = "/documents/auenland-report/2.1.2.3/hint"


@pytest.fixture
def database(store: EditionStore) -> Iterator[Database]:
    database = Database(store.root)
    yield database
    with database.writing() as connection:
        connection.execute(delete(HINTS))


def said(client: TestClient, address: str, text: str = "Stimmt nicht.") -> str:
    answer = client.post(
        ITEM, data={"text": text}, headers={"x-forwarded-for": address}, follow_redirects=False
    )
    assert answer.status_code == 303
    return answer.headers["location"].partition("hint=")[2].partition("#")[0]


def test_one_client_closes_hints_for_nobody_else(client_for: ClientFor, database: Database) -> None:
    client = client_for()
    expected = ["kept"] * HINTS_OF_CLIENT + ["many"] * (100 - HINTS_OF_CLIENT)
    assert [said(client, "198.51.100.7") for _ in range(100)] == expected
    network = [said(client, f"2001:db8::{number:x}") for number in range(30)]
    assert network.count("kept") == HINTS_OF_CLIENT
    assert said(client, "198.51.100.8") == "kept"
    assert said(client, "198.51.100.7", " ") == "empty"


def test_waiting_hints_close_nothing_and_many_are_settled_at_a_time(
    client_for: ClientFor, database: Database
) -> None:
    hints = Hints(database)
    hints.store("auenland-report", "2.1.2.3", "other", "Vom letzten Jahr.")
    row = {
        "moment": hints.all()[0].moment.replace(year=2020),
        "document_id": "auenland-report",
        "key": "2.1.2.3",
    }
    with database.writing() as connection:
        connection.execute(
            insert(HINTS),
            [row | {"part": "other", "text": f"Alt {number}"} for number in range(1200)],
        )
    client = signed_in(client_for())
    assert said(client, "198.51.100.9") == "kept"
    page = client.get("/staff/decisions").text
    assert "Hinweise (1202)" in page and page.count('name="numbers"') == HINTS_SHOWN
    numbers = [item.id for item in hints.all(HINTS_SHOWN)]
    assert (
        client.post(
            "/staff/hints/done", data={"numbers": numbers}, follow_redirects=False
        ).status_code
        == 303
    )
    assert hints.count() == 1202 - HINTS_SHOWN and not {item.id for item in hints.all()} & set(
        numbers
    )
    for wrong in ("9" * 23, "0", "-1", "x"):
        assert client.post("/staff/hints/done", data={"numbers": wrong}).status_code == 422
    assert client.post("/staff/hints/done", follow_redirects=False).status_code == 303
