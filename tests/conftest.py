"""What all tests share: no settings of the machine, and one Chromium for all pages."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import httpcore2
import hypothesis
import pytest

from tests.encoding import remembered
from tests.machine import chromium
from tests.processes import environment, without_loop
from tests.reading_here import read_here, read_in_processes
from tests.sharing import filled_once, sharing

if TYPE_CHECKING:  # what few tests need is imported by their fixtures
    from service.answering import AnswerService
    from tests.machines import Machines, Postgres

hypothesis.settings.register_profile("any machine", deadline=None)  # others may use it too
hypothesis.settings.load_profile("any machine")
SAMPLE = Path(__file__).resolve().parents[1] / "ingest/sample/corpus.toml"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Browser tests run in the same process as all others, which may run loops of their own."""
    if item.get_closest_marker("browser"):
        return (yield)
    with without_loop():
        return (yield)


@pytest.fixture(scope="session", autouse=True)
def no_settings_of_the_machine() -> Iterator[None]:
    with patch.dict(os.environ, environment(), clear=True):
        yield


@pytest.fixture(scope="session", autouse=True)
def certificates_loaded_once() -> Iterator[None]:
    """HTTP clients share a TLS context; each one else loads all certificates of the machine."""
    with patch.object(httpcore2, "default_ssl_context", cache(httpcore2.default_ssl_context)):
        yield


@pytest.fixture(scope="session", autouse=True)
def drafts_read_here() -> Iterator[None]:
    with read_here():
        yield


@pytest.fixture(scope="session", autouse=True)
def encoding_remembered() -> Iterator[None]:
    with remembered():
        yield


@pytest.fixture
def drafts_read_in_processes(drafts_read_here: None) -> Iterator[None]:
    """For tests of what only a process does: it is killed, or ends with its service."""
    with read_in_processes():
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """The servers of several machines."""
    from tests.machines import machines

    with machines(tmp_path_factory.mktemp("chroma")) as running:
        yield running


@pytest.fixture(scope="session")
def shared_postgres() -> Iterator[Postgres]:
    from tests.machines import postgres

    with postgres() as server:
        yield server


@pytest.fixture(scope="session", autouse=True)
def shared_by_the_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder in which what `tests.sharing` makes once is made once by all workers together."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "shared"
    folder.mkdir(exist_ok=True)
    with sharing(folder):
        yield folder


@pytest.fixture(scope="session")
def sample_data(shared_by_the_run: Path) -> Path:
    """A data folder with the sample corpus ingested once for all workers, to be read; who changes
    it takes a copy.
    """

    def ingest(folder: Path) -> None:
        from ingest import IngestRequest, run_ingest
        from vectorstore import EditionStore
        from vectorstore.encoder import packaged_encoder

        store = EditionStore(folder, packaged_encoder())
        assert run_ingest(IngestRequest(manifest=SAMPLE), store).edition is not None

    return filled_once("sample", ingest)


@pytest.fixture(scope="session")
def sample_service(sample_data: Path) -> Iterator[AnswerService]:
    """Answers over the sample corpus without a model; who gives it a model or other settings takes
    a copy.
    """
    from service import load_settings
    from service.answering import AnswerService
    from vectorstore import EditionStore
    from vectorstore.encoder import packaged_encoder

    with closing(EditionStore(sample_data, packaged_encoder()).open()) as edition:
        yield AnswerService(edition, load_settings(data_dir=sample_data))


@pytest.fixture
def own_sample_data(sample_data: Path, tmp_path: Path) -> Path:
    """The ingested sample corpus in a data folder that the test may change."""
    return shutil.copytree(sample_data, tmp_path / "sample-data")
