"""What staff said of families of records: examples of records, or that a family is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ingest.readers.claims import SHORT, RecordKind
from ingest.readers.lines import DocumentLines
from ingest.readers.lookalikes import Lookalikes
from ingest.readers.numbers import parse_number
from ingest.readers.record_heads import RecordHead, TitleReader
from ingest.readers.titles import normalize_title
from vectorstore.language import fold_ref
from vectorstore.records import BY_STAFF

# values of `Look.source` beside `BY_STAFF`
REGISTER = "register"
PREDECESSOR = "predecessor"
NO_RECORDS: Final = "none"  # value of `Look.kind`
MOST_EXAMPLES = 20  # of one look
_TEXT = 100  # characters below a title, from which a record has a text of its own
_PREFIX = 6  # letters of a title by which its first line is searched
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=SHORT)]


class RecordExample(BaseModel):
    """A record by number and title as printed ("AW1 Klimaneutrales Gewerbegebiet"), and its PDF
    page, None for any.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: Name
    page: int | None = Field(default=None, ge=1)


class Look(BaseModel):
    """What staff said of the records that look like some examples: their kind, or "none" if they
    are no records. `source` is who said it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: RecordKind | Literal["none"]
    examples: tuple[RecordExample, ...] = Field(min_length=1, max_length=MOST_EXAMPLES)
    source: Name = BY_STAFF

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its examples."""
        return tuple(example.name for example in self.examples)

    @property
    def is_by_model(self) -> bool:
        """True if a model says so."""
        return self.source not in (BY_STAFF, REGISTER, PREDECESSOR)

    def has_example_of(self, other: Look) -> bool:
        """True if an example of another look is one of this too, on whatever page."""
        return not set(self.names).isdisjoint(other.names)


class ExampleFinder:
    """Finds the heads of examples in one document."""

    def __init__(
        self, document: DocumentLines, lookalikes: Lookalikes, titles: TitleReader
    ) -> None:
        self._document, self._lookalikes, self._titles = document, lookalikes, titles

    def find(self, example: RecordExample) -> RecordHead | None:
        """Return the head of an example, None if the document does not print it. Of several heads
        those on the page of the example come first, then those with a text of their own, which no
        overview has, then the first in the text.

        The name of the example is split into number and title, and both must be printed. If they
        are not, the whole name is searched as a title: what looks like a number may be part of it.
        Last it is searched without the number, which the document may not print.
        """
        number = parse_number(example.name)
        heads, title = list[RecordHead](), ""
        if number is not None and number.text_after:
            title = number.text_after
            heads += self._named_heads(fold_ref(number.ref), title)
        heads = heads or list(self._named_heads("", example.name))
        if heads:
            return min(heads, key=lambda head: self._rank(head, example.page))
        if not title:
            return None
        return self.find(RecordExample(name=title, page=example.page))

    def _rank(self, head: RecordHead, page: int | None) -> tuple[bool, bool]:
        """Return the order among heads of one title, the least first: on the page of the example,
        then above a text. A page of None is the page of no line.
        """
        return self._document.lines[head.line].page + 1 != page, not self.has_text(head)

    def has_text(self, head: RecordHead) -> bool:
        """True if there is a text between a head and the next number of the same form, as in a
        sheet and not in an overview. A head without a number has one.
        """
        if head.number is None:
            return True
        family, length = head.number.family, 0
        first = self._titles.title_of(head, ()).lines[-1] + 1
        for index in range(first, len(self._document)):
            number = self._lookalikes.number_in(index)
            is_next = number and number.family == family
            if length > _TEXT or (is_next and index != head.number_line):
                break
            length += len(self._document.text(index))
        return length > _TEXT

    def _named_heads(self, ref: str, title: str) -> Iterator[RecordHead]:
        """Yield the heads with the number `ref` and a title, compared without case and signs. If
        `ref` is empty, the head has no number.
        """
        wanted = normalize_title(title)
        for index in range(len(self._document)):
            # a quick test, so that only few lines are read as heads
            if wanted[:_PREFIX] not in normalize_title(self._document.text(index)):
                continue
            heads = self._lookalikes.heads_at(index) if ref else [RecordHead(index)]
            for head in heads:
                named = self._titles.named_title_of(head, wanted)
                if head.ref == ref and named is not None:
                    yield replace(head, title=named)
