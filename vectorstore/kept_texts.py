"""Texts that people keep beside the editions: tables of corrections and units, reading plans, cases, what was learned.

On one machine each is a file of the data folder, which people may edit; several machines share them in their database.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Column, LargeBinary, MetaData, String, Table, delete, insert, select, text
from sqlalchemy.engine import Connection

from vectorstore.database import Database, away_told
from vectorstore.edition_files import UNFINISHED, write_durably
from vectorstore.errors import WriterBusy
from vectorstore.private_modes import FILE_MODE, private_folder

KEPT = (
    "corrections.csv",
    "organisations.csv",
    "plans/*",
    "readings/*",
    "cases/*.jsonl",
    "learned/current",
    "learned/trial.json",
    "learned/[0-9]*/*",
    "learned/candidate-*/*",
)
TAKEN = ".in-database"  # behind the name of a file whose text the shared database has
CHANGING = 5_301_772  # the advisory lock of whoever changes a text
METADATA = MetaData()
TEXTS = Table(
    "kept_text",
    METADATA,
    Column("name", String(400), primary_key=True),
    Column("content", LargeBinary),  # none where it was removed: a file of this name is not taken over again
)
_SECONDS = 10
Change = Callable[[bytes | None], bytes | None]


class Texts(ABC):
    """Texts by their name, which is a path below a data folder; None is one that is not there."""

    @abstractmethod
    def get(self, name: str) -> bytes | None:
        """A text; raises OSError, StoreAway."""

    @abstractmethod
    def all(self, prefix: str = "") -> dict[str, bytes]:
        """All texts whose names begin so, by name; raises OSError, StoreAway."""

    @abstractmethod
    def change(self, name: str, change: Change) -> None:
        """Put in place what `change` makes of a text, one writer at a time and never half of it; None removes it.

        What `change` raises leaves the text as it is. Raises WriterBusy, OSError, StoreAway.
        """

    def folder(self, prefix: str) -> Path | None:
        """The folder in which the texts below a prefix lie as files; None where they lie elsewhere."""
        return None

    def unused(self, name: str) -> Path | None:
        """A file of this name that lies here and does not hold, as another text is shared."""
        return None

    def put(self, name: str, content: bytes) -> None:
        """Put a text in place; raises what `change` raises."""
        self.change(name, lambda _: content)

    def remove(self, name: str) -> None:
        """Remove a text; raises what `change` raises."""
        self.change(name, lambda _: None)


class FolderTexts(Texts):
    """The texts of one data folder, a file each."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def get(self, name: str) -> bytes | None:
        """See `Texts.get`."""
        try:
            return (self._root / name).read_bytes()
        except FileNotFoundError:
            return None

    def all(self, prefix: str = "") -> dict[str, bytes]:
        """See `Texts.all`."""
        return {name: path.read_bytes() for name, path in files_in(self._root).items() if name.startswith(prefix)}

    def folder(self, prefix: str) -> Path | None:
        """See `Texts.folder`."""
        return self._root / prefix

    def change(self, name: str, change: Change) -> None:
        """See `Texts.change`."""
        path = self._root / name
        private_folder(self._root)
        private_folder(path.parent)
        try:
            with FileLock(self._root / "texts.lock", timeout=_SECONDS, mode=FILE_MODE):
                content = change(self.get(name))
                if content is None:
                    path.unlink(missing_ok=True)
                    with suppress(OSError):  # others lie there
                        path.parent.rmdir()
                else:
                    write_durably(path, content)
        except Timeout as error:
            message = f"{self._root}: Jemand anderes schreibt gerade. Bitte noch einmal versuchen."
            raise WriterBusy(message) from error


class SharedTexts(Texts):
    """The texts of several machines, in the database that they share.

    A file of the data folder that the database does not know is taken over, and renamed. Where it knows another text,
    the file stays, and `unused` names it.
    """

    def __init__(self, root: Path, database: Database) -> None:
        self._root = root
        self._database = database

    def get(self, name: str) -> bytes | None:
        """See `Texts.get`."""
        self._take_over(name)
        with away_told(), self._database.reading(METADATA) as connection:
            return _content(connection, name) if connection else None

    def all(self, prefix: str = "") -> dict[str, bytes]:
        """See `Texts.all`."""
        for name in files_in(self._root):
            if name.startswith(prefix):
                self._take_over(name)
        with away_told(), self._database.reading(METADATA) as connection:
            wanted = TEXTS.c.name.startswith(prefix, autoescape=True) & TEXTS.c.content.is_not(None)
            rows = connection.execute(select(TEXTS).where(wanted).order_by(TEXTS.c.name)).all() if connection else []
        return {row.name: row.content for row in rows}

    def change(self, name: str, change: Change) -> None:
        """See `Texts.change`."""
        self._take_over(name)
        with away_told(), self._database.writing(METADATA) as connection:
            _take_turn(connection)
            _store(connection, name, change(_content(connection, name)))

    def unused(self, name: str) -> Path | None:
        """See `Texts.unused`."""
        path = self._root / name
        return path if path.is_file() else None

    def _take_over(self, name: str) -> None:
        """Have the database hold the text of a file here, unless it holds another one or that was removed."""
        path = self._root / name
        if not path.is_file():
            return
        content = path.read_bytes()
        with away_told(), self._database.writing(METADATA) as connection:
            _take_turn(connection)
            known = connection.execute(select(TEXTS.c.content).where(TEXTS.c.name == name)).first()
            if known is None:
                _store(connection, name, content)
        if known is None or known.content == content:
            with suppress(OSError):  # a data folder that can only be read
                path.rename(path.with_name(path.name + TAKEN))


def files_in(root: Path) -> dict[str, Path]:
    """The files of a data folder that hold such texts, by name."""
    found = sorted(path for pattern in KEPT for path in root.glob(pattern) if path.is_file())
    return {path.relative_to(root).as_posix(): path for path in found if path.suffix not in (UNFINISHED, TAKEN)}


def _take_turn(connection: Connection) -> None:
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CHANGING})


def _content(connection: Connection, name: str) -> bytes | None:
    found: bytes | None = connection.execute(select(TEXTS.c.content).where(TEXTS.c.name == name)).scalar()
    return found


def _store(connection: Connection, name: str, content: bytes | None) -> None:
    connection.execute(delete(TEXTS).where(TEXTS.c.name == name))
    connection.execute(insert(TEXTS), {"name": name, "content": content})
