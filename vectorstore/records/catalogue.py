"""The catalogue of an edition: documents, items and chunks in memory, in a fixed order, read from
one file.

The position of a chunk in `Catalogue.chunks` is its row in every score array of the edition.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable
from datetime import date
from functools import cached_property
from pathlib import Path

from vectorstore.records.corrections import Correction, States, apply_corrections
from vectorstore.records.documents import ParsedDocument, dump_parsed, load_parsed
from vectorstore.records.items import Chunk, Item


class Catalogue:
    """The documents, items and chunks of an edition; immutable.

    Documents are ordered by id, items and chunks by reading order within them, so equal contents
    give equal catalogues. `parsed_by_id` has the documents with their items and chunks. `day` is
    the day of the edition: documents whose validity ended before it are superseded. `corrections`
    has the state of each correction by people.
    """

    def __init__(self, parsed: Iterable[ParsedDocument], day: date | None = None) -> None:
        """Order the documents by id, and index their items and chunks by key.

        Raises ValueError if two documents share an id, or two items of a document a key.
        """
        ordered = sorted(parsed, key=lambda read: read.document.id)
        self.day = day
        self.parsed_by_id = {read.document.id: read for read in ordered}
        self.documents = {id_: read.document for id_, read in self.parsed_by_id.items()}
        if len(self.documents) < len(ordered):
            raise ValueError(f"two documents share an id: {[read.document.id for read in ordered]}")
        items, chunks = list[Item](), list[Chunk]()
        for read in ordered:
            items += read.items
            chunks += read.chunks
        self.items, self.chunks = tuple(items), tuple(chunks)
        self.corrections: States = {}
        # By document id and key of an item: itself, those directly below it, the rows of its
        # chunks.
        self._item_by_key = {item.address: item for item in self.items}
        if len(self._item_by_key) < len(self.items):
            raise ValueError("two items of a document share a key")
        self._row_by_id = {chunk.id: row for row, chunk in enumerate(self.chunks)}
        self._children = defaultdict[tuple[str, str], list[Item]](list)
        for item in self.items:
            if item.parent and not item.is_continuation:
                self._children[item.document_id, item.parent].append(item)
        self._rows = defaultdict[tuple[str, str], list[int]](list)
        for row, chunk in enumerate(self.chunks):
            self._rows[chunk.document_id, chunk.key].append(row)

    def correct(self, corrections: Iterable[Correction]) -> Catalogue:
        """A catalogue with these corrections applied; this one if there are none."""
        parsed, states = apply_corrections(self.parsed, corrections)
        if not states:
            return self
        corrected = Catalogue(parsed, self.day)
        corrected.corrections = states
        return corrected

    @cached_property
    def superseded(self) -> dict[str, str | None]:
        """The documents that are searched only on request, by id: the value is the id of the
        document that counts in its place.

        It is superseded if another one in this catalogue replaces, repeals or follows it or is its
        `same_as`, but not in a cycle, or if it is expired; the value of one that is only expired is
        None. If several count in its place, one that names it in `replaces` wins.
        """
        documents = self.documents.values()
        replaced = dict[str, str]()  # by id: the id of the document that counts in its place
        for document in documents:
            if document.replaces in self.documents:
                replaced[document.replaces] = document.id
            replacement = document.same_as or document.repealed_by or document.followed_by
            if replacement in self.documents:
                replaced.setdefault(document.id, replacement)
        results = dict[str, str | None]()
        for document in documents:
            is_expired = self.day and document.valid_until and document.valid_until < self.day
            is_replaced = document.id in replaced and not _is_in_cycle(document.id, replaced)
            if is_expired or is_replaced:
                results[document.id] = replaced.get(document.id)
        return results

    @cached_property
    def in_force(self) -> Catalogue:
        """The catalogue without superseded documents; see `only`."""
        if not self.superseded:
            return self
        return self.only(self.documents.keys() - self.superseded.keys())

    def only(self, ids: Container[str]) -> Catalogue:
        """The catalogue of the documents with these ids. Its rows do not fit the score arrays of
        the whole edition.
        """
        return Catalogue([read for read in self.parsed if read.document.id in ids], self.day)

    @property
    def titles(self) -> list[str]:
        """The titles of all items, in their order."""
        return [item.title for item in self.items]

    @property
    def parsed(self) -> list[ParsedDocument]:
        """The documents, each with its items and chunks."""
        return list(self.parsed_by_id.values())

    def item(self, document_id: str, key: str) -> Item | None:
        """The item with this key, or None."""
        return self._item_by_key.get((document_id, key))

    def items_of(self, document_id: str) -> list[Item]:
        """All items of a document in reading order."""
        parsed = self.parsed_by_id.get(document_id)
        return list(parsed.items) if parsed else []

    def parent(self, item: Item) -> Item | None:
        """The item directly above, or None."""
        return self.item(item.document_id, item.parent or "")

    def ancestors(self, item: Item) -> list[Item]:
        """The items above an item, the nearest first."""
        parent = self.parent(item)
        if parent is None:
            return []
        return [parent, *self.ancestors(parent)]

    def children(self, item: Item) -> list[Item]:
        """The items directly below, in reading order, without continuations of the item itself."""
        return list(self._children.get(item.address, ()))

    def chunks_of(self, item: Item) -> list[Chunk]:
        """The chunks of this item, without those of items below it, in reading order."""
        return [self.chunks[row] for row in self.rows_of(item)]

    def rows_of(self, item: Item) -> list[int]:
        """The rows of this item's chunks in the score arrays."""
        return list(self._rows.get(item.address, ()))

    def row(self, chunk_id: str) -> int:
        """The row of a chunk in the score arrays; raises KeyError for an unknown chunk."""
        return self._row_by_id[chunk_id]


def _is_in_cycle(document_id: str, replaced: dict[str, str]) -> bool:
    """True if a document replaces itself through others, as when two replace one another.

    `replaced` maps the id of a replaced document to the id of its replacement. Documents in such a
    cycle do not supersede each other.
    """
    replacements = set[str]()
    current = replaced.get(document_id)
    while current and current not in replacements:
        replacements.add(current)
        current = replaced.get(current)
    return document_id in replacements


def write_catalogue(path: Path, catalogue: Catalogue) -> None:
    """Write a catalogue into a file, a line of JSON for each document."""
    path.write_bytes(b"".join(dump_parsed(parsed) + b"\n" for parsed in catalogue.parsed))


def read_catalogue(
    path: Path, day: date | None = None, known: Iterable[ParsedDocument] = ()
) -> Catalogue:
    """The catalogue in a file, with the day of its edition; raises OSError, ValueError.

    A document that is equal to one of `known` is not parsed again: the known one is taken.
    """
    by_line = {dump_parsed(parsed): parsed for parsed in known}
    lines = path.read_bytes().splitlines()
    return Catalogue([by_line.get(line) or load_parsed(line) for line in lines], day)
