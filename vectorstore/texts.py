"""Named texts in the database, apart from editions: choices for documents, readings by models,
cases of the county.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    Column,
    LargeBinary,
    MetaData,
    Select,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from vectorstore.storage import Database, translate_errors

METADATA = MetaData()
TEXTS = Table(
    "text",
    METADATA,
    Column("name", String(400), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
Change = Callable[[bytes | None], bytes | None]


class Texts:
    """A key-value store of texts (bytes) by name ("choices/report.json"); None stands for a missing
    text.

    Safe for threads and processes. Methods raise StoreUnavailable.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> bytes | None:
        """The text with this name, or None."""
        with translate_errors(), self._database.reading(METADATA) as connection:
            content: bytes | None = connection.execute(_content(name)).scalar()
            return content

    def all(self, prefix: str = "") -> dict[str, bytes]:
        """All texts whose names begin with a prefix, by name."""
        query = (
            select(TEXTS)
            .where(TEXTS.c.name.startswith(prefix, autoescape=True))
            .order_by(TEXTS.c.name)
        )
        with translate_errors(), self._database.reading(METADATA) as connection:
            return {row.name: row.content for row in connection.execute(query)}

    def change(self, name: str, change: Change) -> None:
        """Replace the text with a name by what `change` returns for it.

        `change` gets None if there is no such text, and returns None to remove it. It is called
        again if another process inserts the name meanwhile. If it raises, the text stays as it is.
        """
        with translate_errors():
            try:
                self._change(name, change)
            except IntegrityError:  # another process inserted this name at the same moment
                self._change(name, change)

    def put(self, name: str, content: bytes) -> None:
        """Store a text."""
        self.change(name, lambda _: content)

    def remove(self, name: str) -> None:
        """Remove a text."""
        self.change(name, lambda _: None)

    def _change(self, name: str, change: Change) -> None:
        """Change a text in one transaction, in which its row is locked if there is one.

        A name that another process inserts meanwhile raises IntegrityError, as there was no row to
        lock.
        """
        with self._database.writing() as connection:
            before = connection.execute(_content(name).with_for_update()).scalar()
            content = change(before)
            if content is None:
                connection.execute(delete(TEXTS).where(TEXTS.c.name == name))
            elif before is None:
                connection.execute(insert(TEXTS), {"name": name, "content": content})
            # not deleted and inserted: a writer that waits for the row's lock then reads the new
            # content
            else:
                connection.execute(
                    update(TEXTS).where(TEXTS.c.name == name).values(content=content)
                )


def _content(name: str) -> Select[Any]:
    return select(TEXTS.c.content).where(TEXTS.c.name == name)
