"""The arguments and replies of the five tools, and the forms of items in replies.

Pages count from 1, dates are ISO dates; `None` means that the document does not say it.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from service import ComposedText, TypedText
from service.answering.query import Group, Sort
from service.answering.record_rows import full_title
from service.records import CorrectedView, FamilyView, FieldView, Notice, Shape, item_url
from vectorstore.records import (
    Catalogue,
    ChangeKind,
    DocumentKind,
    DocumentStatus,
    Item,
    ItemKind,
    ItemStatus,
)

MOST_TEXT = 14_000  # most characters of text in one reply; a longer one has `next_offset`
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), ComposedText()]
Moment = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d\d(-\d\d)?)?$")]


class Arguments(BaseModel):
    """Base of what a tool is called with; an argument that no tool has is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class SearchArguments(Arguments):
    """What to search for; all documents and kinds where none is given."""

    text: Text = Field(description="What is looked for, in words")
    documents: tuple[TypedText, ...] = Field(default=(), description="Ids of documents")
    kinds: tuple[ItemKind, ...] = ()
    limit: int = Field(default=10, ge=1, le=100)


class RecordsArguments(Arguments):
    """What records must meet; what is left out is met by all. Rows of an archive only where
    `status` asks for them.
    """

    topic: TypedText = Field(default="", description="Words of a topic")
    kinds: tuple[ItemKind, ...] = Field(
        default=(), description="Projects, measures and goals where none is given"
    )
    documents: tuple[TypedText, ...] = Field(
        default=(), description="Ids of documents; all in force where none is given"
    )
    status: tuple[ItemStatus, ...] = ()
    theme: TypedText = Field(default="", description="Number or title of a theme")
    goal: TypedText = Field(default="", description="Number or title of a goal")
    unit: TypedText = Field(
        default="", description="A responsible unit by number or name; 66 is also 66.01"
    )
    place: TypedText = Field(default="", description="A municipality that takes part")
    since: Moment | None = Field(
        default=None, alias="from", description="A date of the record is this or later"
    )
    until: Moment | None = Field(
        default=None, description="A date of the record is this or earlier"
    )
    sort: Sort = Sort.PAPER
    group_by: Group = Group.NOTHING


class ReadArguments(Arguments):
    """Items of one document, or a page of it. `offset` reads on where a reply says that there is
    more.
    """

    document: TypedText = Field(description="Id of a document")
    keys: tuple[TypedText, ...] = Field(default=(), max_length=20)
    page: int | None = Field(default=None, ge=1)
    offset: int = Field(default=0, ge=0, description="Characters of the text to begin behind")


class DocumentsArguments(Arguments):
    """Which documents to list, and with the values of whose records; all where none is given."""

    documents: tuple[TypedText, ...] = Field(default=(), description="Ids of documents")


class ChangesArguments(Arguments):
    """Which documents: a series, of which the two latest are compared, or two, the earlier one
    first.
    """

    series: TypedText = ""
    documents: tuple[TypedText, ...] = Field(
        default=(), max_length=2, description="Two ids, the earlier first"
    )


class ItemPointer(Shape):
    """A short form of an item, for a parent, child or neighbour of another."""

    document_id: str
    key: str
    kind: ItemKind
    ref: str
    title: str
    status: ItemStatus | None = None


class ItemEntry(ItemPointer):
    """An item with its document and its position in it: `path` are the headings above, outermost
    first.

    `passage` is the passage that matched, verbatim, or the heading if there was no search; `score`
    is relative to the best item of the reply, 0 to 1, None if nothing was ranked.
    """

    path: tuple[str, ...] = ()
    page: int | None = None
    document_title: str
    document_status: DocumentStatus | None = None
    as_of: date | None = None
    passage: str = ""
    score: float | None = None
    archived: bool = Field(
        default=False, description="A row of an archive, outside lists and counts"
    )
    url: str


class SearchReply(Shape):
    """The items that fit best, best first.

    `found` is false if no item contains the words, parts or synonyms of them: then only their
    vectors are similar.
    """

    entries: tuple[ItemEntry, ...] = ()
    found: bool


class GroupCount(Shape):
    """How many records have a value; `id` is "" for the records without any value."""

    id: str
    title: str
    count: int


class RecordsReply(Shape):
    """All records that meet the conditions, in the requested order.

    `complete`: true if `found` is the number of all, false if there are at least so many, None if
    that is not known. `why` are sentences that explain this, `notices` say what a condition also
    selected or left out.
    """

    entries: tuple[ItemEntry, ...] = ()
    found: int
    complete: bool | None
    why: tuple[str, ...] = ()
    groups: tuple[GroupCount, ...] = ()
    notices: tuple[Notice, ...] = ()


class WholeEntry(ItemEntry):
    """An item with all its text and fields, its parent, children and neighbours.

    `next_offset` is the offset to read on from, None at the end of the text; `length` are the
    characters of all text.
    """

    text: str
    length: int
    next_offset: int | None = None
    fields: tuple[FieldView, ...] = ()
    responsible: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = Field(
        default=(), description="What the document says differently in two places"
    )
    corrected: tuple[CorrectedView, ...] = Field(
        default=(), description="What the administration corrected"
    )
    former_ref: str | None = None
    parent: ItemPointer | None = None
    children: tuple[ItemPointer, ...] = ()
    previous: ItemPointer | None = None
    next: ItemPointer | None = None


class PageText(Shape):
    """The text of a page, and the items on it."""

    document_id: str
    document_title: str
    page: int
    page_label: str
    text: str
    length: int
    next_offset: int | None = None
    entries: tuple[ItemPointer, ...] = ()


class ReadReply(Shape):
    """Items, or a page; `unread` are keys of items left out because the reply got too long: read
    these alone.
    """

    entries: tuple[WholeEntry, ...] = ()
    page: PageText | None = None
    unread: tuple[str, ...] = ()


class DocumentSummary(Shape):
    """A document: its kind and status, and how many records of which kind it has."""

    id: str
    title: str
    publisher: str
    kind: DocumentKind
    status: DocumentStatus | None = None
    as_of: date | None = None
    valid_until: date | None = None
    series: str | None = None
    pages: int | None = None
    superseded: bool = Field(
        default=False, description="Replaced or no longer valid: read only where it is named"
    )
    counts: dict[str, int] = Field(
        default_factory=dict, description="Entries by kind, archive rows left out"
    )
    archived: int = Field(default=0, description="Rows of its archive")
    families: tuple[FamilyView, ...] = ()


class DocumentsReply(Shape):
    """The documents, and the values by which `records` can filter, units as they are printed."""

    documents: tuple[DocumentSummary, ...]
    status: tuple[GroupCount, ...] = ()
    units: tuple[GroupCount, ...] = ()
    places: tuple[GroupCount, ...] = ()
    themes: tuple[GroupCount, ...] = ()
    goals: tuple[GroupCount, ...] = ()


class ChangedRecord(Shape):
    """The change of a record; `before` is None for a new one, `after` for one that is gone."""

    kind: ChangeKind
    before: ItemPointer | None = None
    after: ItemPointer | None = None


class ChangesReply(Shape):
    """The changes of all records from the earlier document to the later one, with the number of
    each kind.
    """

    before: DocumentSummary
    after: DocumentSummary
    changes: tuple[ChangedRecord, ...] = ()
    counts: dict[ChangeKind, int] = Field(default_factory=dict)


def to_pointer(item: Item | None) -> ItemPointer | None:
    """The short form of an item, for naming it beside another; None for None."""
    return ItemPointer.model_validate(item, from_attributes=True) if item else None


def entry_fields(
    catalogue: Catalogue, item: Item, passage: str = "", score: float | None = None
) -> dict[str, Any]:
    """The fields of an `ItemEntry` for an item.

    Without a passage the heading or title is the passage, so that no entry is without text. `score`
    is None where nothing was compared.
    """
    document = catalogue.documents[item.document_id]
    return {
        **{name: getattr(item, name) for name in ItemPointer.model_fields},
        "path": item.path or tuple(map(full_title, reversed(catalogue.ancestors(item)))),
        "page": item.page,
        "document_title": document.title,
        "document_status": document.status,
        "as_of": document.as_of,
        "passage": passage or item.heading or item.title,
        "score": None if score is None else round(score, 4),
        "archived": item.status is ItemStatus.ARCHIVED,
        "url": item_url(item.document_id, item.key),
    }
