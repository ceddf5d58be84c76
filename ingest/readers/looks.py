"""What staff said of families of records: examples of records, or that a family is none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ingest.readers.claims import SHORT, RecordKind
from ingest.readers.lines import DocumentLines
from ingest.readers.lookalikes import Lookalikes
from ingest.readers.numbers import parse_number
from ingest.readers.record_heads import Head, TitleReader
from ingest.readers.titles import normalize_title
from vectorstore.notation import fold_ref

NO_RECORDS = "none"
_PREFIX = 12  # letters of a title by which its first line is searched
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=SHORT)]


class Example(BaseModel):
    """A record by number and title as printed ("AW1 Klimaneutrales Gewerbegebiet"), and its PDF
    page, None for any.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: Name
    page: int | None = Field(default=None, ge=1)


class Look(BaseModel):
    """The records that look like some examples are of a kind, or "none": no records."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: RecordKind | Literal["none"]
    examples: tuple[Example, ...] = Field(min_length=1)


class ExampleFinder:
    """Finds the heads of examples in one document."""

    def __init__(
        self, document: DocumentLines, lookalikes: Lookalikes, titles: TitleReader
    ) -> None:
        self._document, self._lookalikes, self._titles = document, lookalikes, titles

    def find(self, example: Example) -> Head | None:
        """Return the head of an example: set off rather than not, the first; None if the document
        does not print it.
        """
        number = parse_number(example.name)
        title = number.text_after if number is not None and number.text_after else example.name
        wanted = normalize_title(title)
        ref = fold_ref(number.ref) if number is not None and number.text_after else ""
        heads = [
            head
            for index in range(len(self._document))
            if self._may_begin(index, wanted, example.page)
            for head in self._heads(index, ref)
            if normalize_title(self._titles.title_of(head, ()).text) == wanted
        ]
        heads.sort(key=lambda head: not self._document.is_set_off(head.line))
        if heads or not ref:
            return heads[0] if heads else None
        # what looks like a number may be part of the title
        return self.find(Example(name=title, page=example.page))

    def _may_begin(self, index: int, title: str, page: int | None) -> bool:
        line = self._document.lines[index]
        if page is not None and line.page + 1 != page:
            return False
        return title[:_PREFIX] in normalize_title(line.text)

    def _heads(self, index: int, ref: str) -> Iterator[Head]:
        """Yield the heads that begin in a line and have a number; without one the bare line."""
        if not ref:
            yield Head(index)
            return
        for place in self._lookalikes.places(index):
            head = self._lookalikes.head_at(index, place)
            if head is not None and head.ref == ref:
                yield head
