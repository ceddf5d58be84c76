"""The servers of several machines, for whoever tests the seam to them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from prompts import say
from tests.machines import Machines, Postgres, machines, postgres
from vectorstore import EditionStore
from vectorstore.storage import set_wording

set_wording(say)  # as whoever starts the program does


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    with machines(tmp_path_factory.mktemp("chroma")) as running:
        yield running


@pytest.fixture
def shared_database(shared_postgres: Postgres) -> str:
    """The address of a new database on a real PostgreSQL server."""
    return shared_postgres.database()


@pytest.fixture(scope="session")
def shared_postgres() -> Iterator[Postgres]:
    with postgres() as server:
        yield server


@pytest.fixture
def store(tmp_path: Path) -> EditionStore:
    """Nothing published yet."""
    return EditionStore(tmp_path / "data")
