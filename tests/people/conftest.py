"""The sample edition with what people said of it: real tables, a real service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from service import Settings
from service.answering import AnswerService
from service.app.application import create_app
from service.cli.ingestion.uploads import UploadReader
from service.composition import make_holder
from service.people import DecidedQuestions, Decision, DecisionKind, PeopleStore
from tests.staff.signing_in import signed_in

HERE = "http://127.0.0.1"
REPORT = "lauterfeld-nachhaltigkeitsbericht-2026"
TODAY = date(2026, 11, 22)
ClientFor = Callable[..., TestClient]
Decide = Callable[[Decision], None]


@pytest.fixture
def data(own_sample_data: Path) -> Path:
    """A data folder of one's own with the sample."""
    return own_sample_data


@pytest.fixture
def client_for(data: Path) -> Iterator[ClientFor]:
    """Make a running service that keeps questions, its client signed in."""
    with ExitStack() as opened:

        def made(**settings: object) -> TestClient:
            values = {"keep_questions_days": 90, "rate_per_minute": 0, **settings}
            own = Settings(data_dir=data, **values)  # type: ignore[arg-type]
            app = create_app(own, make_holder(own), reader=UploadReader(own))
            client = TestClient(
                app, base_url=HERE, client=("127.0.0.1", 1), raise_server_exceptions=False
            )
            opened.enter_context(client)
            return signed_in(client) if own.staff_access == "link" else client

        yield made


@pytest.fixture
def client(client_for: ClientFor) -> TestClient:
    return client_for()


def people_of(client: TestClient) -> PeopleStore:
    found: PeopleStore = client.app.state.people  # type: ignore[attr-defined]
    return found


def ask(client: TestClient, question: str, **more: object) -> dict[str, Any]:
    response = client.post("/api/v1/chat", json={"question": question, **more})
    assert response.status_code == 200
    answer: dict[str, Any] = response.json()
    return answer


def rate(
    client: TestClient, answer: dict[str, Any], *, helpful: bool, reason: str | None = None
) -> None:
    body = {"answer_id": answer["answer_id"], "helpful": helpful, "reason": reason}
    assert client.post("/api/v1/feedback", json=body).status_code == 204


@pytest.fixture
def service(sample_service: AnswerService) -> Iterator[AnswerService]:
    """The service, without decisions again after the test."""
    yield sample_service
    sample_service.decided = None


@pytest.fixture
def decide(service: AnswerService) -> Decide:
    """Have the service know a decision, on a fixed day."""

    def made(decision: Decision) -> None:
        service.decided = DecidedQuestions(service.parts, [replace(decision, id=1)], lambda: TODAY)

    return made


def night_bus(**changes: object) -> Decision:
    """A valid text, with changes."""
    fields: dict[str, object] = {
        "kind": DecisionKind.TEXT,
        "wordings": ("Bis wann fährt der Nachtbus?", "Wie lange fährt nachts noch ein Bus?"),
        "value": "Die drei Nachtlinien fahren freitags und samstags bis 3:30 Uhr. Eine Reservierung ist nicht nötig.",
        "items": ((REPORT, "5.1.1.1"),),
        "owner": "Stabsstelle Beteiligung",
        "until": date(2027, 6, 30),
    }
    return Decision(**{**fields, **changes})  # type: ignore[arg-type]
