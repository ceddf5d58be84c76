"""The catalogue of an edition: documents, items and chunks in memory, in a fixed order; and its three tables in SQL.

The position of a chunk in `Catalogue.chunks` is its row in every score array of the edition.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Hashable, Iterable, Sequence
from dataclasses import fields
from datetime import date
from functools import cached_property
from pathlib import Path
from sys import intern
from typing import TypeVar

from sqlalchemy import Column, Integer, MetaData, String, Table, Text, create_engine, insert, select
from sqlalchemy.engine import Engine
from sqlalchemy.pool import NullPool

from vectorstore.corrections import Correction, States, apply_corrections
from vectorstore.records import DOCUMENT, ITEM, Chunk, Document, Item, ParsedDocument

Key = TypeVar("Key", bound=Hashable)
One = TypeVar("One")


class Catalogue:
    """All records of an edition; never changed after it was made.

    Documents are ordered by id, items by reading order within them, chunks likewise: the same contents give the same
    catalogue in whatever order the documents came. `day` is the day of the edition; what was valid until a day before
    it is superseded. `corrections` are those that people made of its records, with what became of each.
    """

    def __init__(
        self, documents: Sequence[Document], items: Sequence[Item], chunks: Sequence[Chunk], day: date | None = None
    ) -> None:
        self.day = day
        self.documents: dict[str, Document] = {document.id: document for document in documents}
        self.items: tuple[Item, ...] = tuple(items)
        self.chunks: tuple[Chunk, ...] = tuple(chunks)
        self.corrections: States = {}
        self._item_by_key = {(one.document_id, one.key): one for one in self.items}
        self._row_by_id = {one.id: row for row, one in enumerate(self.chunks)}
        self._items_by_document = _grouped((one.document_id, one) for one in self.items)
        self._chunks_by_document = _grouped((one.document_id, one) for one in self.chunks)
        self._children = _grouped(((one.document_id, one.parent), one) for one in self.items if one.parent is not None)
        self._rows_by_key = _grouped(((one.document_id, one.key), row) for row, one in enumerate(self.chunks))

    @classmethod
    def of(cls, parsed: Sequence[ParsedDocument]) -> Catalogue:
        """The catalogue of these documents; raises ValueError where two share an id."""
        ordered = sorted(parsed, key=lambda one: one.document.id)
        ids = [one.document.id for one in ordered]
        if len(set(ids)) < len(ids):
            raise ValueError(f"two documents share an id: {sorted(ids)}")
        items = [item for one in ordered for item in one.items]
        chunks = [chunk for one in ordered for chunk in one.chunks]
        return cls([one.document for one in ordered], items, chunks)

    def correct(self, corrections: Iterable[Correction]) -> Catalogue:
        """The catalogue with corrections, itself where there are none."""
        parsed, states = apply_corrections(self.parsed(), corrections)
        if not states:
            return self
        made = Catalogue.of(parsed)
        made.day, made.corrections = self.day, states
        return made

    @cached_property
    def superseded(self) -> dict[str, str | None]:
        """The ids of documents that answer only when asked for, each with the id of what replaces it, if anything."""
        documents = self.documents.values()
        replaced = {one.replaces: one.id for one in documents if one.replaces and one.replaces in self.documents}
        over = {one.id for one in documents if self.day and one.valid_until and one.valid_until < self.day}
        ids = [one for one in self.documents if one in over or (one in replaced and not _in_circle(one, replaced))]
        return {one: replaced.get(one) for one in ids}

    @cached_property
    def in_force(self) -> Catalogue:
        """The catalogue without superseded documents; rows of score arrays are those of the whole one."""
        return self.only(self.documents.keys() - self.superseded.keys()) if self.superseded else self

    def only(self, ids: Container[str]) -> Catalogue:
        """The catalogue of some of its documents; rows of score arrays are those of the whole one."""
        return Catalogue(
            [one for one in self.documents.values() if one.id in ids],
            [item for item in self.items if item.document_id in ids],
            [chunk for chunk in self.chunks if chunk.document_id in ids],
            self.day,
        )

    def parsed(self) -> list[ParsedDocument]:
        """The documents, each with its items and chunks."""
        return [
            ParsedDocument(
                document=document,
                items=tuple(self._items_by_document.get(document.id, ())),
                chunks=tuple(self._chunks_by_document.get(document.id, ())),
            )
            for document in self.documents.values()
        ]

    def item(self, document_id: str, key: str) -> Item | None:
        """The item with this key, or None."""
        return self._item_by_key.get((document_id, key))

    def items_of(self, document_id: str) -> list[Item]:
        """All items of a document in reading order."""
        return list(self._items_by_document.get(document_id, ()))

    def parent(self, item: Item) -> Item | None:
        """The item directly above, or None."""
        return self.item(item.document_id, item.parent) if item.parent is not None else None

    def children(self, item: Item) -> list[Item]:
        """The items directly below, in reading order."""
        return list(self._children.get((item.document_id, item.key), ()))

    def chunks_of(self, item: Item) -> list[Chunk]:
        """The passages of exactly this item, in reading order."""
        return [self.chunks[row] for row in self.rows_of(item)]

    def rows_of(self, item: Item) -> list[int]:
        """The rows of this item's chunks in the score arrays."""
        return list(self._rows_by_key.get((item.document_id, item.key), ()))

    def row(self, chunk_id: str) -> int:
        """The row of a chunk in the score arrays; raises KeyError where the catalogue does not hold it."""
        return self._row_by_id[chunk_id]


def _grouped(pairs: Iterable[tuple[Key, One]]) -> dict[Key, list[One]]:
    """What stands under each key, in its order."""
    found: dict[Key, list[One]] = {}
    for key, one in pairs:
        found.setdefault(key, []).append(one)
    return found


def _in_circle(document_id: str, replaced: dict[str, str]) -> bool:
    """Whether papers replace each other in a circle; then none of them is superseded by it."""
    seen, following = set[str](), replaced.get(document_id)
    while following is not None and following not in seen:
        seen.add(following)
        following = replaced.get(following)
    return document_id in seen


METADATA = MetaData()
DOCUMENTS = Table(
    "document", METADATA,
    Column("id", String, primary_key=True), Column("position", Integer, nullable=False),
    Column("record", Text, nullable=False),
)  # fmt: skip
ITEMS = Table(
    "item", METADATA,
    Column("document_id", String, primary_key=True), Column("key", String, primary_key=True),
    Column("position", Integer, nullable=False), Column("kind", String, nullable=False),
    Column("ref", String, nullable=False), Column("status", String), Column("record", Text, nullable=False),
)  # fmt: skip
CHUNKS = Table(
    "chunk", METADATA,
    Column("id", String, primary_key=True), Column("position", Integer, nullable=False),
    Column("document_id", String, nullable=False), Column("key", String, nullable=False),
    Column("start", Integer, nullable=False), Column("end", Integer, nullable=False),
    Column("context", Text, nullable=False), Column("text", Text, nullable=False),
)  # fmt: skip
_CHUNK = [CHUNKS.c[one.name] for one in fields(Chunk)]


def write_catalogue(path: Path, catalogue: Catalogue) -> None:
    """Write a catalogue into a new SQLite file in one transaction; raises IntegrityError for a key used twice."""
    documents = ({"id": one.id, "record": DOCUMENT.dump_json(one).decode()} for one in catalogue.documents.values())
    chunks = ({column.name: getattr(one, column.name) for column in _CHUNK} for one in catalogue.chunks)
    named = ("document_id", "key", "kind", "ref", "status")
    items = (
        {**{name: getattr(one, name) for name in named}, "record": ITEM.dump_json(one).decode()}
        for one in catalogue.items
    )
    engine = _engine(path, "rwc")
    try:
        with engine.begin() as connection:
            METADATA.create_all(connection, checkfirst=False)
            for table, rows in ((DOCUMENTS, documents), (ITEMS, items), (CHUNKS, chunks)):
                if numbered := [{**row, "position": position} for position, row in enumerate(rows)]:
                    connection.execute(insert(table), numbered)
    finally:
        engine.dispose()


def read_catalogue(path: Path, day: date | None = None) -> Catalogue:
    """The catalogue of a finished SQLite file, opened read-only and without locks; `day` is that of its edition."""
    engine = _engine(path, "ro&immutable=1")
    try:
        with engine.connect() as connection:
            documents = connection.execute(select(DOCUMENTS.c.record).order_by(DOCUMENTS.c.position)).scalars()
            items = connection.execute(select(ITEMS.c.record).order_by(ITEMS.c.position)).scalars()
            chunks = connection.execute(select(*_CHUNK).order_by(CHUNKS.c.position))
            return Catalogue(
                [DOCUMENT.validate_json(record) for record in documents],
                [ITEM.validate_json(record) for record in items],
                [_chunk(*row) for row in chunks],
                day,
            )
    finally:
        engine.dispose()


def _engine(path: Path, mode: str) -> Engine:
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    return create_engine("sqlite://", creator=lambda: sqlite3.connect(uri, uri=True), poolclass=NullPool)


def _chunk(id_: str, document_id: str, key: str, text: str, context: str, start: int, end: int) -> Chunk:
    """A chunk that shares with others what they have in common: a tenth of the memory for chunks."""
    shared = {"document_id": intern(document_id), "key": intern(key), "context": intern(context)}
    return Chunk(id=id_, text=text, start=start, end=end, **shared)
