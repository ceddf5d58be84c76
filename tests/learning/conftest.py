"""The invented county with questions kept, decided on and tried: real tables, a real edition, real evaluation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.cli_learn_trial import attempt
from service.composition import make_holder
from service.learning.learning import Learning
from service.settings import Settings
from tests.service.county import motion, report
from tests.staff.signing_in import signed_in
from vectorstore.editions import EditionStore

HERE = "http://127.0.0.1"
ClientFor = Callable[..., TestClient]


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> EditionStore:
    store = EditionStore(tmp_path_factory.mktemp("learning"))
    store.publish([report(), motion()])
    return store


@pytest.fixture
def data(published: EditionStore, tmp_path: Path) -> Path:
    """A data folder of one's own with the county's edition."""
    import shutil

    folder = tmp_path / "data"
    shutil.copytree(published.root, folder)
    return folder


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


def learning_of(client: TestClient) -> Learning:
    found: Learning = client.app.state.learning  # type: ignore[attr-defined]
    return found


def ask(client: TestClient, question: str, **more: object) -> dict[str, object]:
    response = client.post("/api/v1/chat", json={"question": question, **more})
    assert response.status_code == 200
    answer: dict[str, object] = response.json()
    return answer


def rate(client: TestClient, answer: dict[str, object], *, helpful: bool) -> None:
    body = {"answer_id": answer["answer_id"], "helpful": helpful}
    assert client.post("/api/v1/feedback", json=body).status_code == 204
