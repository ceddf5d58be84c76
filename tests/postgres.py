"""Debian's PostgreSQL on a free port of loopback, as an ordinary user, with a fresh database for whoever asks."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

from tests.machine import where
from tests.processes import free_port

USER = "lotse"
SETTINGS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=16MB", "max_connections=60")
_numbers = count(1)


class Postgres:
    """A server over a folder of its own; it can be stopped and started again."""

    def __init__(self, folder: Path, password: str = "") -> None:
        self._folder = folder
        self._password = password
        self._bin = Path(where("postgresql")).parent
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def make(self) -> None:
        """Make the files of an empty server."""
        way = ["--auth=scram-sha-256", f"--pwfile={self._pwfile()}"] if self._password else ["--auth=trust"]
        options = [*way, "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8", f"--username={USER}"]
        subprocess.run(
            [*_unprivileged(), self._bin / "initdb", "-D", self._folder / "data", *options],
            check=True,
            capture_output=True,
            timeout=120,
            cwd=self._folder,
        )

    def start(self) -> None:
        """Serve; returns when it answers."""
        options = [part for setting in SETTINGS for part in ("-c", setting)]
        place = ["-D", self._folder / "data", "-h", "127.0.0.1", "-p", str(self.port), "-k", self._folder]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*_unprivileged(), self._bin / "postgres", *place, *options], stdout=log, stderr=log, cwd=self._folder
            )
        deadline = time.monotonic() + 60
        while True:
            assert self._process.poll() is None, (self._folder / "log").read_text()
            try:
                psycopg.connect(self._address("postgres"), connect_timeout=3).close()
                return
            except psycopg.OperationalError:
                assert time.monotonic() < deadline
                time.sleep(0.1)

    def stop(self) -> None:
        """End the server at once, with every connection."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(timeout=30)
            self._process = None

    def database(self, like: str = "template1", name: str = "") -> str:
        """Return the address of a new database, as the setting takes it; a copy of the one that is named."""
        name = name or f"lotse{next(_numbers)}"
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {like}")  # type: ignore[call-overload]
        return self._address(name).replace("postgresql://", "postgresql+psycopg://")

    def _pwfile(self) -> Path:
        path = self._folder / "password"
        path.write_text(self._password)
        path.chmod(0o644)
        return path

    def call(self, program: str, *arguments: str | Path) -> None:
        """Run one of the programs beside the server, such as pg_dump."""
        subprocess.run([self._bin / program, *arguments], check=True, capture_output=True, timeout=120)

    def _address(self, database: str) -> str:
        password = f":{self._password}" if self._password else ""
        return f"postgresql://{USER}{password}@127.0.0.1:{self.port}/{database}"


@contextmanager
def postgres(password: str = "") -> Iterator[Postgres]:
    """Run a server until the block ends, which lets in who knows the password, or everybody without one."""
    folder = Path(tempfile.mkdtemp(prefix="lotse-postgres-"))
    if os.geteuid() == 0:  # PostgreSQL refuses to be root, and root's temporary folders let nobody else in
        ordinary = pwd.getpwnam("postgres")
        os.chown(folder, ordinary.pw_uid, ordinary.pw_gid)
    server = Postgres(folder, password)
    try:
        server.make()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


def _unprivileged() -> list[str]:
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
