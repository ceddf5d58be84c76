"""What widget and staff page ask the service about itself and about one document."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from service.record_models import COMPLETE, Notice, Shape
from vectorstore.records import ItemKind, ItemStatus


class AttachmentRules(Shape):
    """What may be attached to a message: media types, and the size in bytes."""

    max_bytes: int
    types: list[str]


class ContactWays(Shape):
    """Where to turn: a sentence, and whether there is a form with which ways of being called back."""

    text: str
    form: bool
    ways: list[str]
    attachment: AttachmentRules


class FeedbackWays(Shape):
    """Whether answers can be rated, and whether a free text may go with it."""

    enabled: bool
    text: bool


class QuestionLimits(Shape):
    """Longest question in characters, longest history in turns."""

    question: int
    history_turns: int


class Config(Shape):
    """What an interface needs to know before the first question."""

    name: str
    county: str | None
    languages: list[str]
    styles: list[str]
    start_questions: list[str]
    contact: ContactWays
    feedback: FeedbackWays
    notices: list[Notice]
    documents: int
    as_of: date | None = Field(description="The newest date that a document gives for its contents")
    accessibility_url: str | None
    privacy_url: str | None
    questions_kept_days: int | None = Field(
        description="Days for which masked questions that were not answered well are kept; null where none is"
    )
    imprint_url: str | None
    corpus_edition: str
    limits: QuestionLimits


class PageView(Shape):
    """Where a page begins: `start` is an offset into the text in characters, `number` counts from 1."""

    start: int
    number: int
    label: str


class OutlineEntry(Shape):
    """An item in its document's outline: `level` counts from 1, `start` is an offset into the text in characters."""

    key: str
    ref: str
    title: str
    kind: ItemKind
    status: ItemStatus | None = None
    level: int
    start: int
    page: int | None = None
    url: str


class DocumentText(Shape):
    """A document's clean text with its pages and items in reading order.

    `original_url` is where its original is, `pictures` tells whether its pages can be shown as pictures.
    """

    id: str
    title: str
    text: str
    pages: list[PageView]
    outline: list[OutlineEntry]
    original_url: str | None
    pictures: bool
    corpus_edition: str


class DocumentReport(Shape):
    """What became of a document's file; `counts` maps item kinds to numbers, archive rows are "archived".

    `seconds` is the time that reading took, `cached` whether it had been read before; None where nobody noted it.
    `sha256` is the digest of the rendering that was read; `original_url` and `pictures` are as in `DocumentText`.
    """

    id: str
    title: str
    file: str
    state: Literal["indexed", "indexed_with_warnings"]
    warnings: list[str]
    pages: int | None
    characters: int
    counts: dict[str, int]
    chunks: int
    conflicts: int
    cached: bool | None
    seconds: float | None
    sha256: str
    original_url: str | None
    pictures: bool
    corpus_edition: str


class FacetValue(Shape):
    """A value of a filter: what the filter takes, what people read, and how many records it gives."""

    value: str
    label: str
    count: int


class FacetCounts(Shape):
    """The values of every filter; `total` counts the records that were read and that all filters together give."""

    total: int
    complete: bool | None = Field(description=COMPLETE)
    facets: dict[str, list[FacetValue]]
    corpus_edition: str
