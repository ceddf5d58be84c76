"""The sample edition with what people said of it: real tables, a real service, real evaluation."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service.answering.service import AnswerService
from service.app import create_app
from service.cli.trial import attempt
from service.composition import make_holder
from service.people.decisions import Decision, Decisions, Outcome
from service.people.people import People
from service.people.told import Decided
from service.settings import Settings, load_settings
from tests.staff.signing_in import signed_in
from vectorstore.database import Database
from vectorstore.editions import EditionStore

HERE = "http://127.0.0.1"
REPORT = "lauterfeld-nachhaltigkeitsbericht-2026"
TODAY = date(2026, 11, 22)
BEFORE = Path(__file__).with_name("kept_before")
ClientFor = Callable[..., TestClient]


@pytest.fixture
def data(own_sample_data: Path) -> Path:
    """A data folder of one's own with the sample."""
    return own_sample_data


@pytest.fixture
def old_data(data: Path) -> Path:
    """The same with what the version before decisions kept there: see `kept_before`, made by that version."""
    shutil.copytree(BEFORE, data, dirs_exist_ok=True)
    script = (data / "operation.sql").read_text(encoding="utf-8")
    (data / "operation.sql").unlink()
    with closing(sqlite3.connect(data / "operation.sqlite")) as connection:
        connection.executescript(script)
    return data


@pytest.fixture
def client_for(data: Path) -> Iterator[ClientFor]:
    """Make a running service that keeps questions, its client signed in."""
    with_lifespan: list[TestClient] = []

    def made(**settings: object) -> TestClient:
        values = {"keep_questions": True, "rate_per_minute": 0, **settings}
        own = Settings(data_dir=data, **values)  # type: ignore[arg-type]
        app = create_app(own, make_holder(own), attempt=attempt)
        client = TestClient(app, base_url=HERE, client=("127.0.0.1", 1), raise_server_exceptions=False)
        client.__enter__()
        with_lifespan.append(client)
        return signed_in(client) if own.staff_access == "link" else client

    yield made
    for one in with_lifespan:
        one.__exit__(None, None, None)


@pytest.fixture
def client(client_for: ClientFor) -> TestClient:
    return client_for()


def people_of(client: TestClient) -> People:
    found: People = client.app.state.people  # type: ignore[attr-defined]
    return found


def ask(client: TestClient, question: str, **more: object) -> dict[str, object]:
    response = client.post("/api/v1/chat", json={"question": question, **more})
    assert response.status_code == 200
    answer: dict[str, object] = response.json()
    return answer


def rate(client: TestClient, answer: dict[str, object], *, helpful: bool) -> None:
    body = {"answer_id": answer["answer_id"], "helpful": helpful}
    assert client.post("/api/v1/feedback", json=body).status_code == 204


@pytest.fixture(scope="session")
def bare(sample_data: Path) -> Iterator[AnswerService]:
    """The service without decisions."""
    with closing(EditionStore(sample_data).open()) as edition:
        yield AnswerService(edition, load_settings(data_dir=sample_data))


@pytest.fixture
def kept(tmp_path: Path) -> Decisions:
    return Decisions(Database(tmp_path), lambda: TODAY)


@pytest.fixture
def service(bare: AnswerService, kept: Decisions) -> Iterator[AnswerService]:
    """The service with the decisions of `kept`, on a fixed day."""
    before, bare.decided = bare.decided, Decided(bare.parts, kept)
    yield bare
    bare.decided = before


def night_bus(**changes: object) -> Decision:
    """A valid text, with changes."""
    fields: dict[str, object] = {
        "outcome": Outcome.TEXT,
        "wordings": ("Bis wann fährt der Nachtbus?", "Wie lange fährt nachts noch ein Bus?"),
        "value": "Die drei Nachtlinien fahren freitags und samstags bis 3:30 Uhr. Eine Reservierung ist nicht nötig.",
        "items": ((REPORT, "5.1.1.1"),),
        "owner": "Stabsstelle Beteiligung",
        "valid_until": date(2027, 6, 30),
    }
    return Decision(**{**fields, **changes})  # type: ignore[arg-type]


@pytest.fixture
def make_kept(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Decisions]:
    """Make a store of its own each time."""
    return lambda: Decisions(Database(tmp_path_factory.mktemp("kept")), lambda: TODAY)
