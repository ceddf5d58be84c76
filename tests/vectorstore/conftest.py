"""An empty store, and a new database."""

from __future__ import annotations

from pathlib import Path

import pytest

from prompts import say
from tests.machines import Postgres
from vectorstore import EditionStore
from vectorstore.storage import set_wording

set_wording(say)  # as whoever starts the program does


@pytest.fixture
def shared_database(shared_postgres: Postgres) -> str:
    """The address of a new database on a real PostgreSQL server."""
    return shared_postgres.database()


@pytest.fixture
def store(tmp_path: Path) -> EditionStore:
    """Nothing published yet."""
    return EditionStore(tmp_path / "data")
