"""What machines share: Debian's PostgreSQL as an ordinary user, and a Chroma server, both on free
ports of loopback.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import psycopg

from tests.machine import where
from tests.processes import free_port
from tests.vectorstore.chroma_server import chroma_server
from vectorstore import Embedding, SharedEditionStore
from vectorstore.storage import Database

USER = "lotse"
SETTINGS = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "shared_buffers=16MB",
    "max_connections=60",
)


class Postgres:
    """A server over a folder of its own that lets everybody in; it can be stopped and started
    again.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._bin = Path(where("postgresql")).parent
        self._port = free_port()
        options = f"--auth=trust --no-sync --encoding=UTF8 --locale=C.UTF-8 --username={USER}"
        self._control("init", "-o", options)

    def start(self) -> None:
        """Serve; returns when it answers."""
        options = " -c ".join((f"-h 127.0.0.1 -p {self._port} -k {self._folder}", *SETTINGS))
        self._control("start", "-w", "-l", self._folder / "log", "-o", options)

    def stop(self) -> None:
        """End the server at once, with every connection."""
        self._control("stop", "-m", "fast")

    def database(self, like: str = "template1") -> str:
        """Return the address of a new database, as the setting takes it; a copy of the one that is
        named.
        """
        address, name = f"postgresql://{USER}@127.0.0.1:{self._port}", f"lotse{uuid4().hex}"
        with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {like}")  # type: ignore[call-overload]
        return f"{address}/{name}".replace("postgresql://", "postgresql+psycopg://")

    def call(self, program: str, *arguments: str | Path) -> None:
        """Run one of the programs beside the server, such as pg_dump."""
        subprocess.run(
            [self._bin / program, *arguments], check=True, capture_output=True, timeout=120
        )

    def _control(self, *arguments: str | Path) -> None:
        ordinary = (
            ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
            if os.geteuid() == 0
            else []
        )
        command = [*ordinary, self._bin / "pg_ctl", "-D", self._folder / "data", *arguments]
        subprocess.run(command, check=True, capture_output=True, timeout=120, cwd=self._folder)


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Run a server until the block ends."""
    with TemporaryDirectory(prefix="lotse-postgres-") as folder:
        if (
            os.geteuid() == 0
        ):  # PostgreSQL refuses to be root, and root's temporary folders let nobody else in
            shutil.chown(folder, "postgres", "postgres")
        server = Postgres(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()


@dataclass(frozen=True)
class Machines:
    """A PostgreSQL server and the address of a Chroma server; the data folder of each machine is
    its own.
    """

    postgres: Postgres
    chroma: str

    def store(
        self, root: Path, database: str, *embedding: Embedding, **options: Any
    ) -> SharedEditionStore:
        """Return the editions as the machine with this data folder has them."""
        options |= {"chroma_url": self.chroma, "database": Database(root, database)}
        return SharedEditionStore(root, *embedding, **options)

    def settings(self, database: str) -> dict[str, str]:
        """Return the settings of a service, as the environment has them."""
        return {"STRATEGIELOTSE_DATABASE_URL": database, "STRATEGIELOTSE_CHROMA_URL": self.chroma}


@contextmanager
def machines(folder: Path) -> Iterator[Machines]:
    """Run both servers until the block ends; Chroma's files lie in `folder`."""
    with postgres() as database, chroma_server(folder) as chroma:
        yield Machines(database, chroma)
