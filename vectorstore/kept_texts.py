"""Texts kept beside the editions: corrections, choices for documents, readings by models, cases, what was learned.

On one machine each is a file of the data folder, which people may edit; several machines share them in their database.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Column, LargeBinary, MetaData, String, Table, bindparam, delete, insert, select, text

from vectorstore.database import Database, away_told
from vectorstore.disk import FILE_MODE, UNFINISHED, private_folder, write_durably
from vectorstore.errors import WriterBusy, say

KEPT = (
    "corrections.csv", "choices/*", "readings/*", "cases/*.jsonl", "learned/current",
    "learned/trial.json", "learned/[0-9]*/*", "learned/candidate-*/*",
)  # fmt: skip
CHANGING = 5_301_772  # the advisory lock of whoever changes a text
METADATA = MetaData()
TEXTS = Table("kept_text", METADATA, Column("name", String(400), primary_key=True), Column("content", LargeBinary))
_SECONDS = 10
Change = Callable[[bytes | None], bytes | None]


class Texts:
    """The texts of one data folder, by their name, which is a path below it; None is one that is not there.

    Methods raise OSError; those of texts that machines share StoreAway.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def get(self, name: str) -> bytes | None:
        """A text."""
        with suppress(FileNotFoundError):
            return (self._root / name).read_bytes()
        return None

    def all(self, prefix: str = "") -> dict[str, bytes]:
        """All texts whose names begin so, by name."""
        return {name: path.read_bytes() for name, path in files_in(self._root).items() if name.startswith(prefix)}

    def change(self, name: str, change: Change) -> None:
        """Put in place what `change` makes of a text, one writer at a time and never half of it; None removes it.

        What `change` raises leaves the text as it is. Raises WriterBusy.
        """
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
            raise WriterBusy(say("store.writer_here", root=self._root)) from error

    def put(self, name: str, content: bytes) -> None:
        """Put a text in place; raises what `change` raises."""
        self.change(name, lambda _: content)

    def remove(self, name: str) -> None:
        """Remove a text; raises what `change` raises."""
        self.change(name, lambda _: None)


class SharedTexts(Texts):
    """The texts of several machines, in the database that they share; files of a data folder do not count."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> bytes | None:
        """See `Texts.get`."""
        with away_told(), self._database.reading(METADATA) as connection:
            found: bytes | None = connection.execute(_CONTENT, {"wanted": name}).scalar() if connection else None
            return found

    def all(self, prefix: str = "") -> dict[str, bytes]:
        """See `Texts.all`."""
        wanted = TEXTS.c.name.startswith(prefix, autoescape=True) & TEXTS.c.content.is_not(None)
        with away_told(), self._database.reading(METADATA) as connection:
            rows = connection.execute(select(TEXTS).where(wanted).order_by(TEXTS.c.name)).all() if connection else []
        return {row.name: row.content for row in rows}

    def change(self, name: str, change: Change) -> None:
        """See `Texts.change`."""
        with away_told(), self._database.writing(METADATA) as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CHANGING})
            content = change(connection.execute(_CONTENT, {"wanted": name}).scalar())
            connection.execute(delete(TEXTS).where(TEXTS.c.name == name))
            if content is not None:
                connection.execute(insert(TEXTS), {"name": name, "content": content})


_CONTENT = select(TEXTS.c.content).where(TEXTS.c.name == bindparam("wanted"))


def files_in(root: Path) -> dict[str, Path]:
    """The files of a data folder that hold such texts, by name."""
    found = sorted(path for pattern in KEPT for path in root.glob(pattern) if path.is_file())
    return {path.relative_to(root).as_posix(): path for path in found if path.suffix != UNFINISHED}
