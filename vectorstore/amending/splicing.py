"""Replacing spans of a document's text while everything that points into it still points to the same words."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import accumulate

from vectorstore.records import Chunk, Document, Field, Item


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Characters `start`..`end` of the text become `value`."""

    start: int
    end: int
    value: str

    def overlaps(self, start: int, end: int) -> bool:
        """Whether it changes a character of a span."""
        return self.start < end and start < self.end


class Splice:
    """Edits that do not overlap, carried out at once."""

    def __init__(self, edits: Iterable[Edit]) -> None:
        self.edits = sorted(set(edits))
        self._ends = [edit.end for edit in self.edits]
        longer = (len(edit.value) - (edit.end - edit.start) for edit in self.edits)
        self._grown = list(accumulate(longer, initial=0))

    def at(self, place: int) -> int:
        """Where the character at `place` stands afterwards; within an edit its beginning."""
        before = bisect_right(self._ends, place)
        if before < len(self.edits) and self.edits[before].start < place:
            place = self.edits[before].start
        return place + self._grown[before]

    def document(self, document: Document) -> Document:
        """The document with its text changed and its pages moved."""
        pages = tuple(replace(page, start=self.at(page.start)) for page in document.pages)
        return replace(document, text=self._changed(document.text, 0), pages=pages)

    def chunk(self, chunk: Chunk, text: str) -> Chunk:
        """A passage of the changed document text `text`."""
        start, end = self.at(chunk.start), self.at(chunk.end)
        return replace(chunk, start=start, end=end, text=text[start:end])

    def item(self, item: Item, text: str) -> Item:
        """An item whose places are those of the changed text; values that were changed are gone."""
        behind = item.start + len(item.heading)
        values = [one for one in item.values if not any(edit.overlaps(one.start, one.end) for edit in self.edits)]
        row, begin = item.table_row, item.table_start
        if row and begin is not None:
            inside = [edit for edit in self.edits if begin <= edit.start <= begin + len(row)]
            row = _changed_in(row, inside, text)
        return replace(
            item,
            start=self.at(item.start),
            end=self.at(item.end),
            heading=self._piece(item.heading, text, item.start, behind),
            body=self._piece(item.body, text, behind, item.end),
            description=item.description and self._piece(item.description, text, behind, item.end),
            state=item.state and self._piece(item.state, text, behind, item.end),
            table_row=row,
            table_start=None if begin is None else self.at(begin),
            fields=tuple(self._field(one, text, item) for one in item.fields),
            values=tuple(replace(one, start=self.at(one.start), end=self.at(one.end)) for one in values),
        )

    def _changed(self, text: str, start: int) -> str:
        """The part of a text that begins at `start`, with the edits that lie within it."""
        pieces, done = [], 0
        for edit in self.edits:
            if start <= edit.start and edit.end <= start + len(text):
                pieces += [text[done : edit.start - start], edit.value]
                done = edit.end - start
        return "".join([*pieces, text[done:]])

    def _piece(self, piece: str, text: str, start: int, end: int) -> str:
        """A part of an item's text that stands between `start` and `end`, where white space may differ."""
        place = text.find(piece, start, end) if piece else -1
        if place >= 0:
            return self._changed(piece, place)
        return _changed_in(piece, [one for one in self.edits if start <= one.start and one.end <= end], text)

    def _field(self, field: Field, text: str, item: Item) -> Field:
        if field.start < 0:
            return replace(field, text=self._piece(field.text, text, item.start, item.end))
        said = self._piece(field.text, text, field.start, field.start + len(field.text))
        return replace(field, text=said, start=self.at(field.start))


def _changed_in(piece: str, edits: Iterable[Edit], text: str) -> str:
    """A piece of a text with each wording that is changed, where it stands in it, replaced once."""
    for edit in edits:
        if old := text[edit.start : edit.end]:
            piece = piece.replace(old, edit.value, 1)
    return piece
