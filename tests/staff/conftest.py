"""Real editions with the real answer pipeline: the invented county with a hostile report, and the sample corpus."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete
from starlette.testclient import TestClient

from ingest.job import IngestRequest, run_ingest
from service.app import create_app
from service.cli_uploads import UploadReader
from service.composition import make_holder
from service.edition_holder import EditionHolder
from service.settings import Settings
from service.staff.failures import FAILURES
from service.staff.failures import METADATA as FAILED
from tests.service.county import motion, report
from tests.staff.county import hostile, report_of
from tests.staff.signing_in import signed_in
from vectorstore.database import Database
from vectorstore.editions import EditionStore

SAMPLE = Path(__file__).parents[2] / "ingest" / "sample" / "corpus.toml"
LOOPBACK = "127.0.0.1"
HERE = "http://127.0.0.1"
ClientFor = Callable[..., TestClient]


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> EditionStore:
    store = EditionStore(tmp_path_factory.mktemp("staff"))
    documents = [report(), motion(), hostile()]
    store.publish(documents, report=report_of(*documents))
    return store


@pytest.fixture(scope="session")
def holder(store: EditionStore) -> EditionHolder:
    made = make_holder(Settings(data_dir=store.root))
    made.refresh()  # outside of a request, whose time is limited
    return made


@pytest.fixture
def client_for(store: EditionStore, holder: EditionHolder) -> ClientFor:
    """Make a client at an address, not signed in, of a service with these settings, where nobody has failed yet."""
    with Database(store.root).writing(FAILED) as connection:
        connection.execute(delete(FAILURES))

    def made(address: str = LOOPBACK, **settings: object) -> TestClient:
        chosen = Settings(data_dir=store.root, rate_per_minute=0, **settings)  # type: ignore[arg-type]
        app = create_app(chosen, holder, reader=UploadReader(chosen))
        return TestClient(app, base_url=HERE, client=(address, 1), raise_server_exceptions=False)

    return made


@pytest.fixture
def client(client_for: ClientFor) -> TestClient:
    return signed_in(client_for())


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> EditionStore:
    store = EditionStore(tmp_path_factory.mktemp("sample"))
    run_ingest(IngestRequest(manifest=SAMPLE), store)
    return store


@pytest.fixture(scope="session")
def sample(sample_store: EditionStore) -> TestClient:
    settings = Settings(data_dir=sample_store.root, rate_per_minute=0)
    app = create_app(settings, make_holder(settings))
    return signed_in(TestClient(app, base_url=HERE, client=(LOOPBACK, 1), raise_server_exceptions=False))
