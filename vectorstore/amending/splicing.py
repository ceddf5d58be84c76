"""Replacing spans of a document's text while everything that points into it still points to the same words."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from vectorstore.records import Chunk, Document, Item


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
    """Edits of a text that do not overlap, carried out at once; `text` is how it reads afterwards."""

    def __init__(self, old: str, edits: Iterable[Edit]) -> None:
        self._old, self._edits = old, sorted(set(edits))
        self._ends = [edit.end for edit in self._edits]
        self._grown = list(accumulate((len(one.value) - (one.end - one.start) for one in self._edits), initial=0))
        whole = [Edit(0, 0, ""), *self._edits, Edit(len(old), len(old), "")]
        self.text = "".join(before.value + old[before.end : after.start] for before, after in pairwise(whole))

    def at(self, place: int) -> int:
        """Where the character at `place` stands afterwards; within an edit its beginning."""
        before = bisect_right(self._ends, place)
        if before < len(self._edits) and self._edits[before].start < place:
            place = self._edits[before].start
        return place + self._grown[before]

    def document(self, document: Document) -> Document:
        """The document with its text changed and its pages moved."""
        return replace(
            document, text=self.text, pages=tuple(replace(one, start=self.at(one.start)) for one in document.pages)
        )

    def chunk(self, chunk: Chunk) -> Chunk:
        """A passage of the changed text."""
        start, end = self.at(chunk.start), self.at(chunk.end)
        return replace(chunk, start=start, end=end, text=self.text[start:end])

    def item(self, item: Item) -> Item:
        """An item whose texts and places are those of the changed text; values that were changed are gone."""
        behind, begin = item.start + len(item.heading), item.table_start
        values = [one for one in item.values if not any(edit.overlaps(one.start, one.end) for edit in self._edits)]
        row = item.table_row
        return replace(
            item,
            start=self.at(item.start),
            end=self.at(item.end),
            heading=self._said(item.heading, item.start, behind),
            body=self._said(item.body, behind, item.end),
            description=item.description and self._said(item.description, behind, item.end),
            state=item.state and self._said(item.state, behind, item.end),
            table_row=row if not row or begin is None else self._said(row, begin, begin + len(row)),
            table_start=None if begin is None else self.at(begin),
            fields=tuple(
                replace(one, text=self._said(one.text, item.start, item.end))
                if one.start < 0
                else replace(
                    one, text=self._said(one.text, one.start, one.start + len(one.text)), start=self.at(one.start)
                )
                for one in item.fields
            ),
            values=tuple(replace(one, start=self.at(one.start), end=self.at(one.end)) for one in values),
        )

    def _said(self, piece: str, start: int, end: int) -> str:
        """What stands between `start` and `end`, white space aside, as it is said now."""
        place = self._old.find(piece, start, end)
        if place >= 0:
            return self.text[self.at(place) : self.at(place + len(piece))]
        for edit in self._edits:
            if start <= edit.start and edit.end <= end:
                piece = piece.replace(self._old[edit.start : edit.end], edit.value, 1)
        return piece
