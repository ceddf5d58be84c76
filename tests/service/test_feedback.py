"""Ratings: one per answer, counted by day, and nothing of a person in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from service import AnswerIds
from service.people import FeedbackRequest, FeedbackStore
from tests.ingest.cases import cases
from tests.replies import problem_of
from tests.service.county import publish_report
from tests.service.fakes import client_for
from vectorstore import EditionStore
from vectorstore.storage import Database
from vectorstore.storage.database import FILE

FEEDBACK = "/api/v1/feedback"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return publish_report(tmp_path)


@pytest.fixture
def client(data: Path) -> Iterator[TestClient]:
    with client_for(EditionStore(data)) as client:
        yield client


def issued(client: TestClient) -> str:
    """An answer's id as this service issues them."""
    return str(client.app.state.answer_ids.issue())  # type: ignore[attr-defined]


def rows(data: Path) -> list[tuple[Any, ...]]:
    with sqlite3.connect(data / FILE) as connection:
        found = connection.execute("select * from rating").fetchall()
    connection.close()
    return found


def test_a_rating_is_kept(client: TestClient, data: Path) -> None:
    answer_id = issued(client)
    body = {"answer_id": answer_id, "helpful": False, "reason": "outdated"}
    response = client.post(FEEDBACK, json=body)
    assert (response.status_code, response.content) == (204, b"")
    ((answer, helpful, reason, edition, day),) = rows(data)
    assert (helpful, reason, day) == (0, "outdated", date.today().isoformat())
    assert edition == EditionStore(data).current_name()
    assert len(answer) == 64 and answer_id.lower() not in answer


def test_the_last_rating_of_an_answer_counts(client: TestClient, data: Path) -> None:
    answer_id = issued(client)
    for body in (
        {"helpful": False, "reason": "wrong"},
        {"helpful": False},
        {"helpful": True},
        {"helpful": True},
    ):
        assert client.post(FEEDBACK, json={"answer_id": answer_id, **body}).status_code == 204
    assert [row[1:3] for row in rows(data)] == [(1, None)]
    assert (
        client.post(FEEDBACK, json={"answer_id": issued(client), "helpful": True}).status_code
        == 204
    )
    assert len(rows(data)) == 2


def test_many_at_once_are_all_kept(data: Path) -> None:
    ids = [AnswerIds().issue() for _ in range(24)]

    def keep(answer_id: str) -> None:
        rating = FeedbackRequest(answer_id=answer_id, helpful=True)
        FeedbackStore(Database(data)).store_rating(rating, "1", date.today())

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(keep, ids * 2))
    assert len(rows(data)) == len(ids)


def test_nothing_of_the_person_or_the_moment_is_in_the_file(client: TestClient, data: Path) -> None:
    answer_id = issued(client)
    body = {"answer_id": answer_id, "helpful": True, "question": "Gartenzwerg4711", "name": "Erika"}
    client.post(FEEDBACK, json=body, headers={"X-Forwarded-For": "198.51.100.77"})
    content = (data / FILE).read_bytes()
    for word in ("Gartenzwerg4711", "Erika", "198.51.100.77", answer_id, answer_id[:10]):
        assert word.encode() not in content
    assert not any(":" in str(value) for row in rows(data) for value in row), "no time of day"


@cases("body", "field")
def test_wrong_ratings_are_refused(
    client: TestClient, data: Path, body: dict[str, object], field: str
) -> None:
    check_refused(client, data, {"answer_id": issued(client), **body}, field)


def test_a_text_that_is_too_long_is_refused(client: TestClient, data: Path) -> None:
    body = {"answer_id": issued(client), "helpful": False, "text": "x" * 2001}
    check_refused(client, data, body, "text")


def check_refused(client: TestClient, data: Path, body: dict[str, object], field: str) -> None:
    """Fail unless a rating is refused for a field, and none is kept."""
    response = client.post(FEEDBACK, json=body)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert FeedbackStore(Database(data)).counts() == {}


def test_a_file_that_is_none_is_told(client: TestClient, data: Path) -> None:
    (data / FILE).write_bytes(b"no database" * 100)
    response = client.post(FEEDBACK, json={"answer_id": issued(client), "helpful": True})
    assert problem_of(response) == (503, "database-away")
