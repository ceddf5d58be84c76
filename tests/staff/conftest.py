"""Real editions with the real answer pipeline: the invented county with a hostile report, and the
sample corpus.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from service import Settings
from service.app.application import create_app
from service.cli.ingestion.uploads import UploadReader
from service.composition import make_holder
from service.web import EditionHolder
from tests.browsing import served_here, staff_page
from tests.processes import Served
from tests.service.county import motion, report
from tests.service.partly_read import climate, cycling, guessed, new, old
from tests.staff.county import hostile, report_of
from tests.staff.provider import Provider, providing
from tests.staff.signing_in import signed_in
from vectorstore import EditionStore
from vectorstore.encoder import packaged_encoder

LOOPBACK = "127.0.0.1"
HERE = "http://127.0.0.1"
ClientFor = Callable[..., TestClient]


def client_over(data: Path) -> TestClient:
    """Return a client, signed in, of a service over a data folder."""
    settings = Settings(data_dir=data, rate_per_minute=0)
    app = create_app(settings, make_holder(settings), reader=UploadReader(settings))
    return signed_in(
        TestClient(app, base_url=HERE, client=(LOOPBACK, 1), raise_server_exceptions=False)
    )


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
    """Make a client at an address of a service with these settings, not signed in."""

    def made(address: str = LOOPBACK, **settings: object) -> TestClient:
        chosen = Settings(data_dir=store.root, rate_per_minute=0, **settings)  # type: ignore[arg-type]
        app = create_app(chosen, holder, reader=UploadReader(chosen))
        return TestClient(app, base_url=HERE, client=(address, 1), raise_server_exceptions=False)

    return made


@pytest.fixture
def client(client_for: ClientFor) -> TestClient:
    return signed_in(client_for())


@pytest.fixture(scope="session")
def sample_store(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> EditionStore:
    return EditionStore(
        shutil.copytree(sample_data, tmp_path_factory.mktemp("sample") / "data"), packaged_encoder()
    )


@pytest.fixture(scope="session")
def sample(sample_store: EditionStore) -> TestClient:
    return client_over(sample_store.root)


@pytest.fixture(scope="session")
def server(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The sample edition beside invented papers of every kind: contradicting, hostile, read in
    part, unconfirmed.
    """
    edition = EditionStore(sample_data).open()
    made = [report(), motion(), hostile(), climate(), cycling(), guessed(), old(), new()]
    documents = [*edition.catalogue.parsed, *made]
    edition.close()
    data = tmp_path_factory.mktemp("staff-pages")
    with served_here(
        data, *documents, report=report_of(*documents), keep_questions_days=90
    ) as served:
        yield served


@pytest.fixture
def page(browser: Any, server: Served) -> Iterator[Any]:
    clipboard = ["clipboard-read", "clipboard-write"]
    with staff_page(browser, server, permissions=clipboard) as page:
        yield page


@pytest.fixture(scope="session")
def running_provider() -> Iterator[Provider]:
    with providing(
        name="Dora Muster", groups=["Redaktion", "Strategie Lesen"], sid="s-1"
    ) as provider:
        yield provider


@pytest.fixture
def provider(running_provider: Provider) -> Iterator[Provider]:
    """The provider, honest again after each test."""
    before = {name: item for name, item in vars(running_provider).items() if name != "left"}
    running_provider.left.clear()
    running_provider.token, running_provider.userinfo = {}, {}
    yield running_provider
    vars(running_provider).update(before)
