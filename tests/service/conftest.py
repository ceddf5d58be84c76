"""A real edition of the invented county, the application over it, and clients."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service import Settings
from service.app.application import create_app
from service.web import EditionHolder
from tests.processes import Served, Server, serving
from tests.service.county import publish_county
from tests.service.fakes import QuotingEditions, client_for, client_over
from tests.service.mail_server import Inbox
from tests.service.printed_papers import publish_printed
from tests.service.two_editions import MOORBACH, publish_both
from vectorstore import EditionStore


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> EditionStore:
    return EditionStore(publish_county(tmp_path_factory.mktemp("data")))


@pytest.fixture
def settings(store: EditionStore) -> Settings:
    return Settings(data_dir=store.root)


@pytest.fixture
def app(store: EditionStore, settings: Settings) -> FastAPI:
    return create_app(settings, EditionHolder(QuotingEditions(store)))


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, client=("127.0.0.1", 1), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def inbox() -> Inbox:
    """What a mail server gets."""
    return Inbox()


@pytest.fixture
def empty_client(tmp_path: Path) -> Iterator[TestClient]:
    with client_for(EditionStore(tmp_path)) as client:
        yield client


@pytest.fixture(scope="session")
def both_editions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with both editions of the county of Moorbach, to be read."""
    return publish_both(tmp_path_factory.mktemp("moorbach")).root


@pytest.fixture(scope="session")
def both_client(both_editions: Path) -> Iterator[TestClient]:
    with client_over(both_editions, public_url=MOORBACH, data_license="dl-by-de/2.0") as client:
        yield client


@pytest.fixture(scope="session")
def served_county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The command `serve` as a process over the invented county, its report with an original; read
    only.
    """
    with serving(publish_printed(tmp_path_factory.mktemp("served") / "data")) as server:
        yield server


@pytest.fixture
def page(browser: Any, server: Served) -> Iterator[Any]:
    """A page of the file's server, watched."""
    from tests.browsing import looking  # what few tests need

    with looking(browser, server.url) as context:
        yield context.new_page()
