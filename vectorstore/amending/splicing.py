"""Replacing spans of a document's text while all that points into it keeps its words; and a record parted in two."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from vectorstore.amending.form import Correction
from vectorstore.records import Chunk, Corrected, Document, Item, ParsedDocument


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Characters `start`..`end` of the text become `value`."""

    start: int
    end: int
    value: str

    def overlaps(self, other: Edit) -> bool:
        """Whether both change the same character."""
        return self.start < other.end and other.start < self.end


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
        pages = tuple(replace(one, start=self.at(one.start)) for one in document.pages)
        return replace(document, text=self.text, pages=pages)

    def chunk(self, chunk: Chunk) -> Chunk:
        """A passage of the changed text."""
        start, end = self.at(chunk.start), self.at(chunk.end)
        return replace(chunk, start=start, end=end, text=self.text[start:end])

    def item(self, item: Item) -> Item:
        """An item whose texts and places are those of the changed text; values that were changed are gone."""
        behind, row, begin = item.start + len(item.heading), item.table_row, item.table_start
        values = []
        for value in item.values:
            if not any(edit.start < value.end and value.start < edit.end for edit in self._edits):
                values.append(replace(value, start=self.at(value.start), end=self.at(value.end)))
        fields = []
        for one in item.fields:
            start, end = (one.start, one.start + len(one.text)) if one.start >= 0 else (item.start, item.end)
            place = self.at(one.start) if one.start >= 0 else -1
            fields.append(replace(one, text=self._said(one.text, start, end), start=place))
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
            fields=tuple(fields),
            values=tuple(values),
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


def divided(parsed: ParsedDocument, item: Item, one: Correction) -> ParsedDocument:
    """The document with a second record of the same number, which begins at a passage of the first."""
    text, said = parsed.document.text, one.instead_of
    place = text.index(said, item.start + len(item.heading))
    told = (Corrected(one.part.value, said, one.value, one.reason, one.day),)
    before, found, behind = item.body.partition(said)
    page = parsed.document.page_at(place)
    first = replace(
        item,
        end=place,
        body=before.rstrip(),
        description=item.description and item.description.partition(said)[0].rstrip(),
        state=item.state and item.state.partition(said)[0].rstrip(),
        fields=tuple(field for field in item.fields if field.start < place),
        values=tuple(value for value in item.values if value.start < place),
        corrected=(*item.corrected, *told),
    )
    shared = ("document_id", "ref", "kind", "order", "end", "parent", "path", "theme", "goal", "family")
    second = Item(
        key=f"{item.key}~2",
        title=one.value,
        heading=said,
        body=behind.strip() if found else text[place + len(said) : item.end].strip(),
        start=place,
        fields=tuple(field for field in item.fields if field.start >= place),
        values=tuple(value for value in item.values if value.start >= place),
        page=page.number if page else None,
        page_label=page.label if page else None,
        corrected=told,
        **{name: getattr(item, name) for name in shared},
    )
    row = parsed.items.index(item)
    return replace(
        parsed,
        items=(*parsed.items[:row], first, second, *parsed.items[row + 1 :]),
        chunks=tuple(piece for chunk in parsed.chunks for piece in _pieces(chunk, item, second, text)),
    )


def _pieces(chunk: Chunk, item: Item, second: Item, text: str) -> Iterator[Chunk]:
    """A passage as it is, the second record's, or divided between both."""
    if chunk.key != item.key or chunk.end <= second.start or chunk.start >= item.end:
        yield chunk
        return
    start = max(chunk.start, second.start)
    if chunk.start < start:
        yield replace(chunk, end=start, text=text[chunk.start : start])
    name = f"{second.document_id}/{second.key}#{chunk.id.rpartition('#')[2]}"
    yield replace(chunk, id=name, key=second.key, start=start, text=text[start : chunk.end])
