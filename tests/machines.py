"""Machines that share a PostgreSQL and a Chroma server: the data folder of each is its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.postgres import Postgres, postgres
from tests.vectorstore.chroma_server import chroma_server
from vectorstore.embeddings import Embedding
from vectorstore.shared.editions import SharedEditionStore


@dataclass(frozen=True)
class Machines:
    """A PostgreSQL server and the address of a Chroma server."""

    postgres: Postgres
    chroma: str

    def store(
        self, root: Path, database: str, embedding: Embedding | None = None, **options: Any
    ) -> SharedEditionStore:
        """Return the editions as the machine with this data folder has them."""
        return SharedEditionStore(root, database, embedding, chroma_url=self.chroma, **options)

    def settings(self, database: str) -> dict[str, str]:
        """Return the settings of a service, as the environment has them."""
        return {"STRATEGIELOTSE_DATABASE_URL": database, "STRATEGIELOTSE_CHROMA_URL": self.chroma}


@contextmanager
def machines(folder: Path) -> Iterator[Machines]:
    """Run both servers until the block ends; Chroma's files lie in `folder`."""
    with postgres() as database, chroma_server(folder) as chroma:
        yield Machines(database, chroma)
