"""Replacing spans of a document's text while everything that points into it still points to the same words."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from vectorstore.records import Chunk, Document, Field, Item, Value


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Characters `start`..`end` of the text become `value`."""

    start: int
    end: int
    value: str

    @property
    def longer(self) -> int:
        """By how many characters the text grows; negative where it shrinks."""
        return len(self.value) - (self.end - self.start)

    def overlaps(self, start: int, end: int) -> bool:
        """Whether it changes a character of a span."""
        return self.start < end and start < self.end


class Splice:
    """Edits that do not overlap, carried out at once."""

    def __init__(self, edits: Iterable[Edit]) -> None:
        self.edits: Sequence[Edit] = sorted(set(edits))
        self._ends = [edit.end for edit in self.edits]
        self._grown = [0]
        for edit in self.edits:
            self._grown.append(self._grown[-1] + edit.longer)

    def text(self, text: str, start: int = 0) -> str:
        """A text, or the part of one that begins at `start`, with the edits that lie within it."""
        pieces, done = [], 0
        for edit in self.edits:
            if start <= edit.start and edit.end <= start + len(text):
                pieces += [text[done : edit.start - start], edit.value]
                done = edit.end - start
        return "".join([*pieces, text[done:]])

    def at(self, place: int) -> int:
        """Where the character at `place` stands afterwards; within an edit its beginning."""
        before = bisect_right(self._ends, place)
        if before < len(self.edits) and self.edits[before].start < place:
            place = self.edits[before].start
        return place + self._grown[before]

    def touches(self, start: int, end: int) -> bool:
        """Whether an edit changes a character of a span."""
        return any(edit.overlaps(start, end) for edit in self.edits)

    def document(self, document: Document) -> Document:
        """The document with its text changed and its pages moved."""
        pages = tuple(replace(page, start=self.at(page.start)) for page in document.pages)
        return replace(document, text=self.text(document.text), pages=pages)

    def chunk(self, chunk: Chunk, text: str) -> Chunk:
        """A passage of the changed document text `text`."""
        start, end = self.at(chunk.start), self.at(chunk.end)
        return replace(chunk, start=start, end=end, text=text[start:end])

    def item(self, item: Item, text: str) -> Item:
        """An item whose places are those of the changed text; values that were changed are gone."""
        rows = [(text[edit.start : edit.end], edit.value) for edit in self.edits if _in_row(edit, item)]
        behind = item.start + len(item.heading)
        return replace(
            item,
            start=self.at(item.start),
            end=self.at(item.end),
            heading=self._piece(item.heading, text, item.start, behind),
            body=self._piece(item.body, text, behind, item.end),
            description=self._piece(item.description, text, behind, item.end) if item.description else item.description,
            state=self._piece(item.state, text, behind, item.end) if item.state else item.state,
            table_row=changed_in(item.table_row, rows) if item.table_row else item.table_row,
            table_start=self.at(item.table_start) if item.table_start is not None else None,
            fields=tuple(self._field(one, text, item) for one in item.fields),
            values=tuple(self._value(one) for one in item.values if not self.touches(one.start, one.end)),
        )

    def _piece(self, piece: str, text: str, start: int, end: int) -> str:
        """A part of an item's text that stands between `start` and `end`, where white space may differ."""
        place = text.find(piece, start, end) if piece else -1
        if place >= 0:
            return self.text(piece, place)
        inside = [one for one in self.edits if start <= one.start and one.end <= end]
        return changed_in(piece, [(text[one.start : one.end], one.value) for one in inside])

    def _field(self, field: Field, text: str, item: Item) -> Field:
        if field.start < 0:
            return replace(field, text=self._piece(field.text, text, item.start, item.end))
        said = self._piece(field.text, text, field.start, field.start + len(field.text))
        return replace(field, text=said, start=self.at(field.start))

    def _value(self, value: Value) -> Value:
        return replace(value, start=self.at(value.start), end=self.at(value.end))


def changed_in(text: str, changed: Iterable[tuple[str, str]]) -> str:
    """A text with each old wording that stands in it replaced once."""
    for old, new in changed:
        if old:
            text = text.replace(old, new, 1)
    return text


def _in_row(edit: Edit, item: Item) -> bool:
    begin = item.table_start
    return begin is not None and item.table_row is not None and begin <= edit.start <= begin + len(item.table_row)
