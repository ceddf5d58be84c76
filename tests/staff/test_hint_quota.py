"""Hints of citizens: one client closes them for nobody else, waiting ones close them for nobody, staff settle many."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import delete, insert
from starlette.testclient import TestClient

from service.people.marks import MARKS, METADATA, MOST_OF_ONE, SHOWN, Marks
from tests.staff.conftest import ClientFor
from tests.staff.signing_in import signed_in
from vectorstore.database import Database
from vectorstore.editions import EditionStore

ITEM = "/documents/auenland-report/2.1.2.3/hint"


@pytest.fixture
def database(store: EditionStore) -> Iterator[Database]:
    database = Database(store.root)
    yield database
    with database.writing(METADATA) as connection:
        connection.execute(delete(MARKS))


def said(client: TestClient, address: str, text: str = "Stimmt nicht.") -> str:
    answer = client.post(ITEM, data={"text": text}, headers={"x-forwarded-for": address}, follow_redirects=False)
    assert answer.status_code == 303
    return answer.headers["location"].partition("hint=")[2].partition("#")[0]


def test_one_client_closes_hints_for_nobody_else(client_for: ClientFor, database: Database) -> None:
    client = client_for()
    assert [said(client, "198.51.100.7") for _ in range(100)] == ["kept"] * MOST_OF_ONE + ["many"] * (100 - MOST_OF_ONE)
    assert [said(client, f"2001:db8::{number:x}") for number in range(30)].count("kept") == MOST_OF_ONE  # one network
    assert said(client, "198.51.100.8") == "kept"
    assert said(client, "198.51.100.7", " ") == "empty"


def test_waiting_hints_close_nothing_and_many_are_settled_at_a_time(client_for: ClientFor, database: Database) -> None:
    hints = Marks(database)
    hints.keep("auenland-report", "2.1.2.3", "other", "Vom letzten Jahr.")
    row = {"moment": hints.all()[0].moment.replace(year=2020), "document_id": "auenland-report", "key": "2.1.2.3"}
    with database.writing(METADATA) as connection:
        connection.execute(insert(MARKS), [row | {"part": "other", "text": f"Alt {number}"} for number in range(1200)])
    client = signed_in(client_for())
    assert said(client, "198.51.100.9") == "kept"
    page = client.get("/staff/decisions").text
    assert "Hinweise (1202)" in page and page.count('name="numbers"') == SHOWN
    numbers = [one.id for one in hints.all(SHOWN)]
    assert client.post("/staff/hints/done", data={"numbers": numbers}, follow_redirects=False).status_code == 303
    assert hints.count() == 1202 - SHOWN and not {one.id for one in hints.all()} & set(numbers)
    for wrong in ("9" * 23, "0", "-1", "x"):
        assert client.post("/staff/hints/done", data={"numbers": wrong}).status_code == 422
    assert client.post("/staff/hints/done", follow_redirects=False).status_code == 303
